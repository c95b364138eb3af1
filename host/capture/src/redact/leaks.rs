//! Secrets that once came through, each where it stood.

use super::tests::{packet, redacted};
use super::*;
use crate::Connection;
use antigravity_core::Direction;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, Engine as _};
use flate2::{Compression, write::GzEncoder};
use std::io::Write;

/// Every secret below is this or holds it.
const SECRET: &str = "Zq7SEKRIT9xW3kPl0vB2";

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// As the address, the request's body and the body of a packet.
#[track_caller]
fn check(text: &str) {
    let mut packet = packet(Transport::Http, Body::Text(text.to_owned()));
    packet.url = Arc::from(format!("https://h.example/x?{text}"));
    packet.request_body = Some(text.to_owned());
    Redactor::new().packet(&mut packet, &[]).unwrap();
    for clean in [&*packet.url, packet.request_body.as_deref().unwrap(), &format!("{:?}", packet.body)] {
        assert!(!clean.contains(SECRET) && clean.contains("S1"), "{text} became {clean}");
    }
    let once = redacted(text);
    assert_eq!(redacted(&once), once, "a second time");
}

/// As [`check`], for what an address or a form has no room for.
#[track_caller]
fn check_body(content_type: &str, text: &str) {
    let mut packet = packet(Transport::Http, Body::Text(text.to_owned()));
    packet.content_type = Some(Arc::from(content_type));
    Redactor::new().packet(&mut packet, &[]).unwrap();
    let Body::Text(clean) = packet.body else { panic!("no text") };
    assert!(!clean.contains(SECRET), "{text} became {clean}");
}

#[test]
fn in_every_field_of_a_packet() {
    let mut packet = packet(Transport::Sse, Body::empty());
    packet.connection = Arc::from(format!("c1?token={SECRET}"));
    packet.method = Some(Arc::from(format!("GET token={SECRET}")));
    packet.content_type = Some(Arc::from(format!("application/json; token={SECRET}")));
    packet.event = Some(Arc::from(format!("{{\"token\":\"{SECRET}\"}}")));
    packet.page = Some(Arc::from(format!("https://h.example/?token={SECRET}")));
    packet.direction = Direction::Sent;
    Redactor::new().packet(&mut packet, &[]).unwrap();
    let shown = format!("{packet:?}");
    assert!(!shown.contains(SECRET) && shown.contains("c1?token=S1"), "{shown}");

    let connection = |line: fn(Connection) -> Line| {
        let connection = Connection {
            seq: 1,
            at: antigravity_core::Timestamp::from_nanos(0),
            account: Arc::from("A"),
            connection: Arc::from("sid=abc"),
        };
        let mut record = Record::from(line(connection));
        Redactor::new().record(&mut record, &[]);
        format!("{record:?}")
    };
    assert!(connection(Line::Opened).contains("sid=S1") && connection(Line::Closed).contains("sid=S1"));
}

