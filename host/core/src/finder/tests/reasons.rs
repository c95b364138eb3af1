//! Each reason once, and where it is counted.

use super::world::*;
use crate::contract::HandicapBasis;
use crate::exact::Ratio;
use crate::finder::*;
use crate::identity::{AliasBook, EventFacts, Identity};
use crate::money::Money;
use crate::odds::read;
use crate::stake::NominalStake;
use crate::{Decimal, Market, PriceFormat, Selection, Side, Status};

/// What a world counts after its first run, of the stages up to sizing.
fn refusals<E: Evaluate>(world: &mut World<E>) -> Vec<(Reason, u64)> {
    world.run();
    assert_sums(world.finder.funnel());
    let counts = Reason::ALL.iter().map(|reason| (*reason, world.refused(*reason)));
    counts.filter(|(_, count)| *count > 0).collect()
}

/// One quote at 2.00 that is refused by itself.
fn alone(
    facts: &LineFacts<'_>,
    selection: Selection,
    side: Side,
    available: Option<&str>,
) -> Vec<(Reason, u64)> {
    let mut world = World::new();
    let fixture = world.seen_by("A", "cmd368");
    let line = world.line(fixture, facts);
    let quote = world.quote(line, selection, side);
    world.offer(quote, Status::Open, Some(decimal("2.00")), available);
    refusals(&mut world)
}

#[test]
fn quotes() {
    let handicap = line(HANDICAP, Some("-0.75"));
    let draw_no_bet = line(Market::DrawNoBet, None);
    let (home, back) = (Selection::Home, Side::Back);
    for (facts, size, reason) in [
        (line(Market::Other, None), None, Reason::OtherMarket),
        (line(HANDICAP, None), None, Reason::AbsurdLine),
        (line(HANDICAP, Some("0.3")), None, Reason::AbsurdLine),
        (line(HANDICAP, Some("600")), None, Reason::AbsurdLine),
        (line(Market::DrawNoBet, Some("0.5")), None, Reason::AbsurdLine),
        (LineFacts { min: Some(d("-1")), ..handicap }, None, Reason::NegativeLimit),
        (LineFacts { step: Some(Decimal::ZERO), ..handicap }, None, Reason::NegativeLimit),
        (handicap, Some("-5"), Reason::NegativeLimit),
        (LineFacts { min: Some(d("10")), max: Some(d("9")), ..handicap }, None, Reason::MinAboveMax),
        (draw_no_bet, Some("0"), Reason::NoSize),
        (draw_no_bet, None, Reason::NoCounterpart),
    ] {
        assert_eq!(alone(&facts, home, back, size), [(reason, 1)], "{facts:?}");
    }
    assert_eq!(alone(&line(Market::Winner, None), Selection::Runner, back, None), [(Reason::AbsurdLine, 1)]);
    assert_eq!(
        alone(&line(Market::Total, Some("-2")), Selection::Over, back, None),
        [(Reason::AbsurdLine, 1)]
    );
    // Who lays has to say how much.
    assert_eq!(alone(&draw_no_bet, home, Side::Lay, None), [(Reason::NoSize, 1)]);
}

#[test]
fn quotes_by_status_and_size() {
    let mut world = World::new();
    let fixture = world.seen_by("A", "cmd368");
    let quote = world.back(fixture, &line(Market::DrawNoBet, None), Selection::Home);
    for (status, price, reason) in [
        (Status::Suspended, Some(decimal("2")), Reason::Suspended),
        (Status::Removed, None, Reason::Removed),
        (Status::Open, None, Reason::NoPrice),
        (Status::Open, read(PriceFormat::Probability, "0.4").ok(), Reason::NoSize),
    ] {
        let before = world.refused(reason);
        world.offer(quote, status, price, None);
        world.run();
        assert_eq!(world.refused(reason), before + 1, "{}", reason.name());
    }
    // Nothing said of a size is no limit, until the worker says sizes in that kind of market.
    world.set(quote, "2");
    world.run();
    assert_eq!(world.refused(Reason::NoSize), 1);
    world.offer(quote, Status::Open, Some(decimal("2")), Some("50"));
    world.set(quote, "2");
    world.run();
    assert_eq!(world.refused(Reason::NoSize), 2);
    assert_sums(world.finder.funnel());
}

