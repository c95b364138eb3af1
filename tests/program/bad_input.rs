//! Every kind of bad input: one clear message, nothing else affected, nothing lost from the ledger.

use crate::support::{HEADER, Place, capture, cmd368, frame, full, image, text};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
#[cfg(target_os = "linux")]
use std::process::Stdio;

/// Three good packets.
fn good() -> Vec<Value> {
    vec![
        cmd368(0, &full(1, "0.91", "-0.99")),
        cmd368(30, &full(2, "0.92", "-0.98")),
        cmd368(60, &full(3, "0.93", "-0.97")),
    ]
}

/// A body that was given as bytes.
fn bytes(mut packet: Value, bytes: &[u8]) -> Value {
    packet.as_object_mut().unwrap().remove("body");
    packet["body_base64"] = json!(BASE64_STANDARD.encode(bytes));
    packet
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_malformed_capture_is_named_by_file_line_and_field() {
    let place = Place::new();
    let lines: Vec<String> = capture(&good()).lines().map(str::to_owned).collect();
    let second = |from: &str, to: &str| {
        assert!(lines[2].contains(from), "{from}");
        let mut lines = lines.clone();
        lines[2] = lines[2].replacen(from, to, 1);
        lines.join("\n") + "\n"
    };
    let deep = format!("\"seq\":2,\"note\":{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let cases = [
        (
            second("\"seq\":2", "\"seq\":5"),
            "line 3, field `seq`: must be 2, one more than on the line before, but is 5",
        ),
        (
            second("\"seq\":2", "\"seq\":1"),
            "line 3, field `seq`: must be 2, one more than on the line before, but is 1",
        ),
        (second("\"seq\":2", "\"seq\":\"2\""), "line 3, field `seq`: must be a whole number"),
        (
            second("\"transport\":\"http\"", "\"transport\":\"smoke\""),
            "line 3, field `transport`: unknown value",
        ),
        (second("\"url\":", "\"uri\":"), "line 3, field `url`: is missing"),
        (second("\"status\":200", "\"status\":true"), "line 3, field `status`: must be a whole number"),
        (second("\"status\":200", "\"status\":99999"), "line 3, field `status`: must be an HTTP status"),
        (second("2026-03-14T11:00:30Z", "yesterday"), "line 3, field `at`: not an RFC 3339 time"),
        (second("\"body\":", "\"body_base64\":"), "line 3, field `body_base64`: not base64"),
        (second("{", "{{"), "line 3: not JSON"),
        (second("\"seq\":2", &deep), "line 3: not JSON: nested deeper than"),
        (second("{", "[").replacen("]}\n", "]\n", 1), "line 3: not JSON"),
        (lines[1..].join("\n"), "line 1: not a capture file"),
        (
            lines.join("\n").replacen("capture\":1", "capture\":2", 1),
            "line 1, field `antigravity_capture`: version 2",
        ),
        (String::new(), "line 1: not a capture file"),
    ];
    for (content, message) in cases {
        let file = place.file("bad.capture.ndjson", content);
        let named = format!("{}, {message}", text(&file));
        let ran = place.replay(&file).fails(2).says(&[&named]);
        assert!(!ran.out.contains("ledger"), "a run that did not end has no ledger: {}", ran.out);
        place.run(["capture", "inspect", text(&file)]).fails(2).says(&[&named]);
    }
    let mut content = capture(&good()).into_bytes();
    let spot = content.iter().rposition(|byte| *byte == b'N').unwrap();
    content[spot] = 0xff;
    let file = place.file("bytes.capture.ndjson", content);
    place.replay(&file).fails(2).says(&[text(&file), "line 4: not UTF-8"]);
}

#[test]
fn what_stands_before_a_malformed_line_is_written() {
    let place = Place::new();
    let mut lines: Vec<String> = capture(&good()).lines().map(str::to_owned).collect();
    let before = place.replay(&place.file("before.capture.ndjson", lines[..3].join("\n"))).ok();
    lines[3] = lines[3].replacen("\"url\":", "\"uri\":", 1);
    let file = place.file("bad.capture.ndjson", lines.join("\n"));
    for threads in ["1", "2"] {
        let ran = place.replay_with(&file, &["--threads", threads]).fails(2).says(&["line 4, field `url`"]);
        assert!(ran.lines("quote").len() > 2, "{}", ran.out);
        assert_eq!(ran.lines("quote"), before.lines("quote"), "{threads} threads");
    }
}

#[test]
fn a_malformed_har_is_named_by_file_and_line() {
    let place = Place::new();
    let cases = [
        ("{\n \"log\": {\n  \"version\": \"1.2\",\n  \"entries\": [}\n", "line 4, column"),
        (
            "{\n \"log\": {\n  \"version\": \"1.2\",\n  \"entries\": [\n   {\"startedDateTime\": 5}]}}",
            "line 5, column",
        ),
        ("{\n \"log\": {\n  \"version\": \"1.2\",\n  \"entries\": [", "line 4, column"),
        ("{\"log\": 5}", "line 1, column"),
        ("{}", "bad.har: not HAR 1.2: log.entries is missing"),
        ("", "bad.har, line 1, column"),
    ];
    for (content, place_in_it) in cases {
        let file = place.file("bad.har", content);
        let out = place.path("out.capture.ndjson");
        place.replay(&file).fails(2).says(&[text(&file), place_in_it, "not HAR 1.2"]);
        let import = ["capture", "import", text(&file), "--account", "A", "-o", text(&out)];
        place.run(import).fails(2).says(&[text(&file), place_in_it]);
        assert!(!out.exists(), "nothing is written");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let place = Place::new();
    let missing = place.path("none.capture.ndjson");
    place.replay(&missing).fails(2).says(&[text(&missing), "cannot be read"]);
    let folder = place.path("");
    place.replay(&folder).fails(2).says(&[text(&folder), "cannot be read"]);
    let zst = place.file("bad.capture.ndjson.zst", "not compressed");
    place.replay(&zst).fails(2).says(&[text(&zst)]);
}

#[test]
fn of_several_captures_the_malformed_one_is_named() {
    let place = Place::new();
    let sound = place.capture("sound.capture.ndjson", &good());
    let bad = place.file("bad.capture.ndjson", format!("{HEADER}\n{{}}\n"));
    let args = ["replay", text(&sound), text(&bad), "--emit", "ledger"];
    place.run(args).fails(2).says(&[text(&bad), "line 2, field `seq`: is missing"]);
}

#[test]
fn a_truncated_last_line_is_reported_and_the_rest_is_used() {
    let place = Place::new();
    let whole = place.replay(&place.capture("whole.capture.ndjson", &good()[..2])).ok();
    let content = capture(&good());
    let third = content.trim_end().rfind('\n').unwrap() + 1;
    // Cut in the middle of a name, of a string with an escape, and just before the closing brace.
    for cut in [third + 1, third + 20, content.len() - 60, content.len() - 2] {
        let file = place.file("cut.capture.ndjson", &content[..cut]);
        let ran = place.replay(&file).ok().says(&[&format!("warning: {}: line 4 is cut off", text(&file))]);
        assert_eq!(ran.out, whole.out);
        place.run(["capture", "inspect", text(&file)]).ok().says(&["line 4 is cut off"]);
    }
    // Compressed: what decompresses is used.
    let file =
        place.file("cut.capture.ndjson.zst", zstd::encode_all(&content.as_bytes()[..third + 20], 3).unwrap());
    assert_eq!(place.replay(&file).ok().says(&["line 4 is cut off"]).out, whole.out);
}

#[test]
fn bodies_that_cannot_be_decoded_are_rejected() {
    let place = Place::new();
    let mut packets = good();
    let body = full(4, "0.94", "-0.96");
    let mut broken = gzip(body.as_bytes());
    let half = broken.len() / 2;
    broken[half] ^= 0x55;
    let mut short = gzip(body.as_bytes());
    short.truncate(half);
    // "Ørn" in Latin-1 is no UTF-8.
    let latin: Vec<u8> = body.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    packets.extend([
        bytes(cmd368(90, ""), &broken),
        bytes(cmd368(91, ""), &short),
        bytes(cmd368(92, ""), &latin),
        bytes(cmd368(93, ""), &gzip(&latin)),
    ]);
    let ran = place.replay(&place.capture("broken.capture.ndjson", &packets)).ok();
    let ran = ran.counts(7, &[("parsed", 3), ("rejected", 4)]);
    assert_eq!((ran.reason("rejected:bad-compression"), ran.reason("rejected:bad-charset")), (2, 2));
    let alone = place.replay(&place.capture("alone.capture.ndjson", &good())).ok();
    assert_eq!(ran.lines("quote"), alone.lines("quote"), "nothing else is affected");
    // The same body, whole, is read.
    packets.push(bytes(cmd368(94, ""), &gzip(body.as_bytes())));
    place
        .replay(&place.capture("gzip.capture.ndjson", &packets))
        .ok()
        .counts(8, &[("parsed", 4), ("rejected", 4)]);
}

#[test]
fn what_is_no_text_or_no_json_is_rejected() {
    let place = Place::new();
    let deep = format!("{{\"t\":9,\"a\":true,\"data\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_mcm = format!("{{\"op\":\"mcm\",\"mc\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let bad = [
        (cmd368(40, &deep), "too-deep"),
        (frame(41, &deep_mcm), "too-deep"),
        (cmd368(42, "<!DOCTYPE html><title>Log in</title>"), "html"),
        (cmd368(43, "{\"t\":9,\"a\":true"), "not-json"),
        (cmd368(44, ""), "empty"),
        (cmd368(45, "{\"answer\":42}"), "schema"),
        (cmd368(46, "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0Mg=="), "opaque"),
        (cmd368(47, "\u{0}\u{1}\u{2}\u{fffd}"), "not-json"),
        (bytes(frame(48, ""), &[0x08, 0x96, 0x01, 0xff, 0x00]), "bad-charset"),
        (frame(49, "\u{8}\u{96}\u{1}\u{0}"), "not-json"),
        (json!({"status": 503, "body": "{}"}), "bad-status"),
    ];
    let mut packets = good();
    packets.insert(1, frame(10, &image()));
    let sound = packets.len() as u64;
    for (packet, _) in &bad {
        let mut whole = cmd368(50, "");
        let members = whole.as_object_mut().unwrap();
        members.extend(packet.as_object().unwrap().clone());
        if members.contains_key("body_base64") {
            members.remove("body");
        }
        let last = packets.len() - 1;
        packets.insert(last, whole);
    }
    let ran = place.replay(&place.capture("bad.capture.ndjson", &packets)).ok();
    let rejected = bad.len() as u64;
    let ran = ran.counts(sound + rejected, &[("parsed", sound), ("rejected", rejected)]);
    for (_, reason) in &bad {
        let expected = bad.iter().filter(|(_, other)| other == reason).count() as u64;
        assert_eq!(ran.reason(&format!("rejected:{reason}")), expected, "{reason}: {}", ran.ledger());
    }
}

/// The program with no more than this much writable memory, in MiB; the system enforces it.
#[cfg(target_os = "linux")]
fn within(place: &Place, mebibytes: u32, args: &[&str]) -> crate::support::Ran {
    let command = place.command::<&str>([]);
    let script = format!("ulimit -d {} && exec \"$@\"", mebibytes << 10);
    let mut limited = std::process::Command::new("sh");
    limited
        .args(["-c", &script, "sh"])
        .arg(command.get_program())
        .args(args)
        .current_dir(antigravity_tests::root());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    crate::support::Ran::of(&mut limited)
}

#[cfg(target_os = "linux")]
#[test]
fn a_body_of_100_mb_is_rejected_and_memory_stays_bounded() {
    let place = Place::new();
    let large = |second, fill: &str| cmd368(second, &fill.repeat(100_000_000 / fill.len()));
    let mut packets = good();
    // As it is, with an escape in every second character, encoded, and as a bomb of 100 kB.
    packets.insert(1, large(5, "x"));
    packets.insert(2, large(6, "x\n"));
    packets.insert(3, bytes(cmd368(7, ""), &vec![b'x'; 100_000_000]));
    packets.insert(4, bytes(cmd368(8, ""), &gzip(&vec![b'x'; 100_000_000])));
    let file = place.capture("large.capture.ndjson", &packets);
    drop(packets);
    let args = ["replay", text(&file), "--emit", "quotes,board,ledger", "--threads", "2"];
    let ran = within(&place, 600, &args).ok().counts(7, &[("parsed", 3), ("rejected", 4)]);
    assert_eq!(ran.reason("rejected:over-limit"), 4);
    let alone = place.replay(&place.capture("alone.capture.ndjson", &good())).ok();
    let prices = |lines: Vec<Value>| lines.iter().map(|line| line["price"].clone()).collect::<Vec<_>>();
    assert_eq!(prices(ran.lines("quote")), prices(alone.lines("quote")));
}

/// The program's output, and the most memory in bytes that it was seen to hold.
#[cfg(target_os = "linux")]
fn watched(place: &Place, args: &[&str]) -> (crate::support::Ran, u64) {
    let mut command = place.command(args);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(&status).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        // Between its end and our asking it has none.
        peak = line.map_or(peak, |line| line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10);
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    (child.wait_with_output().unwrap().into(), peak)
}

/// Of a packet in which everything is new (connection, tokens, addresses, body) some words stay: that
/// its connection is known, and the digest of each secret that was taken out.
#[cfg(target_os = "linux")]
#[test]
fn what_is_new_in_every_packet_is_not_kept() {
    const FEW: u32 = 10_000;
    const MANY: u32 = 100_000;
    const BYTES_A_PACKET: u64 = 256;
    let place = Place::new();
    for redacted in ["true", "false"] {
        let replay = |lines: u32| {
            let path = place.path("long.capture.ndjson.zst");
            write_long(&path, lines, redacted, |seq| seq);
            let (ran, peak) = watched(&place, &["replay", text(&path), "--emit", "ledger", "--threads", "2"]);
            ran.ok().counts(lines.into(), &[("parsed", lines.into())]);
            peak
        };
        let (few, many) = (replay(FEW), replay(MANY));
        let kept = many.saturating_sub(few) / u64::from(MANY - FEW);
        assert!(few > 0 && kept < BYTES_A_PACKET, "{kept} bytes a packet; redacted: {redacted}");
    }
}

/// 200 MB of text. The program alone uses 40 MiB with one adapter at work, and of what came after the
/// last snapshot it remembers 65,536 packets and 32 MiB at most.
#[cfg(target_os = "linux")]
#[test]
fn repetitions_are_read_in_bounded_memory() {
    const LINES: u32 = 100_000;
    let place = Place::new();
    let path = place.path("long.capture.ndjson.zst");
    write_long(&path, LINES, "true", |_| 1);
    let ran = within(&place, 160, &["replay", text(&path), "--emit", "ledger", "--threads", "2"]);
    ran.ok().counts(LINES.into(), &[("parsed", 1), ("ignored", u64::from(LINES) - 1)]);
}

/// Packets of CMD368's full list; what differs between two is made of what `new` says.
#[cfg(target_os = "linux")]
fn write_long(path: &Path, lines: u32, redacted: &str, new: impl Fn(u32) -> u32) {
    let mut out = zstd::Encoder::new(std::fs::File::create(path).unwrap(), 1).unwrap();
    writeln!(out, "{}", HEADER.replace("true", redacted)).unwrap();
    let mut packet = cmd368(0, &full(7_000_000, "0.777", "-0.99"));
    packet["connection"] = json!("CONNECTION");
    packet["page"] = json!("https://p12.example/(S(SECRET))/Member/?n=SECRET");
    packet["url"] =
        json!("https://p12.example/(S(SECRET))/Member/BetsView/BetLight/DataOdds.ashx?token=SECRET");
    let line = packet.to_string();
    let padding = "x".repeat(1000);
    for seq in 1..=lines {
        let n = new(seq);
        let line = line
            .replace("CONNECTION", &format!("c{n}"))
            .replace("SECRET", &format!("a{n}b"))
            .replace("7000000", &n.to_string())
            .replace("0.777", &format!("0.{}", 100 + n % 900));
        writeln!(out, "{{\"seq\":{seq},\"note\":\"{padding}\",{}", &line[1..]).unwrap();
    }
    out.finish().unwrap();
}
