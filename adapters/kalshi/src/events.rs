//! What is known of events, from whichever answer said it.

use antigravity_sdk::{Event, EventInfo, EventPlace, Key, Sheet, Value};
use rustc_hash::FxHashMap;

const EVENT: [Key; 2] = [Key::new("event_ticker"), Key::new("title")];

#[derive(Debug, Default)]
pub struct Events {
    known: Vec<Known>,
    ids: FxHashMap<Box<str>, usize>,
}

#[derive(Debug)]
struct Known {
    ticker: Box<str>,
    title: Option<String>,
    place: EventPlace,
}

impl Events {
    /// Takes over what an event says; an answer that says less takes nothing back. `None` where it has no
    /// ticker.
    pub fn learn(&mut self, event: Value<'_>, sheet: &mut Sheet) -> Option<usize> {
        let [ticker, title] = event.fields(EVENT);
        let number = self.number(&ticker?.str().filter(|ticker| !ticker.is_empty())?);
        if let Some(title) = title.and_then(Value::str).filter(|title| !title.is_empty()) {
            self.known[number].title = Some(title.into_owned());
        }
        self.show(number, sheet);
        Some(number)
    }

    /// The event of this ticker, which may be new.
    pub fn number(&mut self, ticker: &str) -> usize {
        if let Some(number) = self.ids.get(ticker) {
            return *number;
        }
        self.known.push(Known { ticker: ticker.into(), title: None, place: EventPlace::default() });
        self.ids.insert(ticker.into(), self.known.len() - 1);
        self.known.len() - 1
    }

    /// Says what is known of it, where that changed.
    pub fn show(&mut self, number: usize, sheet: &mut Sheet) -> Option<Event> {
        let Known { ticker, title, place } = self.known.get_mut(number)?;
        Some(place.show(sheet, &EventInfo { id: ticker, title: title.as_deref(), ..EventInfo::default() }))
    }
}
