//! `antigravity capture …`: what is written has no secrets, and what is in a file is told.

use crate::support::{Place, Ran, cmd368, frame, full, image, text};
use antigravity_tests::components;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Secrets of every kind; none may be in what is written. Each is unlike anything else in the file.
const SECRETS: [&str; 12] = [
    "Tq7e643da914de444ea64d5a6d5bbb79e0cc1f20",
    "qtok-5521-ffe1",
    "BasicDXNlcjpwYXNz77",
    "cookie-9a1b2c3d4e",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI5OTg4NzcifQ.c2lnbmF0dXJl",
    "someone@mail.example",
    "203.0.113.77",
    "7712345",
    "8812.45",
    "engine-sid-Kj8",
    "form-password-1",
    "c0ffee12ab34cd56",
];

fn har() -> Value {
    let [path, query, auth, cookie, jwt, email, address, account, balance, sid, password, header] = SECRETS;
    let entry = |url: String, body: Value| {
        json!({"startedDateTime": "2026-03-14T11:00:00.000Z", "time": 12.5,
        "request": {"method": "POST", "url": url,
            "headers": [{"name": "Authorization", "value": auth}, {"name": "Cookie", "value": format!("ASP.NET_SessionId={cookie}")},
                {"name": "Referer", "value": format!("https://page.example/(S({path}))/NewIndex?token={query}")}],
            "cookies": [{"name": "ASP.NET_SessionId", "value": cookie}],
            "postData": {"mimeType": "application/x-www-form-urlencoded", "text": format!("user=me&password={password}")}},
        "response": {"status": 200, "headers": [{"name": "Set-Cookie", "value": cookie}],
            "content": {"size": 0, "mimeType": "application/json", "text": body.to_string()}}})
    };
    let socket = |url: &str, messages: Value| {
        json!({"startedDateTime": "2026-03-14T11:00:01.000Z", "time": 0, "_resourceType": "websocket", "_webSocketMessages": messages,
        "request": {"method": "GET", "url": url, "headers": []}, "response": {"status": 101, "headers": [], "content": {}}})
    };
    let frame = json!([[1, header, "r", 0, 1, 1, 0, 1, -1, "eng"], [], [], [], [], []]).to_string();
    let messages = json!([
        {"type": "receive", "time": 1_773_486_002.0, "opcode": 1, "data": format!("0{{\"sid\":\"{sid}\",\"pingInterval\":25000}}")},
        {"type": "send", "time": 1_773_486_003.0, "opcode": 1, "data": format!("01[{{\"token\":\"{query}\",\"ot\":\"r\"}}]")}]);
    let received = json!([{"type": "receive", "time": 1_773_486_004.0, "opcode": 1, "data": frame}]);
    json!({"log": {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": [
        entry(format!("https://a.example/(S({path}))/Data/GetOdds?k={query}"),
            json!({"AccId": account.parse::<u64>().unwrap(), "Balance": balance.parse::<f64>().unwrap(), "jwt": jwt,
                "note": format!("mail {email} from {address}"), "price": 1.95})),
        socket("wss://ws.example/socket.io/?EIO=3", messages),
        socket("wss://ws5.example:8887/fnOddsGen?wst=wsSocAllGen&g=1&ot=r&accType=ID", received),
    ]}})
}

/// What is written, and what is said on standard error.
fn import(place: &Place, out: &str, adapters: &Path) -> (String, String) {
    let (har, out) = (place.file("page.har", har().to_string()), place.path(out));
    let args = ["capture", "import", text(&har), "--account", "B", "-o", text(&out)];
    let ran = Ran::of(place.command(args).env("ANTIGRAVITY_ADAPTERS", adapters)).ok();
    assert!(ran.out.contains("1 bodies, 3 frames and 0 events of 3 entries"), "{}", ran.out);
    let written = String::from_utf8(match out.extension() {
        Some(zst) if zst == "zst" => zstd::decode_all(std::fs::File::open(&out).unwrap()).unwrap(),
        _ => std::fs::read(&out).unwrap(),
    });
    (written.unwrap(), ran.err)
}

