//! One market: its definition, its runners, and what a change of it says.

use crate::definition::{Definition, Trading};
use crate::runner::{Chance, LADDERS, Listing, Runner};
use antigravity_sdk::{Decimal, Event, EventInfo, EventPlace, Key, Sheet, Status, Value, scope_of};
use rustc_hash::FxHashMap;

const RUNNERS: Key = Key::new("runners");
const RUNNER: [Key; 3] = [Key::new("id"), Key::new("hc"), Key::new("status")];
const CHANGE: [Key; 8] = {
    let [a, b, c, d, e, f] = LADDERS;
    [Key::new("id"), Key::new("hc"), a, b, c, d, e, f]
};

/// The parts of one entry of `mc`.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    pub image: bool,
    pub definition: Option<Value<'a>>,
    pub runners: Option<Value<'a>>,
    /// Number of the packet it came with.
    pub packet: u64,
    pub connection: u32,
}

#[derive(Debug)]
pub struct Market {
    id: String,
    scope: u64,
    /// Number of the market within the adapter.
    number: usize,
    /// The socket that told of it last; `None` where nothing was heard yet.
    connection: Option<u32>,
    /// A new image of all that the socket carries has begun and has not named it yet.
    awaited: bool,
    base: Base,
    definition: Option<Definition>,
    event: Option<usize>,
    runners: Vec<Runner>,
    index: FxHashMap<RunnerKey, usize>,
}

/// What the ladders stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    /// Nothing was heard yet.
    Nothing,
    /// Something was missed: changes without the image they change, or one that could not be read.
    Part,
    /// An image, or the first definition of a market of which nothing was heard before; it came
    /// with this packet.
    Whole(u64),
}

/// A runner is its id and its handicap; numbers of equal value are one key.
type RunnerKey = (u64, i64, u8);

impl Market {
    pub fn new(id: &str, number: usize) -> Self {
        Self {
            id: id.to_owned(),
            scope: scope_of(id),
            number,
            connection: None,
            awaited: false,
            base: Base::Nothing,
            definition: None,
            event: None,
            runners: Vec::new(),
            index: FxHashMap::default(),
        }
    }

    /// Whether nothing before this packet is needed to know the market.
    pub fn is_based_in(&self, packet: u64) -> bool {
        self.base == Base::Whole(packet)
    }

    /// An image of all that this socket carries begins.
    pub fn await_image(&mut self, connection: u32) {
        self.awaited |= self.connection == Some(connection);
    }

    /// The image has ended. If it did not name the market, the socket tells of it no more: what stands
    /// is stale until its next image.
    pub fn miss_image(&mut self, connection: u32, sheet: &mut Sheet) {
        if self.connection == Some(connection) && std::mem::take(&mut self.awaited) {
            self.base = Base::Part;
            sheet.gap(self.scope);
        }
    }

    /// Applies one entry of `mc`. `false` where the market is settled and to be forgotten.
    pub fn apply(&mut self, change: &Change<'_>, events: &mut Events, sheet: &mut Sheet) -> bool {
        // A quote is confirmed by the socket that named it last: on another one all are named again.
        let moved = self.connection.replace(change.connection) != Some(change.connection);
        self.awaited = false;
        if change.image {
            sheet.snapshot_begin(self.scope);
            self.runners.iter_mut().for_each(Runner::clear);
        }
        let mut whole = match change.definition {
            Some(definition) => self.define(definition, sheet),
            None => {
                // An image replaces the definition too.
                self.definition = self.definition.take().filter(|_| !change.image);
                true
            }
        };
        match self.base {
            _ if change.image => self.base = Base::Whole(change.packet),
            Base::Nothing if self.definition.is_some() => self.base = Base::Whole(change.packet),
            Base::Nothing => self.base = Base::Part,
            Base::Part | Base::Whole(_) => {}
        }
        whole &= change.runners.is_none_or(|runners| self.change_runners(runners, sheet));
        let restate = change.image || moved;
        let all = restate || change.definition.is_some();
        let shown = self.show(all, restate, events, sheet);
        if change.image {
            sheet.snapshot_end(self.scope);
        }
        if !whole || shown == Shown::Unsound {
            self.base = Base::Part;
        }
        // Said with every change until the image comes: a packet of which nothing is good is
        // refused, and this would go with it.
        if self.base == Base::Part && self.definition.is_some() {
            sheet.gap(self.scope);
        }
        shown != Shown::Settled
    }

