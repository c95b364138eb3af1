//! A JSON document that can be changed: the order of members, members that stand twice and the digits
//! of numbers stay as they were sent.

use antigravity_capture::decode::readable;
use antigravity_core::contract::Endpoint;
use antigravity_core::{Body, Packet};
use antigravity_tape::{Framing, Kind, Tokeniser, Value};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// Its digits.
    Number(String),
    Text(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// `None` where it is not one JSON document.
    #[cfg(test)]
    pub fn parse(text: &str) -> Option<Self> {
        let mut tape = Vec::new();
        Tokeniser::default().tokenise(text, Framing::Document, &mut tape).ok()?;
        Value::root(text.as_bytes(), &tape).map(Self::of)
    }

    pub fn of(value: Value<'_>) -> Self {
        match value.kind() {
            Kind::Null => Self::Null,
            Kind::Bool => Self::Bool(value.bool().unwrap_or_default()),
            Kind::Number => Self::Number(value.text().unwrap_or_default().into_owned()),
            Kind::String => Self::Text(value.str().unwrap_or_default().into_owned()),
            Kind::Array => Self::Array(value.items().map(Self::of).collect()),
            Kind::Object => {
                let members = value.members();
                Self::Object(
                    members.map(|(member, value)| (member.name().into_owned(), Self::of(value))).collect(),
                )
            }
        }
    }

    pub fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => quoted(text, out),
            Self::Array(items) => {
                let mut between = '[';
                for item in items {
                    out.push(std::mem::replace(&mut between, ','));
                    item.write(out);
                }
                out.push_str(if items.is_empty() { "[]" } else { "]" });
            }
            Self::Object(members) => {
                let mut between = '{';
                for (name, value) in members {
                    out.push(std::mem::replace(&mut between, ','));
                    quoted(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push_str(if members.is_empty() { "{}" } else { "}" });
            }
        }
    }

    /// Visits every object, the outer ones first.
    pub fn objects(&mut self, visit: &mut impl FnMut(&mut Vec<(String, Json)>)) {
        match self {
            Self::Array(items) => items.iter_mut().for_each(|item| item.objects(visit)),
            Self::Object(members) => {
                visit(members);
                members.iter_mut().for_each(|(_, value)| value.objects(visit));
            }
            _ => {}
        }
    }

    /// Visits what stands at a JSON pointer in which `*` is every member or item.
    pub fn at(&mut self, pointer: &str, visit: &mut impl FnMut(&mut Self)) {
        let Some(rest) = pointer.strip_prefix('/') else { return visit(self) };
        let (step, rest) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let step = step.replace("~1", "/").replace("~0", "~");
        match self {
            Self::Array(items) => {
                let fits = |n: usize| step == "*" || step.parse() == Ok(n);
                items
                    .iter_mut()
                    .enumerate()
                    .filter(|(n, _)| fits(*n))
                    .for_each(|(_, item)| item.at(rest, visit));
            }
            Self::Object(members) => {
                let fits = |name: &str| step == "*" || name == step;
                let fitting = members.iter_mut().filter(|(name, _)| fits(name));
                fitting.for_each(|(_, value)| value.at(rest, visit));
            }
            _ => {}
        }
    }

    /// How many values there are in it, itself included.
    pub fn count(&self) -> usize {
        1 + match self {
            Self::Array(items) => items.iter().map(Self::count).sum(),
            Self::Object(members) => members.iter().map(|(_, value)| value.count()).sum(),
            _ => 0,
        }
    }

    /// The value of this number in the order of [`Self::count`]; 0 is itself.
    pub fn nth(&mut self, n: usize) -> Option<&mut Self> {
        if n == 0 {
            return Some(self);
        }
        let mut left = n - 1;
        let mut find = |child: &Self| {
            let size = child.count();
            if left < size {
                return true;
            }
            left -= size;
            false
        };
        let child = match self {
            Self::Array(items) => items.iter_mut().find(|item| find(item)),
            Self::Object(members) => members.iter_mut().map(|(_, value)| value).find(|value| find(value)),
            _ => None,
        };
        child?.nth(left)
    }
}

fn quoted(text: &str, out: &mut String) {
    // Every string has a JSON form.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

/// A body taken apart: what stands in front of the JSON, and its documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Documents {
    pub prefix: String,
    pub documents: Vec<Json>,
    lines: bool,
}

impl Documents {
    /// As the endpoint says that its bodies are cut, or where none is known as it looks; `None` where
    /// there is no JSON.
    pub fn of(packet: &Packet, endpoint: Option<&Endpoint>) -> Option<Self> {
        let Ok(Body::Text(text)) = readable(packet.body.clone()) else { return None };
        let (prefix, framing) = match endpoint {
            Some(endpoint) => endpoint.cut()?,
            None => (text.find(['{', '['])?, Framing::Document),
        };
        let mut tape = Vec::new();
        Tokeniser::default().tokenise_behind(prefix, &text, framing, &mut tape).ok()?;
        let documents = Value::documents(text.as_bytes(), &tape).map(Json::of).collect();
        Some(Self { prefix: text.get(..prefix)?.to_owned(), documents, lines: framing == Framing::Lines })
    }

    pub fn body(&self) -> Body {
        let mut text = self.prefix.clone();
        for (n, document) in self.documents.iter().enumerate() {
            if n > 0 && self.lines {
                text.push('\n');
            }
            document.write(&mut text);
        }
        Body::Text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_again_is_the_same() {
        let text = r#"{"b":[1.50,-0,1e9,{"a":{}}],"b":null,"":"é\n\"","t":[true,false,[]]}"#;
        let mut json = Json::parse(text).unwrap();
        let mut written = String::new();
        json.write(&mut written);
        assert_eq!(written, text);
        assert_eq!(json.count(), 13);
        assert_eq!(json.nth(4), Some(&mut Json::Number("1e9".to_owned())));
        assert_eq!(json.nth(12), Some(&mut Json::Array(Vec::new())));
        assert_eq!(json.nth(13), None);
        let mut seen = 0;
        json.objects(&mut |_| seen += 1);
        assert_eq!(seen, 3);
        assert_eq!(Json::parse("{"), None);
        for (pointer, found) in [("/b/3/a", 1), ("/b/*", 4), ("/b", 2), ("", 1), ("/t/2", 1), ("/x", 0)] {
            let mut seen = 0;
            json.at(pointer, &mut |_| seen += 1);
            assert_eq!(seen, found, "{pointer}");
        }
    }
}
