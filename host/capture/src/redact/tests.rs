use super::*;
use antigravity_core::{Direction, Timestamp};
use antigravity_tape::{Framing, Tokeniser};
use proptest::prelude::*;

pub(super) fn packet(transport: Transport, body: Body) -> Packet {
    Packet {
        seq: 1,
        at: Timestamp::from_nanos(0),
        account: Arc::from("A"),
        connection: Arc::from("c1"),
        page: None,
        transport,
        direction: Direction::Received,
        method: None,
        url: Arc::from("https://b.example/"),
        status: None,
        content_type: None,
        request_body: None,
        event: None,
        body,
    }
}

pub(super) fn redacted(text: &str) -> String {
    with(text, &[])
}

fn with(text: &str, declared: &[&str]) -> String {
    let declared: Vec<_> = declared.iter().map(|pointer| SecretPath::parse(pointer).unwrap()).collect();
    let mut packet = packet(Transport::WebSocket, Body::Text(text.to_owned()));
    Redactor::new().packet(&mut packet, &declared).unwrap();
    match packet.body {
        Body::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (text, clean) in cases {
        assert_eq!(redacted(text), *clean);
        assert_eq!(redacted(clean), *clean, "a second time");
    }
}

#[test]
fn json_is_edited_in_place() {
    check(&[
        (
            r#"{ "token" : "a\"b" , "x": [1.50, {"AccId":12, "Balance": -3.5e2}], "sid": 7 }"#,
            r#"{ "token" : "S1" , "x": [1.50, {"AccId":0, "Balance": 0}], "sid": 7 }"#,
        ),
        (r#"0{"sid":"kJx","pingInterval":25000}"#, r#"0{"sid":"S1","pingInterval":25000}"#),
        (r#"01[{"token":"abc","ot":"r"}]"#, r#"01[{"token":"S1","ot":"r"}]"#),
        (r#"42/odds,["m",{"password":"p"}]"#, r#"42/odds,["m",{"password":"S1"}]"#),
        ("{\"token\":\"a\"}\r\n{\"token\":\"b\"}\r\n", "{\"token\":\"S1\"}\r\n{\"token\":\"S2\"}\r\n"),
        (
            r#"{"auth":{"a":"x","b":["y",123456,1,true,null]}}"#,
            r#"{"auth":{"a":"S1","b":["S2",0,1,true,null]}}"#,
        ),
        (r#"{"tok\u0065n":"a","token":"a"}"#, r#"{"tok\u0065n":"S1","token":"S1"}"#),
        (
            r#"a["{\"body\":\"{\\\"token\\\":\\\"abc\\\"}\"}"]"#,
            r#"a["{\"body\":\"{\\\"token\\\":\\\"S1\\\"}\"}"]"#,
        ),
        (r#"{"ip6":"2001:db8:1:2:3:4:5:6"}"#, r#"{"ip6":"S1"}"#),
        (r#"{"u":"https://a.example/(S(t))/x?k=v"}"#, r#"{"u":"https://a.example/(S(S1))/x?k=S2"}"#),
    ]);
}

#[test]
fn odds_are_left_alone() {
    for text in [
        r#"{"type":"orderbook_delta","sid":2,"seq":3,"msg":{"price_dollars":"0.9600","delta_fp":"-54.00"}}"#,
        r#"{"event_type":"book","asset_id":"65818619657568813474341868652308942079804919287380422192892211131408793125422","hash":"0xeyJ"}"#,
        r#"{"tokens":[{"token_id":"1","outcome":"Yes"}],"clobTokenIds":"[\"1\", \"2\"]"}"#,
        r#"[[1,"c0d9",0],["2.10 2.20*123h 0.97*123a a 9 0 0"],"1.2:3.4","18:30"]"#,
        r#"{"op":"mcm","clk":"AAAAAAAA","pt":1650392673420,"mc":[{"id":"1.197931750","rc":[{"atb":[[8.8,20.62]]}]}]}"#,
        "P.onUpdate('od',[1,0,[[39,'League (W)',0.95]]]);",
        "2",
        "3",
        "",
    ] {
        assert_eq!(redacted(text), text);
    }
}

#[test]
fn declared_secrets() {
    let frame = r#"[[1,"c0d90d91","r"],[],[5,"x"]]"#;
    assert_eq!(with(frame, &["/0/1"]), r#"[[1,"S1","r"],[],[5,"x"]]"#);
    assert_eq!(with(frame, &["/2"]), r#"[[1,"c0d90d91","r"],[],[0,"S1"]]"#);
    assert_eq!(with(frame, &["/*/1"]), r#"[[1,"S1","r"],[],[5,"S2"]]"#);
    assert_eq!(with(r#"{"a/b":{"x~y":"s"},"c":"t"}"#, &["/a~1b/*"]), r#"{"a/b":{"x~y":"S1"},"c":"t"}"#);
    assert_eq!(with("{\"a\":1}\n{\"a\":\"x\"}", &["/a"]), "{\"a\":0}\n{\"a\":\"S1\"}");
    assert_eq!(SecretPath::parse("a"), None);
}

#[test]
fn one_capture_has_one_set_of_pseudonyms() {
    let mut redactor = Redactor::new();
    let mut clean = |url: &str, body: &str| {
        let mut packet = packet(Transport::WebSocket, Body::Text(body.to_owned()));
        packet.url = Arc::from(url);
        packet.page = Some(Arc::from("https://p.example/(S(tokA))/"));
        packet.request_body = Some("password=tokB".to_owned());
        redactor.packet(&mut packet, &[]).unwrap();
        (packet.page.unwrap().to_string(), packet.url.to_string(), packet.request_body.unwrap(), packet.body)
    };
    let text = |text: &str| Body::Text(text.to_owned());
    let page = "https://p.example/(S(S1))/".to_owned();
    let form = "password=S3".to_owned();
    let first = clean("wss://s.example/?token=tokC", r#"{"sid":"tokA"}"#);
    assert_eq!(
        first,
        (page.clone(), "wss://s.example/?token=S2".to_owned(), form.clone(), text(r#"{"sid":"S1"}"#))
    );
    let second = clean("wss://s.example/?token=tokD", r#"{"sid":"tokC"}"#);
    assert_eq!(second, (page, "wss://s.example/?token=S4".to_owned(), form, text(r#"{"sid":"S2"}"#)));
    assert_eq!(format!("{redactor:?}"), "Redactor { pseudonyms: Pseudonyms(4), .. }");
}

#[test]
fn a_secret_that_looks_like_a_pseudonym_is_one() {
    check(&[
        ("username=S8801", "username=S1"),
        ("/(S(S7))/x?k=S7&token=S1x", "/(S(S1))/x?k=S1&token=S2"),
        (r#"{"a":"joe@example.com","token":"S2","sid":"abc"}"#, r#"{"a":"S1","token":"S2","sid":"S3"}"#),
    ]);
    let mut redactor = Redactor::new();
    let mut clean = |text: &str| redactor.text(text, Style::Text, &[]);
    assert_eq!(clean("token=a&k=b").as_deref(), Some("token=S1&k=S2"));
    assert_eq!(clean("token=S2&k=S1"), None, "given before");
    assert_eq!(clean("token=S4&k=S3x").as_deref(), Some("token=S3&k=S4"));
}

#[test]
fn bodies_that_cannot_be_looked_into_are_withheld_but_pictures_are_not() {
    let bytes = Body::Bytes(b"\xff\xfe\0 eyJhbGciOiJub25lIn0.eyJhIjoxfQ.x".to_vec());
    let mut record = Record::from(Line::Packet(packet(Transport::WebSocket, bytes.clone())));
    Redactor::new().record(&mut record, &[]);
    assert_eq!(record.unknown.as_str(), r#""body_withheld":"charset""#);
    assert!(matches!(&record.line, Line::Packet(packet) if packet.body.is_empty()));

    for content_type in ["font/woff2", "Image/PNG", "application/font-woff"] {
        let mut font = packet(Transport::Http, bytes.clone());
        font.content_type = Some(Arc::from(content_type));
        font.url = Arc::from("https://b.example/f?token=x");
        assert_eq!(Redactor::new().packet(&mut font, &[]), Ok(()));
        assert_eq!((font.body, &*font.url), (bytes.clone(), "https://b.example/f?token=S1"));
    }
}

#[test]
fn compressed_frames_are_decoded_first() {
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(br#"{"token":"abc"}"#).unwrap();
    let mut packet = packet(Transport::WebSocket, Body::Bytes(encoder.finish().unwrap()));
    Redactor::new().packet(&mut packet, &[]).unwrap();
    assert_eq!(packet.body, Body::Text(r#"{"token":"S1"}"#.to_owned()));
}

#[test]
fn unknown_members_are_redacted_too() {
    let mut record = Record::from(Line::Packet(packet(Transport::WebSocket, Body::empty())));
    record.unknown.push_text("Cookie", "a=b");
    record.unknown.push_text("event_id", "7");
    Redactor::new().record(&mut record, &[]);
    assert_eq!(record.unknown.as_str(), r#""Cookie":"S1","event_id":"7""#);
}

/// Half a megabyte takes 0.3 s at the most, whatever it is made of; were the search quadratic, 20 s.
#[test]
fn hostile_texts_cost_no_more_than_others() {
    let pieces = [
        "k=",
        "token=",
        "lid=a1",
        "eyJ",
        "eyJhbGciOiJub25lIn0",
        "eyJh.",
        "Bearer+",
        "1.",
        "a:",
        "2001:",
        "@a",
        "a@a.a",
        "/(S(",
        "/(S(a)",
        "name=\"k\" ",
        "<a name='k'",
        "token:'",
        "token=\"",
        "\\",
        "token:\\\"",
        "\\\"",
        "://",
        "%28",
        "%40a",
        "sid: ",
        "\nsid:",
        "{\"token\":\"",
        "[",
        "\"a\":",
        "name=\"password\"\r\n\r\n",
        "name=\"password\"\n\nx\n--",
        "name=token\n",
        "<input name=token value=",
        "<token>",
        "<token",
        "<token><![CDATA[",
        "%25",
        "%2541",
        "&amp;",
        "&quot;",
        "\\u0022",
        "\\u005c",
        "[\"token\",",
        "[\"\\u0074\",\"token=a\"],",
        "eyJhIjoxfQeyJhIjoxfQeyJhIjoxfQ==",
        "/eyJhIjoxLCJiIjoxLCJjIjoxLCJk",
        "ZXlKaElqb3hMQ0ppSWpveExDSmpJam94TENKa0lqb3hmUT09 ",
        "H4sIAAAAAAAAA6tWSlSyMqwFAM8OfzcHAAAA ",
        "Basic am9lOnNlY3JldA==",
        "`token:`",
        "user[token]=",
    ];
    for piece in pieces {
        let text = piece.repeat((512 << 10) / piece.len());
        for style in [Style::Text, Style::Script] {
            let start = std::time::Instant::now();
            let once = clean(&text, style).unwrap_or(text.clone());
            assert!(start.elapsed().as_secs() < 5, "{piece}");
            assert!(clean(&once, style).is_none(), "{piece}");
        }
    }
}

/// Texts made of what the redactor looks for.
fn suspicious() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(vec![
            "token", "sid", "\"Balance\"", "password", "k", "name", "value", "Cookie", "auth", "=", ":", "?", "&", ";",
            "\"", "\\\"", "\\", "'", "/", "(S(", "))", "(A(", ")S(", "%28", "%29", "%2f", "%40", "@", ".", ",", "{", "}",
            "[", "]", "<", ">", "eyJhbGciOiJub25lIn0", "eyJ", "Bearer ", "203.0.113.9", "2001:db8::1", "joe",
            "example.com", "%3D", "%22", "%25", "&quot;", "\\u0022", "\\u0074oken", "<token>", "`", "eyJ0b2tlbiI6IjEyMzQ1Njc4OTAifQ", "\\n", "\n", "\r\n\r\n", "\\u0026", "12345678", "0", "S1", "S2", "S7", "S", " ", "://", "-", "true",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[a-zA-Z0-9]{1,20}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn any_style() -> impl Strategy<Value = Style> {
    prop::sample::select(vec![Style::Fields, Style::Text, Style::Script])
}

/// JSON with names and values of every kind.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        suspicious().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((suspicious(), inner.clone()), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
            inner.prop_map(|value| Value::from(value.to_string())),
        ]
    })
}

fn clean(text: &str, style: Style) -> Option<String> {
    let declared = [SecretPath::parse("/token").unwrap(), SecretPath::parse("/*/0").unwrap()];
    Redactor::new().text(text, style, &declared)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn twice_is_once(text in suspicious(), style in any_style()) {
        let once = clean(&text, style).unwrap_or(text);
        prop_assert_eq!(clean(&once, style), None, "{:?}", once);
    }

    #[test]
    fn a_capture_twice_is_a_capture_once(texts in prop::collection::vec((suspicious(), any_style()), 1..5)) {
        let all = |texts: &[(String, Style)]| {
            let mut redactor = Redactor::new();
            let mut clean = |(text, style): &(String, Style)| {
                (redactor.text(text, *style, &[]).unwrap_or_else(|| text.clone()), *style)
            };
            texts.iter().map(&mut clean).collect::<Vec<_>>()
        };
        let once = all(&texts);
        prop_assert_eq!(all(&once), once);
    }

    #[test]
    fn json_stays_json_of_the_same_shape(json in any_json()) {
        let text = json.to_string();
        let once = clean(&text, Style::Text).unwrap_or(text.clone());
        prop_assert_eq!(clean(&once, Style::Text), None, "{:?}", once);
        let nodes = |text: &str| {
            let mut tape = Vec::new();
            Tokeniser::default().tokenise(text, Framing::Document, &mut tape).map(|()| tape.len())
        };
        prop_assert_eq!(nodes(&once), nodes(&text), "{} became {}", text, once);
    }

    #[test]
    fn planted_secrets_do_not_come_out(
        secret in "[a-zA-Z0-9]{12,30}", other in "[ -~]{0,30}", json in any_json(),
    ) {
        let planted = format!("zq{secret}");
        let document = serde_json::json!({"x": json, "token": planted, "y": [{"AccId": other}]}).to_string();
        let texts = [
            document.clone(),
            serde_json::json!([document]).to_string(),
            document[..document.len() - 1].to_owned(),
            format!("https://b.example/(S({planted}))/x?k={planted}&a=1"),
            format!("{{\"a\":\"/(A(x)S({planted}))/\"}}"),
        ];
        for text in texts {
            let once = clean(&text, Style::Text).unwrap_or_default();
            prop_assert!(!once.is_empty() && !once.contains(&planted), "{} became {}", text, once);
        }
    }
}
