//! Writing a contract as a chain of declarations.

use crate::PriceFormat;
use crate::wit::{
    self, Activation, Confirmation, Content, Contract, Direction, Field, Framing, HandicapBasis, Profile,
    Transport,
};

pub use wit::Endpoint;

/// A contract with the defaults of the field: quotes are confirmed one by one, stale after 5 s, handicaps
/// count from now, reactivation is a reload.
pub fn contract(provider: &str, version: &str, profile: Profile) -> Contract {
    Contract {
        provider: provider.into(),
        version: version.into(),
        profile,
        endpoints: Vec::new(),
        confirms: Confirmation::ByQuote,
        stale_after_ms: 5_000,
        price_formats: Vec::new(),
        handicap_basis: HandicapBasis::FromNow,
        currency: None,
        step: None,
        activation: Activation::Reload,
        secrets: Vec::new(),
    }
}

impl Contract {
    /// The formats its prices may have.
    #[must_use]
    pub fn prices(mut self, formats: &[PriceFormat]) -> Self {
        self.price_formats = formats.iter().map(|f| to_wit(*f)).collect();
        self
    }

    #[must_use]
    pub fn endpoint(mut self, endpoint: Endpoint) -> Self {
        self.endpoints.push(endpoint);
        self
    }

    #[must_use]
    pub const fn stale_after_ms(mut self, millis: u32) -> Self {
        self.stale_after_ms = millis;
        self
    }

    /// Any data frame or heartbeat of a connection confirms all quotes that it feeds.
    #[must_use]
    pub const fn confirmed_by_connection(mut self) -> Self {
        self.confirms = Confirmation::ByConnection;
        self
    }

    #[must_use]
    pub const fn handicaps(mut self, basis: HandicapBasis) -> Self {
        self.handicap_basis = basis;
        self
    }

    #[must_use]
    pub fn currency(mut self, code: &str) -> Self {
        self.currency = Some(code.into());
        self
    }

    /// A stake is a positive multiple of this decimal, `"1"`: for a provider that takes no others in any market.
    #[must_use]
    pub fn step(mut self, step: &str) -> Self {
        self.step = Some(step.into());
        self
    }

    #[must_use]
    pub fn activation(mut self, activation: Activation) -> Self {
        self.activation = activation;
        self
    }

    /// Where a secret sits: `endpoint: /json/pointer`.
    #[must_use]
    pub fn secret(mut self, path: &str) -> Self {
        self.secrets.push(path.into());
        self
    }
}

const fn to_wit(format: PriceFormat) -> wit::PriceFormat {
    match format {
        PriceFormat::Decimal => wit::PriceFormat::Decimal,
        PriceFormat::Malay => wit::PriceFormat::Malay,
        PriceFormat::HongKong => wit::PriceFormat::HongKong,
        PriceFormat::Indonesian => wit::PriceFormat::Indonesian,
        PriceFormat::American => wit::PriceFormat::American,
        PriceFormat::Probability => wit::PriceFormat::Probability,
    }
}

/// A response body of an HTTP request whose path matches `path`.
pub fn http(name: &str, path: &str) -> Endpoint {
    endpoint(name, path, Transport::Http)
}

/// A received frame of a WebSocket whose path matches `path`.
pub fn websocket(name: &str, path: &str) -> Endpoint {
    endpoint(name, path, Transport::Websocket)
}

/// A server-sent event of a stream whose path matches `path`.
pub fn sse(name: &str, path: &str) -> Endpoint {
    endpoint(name, path, Transport::Sse)
}

fn endpoint(name: &str, path: &str, transport: Transport) -> Endpoint {
    Endpoint {
        name: name.into(),
        content: Content::Odds,
        transport,
        direction: Direction::Received,
        methods: Vec::new(),
        path: path.into(),
        query: Vec::new(),
        form: Vec::new(),
        request_schema: None,
        event: None,
        framing: Framing::Document,
        prefix: None,
        texts: Vec::new(),
        schema: None,
    }
}

impl Endpoint {
    #[must_use]
    pub const fn content(mut self, content: Content) -> Self {
        self.content = content;
        self
    }

    /// A frame that the page sent, instead of one it received.
    #[must_use]
    pub const fn sent(mut self) -> Self {
        self.direction = Direction::Sent;
        self
    }

    #[must_use]
    pub fn methods(mut self, methods: &[&str]) -> Self {
        self.methods = methods.iter().map(|m| (*m).into()).collect();
        self
    }

    /// A query field that must be there, with this value if one is given.
    #[must_use]
    pub fn query(mut self, key: &str, value: Option<&str>) -> Self {
        self.query.push(Field { key: key.into(), value: value.map(Into::into) });
        self
    }

    /// A form field of the request body that must be there, with this value if one is given.
    #[must_use]
    pub fn form(mut self, key: &str, value: Option<&str>) -> Self {
        self.form.push(Field { key: key.into(), value: value.map(Into::into) });
        self
    }

    #[must_use]
    pub fn request_schema(mut self, schema: &str) -> Self {
        self.request_schema = Some(schema.into());
        self
    }

    /// The name a server-sent event must have.
    #[must_use]
    pub fn event(mut self, name: &str) -> Self {
        self.event = Some(name.into());
        self
    }

    #[must_use]
    pub const fn framing(mut self, framing: Framing) -> Self {
        self.framing = framing;
        self
    }

    /// Text in front of the JSON, cut off before it is tokenised.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    /// Exact bodies; only these match.
    #[must_use]
    pub fn texts(mut self, texts: &[&str]) -> Self {
        self.texts = texts.iter().map(|t| (*t).into()).collect();
        self
    }

    /// JSON Schema (subset) that each document of the body must satisfy.
    #[must_use]
    pub fn schema(mut self, schema: &str) -> Self {
        self.schema = Some(schema.into());
        self
    }
}
