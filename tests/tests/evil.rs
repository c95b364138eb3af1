//! A hostile guest: the host lives, so do the neighbours, and grouping changes nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

use antigravity_core::{Body, Direction, Fate, Packet, Timestamp, Transport, rows};
use antigravity_runtime::{Adapter, Handled, Limits, Outcome, Prepared, Worker};
use antigravity_tape::{Framing, Tokeniser};
use antigravity_tests::{adapter, sandbox, sandbox_with};
use std::sync::Arc;

fn packet(seq: u64, deed: &str) -> Prepared {
    let packet = Packet {
        seq,
        at: Timestamp::from_nanos(seq as i64),
        account: "A".into(),
        connection: "c1".into(),
        page: None,
        transport: Transport::Http,
        direction: Direction::Received,
        method: None,
        url: "https://book.example/deeds".into(),
        status: Some(200),
        content_type: None,
        request_body: None,
        event: None,
        body: Body::Text(deed.to_owned()),
    };
    Prepared { packet: Arc::new(packet), connection: 0, endpoint: 0, tape: 0..0 }
}

fn packets(deeds: &[&str]) -> Vec<Prepared> {
    deeds.iter().zip(1..).map(|(deed, seq)| packet(seq, deed)).collect()
}

fn evil() -> Arc<Adapter> {
    adapter(&sandbox(), "tests/evil")
}

/// What a person would see of one packet: its fate, and the count that it quotes.
fn seen(handled: &Handled) -> (Fate, &'static str, Vec<String>) {
    let (fate, reason) = handled.outcome.fate().unwrap_or((Fate::Unmatched, ""));
    let mut counts = Vec::new();
    if let Outcome::Answered { answer, .. } = &handled.outcome
        && let Some(reading) = handled.outcome.reading()
    {
        for (row, _) in answer.rows(reading) {
            if let rows::Row::Price(price) = row {
                counts.extend(price.price.map(|(_, value)| value.to_string()));
            }
        }
    }
    (fate, reason, counts)
}

const DEEDS: [(&str, &str); 18] = [
    ("spin", "out-of-fuel"),
    ("allocate", "out-of-memory"),
    ("recurse", "trap"),
    ("panic", "panic"),
    ("huge-rows", "bad-answer"),
    ("huge-text", "bad-answer"),
    ("huge-string", "bad-answer"),
    ("bad-utf8", "bad-answer"),
    ("bad-end", "bad-answer"),
    ("unknown-operation", "bad-answer"),
    ("cut-row", "bad-answer"),
    ("bad-line", "bad-answer"),
    ("bad-text", "bad-answer"),
    ("flood", "bad-answer"),
    ("log-of-nobody", "bad-answer"),
    ("no-verdict", "bad-answer"),
    ("two-verdicts", "bad-answer"),
    ("lying-end", "bad-answer"),
];

#[test]
fn every_deed_costs_its_own_packet_and_nothing_else() {
    let adapter = evil();
    for (deed, cause) in DEEDS {
        let mut worker = Worker::new(adapter.clone());
        let mut neighbour = Worker::new(adapter.clone());
        let handled = worker.handle(&packets(&["count", "count", deed, "count"]), &[]);
        let seen: Vec<_> = handled.iter().map(seen).collect();
        assert_eq!(seen[2].0, Fate::Failed, "{deed}");
        assert!(
            seen[2].1 == cause || (deed == "recurse" && seen[2].1 == "stack-overflow"),
            "{deed} failed as {}",
            seen[2].1
        );
        let counts: Vec<_> = [0, 1, 3].iter().flat_map(|i: &usize| seen[*i].2.clone()).collect();
        assert_eq!(counts, ["1", "2", "3"], "{deed}: brought back as it was");
        let other = neighbour.handle(&packets(&["count"]), &[]);
        assert_eq!(self::seen(&other[0]).2, ["1"], "{deed}: the neighbour lives");
    }
}

#[test]
fn grouping_changes_nothing() {
    let adapter = evil();
    let deeds = [
        "count",
        "noise",
        "panic",
        "count",
        "complete",
        "count",
        "spin",
        "bad-utf8",
        "count",
        "panic-when-five",
        "count",
        "count",
        "panic-when-five",
        "count",
        "no-verdict",
        "count",
    ];
    let one_by_one = in_every_grouping(&adapter, &deeds);
    let failed = one_by_one.iter().filter(|(fate, ..)| *fate == Fate::Failed).count();
    assert!(failed >= 4, "panic, spin, bad-utf8 and no-verdict fail in every grouping: {one_by_one:?}");
}

