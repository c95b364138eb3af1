//! Several captures as one stream.

#![allow(clippy::unwrap_used, clippy::panic)] // what fails in a helper fails its test

use antigravity_capture::{CaptureReader, Merged, Source};
use std::io::Cursor;
use std::path::Path;

fn source(seconds: &[u32], account: &str) -> Box<dyn Source> {
    let mut text = "{\"antigravity_capture\":1,\"redacted\":true}\n".to_owned();
    for (seq, second) in seconds.iter().enumerate() {
        let at = format!("2026-09-08T11:02:{second:02}Z");
        text += &format!("{{\"seq\":{},\"at\":\"{at}\",\"transport\":\"http\",\"url\":\"u\"}}\n", seq + 1);
    }
    Box::new(
        CaptureReader::from_reader(Path::new("x"), Cursor::new(text.into_bytes()), Some(account)).unwrap(),
    )
}

fn order(sources: Vec<Box<dyn Source>>) -> Vec<(usize, u64)> {
    let mut merged = Merged::new(sources);
    let mut order = Vec::new();
    while let Some((index, record)) = merged.next().unwrap() {
        order.push((index, record.line.seq()));
    }
    order
}

#[test]
fn by_time_then_by_the_order_given() {
    let merged = order(vec![source(&[1, 3, 5], "A"), source(&[1, 2, 5, 6], "B"), source(&[], "C")]);
    assert_eq!(merged, [(0, 1), (1, 1), (1, 2), (0, 2), (0, 3), (1, 3), (1, 4)]);
}

#[test]
fn a_clock_that_goes_back_holds_up_nobody_and_seq_rules_within_a_file() {
    // 10, 4, 11 counts as 10, 10, 11.
    let merged = order(vec![source(&[10, 4, 11], "A"), source(&[5, 10, 11], "B")]);
    assert_eq!(merged, [(1, 1), (0, 1), (0, 2), (1, 2), (0, 3), (1, 3)]);
}

#[test]
fn an_error_names_its_file_and_the_accounts_are_kept() {
    let broken = "{\"antigravity_capture\":1}\n{\"seq\":1}\n";
    let broken = CaptureReader::from_reader(Path::new("broken"), Cursor::new(broken), None).unwrap();
    let mut merged = Merged::new(vec![source(&[1], "B"), Box::new(broken)]);
    let error = merged.next().unwrap_err();
    assert_eq!(error.to_string(), "broken, line 2, field `at`: is missing");
    let mut merged = Merged::new(vec![source(&[1], "B")]);
    assert_eq!(&**merged.next().unwrap().unwrap().1.line.account(), "B");
}
