//! Markets of runners: only what is proven complete.

use super::world::*;
use crate::finder::*;
use crate::identity::{AliasBook, Confirmation, EventFacts, Identity, Link};
use crate::{Market, Selection, Side, Status, checker, fees};

fn race(provider: &str) -> EventFacts<'_> {
    EventFacts {
        sport: Some("horse-racing"),
        home: None,
        away: None,
        competition: None,
        starts_at: None,
        title: Some("Crayford 3rd May"),
        ..game(provider, "r1")
    }
}

const RUNNERS: [&str; 3] = ["Ash", "Birch", "Cedar"];

fn runner(name: &str) -> LineFacts<'_> {
    LineFacts { runner: Some(name), market_id: "1.1", ..line(Market::Winner, None) }
}

fn prove(world: &mut World, fixture: Fixture, outcomes: Option<&[&str]>) {
    let (market_id, market, period) = ("1.1", Market::Winner, crate::Period::FULL_TIME);
    world.finder.prove(&OutcomeFacts { fixture, market_id, market, period, outcomes, packet_seq: 7 });
}

/// Two accounts of one provider, every runner at each; odds by account and runner.
fn market(odds: [[&str; 3]; 2]) -> (World, Fixture, Vec<Quote>) {
    let mut world = World::new();
    let mut quotes = Vec::new();
    let mut fixtures = Vec::new();
    for (account, odds) in ["A", "B"].into_iter().zip(odds) {
        let worker = world.worker(account, "book");
        let fixture = world.fixture(worker, &race("book"));
        fixtures.push(fixture);
        for (name, odds) in RUNNERS.into_iter().zip(odds) {
            let quote = world.back(fixture, &runner(name), Selection::Runner);
            world.set(quote, odds);
            quotes.push(quote);
        }
    }
    (world, fixtures[0], quotes)
}

fn check(events: &[Event]) -> &Opportunity {
    let [opportunity] = opened(events)[..] else { panic!("{events:?}") };
    checker::verify(&opportunity.bytes, &[fees::BUILTIN]).unwrap();
    opportunity
}

#[test]
fn the_best_of_all_runners() {
    let (mut world, fixture, quotes) = market([["2.9", "3.2", "3.0"], ["3.0", "3.1", "3.1"]]);
    assert_eq!(world.run(), []);
    assert_eq!(world.refused(Reason::IncompleteOutcomes), 6);
    prove(&mut world, fixture, Some(&RUNNERS));
    let events = world.run();
    let first = check(&events);
    let odds: Vec<_> = first.certificate.legs.iter().map(|leg| leg.price.value().to_string()).collect();
    assert_eq!(odds.len(), 3);
    for best in ["3.2", "3.0", "3.1"] {
        assert!(odds.iter().any(|odds| odds == best), "{odds:?}");
    }
    let outcomes = first.certificate.outcomes.as_ref().unwrap();
    assert_eq!((outcomes.list.len(), outcomes.packet_seq), (3, 7));
    let key = first.key;
    // A better price elsewhere: another combination takes its place.
    world.set(quotes[2], "3.2");
    let events = world.run();
    assert_eq!(closed(&events), [(world.now, Reason::Superseded)]);
    assert_ne!(check(&events).key, key);
    assert_eq!(world.finder.open(), 1);
    // A runner nobody has a price of.
    world.offer(quotes[2], Status::Suspended, None, None);
    world.offer(quotes[5], Status::Suspended, None, None);
    let before = world.refused(Reason::IncompleteOutcomes);
    assert_eq!(closed(&world.run()).len(), 1);
    world.set(quotes[0], "2.95");
    world.run();
    assert_eq!(world.refused(Reason::IncompleteOutcomes), before + 1);
    assert_sums(world.finder.funnel());
}

/// All best prices at one account: the swap that costs least.
#[test]
fn one_account_has_the_best() {
    let (mut world, fixture, _) = market([["3.2", "3.2", "3.2"], ["2.5", "3.1", "2.9"]]);
    prove(&mut world, fixture, Some(&RUNNERS));
    let events = world.run();
    let odds: Vec<_> =
        check(&events).certificate.legs.iter().map(|leg| leg.price.value().to_string()).collect();
    assert_eq!(odds.iter().filter(|odds| *odds == "3.1").count(), 1);
}

/// A stale price does not hide a fresh one.
#[test]
fn the_best_is_stale() {
    let (mut world, fixture, quotes) = market([["3.3", "3.2", "3.2"], ["3.1", "3.1", "3.1"]]);
    prove(&mut world, fixture, Some(&RUNNERS));
    world.clock.gaps.insert(quotes[0].0);
    let events = world.run();
    let odds: Vec<_> =
        check(&events).certificate.legs.iter().map(|leg| leg.price.value().to_string()).collect();
    assert!(!odds.contains(&"3.3".to_owned()), "{odds:?}");
}

