//! Capture files: what is written is read again, and what is malformed is named.

#![allow(clippy::unwrap_used, clippy::panic)] // what fails in a helper fails its test

use antigravity_capture::{
    CaptureError, CaptureReader, CaptureWriter, Connection, Header, Line, Lost, Mark, Members, Problem,
    Progress, Record, Source, Toggle, open,
};
use antigravity_core::packet::MAX_BODY;
use antigravity_core::{Body, Direction, Packet, Timestamp, Transport};
use proptest::prelude::*;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

const HEADER: &str = r#"{"antigravity_capture":1,"created_at":"2026-09-08T11:02:03Z","redacted":true}"#;
const PACKET: &str = r#"{"seq":7,"at":"2026-09-08T11:02:03.123456789Z","connection":"c1","transport":"http","direction":"received","method":"POST","url":"https://a.example/x","status":200,"content_type":"application/json","request_body":"fc=1","body":"[1,\"ä\"]"}"#;

fn reader(text: impl Into<Vec<u8>>, account: Option<&str>) -> Result<CaptureReader, CaptureError> {
    CaptureReader::from_reader(Path::new("x.ndjson"), Cursor::new(text.into()), account)
}

fn all(reader: &mut CaptureReader) -> Result<Vec<Record>, CaptureError> {
    std::iter::from_fn(|| reader.next().transpose()).collect()
}

fn read(lines: &[&str]) -> Result<Vec<Record>, CaptureError> {
    let mut text = vec![HEADER];
    text.extend(lines);
    all(&mut reader(text.join("\n") + "\n", None)?)
}

fn packet(record: &Record) -> &Packet {
    match &record.line {
        Line::Packet(packet) => packet,
        other => panic!("{other:?}"),
    }
}

/// The packet line with one piece of it replaced.
fn with(from: &str, to: &str) -> String {
    assert!(PACKET.contains(from));
    PACKET.replacen(from, to, 1)
}

#[test]
fn every_field_is_read() {
    let records = read(&[PACKET]).unwrap();
    let text = |text: &str| Some(Arc::from(text));
    let expected = Packet {
        seq: 7,
        at: Timestamp::from_nanos(1_788_865_323_123_456_789),
        account: Arc::from("A"),
        connection: Arc::from("c1"),
        page: None,
        transport: Transport::Http,
        direction: Direction::Received,
        method: text("POST"),
        url: Arc::from("https://a.example/x"),
        status: Some(200),
        content_type: text("application/json"),
        request_body: Some("fc=1".to_owned()),
        event: None,
        body: Body::Text("[1,\"ä\"]".to_owned()),
    };
    assert_eq!(records, [Record::from(Line::Packet(expected))]);
}

#[test]
fn what_is_left_out_has_a_default() {
    let line =
        r#"{"seq":1,"at":"2026-09-08T11:02:03Z","transport":"sse","url":"u","status":null,"page":null}"#;
    let records = read(&[line]).unwrap();
    let it = packet(&records[0]);
    assert_eq!((&*it.account, &*it.connection, it.direction), ("A", "", Direction::Received));
    assert_eq!((it.status, &it.page, &it.body), (None, &None, &Body::empty()));
}

#[test]
fn the_account_is_the_callers_then_the_lines() {
    let line = with("\"connection\"", "\"account\":\"B\",\"connection\"");
    let text = format!("{HEADER}\n{line}");
    let account =
        |given| packet(&all(&mut reader(text.clone(), given).unwrap()).unwrap()[0]).account.to_string();
    assert_eq!(account(None), "B");
    assert_eq!(account(Some("C")), "C");
}

