//! How much is shown, and how much is looked at.

use super::world::*;
use crate::finder::*;
use crate::{Selection, Status};

/// Ten per cent exactly is believed, more is not.
#[test]
fn too_good() {
    for (odds, expected) in [("2.20", 0), ("2.22", 1)] {
        let mut world = World::new();
        for (account, provider, selection) in [("A", "x", Selection::Home), ("B", "y", Selection::Away)] {
            let fixture = world.seen_by(account, provider);
            let quote = world.back(fixture, &line(HANDICAP, Some("-0.5")), selection);
            world.set(quote, odds);
        }
        world.run();
        assert_eq!(world.refused(Reason::TooGood), expected);
        assert_eq!(world.finder.open() as u64, 1 - expected);
        assert_sums(world.finder.funnel());
    }
}

#[test]
fn a_full_family() {
    let mut world = World::with(Settings { most_open: 2, ..settings() });
    for (account, provider, odds) in [("A", "x", "2.05"), ("B", "y", "2.03"), ("C", "z", "2.01")] {
        let fixture = world.seen_by(account, provider);
        for selection in [Selection::Home, Selection::Away] {
            let quote = world.back(fixture, &line(HANDICAP, Some("-0.5")), selection);
            world.set(quote, if selection == Selection::Home { odds } else { "2.00" });
        }
    }
    // A's home against B and C, B's against A and C, C's against A and B.
    world.run();
    assert_eq!((world.refused(Reason::SameAccount), world.refused(Reason::FamilyFull)), (3, 4));
    assert_sums(world.finder.funnel());
    assert_eq!(world.finder.open(), 2);
}

/// Thousands of prices that cannot be true hide nothing.
#[test]
fn junk_hides_nothing() {
    let mut world = World::new();
    let (a, b) = (world.seen_by("A", "x"), world.seen_by("B", "y"));
    for place in 0..1_500u32 {
        let (fixture, selection) = if place % 2 == 0 { (a, Selection::Home) } else { (b, Selection::Away) };
        let quote = world.back(fixture, &line(HANDICAP, Some("-0.5")), selection);
        if place >= 2 {
            world.offer(quote, Status::Open, Some(decimal("900")), None);
        }
    }
    world.set(Quote(0), "2.05");
    world.set(Quote(1), "2.02");
    let events = world.run();
    let [opportunity] = opened(&events)[..] else { panic!("{}", opened(&events).len()) };
    assert_eq!(opportunity.certificate.guaranteed.to_string(), "17.06");
    assert!(world.refused(Reason::TooManyCombinations) > 0 && world.refused(Reason::TooGood) > 0);
    assert_sums(world.finder.funnel());
}
