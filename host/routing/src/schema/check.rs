//! Rules against values of the tape.

use super::compile::push_token;
use super::number::Number;
use super::{ArrayRule, Demands, ObjectRule, OneOf, Rule, Scalar, kinds};
use crate::nodes::{Nodes, kind_of, same_bytes};
use antigravity_abi::tape::{middle_of, tag, tag_of};
use antigravity_tape::Kind;
use std::fmt;

/// Where a document is not what the schema says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// JSON pointer of the value; empty: the document itself.
    pub pointer: String,
    /// For people.
    pub problem: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "the document" } else { &self.pointer };
        write!(f, "{place} {}", self.problem)
    }
}

impl Rule {
    /// `EVERY`: look at every item, not at a sample.
    pub(super) fn check<const EVERY: bool>(&self, nodes: &Nodes<'_>, at: usize) -> bool {
        let word = nodes.word(at);
        self.fits_kind(nodes, word)
            && self.more.as_ref().is_none_or(|more| more.check::<EVERY>(nodes, at, word))
    }

    #[inline(always)]
    fn fits_kind(&self, nodes: &Nodes<'_>, word: u64) -> bool {
        let kind = kind_of(word);
        if self.kinds & kinds::bit(kind) != 0 {
            return true;
        }
        kind == Kind::Number && self.kinds & kinds::INTEGER != 0 && is_integer(nodes.text(word))
    }

    /// What is wrong with a value that fails [`Self::check`] with sampling; extends `pointer` to
    /// the place.
    pub(super) fn explain(&self, nodes: &Nodes<'_>, at: usize, pointer: &mut String) -> String {
        let word = nodes.word(at);
        if self.kinds == 0 {
            return "must not be there".to_owned();
        }
        match &self.more {
            Some(more) if self.fits_kind(nodes, word) => more.explain(nodes, at, word, pointer),
            _ => format!("is {}, not {}", kind_name(kind_of(word)), self.kind_names()),
        }
    }

    fn kind_names(&self) -> String {
        let number = kinds::bit(Kind::Number);
        let named =
            |kind: u8| self.kinds & kind == kind && (kind != kinds::INTEGER || self.kinds & number == 0);
        let names: Vec<_> =
            kinds::NAMES.iter().filter(|(_, kind)| named(*kind)).map(|(name, _)| *name).collect();
        names.join(" or ")
    }
}

impl Demands {
    fn check<const EVERY: bool>(&self, nodes: &Nodes<'_>, at: usize, word: u64) -> bool {
        let parts = match (kind_of(word), &self.object, &self.array) {
            (Kind::Object, Some(object), _) => object.check::<EVERY>(nodes, at, word),
            (Kind::Array, _, Some(array)) => array.check::<EVERY>(nodes, at, word),
            _ => true,
        };
        parts
            && self.scalars.iter().all(|one_of| one_of.holds(nodes, word))
            && (self.any_of.is_empty() || self.any_of.iter().any(|rule| rule.check::<EVERY>(nodes, at)))
    }

    fn explain(&self, nodes: &Nodes<'_>, at: usize, word: u64, pointer: &mut String) -> String {
        let parts = match (kind_of(word), &self.object, &self.array) {
            (Kind::Object, Some(object), _) => object.explain(nodes, at, word, pointer),
            (Kind::Array, _, Some(array)) => array.explain(nodes, at, word, pointer),
            _ => None,
        };
        parts.unwrap_or_else(|| {
            if self.scalars.iter().all(|one_of| one_of.holds(nodes, word)) {
                format!("fits none of the {} alternatives", self.any_of.len())
            } else {
                "is none of the values it may have".to_owned()
            }
        })
    }
}

const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Bool => "boolean",
        Kind::Number => "number",
        Kind::String => "string",
        Kind::Array => "array",
        Kind::Object => "object",
    }
}

fn is_integer(number: &[u8]) -> bool {
    number.iter().all(|b| !matches!(b, b'.' | b'e' | b'E')) || Number::read(number).is_integer()
}

impl OneOf {
    fn holds(&self, nodes: &Nodes<'_>, word: u64) -> bool {
        let is_true = || tag_of(word) == tag::TRUE;
        self.0.iter().any(|scalar| match (scalar, kind_of(word)) {
            (Scalar::Null, Kind::Null) => true,
            (Scalar::Bool(want), Kind::Bool) => *want == is_true(),
            (Scalar::Number(want), Kind::Number) => {
                Number::read(nodes.text(word)) == Number::read(want.as_bytes())
            }
            (Scalar::String(want), Kind::String) => {
                nodes.string(word).is_some_and(|text| same_bytes(&text, want.as_bytes()))
            }
            _ => false,
        })
    }
}

