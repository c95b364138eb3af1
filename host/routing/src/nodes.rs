//! The tape as words, for what looks at every packet.
//!
//! [`antigravity_tape::Value`] is the cursor to read fields with. It carries five words from call to
//! call, and a schema or a fingerprint makes a call for every value: through it, both took two to
//! three times the instructions.

use antigravity_abi::tape::{low_of, middle_of, node, tag, tag_of};
use antigravity_tape::{Kind, unescape};
use std::borrow::Cow;

/// A body and its tape. Any words are read without panic; words of no tape mean nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nodes<'a> {
    body: &'a [u8],
    words: &'a [u64],
}

/// By tag; what is no value counts as null.
const KINDS: [Kind; 16] = {
    let mut kinds = [Kind::Null; 16];
    kinds[tag::OBJECT as usize] = Kind::Object;
    kinds[tag::ARRAY as usize] = Kind::Array;
    kinds[tag::STRING as usize] = Kind::String;
    kinds[tag::STRING_ESCAPED as usize] = Kind::String;
    kinds[tag::NUMBER as usize] = Kind::Number;
    kinds[tag::TRUE as usize] = Kind::Bool;
    kinds[tag::FALSE as usize] = Kind::Bool;
    kinds
};

#[inline(always)]
pub(crate) const fn kind_of(word: u64) -> Kind {
    KINDS[(word >> 60) as usize]
}

impl<'a> Nodes<'a> {
    pub(crate) const fn new(body: &'a [u8], words: &'a [u64]) -> Self {
        Self { body, words }
    }

    /// The word at an index; null after the end.
    #[inline(always)]
    pub(crate) fn word(&self, at: usize) -> u64 {
        self.words.get(at).copied().unwrap_or(node(tag::NULL, 0, 0))
    }

    /// Index of the node after the value at `at`, whose word is `word`.
    #[inline(always)]
    pub(crate) fn after(at: usize, word: u64) -> usize {
        let container = matches!(tag_of(word), tag::OBJECT | tag::ARRAY);
        if container { (low_of(word) as usize).max(at + 1) } else { at + 1 }
    }

    /// Indexes of the documents.
    pub(crate) fn documents(&self) -> impl Iterator<Item = usize> {
        self.siblings(0, self.words.len())
    }

    /// Indexes of the values from `at` to before `end`.
    #[inline]
    pub(crate) fn siblings(&self, mut at: usize, end: usize) -> impl Iterator<Item = usize> {
        let end = end.min(self.words.len());
        std::iter::from_fn(move || {
            let value = at;
            (value < end).then(|| {
                at = Self::after(value, self.word(value));
                value
            })
        })
    }

    /// Indexes of the keys of the object whose members stand from `at` to before `end`; each key's
    /// value follows it.
    #[inline]
    pub(crate) fn keys(&self, mut at: usize, end: usize) -> impl Iterator<Item = usize> + Clone {
        let end = end.min(self.words.len());
        std::iter::from_fn(move || {
            let key = at;
            (key + 1 < end).then(|| {
                at = Self::after(key + 1, self.word(key + 1));
                key
            })
        })
    }

    /// The bytes of a number, or of a string between its quotes, as sent.
    #[inline]
    pub(crate) fn text(&self, word: u64) -> &'a [u8] {
        let start = low_of(word) as usize;
        self.body.get(start..start + middle_of(word) as usize).unwrap_or_default()
    }

    /// A string with its escapes undone; `None` for half of a surrogate pair.
    #[inline]
    pub(crate) fn string(&self, word: u64) -> Option<Cow<'a, [u8]>> {
        let text = self.text(word);
        if tag_of(word) == tag::STRING_ESCAPED {
            return unescape(text).map(|text| Cow::Owned(text.into_bytes()));
        }
        Some(Cow::Borrowed(text))
    }

    /// Hash and length of a key; `None` where it is escaped or longer than 4,095 bytes.
    #[inline(always)]
    pub(crate) fn key_id(word: u64) -> Option<u32> {
        (tag_of(word) == tag::KEY).then(|| middle_of(word))
    }

    /// The name of a key that has an id.
    #[inline(always)]
    pub(crate) fn plain_key(&self, word: u64) -> &'a [u8] {
        let start = low_of(word) as usize;
        self.body.get(start..start + (middle_of(word) & 0xfff) as usize).unwrap_or_default()
    }

    /// The name of a key that has none: it ends at the quote that no backslash escapes.
    #[cold]
    pub(crate) fn long_key(&self, word: u64) -> Cow<'a, [u8]> {
        let rest = self.body.get(low_of(word) as usize..).unwrap_or_default();
        let mut escaped = false;
        let ends = |byte: &u8| {
            let end = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            end
        };
        let name = rest.split(ends).next().unwrap_or_default();
        if !name.contains(&b'\\') {
            return Cow::Borrowed(name);
        }
        unescape(name).map_or(Cow::Borrowed("\u{fffd}".as_bytes()), |name| Cow::Owned(name.into_bytes()))
    }
}

