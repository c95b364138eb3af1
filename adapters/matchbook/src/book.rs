//! What answers have shown: events, their markets, and which request named them.

use crate::event::Facts;
use crate::held::Held;
use crate::market::{Fault, Market as Stated, Standing, wrong};
use crate::terms::Read;
use antigravity_sdk::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What no answer has named for ten minutes is forgotten and removed: nobody looks at it any more.
const FORGOTTEN_AFTER: i64 = 600_000_000_000;

/// Requests whose last answer is remembered; beyond that the one not asked for longest goes. A page polls a few.
const MAX_REQUESTS: usize = 64;

const ID: Key = Key::new("id");
const MARKETS: Key = Key::new("markets");
const EVENT_ID: Key = Key::new("event-id");
const PAGE: [Key; 2] = [Key::new("total"), Key::new("offset")];

/// Everything that was read, by the provider's ids: their order is that of the rows.
#[derive(Debug, Default)]
pub struct Book {
    events: BTreeMap<String, Known>,
    markets: BTreeMap<String, Held>,
    /// Address without host, and its number; the last one was asked for last.
    requests: Vec<(String, u64)>,
    /// Number of the answer that is being read.
    round: u64,
}

#[derive(Debug, Default)]
struct Known {
    facts: Facts,
    place: EventPlace,
    /// The answer that told of it last, and when it or one of its markets was named last.
    round: u64,
    at: i64,
}

/// One answer that is being read.
#[derive(Debug)]
pub struct Reading<'b> {
    book: &'b mut Book,
    sheet: &'b mut Sheet,
    request: u64,
    at: i64,
    /// Events all of whose markets the answer names.
    whole_events: BTreeSet<String>,
    /// It names all events that its request is about.
    whole: bool,
    /// A row that names nothing: what it was about cannot be taken for absent.
    nameless: bool,
    /// Markets that could be read, and events without any.
    read: usize,
    fault: Option<Fault>,
}

/// Whether a list is all there is: it begins with the first item and holds as many as there are.
pub fn is_whole(answer: Value<'_>, list: Key) -> bool {
    let [total, offset] = answer.fields(PAGE);
    let listed = answer.get(list).map_or(0, Value::len) as u64;
    let total = total.and_then(Value::u64);
    offset.is_none_or(|offset| offset.u64() == Some(0)) && total.is_some_and(|total| total <= listed)
}

impl<'b> Reading<'b> {
    pub fn new(book: &'b mut Book, packet: &Packet<'_>, sheet: &'b mut Sheet) -> Self {
        book.round += 1;
        let (request, at) = (book.request(packet.url()), packet.at());
        Self {
            book,
            sheet,
            request,
            at,
            whole_events: BTreeSet::new(),
            whole: false,
            nameless: false,
            read: 0,
            fault: None,
        }
    }

    pub fn events(&mut self, events: Value<'_>, whole: bool) {
        self.whole = whole;
        events.items().for_each(|event| self.event(event));
    }

    pub fn event(&mut self, event: Value<'_>) {
        let facts = match Facts::read(event) {
            Ok(facts) => facts,
            Err(why) => return self.nameless(wrong(why)),
        };
        let (id, standing) = (facts.id.clone(), facts.standing);
        let known = self.book.events.entry(id.clone()).or_default();
        (known.facts, known.round, known.at) = (facts, self.book.round, self.at);
        if known.place.current().is_some() {
            known.facts.show(&mut known.place, self.sheet);
        }
        match event.get(MARKETS).filter(|markets| markets.kind() == Kind::Array) {
            Some(markets) => {
                self.read += usize::from(markets.is_empty());
                markets.items().for_each(|market| self.market(market, Some(&id)));
                self.whole_events.insert(id);
            }
            None => {
                self.read += 1;
                self.book.stop(&id, standing, self.sheet);
            }
        }
    }

    pub fn markets(&mut self, markets: Value<'_>, whole: bool) {
        for market in markets.items() {
            self.market(market, None);
            if whole && let Some(event) = market.get(EVENT_ID).and_then(Value::text) {
                self.whole_events.insert(event.into_owned());
            }
        }
    }

    /// Reads a market of this event, or of the one it names.
    pub fn market(&mut self, market: Value<'_>, event: Option<&str>) {
        let Some(id) = market.get(ID).and_then(Value::text) else {
            return self.nameless(wrong("a market without `id`"));
        };
        let named = market.get(EVENT_ID).and_then(Value::text);
        let event = match (event, named.as_deref()) {
            (Some(event), Some(named)) if event != named => {
                return self.nameless(wrong("a market of another event"));
            }
            (Some(event), _) | (None, Some(event)) => event,
            (None, None) => return self.nameless(wrong("a market without `event-id`")),
        };
        if let Some(held) = self.book.markets.get_mut(&*id) {
            (held.request, held.round, held.at) = (self.request, self.book.round, self.at);
        }
        // Who plays at home, only an answer about the event says.
        let Some(known) = self.book.events.get_mut(event) else { return };
        known.at = self.at;
        let shown = Stated::read(market).and_then(|stated| match stated {
            Some(stated) => self.book.show(&id, event, &stated, (self.request, self.at), self.sheet),
            None => Ok(()),
        });
        match shown {
            Ok(()) => self.read += 1,
            Err(fault) => self.unread(&id, fault),
        }
    }

