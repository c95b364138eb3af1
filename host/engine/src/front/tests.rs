use super::*;
use crate::pipeline::Front as _;
use antigravity_capture::Record;
use antigravity_capture::{Merged, Source};
use antigravity_core::Direction;
use antigravity_core::{Contract, Timestamp};
use serde_json::json;

/// A contract `book` of account A whose pages have a session in their path: odds at `odds` over
/// HTTP, and on a socket, where `ping` is a heartbeat and `hello` declared as JSON.
fn contract() -> Arc<Contract> {
    let endpoint = |name: &str, transport: &str, path: &str| {
        json!({"name": name, "content": "odds", "transport": transport, "direction": "received",
            "path": path, "framing": "document"})
    };
    let mut heartbeat = endpoint("heartbeat", "websocket", "**/push");
    (heartbeat["content"], heartbeat["texts"]) = (json!("heartbeat"), json!(["ping"]));
    let mut hello = endpoint("hello", "websocket", "**/push");
    (hello["content"], hello["prefix"]) = (json!("session"), json!("hello"));
    hello["schema"] = json!({"type": "object"});
    let mut push = endpoint("push", "websocket", "**/push");
    (push["prefix"], push["schema"]) = (json!("42"), json!({"type": "array"}));
    let declared = json!({
        "antigravity_contract": 1, "wit": "0.1", "provider": "book", "version": "0.1.0",
        "profile": "path-session", "endpoints": [heartbeat, hello, push, endpoint("odds", "http", "**/odds")],
        "confirms": "by-connection", "stale_after_ms": 5000, "price_formats": ["decimal"],
        "handicap_basis": "from-now", "activation": "reload",
    });
    Arc::new(Contract::from_json(declared.to_string().as_bytes()).unwrap())
}

/// A packet of account A: connection, transport, path and body.
type Given<'a> = (&'a str, Transport, &'a str, &'a str);

/// A capture of these packets, at these seconds.
struct Capture(std::vec::IntoIter<Record>, bool);

