//! A file of certificates and opportunity lines, one document after the other.

use crate::failure::Failure;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// Most bytes of a document, and of a line: a certificate of 64 legs and states has 59 kB.
pub const LONGEST: u64 = 16 << 20;

/// The byte order mark, which some editors put at the beginning.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// A file as documents: each on a line of its own, or over several.
pub struct Documents {
    pub name: String,
    reader: Box<dyn BufRead>,
    /// Lines read.
    line: u64,
    /// A line that was read and is not given yet.
    held: Option<Vec<u8>>,
}

pub struct Document {
    /// Where it begins, from 1.
    pub line: u64,
    pub bytes: Vec<u8>,
}

impl Documents {
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let (name, reader): (_, Box<dyn BufRead>) = if path == Path::new("-") {
            ("standard input".to_owned(), Box::new(io::stdin().lock()))
        } else {
            let name = path.display().to_string();
            let file = File::open(path).map_err(|error| Failure::input(format!("{name}: {error}")))?;
            (name, Box::new(BufReader::new(file)))
        };
        Ok(Self { name, reader, line: 0, held: None })
    }

    /// The next line that is not blank, with those after it where it only begins a document.
    pub fn next(&mut self) -> Result<Option<Document>, Failure> {
        let Some(mut bytes) = self.text()? else { return Ok(None) };
        let line = self.line;
        if serde_json::from_slice::<IgnoredAny>(&bytes).is_err_and(|error| error.is_eof()) {
            self.rest(&mut bytes)?;
        }
        Ok(Some(Document { line, bytes }))
    }

    /// Appends what belongs to a document that is begun. Where one was cut off, the next line that is a
    /// document by itself is none of it.
    fn rest(&mut self, bytes: &mut Vec<u8>) -> Result<(), Failure> {
        let mut depth = Depth::default();
        depth.read(bytes);
        while depth.goes_on() {
            let Some(line) = self.text()? else { return Ok(()) };
            if Document::stands_alone(&line) {
                // It is counted when it is given.
                self.line -= 1;
                self.held = Some(line);
                return Ok(());
            }
            depth.read(&line);
            bytes.push(b'\n');
            bytes.extend_from_slice(&line);
            self.bounded(bytes)?;
        }
        Ok(())
    }

    /// The next line that is not blank, without its end.
    fn text(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        if let Some(held) = self.held.take() {
            self.line += 1;
            return Ok(Some(held));
        }
        loop {
            let mut line = Vec::new();
            // One byte more shows what is too long.
            let read = (&mut self.reader).take(LONGEST + 1).read_until(b'\n', &mut line);
            let read = read.map_err(|error| Failure::input(format!("{}: {error}", self.name)))?;
            if read == 0 {
                return Ok(None);
            }
            self.line += 1;
            self.bounded(&line)?;
            if self.line == 1 && line.starts_with(MARK) {
                line.drain(..MARK.len());
            }
            line.truncate(line.trim_ascii_end().len());
            if !line.is_empty() {
                return Ok(Some(line));
            }
        }
    }

    /// What is too long ends the look at the file: where it ends nobody knows.
    fn bounded(&self, bytes: &[u8]) -> Result<(), Failure> {
        if bytes.len() as u64 <= LONGEST {
            return Ok(());
        }
        let (name, line) = (&self.name, self.line);
        Err(Failure::input(format!(
            "{name}, line {line}: longer than 16 MiB; what follows was not looked at"
        )))
    }
}

/// How many brackets of a text of JSON are open.
#[derive(Default)]
struct Depth {
    open: u64,
    quoted: bool,
    escaped: bool,
}

impl Depth {
    fn read(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.quoted => self.escaped = true,
                b'"' => self.quoted = !self.quoted,
                b'{' | b'[' if !self.quoted => self.open += 1,
                b'}' | b']' if !self.quoted => self.open = self.open.saturating_sub(1),
                _ => {}
            }
        }
    }

    /// Whether more lines may belong to it. No text goes over the end of a line.
    const fn goes_on(&self) -> bool {
        self.open > 0 && !self.quoted
    }
}

/// Types of lines in which there is nothing to verify.
const OTHERS: [&str; 5] = ["quote", "board", "closed", "funnel", "ledger"];

impl Document {
    /// Whether a line is whole and says what it is, as no line within a certificate does.
    fn stands_alone(line: &[u8]) -> bool {
        #[derive(Deserialize)]
        struct Head {
            r#type: Option<IgnoredAny>,
            version: Option<IgnoredAny>,
        }
        let head = serde_json::from_slice::<Head>(line);
        head.is_ok_and(|head| head.r#type.is_some() || head.version.is_some())
    }

    /// Whether it is to be verified: all but the other lines of a replay. What is of no known type, or
    /// cannot be read, is for the checker.
    pub fn is_one(&self) -> bool {
        #[derive(Deserialize)]
        struct Kind<'a> {
            #[serde(borrow)]
            r#type: Option<Cow<'a, str>>,
        }
        let kind = serde_json::from_slice::<Kind<'_>>(&self.bytes);
        !kind.is_ok_and(|kind| kind.r#type.is_some_and(|name| OTHERS.contains(&&*name)))
    }
}
