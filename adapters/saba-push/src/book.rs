//! One channel's records, and how they are shown as events, lines and quotes.

use crate::record::{Bad, Match, Offer, State, Terms, key, text};
use crate::table::{Field, Record};
use antigravity_sdk::prelude::*;
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

/// Keyed by the provider's ids, in the order in which the rows came.
type Ordered<V> = IndexMap<u64, V, FxBuildHasher>;

/// The records of one channel since its last snapshot.
#[derive(Debug, Default)]
pub struct Book {
    leagues: FxHashMap<u64, Box<str>>,
    matches: Ordered<Match>,
    odds: Ordered<Odds>,
    /// The snapshot that is to replace all this is under way.
    pub ending: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Odds {
    terms: Terms,
    place: LinePlace,
    /// The limit and the scope that the line was last shown with.
    shown: (Option<Decimal>, u64),
    /// Shown while the snapshot was under way that is to replace it: the host takes it as named in that.
    shown_late: bool,
}

/// What a row changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    League(u64),
    /// `turned`: only now, or no more, can its offers be shown.
    Match {
        id: u64,
        turned: bool,
    },
    /// `fresh`: it was not in the book before.
    Odds {
        id: u64,
        fresh: bool,
    },
}

/// A row that cannot be read, and what it changes nevertheless.
#[derive(Debug)]
pub struct Fault {
    pub why: Bad,
    pub change: Option<Change>,
}

impl From<Bad> for Fault {
    fn from(why: Bad) -> Self {
        Self { why, change: None }
    }
}

type Fields<'f, 'a> = &'f [(Field, Value<'a>)];

impl Book {
    /// Merges a row into its record. Says nothing but that a line has ended whose offer is now about
    /// another match or bet type.
    ///
    /// # Errors
    /// Where the row cannot be read. It then changes nothing, but that the offer it is about is
    /// suspended until a row tells its status again.
    pub fn put(
        &mut self,
        record: Record,
        fields: Fields<'_, '_>,
        sheet: &mut Sheet,
    ) -> Result<Change, Fault> {
        match record {
            Record::League => Ok(self.put_league(fields)?),
            Record::Match | Record::LiveScore => Ok(self.put_match(fields)?),
            Record::Odds => self.put_odds(fields, sheet),
        }
    }

    fn put_league(&mut self, fields: Fields<'_, '_>) -> Result<Change, Bad> {
        let id = key(fields, Field::LeagueId)?;
        for (_, value) in fields.iter().filter(|(field, _)| *field == Field::LeagueName) {
            match text(*value)? {
                Some(name) => self.leagues.insert(id, name),
                None => self.leagues.remove(&id),
            };
        }
        Ok(Change::League(id))
    }

    fn put_match(&mut self, fields: Fields<'_, '_>) -> Result<Change, Bad> {
        let id = key(fields, Field::MatchId)?;
        let before = self.matches.get(&id).map(|found| found.facts.clone()).unwrap_or_default();
        let shown = before.shows();
        let facts = before.merged(fields)?;
        let turned = facts.shows() != shown;
        self.matches.entry(id).or_default().facts = facts;
        Ok(Change::Match { id, turned })
    }

    fn put_odds(&mut self, fields: Fields<'_, '_>, sheet: &mut Sheet) -> Result<Change, Fault> {
        let id = key(fields, Field::OddsId)?;
        let Some(odds) = self.odds.get_mut(&id) else {
            let terms = Terms::default().merged(fields)?;
            self.odds.insert(id, Odds { terms, ..Odds::default() });
            return Ok(Change::Odds { id, fresh: true });
        };
        let change = Change::Odds { id, fresh: false };
        match odds.terms.merged(fields) {
            Ok(terms) => {
                if !terms.same_market(&odds.terms) {
                    odds.place.clear(sheet);
                }
                odds.terms = terms;
                Ok(change)
            }
            Err(why) => {
                odds.terms.state = State::Suspended;
                Err(Fault { why, change: Some(change) })
            }
        }
    }

    /// Takes a record out, and with a match its offers; what was shown of it is removed.
    pub fn delete(&mut self, record: Record, fields: Fields<'_, '_>, sheet: &mut Sheet) -> Result<(), Bad> {
        if record == Record::Odds {
            if let Some(mut odds) = self.odds.swap_remove(&key(fields, Field::OddsId)?) {
                odds.place.clear(sheet);
            }
            return Ok(());
        }
        let id = key(fields, Field::MatchId)?;
        self.matches.swap_remove(&id);
        self.odds.retain(|_, odds| {
            let gone = odds.terms.match_id == Some(id);
            if gone {
                odds.place.clear(sheet);
            }
            !gone
        });
        Ok(())
    }

    /// Takes everything out.
    pub fn withdraw_all(&mut self, sheet: &mut Sheet) {
        for odds in self.odds.values_mut() {
            odds.place.clear(sheet);
        }
        *self = Self::default();
    }

    /// Takes out what the host would take for a part of the snapshot that replaces all this.
    pub fn withdraw_late(&mut self, sheet: &mut Sheet) {
        for odds in self.odds.values_mut().filter(|odds| odds.shown_late) {
            odds.place.clear(sheet);
        }
    }

    /// Takes an offer over from another book, its line with it.
    pub fn take_over(&mut self, id: u64, other: &mut Self, sheet: &mut Sheet) {
        let Some(mut old) = other.odds.swap_remove(&id) else { return };
        match self.odds.get_mut(&id) {
            Some(odds) if odds.terms.same_market(&old.terms) => {
                (odds.place, odds.shown) = (old.place, old.shown)
            }
            _ => old.place.clear(sheet),
        }
    }