#[test]
fn import_takes_the_secrets_out() {
    let place = Place::new();
    let (plain, said) = import(&place, "page.capture.ndjson", components());
    assert_eq!(said, "");
    for secret in SECRETS {
        assert!(har().to_string().contains(secret), "{secret} is planted");
        assert!(!plain.contains(secret), "{secret} came out:\n{plain}");
    }
    let lines: Vec<Value> = plain.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[0]["redacted"]), (5, &json!(true)));
    assert!(lines[1..].iter().all(|line| line["account"] == "B"));
    assert!(
        plain.contains("1.95") && plain.contains("accType=ID") && plain.contains("pingInterval"),
        "{plain}"
    );
    assert_eq!(import(&place, "page.capture.ndjson.zst", components()).0, plain, "compressed and again");
}

/// Kills an import while it writes, for certain: what it has not named yet is there, and it was no exit.
#[cfg(unix)]
fn killed_within(place: &Place, har: &Path, out: &Path) {
    use std::os::unix::process::ExitStatusExt;
    let part = || -> Option<u64> {
        let mut files = out.parent().unwrap().read_dir().unwrap().map(Result::unwrap);
        let part = files.find(|file| file.path().extension().is_some_and(|end| end == "part"))?;
        part.metadata().ok().map(|found| found.len())
    };
    let args = ["capture", "import", text(har), "--account", "A", "-o", text(out)];
    let mut child = place.command(args).spawn().unwrap();
    while part().is_none_or(|bytes| bytes == 0) {
        assert_eq!(child.try_wait().unwrap(), None, "it ended before it could be killed");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9));
}

/// A HAR file of so many bodies of 140 kB.
#[cfg(unix)]
fn large(place: &Place, bodies: usize) -> PathBuf {
    let mut har = har();
    let entries = har["log"]["entries"].as_array_mut().unwrap();
    let mut large = entries[0].clone();
    large["response"]["content"]["text"] = json!("[1.95],".repeat(20_000));
    entries.extend(std::iter::repeat_n(large, bodies));
    place.file("large.har", har.to_string())
}

/// No file may grow beyond 64 kB: what is left of a disk.
#[cfg(target_os = "linux")]
#[test]
fn an_import_that_does_not_fit_leaves_the_name_as_it_was() {
    let place = Place::new();
    let har = large(&place, 1);
    let out = place.file("folder/out.capture.ndjson", "old");
    let command = place.command::<&str>([]);
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"]).arg(command.get_program());
    limited.args(["capture", "import", text(&har), "--account", "A", "-o", text(&out)]);
    limited.env("ANTIGRAVITY_ADAPTERS", components());
    Ran::of(&mut limited).fails(2).says(&[text(&out), "cannot be written"]);
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "old");
    assert_eq!(out.parent().unwrap().read_dir().unwrap().count(), 1, "nothing else is left");
}

#[cfg(unix)]
#[test]
fn an_import_that_is_killed_leaves_the_name_as_it_was() {
    let place = Place::new();
    let har = large(&place, 200);
    for old in [None, Some("old")] {
        let folder = place.path(old.unwrap_or("none"));
        std::fs::create_dir(&folder).unwrap();
        let out = folder.join("out.capture.ndjson");
        old.iter().for_each(|old| std::fs::write(&out, old).unwrap());
        killed_within(&place, &har, &out);
        assert_eq!(std::fs::read_to_string(&out).ok().as_deref(), old);
    }
}

