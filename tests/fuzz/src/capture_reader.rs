//! Capture files: any bytes are read or refused, and what is read can be written and read again.

use crate::sink::{read, written};
use antigravity_capture::Record;

const HEADER: &[u8] = b"{\"antigravity_capture\":1,\"redacted\":false}\n";

pub fn check(data: &[u8]) {
    whole(data);
    whole(&[HEADER, data].concat());
}

fn whole(bytes: &[u8]) {
    let Some((header, records, _)) = read(bytes) else { return };
    assert!(records.windows(2).all(|pair| pair[0].line.seq() < pair[1].line.seq()), "seq rises");
    let steady = |pair: &[Record]| pair[0].line.seq() + 1 == pair[1].line.seq();
    // A line of a kind that nobody knows takes a number and is not kept.
    if !records.windows(2).all(steady) {
        return;
    }
    let out = written(&header, &records).expect("what was read can be written");
    let (header_again, records_again, failed) = read(&out).expect("a capture was written");
    assert!(
        !failed && header_again == header && records_again == records,
        "{records:?} became {records_again:?}"
    );
    assert_eq!(written(&header, &records_again), Some(out), "the same records give the same bytes");
}
