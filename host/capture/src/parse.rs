//! From a tokenised line to what it says.

use crate::error::MAX_LABEL;
use crate::intern::Interner;
use crate::line::{Connection, Line, Lost, Mark, Toggle};
use crate::{Members, Problem, Record};
use antigravity_core::packet::MAX_BODY;
use antigravity_core::{Body, Direction, Packet, Timestamp, Transport};
use antigravity_tape::{Key, Kind, Value};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::borrow::Cow;
use std::sync::Arc;

/// A problem with one field.
pub(crate) type Fault = (Option<&'static str>, Problem);
type Parsed<T> = Result<T, Fault>;

/// The known fields, in the order in which lines are written.
#[derive(Clone, Copy)]
#[repr(usize)]
enum Field {
    Seq,
    At,
    Kind,
    Account,
    Connection,
    Page,
    Transport,
    Direction,
    Method,
    Url,
    Status,
    ContentType,
    RequestBody,
    Event,
    Body,
    BodyBase64,
    BodyOverLimit,
    Provider,
    On,
}

const FIELDS: [Key; 19] = [
    Key::new("seq"),
    Key::new("at"),
    Key::new("kind"),
    Key::new("account"),
    Key::new("connection"),
    Key::new("page"),
    Key::new("transport"),
    Key::new("direction"),
    Key::new("method"),
    Key::new("url"),
    Key::new("status"),
    Key::new("content_type"),
    Key::new("request_body"),
    Key::new("event"),
    Key::new("body"),
    Key::new("body_base64"),
    Key::new("body_over_limit"),
    Key::new("provider"),
    Key::new("on"),
];

/// Sets of fields, one bit each.
const ALWAYS: u32 = bits(&[Field::Seq, Field::At, Field::Kind, Field::Account]);
const CONNECTION: u32 = ALWAYS | bits(&[Field::Connection]);
const MARK: u32 = ALWAYS | bits(&[Field::Provider]);
const TOGGLE: u32 = ALWAYS | bits(&[Field::On]);
const PACKET: u32 = (1 << Field::Provider as u32) - 1;

const fn bits(fields: &[Field]) -> u32 {
    let mut set = 0;
    let mut i = 0;
    while i < fields.len() {
        set |= 1 << fields[i] as u32;
        i += 1;
    }
    set
}

struct Fields<'a> {
    found: [Option<Value<'a>>; FIELDS.len()],
    present: u32,
    unknown: bool,
}

impl<'a> Fields<'a> {
    fn of(root: Value<'a>) -> Self {
        let mut fields = Self { found: [None; FIELDS.len()], present: 0, unknown: false };
        // Lines are written in the order of FIELDS: the next name is most likely one of the next.
        let mut expected = 0;
        for (member, value) in root.members() {
            let later = (expected..FIELDS.len()).find(|&i| member.is(FIELDS[i]));
            let Some(i) = later.or_else(|| (0..expected).find(|&i| member.is(FIELDS[i]))) else {
                fields.unknown = true;
                continue;
            };
            fields.found[i] = Some(value);
            fields.present |= 1 << i;
            expected = i + 1;
        }
        fields
    }

    /// `null` is the same as a field that is not there.
    fn get(&self, field: Field) -> Option<Value<'a>> {
        self.found[field as usize].filter(|value| !value.is_null())
    }

    fn text(&self, field: Field) -> Parsed<Option<Cow<'a, str>>> {
        let Some(value) = self.get(field) else { return Ok(None) };
        if value.kind() != Kind::String {
            return Err(fault(field, Problem::WrongType("a string")));
        }
        value.str().map(Some).ok_or_else(|| fault(field, Problem::Surrogate))
    }

    /// A text of which many are kept.
    fn label(&self, field: Field) -> Parsed<Option<Cow<'a, str>>> {
        match self.text(field)? {
            Some(text) if text.len() > MAX_LABEL => Err(fault(field, Problem::LabelTooLong)),
            text => Ok(text),
        }
    }

    fn number(&self, field: Field) -> Parsed<Option<u64>> {
        let Some(value) = self.get(field) else { return Ok(None) };
        let number = if value.kind() == Kind::Number { value.u64() } else { None };
        number
            .map(Some)
            .ok_or_else(|| fault(field, Problem::WrongType("a whole number of at most 18 digits")))
    }
}

