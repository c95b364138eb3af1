//! HAR files: any bytes are read or refused; what is read is in order, counted, and can be imported.

use crate::sink::{read, written};
use antigravity_capture::{HarReader, Header, Record, Source};
use std::io::Cursor;
use std::path::Path;

const BEFORE: &[u8] = b"{\"log\":{\"version\":\"1.2\",\"entries\":[";
const AFTER: &[u8] = b"]}}";

pub fn check(data: &[u8]) {
    whole(data);
    whole(&[BEFORE, data, AFTER].concat());
}

fn whole(bytes: &[u8]) {
    let reader = HarReader::from_reader(Path::new("in"), Cursor::new(bytes.to_vec()), None);
    let Ok(mut reader) = reader else { return };
    let mut records: Vec<Record> = Vec::new();
    while let Some(record) = reader.next().expect("it was read already") {
        records.push(record);
    }
    let counts = reader.summary();
    assert_eq!(records.len() as u64, counts.bodies + counts.frames + counts.events);
    assert!(records.is_sorted_by_key(|record| record.line.at()));
    assert!(records.iter().zip(1..).all(|(record, seq)| record.line.seq() == seq));
    let out = written(&Header::default(), &records).expect("what was read can be written");
    let (_, again, failed) = read(&out).expect("a capture was written");
    assert!(!failed && again == records, "{records:?} became {again:?}");
}
