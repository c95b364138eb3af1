//! What is seen of shapes, through the router and body by body.

use super::{Bench, http, push};
use crate::fingerprint::Fingerprinter;
use crate::{Contracts, Drift, DriftMonitor, Place};
use antigravity_core::Timestamp;
use antigravity_core::drift::Observed;
use antigravity_tape::{Framing, Tokeniser};
use serde_json::{Value, json};
use std::sync::Arc;

const PLACE: Place = Place { contract: 0, endpoint: 0 };

/// A page that polls rows; its contract names `rows` (required), `rows[].id` and `rows[].price`.
fn rows() -> Arc<antigravity_core::Contract> {
    let row = json!({"type": "object", "properties": {"id": {"type": "integer"}, "price": {}}});
    let rows = json!({"type": "array", "items": row});
    push("acme", json!([{"schema": {"type": "object", "required": ["rows"], "properties": {"rows": rows}}}]))
}

fn watched() -> Bench {
    let mut bench = Bench::bound(vec![rows()]);
    bench.router.watch(DriftMonitor::new(bench.router.contracts().clone()));
    bench
}

fn body(number: usize) -> Value {
    json!({"at": number, "rows": [{"id": number, "price": "1.9", "more": null}, {"id": 1, "price": "2.0", "note": "x"}]})
}

/// Routes so many packets; what was told of them.
fn route(bench: &mut Bench, times: usize, body: impl Fn(usize) -> Value) -> Vec<Drift> {
    let mut told = Vec::new();
    for number in 0..times {
        bench.route(&http("https://a.example/odds", &body(number).to_string()));
        told.extend_from_slice(bench.router.drifts());
    }
    told
}

fn lines(drifts: &[Drift]) -> Vec<String> {
    drifts
        .iter()
        .flat_map(|drift| drift.changes.iter().map(move |it| format!("{}: {it}", drift.version)))
        .collect()
}

fn observed(bench: &Bench) -> Vec<Observed> {
    bench.router.monitor().unwrap().observed().collect()
}

#[test]
fn a_field_of_another_type_is_told_and_invalidates() {
    let mut bench = watched();
    assert_eq!(route(&mut bench, 200, body), []);
    let numbers = |number| {
        let mut body = body(number);
        body["rows"][0]["price"] = json!(1.9);
        body["rows"][1]["note"] = json!(7);
        body
    };
    let told = route(&mut bench, 8, numbers);
    let expected = [
        "2: rows[].price is number|string and was string [declared]",
        "2: rows[].note is number and was string",
    ];
    let mut found = lines(&told);
    found.sort_by_key(|line| !line.contains("price"));
    assert_eq!(found, expected);
    let invalidated = told[0].invalidated().unwrap();
    assert_eq!(
        (invalidated.place, invalidated.provider.as_str(), invalidated.endpoint.as_str()),
        (PLACE, "acme", "e0")
    );
    assert_eq!(invalidated.changes.len(), 1);
    assert_eq!(route(&mut bench, 400, numbers), [], "it is told once");
    let versions = observed(&bench);
    assert_eq!(
        versions.iter().map(|it| (it.version, it.touches_declared())).collect::<Vec<_>>(),
        [(1, false), (2, true)]
    );
}

#[test]
fn a_field_with_another_name_is_gone_and_the_new_one_is_no_surprise() {
    let mut bench = watched();
    route(&mut bench, 400, body);
    let renamed = |number| {
        let text = body(number).to_string().replace("\"price\"", "\"odds\"");
        serde_json::from_str(&text).unwrap()
    };
    let told = route(&mut bench, 8 * 8, renamed);
    assert_eq!(told.len(), 1);
    assert_eq!(lines(&told).len(), 1);
    assert!(lines(&told)[0].starts_with("2: rows[].price is gone (string, in "), "{:?}", lines(&told));
    assert!(told[0].invalidated().is_some());
    assert_eq!(route(&mut bench, 400, renamed), []);
    // What came in its place is told with the version, once that is known well enough.
    let second = &observed(&bench)[1];
    let paths: Vec<_> = second.changes.iter().map(|it| (it.path.as_str(), it.kind)).collect();
    use antigravity_core::drift::Kind::{Added, Removed};
    assert_eq!(paths, [("rows[].odds", Added), ("rows[].price", Removed)]);
}

#[test]
fn bodies_that_no_longer_fit_the_schema_are_seen_too() {
    let mut bench = watched();
    route(&mut bench, 100, body);
    let moved = |number| json!({"at": number, "events": body(number)["rows"]});
    let told = route(&mut bench, 40, moved);
    assert_eq!(told.len(), 1, "{:?}", lines(&told));
    assert!(lines(&told).iter().any(|line| line.starts_with("2: rows is gone (array")), "{:?}", lines(&told));
    assert!(told[0].invalidated().is_some());
}

