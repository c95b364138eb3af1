//! Walking a tape: a cursor over values. Never allocates but to undo escapes.

use crate::Figure;
use crate::escape::unescape;
use antigravity_abi::Decimal;
use antigravity_abi::tape::{key_id, low_of, middle_of, node, tag, tag_of};
use std::borrow::Cow;

/// One value of a tokenised body.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    body: &'a [u8],
    nodes: &'a [u64],
    at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

/// A member's name with its hash computed once, best in a `const`.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    name: &'static str,
    id: u32,
    /// The first eight bytes of the name, little-endian, and the bits of them that count.
    word: u64,
    mask: u64,
    /// The upper half of the node of a string that spells it.
    string: u64,
}

impl Key {
    pub const fn new(name: &'static str) -> Self {
        let bytes = name.as_bytes();
        let (mut word, mut mask, mut i) = (0, 0, 0);
        while i < bytes.len() && i < 8 {
            word |= (bytes[i] as u64) << (8 * i);
            mask |= 0xff << (8 * i);
            i += 1;
        }
        let string = node(tag::STRING, bytes.len() as u32, 0) >> 32;
        Self { name, id: key_id(bytes), word, mask, string }
    }

    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<'a> Value<'a> {
    /// The first document of a tape; `None` where the tape is empty.
    pub fn root(body: &'a [u8], nodes: &'a [u64]) -> Option<Self> {
        if nodes.is_empty() { None } else { Some(Self { body, nodes, at: 0 }) }
    }

    /// All documents of a tape, one after the other.
    pub fn documents(body: &'a [u8], nodes: &'a [u64]) -> impl Iterator<Item = Self> {
        let mut at = 0;
        std::iter::from_fn(move || {
            if at >= nodes.len() {
                return None;
            }
            let value = Self { body, nodes, at };
            at = value.end();
            Some(value)
        })
    }

    #[inline]
    fn node(self) -> u64 {
        self.nodes.get(self.at).copied().unwrap_or(0)
    }

    #[inline]
    fn tag(self) -> u8 {
        tag_of(self.node())
    }

    /// Index of the node after this value.
    #[inline]
    fn end(self) -> usize {
        match self.tag() {
            tag::OBJECT | tag::ARRAY => (low_of(self.node()) as usize).max(self.at + 1),
            _ => self.at + 1,
        }
    }

    #[inline]
    fn slice(self) -> &'a [u8] {
        let node = self.node();
        let start = low_of(node) as usize;
        self.body.get(start..start + middle_of(node) as usize).unwrap_or(&[])
    }

    pub fn kind(self) -> Kind {
        match self.tag() {
            tag::OBJECT => Kind::Object,
            tag::ARRAY => Kind::Array,
            tag::STRING | tag::STRING_ESCAPED => Kind::String,
            tag::NUMBER => Kind::Number,
            tag::TRUE | tag::FALSE => Kind::Bool,
            _ => Kind::Null,
        }
    }

    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    pub fn bool(self) -> Option<bool> {
        match self.tag() {
            tag::TRUE => Some(true),
            tag::FALSE => Some(false),
            _ => None,
        }
    }

