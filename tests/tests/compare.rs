//! Two versions of an adapter on the same captures: where they differ is told by quote and by packet, the same
//! way for any number of threads.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

use antigravity_capture::{CaptureError, Line, Progress, Record, Source, Toggle, open};
use antigravity_core::agreement::Kind;
use antigravity_core::{Body, Direction, Packet, Timestamp, Transport};
use antigravity_engine::{Captures, Comparison, Lasting, Marks, ReplayError, compare};
use antigravity_runtime::Adapter;
use antigravity_tests::{component, loaded, root, sandbox, variant};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

/// What is replayed, and whether the file breaks off behind it.
struct Lines(Vec<Line>, bool);

struct Reading(std::vec::IntoIter<Line>, bool);

impl Captures for Lines {
    fn open(&self, _: &Progress) -> Result<Vec<Box<dyn Source>>, CaptureError> {
        Ok(vec![Box::new(Reading(self.0.clone().into_iter(), self.1))])
    }
}

impl Source for Reading {
    fn next(&mut self) -> Result<Option<Record>, CaptureError> {
        match self.0.next() {
            Some(line) => Ok(Some(line.into())),
            // As of a file that cannot be read on.
            None if self.1 => open(Path::new("broken"), None, &Progress::default()).map(|_| None),
            None => Ok(None),
        }
    }

    fn redacted(&self) -> bool {
        true
    }
}

/// The `seq`-th packet, a tenth of a second after the one before: one event with the prices of both teams.
fn packet(seq: u64, account: &str, event: usize, odds: [String; 2]) -> Line {
    let body = json!({"id": event.to_string(), "home": format!("Home {event}"), "away": format!("Away {event}"),
        "odds": odds});
    Line::Packet(Packet {
        seq,
        at: Timestamp::from_nanos(seq as i64 * 100_000_000),
        account: account.into(),
        connection: "c1".into(),
        page: None,
        transport: Transport::Http,
        direction: Direction::Received,
        method: Some("GET".into()),
        url: "https://book.example/feed/moody/all".into(),
        status: Some(200),
        content_type: None,
        request_body: None,
        event: None,
        body: Body::Text(body.to_string()),
    })
}

/// Two accounts in turn, three events, prices that move and are never 5.
fn many(packets: u64) -> Lines {
    let price = |n: u64| format!("{}.{:02}", 1 + n % 3, n * 7 % 100 + 1);
    let line =
        |n: u64| packet(n + 1, ["A", "B"][n as usize % 2], n as usize / 2 % 3, [price(n), price(n + 1)]);
    Lines((0..packets).map(line).collect(), false)
}

/// One event; the prices of the home team.
fn prices(home: &[&str]) -> Lines {
    let line = |(n, price): (usize, &&str)| packet(n as u64 + 1, "A", 0, [(*price).into(), "5.0".into()]);
    Lines(home.iter().enumerate().map(line).collect(), false)
}

fn moody(version: &str, mood: &str) -> Arc<Adapter> {
    let sandbox = sandbox();
    loaded(&sandbox, variant(&component(&sandbox, "tests/moody"), version, Some(mood)))
}

fn compared(old: &Arc<Adapter>, new: &Arc<Adapter>, captures: &Lines, threads: usize) -> Comparison {
    compare(old, new, captures, &Marks::Recognised, threads, &Progress::default()).unwrap()
}

/// `steady` against another mood.
fn against(mood: &str, captures: &Lines) -> Comparison {
    compared(&moody("0.1.0", "steady"), &moody("0.1.1", mood), captures, 1)
}

/// How it differs, by quote or event: kind, event, selection.
fn kinds(comparison: &Comparison) -> Vec<(Kind, &str, Option<&str>)> {
    let of = |it: &Lasting| it.difference.quote.as_ref().map(|place| place.selection.clone());
    let selection = |it| match of(it).as_deref() {
        Some("home") => Some("home"),
        Some("away") => Some("away"),
        Some(other) => panic!("{other}"),
        None => None,
    };
    let differences = comparison.differences.iter();
    differences.map(|it| (it.difference.kind, it.difference.event_id.as_str(), selection(it))).collect()
}

