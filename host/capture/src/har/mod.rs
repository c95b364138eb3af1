//! HAR 1.2, with the WebSocket and event-stream messages that Chrome adds.
//!
//! A HAR file is ordered by the start of its requests, a capture by what happened when: a body
//! counts when it had come (start + time), a message when it was seen. So the file is read once,
//! entry by entry, into runs that are sorted and merged again. Cookies and headers, but for
//! `Referer`, are passed over unread.

mod collector;
mod entry;
mod parse;
mod sort;
mod stored;

use crate::input::{self, Bytes};
use crate::intern::Interner;
use crate::{CaptureError, CaptureWriter, Line, Members, Problem, Progress, Record, Source};
use antigravity_core::{Direction, Packet, Timestamp, Transport};
use collector::Collector;
use sort::Sorted;
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use stored::{Answer, Message, Request, Stored};

/// What a HAR file held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub entries: u64,
    /// Response bodies, WebSocket frames and server-sent events: each became a packet.
    pub bodies: u64,
    pub frames: u64,
    pub events: u64,
    /// Bodies whose size is stated but which are not in the file.
    pub missing_bodies: u64,
    /// Bodies shorter than the stated size.
    pub short_bodies: u64,
    /// Bodies and frames said to be base64 that are not; they were taken as empty.
    pub broken_bodies: u64,
    /// Sockets and event streams without messages, entries that are no traffic (`data:` and the
    /// like), messages that were neither sent nor received.
    pub skipped: u64,
}

/// A HAR file read as if it were a capture.
pub struct HarReader {
    file: Arc<Path>,
    account: Arc<str>,
    sorted: Sorted,
    summary: Summary,
    streams: Vec<Request>,
    pages: Vec<Page>,
    seq: u64,
    urls: Interner,
    shared: Interner,
}

/// One page load.
#[derive(Debug, Default)]
struct Page {
    /// Its title where that is an address, as Chrome writes it.
    title: Option<Arc<str>>,
    /// Address of its first HTML document.
    document: Option<Arc<str>>,
}

impl HarReader {
    /// Reads the whole file, plain or compressed with zstd. Without `account` the packets are those
    /// of account `A`.
    ///
    /// # Errors
    /// [`CaptureError`] with line and column where it is not HAR 1.2.
    pub fn open(path: &Path, account: Option<&str>, progress: &Progress) -> Result<Self, CaptureError> {
        let file = Arc::from(path);
        let bytes = input::open(path, progress).map_err(|e| CaptureError::file(&file, Problem::Read(e)))?;
        Self::start(file, bytes, account)
    }

    /// Reads from anything; `name` stands for the file in messages.
    ///
    /// # Errors
    /// As [`HarReader::open`].
    pub fn from_reader(
        name: &Path,
        read: impl Read + Send + 'static,
        account: Option<&str>,
    ) -> Result<Self, CaptureError> {
        let file = Arc::from(name);
        let bytes =
            input::decompress(read, false).map_err(|e| CaptureError::file(&file, Problem::Read(e)))?;
        Self::start(file, bytes, account)
    }

    pub(crate) fn start(file: Arc<Path>, bytes: Bytes, account: Option<&str>) -> Result<Self, CaptureError> {
        Self::sorted_in(file, bytes, account, sort::RUN)
    }

    /// `run`: bytes that are sorted in memory at a time.
    fn sorted_in(
        file: Arc<Path>,
        mut bytes: Bytes,
        account: Option<&str>,
        run: usize,
    ) -> Result<Self, CaptureError> {
        let start = bytes.fill_buf().map_err(|e| CaptureError::file(&file, Problem::Read(e)))?;
        if start.starts_with(input::BYTE_ORDER_MARK) {
            bytes.consume(input::BYTE_ORDER_MARK.len());
        }
        let mut collector = Collector::new(run);
        // Buffered once more in a type known at compile time: the parser asks byte by byte.
        let result = parse::read(BufReader::with_capacity(64 << 10, bytes), &mut collector);
        if let Some(e) = collector.failed {
            return Err(CaptureError::file(&file, Problem::Scratch(e)));
        }
        result.map_err(|e| har_error(&file, e))?;
        let sorted = collector.sorter.finish();
        Ok(Self {
            sorted: sorted.map_err(|e| CaptureError::file(&file, Problem::Scratch(e)))?,
            file,
            account: Arc::from(account.unwrap_or("A")),
            summary: collector.summary,
            streams: collector.streams,
            pages: collector.pages,
            seq: 0,
            urls: Interner::default(),
            shared: Interner::default(),
        })
    }

    pub const fn summary(&self) -> &Summary {
        &self.summary
    }

