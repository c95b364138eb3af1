//! The Odds Direct streams: which records each carries, and what is shown of them.
//!
//! - A stream is its address without host and token. `InitialData` (status 1) is all that it carries; a
//!   second one on the same connection adds to the first. After that it tells what changed (status 0).
//! - A record is there as long as one stream carries it: what goes out of the list of one may stand in another.
//! - A connection that begins with changes goes on from where the one before it ended (`Last-Event-ID`).
//!   Of a stream whose beginning was not seen, nothing says what was missed.

use crate::event::{Bad, Facts};
use crate::market::{State, Terms};
use crate::stream::Streams;
use antigravity_sdk::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const BODY: [Key; 2] = [Key::new("status"), Key::new("payload")];
const LISTS: [Key; 2] = [Key::new("events"), Key::new("markets")];
const CHANGES: [Key; 3] = [Key::new("add"), Key::new("change"), Key::new("remove")];
const EVENT_ID: Key = Key::new("eventId");
const MARKET_ID: Key = Key::new("marketId");

/// What the streams have told, by the provider's ids: their order is that of the rows.
#[derive(Debug, Default)]
pub struct Direct {
    streams: Streams,
    events: BTreeMap<u64, Record<Facts, EventPlace>>,
    markets: BTreeMap<u64, Record<Terms, Shown>>,
}

#[derive(Debug, Default)]
struct Record<F, P> {
    facts: F,
    place: P,
    carriers: BTreeSet<u64>,
    /// A change of it could not be read: what it is now, only a whole row says.
    unread: bool,
}

#[derive(Debug, Default)]
struct Shown {
    line: LinePlace,
    /// The event and market it was shown as.
    kind: Option<(Option<u64>, Market, Period)>,
}

/// What one message does, of one stream.
#[derive(Debug)]
struct Turn {
    stream: u64,
    /// Markets to show again: those that it names, at the end those of events that turned too; `true`
    /// where a whole row said them.
    touched: BTreeMap<u64, bool>,
    named_events: BTreeSet<u64>,
    /// Events whose markets can only now, or no more, be shown.
    turned: BTreeSet<u64>,
    read: usize,
    /// The first row that could not be read.
    fault: Option<Bad>,
    /// A change that does not say of what.
    lost: bool,
    /// It says something in part, or takes something back.
    partial: bool,
}

impl Direct {
    pub const fn is_empty(&self) -> bool {
        self.streams.is_empty()
    }

    /// Reads one message. `alone`: the adapter knows nothing but what these streams have told.
    ///
    /// # Errors
    /// Where it is no message of a stream, or none of its rows can be read.
    pub fn read(
        &mut self,
        packet: &Packet<'_>,
        alone: bool,
        sheet: &mut Sheet,
    ) -> Result<Outcome, Rejection> {
        let [status, payload] = packet.json()?.fields(BODY);
        let status = status.and_then(Value::text).ok_or_else(|| missing("status"))?;
        let initial = match &*status {
            "0" => false,
            "1" => true,
            "3" => return Ok(self.reset(packet, sheet)),
            _ => return Err(bad("status")),
        };
        let payload = payload.filter(|payload| payload.kind() == Kind::Object);
        let payload = payload.ok_or_else(|| missing("payload"))?;
        let (moved, silent) = self.streams.take(packet);
        if let Some(silent) = silent {
            self.drop_all(silent, sheet);
        }
        let stream = self.streams.current();
        let number = stream.number;
        let replaces = initial && !stream.began_here;
        if initial {
            (stream.began_here, stream.sound) = (true, stream.sound || replaces);
        }
        let mut turn = Turn {
            stream: number,
            touched: BTreeMap::new(),
            named_events: BTreeSet::new(),
            turned: BTreeSet::new(),
            read: 0,
            fault: None,
            lost: false,
            partial: false,
        };
        if moved && !initial {
            turn.touched.extend(self.carried(number).map(|id| (id, false)));
        }
        self.apply(payload, &mut turn, sheet);
        if let Some(why) = turn.fault.filter(|_| turn.read == 0) {
            self.streams.current().begin_anew();
            return Err(reject(Reason::BadValue, why));
        }
        if replaces && !turn.lost {
            self.drop_unnamed(&turn, sheet);
        }
        let turned = self.markets_of(&turn.turned).into_iter().map(|id| (id, false));
        let named = std::mem::take(&mut turn.touched);
        turn.touched.extend(turned.chain(named));
        let stream = self.streams.current();
        stream.sound &= !turn.lost;
        let sound = stream.sound;
        let mut readable = turn.fault.is_none();
        for (id, whole) in &turn.touched {
            readable &= self.show(*id, *whole, sheet);
        }
        if !sound {
            self.gap(number, sheet);
        }
        if replaces && alone && self.streams.is_one() && readable && !turn.partial {
            sheet.snapshot_complete();
        }
        Ok(Outcome::Parsed)
    }

