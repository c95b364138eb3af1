//! A capture written to memory.

use antigravity_capture::{CaptureReader, CaptureWriter, Header, Record, Source};
use std::io::{self, Cursor, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The bytes of a capture of these records; `None` where the writer refuses them.
pub fn written(header: &Header, records: &[Record]) -> Option<Vec<u8>> {
    let out = Shared::default();
    let mut writer = CaptureWriter::to_writer(Path::new("out"), out.clone(), header).ok()?;
    for record in records {
        writer.write(record).ok()?;
    }
    writer.finish().ok()?;
    Some(std::mem::take(&mut *out.0.lock().ok()?))
}

/// What is read from the bytes of a capture: records until the end or the first error, and whether
/// there was one.
pub fn read(bytes: &[u8]) -> Option<(Header, Vec<Record>, bool)> {
    let mut reader = CaptureReader::from_reader(Path::new("in"), Cursor::new(bytes.to_vec()), None).ok()?;
    let (header, mut records) = (reader.header().clone(), Vec::new());
    loop {
        match reader.next() {
            Ok(Some(record)) => records.push(record),
            Ok(None) => return Some((header, records, false)),
            Err(error) => {
                assert!(error.line.is_some(), "an error in a line names it: {error}");
                return Some((header, records, true));
            }
        }
    }
}