/// What is seen of these deeds: the same for every grouping, and so is whether everything is
/// suspended before a packet.
fn in_every_grouping(adapter: &Arc<Adapter>, deeds: &[&str]) -> Vec<(Fate, &'static str, Vec<String>)> {
    let all = packets(deeds);
    let run = |sizes: &[usize]| {
        let mut worker = Worker::new(adapter.clone());
        let mut rest = &all[..];
        let (mut out, mut lost) = (Vec::new(), Vec::new());
        let mut turn = 0;
        while !rest.is_empty() {
            let n = sizes[turn % sizes.len()].min(rest.len());
            let handled = worker.handle(&rest[..n], &[]);
            lost.extend(handled.iter().map(|h| h.restart.as_ref().is_some_and(|r| r.lost)));
            out.extend(handled.iter().map(seen));
            (rest, turn) = (&rest[n..], turn + 1);
        }
        (out, lost)
    };
    let one_by_one = run(&[1]);
    for sizes in [&[16][..], &[2], &[3], &[5], &[7, 1], &[4, 9], &[1, 15]] {
        assert_eq!(run(sizes), one_by_one, "packets grouped by {sizes:?}");
    }
    one_by_one.0
}

#[test]
fn grouping_changes_nothing_without_a_look_back_either() {
    let limits = Limits { look_back_packets: 2, ..Limits::default() };
    let adapter = adapter(&sandbox_with(limits), "tests/evil");
    let deeds = [
        "count", "count", "count", "count", "panic", "count", "count", "complete", "count", "panic", "count",
    ];
    let seen = in_every_grouping(&adapter, &deeds);
    let counts: Vec<_> = seen.iter().flat_map(|(_, _, counts)| counts).collect();
    assert_eq!(counts, ["1", "2", "3", "4", "1", "2", "2", "3"], "after what was lost it counts anew");
}

/// Batches have the fuel of their smallest packet: where that is never enough, they become small
/// instead of failing each.
#[test]
fn batches_that_never_have_enough_fuel_become_small() {
    let dear = |fuel_base| {
        let limits = Limits { fuel_base, fuel_per_byte: 0, ..Limits::default() };
        Worker::new(adapter(&sandbox_with(limits), "tests/evil"))
    };
    let all = packets(&["count"; 4000]);
    let mut rich = dear(20_000_000);
    rich.handle(&all[..1], &[]);
    let first = rich.fuel_used();
    let mut poor = dear(first * 3);
    let handled = poor.handle(&all, &[]);
    assert!(handled.iter().all(|h| seen(h).0 == Fate::Parsed));
    let restarts = handled.iter().filter(|h| h.restart.is_some()).count();
    assert!((1..20).contains(&restarts), "{restarts} restarts in {} packets", all.len());
}

/// The look-back keeps bodies without their tapes.
#[test]
fn an_instance_that_reads_tapes_is_brought_back_too() {
    const IMAGE: &str = r#"{"op":"mcm","id":1,"ct":"SUB_IMAGE","mc":[{"id":"1.2","img":true,"marketDefinition":{"eventId":"3","eventName":"Crayford","eventTypeId":"4339","bettingType":"ODDS","marketType":"WIN","marketTime":"2026-05-03T19:12:00.000Z","inPlay":false,"status":"OPEN","runners":[{"status":"ACTIVE","sortPriority":1,"id":11}]},"rc":[{"id":11,"atb":[[4.8,12.5]],"atl":[[5.1,40]]}]}]}"#;
    const DELTA: &str = r#"{"op":"mcm","id":1,"mc":[{"id":"1.2","rc":[{"id":11,"atb":[[4.8,0],[4.7,3]]}]}]}"#;
    let levels: Vec<_> = (0..20_000).map(|n| format!("[{}.{:02},1]", 2 + n / 100, n % 100)).collect();
    let dear = format!(
        r#"{{"op":"mcm","id":1,"mc":[{{"id":"1.9","rc":[{{"id":11,"atb":[{}]}}]}}]}}"#,
        levels.join(",")
    );
    let limits = Limits { fuel_base: 100_000, fuel_per_byte: 0, ..Limits::default() };
    let adapter = adapter(&sandbox_with(limits), "adapters/betfair");
    let read = |bodies: &[&str]| {
        let (mut tapes, mut all) = (Vec::new(), packets(bodies));
        for packet in &mut all {
            let Body::Text(body) = &packet.packet.body else { continue };
            let start = tapes.len();
            Tokeniser::default().tokenise(body, Framing::Lines, &mut tapes).unwrap();
            packet.tape = start..tapes.len();
        }
        Worker::new(adapter.clone()).handle(&all, &tapes)
    };
    let (sound, broken) = (read(&[IMAGE, DELTA]), read(&[IMAGE, &dear, DELTA]));
    assert_eq!(seen(&broken[1]).1, "out-of-fuel");
    assert_eq!(seen(&sound[1]).2, ["4.7"]);
    assert_eq!(seen(&broken[2]), seen(&sound[1]));
    assert!(broken[2].restart.as_ref().is_some_and(|restart| !restart.lost));
}

#[test]
fn without_a_look_back_everything_is_suspended() {
    let limits = Limits { look_back_packets: 2, ..Limits::default() };
    let adapter = adapter(&sandbox_with(limits), "tests/evil");
    let mut worker = Worker::new(adapter);
    let handled = worker.handle(&packets(&["count", "count", "count", "panic", "count"]), &[]);
    let restart = handled[3].restart.as_ref().or(handled[4].restart.as_ref());
    assert!(restart.is_some_and(|r| r.lost), "the look-back overflowed: {handled:?}");
    assert_eq!(seen(&handled[4]).2, ["1"], "a fresh instance counts from the beginning");
}
