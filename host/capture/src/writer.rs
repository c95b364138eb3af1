//! Writing capture files: the same records give the same bytes, and a file has its name only when it
//! is whole.

use crate::reader::VERSION;
use crate::{CaptureError, Header, Line, Problem, Record};
use antigravity_core::{Body, Direction, Packet, Transport};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::NamedTempFile;

/// Writes a capture file. Without [`CaptureWriter::finish`] there is none.
pub struct CaptureWriter {
    file: Arc<Path>,
    output: Output,
    pending: Option<Pending>,
    line: Vec<u8>,
    last_seq: Option<u64>,
}

type Sink = Box<dyn Write + Send>;

enum Output {
    Plain(Sink),
    Zstd(zstd::Encoder<'static, Sink>),
}

impl CaptureWriter {
    /// Creates or replaces a file; it is compressed where its name ends in `.zst`. What is no file (a
    /// pipe, a device) is written to as the lines come.
    ///
    /// # Errors
    /// [`CaptureError`] where the file cannot be written.
    pub fn create(path: &Path, header: &Header) -> Result<Self, CaptureError> {
        let name = Arc::from(path);
        let (file, pending) = begin(path).map_err(|e| CaptureError::file(&name, Problem::Write(e)))?;
        let compress = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("zst"));
        let sink = Box::new(BufWriter::with_capacity(256 << 10, file));
        Ok(Self { pending, ..Self::start(name, sink, compress, header)? })
    }

    /// Writes to anything, not compressed; `name` stands for the file in messages.
    ///
    /// # Errors
    /// [`CaptureError`] where it cannot be written to.
    pub fn to_writer(
        name: &Path,
        write: impl Write + Send + 'static,
        header: &Header,
    ) -> Result<Self, CaptureError> {
        Self::start(Arc::from(name), Box::new(write), false, header)
    }

    fn start(file: Arc<Path>, sink: Sink, compress: bool, header: &Header) -> Result<Self, CaptureError> {
        let output = if compress {
            zstd::Encoder::new(sink, zstd::DEFAULT_COMPRESSION_LEVEL).map(Output::Zstd)
        } else {
            Ok(Output::Plain(sink))
        };
        let output = output.map_err(|e| CaptureError::file(&file, Problem::Write(e)))?;
        let mut writer = Self { file, output, pending: None, line: Vec::new(), last_seq: None };
        header_line(&mut writer.line, header);
        writer.put()?;
        Ok(writer)
    }

    /// Writes one line.
    ///
    /// # Errors
    /// [`CaptureError`] where it cannot be written, or `seq` does not rise by one.
    pub fn write(&mut self, record: &Record) -> Result<(), CaptureError> {
        let found = record.line.seq();
        if let Some(problem) = Problem::of_sequence(self.last_seq, found) {
            return Err(CaptureError { field: Some("seq"), ..CaptureError::file(&self.file, problem) });
        }
        self.last_seq = Some(found);
        self.line.clear();
        self.line.shrink_to(4 << 20);
        record_line(&mut self.line, record);
        self.put()
    }

    /// Ends the file and gives it its name.
    ///
    /// # Errors
    /// [`CaptureError`] where it cannot be written.
    pub fn finish(self) -> Result<(), CaptureError> {
        let result = match self.output {
            Output::Plain(mut sink) => sink.flush(),
            Output::Zstd(encoder) => encoder.finish().and_then(|mut sink| sink.flush()),
        };
        let result = result.and_then(|()| self.pending.map_or(Ok(()), Pending::finish));
        result.map_err(|e| CaptureError::file(&self.file, Problem::Write(e)))
    }

    fn put(&mut self) -> Result<(), CaptureError> {
        let result: io::Result<()> = match &mut self.output {
            Output::Plain(sink) => sink.write_all(&self.line),
            Output::Zstd(encoder) => encoder.write_all(&self.line),
        };
        result.map_err(|e| CaptureError::file(&self.file, Problem::Write(e)))
    }
}

/// A file without its name yet. Whoever looks meanwhile finds what was there before, however this
/// process ends.
struct Pending {
    temporary: NamedTempFile,
    target: PathBuf,
}

impl Pending {
    fn new(target: PathBuf) -> io::Result<Self> {
        let directory = target.parent().filter(|path| !path.as_os_str().is_empty());
        let temporary = readable().tempfile_in(directory.unwrap_or(Path::new(".")))?;
        if let Ok(replaced) = target.metadata() {
            temporary.as_file().set_permissions(replaced.permissions())?;
        }
        Ok(Self { temporary, target })
    }

