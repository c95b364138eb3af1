//! Members of a JSON object as text, kept as they were sent.

use antigravity_tape::{Framing, Tokeniser, Value};

/// Zero or more members, `"a":1,"b":[2]`, without the braces around them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members(String);

impl Members {
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The members' JSON text, without braces.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Adds a member whose value is a string.
    pub fn push_text(&mut self, name: &str, value: &str) {
        let name = serde_json::Value::from(name);
        let value = serde_json::Value::from(value);
        self.push_raw(&format!("{name}:{value}"));
    }

    fn push_raw(&mut self, member: &str) {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        self.0.push_str(member);
    }

    /// From the text of a whole object; `text` must be one.
    pub(crate) fn from_object(text: &str) -> Self {
        let inner = text.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        Self(inner.unwrap_or_default().to_owned())
    }

    /// The members of the object in `text`, except those that `left_out` names; `None` where it is
    /// not JSON.
    pub fn of(text: &str, left_out: impl Fn(&str) -> bool) -> Option<Self> {
        let mut tape = Vec::new();
        Tokeniser::default().tokenise(text, Framing::Document, &mut tape).ok()?;
        Some(Self::except(text, &tape, left_out))
    }

    /// The members of the object that `line` holds and whose tape is `nodes`, except those that
    /// `known` claims.
    pub(crate) fn except(line: &str, nodes: &[u64], known: impl Fn(&str) -> bool) -> Self {
        let mut members = Self::default();
        let Some(root) = Value::root(line.as_bytes(), nodes) else { return members };
        let close = line.rfind('}').unwrap_or(line.len());
        let mut rest = root.members().peekable();
        while let Some((member, _)) = rest.next() {
            if known(&member.name()) {
                continue;
            }
            // A member reaches from its name's quote to the comma before the next name's quote.
            let start = name_offset(line, member.bytes()) - 1;
            let end = rest.peek().map_or(close, |(next, _)| name_offset(line, next.bytes()) - 1);
            let text = line.get(start..end).unwrap_or_default().trim_end();
            members.push_raw(text.strip_suffix(',').unwrap_or(text).trim_end());
        }
        members
    }
}

/// Where in `line` its part `name` begins.
fn name_offset(line: &str, name: &[u8]) -> usize {
    name.as_ptr().addr() - line.as_ptr().addr()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_text_of_what_is_not_known() {
        let line = r#" {"seq":1 , "x" : {"y":[1, 2]} ,"body":"}","":"","e\"":1.0e5 } "#;
        let kept = Members::of(line, |name| matches!(name, "seq" | "body")).unwrap();
        assert_eq!(kept.as_str(), r#""x" : {"y":[1, 2]},"":"","e\"":1.0e5"#);
        let all = Members::of(line, |_| false).unwrap();
        assert_eq!(Members::from_object(&format!("{{{}}}", all.as_str())), all);
        assert_eq!(Members::of("{", |_| false), None);
    }

    #[test]
    fn adds_text() {
        let mut members = Members::default();
        members.push_text("event_id", "7\"");
        members.push_text("b", "");
        assert_eq!(members.as_str(), r#""event_id":"7\"","b":"""#);
    }
}