/// Equality without a call for names of up to 16 bytes, as nearly all are.
#[inline(always)]
pub(crate) fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let word = |bytes: &[u8; 8]| u64::from_ne_bytes(*bytes);
    match (a.first_chunk(), a.last_chunk(), b.first_chunk(), b.last_chunk()) {
        (Some(a0), Some(a1), Some(b0), Some(b1)) if a.len() <= 16 => {
            word(a0) == word(b0) && word(a1) == word(b1)
        }
        (None, ..) => a.iter().zip(b).all(|(a, b)| a == b),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use antigravity_tape::{Framing, Tokeniser, Value};
    use proptest::prelude::*;

    fn tape(body: &str) -> Vec<u64> {
        let mut words = Vec::new();
        Tokeniser::default().tokenise(body, Framing::Document, &mut words).unwrap();
        words
    }

    #[test]
    fn names_in_every_form() {
        let long = "n".repeat(5000);
        let body = format!(r#"{{"a":[1],"q\"\\":{{}},"\ud800":2,"{long}":3,"":4}}"#);
        let words = tape(&body);
        let nodes = Nodes::new(body.as_bytes(), &words);
        let name = |key: usize| {
            let word = nodes.word(key);
            let name = match Nodes::key_id(word) {
                Some(_) => Cow::Borrowed(nodes.plain_key(word)),
                None => nodes.long_key(word),
            };
            String::from_utf8(name.into_owned()).unwrap()
        };
        let names: Vec<_> = nodes.keys(1, words.len()).map(name).collect();
        assert_eq!(names, ["a", "q\"\\", "\u{fffd}", &long, ""]);
        let root = Value::root(body.as_bytes(), &words).unwrap();
        assert_eq!(names, root.members().map(|(member, _)| member.name().into_owned()).collect::<Vec<_>>());
    }

    #[test]
    fn strings_with_escapes() {
        let body = r#"["plain","\u0061\n","\ud800"]"#;
        let words = tape(body);
        let nodes = Nodes::new(body.as_bytes(), &words);
        let strings: Vec<_> = nodes.siblings(1, words.len()).map(|at| nodes.string(nodes.word(at))).collect();
        assert_eq!(strings, [Some(Cow::Borrowed(&b"plain"[..])), Some(Cow::Borrowed(b"a\n")), None]);
    }

    proptest! {
        #[test]
        fn any_words_are_walked(words in prop::collection::vec(any::<u64>(), 0..20), body in prop::collection::vec(any::<u8>(), 0..20)) {
            let nodes = Nodes::new(&body, &words);
            prop_assert!(nodes.documents().count() <= words.len());
            for at in nodes.keys(0, usize::MAX) {
                nodes.plain_key(nodes.word(at));
                nodes.long_key(nodes.word(at));
                nodes.string(nodes.word(at));
            }
        }

        #[test]
        fn equality_of_bytes(a in "[ab]{0,20}", b in "[ab]{0,20}", at in any::<prop::sample::Index>()) {
            prop_assert!(same_bytes(a.as_bytes(), a.clone().as_bytes()));
            prop_assert_eq!(same_bytes(a.as_bytes(), b.as_bytes()), a == b);
            let mut other = a.clone().into_bytes();
            if !other.is_empty() {
                let at = at.index(other.len());
                other[at] ^= 1;
                prop_assert!(!same_bytes(a.as_bytes(), &other));
            }
        }
    }
}
