//! What looks like an opportunity and may be none.

use super::world::{HANDICAP, World, assert_sums, closed, d, game, line, opened, pair, settings};
use crate::certificate::OpportunityLine;
use crate::exact::Ratio;
use crate::fees::BUILTIN;
use crate::fees::FeeBook;
use crate::finder::*;
use crate::identity::{AliasBook, EventFacts, Identity};
use crate::money::{FxTable, Money};
use crate::{Decimal, Market, Selection, Status, checker};

fn swapped<'a>(facts: &EventFacts<'a>) -> EventFacts<'a> {
    EventFacts { home: facts.away, away: facts.home, ..*facts }
}

/// Two accounts of one provider; what the second is told of the first's event decides.
fn told(other: &EventFacts<'_>) -> (World, Fixture) {
    let mut world = World::new();
    let (a, b) = (world.worker("A", "x"), world.worker("B", "x"));
    let a = world.fixture(a, &game("x", "1"));
    let b = world.fixture(b, other);
    for (fixture, selection, odds) in [(a, Selection::Home, "2.10"), (b, Selection::Away, "2.00")] {
        let quote = world.back(fixture, &line(HANDICAP, Some("-0.75")), selection);
        world.set(quote, odds);
    }
    (world, a)
}

#[test]
fn accounts_that_are_told_of_different_events_by_one_identifier() {
    let facts = game("x", "1");
    assert_eq!(opened(&told(&facts).0.run()).len(), 1);
    let later = super::world::at(7_200_000);
    for other in [
        swapped(&facts),
        EventFacts { home: Some("Cedar"), ..facts },
        EventFacts { sport: Some("tennis"), ..facts },
        EventFacts { starts_at: Some(later), ..facts },
    ] {
        let (mut world, first) = told(&other);
        assert_eq!(opened(&world.run()).len(), 0, "{other:?}");
        assert!(world.refused(Reason::EventsDiffer) > 0, "{other:?}");
        assert_sums(world.finder.funnel());
        // The first account is told so, too.
        world.rename(first, &other);
        let again = usize::from(other.sport == Some("soccer"));
        assert_eq!(opened(&world.run()).len(), again, "{other:?}");
    }
    // One that runs may be without its kick-off.
    let (mut world, _) = told(&EventFacts { starts_at: None, ..facts });
    assert_eq!(opened(&world.run()).len(), 1);
}

#[test]
fn an_opportunity_ends_when_accounts_come_to_differ() {
    let (mut world, first) = told(&game("x", "1"));
    assert_eq!(opened(&world.run()).len(), 1);
    world.rename(first, &swapped(&game("x", "1")));
    let events = world.run();
    assert_eq!((closed(&events).len(), opened(&events).len()), (1, 0));
    assert_eq!(closed(&events)[0].1, Reason::IdentityChanged);
    assert_sums(world.finder.funnel());
}

#[test]
fn two_events_of_one_provider_are_never_one() {
    let (mut world, _) = told(&game("x", "2"));
    assert_eq!(opened(&world.run()).len(), 0);
    assert!(world.refused(Reason::EventTwice) > 0);
    assert_sums(world.finder.funnel());
}

/// 20 % by the prices; in whole steps of a small bankroll it would be less than 10 %.
#[test]
fn a_mistake_is_one_at_every_bankroll() {
    for bankroll in [5, 8, 10, 1000] {
        let dollars = Money::parse(Decimal::int(bankroll), "USD".parse().unwrap()).unwrap();
        let mut world = World::with(Settings { bankroll: dollars, ..settings() });
        for (account, selection, odds) in
            [("A", Selection::Home, "5.62"), ("B", Selection::Draw, "3.48"), ("C", Selection::Away, "2.73")]
        {
            let fixture = world.seen_by(account, account);
            let quote = world.back(fixture, &line(Market::MatchResult, None), selection);
            world.set(quote, odds);
        }
        assert_eq!(opened(&world.run()).len(), 0, "{bankroll}");
        assert!(world.refused(Reason::TooGood) > 0, "{bankroll}");
        assert_sums(world.finder.funnel());
    }
}

/// Exactly 10 % is believed, whatever the steps.
#[test]
fn what_is_just_believable_is_shown() {
    for bankroll in [22, 1000] {
        let dollars = Money::parse(Decimal::int(bankroll), "USD".parse().unwrap()).unwrap();
        let mut world = World::with(Settings { bankroll: dollars, ..settings() });
        for (account, selection) in [("A", Selection::Home), ("B", Selection::Away)] {
            let fixture = world.seen_by(account, account);
            let quote = world.back(fixture, &line(HANDICAP, Some("-0.5")), selection);
            world.set(quote, "2.20");
        }
        let events = world.run();
        assert_eq!(opened(&events)[0].return_on_stake, Ratio::new(1, 10).unwrap(), "{bankroll}");
    }
}

