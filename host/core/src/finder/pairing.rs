//! Which bets may be taken together.

use super::book::Book;
use super::evaluate::{Combination, LegView, sport};
use super::facts::{Pairing, Quote, Standing};
use super::reason::Reason;
use super::records::Denomination;
use crate::Timestamp;
use crate::contract::HandicapBasis;
use crate::fees::FeeBook;
use crate::finder::VoidRules;
use crate::money::{Currency, FxTable};
use antigravity_abi::{Decimal, Market};

/// What is known beside the quotes.
#[derive(Debug)]
pub(super) struct Rules {
    pub fees: FeeBook,
    pub fx: FxTable,
    pub void: VoidRules,
    pub pairing: Pairing,
    pub currency: Currency,
}

impl Rules {
    /// Looks at what forbids to take the quotes together, and adds them to the combination's legs.
    pub fn gather<'a>(
        &'a self,
        book: &'a Book,
        quotes: &[u32],
        standing: &impl Standing,
        combination: &mut Combination<'a>,
    ) -> Result<(), Reason> {
        self.owners(book, quotes)?;
        for quote in quotes {
            let leg = self.leg(book, *quote, standing, combination)?;
            combination.legs.push(leg);
        }
        let (legs, sport) = (&combination.legs, sport(combination.event));
        one_event(legs)?;
        in_play(legs)?;
        let class = |leg: &LegView<'_>| self.void.class(leg.provider(), sport, leg.line.market);
        let differs = |leg: &LegView<'_>| legs.first().is_some_and(|first| class(leg) != class(first));
        if legs.iter().any(differs) { Err(Reason::VoidRules) } else { Ok(()) }
    }

    fn owners(&self, book: &Book, quotes: &[u32]) -> Result<(), Reason> {
        let owner = |quote: &u32| {
            let worker = book.leg(*quote).and_then(|leg| book.worker(u32::from(leg.worker)));
            worker.map(|worker| (worker.account_number, worker.provider_number))
        };
        let nameless = |quote: &u32| {
            let worker = book.leg(*quote).and_then(|leg| book.worker(u32::from(leg.worker)));
            worker.is_none_or(|worker| worker.nameless)
        };
        if quotes.iter().any(nameless) {
            return Err(Reason::SameAccount);
        }
        let first = quotes.first().and_then(owner);
        let mut others = quotes.iter().map(owner);
        let (account, provider) = (first.map(|first| first.0), first.map(|first| first.1));
        match self.pairing {
            Pairing::Accounts if others.all(|other| other.map(|other| other.0) == account) => {
                Err(Reason::SameAccount)
            }
            Pairing::Providers if others.all(|other| other.map(|other| other.1) == provider) => {
                Err(Reason::SameProvider)
            }
            _ => Ok(()),
        }
    }

    fn leg<'a>(
        &'a self,
        book: &'a Book,
        quote: u32,
        standing: &impl Standing,
        combination: &Combination<'a>,
    ) -> Result<LegView<'a>, Reason> {
        // A combination is of quotes that are defined and have a price.
        let known = || {
            let leg = book.leg(quote)?;
            let line = book.line(leg.line)?;
            let fixture = book.fixture(line.fixture)?;
            Some((leg, line, fixture, book.worker(fixture.worker)?, leg.price?))
        };
        let (leg, line, fixture, worker, price) = known().ok_or(Reason::FeeUnknown)?;
        let (quote, now) = (Quote(quote), combination.as_of);
        let confirmed_at = standing.confirmed_at(quote);
        let quote_time = before(now, now.millis_since(confirmed_at));
        let sport = sport(combination.event);
        let schedule = self.fees.at(&worker.provider, sport, &line.market_id, quote_time);
        let schedule = schedule.map_err(|_| Reason::FeeUnknown)?;
        let told = if line.currency == Denomination::Bankroll { worker.currency } else { line.currency };
        let smaller = |max: Option<Decimal>, size: Option<Decimal>| match (max, size) {
            (Some(max), Some(size)) => Some(max.min(size)),
            (max, size) => max.or(size),
        };
        Ok(LegView {
            quote,
            price,
            confirmed_at,
            max: smaller(line.max, leg.available()),
            currency: self.currency(told, now)?,
            schedule,
            outcome: combination.outcomes.and_then(|(proof, _)| proof.place(line.outcome)),
            leg,
            line,
            fixture,
            worker,
        })
    }

    /// A leg's currency where it was told and is worth the bankroll's, or has a rate.
    fn currency(&self, told: Denomination, now: Timestamp) -> Result<Option<Currency>, Reason> {
        match told {
            Denomination::Bankroll => Ok(None),
            Denomination::Unreadable => Err(Reason::Currency),
            Denomination::In(currency) => {
                let used = self.fx.used(currency, self.currency, now);
                used.map(|_| Some(currency)).map_err(|_| Reason::Currency)
            }
        }
    }
}

/// A provider's events are known by its identifiers, whatever they are called; and of one event all are told
/// the same.
fn one_event(legs: &[LegView<'_>]) -> Result<(), Reason> {
    if legs.iter().any(|leg| !leg.fixture.agrees) {
        return Err(Reason::EventsDiffer);
    }
    let twice = |one: &LegView<'_>, other: &LegView<'_>| {
        one.worker.provider_number == other.worker.provider_number && one.fixture.node != other.fixture.node
    };
    if legs.iter().enumerate().any(|(place, one)| legs[..place].iter().any(|other| twice(one, other))) {
        return Err(Reason::EventTwice);
    }
    Ok(())
}

/// Handicaps in play count from a score, and everybody has to mean the same one.
fn in_play(legs: &[LegView<'_>]) -> Result<(), Reason> {
    let Some(first) = legs.first() else { return Ok(()) };
    if legs.iter().any(|leg| leg.fixture.in_play != first.fixture.in_play) {
        return Err(Reason::InPlayDiffers);
    }
    let handicaps = || legs.iter().filter(|leg| leg.line.market == Market::AsianHandicap);
    let Some(handicap) = handicaps().next().filter(|_| first.fixture.in_play) else { return Ok(()) };
    if handicaps().any(|leg| leg.worker.basis != handicap.worker.basis) {
        return Err(Reason::ScoreBasis);
    }
    if handicap.worker.basis == HandicapBasis::FromKickOff {
        return Ok(());
    }
    // What counts from the score of this moment is no bet on the final score that other markets are on.
    let alone = handicaps().count() == legs.len();
    let known = handicap.fixture.score.as_deref().is_some_and(is_score);
    let same = handicaps().all(|leg| leg.fixture.score == handicap.fixture.score);
    if alone && known && same { Ok(()) } else { Err(Reason::ScoreBasis) }
}

/// Two numbers of at most three digits, `1-0`.
fn is_score(text: &str) -> bool {
    let number = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('-').is_some_and(|(home, away)| number(home) && number(away))
}

/// That many milliseconds before.
fn before(now: Timestamp, millis: u64) -> Timestamp {
    let nanos = i64::try_from(millis).unwrap_or(i64::MAX).saturating_mul(1_000_000);
    Timestamp::from_nanos(now.nanos().saturating_sub(nanos))
}