/// A draw-no-bet of two providers that pays, if their events are one.
fn of_events(a: &EventFacts<'_>, b: &EventFacts<'_>) -> Vec<(Reason, u64)> {
    let mut world = World::new();
    let facts = line(Market::DrawNoBet, None);
    for (place, (event, selection)) in [(a, Selection::Home), (b, Selection::Away)].into_iter().enumerate() {
        let worker = world.worker(["A", "B"][place], event.provider);
        let fixture = world.fixture(worker, event);
        let quote = world.back(fixture, &facts, selection);
        world.set(quote, "2.05");
    }
    refusals(&mut world)
}

#[test]
fn identity() {
    let (one, two) = (game("cmd368", "1"), game("isport", "2"));
    let unnamed = EventFacts { home: None, away: None, ..two };
    let no_kick_off = EventFacts { starts_at: None, ..two };
    let swapped = EventFacts { home: one.away, away: one.home, ..two };
    let other = EventFacts { home: Some("Cedar"), ..two };
    let lone = (Reason::NoCounterpart, 1);
    assert_eq!(of_events(&one, &unnamed), [(Reason::UnnamedEvent, 1), lone]);
    assert_eq!(of_events(&one, &no_kick_off), [(Reason::UnresolvedIdentity, 1), lone]);
    assert_eq!(of_events(&one, &swapped), [(Reason::UnprovenOrientation, 2)]);
    assert_eq!(of_events(&one, &other), [(Reason::NoCounterpart, 2)]);
    assert_eq!(of_events(&one, &two), []);
}