fn fault(field: Field, problem: Problem) -> Fault {
    (Some(FIELDS[field as usize].name()), problem)
}

fn required<T>(value: Option<T>, field: Field) -> Parsed<T> {
    value.ok_or_else(|| fault(field, Problem::Missing))
}

/// Turns lines into records; shares what repeats.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    /// What stands for every line's account.
    account: Option<Arc<str>>,
    last_seq: Option<u64>,
    accounts: Interner,
    connections: Interner,
    pages: Interner,
    methods: Interner,
    urls: Interner,
    content_types: Interner,
    events: Interner,
    providers: Interner,
}

/// Account of a line that names none.
const DEFAULT_ACCOUNT: &str = "A";

impl Parser {
    pub(crate) fn new(account: Option<&str>) -> Self {
        Self { account: account.map(Arc::from), ..Self::default() }
    }

    /// `None` for a line of a kind this version does not know.
    pub(crate) fn record(&mut self, line: &str, nodes: &[u64]) -> Parsed<Option<Record>> {
        let root = Value::root(line.as_bytes(), nodes).filter(|root| root.kind() == Kind::Object);
        let fields = Fields::of(root.ok_or((None, Problem::NotAnObject))?);
        let kind = fields.text(Field::Kind)?;
        let (line_read, known) = match kind.as_deref().unwrap_or("packet") {
            "packet" => (Line::Packet(self.packet(&fields)?), PACKET),
            "lost" => (Line::Lost(self.lost(&fields)?), ALWAYS),
            "opened" => (Line::Opened(self.connection(&fields)?), CONNECTION),
            "closed" => (Line::Closed(self.connection(&fields)?), CONNECTION),
            "mark" => (Line::Mark(self.mark(&fields)?), MARK),
            "toggle" => (Line::Toggle(self.toggle(&fields)?), TOGGLE),
            _ => {
                self.skip(&fields);
                return Ok(None);
            }
        };
        let unknown = if fields.unknown || fields.present & !known != 0 {
            Members::except(line, nodes, |name| is_known(name, known))
        } else {
            Members::default()
        };
        Ok(Some(Record { line: line_read, unknown }))
    }

    /// A line of an unknown kind counts where it bears the next number, and says nothing otherwise.
    fn skip(&mut self, fields: &Fields<'_>) {
        let seq = fields.get(Field::Seq).and_then(Value::u64);
        if let (Some(found), Some(_)) = (seq, self.last_seq)
            && Problem::of_sequence(self.last_seq, found).is_none()
        {
            self.last_seq = seq;
        }
    }

    fn seq(&mut self, fields: &Fields<'_>) -> Parsed<u64> {
        let found = required(fields.number(Field::Seq)?, Field::Seq)?;
        if let Some(problem) = Problem::of_sequence(self.last_seq, found) {
            return Err(fault(Field::Seq, problem));
        }
        self.last_seq = Some(found);
        Ok(found)
    }

    fn account(&mut self, fields: &Fields<'_>) -> Parsed<Arc<str>> {
        let named = fields.label(Field::Account)?;
        if let Some(account) = &self.account {
            return Ok(Arc::clone(account));
        }
        Ok(self.accounts.get(named.as_deref().unwrap_or(DEFAULT_ACCOUNT)))
    }

    fn lost(&mut self, fields: &Fields<'_>) -> Parsed<Lost> {
        Ok(Lost { seq: self.seq(fields)?, at: at(fields)?, account: self.account(fields)? })
    }

    fn connection(&mut self, fields: &Fields<'_>) -> Parsed<Connection> {
        let Lost { seq, at, account } = self.lost(fields)?;
        let name = required(fields.label(Field::Connection)?, Field::Connection)?;
        Ok(Connection { seq, at, account, connection: self.connections.get(&name) })
    }

    fn mark(&mut self, fields: &Fields<'_>) -> Parsed<Mark> {
        let Lost { seq, at, account } = self.lost(fields)?;
        let name = required(fields.label(Field::Provider)?, Field::Provider)?;
        Ok(Mark { seq, at, account, provider: self.providers.get(&name) })
    }