#[test]
fn under_names_that_were_not_known() {
    for name in
        ["ssoid", "SSOID", "_csrf", "bearer", "PIN", "tkn", "secretAnswer", "user", "signature", "nonce"]
    {
        check(&format!("{name}={SECRET}&b=2"));
        check_body("application/json", &format!(r#"{{"{name}":"{SECRET}","ok":1}}"#));
    }
    assert_eq!(redacted(r#"{"otp":98761,"sid":7,"cvv":123}"#), r#"{"otp":0,"sid":7,"cvv":0}"#);
    assert_eq!(redacted(r#"{"session":{"balance":12,"n":1}}"#), r#"{"session":{"balance":0,"n":1}}"#);
    assert_eq!(redacted(r#"{"ticket":{"token":"x","odds":2.5}}"#), r#"{"ticket":{"token":"S1","odds":2.5}}"#);
}

#[test]
fn behind_escapes() {
    for text in [
        "next=https%3A%2F%2Fh%2Fy%3Ftoken%3DSECRET",
        "next=https%253A%252F%252Fh%252Fy%253Ftoken%253DSECRET",
        "token%3DSECRET",
        "%74oken=SECRET",
        "d=%7B%22token%22%3A%22SECRET%22%7D",
        "user[token]=SECRET",
        "user%5Btoken%5D=SECRET",
        "/session/SECRET",
        "u=%2Ftoken%2FSECRET%2Fx",
    ] {
        check(&text.replace("SECRET", SECRET));
    }
    for text in [
        r#"{"d":"{\"\\u0074oken\":\"SECRET\"}"}"#,
        r#"{"d":"{\"e\":\"{\\\"f\\\":\\\"{\\\\\\\"token\\\\\\\":\\\\\\\"SECRET\\\\\\\"}\\\"}\"}"}"#,
        r#"{"d":"{\u0022token\u0022:\u0022SECRET\u0022}"}"#,
        r#"{"d":"next=%3Ftoken%3DSECRET"}"#,
        r#"{"d":"<b x='&quot;token&quot;:&quot;SECRET&quot;'>"}"#,
        r#"<div data-x="{&quot;token&quot;:&quot;SECRET&quot;}">"#,
        r#"{"x":"SECRET\u0040example.com"}"#,
        r#"{"x":"SECRETé@example.com"}"#,
    ] {
        for content_type in ["application/json", "text/html"] {
            check_body(content_type, &text.replace("SECRET", SECRET));
        }
    }
    let json = r#"{"d":"{\"\\u0074oken\":\"a\\\/b\",\"odds\":\"1\/2\"}"}"#;
    assert_eq!(redacted(json), r#"{"d":"{\"\\u0074oken\":\"S1\",\"odds\":\"1\/2\"}"}"#);
}

#[test]
fn packed() {
    let json = format!(r#"{{"odds":[1.5,2.5],"token":"{SECRET}"}}"#);
    let forms = [
        BASE64_STANDARD.encode(&json),
        BASE64_STANDARD_NO_PAD.encode(&json),
        BASE64_STANDARD.encode(gzip(&json)),
        BASE64_STANDARD_NO_PAD.encode(gzip(&json)),
        BASE64_STANDARD.encode(BASE64_STANDARD.encode(&json)),
    ];
    for packed in &forms {
        for text in [
            format!(" d={packed}"),
            format!("d={}", packed.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")),
            format!("https://h.example/x/{}?a=1", packed.replace('/', "_")),
            format!(r#"{{"d":"{packed}","odds":1.5}}"#),
            format!(r#"{{"d":"{}"}}"#, packed.replace('/', "\\/")),
            format!("\"{packed}\""),
        ] {
            let clean = redacted(&text);
            assert!(!clean.contains(&packed[8..20]) && clean.contains("S1"), "{text} became {clean}");
            assert_eq!(redacted(&clean), clean);
        }
    }
    let plain = BASE64_STANDARD.encode(r#"{"odds":[1.5,2.5],"name":"Harbour League"}"#);
    for text in [plain.clone(), format!(r#"{{"d":"{plain}"}}"#)] {
        assert_eq!(redacted(&text), text);
    }
    let cut = BASE64_STANDARD.encode(&gzip(&json)[..40]);
    assert_eq!(redacted(&format!("d={cut}")), "d=S1", "what cannot be looked into");
}

#[test]
fn in_pairs_of_other_kinds() {
    for (text, clean) in [
        (r#"[{"name":"token","value":"x"}]"#, r#"[{"name":"token","value":"S1"}]"#),
        (r#"[{"Value":"x","Key":"Authorization"}]"#, r#"[{"Value":"S1","Key":"Authorization"}]"#),
        (r#"[["token","x"],["odds","2.5"]]"#, r#"[["token","S1"],["odds","2.5"]]"#),
        (r#"42["auth","x"]"#, r#"42["auth","S1"]"#),
        ("<r><token>x</token></r>", "<r><token>S1</token></r>"),
        (r#"{"d":"<token>x<\/token>"}"#, r#"{"d":"<token>S1<\/token>"}"#),
        (r#"{"d":"<token>x</token>"}"#, r#"{"d":"<token>S1</token>"}"#),
        ("CONNECT\nlogin:joe\npasscode:x\n\n\0", "CONNECT\nlogin:S1\npasscode:S2\n\n\0"),
        ("Bearer\tabc1234 BEARER abc1234", "Bearer\tS1 BEARER S1"),
        (r#"{"h":"Basic am9lOnNlY3JldA=="}"#, r#"{"h":"Basic S1"}"#),
        (
            r#"{"name":"Secret","runners":[{"name":"Token","odds":2.5}]}"#,
            r#"{"name":"Secret","runners":[{"name":"Token","odds":2.5}]}"#,
        ),
        (
            r#"{"name":"Brighton & Hove <b>","url":"/a%20b/c"}"#,
            r#"{"name":"Brighton & Hove <b>","url":"/a%20b/c"}"#,
        ),
    ] {
        assert_eq!(redacted(text), clean);
        assert_eq!(redacted(clean), clean, "a second time");
    }
}

#[test]
fn in_bodies_of_a_wrong_type() {
    let json = format!(r#"{{"token":"{SECRET}"}}"#);
    for content_type in ["image/gif", "application/pdf", "application/zip", "font/woff2", "application/wasm"]
    {
        check_body(content_type, &json);
        for bytes in [json.clone().into_bytes(), gzip(&json)] {
            let mut packet = packet(Transport::Http, Body::Bytes(bytes));
            packet.content_type = Some(Arc::from(content_type));
            Redactor::new().packet(&mut packet, &[]).unwrap();
            assert_eq!(packet.body, Body::Text(r#"{"token":"S1"}"#.to_owned()));
        }
    }
    let latin = [b"{\"n\":\"caf\xe9\",\"token\":\"", SECRET.as_bytes(), b"\"}"].concat();
    let mut packet = packet(Transport::Http, Body::Bytes(latin));
    packet.content_type = Some(Arc::from("image/gif"));
    assert_eq!(Redactor::new().packet(&mut packet, &[]), Err(DecodeProblem::Charset));
    assert!(packet.body.is_empty());
}

/// Compressed data that grows without bound is taken out instead.
#[test]
fn what_is_packed_costs_no_more_than_a_body() {
    let bomb = BASE64_STANDARD.encode(gzip(&" ".repeat(4 << 20)));
    let text = format!("d={bomb}&").repeat((4 << 20) / bomb.len());
    let start = std::time::Instant::now();
    let clean = redacted(&text);
    assert!(start.elapsed().as_secs() < 5);
    assert!(clean.contains("d=S1&"));
}
