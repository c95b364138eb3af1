//! The properties of the fuzz targets (`tests/fuzz`) on a few thousand inputs a run.

#![allow(clippy::expect_used, clippy::panic)] // a property says what is wrong by failing

#[path = "../fuzz/src/capture_reader.rs"]
mod capture_reader;
#[path = "../fuzz/src/certificate.rs"]
mod certificate;
#[path = "../fuzz/src/guest_answer.rs"]
mod guest_answer;
#[path = "../fuzz/src/har_reader.rs"]
mod har_reader;
#[path = "../fuzz/src/prices.rs"]
mod prices;
#[path = "../fuzz/src/redactor.rs"]
mod redactor;
#[path = "../fuzz/src/router.rs"]
mod router;
#[path = "../fuzz/src/sink.rs"]
mod sink;
#[path = "../fuzz/src/tokeniser.rs"]
mod tokeniser;

use proptest::prelude::*;

/// Bytes that a generator turns into a structure.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..1500)
}

/// Pieces of the text that a reader knows, in any order, with any bytes among them.
fn made_of(pieces: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        12 => prop::sample::select(pieces).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..6),
        1 => "\\PC{0,6}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

const LINE: &[&str] = &[
    "{\"antigravity_capture\":1,\"redacted\":true}\n",
    "{\"seq\":1,\"at\":\"2026-03-14T11:00:00Z\",\"transport\":\"http\",\"url\":\"https://a.example/x\"",
    "{\"seq\":2,\"at\":\"2026-03-14T11:00:00Z\",\"kind\":\"toggle\",\"on\":true",
    "{\"seq\":3,\"at\":\"2026-03-14T11:00:00Z\",\"kind\":\"weather\"",
    ",\"body\":\"\\u00e4\"",
    ",\"body_base64\":\"AAAA\"",
    ",\"body_over_limit\":99999999999",
    ",\"status\":200",
    ",\"x\":[1, {\"y\" : null}]",
    ",\"x\":\"\\\"\"",
    ",\"account\":\"B\"",
    ",\"event\":null",
    "}\n",
    "}\r\n",
    "\n",
    "}",
    "{",
];

const ENTRY: &[&str] = &[
    "{\"startedDateTime\":\"2026-03-14T11:00:00.5Z\",\"time\":12.5,\"request\":{\"method\":\"GET\",\"url\":\"https://a.example/\",\"headers\":[]}",
    "{\"time\":-1,\"startedDateTime\":\"2026-03-14T11:00:00+08:00\",\"request\":{\"url\":\"wss://a.example/\",\"headers\":[{\"name\":\"Referer\",\"value\":\"https://p\"}]}",
    ",\"response\":{\"status\":200,\"content\":{\"size\":3,\"mimeType\":\"text/plain\",\"text\":\"abc\"}}",
    ",\"response\":{\"status\":-1,\"content\":{\"size\":-1,\"text\":\"AAA=\",\"encoding\":\"base64\"}}",
    ",\"_webSocketMessages\":[{\"type\":\"send\",\"time\":1773486000.25,\"opcode\":1,\"data\":\"x\"},{\"type\":\"receive\",\"time\":1e99,\"opcode\":2,\"data\":\"AAAA\"}]",
    ",\"_eventSourceMessages\":[{\"time\":1773486000,\"eventName\":\"e\",\"eventId\":\"1\",\"data\":\"x\"}]",
    ",\"pageref\":\"p\"",
    ",\"x\":[[[{}]]]",
    "}",
    ",",
    "},",
    "[",
    "]",
];

const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\\"",
    "\\u00e4",
    "\\ud83d\\ude00",
    "\\ud800",
    "\"a\":",
    "\"a\"",
    "1",
    "-0.5e+7",
    "01",
    "true",
    "null",
    "nul",
    " ",
    "\n",
    "\r\n",
    "\u{0}",
    "1234567890123456789012345678901234567890",
    "                                                                ",
];

const CERTIFICATE: &[&str] = &[
    "{\"version\":1,\"as_of\":\"2026-04-01T00:00:00Z\",\"currency\":\"USD\",\"event\":\"soccer/x/a/b/-\",",
    "{\"type\":\"opportunity\",",
    "\"legs\":[",
    "{\"account\":\"A\",\"provider\":\"p\",\"event_id\":\"1\",\"period\":\"match\",\"side\":\"back\",\"packet_seq\":1,\"age_ms\":0,\"step\":\"1\",",
    "\"market\":\"odd-even\",\"selection\":\"odd\",\"nominal_stake\":\"1\",\"risk\":\"1\",",
    "\"market\":\"total\",\"line\":\"500\",\"selection\":\"over\",\"nominal_stake\":\"1\",\"risk\":\"1\",",
    "\"price\":{\"format\":\"decimal\",\"value\":\"3\"},",
    "\"fee\":{\"schedule\":\"none\",\"amount\":\"0\"}}",
    "\"outcomes\":[\"yes\",\"no\"],",
    "\"states\":[{\"results\":[\"win\",\"loss\"],\"profit\":\"1\"}],",
    "\"worst_state\":0,\"guaranteed_profit\":\"1\"}",
    "],",
    ",",
    "}",
    "1e999",
    "\"-0\"",
];

const PRICE: &[&str] = &[
    "-", "+", ".", "0", "1", "2", "00", "99", "100", "1.00", "1e5", "NaN", "inf", "１", "٢", "∞", ",", " ",
    "/",
];

const SECRET: &[&str] = &[
    "{\"token\":\"",
    "\"sid\":",
    "\"Balance\":",
    "password=",
    "&k=",
    "?token=",
    "Cookie: a=",
    "Bearer ",
    "eyJhbGciOiJub25lIn0.",
    "(S(",
    "))",
    "(A(x)S(",
    "%28S%28",
    "@",
    "joe@mail.example",
    "203.0.113.9",
    "2001:db8::1",
    "S1",
    "\"",
    "\\\"",
    "}",
    "[",
    "]",
    ",",
    "=",
    "&",
    ";",
    "/",
    "abc123",
    "-1.5",
    "H4sI",
    "\n",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_capture_is_read_or_refused(data in made_of(LINE)) {
        capture_reader::check(&data);
    }

    #[test]
    fn any_har_is_read_or_refused(data in made_of(ENTRY)) {
        har_reader::check(&data);
    }

    #[test]
    fn any_packet_is_routed(data in any_bytes()) {
        router::check(&data);
    }

    #[test]
    fn any_answer_is_a_fault_or_usable(data in any_bytes()) {
        guest_answer::check(&data);
    }

    #[test]
    fn any_certificate_has_an_answer(data in any_bytes()) {
        certificate::check(&data);
    }

    #[test]
    fn any_document_of_certificates_has_an_answer(data in made_of(CERTIFICATE)) {
        certificate::check(&data);
    }

    #[test]
    fn any_legs_have_stakes_or_a_reason(data in any_bytes()) {
        prices::check(&data);
    }

    #[test]
    fn any_text_is_a_price_or_refused(data in made_of(PRICE)) {
        prices::check(&data);
    }

    #[test]
    fn any_text_is_tokenised_as_serde_json_reads_it(data in made_of(JSON)) {
        tokeniser::check(&data);
    }

    #[test]
    fn any_packet_is_redacted_once(start in prop::collection::vec(any::<u8>(), 0..24), data in made_of(SECRET)) {
        redactor::check(&[start, data].concat());
    }
}