    /// Takes a definition over; `false` where it cannot be read.
    fn define(&mut self, value: Value<'_>, sheet: &mut Sheet) -> bool {
        let definition = match Definition::read(value) {
            Ok(definition) => definition,
            Err(field) => {
                sheet.bad_row(field);
                return false;
            }
        };
        let other =
            |before: &Definition| before.kind != definition.kind || before.event_id != definition.event_id;
        if self.definition.as_ref().is_some_and(other) {
            self.runners.iter_mut().for_each(|runner| runner.relist(sheet));
            self.event = None;
        }
        self.definition = Some(definition);
        self.runners.iter_mut().for_each(|runner| runner.chance = Chance::None);
        let mut whole = true;
        for runner in value.get(RUNNERS).into_iter().flat_map(Value::items) {
            let [id, hc, status] = runner.fields(RUNNER);
            match self.runner(id, hc) {
                Some(at) => self.runners[at].chance = Chance::of(status.and_then(Value::plain)),
                None => {
                    sheet.bad_row("marketDefinition: runners");
                    whole = false;
                }
            }
        }
        whole
    }

    /// Reads `rc`; `false` where something of it could not be read.
    fn change_runners(&mut self, runners: Value<'_>, sheet: &mut Sheet) -> bool {
        let mut whole = true;
        for change in runners.items() {
            let [id, hc, ladders @ ..] = change.fields(CHANGE);
            // Most changes of a stream without ladders are of last traded prices.
            if ladders.iter().all(Option::is_none) {
                continue;
            }
            let unreadable = match self.runner(id, hc) {
                Some(at) => self.runners[at].change(ladders),
                None => 1,
            };
            for _ in 0..unreadable {
                sheet.bad_row("rc");
                whole = false;
            }
        }
        whole
    }

    /// The runner of this id and handicap (absent: 0), new where it was not known.
    #[inline]
    fn runner(&mut self, id: Option<Value<'_>>, handicap: Option<Value<'_>>) -> Option<usize> {
        let id = id?.u64()?;
        let (handicap, key) = match handicap {
            None => (Decimal::ZERO, (id, 0, 0)),
            Some(handicap) => {
                let handicap = handicap.decimal()?;
                let value = handicap.normalized();
                (handicap, (id, value.mantissa(), value.scale()))
            }
        };
        if let Some(at) = self.index.get(&key) {
            return Some(*at);
        }
        self.runners.push(Runner::new(id, handicap));
        self.index.insert(key, self.runners.len() - 1);
        Some(self.runners.len() - 1)
    }

    /// Says what changed: of all runners, or of those whose ladders changed.
    fn show(&mut self, all: bool, restate: bool, events: &mut Events, sheet: &mut Sheet) -> Shown {
        let Some(definition) = &self.definition else {
            // Without a definition nothing is quoted; the ladders are kept.
            if restate {
                self.runners.iter_mut().for_each(|runner| runner.withdraw(sheet));
            }
            return Shown::Sound;
        };
        let status = match definition.trading {
            Trading::Open => Status::Open,
            Trading::Suspended => Status::Suspended,
            Trading::Closed => {
                self.runners.iter_mut().for_each(|runner| runner.withdraw(sheet));
                return Shown::Settled;
            }
        };
        let event = events.show(&mut self.event, self.number, all, definition, sheet);
        let (market_id, scope) = (self.id.as_str(), self.scope);
        let listing = Listing { event, market_id, scope, definition, status, all, restate };
        let mut sound = true;
        for runner in self.runners.iter_mut().filter(|runner| all || runner.changed) {
            sound &= runner.show(sheet, listing);
        }
        if sound { Shown::Sound } else { Shown::Unsound }
    }
}

/// What became of a market when it was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Sound,
    /// A price of it can be none.
    Unsound,
    /// It is over.
    Settled,
}

/// The events of all markets. The host knows an event by its id, and markets of one event may start
/// at different times: what it is told last is what the market at hand says.
#[derive(Debug, Default)]
pub struct Events {
    places: Vec<(EventPlace, usize)>,
    ids: FxHashMap<String, usize>,
}

impl Events {
    /// Shows the event of `definition` where another market showed it last, or where the definition
    /// is `new`.
    #[inline]
    fn show(
        &mut self,
        at: &mut Option<usize>,
        market: usize,
        new: bool,
        definition: &Definition,
        sheet: &mut Sheet,
    ) -> Event {
        if let Some((place, holder)) = at.and_then(|at| self.places.get(at))
            && *holder == market
            && !new
            && let Some(event) = place.current()
        {
            return event;
        }
        let index = *at.get_or_insert_with(|| self.place_of(&definition.event_id));
        let (place, holder) = &mut self.places[index];
        *holder = market;
        place.show(
            sheet,
            &EventInfo {
                id: &definition.event_id,
                sport: definition.sport.as_deref(),
                title: definition.title.as_deref(),
                starts_at: definition.starts_at,
                in_play: definition.in_play,
                ..EventInfo::default()
            },
        )
    }

    fn place_of(&mut self, event_id: &str) -> usize {
        if let Some(index) = self.ids.get(event_id) {
            return *index;
        }
        self.places.push((EventPlace::default(), usize::MAX));
        self.ids.insert(event_id.to_owned(), self.places.len() - 1);
        self.places.len() - 1
    }
}
