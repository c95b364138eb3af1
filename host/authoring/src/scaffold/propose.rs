//! From recorded traffic to a first contract: addresses, shapes of bodies, and what their fields look
//! like.

use super::fields::{Field, Role, Seen};
use crate::traffic::Traffic;
use crate::tree::{Documents, Json};
use antigravity_abi::PriceFormat;
use antigravity_capture::Line;
use antigravity_core::{Direction, Packet, Transport};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a capture suggests.
#[derive(Debug)]
pub(super) struct Proposal {
    /// Those with odds first; never empty.
    pub endpoints: Vec<Proposed>,
    pub format: PriceFormat,
    /// A few packets of the first endpoint, without hosts.
    pub fixture: Traffic,
}

#[derive(Debug)]
pub(super) struct Proposed {
    pub name: String,
    pub shape: Shape,
    /// Query fields that are in every address.
    pub query: Vec<String>,
    /// JSON Schema.
    pub schema: String,
    pub fields: Vec<Field>,
}

/// What packets of one endpoint have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shape {
    pub transport: &'static str,
    pub method: Option<String>,
    pub path: String,
    pub prefix: String,
    array: bool,
}

#[derive(Default)]
struct Group {
    packets: Vec<Packet>,
    documents: Vec<Json>,
    seen: Seen,
}

impl Proposed {
    pub fn odds(&self) -> usize {
        self.fields.iter().filter(|field| field.role == Role::Odds).count()
    }
}

/// `None` where no body looks as if it had odds, or events with names.
pub(super) fn propose(traffic: &Traffic, name: &str) -> Option<Proposal> {
    /// Most endpoints that are proposed, and documents of each that are looked at.
    const MOST: usize = 12;
    const DOCUMENTS: usize = 20;
    let mut groups: BTreeMap<Shape, Group> = BTreeMap::new();
    for packet in traffic.packets().filter(|packet| packet.direction == Direction::Received) {
        let Some(documents) = Documents::of(packet, None) else { continue };
        let Some(shape) = shape(packet, &documents) else { continue };
        let group = groups.entry(shape).or_default();
        group.packets.push(packet.clone());
        for document in documents.documents {
            if group.documents.len() < DOCUMENTS {
                group.seen.document(&document);
                group.documents.push(document);
            }
        }
    }
    let everywhere = everywhere(&groups);
    let mut endpoints: Vec<(Proposed, Group)> = Vec::new();
    for (shape, group) in groups {
        let fields = group.seen.fields();
        let has = |role| fields.iter().any(|field| field.role == role);
        if has(Role::Odds) || (has(Role::Id) && has(Role::Name)) {
            let (query, schema) = (query(&group.packets), schema(&group.documents, &everywhere));
            endpoints.push((Proposed { name: String::new(), shape, query, schema, fields }, group));
        }
    }
    endpoints.sort_by_key(|(endpoint, _)| std::cmp::Reverse(endpoint.odds()));
    endpoints.truncate(MOST);
    let (_, first) = endpoints.first()?;
    let format = format(first.seen.odds());
    let fixture = cut(&first.packets).anonymous(name);
    let mut endpoints: Vec<_> = endpoints.into_iter().map(|(endpoint, _)| endpoint).collect();
    give_names(&mut endpoints);
    Some(Proposal { endpoints, format, fixture })
}

fn shape(packet: &Packet, documents: &Documents) -> Option<Shape> {
    /// Longest text in front of JSON that is a frame's type rather than another format.
    const PREFIX: usize = 16;
    if documents.prefix.len() > PREFIX
        || (packet.transport == Transport::Http && !documents.prefix.trim().is_empty())
    {
        return None;
    }
    Some(Shape {
        transport: packet.transport.name(),
        method: packet.method.as_deref().map(str::to_owned),
        path: pattern(&packet.url),
        prefix: documents.prefix.clone(),
        array: matches!(documents.documents.first(), Some(Json::Array(_))),
    })
}

/// A path in which what changes from time to time is `*`. Where the page lies is left open.
fn pattern(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let segments = path.split('/').skip(1).filter(|segment| !segment.starts_with("(S("));
    let segments: Vec<_> = segments.map(|segment| if changes(segment) { "*" } else { segment }).collect();
    format!("**/{}", segments.join("/"))
}

/// Whether a segment is a number, a token or a pseudonym rather than a word. A version (`v2`) is a word.
fn changes(segment: &str) -> bool {
    let version = segment.strip_prefix('v').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    let code = digits * 2 >= segment.len() || (digits > 1 && segment.bytes().any(|b| b.is_ascii_uppercase()));
    let long = segment.len() > 24 && digits > 0;
    !version && !segment.is_empty() && ((digits > 0 && code) || long || segment.contains(['%', '*']))
}