    /// A string's text with its escapes undone; `None` for another kind, or for an escape that is
    /// half of a surrogate pair.
    pub fn str(self) -> Option<Cow<'a, str>> {
        match self.tag() {
            tag::STRING => std::str::from_utf8(self.slice()).ok().map(Cow::Borrowed),
            tag::STRING_ESCAPED => unescape(self.slice()).map(Cow::Owned),
            _ => None,
        }
    }

    /// The bytes of a string without escapes, or of a number, exactly as sent.
    #[inline]
    pub fn plain(self) -> Option<&'a [u8]> {
        match self.tag() {
            tag::STRING | tag::NUMBER => Some(self.slice()),
            _ => None,
        }
    }

    /// A string or a number as text: an id that is sometimes quoted and sometimes not.
    pub fn text(self) -> Option<Cow<'a, str>> {
        match self.tag() {
            tag::NUMBER => std::str::from_utf8(self.slice()).ok().map(Cow::Borrowed),
            _ => self.str(),
        }
    }

    /// Whether this is a string without escapes that spells `key`.
    #[inline]
    pub fn is(self, key: Key) -> bool {
        self.node() >> 32 == key.string && spells(self.body, low_of(self.node()) as usize, key)
    }

    /// Which of these strings this is: a provider's words for something that there are few of.
    #[inline]
    pub fn one_of<const N: usize>(self, keys: [Key; N]) -> Option<usize> {
        keys.iter().position(|key| self.is(*key))
    }

    /// A number, or a string that holds one, with its digits as sent.
    #[inline(always)]
    pub fn decimal(self) -> Option<Decimal> {
        let node = self.node();
        if tag_of(node) == tag::NUMBER
            && let Some(word) = self.word()
        {
            let (negative, word, len) = match word as u8 {
                b'-' => (true, word >> 8, middle_of(node) as usize - 1),
                _ => (false, word, middle_of(node) as usize),
            };
            // Behind a minus are seven bytes of the word.
            if len <= 7
                && let Some(value) = Decimal::parse_word(word, len)
            {
                return Some(if negative { value.negated() } else { value });
            }
        }
        self.any_decimal()
    }

    #[inline(never)]
    fn any_decimal(self) -> Option<Decimal> {
        match self.tag() {
            tag::STRING | tag::NUMBER => Decimal::parse(self.slice()).ok(),
            _ => None,
        }
    }

    /// The eight bytes from where a string or number begins: there are as many in nearly every
    /// case, for the host puts zeros behind a body.
    #[inline]
    fn word(self) -> Option<u64> {
        let start = low_of(self.node()) as usize;
        self.body.get(start..).and_then(<[u8]>::first_chunk::<8>).map(|bytes| u64::from_le_bytes(*bytes))
    }

    /// [`Self::decimal`], read when it is needed.
    #[inline(always)]
    pub fn figure(self) -> Option<Figure> {
        let node = self.node();
        if tag_of(node) == tag::NUMBER
            && let Some(word) = self.word()
            && let Some(figure) = Figure::short(word, middle_of(node) as usize)
        {
            return Some(figure);
        }
        self.any_figure()
    }

    #[inline(never)]
    fn any_figure(self) -> Option<Figure> {
        self.decimal().map(Figure::from)
    }

    /// A whole number, or a string that holds one.
    #[inline]
    pub fn i64(self) -> Option<i64> {
        let node = self.node();
        if tag_of(node) == tag::NUMBER
            && let Some(word) = self.word()
            && let Some(value) = Decimal::parse_word(word, middle_of(node) as usize)
        {
            return (value.scale() == 0).then(|| value.mantissa());
        }
        self.any_i64()
    }

    #[inline(never)]
    fn any_i64(self) -> Option<i64> {
        let text = self.plain()?;
        let (negative, digits) = match text {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, text),
        };
        if digits.is_empty() || digits.len() > 18 {
            return None;
        }
        let mut value = 0i64;
        for &byte in digits {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                return None;
            }
            value = value * 10 + i64::from(digit);
        }
        Some(if negative { -value } else { value })
    }

    #[inline]
    pub fn u64(self) -> Option<u64> {
        self.i64().and_then(|value| u64::try_from(value).ok())
    }

    /// Members of an object or items of an array; 0 for anything else.
    #[inline]
    pub fn len(self) -> usize {
        match self.tag() {
            tag::OBJECT | tag::ARRAY => middle_of(self.node()) as usize,
            _ => 0,
        }
    }

    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether every item is one node long, so that [`Self::at`] costs the same for each.
    #[inline]
    fn is_flat(self) -> bool {
        self.end() == self.at + 1 + self.len()
    }

    /// The item at `index` of an array; in constant time where no item is a container.
    #[inline]
    pub fn at(self, index: usize) -> Option<Self> {
        if self.tag() != tag::ARRAY || index >= self.len() {
            return None;
        }
        if self.is_flat() {
            return Some(Self { at: self.at + 1 + index, ..self });
        }
        self.items().nth(index)
    }

    /// The items of an array by their positions, where none of them is a container: what that
    /// costs is found out once, not for each item.
    #[inline]
    pub fn flat(self) -> Option<Flat<'a>> {
        let flat = self.tag() == tag::ARRAY && self.is_flat();
        flat.then(|| Flat { first: Self { at: self.at + 1, ..self }, len: self.len() })
    }

    /// The items of an array of exactly `N`, none of them a container: `[price, size]`.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // a tape has fewer nodes than 2^28
    pub fn row<const N: usize>(self) -> Option<[Self; N]> {
        let end = self.at + 1 + N;
        (self.node() == node(tag::ARRAY, N as u32, end as u32))
            .then(|| std::array::from_fn(|i| Self { at: self.at + 1 + i, ..self }))
    }

    /// The items of an array as [`Self::row`]s: `[[price, size], …]`; `None` for an item that is
    /// none. Nothing for anything but an array.
    #[inline]
    pub fn rows<const N: usize>(self) -> impl Iterator<Item = Option<[Self; N]>> {
        let end = if self.tag() == tag::ARRAY { self.end() } else { 0 };
        let mut next = Self { at: self.at + 1, ..self };
        std::iter::from_fn(move || {
            if next.at >= end {
                return None;
            }
            let row = next.row();
            next.at = if row.is_some() { next.at + 1 + N } else { next.end() };
            Some(row)
        })
    }

    /// The items of an array; nothing for anything else.
    #[inline]
    pub fn items(self) -> impl Iterator<Item = Self> + Clone {
        let end = if self.tag() == tag::ARRAY { self.end() } else { 0 };
        Siblings { value: Self { at: self.at + 1, ..self }, end }
    }

    /// The members of an object in order, duplicates and all.
    #[inline]
    pub fn members(self) -> impl Iterator<Item = (Member<'a>, Self)> + Clone {
        let end = if self.tag() == tag::OBJECT { self.end() } else { 0 };
        Members { value: Self { at: self.at + 1, ..self }, end }
    }

    /// The member with this name; the last one where it stands more than once.
    #[inline]
    pub fn get(self, key: Key) -> Option<Self> {
        let [value] = self.fields([key]);
        value
    }

    /// Several members in one pass; the last one of each name wins.
    #[inline]
    pub fn fields<const N: usize>(self, keys: [Key; N]) -> [Option<Self>; N] {
        // Where their values are; no value is the first node of a tape that holds its object.
        let mut found = [0; N];
        for (member, value) in self.members() {
            for (at, key) in found.iter_mut().zip(&keys) {
                if member.is(*key) {
                    *at = value.at;
                    break;
                }
            }
        }
        found.map(|at| (at > 0).then_some(Self { at, ..self }))
    }

    /// Offset of the value's first byte in the body (for a string: after its quote). Containers
    /// have none of their own on the tape.
    pub fn offset(self) -> Option<usize> {
        match self.tag() {
            tag::OBJECT | tag::ARRAY => None,
            _ => Some(low_of(self.node()) as usize),
        }
    }
}

