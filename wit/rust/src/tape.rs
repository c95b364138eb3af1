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

    /// Published values: another language's SDK must compute the same.
    #[test]
    fn the_hash_is_the_published_one() {
        let layout = include_str!("../../0.1/LAYOUT.md");
        let examples = [
            ("id", 0x0000_0000_0000_6469, 0x0000_0000_0000_6469, 0x5a0e_05e1_ee05_189d, 0x5a0_e002),
            ("leaguenameen", 0x616e_6575_6761_656c, 0x6e65_656d_616e_6575, 0xd252_37ff_dec5_08d5, 0xd25_200c),
            (
                "marketDefinition",
                0x6544_7465_6b72_616d,
                0x6e6f_6974_696e_6966,
                0xe58c_212e_3e04_f57f_u64,
                0xe58_c010,
            ),
        ];
        for (key, lo, hi, product, id) in examples {
            let (lo, hi): (u64, u64) = (lo, hi);
            assert_eq!((lo ^ hi.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15), product, "{key}");
            assert_eq!(key_id(key.as_bytes()), id, "{key}");
            assert_eq!(key_id_of(lo, hi, key.len()), id, "{key}");
            let row = format!("| `{key}` | `{lo:016x}` | `{hi:016x}` | `{product:016x}` | `{id:07x}` |");
            assert!(layout.contains(&row), "LAYOUT.md has no `{row}`");
        }
        assert_eq!(key_id(b""), 0);
        assert_eq!(key_id(&[b'k'; MAX_KEY]) & 0xfff, 4095);
    }

    #[test]
    fn the_tags_are_the_published_ones() {
        let layout = include_str!("../../0.1/LAYOUT.md");
        for (name, tag) in [
            ("object", tag::OBJECT),
            ("array", tag::ARRAY),
            ("string", tag::STRING),
            ("string with an escape", tag::STRING_ESCAPED),
            ("number", tag::NUMBER),
            ("`true`", tag::TRUE),
            ("`false`", tag::FALSE),
            ("`null`", tag::NULL),
            ("key", tag::KEY),
            ("key with an escape, or longer than 4,095 bytes", tag::KEY_ESCAPED),
        ] {
            assert!(layout.contains(&format!("| {name} | {tag} |")), "{name}");
        }
    }
}