#[test]
fn versions_that_say_the_same_do_not_differ() {
    let same = against("steady", &many(60));
    assert!(same.is_equal());
    assert_eq!((same.packets, same.compared.compared), (60, same.compared.equal));
    // Three events of two accounts, each with two quotes.
    assert_eq!((same.at_end.compared, same.at_end.equal), (18, 18));
    assert_eq!((same.old.ledger.parsed, same.old.ledger), (60, same.new.ledger));
}

#[test]
fn the_result_does_not_depend_on_threads() {
    for mood in ["jumps", "drops", "swaps", "refuses", "traps", "drifts", "breaks"] {
        let (old, new) = (moody("0.1.0", "steady"), moody("0.1.1", mood));
        let all = [1, 2, 6].map(|threads| compared(&old, &new, &many(700), threads));
        assert!(!all[0].is_equal(), "{mood}");
        for other in &all[1..] {
            assert_eq!(format!("{other:?}"), format!("{:?}", all[0]), "{mood}");
        }
    }
}

#[test]
fn a_difference_lasts_from_its_first_packet_to_its_last() {
    // Who jumps says 5.0: after the third packet both do.
    let all = against("jumps", &prices(&["1.90", "1.91", "5.0", "1.92", "1.93"]));
    let [home] = &all.differences[..] else { panic!("{:?}", all.differences) };
    assert_eq!((home.difference.kind, &*home.account), (Kind::Jump, "A"));
    assert_eq!((home.home.as_deref(), home.away.as_deref()), (Some("Home 0"), Some("Away 0")));
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let Lasting { difference, at_end, .. } = home;
    assert_eq!((text(&difference.old), text(&difference.new)), ("1.90 decimal".into(), "5.0 decimal".into()));
    let at_end = at_end.as_ref().unwrap();
    assert_eq!((text(&at_end.old), text(&at_end.new)), ("1.93 decimal".into(), "5.0 decimal".into()));
    assert_eq!((home.first_seq, home.last_seq, home.packets), (1, 5, 4));
    assert_eq!((all.compared.of(Kind::Jump), all.at_end.of(Kind::Jump)), (4, 1));

    let past = against("jumps", &prices(&["5.0", "1.91", "5.0", "5.0"]));
    let [home] = &past.differences[..] else { panic!("{:?}", past.differences) };
    assert_eq!((home.first_seq, home.last_seq, home.packets), (2, 2, 1));
    assert_eq!((&home.at_end, past.at_end.equal, past.at_end.compared), (&None, 3, 3));
}

#[test]
fn what_lasts_counts_every_packet_until_it_ends() {
    // Nothing of event 0 comes for two packets, and it differs all the while.
    let odds = |price: &str| [price.to_owned(), "5.0".to_owned()];
    let lines = [(0, "1.90"), (1, "5.0"), (1, "5.0"), (0, "5.0"), (1, "5.0")];
    let line = |(n, (event, price)): (usize, &(usize, &str))| packet(n as u64 + 1, "A", *event, odds(price));
    let all = against("jumps", &Lines(lines.iter().enumerate().map(line).collect(), false));
    let [home] = &all.differences[..] else { panic!("{:?}", all.differences) };
    assert_eq!((home.first_seq, home.last_seq, home.packets), (1, 3, 3));
}

#[test]
fn a_difference_ends_where_an_account_is_switched_off() {
    let mut captures = prices(&["1.90"]);
    let off = Toggle { seq: 2, at: Timestamp::from_nanos(200_000_000), account: "A".into(), on: false };
    captures.0.push(Line::Toggle(off));
    let all = against("jumps", &captures);
    let [home] = &all.differences[..] else { panic!("{:?}", all.differences) };
    assert_eq!((home.first_seq, home.last_seq, home.packets), (1, 1, 1));
    // Of what is left both tell the event alike.
    assert_eq!((&home.at_end, all.packets, all.at_end.compared, all.at_end.equal), (&None, 1, 1, 1));
}

#[test]
fn each_mood_differs_in_its_way() {
    let captures = prices(&["1.90", "1.91"]);
    let (home, away) = ((Kind::Coverage, "0", Some("home")), (Kind::Coverage, "0", Some("away")));
    assert_eq!(kinds(&against("drops", &captures)), [away]);
    assert_eq!(kinds(&against("refuses", &captures)), [home, away]);
    assert_eq!(kinds(&against("traps", &captures)), [home, away]);
    let swaps = against("swaps", &captures);
    assert_eq!(kinds(&swaps), [(Kind::Event, "0", None)]);
    let difference = &swaps.differences[0].difference;
    assert_eq!(difference.old.as_deref(), Some("home Home 0, away Away 0"));
    assert_eq!(difference.new.as_deref(), Some("home Away 0, away Home 0"));
}