/// Whether a text of the same length is the same: for eight bytes or fewer one comparison of words,
/// where calling `memcmp` costs more than finding the text did.
#[inline]
fn spells(body: &[u8], start: usize, key: Key) -> bool {
    match body.get(start..).and_then(<[u8]>::first_chunk::<8>) {
        Some(word) if key.name.len() <= 8 => u64::from_le_bytes(*word) & key.mask == key.word,
        _ => body.get(start..start + key.name.len()) == Some(key.name.as_bytes()),
    }
}

/// An array whose items are all one node long.
#[derive(Clone, Copy, Debug)]
pub struct Flat<'a> {
    first: Value<'a>,
    len: usize,
}

impl<'a> Flat<'a> {
    #[inline]
    pub fn at(self, index: usize) -> Option<Value<'a>> {
        (index < self.len).then(|| Value { at: self.first.at + index, ..self.first })
    }

    /// The body's bytes from the item at `first` up to where the one at `end` begins: where they
    /// are as they were, so are the items. `None` where one of the two has no offset of its own.
    #[inline]
    pub fn raw(self, first: usize, end: usize) -> Option<&'a [u8]> {
        let (first, end) = (self.at(first)?, self.at(end)?);
        self.first.body.get(first.offset()?..end.offset()?)
    }

    #[inline]
    pub const fn len(self) -> usize {
        self.len
    }

    #[inline]
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }
}