    /// The provider begins anew; until it has, what stands may be wrong.
    fn reset(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Outcome {
        let (_, silent) = self.streams.take(packet);
        if let Some(silent) = silent {
            self.drop_all(silent, sheet);
        }
        let stream = self.streams.current();
        stream.begin_anew();
        let number = stream.number;
        self.gap(number, sheet);
        Outcome::Parsed
    }

    fn carried(&self, stream: u64) -> impl Iterator<Item = u64> {
        let carried = self.markets.iter().filter(move |(_, market)| market.carriers.contains(&stream));
        carried.map(|(id, _)| *id)
    }

    fn gap(&self, stream: u64, sheet: &mut Sheet) {
        self.carried(stream).for_each(|id| sheet.gap(id));
    }

    /// Takes the rows of a payload in: events first, so that their markets are shown with their names.
    fn apply(&mut self, payload: Value<'_>, turn: &mut Turn, sheet: &mut Sheet) {
        let [events, markets] = payload.fields(LISTS);
        let [added, changed, gone_events] = events.map_or([None; 3], |events| events.fields(CHANGES));
        for (rows, whole) in [(added, true), (changed, false)] {
            items(rows).for_each(|row| self.event(row, whole, turn, sheet));
        }
        let [added, changed, gone] = markets.map_or([None; 3], |markets| markets.fields(CHANGES));
        for (rows, whole) in [(added, true), (changed, false)] {
            items(rows).for_each(|row| self.market(row, whole, turn, sheet));
        }
        for id in items(gone) {
            let Some(id) = turn.id(id, "a removal of no market", sheet) else { continue };
            turn.touched.remove(&id);
            self.drop_market(id, turn.stream, sheet);
        }
        let mut events = BTreeSet::new();
        for id in items(gone_events) {
            let Some(id) = turn.id(id, "a removal of no event", sheet) else { continue };
            if self.forget_event(id, turn.stream) {
                events.insert(id);
            }
        }
        for id in self.markets_of(&events) {
            self.drop_market(id, turn.stream, sheet);
        }
    }

    fn event(&mut self, row: Value<'_>, whole: bool, turn: &mut Turn, sheet: &mut Sheet) {
        turn.partial |= !whole;
        let Some(id) = row.get(EVENT_ID).and_then(Value::u64) else {
            return turn.lose("an event without its id", sheet);
        };
        let record = match self.events.get_mut(&id) {
            Some(record) => record,
            None if whole => self.events.entry(id).or_default(),
            None => return,
        };
        if !whole && record.carriers.is_empty() {
            // No stream has told it whole: nothing is known of it that could change.
            return;
        }
        let before = record.facts.shows();
        if whole {
            record.carriers.insert(turn.stream);
            turn.named_events.insert(id);
        }
        let facts = if whole { Facts::default() } else { record.facts.clone() };
        match facts.merged(row) {
            Ok(facts) => {
                turn.read += 1;
                record.facts = facts;
                record.unread &= !whole;
            }
            Err(why) => {
                turn.note(why, sheet);
                record.unread = true;
            }
        }
        if record.place.current().is_some() {
            record.facts.show(id, false, &mut record.place, sheet);
        }
        if before != record.facts.shows() {
            turn.turned.insert(id);
        }
    }

    fn market(&mut self, row: Value<'_>, whole: bool, turn: &mut Turn, sheet: &mut Sheet) {
        turn.partial |= !whole;
        let Some(id) = row.get(MARKET_ID).and_then(Value::u64) else {
            return turn.lose("a market without its id", sheet);
        };
        let record = match self.markets.get_mut(&id) {
            Some(record) => record,
            None if whole => self.markets.entry(id).or_default(),
            None => return turn.note("a change of a market that was not told before", sheet),
        };
        record.carriers.insert(turn.stream);
        let terms = if whole { Terms::default() } else { record.facts.clone() };
        match terms.merged(row) {
            Ok(terms) => {
                turn.read += 1;
                record.facts = terms;
                record.unread &= !whole;
            }
            Err(why) => {
                turn.note(why, sheet);
                record.unread = true;
            }
        }
        *turn.touched.entry(id).or_insert(false) |= whole && !record.unread;
    }

    /// What the beginning of a stream does not name, it carries no more.
    fn drop_unnamed(&mut self, turn: &Turn, sheet: &mut Sheet) {
        let gone: Vec<u64> = self.carried(turn.stream).filter(|id| !turn.touched.contains_key(id)).collect();
        gone.into_iter().for_each(|id| self.drop_market(id, turn.stream, sheet));
        let carried = self.events.iter().filter(|(_, event)| event.carriers.contains(&turn.stream));
        let gone: Vec<u64> =
            carried.map(|(id, _)| *id).filter(|id| !turn.named_events.contains(id)).collect();
        // Its markets that are named stand, its others are gone already.
        for id in gone {
            self.forget_event(id, turn.stream);
        }
    }

    fn drop_all(&mut self, stream: u64, sheet: &mut Sheet) {
        let gone: Vec<u64> = self.carried(stream).collect();
        gone.into_iter().for_each(|id| self.drop_market(id, stream, sheet));
        let events: Vec<u64> = self.events.keys().copied().collect();
        for id in events {
            self.forget_event(id, stream);
        }
    }

    /// One pass for all events: a message may be about many.
    fn markets_of(&self, events: &BTreeSet<u64>) -> Vec<u64> {
        if events.is_empty() {
            return Vec::new();
        }
        let theirs = |(_, market): &(&u64, &Record<Terms, Shown>)| {
            market.facts.event.is_some_and(|event| events.contains(&event))
        };
        self.markets.iter().filter(theirs).map(|(id, _)| *id).collect()
    }

    fn drop_market(&mut self, id: u64, stream: u64, sheet: &mut Sheet) {
        let Some(record) = self.markets.get_mut(&id) else { return };
        record.carriers.remove(&stream);
        if record.carriers.is_empty() {
            record.place.line.clear(sheet);
            self.markets.remove(&id);
        }
    }

    /// A stream does not carry an event any more. `false` where the stream did not carry it.
    fn forget_event(&mut self, id: u64, stream: u64) -> bool {
        let Some(record) = self.events.get_mut(&id) else { return false };
        let carried = record.carriers.remove(&stream);
        if carried && record.carriers.is_empty() {
            self.events.remove(&id);
        }
        carried
    }

    /// Shows a market; `whole`: a row said all of it, which makes up for what was missed before. `false`
    /// where what it is cannot be read.
    fn show(&mut self, id: u64, whole: bool, sheet: &mut Sheet) -> bool {
        let Some(record) = self.markets.get_mut(&id) else { return true };
        let hidden = |event: u64| self.events.get(&event).is_some_and(|event| !event.facts.shows());
        let Some(event_id) = record.facts.event.filter(|event| !hidden(*event)) else {
            record.place.line.clear(sheet);
            return true;
        };
        let offer = match record.facts.offer() {
            Ok(Some(offer)) => offer,
            Ok(None) => {
                record.place.line.clear(sheet);
                return true;
            }
            Err(why) => {
                sheet.bad_row(why);
                record.place.suspend(id, sheet);
                return false;
            }
        };
        if record.unread {
            record.place.suspend(id, sheet);
            return false;
        }
        if whole {
            sheet.snapshot_begin(id);
        }
        let event = self.events.entry(event_id).or_default();
        let shown = event.facts.show(event_id, record.facts.live, &mut event.place, sheet);
        let kind = Some((record.facts.event, offer.market, offer.period));
        if record.place.kind != kind {
            record.place.line.clear(sheet);
            record.place.kind = kind;
        }
        let market_id = id.to_string();
        let spec = LineSpec::new(&market_id, offer.market, offer.period).scope(id);
        let spec = LineSpec { line: offer.line, max_stake: record.facts.max_stake, ..spec };
        let line = record.place.line.show(sheet, shown, &spec);
        for (selection, price) in offer.prices {
            if record.facts.state == State::Running {
                sheet.offer(line, selection, offer.format, price);
            } else {
                let price = price.map(|price| (offer.format, price));
                sheet.quote(line, selection, Side::Back, 1, Status::Suspended, price, None);
            }
        }
        if whole {
            sheet.snapshot_end(id);
        }
        true
    }
}

impl Turn {
    fn note(&mut self, why: Bad, sheet: &mut Sheet) {
        sheet.bad_row(why);
        self.fault.get_or_insert(why);
    }

    /// The id of what is removed.
    fn id(&mut self, id: Value<'_>, why: Bad, sheet: &mut Sheet) -> Option<u64> {
        self.partial = true;
        let id = id.u64();
        match id {
            Some(_) => self.read += 1,
            None => self.lose(why, sheet),
        }
        id
    }

    /// A row that does not say what it is about: it may be about anything the stream carries.
    fn lose(&mut self, why: Bad, sheet: &mut Sheet) {
        self.lost = true;
        self.note(why, sheet);
    }
}

impl Shown {
    /// What the market is now cannot be read: what stands of it cannot be bet on.
    fn suspend(&self, scope: u64, sheet: &mut Sheet) {
        sheet.gap(scope);
        if let (Some((line, _)), Some((_, market, _))) = (self.line.current(), self.kind) {
            for selection in market.selections() {
                sheet.quote(line, *selection, Side::Back, 1, Status::Suspended, None, None);
            }
        }
    }
}

fn items(list: Option<Value<'_>>) -> impl Iterator<Item = Value<'_>> {
    list.into_iter().flat_map(Value::items)
}