impl Capture {
    fn of(redacted: bool, packets: &[(i64, Given<'_>)]) -> Box<dyn Source> {
        let record = |(seq, (second, (connection, transport, path, body))): (u64, &(i64, Given<'_>))| {
            let http = *transport == Transport::Http;
            let packet = Packet {
                seq,
                at: Timestamp::from_nanos(second * 1_000_000_000),
                account: "A".into(),
                connection: (*connection).into(),
                page: None,
                transport: *transport,
                direction: Direction::Received,
                method: http.then(|| "GET".into()),
                url: format!("https://h.example{path}").into(),
                status: http.then_some(200),
                content_type: None,
                request_body: None,
                event: None,
                body: Body::Text((*body).to_owned()),
            };
            Record::from(Line::Packet(packet))
        };
        let records: Vec<_> = (1..).zip(packets).map(record).collect();
        Box::new(Self(records.into_iter(), redacted))
    }
}

impl Source for Capture {
    fn next(&mut self) -> Result<Option<Record>, CaptureError> {
        Ok(self.0.next())
    }

    fn redacted(&self) -> bool {
        self.1
    }
}

fn front(sources: Vec<Box<dyn Source>>) -> Front {
    let contracts = Arc::new(Contracts::compile(vec![contract()]).unwrap());
    let secrets = Secrets::declared(&contracts).unwrap();
    let mut router = Router::new(contracts);
    assert!(router.bind("A", "book") && router.bind("B", "book"));
    let accounts = [("A".into(), 0), ("B".into(), 1)].into_iter().collect();
    let workers = [((0, 0), 0), ((1, 0), 1)].into_iter().collect();
    Front::new(Box::new(Merged::new(sources)), secrets, router, accounts, workers)
}

fn items(sources: Vec<Box<dyn Source>>) -> Vec<Item> {
    front(sources).next_chunk().unwrap().unwrap().items
}

/// Numbers of connections, by first appearance.
fn connections(sources: Vec<Box<dyn Source>>) -> Vec<u32> {
    items(sources).iter().map(|item| item.heard.origin.connection).collect()
}

#[test]
fn a_connection_is_of_one_capture_and_one_kind() {
    use Transport::{Http, Sse, WebSocket};
    let given: [Given<'_>; 4] = [
        ("c1", WebSocket, "/push", ""),
        ("c1", Http, "/odds", ""),
        ("c1", Sse, "/push", ""),
        ("c2", Http, "/", ""),
    ];
    let at = |seconds: [i64; 4]| seconds.into_iter().zip(given).collect::<Vec<_>>();
    let two = vec![Capture::of(true, &at([1, 2, 3, 4])), Capture::of(true, &at([5, 6, 7, 8]))];
    assert_eq!(connections(two), [0, 1, 2, 3, 4, 5, 6, 7]);

    let unnamed: [Given<'_>; 6] = [
        ("", WebSocket, "/push", ""),
        ("", Http, "/odds", ""),
        ("", WebSocket, "/other", ""),
        ("", Http, "/", ""),
        ("", WebSocket, "/push", ""),
        ("", Sse, "/push", ""),
    ];
    let at: Vec<_> = (0..).zip(unnamed).collect();
    assert_eq!(connections(vec![Capture::of(true, &at)]), [0, 1, 2, 1, 0, 3]);
}

/// Numbers of the items with which a session began.
fn new_sessions(sources: Vec<Box<dyn Source>>) -> Vec<usize> {
    let items = items(sources);
    (0..items.len()).filter(|index| !items[*index].new_sessions.is_empty()).collect()
}

#[test]
fn sessions_of_captures_that_were_redacted_apart_are_not_one() {
    let odds = |second, path| (second, ("page-1", Transport::Http, path, "[]"));
    let capture =
        |redacted, seconds: [i64; 2], path| Capture::of(redacted, &seconds.map(|second| odds(second, path)));
    let s1 = "/(S(S1))/odds";
    let two = vec![capture(true, [1, 2], s1), capture(true, [3, 4], s1)];
    assert_eq!(new_sessions(two), [2], "each has its own S1");

    let (one, other) = ("/(S(k3yk3yk3yk3yk3yk3yk3yk3y))/odds", "/(S(t0kent0kent0kent0kent0ken))/odds");
    let raw = |a, b| vec![capture(false, [1, 2], a), capture(false, [3, 4], b)];
    assert_eq!(new_sessions(raw(one, one)), [0_usize; 0], "redacted together: equal tokens are equal");
    assert_eq!(new_sessions(raw(one, other)), [2], "and different ones differ");
    let mixed = vec![capture(true, [1, 2], s1), capture(false, [3, 4], one)];
    assert_eq!(new_sessions(mixed), [2]);
}

#[test]
fn what_was_awaited_of_a_refused_packet() {
    use Transport::{Http, WebSocket};
    let awaited = |body: &str| {
        let given = [(0, ("c1", WebSocket, "/push", body))];
        match &items(vec![Capture::of(true, &given)])[0] {
            Item { route: Routed::Decided(decided), heard: Heard { streamed: true, .. }, .. } => {
                (decided.reason, decided.awaited)
            }
            item => panic!("{item:?}"),
        }
    };
    assert_eq!(awaited("42{}"), ("schema", true));
    assert_eq!(awaited("42["), ("not-json", true));
    assert_eq!(awaited("43[]"), ("unknown-frame", true), "a shape that nobody declared may be anything");
    assert_eq!(awaited("hello[]"), ("schema", false));
    assert_eq!(awaited("ping"), ("heartbeat", false));
    let page = [(0, ("c1", Http, "/odds", "<html>"))];
    assert!(matches!(
        &items(vec![Capture::of(true, &page)])[..],
        [Item { heard: Heard { streamed: false, .. }, .. }]
    ));
}

#[test]
fn knows_which_accounts_it_has_heard_of() {
    let mut front = front(vec![Capture::of(true, &[(0, ("c1", Transport::Http, "/odds", "[]"))])]);
    while front.next_chunk().unwrap().is_some() {}
    assert_eq!(
        (front.has_heard_of("A"), front.has_heard_of("B"), front.has_heard_of("C")),
        (true, false, false)
    );
}
