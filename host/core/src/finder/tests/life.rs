//! Opportunities open, change, go stale and end.

use super::world::*;
use crate::checker;
use crate::finder::*;
use crate::identity::EventFacts;
use crate::{Market, Selection, Side, Status, fees};

fn check(opportunity: &Opportunity) {
    let report = checker::verify(&opportunity.bytes, &[fees::BUILTIN]).unwrap();
    assert_eq!(report.guaranteed_profit, opportunity.certificate.guaranteed.to_string());
}

/// The example of the published certificate: 491 and 508, at least 16.05.
#[test]
fn an_opportunity_with_its_proof() {
    let (mut world, ..) = pair();
    let events = world.run();
    let [opportunity] = opened(&events)[..] else { panic!("{events:?}") };
    let stakes: Vec<_> = opportunity.certificate.legs.iter().map(|leg| leg.nominal.to_string()).collect();
    assert_eq!(stakes, ["491", "508"]);
    assert_eq!(opportunity.certificate.guaranteed.to_string(), "16.05");
    assert_eq!(
        opportunity.certificate.event.as_ref(),
        "soccer/northern league/alder/birch/2027-01-15T09:00Z"
    );
    check(opportunity);
    assert_sums(world.finder.funnel());
}

#[test]
fn the_same_key_while_it_lives() {
    let (mut world, home, away) = pair();
    let first = world.run();
    let first = opened(&first)[0].clone();
    // Nothing changed, only confirmed.
    world.packet(1_000);
    world.set(home, "2.10");
    assert_eq!(world.run(), []);
    // A better price: the same opportunity, another certificate.
    world.packet(2_000);
    world.set(away, "2.02");
    let second = world.run();
    let [second] = opened(&second)[..] else { panic!() };
    assert_eq!((second.key, second.at), (first.key, at(2_000)));
    assert_ne!(second.id, first.id);
    check(second);
    let id = second.id;
    // A price that does not pay any more.
    world.packet(3_000);
    world.set(home, "1.80");
    let events = world.run();
    let expected = Closed { key: first.key, id, at: at(3_000), reason: Reason::NoEdge };
    assert_eq!(events, [Event::Closed(expected)]);
    assert_eq!(world.finder.open(), 0);
    assert_sums(world.finder.funnel());
}

#[test]
fn it_ends_with_the_reason_of_its_leg() {
    for (status, price, reason) in [
        (Status::Suspended, Some("2.10"), Reason::Suspended),
        (Status::Removed, None, Reason::Removed),
        (Status::Open, None, Reason::NoPrice),
    ] {
        let (mut world, home, _) = pair();
        world.run();
        world.offer(home, status, price.map(decimal), None);
        assert_eq!(closed(&world.run()), [(world.now, reason)]);
        world.set(home, "2.10");
        assert_eq!(opened(&world.run()).len(), 1);
    }
}

#[test]
fn stale_at_its_instant() {
    let (mut world, home, away) = pair();
    world.run();
    world.packet(4_000);
    world.set(home, "2.10");
    world.run();
    // A packet at the very instant still finds the leg fresh.
    assert_eq!(world.packet(STALE_AFTER), []);
    assert_eq!(world.finder.open(), 1);
    let stale = world.packet(STALE_AFTER + 7);
    assert_eq!(closed(&stale), [(at(STALE_AFTER), Reason::Stale)]);
    // Refused while it is stale, open again when it is confirmed.
    world.finder.touch(home);
    assert_eq!(world.run(), []);
    assert_eq!(world.refused(Reason::Stale), 1);
    world.clock.confirmed[away.0 as usize] = world.now;
    world.finder.touch(away);
    assert_eq!(opened(&world.run()).len(), 1);
    assert_sums(world.finder.funnel());
}

/// Confirmations move the instant without a line.
#[test]
fn confirmed_in_time() {
    let (mut world, home, away) = pair();
    world.run();
    for step in 1..6 {
        for quote in [home, away] {
            world.clock.confirmed[quote.0 as usize] = at(step * 5_000);
        }
        assert_eq!(world.packet(step * 5_000 + 4_000), []);
    }
    assert_eq!(closed(&world.packet(60_000)), [(at(35_000), Reason::Stale)]);
}