impl ObjectRule {
    fn check<const EVERY: bool>(&self, nodes: &Nodes<'_>, at: usize, word: u64) -> bool {
        let mut seen = 0u64;
        let mut keys = nodes.keys(at + 1, Nodes::after(at, word));
        while let Some(key) = keys.next() {
            let Some(index) = self.find(nodes, nodes.word(key)) else { continue };
            seen |= 1 << index;
            if let Some(rule) = &self.names[index].rule
                && !rule.check::<EVERY>(nodes, key + 1)
                // The last one of a name counts: this one may not be it.
                && !keys.clone().any(|later| self.find(nodes, nodes.word(later)) == Some(index))
            {
                return false;
            }
        }
        seen & self.required == self.required
    }

    /// Which of the names a key is.
    #[inline(always)]
    fn find(&self, nodes: &Nodes<'_>, key: u64) -> Option<usize> {
        let Some(id) = Nodes::key_id(key) else {
            let name = nodes.long_key(key);
            return self.names.iter().position(|known| *known.text.as_bytes() == *name);
        };
        let index = self.ids.iter().position(|known| *known == id)?;
        if same_bytes(self.names[index].text.as_bytes(), nodes.plain_key(key)) {
            return Some(index);
        }
        // Another of the names may have the same hash.
        self.names.iter().position(|known| known.text.as_bytes() == nodes.plain_key(key))
    }

    fn explain(&self, nodes: &Nodes<'_>, at: usize, word: u64, pointer: &mut String) -> Option<String> {
        for (index, name) in self.names.iter().enumerate() {
            let of_name = |key: &usize| self.find(nodes, nodes.word(*key)) == Some(index);
            let last = nodes.keys(at + 1, Nodes::after(at, word)).filter(of_name).last();
            match (last, &name.rule) {
                (None, _) if self.required >> index & 1 == 1 => {
                    return Some(format!("has no `{}`", name.text));
                }
                (Some(key), Some(rule)) if !rule.check::<false>(nodes, key + 1) => {
                    push_token(pointer, &name.text);
                    return Some(rule.explain(nodes, key + 1, pointer));
                }
                _ => {}
            }
        }
        None
    }
}

/// Items that a sample never reaches.
const SAMPLE_END: usize = 1024;

const fn in_sample(index: usize) -> bool {
    index < 2 || index.is_multiple_of(64)
}

impl ArrayRule {
    fn check<const EVERY: bool>(&self, nodes: &Nodes<'_>, at: usize, word: u64) -> bool {
        (self.min..=self.max).contains(&(middle_of(word) as usize))
            && self
                .looked_at::<EVERY>(nodes, at, word)
                .all(|(_, rule, item)| rule.check::<EVERY>(nodes, item))
    }

    /// The items that are looked at: number, rule, index on the tape.
    #[inline]
    fn looked_at<'a, const EVERY: bool>(
        &'a self,
        nodes: &'a Nodes<'a>,
        at: usize,
        word: u64,
    ) -> impl Iterator<Item = (usize, &'a Rule, usize)> {
        let first = self.prefix.len();
        let end = match &self.items {
            None => first,
            Some(_) if EVERY => usize::MAX,
            Some(_) => first + SAMPLE_END + 1,
        };
        let items = nodes.siblings(at + 1, Nodes::after(at, word)).take(end).enumerate();
        items.filter_map(move |(number, item)| {
            let rule = match number.checked_sub(first) {
                None => &self.prefix[number],
                Some(after) if EVERY || in_sample(after) => self.items.as_ref()?,
                Some(_) => return None,
            };
            Some((number, rule, item))
        })
    }

    fn explain(&self, nodes: &Nodes<'_>, at: usize, word: u64, pointer: &mut String) -> Option<String> {
        let len = middle_of(word) as usize;
        if len < self.min {
            return Some(format!("has {len} items, not at least {}", self.min));
        }
        if len > self.max {
            return Some(format!("has {len} items, not at most {}", self.max));
        }
        let bad = |&(_, rule, item): &(usize, &Rule, usize)| !rule.check::<false>(nodes, item);
        let (number, rule, item) = self.looked_at::<false>(nodes, at, word).find(bad)?;
        push_token(pointer, &number.to_string());
        Some(rule.explain(nodes, item, pointer))
    }
}
