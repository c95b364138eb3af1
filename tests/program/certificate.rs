//! `certificate verify`: what is true, what is not, and what cannot be read.

use crate::messages::{EVIL, harmless};
use crate::support::{Place, Ran, text};
use serde_json::{Value, json};
use std::io::Write;
use std::process::Stdio;

/// The published example, over several lines.
const CERTIFICATE: &str = include_str!("fixtures/certificate.json");

/// The same as the line of an opportunity.
const LINE: &str = include_str!("fixtures/opportunity.ndjson");

const TRUE: &str = "verified: guaranteed profit 16.05 USD, 2 legs, 3 states\n";

/// `certificate verify` of a file with this content.
fn verify(content: impl AsRef<[u8]>, more: &[&str]) -> Ran {
    let place = Place::new();
    place.file("given", content);
    Ran::of(&mut place.bare(["certificate", "verify", "given"].iter().chain(more)))
}

/// The text with `new` in the place of the first `old`.
fn with(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "{old}");
    text.replacen(old, new, 1)
}

#[test]
fn the_published_example_is_true() {
    let compact = serde_json::from_str::<Value>(CERTIFICATE).unwrap().to_string();
    for document in [
        CERTIFICATE,
        LINE,
        &compact,
        &format!("\n\n{CERTIFICATE}"),
        &format!("\u{feff}{LINE}\n \n"),
        &format!("\u{feff}\n{CERTIFICATE}"),
    ] {
        let ran = verify(document, &[]).ok();
        assert_eq!((&*ran.out, &*ran.err), (TRUE, ""));
    }
    let ran = verify(CERTIFICATE, &["--json"]).ok();
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    let expected = json!({"line": 1, "verified": true, "guaranteed_profit": "16.05", "currency": "USD", "legs": 2, "states": 3});
    assert_eq!(said, expected);
}