    fn toggle(&mut self, fields: &Fields<'_>) -> Parsed<Toggle> {
        let Lost { seq, at, account } = self.lost(fields)?;
        let value = required(fields.get(Field::On), Field::On)?;
        let on = value.bool().ok_or_else(|| fault(Field::On, Problem::WrongType("true or false")))?;
        Ok(Toggle { seq, at, account, on })
    }

    fn packet(&mut self, fields: &Fields<'_>) -> Parsed<Packet> {
        let Lost { seq, at, account } = self.lost(fields)?;
        let connection = fields.label(Field::Connection)?;
        let url = required(fields.label(Field::Url)?, Field::Url)?;
        let status = fields.number(Field::Status)?.map(u16::try_from).transpose();
        let mut body = body(fields)?;
        let mut request_body = fields.text(Field::RequestBody)?.map(Cow::into_owned);
        if let Some(request) = request_body.take_if(|request| request.len() > MAX_BODY) {
            body = Body::OverLimit(request.len() as u64);
        }
        Ok(Packet {
            seq,
            at,
            account,
            connection: self.connections.get(connection.as_deref().unwrap_or_default()),
            page: fields.label(Field::Page)?.map(|page| self.pages.get(&page)),
            transport: transport(fields)?,
            direction: direction(fields)?,
            method: fields.label(Field::Method)?.map(|method| self.methods.get(&method)),
            url: self.urls.get(&url),
            status: status.map_err(|_| fault(Field::Status, Problem::WrongType("an HTTP status")))?,
            content_type: fields.label(Field::ContentType)?.map(|name| self.content_types.get(&name)),
            request_body,
            event: fields.label(Field::Event)?.map(|event| self.events.get(&event)),
            body,
        })
    }
}

fn is_known(name: &str, known: u32) -> bool {
    FIELDS.iter().enumerate().any(|(i, key)| known & (1 << i) != 0 && key.name() == name)
}

fn at(fields: &Fields<'_>) -> Parsed<Timestamp> {
    let text = required(fields.text(Field::At)?, Field::At)?;
    text.parse().map_err(|_| fault(Field::At, Problem::Time))
}

fn transport(fields: &Fields<'_>) -> Parsed<Transport> {
    match &*required(fields.text(Field::Transport)?, Field::Transport)? {
        "http" => Ok(Transport::Http),
        "websocket" => Ok(Transport::WebSocket),
        "sse" => Ok(Transport::Sse),
        _ => Err(fault(Field::Transport, Problem::UnknownValue("http, websocket, sse"))),
    }
}

fn direction(fields: &Fields<'_>) -> Parsed<Direction> {
    match fields.text(Field::Direction)?.as_deref() {
        None | Some("received") => Ok(Direction::Received),
        Some("sent") => Ok(Direction::Sent),
        Some(_) => Err(fault(Field::Direction, Problem::UnknownValue("received, sent"))),
    }
}

fn body(fields: &Fields<'_>) -> Parsed<Body> {
    let text = fields.text(Field::Body)?;
    let encoded = fields.text(Field::BodyBase64)?;
    let over = fields.number(Field::BodyOverLimit)?;
    match (text, encoded, over) {
        (None, None, Some(len)) => Ok(Body::OverLimit(len)),
        (Some(text), None, None) if text.len() > MAX_BODY => Ok(Body::OverLimit(text.len() as u64)),
        (Some(text), None, None) => Ok(Body::Text(text.into_owned())),
        (None, Some(encoded), None) => {
            decoded(&encoded).ok_or_else(|| fault(Field::BodyBase64, Problem::Base64))
        }
        (None, None, None) => Ok(Body::empty()),
        (_, Some(_), _) => Err(fault(Field::BodyBase64, Problem::TwoBodies)),
        (_, _, Some(_)) => Err(fault(Field::BodyOverLimit, Problem::TwoBodies)),
    }
}

/// What base64 stands for; `None` where it is not base64.
pub(crate) fn decoded(encoded: &str) -> Option<Body> {
    let padding = encoded.bytes().rev().take_while(|&byte| byte == b'=').count();
    let len = (encoded.len() / 4 * 3).saturating_sub(padding);
    if len > MAX_BODY {
        return Some(Body::OverLimit(len as u64));
    }
    let bytes = BASE64_STANDARD.decode(encoded).ok()?;
    Some(if bytes.len() > MAX_BODY { Body::OverLimit(bytes.len() as u64) } else { Body::Bytes(bytes) })
}