    fn finish(self) -> io::Result<()> {
        // After a power cut, too, the name must not stand for less than the whole.
        self.temporary.as_file().sync_all()?;
        self.temporary.persist(&self.target).map(drop).map_err(|e| e.error)
    }
}

/// Makes a temporary file that others may read as far as the person lets them; by itself it is
/// private, and it becomes the capture.
fn readable() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".antigravity-").suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// What to write to, and what gets its name at the end.
fn begin(path: &Path) -> io::Result<(File, Option<Pending>)> {
    let target = match path.symlink_metadata() {
        Err(e) if e.kind() == ErrorKind::NotFound => Some(path.to_owned()),
        Err(e) => return Err(e),
        // Through a link: the file that it leads to is replaced, not the link.
        Ok(_) => path.canonicalize().ok().filter(|real| real.is_file()),
    };
    let Some(target) = target else { return Ok((File::create(path)?, None)) };
    let pending = Pending::new(target)?;
    Ok((pending.temporary.as_file().try_clone()?, Some(pending)))
}

/// One JSON object that is being written.
struct Object<'a> {
    out: &'a mut Vec<u8>,
    empty: bool,
}

impl<'a> Object<'a> {
    fn new(out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, empty: true }
    }

    fn name(&mut self, name: &str) {
        if !std::mem::take(&mut self.empty) {
            self.out.push(b',');
        }
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    /// `value` as it displays itself: a number, `true` or `false`.
    fn plain(&mut self, name: &str, value: impl fmt::Display) {
        self.name(name);
        // A vector takes every byte.
        let _ = write!(self.out, "{value}");
    }

    fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        // A vector takes every byte, and every string has a JSON form.
        let _ = serde_json::to_writer(&mut *self.out, value);
    }

    fn some_text(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    fn end(mut self, unknown: &str) {
        if !unknown.is_empty() {
            if !std::mem::take(&mut self.empty) {
                self.out.push(b',');
            }
            self.out.extend_from_slice(unknown.as_bytes());
        }
        self.out.extend_from_slice(b"}\n");
    }
}

fn header_line(out: &mut Vec<u8>, header: &Header) {
    let mut object = Object::new(out);
    object.plain("antigravity_capture", VERSION);
    if let Some(at) = header.created_at {
        object.text("created_at", &at.to_string());
    }
    object.plain("redacted", header.redacted);
    object.end(header.unknown.as_str());
}

fn record_line(out: &mut Vec<u8>, record: &Record) {
    let mut object = Object::new(out);
    let line = &record.line;
    object.plain("seq", line.seq());
    object.text("at", &line.at().to_string());
    object.some_text("kind", kind(line));
    object.text("account", line.account());
    match line {
        Line::Packet(packet) => packet_fields(&mut object, packet),
        Line::Opened(it) | Line::Closed(it) => object.text("connection", &it.connection),
        Line::Mark(it) => object.text("provider", &it.provider),
        Line::Toggle(it) => object.plain("on", it.on),
        Line::Lost(_) => {}
    }
    object.end(record.unknown.as_str());
}

/// `None` for the kind that is meant where none is named.
const fn kind(line: &Line) -> Option<&'static str> {
    match line {
        Line::Packet(_) => None,
        Line::Lost(_) => Some("lost"),
        Line::Opened(_) => Some("opened"),
        Line::Closed(_) => Some("closed"),
        Line::Mark(_) => Some("mark"),
        Line::Toggle(_) => Some("toggle"),
    }
}

fn packet_fields(object: &mut Object<'_>, packet: &Packet) {
    object.text("connection", &packet.connection);
    object.some_text("page", packet.page.as_deref());
    object.text(
        "transport",
        match packet.transport {
            Transport::Http => "http",
            Transport::WebSocket => "websocket",
            Transport::Sse => "sse",
        },
    );
    object.text(
        "direction",
        match packet.direction {
            Direction::Received => "received",
            Direction::Sent => "sent",
        },
    );
    object.some_text("method", packet.method.as_deref());
    object.text("url", &packet.url);
    if let Some(status) = packet.status {
        object.plain("status", status);
    }
    object.some_text("content_type", packet.content_type.as_deref());
    object.some_text("request_body", packet.request_body.as_deref());
    object.some_text("event", packet.event.as_deref());
    match &packet.body {
        Body::Text(text) => object.text("body", text),
        Body::Bytes(bytes) => object.text("body_base64", &BASE64_STANDARD.encode(bytes)),
        Body::OverLimit(len) => object.plain("body_over_limit", len),
    }
}

impl fmt::Debug for CaptureWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaptureWriter").field("file", &self.file).finish_non_exhaustive()
    }
}