#[test]
fn a_list_that_ends_or_differs() {
    let (mut world, fixture, _) = market([["3.2", "3.2", "3.2"], ["3.1", "3.1", "3.1"]]);
    prove(&mut world, fixture, Some(&RUNNERS));
    assert_eq!(opened(&world.run()).len(), 1);
    // A fourth runner, at the other account.
    let four = ["Ash", "Birch", "Cedar", "Doe"];
    prove(&mut world, Fixture(1), Some(&four));
    assert_eq!(closed(&world.run()), [(world.now, Reason::IncompleteOutcomes)]);
    prove(&mut world, Fixture(1), Some(&RUNNERS));
    assert_eq!(opened(&world.run()).len(), 1);
    prove(&mut world, fixture, None);
    assert_eq!(world.run(), []);
    prove(&mut world, Fixture(1), None);
    assert_eq!(closed(&world.run()), [(world.now, Reason::IncompleteOutcomes)]);
    prove(&mut world, fixture, Some(&["Ash", "Ash", "Birch"]));
    assert_eq!(world.run(), []);
    // By an account that has no price itself.
    let worker = world.worker("C", "book");
    let third = world.fixture(worker, &race("book"));
    world.back(third, &runner("Ash"), Selection::Runner);
    prove(&mut world, third, Some(&RUNNERS));
    assert_eq!(opened(&world.run()).len(), 1);
    prove(&mut world, third, Some(&RUNNERS));
    let seen = world.finder.funnel().seen(Stage::Quote);
    assert_eq!(world.run(), []);
    assert_eq!(world.finder.funnel().seen(Stage::Quote), seen);
    prove(&mut world, third, None);
    assert_eq!(closed(&world.run()), [(world.now, Reason::IncompleteOutcomes)]);
}

/// Backed at one account and laid at another.
#[test]
fn back_and_lay() {
    let (mut world, fixture, quotes) = market([["3.0", "2.0", "2.0"], ["1.5", "2.0", "2.0"]]);
    prove(&mut world, fixture, Some(&RUNNERS));
    world.run();
    let lay = world.quote(MarketLine(3), Selection::Runner, Side::Lay);
    world.offer(lay, Status::Open, Some(decimal("2.80")), Some("500"));
    let events = world.run();
    assert_eq!(check(&events).certificate.legs.len(), 2);
    world.set(quotes[0], "2.70");
    assert_eq!(closed(&world.run()), [(world.now, Reason::NoEdge)]);
}

/// Questions of two providers are one only by a link, and only where each has one.
#[test]
fn questions_by_link() {
    let question = |market_id| LineFacts { market_id, ..line(Market::Binary, None) };
    let mut book = AliasBook::default();
    let of = |provider: &str| (provider.into(), "r1".into());
    book.confirm(Confirmation::Link(Link { a: of("kalshi"), b: of("polymarket") })).unwrap();
    for (linked, expected) in [(true, 1), (false, 0)] {
        let aliases = if linked { book.clone() } else { AliasBook::default() };
        let mut world = World::of(Exact::default(), settings(), Identity::new(aliases), VoidRules::default());
        let worker = world.worker("A", "kalshi");
        let a = world.fixture(worker, &race("kalshi"));
        let yes = world.back(a, &question("k"), Selection::Yes);
        let price = |text| crate::odds::read(crate::PriceFormat::Probability, text).ok();
        world.offer(yes, Status::Open, price("0.42"), Some("100"));
        world.run();
        // Told later, so that what stands has to move.
        let worker = world.worker("B", "polymarket");
        let b = world.fixture(worker, &race("polymarket"));
        let no = world.back(b, &question("p"), Selection::No);
        world.offer(no, Status::Open, price("0.50"), Some("100"));
        let events = world.run();
        assert_eq!(opened(&events).len(), expected);
        if linked {
            check(&events);
            // A second question of the same event: which one is meant is no longer plain.
            world.back(b, &question("q"), Selection::No);
            assert_eq!(closed(&world.run()), [(world.now, Reason::IdentityChanged)]);
        }
        assert_sums(world.finder.funnel());
    }
}

#[test]
fn more_than_a_certificate_holds() {
    let mut world = World::new();
    let names: Vec<String> = (0..70).map(|number| format!("Runner {number}")).collect();
    for account in ["A", "B"] {
        let worker = world.worker(account, "book");
        let fixture = world.fixture(worker, &race("book"));
        for name in &names {
            let quote = world.back(fixture, &runner(name), Selection::Runner);
            world.set(quote, "72");
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        prove(&mut world, fixture, Some(&names));
    }
    world.run();
    assert_eq!(world.refused(Reason::TooManyLegs), 1);
    assert_sums(world.finder.funnel());
}