    pub fn offers(&self) -> impl Iterator<Item = u64> {
        self.odds.keys().copied()
    }

    pub fn has_offer(&self, id: u64) -> bool {
        self.odds.contains_key(&id)
    }

    /// Whether there is an offer to show; where there is none, why each that cannot be read cannot.
    pub fn shows(&self) -> Result<(), Vec<Bad>> {
        let mut faults = Vec::new();
        for odds in self.odds.values() {
            let found = odds.terms.match_id.and_then(|id| self.matches.get(&id));
            if !found.is_some_and(|m| m.facts.shows()) {
                continue;
            }
            match odds.terms.offer() {
                Ok(Some(_)) => return Ok(()),
                Ok(None) => {}
                Err(why) => faults.push(why),
            }
        }
        Err(faults)
    }

    /// Says what a row changed.
    pub fn show(&mut self, change: Change, scope: u64, sheet: &mut Sheet) {
        match change {
            Change::Odds { id, .. } => self.show_offer(id, scope, sheet),
            Change::Match { id, turned } => {
                self.refresh(id, sheet);
                if turned {
                    let theirs = |(_, odds): &(&u64, &Odds)| odds.terms.match_id == Some(id);
                    let offers: Vec<u64> = self.odds.iter().filter(theirs).map(|(id, _)| *id).collect();
                    for offer in offers {
                        self.show_offer(offer, scope, sheet);
                    }
                }
            }
            Change::League(id) => {
                let of_league = |(_, m): &(&u64, &Match)| m.facts.league == Some(id);
                let matches: Vec<u64> = self.matches.iter().filter(of_league).map(|(id, _)| *id).collect();
                for id in matches {
                    self.refresh(id, sheet);
                }
            }
        }
    }

    /// Says everything, as the whole that follows `old`: events and lines that go on keep their places.
    pub fn show_all(&mut self, old: &mut Self, scope: u64, sheet: &mut Sheet) {
        for (id, found) in &mut self.matches {
            if let Some(old) = old.matches.get_mut(id) {
                found.take_place(old);
            }
        }
        for (id, odds) in &mut self.odds {
            if let Some(old) = old.odds.get_mut(id).filter(|old| old.terms.same_market(&odds.terms)) {
                (odds.place, odds.shown) = (std::mem::take(&mut old.place), old.shown);
            }
        }
        for id in self.matches.keys().copied().collect::<Vec<_>>() {
            self.refresh(id, sheet);
        }
        for id in self.odds.keys().copied().collect::<Vec<_>>() {
            self.show_offer(id, scope, sheet);
        }
    }

    /// Says what changed about a match that is shown.
    fn refresh(&mut self, id: u64, sheet: &mut Sheet) {
        if let Some(found) = self.matches.get_mut(&id).filter(|m| m.is_shown()) {
            let league = found.facts.league.and_then(|id| self.leagues.get(&id));
            found.show(id, league.map(AsRef::as_ref), sheet);
        }
    }

    fn show_offer(&mut self, id: u64, scope: u64, sheet: &mut Sheet) {
        let Some(odds) = self.odds.get_mut(&id) else { return };
        odds.shown_late = self.ending;
        let found = odds.terms.match_id.and_then(|id| Some((id, self.matches.get_mut(&id)?)));
        let Some((match_id, found)) = found.filter(|(_, m)| m.facts.shows()) else {
            odds.place.clear(sheet);
            return;
        };
        let offer = match odds.terms.offer() {
            Ok(Some(offer)) => offer,
            Ok(None) => return odds.place.clear(sheet),
            Err(why) => {
                sheet.bad_row(why);
                return odds.suspend(sheet);
            }
        };
        let said = odds.shown == (odds.terms.max_stake, scope);
        let known = if said { odds.place.showing(offer.line) } else { None };
        let line = known.unwrap_or_else(|| {
            let league = found.facts.league.and_then(|id| self.leagues.get(&id));
            let event = found.show(match_id, league.map(AsRef::as_ref), sheet);
            odds.define(id, event, &offer, scope, sheet)
        });
        odds.quote(line, &offer, sheet);
    }
}

impl Odds {
    /// The line, said again where its limit or its scope is another one.
    fn define(&mut self, id: u64, event: Event, offer: &Offer, scope: u64, sheet: &mut Sheet) -> Line {
        let id = id.to_string();
        let mut spec =
            LineSpec::new(&id, offer.market, offer.period).scope(scope).max_stake(self.terms.max_stake);
        spec.line = offer.line;
        let goes_on = self.place.showing(offer.line).is_some();
        let line = self.place.show(sheet, event, &spec);
        if goes_on && self.shown.1 != scope {
            sheet.update_line(line, event, &spec);
        }
        self.shown = (self.terms.max_stake, scope);
        line
    }

    fn quote(&self, line: Line, offer: &Offer, sheet: &mut Sheet) {
        for (selection, price) in offer.market.selections().iter().zip(offer.prices) {
            match self.terms.state {
                State::Running => sheet.offer(line, *selection, offer.format, price),
                _ => {
                    let price = price.map(|price| (offer.format, price));
                    sheet.quote(line, *selection, Side::Back, 1, Status::Suspended, price, None);
                }
            }
        }
    }

    /// The line that is shown can no longer be bet on: what it has become cannot be read.
    fn suspend(&self, sheet: &mut Sheet) {
        if let (Some((line, _)), Some((market, _))) = (self.place.current(), self.terms.market()) {
            for selection in market.selections() {
                sheet.quote(line, *selection, Side::Back, 1, Status::Suspended, None, None);
            }
        }
    }
}