#[test]
fn a_changed_digit_is_named() {
    for (old, new, says) in [
        (r#""value":"2.10""#, r#""value":"2.11""#, "states[0].profit: says 32.1, is 37.01"),
        (r#""nominal_stake":"491""#, r#""nominal_stake":"490""#, "legs[0].risk: says 491, is 490"),
        (r#""max":"600""#, r#""max":"490""#, "legs[0].nominal_stake"),
        (r#""profit":"17""#, r#""profit":"18""#, "states[2].profit: says 18, is 17"),
        (
            r#""guaranteed_profit":"16.05""#,
            r#""guaranteed_profit":"16.06""#,
            "guaranteed_profit: says 16.06, is 16.05",
        ),
        (r#""version":1"#, r#""version":2"#, "version: says 2, is 1"),
    ] {
        let ran = verify(with(CERTIFICATE, old, new), &[]).fails(1).says(&["error: given, line 1: ", says]);
        assert_eq!(ran.out, "", "{new}");
    }
    // Of a line every digit counts: the certificate's by its digest.
    for (old, new, says) in [
        (r#""packet_seq":17"#, r#""packet_seq":18"#, "id: says 5956d69c"),
        (r#""certificate":{"#, r#""certificate":{ "#, "the SHA-256 of the certificate's bytes as printed"),
        (r#""return":"0.016066""#, r#""return":"0.016067""#, "return: says 0.016067, is 0.016066"),
        (r#""stake_total":"999""#, r#""stake_total":"998""#, "stake_total: says 998, is 999"),
    ] {
        verify(with(LINE, old, new), &[]).fails(1).says(&[says]);
    }
    let ran = verify(with(CERTIFICATE, r#""profit":"17""#, r#""profit":"18""#), &["--json"]).fails(1);
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    let expected =
        json!({"line": 1, "verified": false, "field": "states[2].profit", "said": "18", "is": "17"});
    assert_eq!(said, expected);
}

#[test]
fn what_cannot_be_read_is_exit_2() {
    let cut = &CERTIFICATE[..CERTIFICATE.len() - 20];
    let cases: &[(&[u8], &str)] = &[
        (b"", "given: no certificate and no opportunity line"),
        (b" \n\n", "no certificate and no opportunity line"),
        (b"{\"type\":\"ledger\",\"captured\":1}\n", "no certificate and no opportunity line"),
        (b"garbage", "given, line 1: expected value at column 1"),
        (b"\xff\xfe\x00", "given, line 1: "),
        (b"[1,2]", "given, line 1: "),
        (b"{}", "missing field"),
        (b"\n{\"type\":7}", "given, line 2: "),
        (cut.as_bytes(), "given, line 1: EOF"),
        (&[b'['; 100_000], "given, line 1: "),
    ];
    for (content, says) in cases {
        let ran = verify(content, &[]).fails(2).says(&[says]);
        assert_eq!(ran.out, "", "{says}");
        assert!(ran.err.len() < 400, "{}", ran.err);
    }
    let place = Place::new();
    let verify = |file: &str| Ran::of(&mut place.bare(["certificate", "verify", file]));
    verify("none.json").fails(2).says(&["none.json"]);
    verify(".").fails(2).says(&["directory"]);
    let ran = Ran::of(&mut place.bare(["certificate", "verify"]));
    assert_eq!(ran.code, Some(2));
}

/// What a replay writes: other lines are passed over, and the one that is wrong is named.
#[test]
fn lines_of_a_replay() {
    let closed = "{\"type\":\"closed\",\"key\":\"x\",\"reason\":\"stale\"}\n";
    let ledger = "{\"type\":\"ledger\",\"captured\":1}\n";
    let wrong = with(LINE, r#""class":"strict""#, r#""class":"weak""#);
    let ran = verify(format!("{closed}{LINE}{closed}{LINE}{ledger}"), &[]).ok();
    assert_eq!(ran.out, TRUE.repeat(2));
    let ran = verify(format!("{closed}{LINE}\n{wrong}{LINE}{ledger}"), &[]).fails(1);
    assert_eq!(ran.out, TRUE.repeat(2));
    let expected = "refused: given, line 4: class: says weak, is strict\nerror: given: 1 of 3 refused\n";
    assert_eq!(ran.err, expected);
    let ran = verify(format!("{wrong}{closed}{wrong}"), &["--json"])
        .fails(1)
        .says(&["line 1: ", "line 3: ", "2 of 2"]);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        lines.iter().map(|line| (&line["line"], &line["verified"])).collect::<Vec<_>>(),
        [(&json!(1), &json!(false)), (&json!(3), &json!(false))]
    );
}

/// What cannot be read hides nothing of what stands before and after it.
#[test]
fn lines_that_cannot_be_read() {
    let wrong = with(LINE, r#""class":"strict""#, r#""class":"weak""#);
    // The replay was killed.
    let cut = &LINE[..500];
    let ran = verify(format!("{LINE}{cut}"), &[]).fails(2);
    assert_eq!(ran.out, TRUE);
    assert_eq!(ran.err.lines().count(), 2);
    let ran = ran.says(&["unreadable: given, line 2: EOF", "error: given: 1 of 2 unreadable"]);
    assert!(!ran.err.contains("refused"), "{}", ran.err);
    let ran = verify(format!("garbage\n{wrong}\n{LINE}{{}}\n{cut}\n{LINE}"), &[]).fails(2).says(&[
        "unreadable: given, line 1: expected value at column 1\n",
        "refused: given, line 2: class: says weak, is strict\n",
        "unreadable: given, line 5: missing field",
        "unreadable: given, line 6: EOF",
        "error: given: 1 of 6 refused, 3 unreadable\n",
    ]);
    assert_eq!(ran.out, TRUE.repeat(2));
    // Wherever a line is cut off, the next one is whole, and at its own number.
    for (end, _) in LINE.match_indices(['{', '[', ',', ':', '"']).skip(1) {
        let ran = verify(format!("{}\n\n{wrong}{LINE}", &LINE[..end]), &[]).fails(2);
        let ran = ran.says(&[
            "unreadable: given, line 1: EOF",
            "refused: given, line 3: class",
            "1 of 3 refused, 1 unreadable",
        ]);
        assert_eq!(ran.out, TRUE, "{end}");
    }
    let ran = verify(format!("{cut}\n{wrong}"), &["--json"]).fails(2);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["line"], &lines[0]["verified"]), (&json!(1), &json!(false)));
    assert!(lines[0]["unreadable"].as_str().unwrap().starts_with("EOF"), "{}", lines[0]);
    assert_eq!((&lines[1]["line"], &lines[1]["field"]), (&json!(2), &json!("class")));
}

/// As `jq .` writes it: of several documents each over several lines, every one is looked at.
#[test]
fn documents_over_several_lines() {
    let ran = verify(format!("{CERTIFICATE}\n{CERTIFICATE}{LINE}{CERTIFICATE}"), &[]).ok();
    assert_eq!(ran.out, TRUE.repeat(4));
    let pretty =
        |text: &str| serde_json::to_string_pretty(&serde_json::from_str::<Value>(text).unwrap()).unwrap();
    let (certificate, line) = (pretty(CERTIFICATE), pretty(LINE));
    assert_eq!(verify(&certificate, &[]).ok().out, TRUE);
    let second = certificate.lines().count() + 1;
    let ran = verify(format!("{certificate}\n{line}\n{certificate}\n"), &[]).fails(1);
    assert_eq!(ran.out, TRUE.repeat(2));
    ran.says(&[&format!("refused: given, line {second}: id: "), "a reformatted line"]);
}

#[test]
fn standard_input() {
    let place = Place::new();
    let mut command = place.bare(["certificate", "verify", "-"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(LINE.as_bytes()).unwrap();
    assert_eq!(Ran::from(child.wait_with_output().unwrap()).ok().out, TRUE);
    let wrong = place.file("wrong", with(LINE, r#""lane":"cross-account""#, r#""lane":"none""#));
    let mut command = place.bare(["certificate", "verify", "-"]);
    Ran::of(command.stdin(std::fs::File::open(wrong).unwrap()))
        .fails(1)
        .says(&["standard input, line 1: lane: says none"]);
}

/// A line without end is given up at 16 MiB, however much of it there is.
#[cfg(target_os = "linux")]
#[test]
fn a_line_without_end() {
    let place = Place::new();
    let verify = |file: &str| Ran::of(&mut place.bare(["certificate", "verify", file]));
    verify("/dev/zero").fails(2).says(&["/dev/zero, line 1: longer than 16 MiB"]);
    let open = place.file("open", "{\n");
    let long = std::fs::File::options().append(true).open(&open).unwrap();
    long.set_len(1 << 34).unwrap();
    verify("open").fails(2).says(&["open, line 2: longer than 16 MiB"]);
    // What was found before it is told.
    let wrong = with(LINE, r#""class":"strict""#, r#""class":"weak""#);
    place.file("wrong", format!("{wrong}{}", " ".repeat((16 << 20) + 1)));
    let says =
        ["refused: wrong, line 1: class", "error: wrong, line 2: longer than 16 MiB; what follows was not"];
    verify("wrong").fails(2).says(&says);
    let ran = Ran::of(&mut place.bare(["certificate", "verify", "x", "--fees", "/dev/zero"]));
    ran.fails(2).says(&["/dev/zero: longer than 16 MiB"]);
}

#[test]
fn other_fee_schedules() {
    let schedule = |id: &str, provider: Value, charge: &str, rate: Value| {
        json!({"schedules": [{"id": id, "provider": provider, "role": "taker", "category": null, "series": null,
            "from": null, "until": null, "charge": charge, "base": null, "exponent": null, "rate": rate, "round": null,
            "quantum": null, "minimum": null, "source": "the contract of this account", "dates": "stated"}]})
    };
    let place = Place::new();
    place.file("fees", schedule("ours", json!("isport"), "net-win", json!("0.02")).to_string());
    place.file("wrong", schedule("ours", json!("isport"), "net-win", json!("much")).to_string());
    // Fees are by market, so the legs have one.
    let free = CERTIFICATE.replace(r#""market_id":null"#, r#""market_id":"m1""#);
    place.file("free", &free);
    // Leg B wins 508 in the last state, of which 2 % is 10.16.
    let (start, end) = free.rsplit_once(r#"{"schedule":"none","amount":"0"}"#).unwrap();
    let charged = format!(r#"{start}{{"schedule":"ours","rate":"0.02"}}{end}"#);
    let charged = charged
        .replace(r#""profit":"17""#, r#""profit":"6.84""#)
        .replace(r#""worst_state":1"#, r#""worst_state":2"#);
    place.file("charged", charged.replace(r#""guaranteed_profit":"16.05""#, r#""guaranteed_profit":"6.84""#));
    let verify = |args: &[&str]| Ran::of(&mut place.bare(["certificate", "verify"].iter().chain(args)));
    verify(&["free"]).ok();
    verify(&["free", "--fees", "fees"]).fails(1).says(&["legs[1].fee.schedule: says none, is ours"]);
    verify(&["charged"]).fails(1).says(&["legs[1].fee.schedule: says ours, is none"]);
    let ran = verify(&["charged", "--fees", "fees"]).ok();
    assert_eq!(ran.out, "verified: guaranteed profit 6.84 USD, 2 legs, 3 states\n");
    verify(&["free", "--fees", "wrong"]).fails(2).says(&["error: wrong: ", "rate"]);
    verify(&["free", "--fees", "free"]).fails(2).says(&["error: free: "]);
    verify(&["free", "--fees", "none"]).fails(2).says(&["error: none: "]);
}

#[test]
fn nothing_in_a_certificate_steers_a_terminal() {
    let evil = json!(EVIL).to_string();
    let evil = evil.trim_matches('"');
    let ran = verify(with(LINE, r#""lane":"cross-account""#, &format!(r#""lane":"{evil}""#)), &[]).fails(1);
    harmless(&ran.err);
    let ran = verify(CERTIFICATE.replace(r#""USD""#, &format!(r#""{evil}""#)), &[]);
    harmless(&ran.out);
    harmless(&ran.err);
    let place = Place::new();
    let file = place.file(&format!("{EVIL}.json"), "garbage");
    let ran = Ran::of(&mut place.bare(["certificate", "verify", text(&file)])).fails(2);
    harmless(&ran.err);
}

/// A type in other letters is no line of a replay that is passed over.
#[test]
fn no_line_of_an_unknown_type_is_passed_over() {
    let other = with(LINE, r#""type":"opportunity""#, r#""type":"Opportunity""#);
    verify(format!("{}\n{other}", LINE.trim_end()), &[]).fails(2).says(&["Opportunity"]);
    let ledger = r#"{"type":"ledger","captured":0}"#;
    verify(format!("{}\n{ledger}\n", LINE.trim_end()), &[]).ok();
}

#[test]
fn what_is_quoted_is_no_message_of_its_own() {
    let forged = with(CERTIFICATE, r#""2.10""#, r#""2.10\nverified: guaranteed profit 999 USD""#);
    let ran = verify(forged, &[]);
    assert!(matches!(ran.code, Some(1 | 2)) && ran.err.lines().count() == 1, "{}", ran.err);
}
