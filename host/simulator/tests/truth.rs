//! The truth that the simulator tells against readers of its packets that share nothing with it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees only #[test] functions as tests")]

mod readers;

use antigravity_abi::{Decimal, PriceFormat};
use antigravity_core::{Fate, Timestamp};
use antigravity_simulator::{BetfairStream, Plan, Scenario, Settings, Shape, Trap};
use readers::{Board, Reader};
use std::collections::{BTreeMap, BTreeSet};

fn reader(provider: &str) -> Box<dyn Reader> {
    match provider {
        "cmd368" => Box::new(readers::cmd368::Cmd368::default()),
        "isport" => Box::new(readers::isport::Isport::default()),
        _ => Box::new(readers::afb88::Afb88::default()),
    }
}

/// The book a packet belongs to, by its connection's name.
fn book(connection: &str) -> (String, String) {
    let mut parts = connection.split('-');
    (parts.next().unwrap().to_owned(), parts.next().unwrap().to_owned())
}

fn same(expected: &Board, read: &Board, about: &str) {
    for (key, quote) in expected {
        assert_eq!(read.get(key), Some(quote), "{about}: {key:?}");
    }
    let extra: Vec<_> = read.keys().filter(|key| !expected.contains_key(key)).collect();
    assert!(extra.is_empty(), "{about}: not expected: {extra:?}");
}

/// Compares after each packet that sets a trap and each `every`-th other; gives the number of
/// comparisons with quotes in them.
fn agree(settings: &Settings, every: u64) -> usize {
    let mut scenario = Scenario::new(settings);
    let mut readers: BTreeMap<(String, String), Box<dyn Reader>> = BTreeMap::new();
    let mut compared = 0;
    while let Some(traffic) = scenario.next_traffic() {
        let (account, provider) = book(&traffic.packet.connection);
        assert_eq!(account, *traffic.packet.account);
        let reader =
            readers.entry((account.clone(), provider.clone())).or_insert_with(|| self::reader(&provider));
        reader.read(&traffic.packet);
        if traffic.traps.is_empty() && !traffic.packet.seq.is_multiple_of(every) {
            continue;
        }
        let expected = readers::expected(&scenario.expected(&account, &provider));
        let about = format!("packet {} of {account}:{provider} {:?}", traffic.packet.seq, traffic.traps);
        same(&expected, &reader.board(), &about);
        compared += usize::from(!expected.is_empty());
    }
    compared
}

#[test]
fn the_demo_is_what_its_packets_say() {
    assert!(agree(&Settings::demo(), 1) > 400);
}

/// Traps at random places, more goals, kick-offs and ends of matches, and a night over which the
/// books' date changes.
#[test]
fn other_seeds_are_what_their_packets_say() {
    for seed in 0..3 {
        let start: Timestamp =
            ["2026-03-30T11:00:00Z", "2026-07-14T15:52:00Z"][seed as usize % 2].parse().unwrap();
        let settings = Settings {
            seed,
            start,
            length: 180_000,
            plan: Plan::everywhere(&["A", "B"], 0.12),
            goal_pace: 8.0,
            ..Settings::demo()
        };
        assert!(agree(&settings, 2) > 300);
    }
}

/// An hour: halves end, matches end, others begin.
#[test]
fn a_long_run_is_what_its_packets_say() {
    let settings = Settings {
        length: 3_600_000,
        accounts: vec!["A".to_owned()],
        fixtures: antigravity_simulator::DEMO[..8].to_vec(),
        plan: Plan::everywhere(&["A"], 0.01),
        ..Settings::demo()
    };
    assert!(agree(&settings, 2) > 3000);
}