    fn nameless(&mut self, fault: Fault) {
        self.nameless = true;
        self.note(fault);
    }

    /// What stands of a market that cannot be read is not what its page shows.
    fn unread(&mut self, id: &str, fault: Fault) {
        if let Some(held) = self.book.markets.get_mut(id) {
            held.unread = true;
            self.sheet.gap(held.scope);
        }
        self.note(fault);
    }

    fn note(&mut self, fault: Fault) {
        self.sheet.bad_row(fault.why);
        self.fault.get_or_insert(fault);
    }

    /// Removes what this request named before and does not name any more.
    pub fn finish(self) -> Result<Outcome, Rejection> {
        if let Some(fault) = self.fault.filter(|_| self.read == 0) {
            return Err(reject(fault.reason, fault.why));
        }
        let Self { book, sheet, request, at, .. } = self;
        book.forget(at, sheet);
        if !self.nameless {
            let round = book.round;
            let gone = |held: &Held| {
                let covered = self.whole || self.whole_events.contains(&held.event);
                held.request == request && held.round != round && covered
            };
            for held in book.markets.values_mut().filter(|held| gone(held)) {
                held.clear(sheet);
            }
            book.markets.retain(|_, held| !gone(held));
        }
        if book.is_told_by_the_last(request) {
            sheet.snapshot_complete();
        }
        Ok(Outcome::Parsed)
    }
}

impl Book {
    /// Number of the request, new where it was not known.
    fn request(&mut self, url: &str) -> u64 {
        let address = url.split_once("://").map_or(url, |(_, rest)| rest);
        let address = address.split_once('/').map_or("", |(_, path)| path);
        let known = self.requests.iter().position(|(known, _)| known == address);
        let request = known.map_or_else(|| (address.to_owned(), self.round), |at| self.requests.remove(at));
        let number = request.1;
        self.requests.push(request);
        if self.requests.len() > MAX_REQUESTS {
            self.requests.remove(0);
        }
        number
    }

    /// Forgets what no answer has named for long.
    fn forget(&mut self, now: i64, sheet: &mut Sheet) {
        let old = |at: i64| now.saturating_sub(at) > FORGOTTEN_AFTER;
        for held in self.markets.values_mut().filter(|held| old(held.at)) {
            held.clear(sheet);
        }
        self.markets.retain(|_, held| !old(held.at));
        self.events.retain(|_, known| !old(known.at));
    }

    /// An event was told of without its markets: where no bets are taken on it, none are on those.
    fn stop(&mut self, event: &str, standing: Standing, sheet: &mut Sheet) {
        for held in self.markets.values_mut().filter(|held| held.event == event) {
            match standing {
                Standing::Open => {}
                Standing::Suspended => {
                    held.unread = true;
                    sheet.gap(held.scope);
                }
                Standing::Gone => held.clear(sheet),
            }
        }
        if standing == Standing::Gone {
            self.markets.retain(|_, held| held.event != event);
            self.events.remove(event);
        }
    }

    /// Whether nothing before the last answer is needed to know what is known.
    fn is_told_by_the_last(&mut self, request: u64) -> bool {
        let round = self.round;
        let told = self.events.values().all(|known| known.round == round)
            && self.markets.values().all(|held| held.round == round && !held.unread);
        if told {
            self.requests.retain(|(_, number)| *number == request);
        }
        told
    }

    /// Shows a market as the answer states it; `named`: the request, and when.
    fn show(
        &mut self,
        id: &str,
        event: &str,
        stated: &Stated<'_>,
        named: (u64, i64),
        sheet: &mut Sheet,
    ) -> Result<(), Fault> {
        let Some(Known { facts, place, .. }) = self.events.get_mut(event) else { return Ok(()) };
        let standing = facts.standing.max(stated.standing);
        if standing == Standing::Gone {
            if let Some(mut held) = self.markets.remove(id) {
                held.clear(sheet);
            }
            return Ok(());
        }
        let read = Read::of(facts, stated)?;
        let event_shown = facts.show(place, sheet);
        let new = || Held::new(id, event, &read.terms);
        let held = self.markets.entry(id.to_owned()).or_insert_with(new);
        (held.request, held.round, held.at) = (named.0, self.round, named.1);
        held.unread = false;
        held.show(id, event_shown, &read, stated, standing, sheet);
        Ok(())
    }
}
