//! All events that the lists have named.

use crate::text::{Offer, SHAPES, Shape};
use antigravity_sdk::prelude::*;
use antigravity_sdk::time;
use std::collections::BTreeMap;

const LEAGUE: [Key; 2] = [Key::new("1"), Key::new("2")];
const EVENT: [Key; 5] = [Key::new("8"), Key::new("2"), Key::new("3"), Key::new("0"), Key::new("7")];

/// The list of running events.
const LIVE: &str = "live";

#[derive(Debug, Default)]
pub struct Book {
    /// By the provider's ids: their order is that of the rows.
    fixtures: BTreeMap<u64, Fixture>,
    /// Number of the answer that is being read.
    round: u64,
}

/// One answer.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    pub leagues: Value<'a>,
    /// `timeRange`: `early`, `today`, `live` …
    pub list: &'a str,
    /// It holds all events of its list.
    pub whole: bool,
}

#[derive(Debug, Default)]
struct Fixture {
    place: EventPlace,
    offers: Vec<Place>,
    /// The list that named it last, and the answer.
    list: String,
    round: u64,
    /// Something of its last row could not be read.
    unread: bool,
}

/// Where one line of one market is shown.
#[derive(Debug)]
struct Place {
    market_id: String,
    /// Index of its shape.
    shape: usize,
    line: LinePlace,
    round: u64,
}

/// What became of an answer's rows.
#[derive(Debug, Default)]
struct Tally {
    good: u32,
    bad: u32,
    /// A row that names no event: what it was about cannot be taken for absent.
    nameless: bool,
}

impl Book {
    /// # Errors
    /// Where there are events and none can be read: what stands is then as before.
    pub fn answer(&mut self, answer: &Answer<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        self.round += 1;
        let mut tally = Tally::default();
        for league in answer.leagues.items().flat_map(Value::items) {
            let [name, events] = league.fields(LEAGUE);
            let name = name.and_then(Value::str);
            for event in events.into_iter().flat_map(Value::items) {
                self.event(event, name.as_deref(), answer, &mut tally, sheet);
            }
        }
        if tally.good == 0 && tally.bad > 0 {
            return Err(reject(Reason::BadValue, "no event of the list can be read"));
        }
        let round = self.round;
        if answer.whole && !tally.nameless {
            let gone = |fixture: &Fixture| fixture.list == answer.list && fixture.round != round;
            let gone_now = self.fixtures.values().filter(|fixture| gone(fixture));
            gone_now
                .filter_map(|fixture| fixture.place.current())
                .for_each(|event| sheet.remove_event(event));
            self.fixtures.retain(|_, fixture| !gone(fixture));
        }
        if self.fixtures.values().all(|fixture| fixture.round == round && !fixture.unread) {
            sheet.snapshot_complete();
        }
        Ok(Outcome::Parsed)
    }

    fn event(
        &mut self,
        event: Value<'_>,
        league: Option<&str>,
        answer: &Answer<'_>,
        tally: &mut Tally,
        sheet: &mut Sheet,
    ) {
        let [id, home, away, start, markets] = event.fields(EVENT);
        let Some(id) = id.and_then(Value::u64) else {
            tally.bad += 1;
            tally.nameless = true;
            return sheet.bad_row("an event without its id");
        };
        let known = self.fixtures.get(&id);
        let problem = match markets.map(Value::kind) {
            Some(Kind::Object) if known.is_some_and(|known| known.round == self.round) => {
                "an event that stands twice in a list"
            }
            Some(Kind::Object) => "",
            _ => "an event without its markets",
        };
        if !problem.is_empty() {
            tally.bad += 1;
            sheet.bad_row(problem);
            if let Some(fixture) = self.fixtures.get_mut(&id) {
                fixture.name(answer, self.round);
                fixture.unread = true;
                sheet.gap(id);
            }
            return;
        }
        tally.good += 1;
        let fixture = self.fixtures.entry(id).or_default();
        fixture.name(answer, self.round);
        let event = fixture.place.show(
            sheet,
            &EventInfo {
                id: &id.to_string(),
                sport: Some("soccer"),
                competition: league,
                title: None,
                home: home.and_then(Value::str).as_deref(),
                away: away.and_then(Value::str).as_deref(),
                score: None,
                starts_at: start.and_then(Value::str).and_then(|start| time::rfc3339(&start)),
                in_play: answer.list == LIVE,
            },
        );
        if let Some(markets) = markets {
            fixture.show(id, event, markets, sheet);
        }
    }
}

impl Fixture {
    fn name(&mut self, answer: &Answer<'_>, round: u64) {
        answer.list.clone_into(&mut self.list);
        self.round = round;
    }

    /// Shows all markets of the event: its row is the whole of it, unless something cannot be read.
    fn show(&mut self, id: u64, event: Event, markets: Value<'_>, sheet: &mut Sheet) {
        self.unread = false;
        sheet.snapshot_begin(id);
        for (index, shape) in SHAPES.iter().enumerate() {
            let Some(texts) = markets.get(shape.key).filter(|texts| !texts.is_null()) else { continue };
            if texts.kind() != Kind::Array {
                self.unreadable("a market that is no list", sheet);
            }
            for text in texts.items() {
                let text = text.str();
                match text.as_deref().ok_or("a market that is no text").and_then(|text| shape.read(text)) {
                    Ok(offer) => self.offer(id, event, index, shape, &offer, sheet),
                    Err(why) => self.unreadable(why, sheet),
                }
            }
        }
        if self.unread {
            // What was there before and is not named may be what could not be read.
            sheet.gap(id);
            return;
        }
        // Said besides by the end of the snapshot: where other rows of the answer are bad, only a price or a
        // removal makes it count.
        let round = self.round;
        for place in self.offers.iter_mut().filter(|place| place.round != round) {
            place.line.clear(sheet);
        }
        self.offers.retain(|place| place.round == round);
        sheet.snapshot_end(id);
    }

    fn unreadable(&mut self, why: &str, sheet: &mut Sheet) {
        self.unread = true;
        sheet.bad_row(why);
    }

    fn offer(
        &mut self,
        id: u64,
        event: Event,
        index: usize,
        shape: &Shape,
        offer: &Offer<'_>,
        sheet: &mut Sheet,
    ) {
        let same = |place: &Place| place.shape == index && place.market_id == offer.market_id;
        let at = self.offers.iter().position(same).unwrap_or_else(|| {
            let (market_id, line) = (offer.market_id.to_owned(), LinePlace::default());
            self.offers.push(Place { market_id, shape: index, line, round: 0 });
            self.offers.len() - 1
        });
        let place = &mut self.offers[at];
        if place.round == self.round {
            return self.unreadable("a market that stands twice", sheet);
        }
        place.round = self.round;
        let spec = LineSpec::new(offer.market_id, shape.market, shape.period).scope(id);
        let line = place.line.show(sheet, event, &LineSpec { line: offer.line, ..spec });
        for ((_, selection), price) in shape.selections.iter().zip(offer.prices) {
            if offer.open {
                sheet.offer(line, *selection, shape.format, price);
            } else {
                let price = price.map(|price| (shape.format, price));
                sheet.quote(line, *selection, Side::Back, 1, Status::Suspended, price, None);
            }
        }
    }
}
