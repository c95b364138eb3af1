//! One thing that both versions may say something of.

use super::difference::{Difference, Kind};
use super::said::{EventSaid, QuoteKey, Quoted};
use super::{JUMP, Pair};
use crate::odds::Price;
use antigravity_abi::Status;

/// What is compared, with what both say.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    Quote { key: &'a QuoteKey, old: Option<&'a Quoted>, new: Option<&'a Quoted> },
    Event { id: &'a str, old: &'a EventSaid, new: &'a EventSaid },
}

/// Which quote or event; the quotes of an event come after it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    pub event_id: Box<str>,
    pub quote: Option<QuoteKey>,
}

impl<'a> Subject<'a> {
    /// An event that only one of them named has no quote of the other: that counts there.
    pub(super) fn event(id: &'a str, pair: &'a Pair<EventSaid>) -> Option<Self> {
        let [Some(old), Some(new)] = &pair.sides else { return None };
        Some(Self::Event { id, old, new })
    }

    pub fn name(&self) -> Name {
        match self {
            Self::Quote { key, .. } => {
                Name { event_id: key.name().event_id.into(), quote: Some((*key).clone()) }
            }
            Self::Event { id, .. } => Name { event_id: (*id).into(), quote: None },
        }
    }

    pub fn event_id(&self) -> &'a str {
        match self {
            Self::Quote { key, .. } => key.name().event_id,
            Self::Event { id, .. } => id,
        }
    }

    /// Where they differ, for a person.
    pub fn difference(&self, kind: Kind) -> Difference {
        match self {
            Self::Quote { key, old, new } => Difference::of_quote(kind, &key.name(), *old, *new),
            Self::Event { id, old, new } => Difference::of_event(id, old, new),
        }
    }

    pub(super) fn kind(&self) -> Option<Kind> {
        match self {
            Self::Quote { old, new, .. } => differs(*old, *new),
            Self::Event { old, new, .. } => (old != new).then_some(Kind::Event),
        }
    }
}

/// How the candidate differs; `None` where a person would see the same.
fn differs(old: Option<&Quoted>, new: Option<&Quoted>) -> Option<Kind> {
    let (old, new) = match (old, new) {
        (None, None) => return None,
        (Some(_), None) => return Some(Kind::Coverage),
        (None, Some(_)) => return Some(Kind::Extra),
        (Some(old), Some(new)) => (old, new),
    };
    match (old.status, new.status) {
        (Status::Open, Status::Open) => {}
        (Status::Open, _) => return Some(Kind::Coverage),
        (_, Status::Open) => return Some(Kind::Extra),
        _ => {}
    }
    match (old.price, new.price) {
        (Some(a), Some(b)) if a != b => Some(if is_jump(a, b) { Kind::Jump } else { Kind::Price }),
        (None, Some(_)) | (Some(_), None) => Some(Kind::Price),
        _ => (old != new).then_some(Kind::Size),
    }
}

/// Whether two prices' odds a/b and c/d are more than a [`JUMP`]th of the smaller apart. Odds whose products
/// do not fit have 19 digits: nobody shows such, so they count as a jump.
fn is_jump(old: Price, new: Price) -> bool {
    let (old, new) = (old.decimal_odds().ratio(), new.decimal_odds().ratio());
    let products = old.num().checked_mul(new.den()).zip(new.num().checked_mul(old.den()));
    let Some((a, b)) = products else { return true };
    (a - b).abs().checked_mul(JUMP).is_none_or(|apart| apart > a.min(b))
}