    fn answer(&mut self, at: Timestamp, answer: Answer) -> Record {
        let connection = format!("page-{}", answer.request.page);
        let mut packet = self.packet(at, &answer.request, Transport::Http, &connection);
        packet.request_body = answer.request_body;
        packet.body = answer.body;
        Line::Packet(packet).into()
    }

    fn message(&mut self, at: Timestamp, message: Message) -> Option<Record> {
        let index = usize::try_from(message.stream).ok()?;
        let request = self.streams.get(index)?.clone();
        let (transport, word) = match message.direction {
            Some(_) => (Transport::WebSocket, "socket"),
            None => (Transport::Sse, "events"),
        };
        let connection = format!("{word}-{}", index + 1);
        let mut packet = self.packet(at, &request, transport, &connection);
        packet.direction = message.direction.unwrap_or(Direction::Received);
        packet.event = message.event.as_deref().map(|name| self.shared.get(name));
        packet.body = message.body;
        let mut unknown = Members::default();
        if let Some(id) = &message.event_id {
            unknown.push_text("event_id", id);
        }
        Some(Record { line: Line::Packet(packet), unknown })
    }

    fn packet(&mut self, at: Timestamp, request: &Request, transport: Transport, connection: &str) -> Packet {
        self.seq += 1;
        Packet {
            seq: self.seq,
            at,
            account: Arc::clone(&self.account),
            connection: self.shared.get(connection),
            page: self.page(request),
            transport,
            direction: Direction::Received,
            method: request.method.as_deref().map(|method| self.shared.get(method)),
            url: self.urls.get(&request.url),
            status: request.status,
            content_type: request.content_type.as_deref().map(|name| self.shared.get(name)),
            request_body: None,
            event: None,
            body: antigravity_core::Body::empty(),
        }
    }

    /// The `Referer`, unless the browser cut it down to an origin and the page load is known; it
    /// names the frame within the page that asked.
    fn page(&mut self, request: &Request) -> Option<Arc<str>> {
        let page = self.pages.get((request.page as usize).wrapping_sub(1));
        let address = page.and_then(|page| page.title.as_ref().or(page.document.as_ref()));
        let referer = request.referer.as_deref();
        match (referer, address) {
            (Some(referer), None) => Some(self.shared.get(referer)),
            (Some(referer), Some(_)) if !is_origin(referer) => Some(self.shared.get(referer)),
            (_, address) => address.cloned(),
        }
    }

    fn scratch(&self, e: std::io::Error) -> CaptureError {
        CaptureError::file(&self.file, Problem::Scratch(e))
    }
}

/// `scheme://host/` and nothing more.
fn is_origin(url: &str) -> bool {
    url.split_once("://").is_some_and(|(_, rest)| rest.find('/').is_none_or(|at| at + 1 == rest.len()))
}

impl Source for HarReader {
    fn next(&mut self) -> Result<Option<Record>, CaptureError> {
        let Some((at, bytes)) = self.sorted.next().map_err(|e| self.scratch(e))? else { return Ok(None) };
        let record = match Stored::decode(&bytes) {
            Some(Stored::Answer(answer)) => Some(self.answer(at, answer)),
            Some(Stored::Message(message)) => self.message(at, message),
            None => None,
        };
        match record {
            Some(record) => Ok(Some(record)),
            None => Err(self.scratch(std::io::ErrorKind::InvalidData.into())),
        }
    }

    fn redacted(&self) -> bool {
        false
    }
}

impl fmt::Debug for HarReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HarReader")
            .field("file", &self.file)
            .field("summary", &self.summary)
            .finish_non_exhaustive()
    }
}

fn har_error(file: &Arc<Path>, error: serde_json::Error) -> CaptureError {
    // Line 0: what is missing has no place.
    let line = (error.line() > 0).then_some(error.line() as u64);
    let column = line.map(|_| error.column() as u64);
    if error.is_io() {
        return CaptureError::file(file, Problem::Read(error.into()));
    }
    // The message repeats the place that the fields hold, and what it found instead of what it
    // expected, which may be a secret.
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    let text = text.rfind("expected ").map_or(text, |at| &text[at..]);
    // In the words of JSON; those for its objects stand with them.
    let text = text.replace("expected f64", "expected a number").replace("a sequence", "a list");
    CaptureError { line, column, ..CaptureError::file(file, Problem::Har(text)) }
}

/// Writes all of a HAR file as a capture, with `clean` taking the secrets out of every record.
///
/// # Errors
/// [`CaptureError`] where reading or writing fails.
pub fn import(
    har: &mut HarReader,
    writer: &mut CaptureWriter,
    mut clean: impl FnMut(&mut Record),
) -> Result<Summary, CaptureError> {
    while let Some(mut record) = har.next()? {
        clean(&mut record);
        writer.write(&record)?;
    }
    Ok(har.summary.clone())
}

#[cfg(test)]
mod tests;
