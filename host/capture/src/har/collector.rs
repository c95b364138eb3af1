//! What gathers while a HAR file is read: sorted items, and the addresses they refer to.

use super::entry::{
    Answered, Asked, Content, Kept, Lossy, PageLoad, PostData, SocketMessage, StreamEvent, from_base64,
    from_text,
};
use super::sort::Sorter;
use super::stored::{Answer, Message, Request, Stored};
use super::{Page, Summary};
use crate::error::MAX_LABEL;
use antigravity_core::{Body, Direction, Timestamp};
use rustc_hash::FxHashMap;
use serde::de::Error;
use std::io;
use std::sync::Arc;

/// An entry without its messages, which are stored as they are read.
pub(super) struct Entry {
    pub started: String,
    pub time: Option<f64>,
    pub request: Asked,
    pub response: Option<Answered>,
    pub page: Option<String>,
    /// A socket or an event stream.
    pub stream: bool,
}

/// Gathers what a HAR file holds.
pub(super) struct Collector {
    pub sorter: Sorter,
    pub summary: Summary,
    /// One for each socket or event stream that had a message. They stay in memory, so it grows by
    /// some 300 bytes a socket.
    pub streams: Vec<Request>,
    pub pages: Vec<Page>,
    page_numbers: FxHashMap<String, u32>,
    /// Why the temporary file failed; the parser's own error then only says that it did.
    pub failed: Option<io::Error>,
    /// Whether the entry being read has a place in `streams`.
    streaming: bool,
}

impl Collector {
    pub(super) fn new(run: usize) -> Self {
        Self {
            sorter: Sorter::new(run),
            summary: Summary::default(),
            streams: Vec::new(),
            pages: Vec::new(),
            page_numbers: FxHashMap::default(),
            failed: None,
            streaming: false,
        }
    }

    fn push<E: Error>(&mut self, at: Timestamp, part: u64, stored: &Stored) -> Result<(), E> {
        self.sorter.push((at, self.summary.entries, part), |out| stored.encode(out)).map_err(|e| {
            self.failed = Some(e);
            E::custom("the temporary file failed")
        })
    }

    fn message<E: Error>(&mut self, at: Timestamp, part: u64, mut message: Message) -> Result<(), E> {
        if !self.streaming {
            self.streaming = true;
            self.streams.push(Request::default());
        }
        message.stream = self.streams.len() as u64 - 1;
        self.push(at, part, &Stored::Message(message))
    }

    pub(super) fn frame<E: Error>(&mut self, part: u64, frame: SocketMessage) -> Result<(), E> {
        let direction = match frame.kind.as_deref() {
            Some("send") => Direction::Sent,
            Some("receive") => Direction::Received,
            _ => {
                self.summary.skipped += 1;
                return Ok(());
            }
        };
        let data = frame.data.unwrap_or_default().0;
        let text = frame.opcode.is_none_or(|opcode| opcode == 1.0);
        let (body, kept) = if text { (from_text(data), Kept::Whole) } else { from_base64(&data) };
        self.count(kept);
        self.summary.frames += 1;
        let message = Message { stream: 0, direction: Some(direction), event: None, event_id: None, body };
        self.message(instant(frame.time)?, part, message)
    }

    pub(super) fn event<E: Error>(&mut self, part: u64, event: StreamEvent) -> Result<(), E> {
        let some = |text: Option<Lossy>| text.map(|text| text.0).filter(|text| !text.is_empty());
        let body = from_text(event.data.unwrap_or_default().0);
        self.summary.events += 1;
        let (name, id) = (some(event.event_name), some(event.event_id));
        let message = Message { stream: 0, direction: None, event: name, event_id: id, body };
        self.message(instant(event.time)?, part, message)
    }

    const fn count(&mut self, kept: Kept) {
        match kept {
            Kept::Whole => {}
            Kept::Missing => self.summary.missing_bodies += 1,
            Kept::Short => self.summary.short_bodies += 1,
            Kept::Broken => self.summary.broken_bodies += 1,
        }
    }