#[test]
fn the_gravest_differences_come_first() {
    // The old one drops what the new one has (extra), and the new one's other prices are no news.
    let old = moody("0.1.0", "drops");
    let all = compared(&old, &moody("0.1.1", "jumps"), &prices(&["1.90"]), 1);
    assert_eq!(kinds(&all), [(Kind::Jump, "0", Some("home")), (Kind::Extra, "0", Some("away"))]);
}

#[test]
fn fates_that_differ_are_counted_by_what_they_were_and_are() {
    let refuses = against("refuses", &many(20));
    let [fate] = &refuses.fates[..] else { panic!("{:?}", refuses.fates) };
    assert_eq!((fate.old.as_str(), fate.packets, fate.first_seq, fate.last_seq), ("parsed", 20, 1, 20));
    assert!(fate.new.starts_with("rejected:"), "{}", fate.new);
    assert_eq!((refuses.old.ledger.parsed, refuses.new.ledger.rejected), (20, 20));

    // From the ninth packet on it traps.
    let breaks = against("breaks", &many(20));
    assert_eq!((breaks.fates[0].old.as_str(), breaks.fates[0].new.as_str()), ("parsed", "failed:panic"));
    assert_eq!(breaks.fates[0].first_seq, 9);
    assert_eq!(breaks.fates.iter().map(|fate| fate.packets).sum::<u64>(), 12);
    assert!(breaks.differences.iter().all(|it| it.first_seq >= 9 && it.difference.kind == Kind::Coverage));
}

#[test]
fn each_version_is_routed_by_its_own_contract() {
    let sandbox = sandbox();
    let old = variant(&component(&sandbox, "tests/moody"), "0.1.0", Some("steady"));
    let mut new = variant(&component(&sandbox, "tests/moody"), "0.1.1", Some("steady"));
    let path = b"/feed/moody/";
    let places: Vec<_> = (0..new.len() - path.len()).filter(|at| new[*at..].starts_with(path)).collect();
    for at in places {
        new[at..at + path.len()].copy_from_slice(b"/food/moody/");
    }
    let (old, new) = (loaded(&sandbox, old), loaded(&sandbox, new));
    let all = compared(&old, &new, &prices(&["1.90", "1.91"]), 1);
    assert_eq!((all.old.ledger.parsed, all.new.ledger.unmatched), (2, 2));
    assert_eq!((all.old.notes.bound.len(), all.new.notes.bound.len()), (1, 0));
    assert_eq!((all.fates[0].old.as_str(), all.fates[0].new.as_str()), ("parsed", "unmatched"));
    assert_eq!(all.compared.of(Kind::Coverage), 3, "two quotes, one of which changed");
}

#[test]
fn what_is_malformed_ends_both() {
    for threads in [1, 6] {
        let (old, new) = (moody("0.1.0", "steady"), moody("0.1.1", "steady"));
        let marks = Marks::Named(vec![("A".into(), "moody".into())]);
        let lines = Lines(many(3_000).0, true);
        let error = compare(&old, &new, &lines, &marks, threads, &Progress::default()).unwrap_err();
        assert!(
            matches!(&error, ReplayError::Capture(error) if error.to_string().contains("broken")),
            "{error}"
        );
    }
}

#[test]
fn components_of_both_published_interfaces_are_compared() {
    let frozen = |version: &str| {
        let file = root().join("tests/frozen").join(version).join("frozen.wasm");
        Arc::new(Adapter::load(&sandbox(), &file).unwrap())
    };
    let path = root().join("tests/program/fixtures/polls.capture.ndjson");
    let files = [antigravity_engine::File { path, account: None }];
    let (old, new) = (frozen("0.1"), frozen("0.2"));
    let all = compare(&old, &new, &files[..], &Marks::Recognised, 2, &Progress::default()).unwrap();
    assert!(all.is_equal(), "{:?} {:?}", all.differences, all.fates);
    assert!(all.compared.compared > 0 && all.at_end.compared > 0);
}
