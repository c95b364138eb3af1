//! The HAR file among the recorded traffic in the directory that `ANTIGRAVITY_CAPTURES` names.

use antigravity_capture::{HarReader, Line, Progress, Redactor, Source};
use antigravity_core::Body;
use std::path::PathBuf;

#[test]
fn a_recorded_har_file() {
    let Some(captures) = std::env::var_os("ANTIGRAVITY_CAPTURES") else { return };
    let path = PathBuf::from(captures).join("oddsportal_har/live_listing_redacted.har");
    let mut reader = HarReader::open(&path, None, &Progress::default()).unwrap();
    assert_eq!((reader.summary().entries, reader.summary().bodies), (135, 135));
    let mut redactor = Redactor::new();
    let (mut last, mut polls, mut fonts) = (None, Vec::new(), 0);
    while let Some(record) = reader.next().unwrap() {
        let mut clean = record.clone();
        redactor.record(&mut clean, &[]);
        assert_eq!(clean.unknown, record.unknown, "every body can be looked into");
        let (Line::Packet(packet), Line::Packet(clean)) = (record.line, clean.line) else {
            panic!("a packet")
        };
        assert!(last <= Some(packet.at));
        last = Some(packet.at);
        let content_type = packet.content_type.as_deref().unwrap_or_default();
        if content_type.starts_with("font/") || content_type.starts_with("image/") {
            assert_eq!(clean.body, packet.body);
            fonts += u32::from(content_type.starts_with("font/"));
        }
        if content_type == "application/json" {
            // Encrypted, in base64: nothing in it may be taken for a secret.
            assert_eq!(clean.body, packet.body);
            polls.push(packet);
        }
    }
    assert_eq!((fonts, polls.len()), (7, 12));
    let posted: Vec<_> = polls.iter().filter_map(|packet| packet.request_body.as_deref()).collect();
    assert!(matches!(posted[..], [body] if body.starts_with("{\"onlyEssentials\":[")));
    assert!(polls.iter().all(|packet| matches!(&packet.body, Body::Text(text) if !text.is_empty())));
}