#[test]
fn other_kinds_are_read_and_unknown_ones_skipped() {
    let at = r#""at":"2026-09-08T11:02:03Z""#;
    let lines = [
        format!(r#"{{"kind":"opened","seq":1,{at},"connection":"c1","why":[1]}}"#),
        format!(r#"{{"kind":"from-the-future","seq":2,{at},"url":5}}"#),
        r#"{"kind":"from-the-future","seq":"?"}"#.to_owned(),
        format!(r#"{{"seq":3,{at},"kind":"lost"}}"#),
        format!(r#"{{"seq":4,{at},"kind":"mark","provider":"cmd368"}}"#),
        format!(r#"{{"seq":5,{at},"kind":"toggle","on":false}}"#),
        format!(r#"{{"seq":6,{at},"kind":"closed","connection":"c1"}}"#),
    ];
    let records = read(&lines.each_ref().map(String::as_str)).unwrap();
    let kinds: Vec<_> = records.iter().map(|record| &record.line).collect();
    assert!(matches!(
        kinds[..],
        [
            Line::Opened(Connection { seq: 1, .. }),
            Line::Lost(Lost { seq: 3, .. }),
            Line::Mark(Mark { seq: 4, .. }),
            Line::Toggle(Toggle { seq: 5, on: false, .. }),
            Line::Closed(Connection { seq: 6, .. })
        ]
    ));
    assert_eq!(records[0].unknown.as_str(), r#""why":[1]"#);
}

#[test]
fn what_is_malformed_is_named() {
    let second = with("\"seq\":7", "\"seq\":9");
    let largest = with("\"seq\":7", "\"seq\":18446744073709551615");
    let address = with("https://a.example/x", &format!("https://a.example/{}", "x".repeat(64 << 10)));
    let cases: &[(&[&str], u64, Option<&str>, &str)] = &[
        (&[&address], 2, Some("url"), "longer than 64 KiB"),
        (&["[1]"], 2, None, "must be a JSON object"),
        (&["{}"], 2, Some("seq"), "is missing"),
        (&[&with("\"seq\":7", "\"seq\":\"7\"")], 2, Some("seq"), "must be a whole number"),
        (&[&with("\"seq\":7", "\"seq\":7.5")], 2, Some("seq"), "must be a whole number"),
        (&[PACKET, &second], 3, Some("seq"), "must be 8, one more than on the line before, but is 9"),
        (&[&largest], 2, Some("seq"), "must be a whole number of at most 18 digits"),
        (&[PACKET, PACKET], 3, Some("seq"), "must be 8, one more than on the line before, but is 7"),
        (&[&with("2026-09-08T11", "yesterday")], 2, Some("at"), "not an RFC 3339 time"),
        (&[&with("\"http\"", "\"carrier-pigeon\"")], 2, Some("transport"), "known are http, websocket, sse"),
        (&[&with("\"transport\"", "\"x\"")], 2, Some("transport"), "is missing"),
        (&[&with("\"received\"", "\"sideways\"")], 2, Some("direction"), "known are received, sent"),
        (&[&with("\"url\"", "\"x\"")], 2, Some("url"), "is missing"),
        (&[&with("\"https://a.example/x\"", "5")], 2, Some("url"), "must be a string"),
        (&[&with("200", "\"200\"")], 2, Some("status"), "must be a whole number"),
        (&[&with("200", "70000")], 2, Some("status"), "must be an HTTP status"),
        (&[&with("\"fc=1\"", "{}")], 2, Some("request_body"), "must be a string"),
        (&[&with("\"body\"", "\"body_base64\"")], 2, Some("body_base64"), "not base64"),
        (&[&with("\"fc=1\"", "\"\",\"body_base64\":\"\"")], 2, Some("body_base64"), "must not stand beside"),
        (&[&with("\"[1,", "\"\\ud800[1,")], 2, Some("body"), "half of a surrogate pair"),
        (&["garbage", PACKET], 2, None, "not JSON"),
        (&[PACKET, &PACKET[..40], PACKET], 3, None, "not JSON"),
        (&["garbage"], 2, None, "not JSON"),
        (&["{\"seq\":x"], 2, None, "not JSON"),
        (&["{\"kind\":5}"], 2, Some("kind"), "must be a string"),
    ];
    for (lines, line, field, text) in cases {
        let error = read(lines).unwrap_err();
        assert_eq!((error.line, error.field), (Some(*line), *field), "{lines:?}");
        let message = error.to_string();
        assert!(
            message.starts_with(&format!("x.ndjson, line {line}")) && message.contains(text),
            "{message}"
        );
    }
}

#[test]
fn a_header_is_needed() {
    for (text, message) in [
        ("", "x.ndjson, line 1: not a capture file"),
        ("\n\n", "x.ndjson, line 1: not a capture file"),
        (PACKET, "x.ndjson, line 1: not a capture file"),
        ("{\"antigravity_capture\":1", "x.ndjson, line 1: not a capture file"),
        ("\0\u{1}binary", "x.ndjson, line 1: not a capture file"),
        ("{\"antigravity_capture\":2}", "field `antigravity_capture`: version 2 is not known"),
        ("{\"antigravity_capture\":\"1\"}", "field `antigravity_capture`: must be a whole number"),
        ("{\"antigravity_capture\":1,\"created_at\":\"x\"}", "field `created_at`: not an RFC 3339 time"),
        ("{\"antigravity_capture\":1,\"redacted\":\"yes\"}", "field `redacted`: must be true or false"),
    ] {
        let error = reader(text, None).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
    let reader = reader("{\"antigravity_capture\":1,\"by\":\"me\"}", None).unwrap();
    assert_eq!(reader.header().unknown.as_str(), "\"by\":\"me\"");
    assert!(!reader.redacted());
}

#[test]
fn every_cut_of_the_last_line_is_reported_and_skipped() {
    let last = with("\"seq\":7", "\"seq\":8").replace("\"status\":200", "\"x\":[true,false,null,-1.5e+3]");
    for cut in 1..last.len() {
        for feed in ["", "\n"] {
            let mut text = format!("{HEADER}\n{PACKET}\n").into_bytes();
            text.extend_from_slice(&last.as_bytes()[..cut]);
            text.extend_from_slice(feed.as_bytes());
            let mut reader = reader(text, None).unwrap();
            let records = all(&mut reader).unwrap_or_else(|e| panic!("cut at {cut}: {e}"));
            assert_eq!((records.len(), reader.truncated()), (1, Some(3)), "cut at {cut}");
        }
    }
    let mut whole = reader(format!("{HEADER}\n{PACKET}\n{last}"), None).unwrap();
    assert_eq!((all(&mut whole).unwrap().len(), whole.truncated()), (2, None));
}

#[test]
fn zeros_at_the_end_are_a_cut_off_line() {
    let second = with("\"seq\":7", "\"seq\":8");
    for part in ["", "{\"seq\":8,\"at", "{\"seq\":8,\"account\":\"ä", &second] {
        // Also in the middle of a character.
        for cut in [0, 1].into_iter().filter(|cut| *cut <= part.len()) {
            let mut bytes = format!("{HEADER}\n{PACKET}\n{part}").into_bytes();
            bytes.truncate(bytes.len() - cut);
            bytes.extend([0; 4096]);
            let mut reader = reader(bytes, None).unwrap();
            let records = all(&mut reader).unwrap();
            assert_eq!((records.len(), reader.truncated()), (1, Some(3)), "{part}");
        }
    }
    let within = format!("{HEADER}\n{PACKET}\n\0\0\n{second}\n");
    assert_eq!(all(&mut reader(within, None).unwrap()).unwrap_err().line, Some(3), "not at the end");
}

#[test]
fn a_byte_order_mark_before_the_header_says_nothing() {
    let mut reader = reader(format!("\u{feff}{HEADER}\n{PACKET}\n"), None).unwrap();
    assert!(reader.header().redacted);
    assert_eq!(all(&mut reader).unwrap(), read(&[PACKET]).unwrap());
}

#[test]
fn a_message_repeats_little_of_a_file() {
    let header = format!("{{\"antigravity_capture\":{}}}\n", "2".repeat(3_000_000));
    let said = reader(header, None).unwrap_err().to_string();
    assert!(said.contains("version 222") && said.len() < 250, "{}", said.len());
}

#[test]
fn a_file_has_its_name_when_it_is_whole() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("new.capture.ndjson");
    let names = || directory.path().read_dir().unwrap().count();
    let begin = || {
        let mut writer = CaptureWriter::create(&path, &Header::default()).unwrap();
        writer.write(&read(&[PACKET]).unwrap()[0]).unwrap();
        writer
    };
    drop(begin());
    assert_eq!(names(), 0, "what was not finished leaves nothing");
    let writer = begin();
    assert!(!path.exists());
    writer.finish().unwrap();
    let first = std::fs::read(&path).unwrap();
    std::fs::write(&path, "old").unwrap();
    let writer = begin();
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    writer.finish().unwrap();
    assert_eq!((std::fs::read(&path).unwrap(), names()), (first, 1));
}

#[cfg(unix)]
#[test]
fn what_is_replaced_keeps_its_rights_and_the_links_to_it() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let directory = tempfile::tempdir().unwrap();
    let [path, link, usual] = ["new", "link", "usual"].map(|name| directory.path().join(name));
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode();
    let write = |path: &Path| CaptureWriter::create(path, &Header::default()).unwrap().finish().unwrap();
    std::fs::write(&usual, "").unwrap();
    write(&path);
    assert_eq!(mode(&path), mode(&usual));
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
    std::fs::write(&path, "old").unwrap();
    symlink(&path, &link).unwrap();
    write(&link);
    assert!(link.is_symlink());
    assert_eq!((mode(&path) & 0o777, std::fs::read(&path).unwrap()), (0o600, std::fs::read(&link).unwrap()));
    assert_ne!(std::fs::read(&path).unwrap(), b"old");
}

#[test]
fn bodies_over_the_limit_keep_their_length() {
    let long = "x\\n".repeat(MAX_BODY / 2 + 1);
    let line = with("[1,\\\"ä\\\"]", &long);
    let records = read(&[&line]).unwrap();
    assert_eq!(packet(&records[0]).body, Body::OverLimit(MAX_BODY as u64 + 2));
    let line = with(
        "\"body\":\"[1,\\\"ä\\\"]\"",
        &format!("\"body_base64\":\"{}\"", "AAAA".repeat(MAX_BODY / 3 + 1)),
    );
    let records = read(&[&line]).unwrap();
    assert_eq!(packet(&records[0]).body, Body::OverLimit(MAX_BODY as u64 / 3 * 3 + 3));
    // A request's body counts likewise, and is not kept.
    let line = with("fc=1", &"x".repeat(MAX_BODY + 5));
    let records = read(&[&line]).unwrap();
    let packet = packet(&records[0]);
    assert_eq!((&packet.body, &packet.request_body), (&Body::OverLimit(MAX_BODY as u64 + 5), &None));
}

#[test]
fn compressed_files_are_known_by_content_and_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let records = read(&[PACKET, &with("\"seq\":7", "\"seq\":8")]).unwrap();
    let header = Header { redacted: true, ..Header::default() };
    let write = |name: &str| {
        let path = dir.path().join(name);
        let mut writer = CaptureWriter::create(&path, &header).unwrap();
        records.iter().for_each(|record| writer.write(record).unwrap());
        writer.finish().unwrap();
        std::fs::read(path).unwrap()
    };
    let plain = write("a.capture.ndjson");
    let packed = write("a.capture.ndjson.zst");
    assert_eq!(plain, zstd::decode_all(&*packed).unwrap());
    assert_eq!(packed, write("again.zst"));
    std::fs::write(dir.path().join("unnamed"), &packed).unwrap();
    for name in ["a.capture.ndjson", "a.capture.ndjson.zst", "unnamed"] {
        let progress = Progress::default();
        let mut source = open(&dir.path().join(name), None, &progress).unwrap();
        let read: Vec<_> = std::iter::from_fn(|| source.next().unwrap()).collect();
        assert_eq!(read, records);
        assert!(source.redacted());
        assert!(progress.bytes_read() > 0);
        assert_eq!(progress.bytes_read(), progress.total_bytes());
    }
    std::fs::write(dir.path().join("false.zst"), &plain).unwrap();
    assert!(CaptureReader::open(&dir.path().join("false.zst"), None).is_err());
    let missing = CaptureReader::open(&dir.path().join("missing"), None).unwrap_err();
    assert!(matches!(missing.problem, Problem::Read(_)));
}

#[test]
fn a_compressed_file_that_was_cut_is_read_as_far_as_it_goes() {
    let line = |seq: u64| {
        with("\"seq\":7", &format!("\"seq\":{seq}")).replace("fc=1", &"x7!a".repeat(seq as usize % 97))
    };
    let text: String =
        std::iter::once(HEADER.to_owned()).chain((1..20_000).map(line)).map(|l| l + "\n").collect();
    let packed = zstd::encode_all(text.as_bytes(), 1).unwrap();
    let mut whole = reader(packed.clone(), None).unwrap();
    assert_eq!((all(&mut whole).unwrap().len(), whole.truncated()), (19_999, None));
    let mut cut = reader(&packed[..packed.len() / 2], None).unwrap();
    let records = all(&mut cut).unwrap();
    assert!(!records.is_empty() && records.len() < 19_999);
    let truncated = cut.truncated().unwrap();
    assert_eq!(truncated, records.len() as u64 + 2, "the line after the last whole one");
}

#[test]
fn the_writer_refuses_a_jump_in_seq() {
    let records = read(&[PACKET]).unwrap();
    let mut writer = CaptureWriter::to_writer(Path::new("out"), Vec::new(), &Header::default()).unwrap();
    writer.write(&records[0]).unwrap();
    let error = writer.write(&records[0]).unwrap_err().to_string();
    assert_eq!(error, "out, field `seq`: must be 8, one more than on the line before, but is 7");
    let mut writer = CaptureWriter::to_writer(Path::new("out"), Vec::new(), &Header::default()).unwrap();
    let last = Line::Lost(Lost { seq: u64::MAX, at: Timestamp::from_nanos(0), account: "A".into() }).into();
    writer.write(&last).unwrap();
    let error = writer.write(&last).unwrap_err().to_string();
    assert_eq!(error, "out, field `seq`: nothing can follow 18446744073709551615, the largest number");
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[ -~\\\\\"\n\t]{0,40}"]
}

fn any_arc() -> impl Strategy<Value = Arc<str>> {
    any_text().prop_map(Arc::from)
}

fn any_body() -> impl Strategy<Value = Body> {
    prop_oneof![
        any_text().prop_map(Body::Text),
        any::<Vec<u8>>().prop_map(Body::Bytes),
        (0..1u64 << 50).prop_map(Body::OverLimit),
    ]
}

prop_compose! {
    fn any_packet()(
        (account, connection, url) in (any_arc(), any_arc(), any_arc()),
        options in prop::array::uniform4(prop::option::of(any_arc())),
        at: i64,
        transport in prop::sample::select(vec![Transport::Http, Transport::WebSocket, Transport::Sse]),
        direction in prop::sample::select(vec![Direction::Received, Direction::Sent]),
        status: Option<u16>,
        request_body in prop::option::of(any_text()),
        body in any_body(),
    ) -> Packet {
        let [page, method, content_type, event] = options;
        Packet {
            seq: 0, at: Timestamp::from_nanos(at), account, connection, page, transport, direction, method, url,
            status, content_type, request_body, event, body,
        }
    }
}

fn any_line() -> impl Strategy<Value = Line> {
    let at = any::<i64>().prop_map(Timestamp::from_nanos);
    prop_oneof![
        5 => any_packet().prop_map(Line::Packet),
        1 => (at.clone(), any_arc()).prop_map(|(at, account)| Line::Lost(Lost { seq: 0, at, account })),
        1 => (at.clone(), any_arc(), any_arc())
            .prop_map(|(at, account, connection)| Line::Opened(Connection { seq: 0, at, account, connection })),
        1 => (at.clone(), any_arc(), any_arc())
            .prop_map(|(at, account, connection)| Line::Closed(Connection { seq: 0, at, account, connection })),
        1 => (at.clone(), any_arc(), any_arc())
            .prop_map(|(at, account, provider)| Line::Mark(Mark { seq: 0, at, account, provider })),
        1 => (at, any_arc(), any::<bool>())
            .prop_map(|(at, account, on)| Line::Toggle(Toggle { seq: 0, at, account, on })),
    ]
}

fn number(line: &mut Line, n: u64) {
    match line {
        Line::Packet(it) => it.seq = n,
        Line::Lost(it) => it.seq = n,
        Line::Opened(it) | Line::Closed(it) => it.seq = n,
        Line::Mark(it) => it.seq = n,
        Line::Toggle(it) => it.seq = n,
    }
}

/// A writer's target that can be looked at afterwards.
#[derive(Clone, Default)]
struct Shared(Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn written(header: &Header, records: &[Record]) -> Vec<u8> {
    let out = Shared::default();
    let mut writer = CaptureWriter::to_writer(Path::new("out"), out.clone(), header).unwrap();
    records.iter().for_each(|record| writer.write(record).unwrap());
    writer.finish().unwrap();
    let bytes = out.0.lock().unwrap();
    bytes.clone()
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        lines in prop::collection::vec((any_line(), prop::option::of((any_text(), any_text()))), 0..8),
        first in 0u64..1 << 40,
        created in prop::option::of(any::<i64>()),
        redacted: bool,
    ) {
        let mut records = Vec::new();
        for (n, (mut line, more)) in (first..).zip(lines) {
            number(&mut line, n);
            let mut unknown = Members::default();
            if let Some((name, value)) = more {
                unknown.push_text(&format!("x{name}"), &value);
            }
            records.push(Record { line, unknown });
        }
        let created_at = created.map(Timestamp::from_nanos);
        let header = Header { created_at, redacted, unknown: Members::default() };
        let bytes = written(&header, &records);
        let mut reader = reader(bytes.clone(), None).unwrap();
        prop_assert_eq!(reader.header(), &header);
        let again = all(&mut reader).unwrap();
        prop_assert_eq!(&again, &records);
        prop_assert_eq!(written(&header, &again), bytes);
    }

    #[test]
    fn any_bytes_are_no_panic(bytes: Vec<u8>, line in any::<usize>(), spot in any::<usize>(), byte: u8) {
        let _ = reader(bytes.clone(), None);
        let mut text = format!("{HEADER}\n{PACKET}\n{}\n", with("\"seq\":7", "\"seq\":8")).into_bytes();
        let at = spot % text.len();
        text[at] = byte;
        let at = line % text.len();
        text.splice(at..at, bytes.iter().copied());
        if let Ok(mut reader) = reader(text, None) {
            let _ = all(&mut reader);
        }
    }
}