#[derive(Clone)]
struct Siblings<'a> {
    value: Value<'a>,
    end: usize,
}

impl<'a> Iterator for Siblings<'a> {
    type Item = Value<'a>;
    #[inline]
    fn next(&mut self) -> Option<Value<'a>> {
        if self.value.at >= self.end {
            return None;
        }
        let value = self.value;
        self.value.at = value.end();
        Some(value)
    }
}

#[derive(Clone)]
struct Members<'a> {
    value: Value<'a>,
    end: usize,
}

impl<'a> Iterator for Members<'a> {
    type Item = (Member<'a>, Value<'a>);
    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let Value { body, nodes, at } = self.value;
        if at + 1 >= self.end {
            return None;
        }
        let pair: &[u64; 2] = nodes.get(at..)?.first_chunk()?;
        let value = Value { at: at + 1, ..self.value };
        self.value.at = match tag_of(pair[1]) {
            tag::OBJECT | tag::ARRAY => (low_of(pair[1]) as usize).max(at + 2),
            _ => at + 2,
        };
        Some((Member { body, node: pair[0] }, value))
    }
}

/// A member's name.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    body: &'a [u8],
    node: u64,
}

impl<'a> Member<'a> {
    #[inline]
    pub fn is(self, key: Key) -> bool {
        if tag_of(self.node) == tag::KEY {
            return middle_of(self.node) == key.id && spells(self.body, low_of(self.node) as usize, key);
        }
        self.name() == key.name
    }

    /// Hash and length of the name as [`key_id`] gives them; `None` where it is escaped or longer
    /// than 4,095 bytes, and only [`Self::name`] knows it.
    #[inline]
    pub fn id(self) -> Option<u32> {
        if tag_of(self.node) == tag::KEY { Some(middle_of(self.node)) } else { None }
    }

    /// The name's bytes as sent, escapes and all.
    #[inline]
    pub fn bytes(self) -> &'a [u8] {
        let start = low_of(self.node) as usize;
        if tag_of(self.node) == tag::KEY {
            let len = (middle_of(self.node) & 0xfff) as usize;
            return self.body.get(start..start + len).unwrap_or(&[]);
        }
        // An escaped or very long key: up to the quote that ends it.
        let rest = self.body.get(start..).unwrap_or(&[]);
        let mut i = 0;
        while i < rest.len() && rest[i] != b'"' {
            i += if rest[i] == b'\\' { 2 } else { 1 };
        }
        rest.get(..i).unwrap_or(&[])
    }

    /// The name with escapes undone; half a surrogate pair becomes U+FFFD.
    pub fn name(self) -> Cow<'a, str> {
        let bytes = self.bytes();
        if tag_of(self.node) == tag::KEY || !bytes.contains(&b'\\') {
            return String::from_utf8_lossy(bytes);
        }
        unescape(bytes).map_or(Cow::Borrowed("\u{fffd}"), Cow::Owned)
    }
}