#[test]
fn an_answer_that_says_nothing_is_no_shape() {
    let mut bench = watched();
    route(&mut bench, 100, body);
    assert_eq!(route(&mut bench, 500, |_| json!({"error": "no session", "code": 7})), []);
    let before = observed(&bench);
    assert_eq!(before.len(), 1);
    // Where an endpoint was never understood, nothing has changed.
    let mut bench = watched();
    assert_eq!(route(&mut bench, 500, |n| json!({"a": n, "b": [1, 2, {"c": null}]})), []);
    assert_eq!(observed(&bench), []);
}

#[test]
fn a_run_goes_on_where_the_one_before_it_ended() {
    let (mut whole, mut first, mut second) = (watched(), watched(), watched());
    let changed = |number: usize| {
        let mut body = body(number);
        body["rows"][0]["price"] = json!(1.9);
        body
    };
    route(&mut first, 300, body);
    let mut monitor = DriftMonitor::new(second.router.contracts().clone());
    observed(&first).into_iter().for_each(|it| monitor.resume(it));
    second.router.watch(monitor);
    let told = route(&mut second, 300, changed);
    route(&mut whole, 300, body);
    assert_eq!(lines(&told), lines(&route(&mut whole, 300, changed)));
    assert_eq!(lines(&told).len(), 1);
    assert_eq!(observed(&second).iter().map(|it| it.version).collect::<Vec<_>>(), [1, 2]);
    // What a version is compared with outlasts the run too.
    let mut third = watched();
    let mut monitor = DriftMonitor::new(third.router.contracts().clone());
    observed(&second).into_iter().for_each(|it| monitor.resume(it));
    third.router.watch(monitor);
    let without_note = |number| {
        let text = changed(number).to_string().replace("\"note\"", "\"remark\"");
        serde_json::from_str(&text).unwrap()
    };
    let paths =
        |bench: &Bench| observed(bench)[0].changes.iter().map(|it| it.path.clone()).collect::<Vec<_>>();
    assert_eq!(paths(&third), ["rows[].price"]);
    route(&mut third, 1, without_note);
    assert_eq!(observed(&third).len(), 1, "only the newest version goes on");
    // What no contract has any more is left alone.
    let mut monitor = DriftMonitor::new(Arc::new(Contracts::compile(vec![rows()]).unwrap()));
    for (provider, endpoint) in [("gone", "e0"), ("acme", "gone")] {
        let it = observed(&first).remove(0);
        monitor.resume(Observed { provider: provider.into(), endpoint: endpoint.into(), ..it });
    }
    assert_eq!(monitor.observed().count(), 0);
}

/// Ever new shapes make neither memory nor versions grow without end.
#[test]
fn what_changes_all_the_time_is_bounded() {
    let contracts = Arc::new(Contracts::compile(vec![rows()]).unwrap());
    let mut monitor = DriftMonitor::new(contracts);
    let (mut reader, mut versions) = (Reader::default(), 0);
    for round in 0..200 {
        for number in 0..40 {
            let value = if round % 2 == 0 { json!("x") } else { json!(1) };
            let body = json!({"rows": [], "v": value, format!("k{round}_{}x", number % 4): 1}).to_string();
            versions += u32::from(reader.observe(&mut monitor, &body).is_some());
        }
    }
    assert!((2..=64).contains(&versions), "{versions}");
}

#[derive(Default)]
struct Reader {
    fingerprinter: Fingerprinter,
    tokeniser: Tokeniser,
    tape: Vec<u64>,
}

impl Reader {
    /// Every body is looked at whole.
    fn observe(&mut self, monitor: &mut DriftMonitor, body: &str) -> Option<Drift> {
        self.tape.clear();
        self.tokeniser.tokenise(body, Framing::Document, &mut self.tape).unwrap();
        let fingerprint = self.fingerprinter.fingerprint(body.as_bytes(), &self.tape, true);
        monitor.observe(PLACE, Timestamp::from_nanos(0), fingerprint, (body.as_bytes(), &self.tape))
    }
}

/// Recorded sockets, every message of them: none of what a contract of them would name is ever found changed.
#[test]
fn recorded_sockets_do_not_drift() {
    let Some(directory) = std::env::var_os("ANTIGRAVITY_CAPTURES").map(std::path::PathBuf::from) else {
        return;
    };
    let mc = json!({"type": "object", "properties": {"op": {}, "pt": {}, "clk": {}, "mc": {"items": {"properties": {
        "id": {}, "rc": {"items": {"properties": {"id": {}}}}, "marketDefinition": {}}}}}});
    for file in
        ["betfair/flumine_1.197931750_greyhound_win.ndjson", "betfair/flumine_BASIC-1.132153978.ndjson"]
    {
        let contracts = Contracts::compile(vec![push("betfair", json!([{"schema": mc}]))]).unwrap();
        let mut monitor = DriftMonitor::new(Arc::new(contracts));
        let mut reader = Reader::default();
        let text = std::fs::read_to_string(directory.join(file)).unwrap();
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        for (number, line) in lines.enumerate() {
            for change in reader.observe(&mut monitor, line).into_iter().flat_map(|drift| drift.changes) {
                println!("{file}: {number}: {change}");
                assert!(!change.declared, "{file}: {number}: {change}");
            }
        }
    }
}