    /// Number of the page load with this id, from 1.
    fn page(&mut self, id: String) -> u32 {
        let next = u32::try_from(self.pages.len() + 1).unwrap_or(0);
        let number = *self.page_numbers.entry(id).or_insert(next);
        if number == next {
            self.pages.push(Page::default());
        }
        number
    }

    /// A page load as the file's list of pages describes it.
    pub(super) fn load(&mut self, load: PageLoad) {
        let number = self.page(load.id);
        let title = load.title.map(|title| title.0).filter(|title| is_web(title));
        if let Some(page) = self.pages.get_mut((number as usize).wrapping_sub(1)) {
            page.title = title.as_deref().map(Arc::from);
        }
    }

    /// Before the members of an entry are read.
    pub(super) const fn begin_entry(&mut self) {
        self.summary.entries += 1;
        self.streaming = false;
    }

    pub(super) fn entry<E: Error>(&mut self, entry: Entry) -> Result<(), E> {
        let start: Timestamp =
            entry.started.parse().map_err(|_| E::custom("startedDateTime is not an RFC 3339 time"))?;
        let asked = entry.request;
        let page = entry.page.map_or(0, |id| self.page(id));
        let status = entry.response.as_ref().and_then(Answered::status);
        let mut content = entry.response.and_then(|response| response.content);
        let request = Request {
            method: asked.method.map(|method| method.to_ascii_uppercase()),
            url: label(asked.url),
            status,
            content_type: content.as_mut().and_then(Content::take_mime_type),
            referer: asked.headers.0.map(label),
            page,
        };
        self.document(&request);
        if self.streaming {
            if let Some(stream) = self.streams.last_mut() {
                *stream = request;
            }
            return Ok(());
        }
        if entry.stream || !is_web(&request.url) {
            self.summary.skipped += 1;
            return Ok(());
        }
        let (body, kept) = content.map_or((Body::empty(), Kept::Whole), Content::into_body);
        self.count(kept);
        self.summary.bodies += 1;
        let request_body = asked.post_data.and_then(PostData::into_body);
        let answer = Stored::Answer(Answer { request, request_body, body });
        self.push(after(start, entry.time), 0, &answer)
    }

    /// The first HTML document of a page load is the page.
    fn document(&mut self, request: &Request) {
        let html = request.content_type.as_deref().is_some_and(|name| name.starts_with("text/html"));
        if let Some(page) = self.pages.get_mut((request.page as usize).wrapping_sub(1))
            && html
            && page.document.is_none()
        {
            page.document = Some(Arc::from(request.url.as_str()));
        }
    }
}

/// Addresses of traffic, not `data:` and the like.
fn is_web(url: &str) -> bool {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

pub(super) fn is_socket(url: &str) -> bool {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    ["ws", "wss"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

/// An instant from Unix seconds. Rounded to microseconds: a double of today's seconds has no more.
#[allow(clippy::cast_possible_truncation)] // within the years that a timestamp reaches
fn instant<E: Error>(seconds: f64) -> Result<Timestamp, E> {
    if !(-9e9..=9e9).contains(&seconds) {
        return Err(E::custom("time of a message is not a Unix time in seconds"));
    }
    Ok(Timestamp::from_nanos((seconds * 1e6).round() as i64 * 1000))
}

/// `start` plus milliseconds; −1 is how HAR says "not known".
#[allow(clippy::cast_possible_truncation)] // saturates
fn after(start: Timestamp, milliseconds: Option<f64>) -> Timestamp {
    let nanos = (milliseconds.unwrap_or(0.0).max(0.0) * 1e6).round() as i64;
    Timestamp::from_nanos(start.nanos().saturating_add(nanos))
}

/// An address as a capture can hold it: what is longer is cut within its query.
fn label(mut address: String) -> String {
    address.truncate(address.floor_char_boundary(MAX_LABEL));
    address
}