/// A handicap at −0.75 and 2.10 against 2.00, in the workers' currencies and bases and the events' scores.
fn of_workers(
    workers: [WorkerFacts<'_>; 2],
    games: [EventFacts<'_>; 2],
    settings: Settings,
    market: (Market, Option<&str>),
) -> Vec<(Reason, u64)> {
    let mut world = World::with(settings);
    let bets = [(Selection::Home, "2.10"), (Selection::Away, "2.05")];
    for ((worker, game), (selection, odds)) in workers.into_iter().zip(games).zip(bets) {
        let worker = world.worker_with(worker);
        let fixture = world.fixture(worker, &game);
        let quote = world.back(fixture, &line(market.0, market.1), selection);
        world.set(quote, odds);
    }
    refusals(&mut world)
}

fn worker<'a>(account: &'a str, provider: &'a str) -> WorkerFacts<'a> {
    WorkerFacts { account, provider, basis: HandicapBasis::FromNow, currency: None }
}

const AT_A_GOAL: (Market, Option<&str>) = (HANDICAP, Some("-0.75"));

#[test]
fn owners() {
    let of = |pairing, workers: [WorkerFacts<'_>; 2]| {
        let games = workers.map(|worker| game(worker.provider, "1"));
        of_workers(workers, games, Settings { pairing, ..settings() }, AT_A_GOAL)
    };
    let (two_accounts, one_account) =
        ([worker("A", "x"), worker("B", "x")], [worker("A", "x"), worker("A", "y")]);
    assert_eq!(of(Pairing::Accounts, two_accounts), []);
    assert_eq!(of(Pairing::Providers, one_account), []);
    assert_eq!(of(Pairing::Accounts, one_account), [(Reason::NoCounterpart, 2)]);
    assert_eq!(of(Pairing::Providers, two_accounts), [(Reason::NoCounterpart, 2)]);
    // With somebody else there, who does not pay, it is the combination that is refused.
    for (pairing, workers, reason) in [
        (Pairing::Accounts, one_account, Reason::SameAccount),
        (Pairing::Providers, two_accounts, Reason::SameProvider),
    ] {
        let mut world = World::with(Settings { pairing, ..settings() });
        let bets = [(workers[0], "2.10"), (workers[1], "2.05"), (worker("C", "z"), "1.50")];
        for (place, (facts, odds)) in bets.into_iter().enumerate() {
            let worker = world.worker_with(facts);
            let fixture = world.fixture(worker, &game(facts.provider, "1"));
            let selection = if place == 0 { Selection::Home } else { Selection::Away };
            let quote = world.back(fixture, &line(AT_A_GOAL.0, AT_A_GOAL.1), selection);
            world.set(quote, odds);
        }
        assert_eq!(refusals(&mut world), [(Reason::NoEdge, 1), (reason, 1)]);
    }
}

#[test]
fn in_play() {
    let workers = [worker("A", "x"), worker("B", "y")];
    let from_kick_off = WorkerFacts { basis: HandicapBasis::FromKickOff, ..workers[1] };
    let (one, two) = (game("x", "1"), game("y", "1"));
    let playing = |game, score| EventFacts { in_play: true, score, ..game };
    let (zero, lead) = (Some("0-0"), Some("1-0"));
    let of = |workers, games| of_workers(workers, games, settings(), AT_A_GOAL);
    assert_eq!(of(workers, [playing(one, zero), two]), [(Reason::InPlayDiffers, 1)]);
    assert_eq!(of(workers, [playing(one, zero), playing(two, zero)]), []);
    assert_eq!(of(workers, [playing(one, zero), playing(two, lead)]), [(Reason::ScoreBasis, 1)]);
    assert_eq!(of(workers, [playing(one, None), playing(two, None)]), [(Reason::ScoreBasis, 1)]);
    let mixed = [workers[0], from_kick_off];
    assert_eq!(of(mixed, [playing(one, zero), playing(two, zero)]), [(Reason::ScoreBasis, 1)]);
    assert_eq!(of(mixed, [one, two]), []);
    let both = [WorkerFacts { basis: HandicapBasis::FromKickOff, ..workers[0] }, from_kick_off];
    assert_eq!(of(both, [playing(one, zero), playing(two, lead)]), []);
    // Totals always count the whole match.
    let mut world = World::new();
    for (place, selection) in [Selection::Over, Selection::Under].into_iter().enumerate() {
        let worker = world.worker_with(workers[place]);
        let score = [zero, lead][place];
        let fixture = world.fixture(worker, &playing([one, two][place], score));
        let quote = world.back(fixture, &line(Market::Total, Some("2.5")), selection);
        world.set(quote, "2.05");
    }
    assert_eq!(refusals(&mut world), []);
}

/// A handicap that counts from now is no bet on the final score.
#[test]
fn a_handicap_of_now_against_a_result() {
    let mut world = World::new();
    let playing = |provider| EventFacts { in_play: true, score: Some("0-0"), ..game(provider, "1") };
    let (a, b) = (world.worker_with(worker("A", "x")), world.worker_with(worker("B", "y")));
    let (a, b) = (world.fixture(a, &playing("x")), world.fixture(b, &playing("y")));
    let home = world.back(a, &line(HANDICAP, Some("0")), Selection::Home);
    let away = world.back(b, &line(Market::DrawNoBet, None), Selection::Away);
    world.set(home, "2.05");
    world.set(away, "2.05");
    assert_eq!(refusals(&mut world), [(Reason::ScoreBasis, 1)]);
}

#[test]
fn currencies() {
    let of = |one, two| {
        let workers = [
            WorkerFacts { currency: one, ..worker("A", "x") },
            WorkerFacts { currency: two, ..worker("B", "y") },
        ];
        of_workers(workers, [game("x", "1"), game("y", "1")], settings(), AT_A_GOAL)
    };
    assert_eq!(of(Some("USD"), None), []);
    assert_eq!(of(Some("usd"), Some("USD")), []);
    for (one, two) in
        [(Some("EUR"), None), (Some("USD"), Some("USDC")), (Some("EUR"), Some("EUR")), (Some("$"), None)]
    {
        assert_eq!(of(one, two), [(Reason::Currency, 1)]);
    }
}

#[test]
fn void_rules() {
    let rules = br#"{"rules":[{"provider":"y","sport":"soccer","market":"asian-handicap","class":"x"}]}"#;
    let void = VoidRules::parse(rules).unwrap();
    let identity = Identity::new(AliasBook::default());
    let mut world = World::of(Exact::default(), settings(), identity, void);
    for (account, provider, selection) in [("A", "x", Selection::Home), ("B", "y", Selection::Away)] {
        let fixture = world.seen_by(account, provider);
        let quote = world.back(fixture, &line(HANDICAP, Some("-0.75")), selection);
        world.set(quote, "2.05");
    }
    assert_eq!(refusals(&mut world), [(Reason::VoidRules, 1)]);
}

/// Before the first schedule of a provider that charges.
#[test]
fn fees_unknown() {
    let mut world = World::new();
    world.now = "1999-01-01T00:00:00Z".parse().unwrap();
    for (account, provider, selection) in [("A", "betfair", Selection::Home), ("B", "y", Selection::Away)] {
        let fixture = world.seen_by(account, provider);
        let quote = world.back(fixture, &line(HANDICAP, Some("-0.75")), selection);
        world.set(quote, "2.05");
    }
    assert_eq!(refusals(&mut world), [(Reason::FeeUnknown, 1)]);
}

/// Home and away at prices that leave the draw to nobody.
#[test]
fn a_missing_draw() {
    let mut world = World::new();
    let (a, b) = (world.seen_by("A", "x"), world.seen_by("B", "y"));
    let result = line(Market::MatchResult, None);
    let (home, away) = (world.back(a, &result, Selection::Home), world.back(b, &result, Selection::Away));
    world.set(home, "2.80");
    world.set(away, "3.00");
    assert_eq!(refusals(&mut world), [(Reason::IncompleteOutcomes, 2)]);
    // With a draw that is too dear there is just no edge.
    let draw = world.back(a, &result, Selection::Draw);
    world.set(draw, "2.00");
    world.set(home, "2.80");
    assert_eq!(refusals(&mut world), [(Reason::NoEdge, 2), (Reason::IncompleteOutcomes, 2)]);
    // A moneyline of a match that can be drawn.
    let mut world = World::new();
    for (account, provider, selection) in [("A", "x", Selection::Home), ("B", "y", Selection::Away)] {
        let fixture = world.seen_by(account, provider);
        let quote = world.back(fixture, &line(Market::Moneyline, None), selection);
        world.set(quote, "2.80");
    }
    assert_eq!(refusals(&mut world), [(Reason::IncompleteOutcomes, 2)]);
}

/// A judge that says what it is told.
struct Told(Result<Ratio, Reason>, Vec<NominalStake>);

impl Evaluate for Told {
    fn size(&mut self, combination: &Combination<'_>) -> Result<Ratio, Reason> {
        self.1 = vec![NominalStake::ZERO; combination.legs.len()];
        self.0
    }

    fn edge(&mut self, _: &Combination<'_>) -> Result<Ratio, Reason> {
        self.0
    }

    fn stakes(&self) -> &[NominalStake] {
        &self.1
    }

    fn write(&mut self, _: &Combination<'_>) -> Opportunity {
        panic!("nothing to write")
    }
}

#[test]
fn sizing() {
    for reason in Reason::ALL.iter().filter(|reason| reason.stage() == Stage::Sizing) {
        let judge = Told(Err(*reason), Vec::new());
        let identity = Identity::new(AliasBook::default());
        let mut world = World::of(judge, settings(), identity, VoidRules::default());
        for (account, provider, selection) in [("A", "x", Selection::Home), ("B", "y", Selection::Away)] {
            let fixture = world.seen_by(account, provider);
            let quote = world.back(fixture, &line(HANDICAP, Some("-0.75")), selection);
            world.set(quote, "2.05");
        }
        assert_eq!(refusals(&mut world), [(*reason, 1)]);
    }
}

/// By the true judge, where a small case shows it.
#[test]
fn sizing_in_earnest() {
    let of = |one: LineFacts<'_>, odds: &str, bankroll: i32| {
        let dollars = Money::parse(Decimal::int(bankroll), "USD".parse().unwrap()).unwrap();
        let mut world = World::with(Settings { bankroll: dollars, ..settings() });
        for (account, provider, selection) in [("A", "x", Selection::Home), ("B", "y", Selection::Away)] {
            let fixture = world.seen_by(account, provider);
            let quote = world.back(fixture, &one, selection);
            world.set(quote, odds);
        }
        refusals(&mut world)
    };
    let handicap = line(HANDICAP, Some("-0.75"));
    assert_eq!(of(handicap, "2.05", 1000), []);
    assert_eq!(of(LineFacts { min: Some(d("600")), ..handicap }, "2.05", 1000), [(Reason::BelowMinimum, 1)]);
    assert_eq!(of(handicap, "2.05", 1), [(Reason::BelowMinimum, 1)]);
    assert_eq!(of(handicap, "2.0000000001", 1000), [(Reason::Precision, 1)]);
}

#[test]
fn unprofitable_after_commission() {
    let mut world = World::new();
    for (account, provider, selection) in [("A", "betfair", Selection::Home), ("B", "y", Selection::Away)] {
        let fixture = world.seen_by(account, provider);
        let quote = world.back(fixture, &line(HANDICAP, Some("-0.75")), selection);
        world.set(quote, "2.02");
    }
    assert_eq!(refusals(&mut world), [(Reason::Unprofitable, 1)]);
}
