//! Rules against values of the tape.

use super::compile::push_token;
use super::number::Number;
use super::{ArrayRule, ObjectRule, OneOf, Rule, Scalar, kinds};
use antigravity_tape::{Kind, Member, Value};
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
    pub(super) fn check<const EVERY: bool>(&self, value: Value<'_>) -> bool {
        if !self.fits_kind(value) || !self.scalars.iter().all(|one_of| one_of.holds(value)) {
            return false;
        }
        if let Some(object) = &self.object
            && value.kind() == Kind::Object
            && !object.check::<EVERY>(value)
        {
            return false;
        }
        if let Some(array) = &self.array
            && value.kind() == Kind::Array
            && !array.check::<EVERY>(value)
        {
            return false;
        }
        self.any_of.is_empty() || self.any_of.iter().any(|rule| rule.check::<EVERY>(value))
    }

    #[inline]
    fn fits_kind(&self, value: Value<'_>) -> bool {
        let kind = match value.kind() {
            Kind::Null => kinds::NULL,
            Kind::Bool => kinds::BOOLEAN,
            Kind::String => kinds::STRING,
            Kind::Array => kinds::ARRAY,
            Kind::Object => kinds::OBJECT,
            Kind::Number if self.kinds & kinds::FRACTION != 0 => kinds::FRACTION,
            Kind::Number => {
                return self.kinds & kinds::INTEGER != 0
                    && value.plain().is_some_and(|text| Number::read(text).is_integer());
            }
        };
        self.kinds & kind != 0
    }

    /// What is wrong with a value that fails [`Self::check`] with sampling; extends `pointer` to
    /// the place.
    pub(super) fn explain(&self, value: Value<'_>, pointer: &mut String) -> String {
        if self.kinds == 0 {
            return "must not be there".to_owned();
        }
        if !self.fits_kind(value) {
            return format!("is {}, not {}", kind_name(value.kind()), self.kind_names());
        }
        if !self.scalars.iter().all(|one_of| one_of.holds(value)) {
            return "is none of the values it may have".to_owned();
        }
        if let Some(object) = &self.object
            && let Some(problem) = object.explain(value, pointer)
        {
            return problem;
        }
        if let Some(array) = &self.array
            && let Some(problem) = array.explain(value, pointer)
        {
            return problem;
        }
        format!("fits none of the {} alternatives", self.any_of.len())
    }

    fn kind_names(&self) -> String {
        let number = kinds::INTEGER | kinds::FRACTION;
        let covered = |kind: u8| {
            self.kinds & kind == kind && !(kind == kinds::INTEGER && self.kinds & number == number)
        };
        let names: Vec<_> =
            kinds::NAMES.iter().filter(|(_, kind)| covered(*kind)).map(|(name, _)| *name).collect();
        names.join(" or ")
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

impl OneOf {
    fn holds(&self, value: Value<'_>) -> bool {
        self.0.iter().any(|scalar| match scalar {
            Scalar::Null => value.is_null(),
            Scalar::Bool(want) => value.bool() == Some(*want),
            Scalar::Number(want) => {
                value.kind() == Kind::Number
                    && value.plain().is_some_and(|text| Number::read(text) == Number::read(want.as_bytes()))
            }
            Scalar::String(want) => {
                value.kind() == Kind::String
                    && match value.plain() {
                        Some(text) => text == want.as_bytes(),
                        None => value.str().is_some_and(|text| text == **want),
                    }
            }
        })
    }
}

impl ObjectRule {
    fn check<const EVERY: bool>(&self, value: Value<'_>) -> bool {
        let mut seen = 0u64;
        let mut members = value.members();
        while let Some((member, value)) = members.next() {
            let Some(index) = self.find(member) else { continue };
            seen |= 1 << index;
            if let Some(rule) = &self.names[index].rule
                && !rule.check::<EVERY>(value)
                // The last one of a name counts: this one may not be it.
                && !members.clone().any(|(later, _)| self.find(later) == Some(index))
            {
                return false;
            }
        }
        seen & self.required == self.required
    }

    /// Which of the names a member has.
    #[inline]
    fn find(&self, member: Member<'_>) -> Option<usize> {
        let Some(id) = member.id() else {
            let name = member.name();
            return self.names.iter().position(|known| *known.text == *name);
        };
        for (index, known) in self.ids.iter().enumerate() {
            if *known == id && self.names[index].text.as_bytes() == member.bytes() {
                return Some(index);
            }
        }
        None
    }

    fn explain(&self, value: Value<'_>, pointer: &mut String) -> Option<String> {
        if value.kind() != Kind::Object {
            return None;
        }
        for (index, name) in self.names.iter().enumerate() {
            let last = value.members().filter(|(member, _)| self.find(*member) == Some(index)).last();
            match (last, &name.rule) {
                (None, _) if self.required >> index & 1 == 1 => {
                    return Some(format!("has no `{}`", name.text));
                }
                (Some((_, value)), Some(rule)) if !rule.check::<false>(value) => {
                    push_token(pointer, &name.text);
                    return Some(rule.explain(value, pointer));
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
    index < 4 || index.is_multiple_of(64)
}

impl ArrayRule {
    fn check<const EVERY: bool>(&self, value: Value<'_>) -> bool {
        (self.min..=self.max).contains(&value.len())
            && self.looked_at::<EVERY>(value).all(|(_, rule, item)| rule.check::<EVERY>(item))
    }

    /// The items that are looked at, with their index and the rule for each.
    fn looked_at<'a, const EVERY: bool>(
        &'a self,
        value: Value<'a>,
    ) -> impl Iterator<Item = (usize, &'a Rule, Value<'a>)> {
        let first = self.prefix.len();
        let end = match &self.items {
            None => first,
            Some(_) if EVERY => usize::MAX,
            Some(_) => first + SAMPLE_END + 1,
        };
        value.items().take(end).enumerate().filter_map(move |(index, item)| {
            let rule = match index.checked_sub(first) {
                None => &self.prefix[index],
                Some(after) if EVERY || in_sample(after) => self.items.as_ref()?,
                Some(_) => return None,
            };
            Some((index, rule, item))
        })
    }

    fn explain(&self, value: Value<'_>, pointer: &mut String) -> Option<String> {
        if value.kind() != Kind::Array {
            return None;
        }
        if value.len() < self.min {
            return Some(format!("has {} items, not at least {}", value.len(), self.min));
        }
        if value.len() > self.max {
            return Some(format!("has {} items, not at most {}", value.len(), self.max));
        }
        let (index, rule, item) =
            self.looked_at::<false>(value).find(|(_, rule, item)| !rule.check::<false>(*item))?;
        push_token(pointer, &index.to_string());
        Some(rule.explain(item, pointer))
    }
}