fn query(packets: &[Packet]) -> Vec<String> {
    let keys = |packet: &Packet| -> BTreeSet<String> {
        let query = packet.url.split_once('?').map_or("", |(_, query)| query);
        query
            .split('&')
            .filter_map(|pair| pair.split('=').next())
            .filter(|key| !key.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let common = packets.iter().map(keys).reduce(|all, one| all.intersection(&one).cloned().collect());
    common.unwrap_or_default().into_iter().collect()
}

/// Names of members that objects of every group have: they tell nothing apart.
fn everywhere(groups: &BTreeMap<Shape, Group>) -> BTreeSet<String> {
    if groups.len() < 2 {
        return BTreeSet::new();
    }
    let names = |group: &Group| members(&group.documents).into_keys().collect::<BTreeSet<_>>();
    let common = groups.values().map(names).reduce(|all, one| all.intersection(&one).cloned().collect());
    common.unwrap_or_default()
}

/// Members that all objects have (of a list, its items), each with its kind; empty where it varies.
fn members(documents: &[Json]) -> BTreeMap<String, &'static str> {
    let items = documents.iter().flat_map(|document| match document {
        Json::Array(items) => items.iter().collect(),
        other => vec![other],
    });
    let mut common: Option<BTreeMap<String, &'static str>> = None;
    for item in items {
        let Json::Object(members) = item else { return BTreeMap::new() };
        let kinds: BTreeMap<_, _> = members.iter().map(|(name, value)| (name.clone(), kind(value))).collect();
        common = Some(match common {
            None => kinds,
            Some(mut before) => {
                before.retain(|name, _| kinds.contains_key(name));
                for (name, known) in &mut before {
                    if kinds.get(name) != Some(known) {
                        *known = "";
                    }
                }
                before
            }
        });
    }
    common.unwrap_or_default()
}

const fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::Text(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

/// The fewest fields that tell a body from others: lists and objects before plain values.
fn schema(documents: &[Json], everywhere: &BTreeSet<String>) -> String {
    const MOST: usize = 5;
    let mut fields: Vec<_> = members(documents).into_iter().collect();
    if fields.iter().any(|(name, _)| !everywhere.contains(name)) {
        fields.retain(|(name, _)| !everywhere.contains(name));
    }
    fields.sort_by_key(|(name, kind)| (!matches!(*kind, "array" | "object"), name.len(), name.clone()));
    fields.truncate(MOST);
    let text = |name: &str| Value::from(name).to_string();
    let required: Vec<_> = fields.iter().map(|(name, _)| text(name)).collect();
    let typed = fields.iter().filter(|(_, kind)| !kind.is_empty());
    let properties: Vec<_> =
        typed.map(|(name, kind)| format!("{}:{{\"type\":\"{kind}\"}}", text(name))).collect();
    let (required, properties) = (required.join(","), properties.join(","));
    let object = match required.is_empty() {
        true => "{\"type\":\"object\"}".to_owned(),
        false => format!("{{\"type\":\"object\",\"required\":[{required}],\"properties\":{{{properties}}}}}"),
    };
    match documents.first() {
        Some(Json::Array(items)) if items.iter().all(|item| matches!(item, Json::Object(_))) => {
            format!("{{\"type\":\"array\",\"items\":{object}}}")
        }
        Some(Json::Array(_)) => "{\"type\":\"array\"}".to_owned(),
        _ => object,
    }
}

fn format(odds: impl Iterator<Item = f64>) -> PriceFormat {
    let odds: Vec<f64> = odds.collect();
    let share = |fits: fn(&f64) -> bool| odds.iter().filter(|value| fits(value)).count() * 10 > odds.len();
    if share(|value| *value < 0.0) {
        PriceFormat::Malay
    } else if share(|value| *value > 1.0) {
        PriceFormat::Decimal
    } else {
        PriceFormat::Probability
    }
}

/// The first packets, as many as are read at a glance.
fn cut(packets: &[Packet]) -> Traffic {
    const PACKETS: usize = 3;
    const BYTES: u64 = 256 << 10;
    let mut bytes = 0;
    let few = packets.iter().take(PACKETS).enumerate().take_while(|(n, packet)| {
        bytes += packet.body.len();
        *n == 0 || bytes <= BYTES
    });
    Traffic::of(few.map(|(_, packet)| Line::Packet(packet.clone())))
}

/// By the last word of the path; numbered where two are the same.
fn give_names(endpoints: &mut [Proposed]) {
    let mut taken = BTreeSet::new();
    for endpoint in endpoints {
        let last =
            endpoint.shape.path.rsplit('/').find(|segment| !segment.is_empty() && !segment.contains('*'));
        let word: String =
            last.unwrap_or("odds").chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let word = if word.is_empty() { "odds".to_owned() } else { word.to_ascii_lowercase() };
        let names = std::iter::once(word.clone()).chain((2..).map(|n| format!("{word}-{n}")));
        endpoint.name = names.into_iter().find(|name| taken.insert(name.clone())).unwrap_or(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_in_a_path_is_left_open() {
        for (url, path) in [
            ("https://h/api/v2/events/77/odds?x=1", "**/api/v2/events/*/odds"),
            ("https://h/(S(S1))/Feed/GetOdds.ashx", "**/Feed/GetOdds.ashx"),
            ("wss://h/socket.io/", "**/socket.io/"),
            ("https://h/e/KXRAIN-26MAY04/0f8fad5b-d9cb-469f-a165-70867728950e", "**/e/*/*"),
        ] {
            assert_eq!(pattern(url), path);
        }
    }

    #[test]
    fn a_schema_names_what_only_this_body_has() {
        let documents = |text: &str| vec![Json::parse(text).unwrap()];
        let everywhere = BTreeSet::from(["ok".to_owned()]);
        assert_eq!(
            schema(&documents(r#"{"ok":true,"t":1,"events":[],"x":null}"#), &everywhere),
            r#"{"type":"object","required":["events","t","x"],"properties":{"events":{"type":"array"},"t":{"type":"number"}}}"#
        );
        assert_eq!(
            schema(&documents(r#"[{"id":1},{"id":2,"n":3}]"#), &everywhere),
            r#"{"type":"array","items":{"type":"object","required":["id"],"properties":{"id":{"type":"number"}}}}"#
        );
        assert_eq!(schema(&documents("[1]"), &everywhere), r#"{"type":"array"}"#);
    }
}