#[cfg(unix)]
#[test]
fn import_does_not_replace_what_it_reads() {
    let place = Place::new();
    let har = place.file("page.har", har().to_string());
    let (soft, hard) = (place.path("soft.har"), place.path("hard.har"));
    std::os::unix::fs::symlink(&har, &soft).unwrap();
    std::fs::hard_link(&har, &hard).unwrap();
    let before = std::fs::read(&har).unwrap();
    for out in [&har, &soft, &hard] {
        let args = ["capture", "import", text(&har), "--account", "A", "-o", text(out)];
        place.run(args).fails(2).says(&[text(out), "would replace what it is made of"]);
        assert_eq!(std::fs::read(&har).unwrap(), before);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn import_writes_into_a_pipe() {
    let place = Place::new();
    let har = place.file("page.har", har().to_string());
    let out = place.path("page.capture.ndjson");
    let import =
        |out: &Path| place.run(["capture", "import", text(&har), "--account", "A", "-o", text(out)]).ok().out;
    import(&out);
    let piped = import(Path::new("/dev/stdout"));
    assert!(piped.starts_with(&std::fs::read_to_string(&out).unwrap()), "{piped}");
    assert!(Path::new("/dev/stdout").is_symlink());
}

#[test]
fn what_only_a_contract_knows_as_secret_is_taken_out_where_the_adapter_is_installed() {
    let place = Place::new();
    let header = SECRETS[SECRETS.len() - 1];
    assert!(!import(&place, "1.capture.ndjson", components()).0.contains(header));
    // Where it is not, that is said.
    let (none, empty) = (place.path("none"), place.path("empty"));
    std::fs::create_dir(&empty).unwrap();
    for (directory, why) in [(&none, text(&none)), (&empty, "no adapter is installed")] {
        let (written, said) = import(&place, "2.capture.ndjson", directory);
        assert!(written.contains(header));
        let tells = said.starts_with("warning: ") && said.contains(why);
        assert!(tells && said.contains("only what is a secret everywhere is taken out"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    // One that cannot be read is named, and the others are asked all the same.
    let some = place.path("some");
    let broken = place.file("some/broken.wasm", "no component");
    std::fs::copy(components().join("afb88.wasm"), some.join("afb88.wasm")).unwrap();
    std::fs::copy(components().join("afb88.wasm"), some.join("again.wasm")).unwrap();
    let (written, said) = import(&place, "3.capture.ndjson", &some);
    assert!(!written.contains(header));
    assert!(said.starts_with(&format!("warning: adapter {}: not a WebAssembly", text(&broken))), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn a_capture_that_is_not_redacted_is_redacted_on_its_way() {
    let place = Place::new();
    let secret = SECRETS[0];
    let mut packet = cmd368(0, "");
    packet["url"] = json!(format!("https://h.example/(S({secret}))/Data/GetOdds"));
    packet["body"] = json!("not what was promised");
    let open = crate::support::capture(&[packet]).replace("\"redacted\":true", "\"redacted\":false");
    let file = place.file("open.capture.ndjson", open);
    let ran = Ran::of(place.command(["replay", text(&file)]).env("ANTIGRAVITY_LOG", "trace"));
    assert!(!ran.clone().ok().err.contains(secret) && !ran.out.contains(secret), "{}", ran.err);
}

#[test]
fn inspect_says_what_is_in_a_file() {
    let place = Place::new();
    let mut packets = vec![cmd368(0, &full(1, "0.91", "-0.99")), frame(30, &image()), frame(31, &image())];
    packets.push(json!({"kind": "lost", "at": "2026-03-14T11:01:00Z", "account": "A"}));
    let file = place.capture("i.capture.ndjson", &packets);
    let value: Value =
        serde_json::from_str(&place.run(["capture", "inspect", text(&file), "--json"]).ok().out).unwrap();
    assert_eq!(
        (&value["packets"], &value["lost"], &value["first"], &value["last"], &value["redacted"]),
        (&json!(3), &json!(1), &json!("2026-03-14T11:00:00Z"), &json!("2026-03-14T11:01:00Z"), &json!(true))
    );
    let rows = value["traffic"].as_array().unwrap();
    let row = |host: &str| rows.iter().find(|row| row["host"] == host).unwrap();
    assert_eq!(row("p12.example")["packets"], 1);
    assert_eq!(row("stream.example")["bytes"].as_u64(), Some(image().len() as u64 * 2));
    let shown = place.run(["capture", "inspect", text(&file)]).ok();
    assert!(shown.out.contains("stream.example") && shown.out.contains("3 packets, 1 lost"), "{}", shown.out);
}

#[test]
fn what_was_lost_counts_as_dropped() {
    let place = Place::new();
    let lost = json!({"kind": "lost", "at": "2026-03-14T11:00:10Z", "account": "A"});
    let unknown = json!({"kind": "weather", "at": "2026-03-14T11:00:11Z", "sky": "blue"});
    let packets =
        [cmd368(0, &full(1, "0.91", "-0.99")), lost, unknown, cmd368(30, &full(2, "0.91", "-0.99"))];
    let ran = place.replay(&place.capture("l.capture.ndjson", &packets)).ok();
    ran.counts(3, &[("parsed", 2), ("dropped", 1)]);
}
