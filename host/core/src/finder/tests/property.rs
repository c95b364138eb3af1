//! The whole board against changes one by one, and what a change costs.

use super::world::*;
use crate::finder::*;
use crate::{Market, Selection, Side, Status};
use proptest::prelude::*;

const BOOKS: usize = 4;

/// What a book may quote of one match.
fn bets() -> Vec<(LineFacts<'static>, Selection, Side)> {
    let mut bets = Vec::new();
    for facts in [
        line(Market::MatchResult, None),
        line(HANDICAP, Some("-0.75")),
        line(HANDICAP, Some("-0.25")),
        line(HANDICAP, Some("0.25")),
        line(Market::DrawNoBet, None),
        line(Market::DoubleChance, None),
        line(Market::Total, Some("2.25")),
        line(Market::Total, Some("2.5")),
        line(Market::OddEven, None),
    ] {
        for selection in facts.market.selections() {
            bets.push((facts, *selection, Side::Back));
        }
    }
    bets.push((line(Market::MatchResult, None), Selection::Home, Side::Lay));
    bets.push((line(Market::MatchResult, None), Selection::Draw, Side::Lay));
    bets
}

/// Two matches at four books, with nothing offered.
fn world() -> World {
    let mut world = World::with(Settings { most_open: u16::MAX, ..settings() });
    for book in 0..BOOKS {
        let (account, provider) = (["A", "B", "C", "D"][book], ["w", "x", "y", "z"][book]);
        let worker = world.worker(account, provider);
        for event in ["1", "2"] {
            let mut facts = game(provider, event);
            if event == "2" {
                facts.home = Some("Cedar");
            }
            let fixture = world.fixture(worker, &facts);
            for (facts, selection, side) in bets() {
                let line = world.line(fixture, &facts);
                world.quote(line, selection, side);
            }
        }
    }
    world
}

fn quotes() -> u32 {
    (BOOKS * 2 * bets().len()) as u32
}

/// Around fair prices: some pay together, most do not.
fn odds(quote: u32, noise: u32) -> String {
    let (facts, selection, _) = bets()[quote as usize % bets().len()];
    let fair = match (facts.market, selection) {
        (Market::MatchResult, Selection::Draw) => 330,
        (Market::MatchResult, Selection::Home) => 240,
        (Market::MatchResult, _) => 300,
        (Market::DoubleChance, Selection::HomeAway) => 137,
        (Market::DoubleChance, _) => 150,
        _ => 194,
    };
    let cents = fair * (90 + noise % 18) / 100;
    format!("{}.{:02}", cents / 100, cents % 100)
}

type Shown = std::collections::BTreeMap<[u8; 32], Vec<String>>;

/// What stands, by key, with its stakes.
fn follow(standing: &mut Shown, events: &[Event]) {
    for event in events {
        match event {
            Event::Closed(closed) => assert!(standing.remove(&closed.key).is_some()),
            Event::Opportunity(opportunity) => {
                let stakes = opportunity.certificate.legs.iter().map(|leg| leg.nominal.to_string());
                standing.insert(opportunity.key, stakes.collect());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn rescan_finds_what_changes_find(
        steps in prop::collection::vec((0u32..quotes(), 0u32..1_000, 0u8..12), 1..160),
    ) {
        // One by one, each change in a packet of its own.
        let (mut one, mut shown) = (world(), Shown::new());
        // At once, while nothing is fresh, so that only a look at everything finds it.
        let mut other = world();
        other.clock.gaps = (0..quotes()).collect();
        for (quote, noise, kind) in steps {
            for world in [&mut one, &mut other] {
                match kind {
                    0 => world.offer(Quote(quote), Status::Suspended, None, None),
                    1 => world.offer(Quote(quote), Status::Removed, None, None),
                    _ => {
                        let price = decimal(&odds(quote, noise));
                        world.offer(Quote(quote), Status::Open, Some(price), Some("400"));
                    }
                }
            }
            let events = one.run();
            follow(&mut shown, &events);
            assert_sums(one.finder.funnel());
        }
        prop_assert_eq!(other.run(), []);
        other.clock.gaps.clear();
        let before = other.finder.funnel().clone();
        let mut found = Shown::new();
        let (looked_at, events) = other.rescan();
        follow(&mut found, &events);
        prop_assert_eq!(&found, &shown);
        prop_assert_eq!(one.finder.open(), shown.len());
        assert_sums(other.finder.funnel());
        // Every quote is counted, and a second look finds nothing new.
        prop_assert_eq!(looked_at, u64::from(quotes()));
        prop_assert_eq!(other.finder.funnel().seen(Stage::Quote) - before.seen(Stage::Quote), looked_at);
        prop_assert_eq!(other.rescan().1, []);
        prop_assert_eq!(one.rescan().1, []);
    }
}

/// A change looks at the quotes of its own family, however many others there are.
#[test]
fn touches_only_its_family() {
    let visited = |events: u32| {
        let mut world = World::new();
        let workers: Vec<_> =
            ["A", "B", "C"].into_iter().map(|account| world.worker(account, account)).collect();
        for event in 0..events {
            let home = format!("Home {event}");
            for (worker, provider) in workers.iter().zip(["A", "B", "C"]) {
                let facts = game(provider, &home);
                let fixture =
                    world.fixture(*worker, &crate::identity::EventFacts { home: Some(&home), ..facts });
                for selection in [Selection::Home, Selection::Draw, Selection::Away] {
                    world.back(fixture, &line(Market::MatchResult, None), selection);
                }
                world.back(fixture, &line(Market::Total, Some("2.5")), Selection::Over);
            }
        }
        world.set(Quote(0), "2.00");
        world.run();
        world.finder.visited()
    };
    assert_eq!(visited(1), 9);
    assert_eq!(visited(300), 9);
}