#[test]
fn every_trap_is_in_the_demo() {
    let mut scenario = Scenario::demo();
    let packets = scenario.by_ref().count();
    assert!((300..900).contains(&packets), "{packets}");
    let seen: BTreeSet<Trap> = scenario.traps_seen().keys().copied().collect();
    let missing: Vec<_> = Trap::ALL.iter().filter(|trap| !seen.contains(trap)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn time_and_numbers_rise_and_nothing_is_late() {
    let settings = Settings::demo();
    let end = settings.start.nanos() + settings.length * 1_000_000;
    let (mut last, mut seq) = (settings.start, 0);
    for packet in Scenario::new(&settings) {
        assert!(packet.at >= last && packet.at.nanos() <= end);
        assert_eq!(packet.seq, seq + 1);
        (last, seq) = (packet.at, packet.seq);
    }
}

#[test]
fn a_seed_gives_the_same_bytes() {
    let run = |seed| Scenario::new(&Settings { seed, ..Settings::demo() }).collect::<Vec<_>>();
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}

/// Sum of the inverse decimal odds: a wrong column or format leaves this range.
#[test]
fn two_way_markets_have_a_bookmakers_margin() {
    let decimal = |format: PriceFormat, text: &str| {
        let value: f64 = text.parse().unwrap();
        assert!(format.contains(text.parse::<Decimal>().unwrap()), "{format} {text}");
        match format {
            PriceFormat::Decimal => value,
            _ if value > 0.0 => 1.0 + value,
            _ => 1.0 - 1.0 / value,
        }
    };
    let mut scenario = Scenario::demo();
    let mut pairs = 0;
    while scenario.next_traffic().is_some_and(|t| t.packet.seq < 300) {}
    let mut markets: BTreeMap<_, Vec<f64>> = BTreeMap::new();
    for quote in scenario.expected_board() {
        let Some((format, text)) = &quote.price else { continue };
        let key =
            (quote.account.clone(), quote.provider, quote.market_id.clone(), quote.market, quote.period);
        markets.entry(key).or_default().push(decimal(*format, text));
    }
    for (key, prices) in markets {
        let overround: f64 = prices.iter().map(|price| 1.0 / price).sum();
        let most = if prices.len() == 2 { 1.25 } else { 1.15 };
        assert!((1.0..most).contains(&overround), "{key:?} {prices:?} {overround}");
        pairs += usize::from(prices.len() == 2);
    }
    assert!(pairs > 500, "{pairs}");
}

/// Books of two accounts part company: now and then a pair of opposite quotes sums to less than one, and
/// never many do.
#[test]
fn opportunities_come_and_go_and_are_few() {
    let mut scenario = Scenario::demo();
    let mut counts = Vec::new();
    while scenario.by_ref().take(20).count() == 20 {
        let (arbitrage, pairs) = pairs_below_one(&scenario);
        assert!(arbitrage * 20 <= pairs, "{arbitrage} of {pairs}");
        counts.push(arbitrage);
    }
    assert!(counts.contains(&0) && counts.iter().any(|count| *count > 0), "{counts:?}");
}

/// Of the handicaps and totals of a board, how many best pairs of opposite quotes sum to less than one.
fn pairs_below_one(scenario: &Scenario) -> (usize, usize) {
    let mut best: BTreeMap<(String, String, String, bool), [f64; 2]> = BTreeMap::new();
    for quote in scenario.expected_board() {
        let Some((format, text)) = &quote.price else { continue };
        if *format == PriceFormat::Decimal || quote.line.is_none() {
            continue;
        }
        let value: f64 = text.parse().unwrap();
        let odds = if value > 0.0 { 1.0 + value } else { 1.0 - 1.0 / value };
        let key = (
            quote.home.clone().unwrap(),
            format!("{} {}", quote.market, quote.period),
            quote.line.clone().unwrap(),
            quote.in_play,
        );
        let side = usize::from(["away", "under"].contains(&quote.selection.name()));
        let best = best.entry(key).or_default();
        best[side] = best[side].max(odds);
    }
    let below = |[a, b]: &&[f64; 2]| 1.0 / a + 1.0 / b < 1.0;
    (best.values().filter(below).count(), best.len())
}

#[test]
fn secrets_are_there_to_be_redacted_and_accounts_have_their_own() {
    let mut tokens: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for packet in Scenario::demo() {
        let lower = packet.url.to_lowercase();
        if let Some(start) = lower.find("/(s(") {
            let token = packet.url[start + 4..].split(')').next().unwrap();
            assert_eq!(token.len(), 40);
            tokens.entry(packet.account.to_string()).or_default().insert(token.to_owned());
        }
    }
    assert_eq!((tokens["A"].len(), tokens["B"].len()), (1, 2));
    assert!(tokens["A"].is_disjoint(&tokens["B"]));
}

/// Whether what stands is complete may change: a frame that cannot be read is missing.
#[test]
fn what_must_be_ignored_or_refused_changes_no_quote() {
    let mut scenario = Scenario::demo();
    let mut before: BTreeMap<(String, String), _> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    while let Some(traffic) = scenario.next_traffic() {
        let key = book(&traffic.packet.connection);
        let mut now = scenario.expected(&key.0, &key.1);
        now.iter_mut().for_each(|quote| quote.gap = false);
        let rotation = traffic.traps.contains(&Trap::TokenRotation);
        if let Some(fate @ (Fate::Ignored | Fate::Rejected | Fate::Unmatched)) = traffic.fate
            && !rotation
        {
            assert!(before.get(&key).is_none_or(|b| *b == now), "{:?}", traffic.packet);
            seen.insert(fate);
        }
        before.insert(key, now);
    }
    assert_eq!(seen.len(), 3);
}

#[test]
fn betfair_streams_are_what_their_messages_say() {
    let shapes = [(1, 6, 900, 300), (7, 3, 1500, 120), (40, 12, 250, 2500)];
    for (seed, (markets, runners, messages, mean_size)) in shapes.into_iter().enumerate() {
        let shape = Shape { markets, runners, messages, mean_size };
        let start = "2026-09-08T11:00:00Z".parse().unwrap();
        let mut frames = BetfairStream::new(seed as u64, start, shape).frames("A", 5);
        let mut reader = readers::betfair::Betfair::default();
        let mut last = start;
        while let Some(packet) = frames.next() {
            assert!(packet.at >= last);
            last = packet.at;
            reader.read(&packet);
            let expected = readers::expected(&frames.expected());
            same(&expected, &reader.board(), &format!("frame {} of {shape:?}", packet.seq));
        }
        assert!(frames.expected().is_empty(), "all markets are closed");
    }
}
