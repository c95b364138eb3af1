//! Secrets in JSON documents: under names that say so, and where a contract says so.

use super::edits::Edits;
use super::names::{Class, class_in_json, may_be_secret};
use super::text::Quote;
use super::{packed, shapes, views};
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
    let start = bytes.iter().take(MAX_PREFIX).position(|byte| matches!(byte, b'{' | b'[' | b'"'))?;
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
    text: &'a [u8],
    base: usize,
    edits: &'a mut Edits,
    /// Whether a string without escapes of JSON may have others.
    encoded: bool,
    /// Where the strings stand that are to be looked into as texts of their own.
    pub inner: Vec<(usize, usize)>,
}

impl<'a> Walker<'a> {
    pub(super) fn new(text: &'a [u8], base: usize, edits: &'a mut Edits) -> Self {
        let encoded = memchr::memchr3(b'%', b'&', b'<', text).is_some();
        Self { text, base, edits, encoded, inner: Vec::new() }
    }

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
                for (member, inner) in value.members() {
                    if is_naming(member.bytes()) {
                        self.named(inner, value);
                    }
                    self.member(class(member), inner);
                }
            }
            Kind::Array => self.items(value),
            Kind::String => self.string(value),
            Kind::Number | Kind::Bool | Kind::Null => {}
        }
    }

    fn member(&mut self, class: Option<Class>, value: Value<'_>) {
        match class {
            Some(class) if class.hides_all() || !matches!(value.kind(), Kind::Object | Kind::Array) => {
                self.all(value, class);
            }
            _ => self.walk(value),
        }
    }

    /// `["token","…"]`
    fn items(&mut self, array: Value<'_>) {
        let mut items = array.items();
        if array.len() == 2
            && let (Some(first), Some(second)) = (items.next(), items.next())
            && let Some(class) = name_in(first).filter(|class| class.hides_all())
        {
            self.all(second, class);
            return;
        }
        array.items().for_each(|item| self.walk(item));
    }

    /// `{"name":"token","value":"…"}`: `name` is the value of a member of `object` that names another.
    fn named(&mut self, name: Value<'_>, object: Value<'_>) {
        let Some(class) = name_in(name).filter(|class| class.hides_all()) else { return };
        for (member, value) in object.members() {
            if [b"value".as_slice(), b"val", b"content"]
                .iter()
                .any(|v| member.bytes().eq_ignore_ascii_case(v))
            {
                self.all(value, class);
            }
        }
    }

    /// What a string holds that is found by neither shape nor `=`.
    fn string(&mut self, value: Value<'_>) {
        let Some(plain) = value.plain() else {
            let (start, end) = self.range(value);
            if may_hide(&self.text[start..end]) {
                self.inner.push((start, end));
            }
            return;
        };
        if self.encoded
            && plain.len() > 3
            && (memchr::memchr(b'<', plain).is_some() || views::is_encoded(plain))
            || plain.len() >= packed::SHORTEST && packed::is_suspect(plain)
        {
            self.inner.push(self.range(value));
        } else if (15..=39).contains(&plain.len()) && plain.get(4) == Some(&b':') {
            let (start, _) = self.range(value);
            shapes::ipv6(self.text, start + 4, self.edits);
        }
    }

    /// Everything in `value` is a secret.
    fn all(&mut self, value: Value<'_>, class: Class) {
        match value.kind() {
            Kind::Object => {
                for (member, value) in value.members() {
                    let personal = self::class(member).filter(|class| *class == Class::Personal);
                    self.all(value, personal.unwrap_or(class));
                }
            }
            Kind::Array => value.items().for_each(|item| self.all(item, class)),
            Kind::String => {
                let (start, end) = self.range(value);
                if class.hides(&self.text[start..end]) {
                    self.edits.secret(self.text, start, end);
                } else {
                    self.string(value);
                }
            }
            Kind::Number => {
                let (start, end) = self.range(value);
                if class.hides_number(&self.text[start..end]) {
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

/// Whether a string with escapes can hold more than is found without undoing them: a pair, markup,
/// a letter or sign that is written as an escape, base64 with `\/` in it.
fn may_hide(raw: &[u8]) -> bool {
    memchr::memchr2(b':', b'<', raw).is_some()
        || views::is_encoded(raw)
        || raw.len() >= packed::SHORTEST && memchr::memchr(b' ', raw).is_none()
}

/// Whether the value of a member of this name is the name of something.
fn is_naming(name: &[u8]) -> bool {
    matches!(name, [_, _, _] | [_, _, _, _])
        && (name.eq_ignore_ascii_case(b"name") || name.eq_ignore_ascii_case(b"key"))
}

/// What a string says that is itself a name.
fn name_in(value: Value<'_>) -> Option<Class> {
    let name = value.plain().filter(|_| value.kind() == Kind::String)?;
    class_in_json(name)
}
