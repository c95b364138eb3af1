//! Secrets in JSON documents: under names that say so, and where a contract says so.

use super::edits::Edits;
use super::names::{Class, class_in_json, may_be_secret};
use super::pairs::{Style, colon, is_secret_number};
use super::shapes;
use super::text::Quote;
use antigravity_tape::{ErrorKind, Framing, Kind, Member, Tokeniser, Value};
use std::borrow::Cow;

/// Where a contract says that a secret sits in a body: a JSON pointer (RFC 6901) in which `*`
/// stands for any name or index. What it points at is a secret with all that is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretPath(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Any,
    Name(String),
}

impl SecretPath {
    /// Reads a pointer; the empty one is the whole document. `None` where it does not begin with
    /// `/`.
    pub fn parse(pointer: &str) -> Option<Self> {
        if pointer.is_empty() {
            return Some(Self(Vec::new()));
        }
        let step = |text: &str| match text {
            "*" => Step::Any,
            name => Step::Name(name.replace("~1", "/").replace("~0", "~")),
        };
        Some(Self(pointer.strip_prefix('/')?.split('/').map(step).collect()))
    }
}

/// Tokenises the JSON in `text` and gives where it begins: after the digits and letters that
/// Engine.IO, Socket.IO, SockJS and the like put in front. One document, or one a line; `None`
/// where there is none.
pub(super) fn tokenise(text: &str, tokeniser: &mut Tokeniser, tape: &mut Vec<u64>) -> Option<usize> {
    /// Longest prefix: a Socket.IO packet's type, namespace and number.
    const MAX_PREFIX: usize = 64;
    let bytes = text.as_bytes();
    let start = bytes.iter().take(MAX_PREFIX).position(|byte| matches!(byte, b'{' | b'['))?;
    let prefix = |byte: &u8| byte.is_ascii_alphanumeric() || b" \t\r\n/,:-_+".contains(byte);
    if !bytes[..start].iter().all(prefix) {
        return None;
    }
    let json = text.get(start..)?;
    tape.clear();
    match tokeniser.tokenise(json, Framing::Document, tape) {
        Ok(()) => Some(start),
        Err(e) if e.kind == ErrorKind::Trailing => {
            tokeniser.tokenise(json, Framing::Lines, tape).is_ok().then_some(start)
        }
        Err(_) => None,
    }
}

/// Finds the secrets of tokenised documents.
pub(super) struct Walker<'a> {
    /// The whole text; the documents begin at `base`.
    pub text: &'a [u8],
    pub base: usize,
    pub edits: &'a mut Edits,
}

impl Walker<'_> {
    pub(super) fn documents(&mut self, tape: &[u64], declared: &[SecretPath]) {
        let text = self.text;
        let json = text.get(self.base..).unwrap_or_default();
        for document in Value::documents(json, tape) {
            self.walk(document);
            for path in declared {
                self.follow(document, &path.0);
            }
        }
    }

    fn walk(&mut self, value: Value<'_>) {
        match value.kind() {
            Kind::Object => {
                for (member, value) in value.members() {
                    match class(member) {
                        Some(class) => self.all(value, class),
                        None => self.walk(value),
                    }
                }
            }
            Kind::Array => value.items().for_each(|item| self.walk(item)),
            Kind::String => self.string(value),
            Kind::Number | Kind::Bool | Kind::Null => {}
        }
    }

    /// What a string holds that is found by neither shape nor `=`: an IPv6 address, JSON or headers
    /// within the string.
    fn string(&mut self, value: Value<'_>) {
        if let Some(plain) = value.plain() {
            if (15..=39).contains(&plain.len()) && plain.get(4) == Some(&b':') {
                let (start, _) = self.range(value);
                shapes::ipv6(self.text, start + 4, self.edits);
            }
            return;
        }
        let (start, end) = self.range(value);
        for at in memchr::memchr_iter(b':', &self.text[start..end]) {
            colon(self.text, start + at, Style::Json, self.edits);
            shapes::ipv6(self.text, start + at, self.edits);
        }
    }

    /// Everything in `value` is a secret.
    fn all(&mut self, value: Value<'_>, class: Class) {
        match value.kind() {
            Kind::Object => value.members().for_each(|(_, value)| self.all(value, class)),
            Kind::Array => value.items().for_each(|item| self.all(item, class)),
            Kind::String => {
                let (start, end) = self.range(value);
                self.edits.secret(self.text, start, end);
            }
            Kind::Number => {
                let (start, end) = self.range(value);
                if is_secret_number(&self.text[start..end], class) {
                    self.edits.number(self.text, start, end);
                }
            }
            Kind::Bool | Kind::Null => {}
        }
    }

    fn follow(&mut self, value: Value<'_>, steps: &[Step]) {
        let Some((step, rest)) = steps.split_first() else {
            self.all(value, Class::Personal);
            return;
        };
        for (member, value) in value.members() {
            if step.fits(|| member.name()) {
                self.follow(value, rest);
            }
        }
        for (index, item) in value.items().enumerate() {
            if step.fits(|| Cow::Owned(index.to_string())) {
                self.follow(item, rest);
            }
        }
    }

    /// Where a string's text or a number stands in the whole text.
    fn range(&self, value: Value<'_>) -> (usize, usize) {
        let start = self.base + value.offset().unwrap_or_default();
        let end = match value.plain() {
            Some(plain) => start + plain.len(),
            None => Quote { mark: b'"', level: 0 }.end_of_text(self.text, start, true),
        };
        (start, end.min(self.text.len()))
    }
}

impl Step {
    fn fits<'a>(&self, name: impl FnOnce() -> Cow<'a, str>) -> bool {
        match self {
            Self::Any => true,
            Self::Name(wanted) => *wanted == name(),
        }
    }
}

#[inline]
fn class(member: Member<'_>) -> Option<Class> {
    let name = member.bytes();
    if member.id().is_none() {
        return class_in_json(member.name().as_bytes());
    }
    if may_be_secret(name) { class_in_json(name) } else { None }
}