#[test]
fn games_are_not_sets() {
    for (sport, found) in [("soccer", 1), ("ice-hockey", 1), ("tennis", 0), ("volleyball", 0)] {
        let mut world = World::new();
        for (account, selection) in [("A", Selection::Home), ("B", Selection::Away)] {
            let worker = world.worker(account, account);
            let fixture = world.fixture(worker, &EventFacts { sport: Some(sport), ..game(account, "1") });
            let quote = world.back(fixture, &line(HANDICAP, Some("-1.5")), selection);
            world.set(quote, "2.10");
        }
        assert_eq!(opened(&world.run()).len(), found, "{sport}");
        assert_eq!(world.refused(Reason::UnprovenStates), 1 - found as u64, "{sport}");
    }
}

#[test]
fn a_score_that_is_none() {
    for (score, found) in [("1-0", 1), ("10-12", 1), ("-1-1", 0), ("1-99999999999", 0), ("", 0), ("1:0", 0)] {
        let mut world = World::new();
        for (account, selection) in [("A", Selection::Home), ("B", Selection::Away)] {
            let worker = world.worker_with(WorkerFacts {
                account,
                provider: account,
                basis: crate::contract::HandicapBasis::FromNow,
                currency: None,
            });
            let facts = EventFacts { in_play: true, score: Some(score), ..game(account, "1") };
            let fixture = world.fixture(worker, &facts);
            let quote = world.back(fixture, &line(HANDICAP, Some("-0.5")), selection);
            world.set(quote, "2.10");
        }
        assert_eq!(opened(&world.run()).len(), found, "{score}");
    }
}

/// A first size makes it an exchange: what it told without one has none.
#[test]
fn a_size_that_is_told_later() {
    let (mut world, home, _) = pair();
    assert_eq!(opened(&world.run()).len(), 1);
    let other = world.seen_by("A", "cmd368");
    let quote = world.back(other, &line(HANDICAP, Some("2.5")), Selection::Home);
    let _ = (home, quote);
    world.offer(quote, Status::Open, Some(super::world::decimal("1.5")), Some("10"));
    // Another worker of the same name is another one: only its own quotes are judged by it.
    assert_eq!(closed(&world.run()).len(), 0);
    let (mut world, home, _) = pair();
    world.run();
    let line = world.line(Fixture(0), &line(HANDICAP, Some("2.5")));
    let quote = world.quote(line, Selection::Home, crate::Side::Back);
    world.offer(quote, Status::Open, Some(super::world::decimal("1.5")), Some("10"));
    let events = world.run();
    assert_eq!(closed(&events).iter().map(|it| it.1).collect::<Vec<_>>(), [Reason::NoSize], "{home:?}");
}

/// Currencies that a person counts as one need no rate, and the certificate says so.
#[test]
fn currencies_that_count_as_one() {
    let mut fx = FxTable::default();
    fx.count_as_one("USDC".parse().unwrap(), "USD".parse().unwrap());
    let (fees, identity) = (FeeBook::builtin().unwrap(), Identity::new(AliasBook::default()));
    let mut world = World::new();
    world.finder = Finder::new(settings(), fees, fx, VoidRules::default(), identity);
    for (account, selection, currency) in [("A", Selection::Home, Some("USDC")), ("B", Selection::Away, None)]
    {
        let basis = crate::contract::HandicapBasis::FromKickOff;
        let worker = world.worker_with(WorkerFacts { account, provider: account, basis, currency });
        let fixture = world.fixture(worker, &game(account, "1"));
        let quote = world.back(fixture, &line(HANDICAP, Some("-0.75")), selection);
        world.set(quote, "2.10");
    }
    let events = world.run();
    let found = opened(&events)[0];
    assert_eq!((found.certificate.fx.len(), found.certificate.fx[0].rate), (1, d("1")));
    let mut text = Vec::new();
    OpportunityLine::new(found, Pairing::Accounts).write(&mut text);
    checker::verify(&text, &[BUILTIN]).unwrap();
}

/// Names that a person cannot tell apart are one account's.
#[test]
fn one_account_under_two_names() {
    for (name, found) in [
        ("B", 1),
        ("a", 0),
        (" A ", 0),
        ("A\u{200b}", 0),
        ("\u{ff21}", 0),
        ("A\u{3164}", 0),
        ("", 0),
        ("-", 0),
    ] {
        let mut world = World::new();
        for (account, selection, odds) in [("A", Selection::Home, "2.10"), (name, Selection::Away, "2.00")] {
            let worker = world.worker(account, "x");
            let fixture = world.fixture(worker, &game("x", "1"));
            let quote = world.back(fixture, &line(HANDICAP, Some("-0.75")), selection);
            world.set(quote, odds);
        }
        assert_eq!(opened(&world.run()).len(), found, "{name:?}");
    }
}