#[test]
fn a_gap_ends_it() {
    let (mut world, home, _) = pair();
    world.run();
    world.clock.gaps.insert(home.0);
    world.finder.touch(home);
    assert_eq!(closed(&world.run()), [(world.now, Reason::Gap)]);
    assert_eq!(world.refused(Reason::Gap), 1);
}

/// A new limit is a new line; a limit that forbids it is its end.
#[test]
fn limits_change() {
    let mut world = World::new();
    let (a, b) = (world.seen_by("A", "cmd368"), world.seen_by("B", "isport"));
    let facts = LineFacts { fixture: a, ..line(HANDICAP, Some("-0.75")) };
    let handicap = world.line(a, &facts);
    let home = world.quote(handicap, Selection::Home, Side::Back);
    let away = world.back(b, &line(HANDICAP, Some("-0.75")), Selection::Away);
    world.set(home, "2.10");
    world.set(away, "2.00");
    let first = world.run();
    world.finder.name_line(handicap, &LineFacts { max: Some(d("100")), ..facts });
    let second = world.run();
    assert_eq!(opened(&second)[0].key, opened(&first)[0].key);
    assert_eq!(opened(&second)[0].certificate.legs[0].nominal.to_string(), "100");
    check(opened(&second)[0]);
    world.finder.name_line(handicap, &LineFacts { min: Some(d("5000")), ..facts });
    assert_eq!(closed(&world.run()), [(world.now, Reason::BelowMinimum)]);
    world.finder.name_line(handicap, &LineFacts { min: Some(d("-1")), ..facts });
    world.run();
    assert_eq!(world.refused(Reason::NegativeLimit), 1);
    world.finder.name_line(handicap, &facts);
    assert_eq!(opened(&world.run()).len(), 1);
}

/// An event that becomes another one takes its opportunities along to their end.
#[test]
fn the_event_changes() {
    let mut world = World::new();
    let (a, b) = (world.seen_by("A", "cmd368"), world.seen_by("B", "isport"));
    let home = world.back(a, &line(Market::DrawNoBet, None), Selection::Home);
    let away = world.back(b, &line(Market::DrawNoBet, None), Selection::Away);
    world.set(home, "2.10");
    world.set(away, "2.00");
    let first = world.run();
    assert_eq!(opened(&first)[0].class, crate::sizing::Class::Weak);
    check(opened(&first)[0]);
    let other = EventFacts { away: Some("Cedar"), ..game("isport", "isport-1") };
    world.rename(b, &other);
    assert_eq!(closed(&world.run()), [(world.now, Reason::IdentityChanged)]);
    world.rename(b, &game("isport", "isport-1"));
    assert_eq!(opened(&world.run()).len(), 1);
}

#[test]
fn three_bets() {
    let mut world = World::new();
    let (a, b) = (world.seen_by("A", "cmd368"), world.seen_by("B", "isport"));
    let result = line(Market::MatchResult, None);
    let prices = [(a, Selection::Home, "2.80"), (b, Selection::Draw, "3.50"), (a, Selection::Away, "3.00")];
    let quotes = prices.map(|(fixture, selection, _)| world.back(fixture, &result, selection));
    for (quote, (.., odds)) in quotes.into_iter().zip(prices) {
        world.set(quote, odds);
    }
    let events = world.run();
    let [opportunity] = opened(&events)[..] else { panic!("{events:?}") };
    assert_eq!(opportunity.certificate.legs.len(), 3);
    check(opportunity);
    // Once, though three of its quotes were new.
    assert_eq!(world.finder.funnel().seen(Stage::Sizing), 1);
    assert_sums(world.finder.funnel());
}

/// Ends come by their instants, not by the order they were found.
#[test]
fn several_go_stale() {
    let (mut world, ..) = pair();
    let totals = [("A", "cmd368", Selection::Over), ("B", "isport", Selection::Under)];
    world.run();
    world.packet(1_000);
    for (place, (_, _, selection)) in totals.into_iter().enumerate() {
        let quote = world.back(Fixture(place as u32), &line(Market::Total, Some("2.5")), selection);
        world.set(quote, "2.05");
    }
    assert_eq!(opened(&world.run()).len(), 1);
    let ends = closed(&world.packet(50_000));
    assert_eq!(ends, [(at(STALE_AFTER), Reason::Stale), (at(STALE_AFTER + 1_000), Reason::Stale)]);
}
