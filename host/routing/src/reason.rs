//! Words for the ledger's `reasons`: every one that routing gives, in one place.

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)+) => {
        $($(#[$doc])* pub const $name: &str = $word;)+

        /// All of them, without the empty one.
        pub const ALL: &[&str] = &[$($name,)+];
    };
}

/// The fate says it all.
pub const NONE: &str = "";

reasons! {
    // unmatched
    /// Every adapter that it fits said that it is not its own.
    NOT_MINE = "not-mine";

    // ignored
    /// A sign of life: an endpoint with content `heartbeat`.
    HEARTBEAT = "heartbeat";
    /// An endpoint with content `balance`.
    BALANCE = "balance";
    /// An endpoint with content `session`.
    SESSION = "session";
    /// A frame that the page sent over a bound connection and no contract declares.
    SENT = "sent";
    /// It carries the token of a session that a newer one has replaced.
    OTHER_SESSION = "other-session";

    // rejected, because of the packet
    /// The body is larger than 16 MiB.
    OVER_LIMIT = "over-limit";
    /// An HTTP status that is not 2xx.
    BAD_STATUS = "bad-status";
    /// The body does not decompress.
    BAD_COMPRESSION = "bad-compression";
    /// The body is not text in its declared character set.
    BAD_CHARSET = "bad-charset";
    /// The body is not the base64 that it is said to be.
    BAD_BASE64 = "bad-base64";

    // rejected, because no bound endpoint accepts the body; here from the least to the most
    // specific. The most specific one that any endpoint gives is counted.
    /// The address fits, but no prefix and no fixed text does.
    UNKNOWN_FRAME = "unknown-frame";
    /// Bytes where text is promised.
    BINARY = "binary";
    /// An HTML page, such as a login page with status 200.
    HTML = "html";
    /// Nothing but white space.
    EMPTY = "empty";
    /// Text that is not JSON.
    NOT_JSON = "not-json";
    /// Encrypted or encoded text where JSON is promised.
    OPAQUE = "opaque";
    /// Nested deeper than 128, so that the schema cannot be compared.
    TOO_DEEP = "too-deep";
    /// JSON of another shape than the schema's.
    SCHEMA = "schema";
}
