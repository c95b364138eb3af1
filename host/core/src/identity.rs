//! Identity: which names and events of several providers are one.
//!
//! Two providers' events are one when sport, competition, both teams and the minute of kick-off are
//! known and equal, in normal form and after confirmed aliases, or when a person linked them. Never
//! by likeness: that only makes suggestions.

mod alias;
mod event;
mod group;
mod marks;
mod name;
mod proposal;
mod shape;
mod standing;
mod suggest;
#[cfg(test)]
mod tests;

pub use alias::{Alias, AliasBook, AliasError, Confirmation, EventRef, Link, NameRef, Rejection};
pub use event::EventFacts;
pub use group::{Alone, EventNode, Group, Identity, Unresolved};
pub use marks::{Marks, Reserve};
pub use name::{Kind, LONGEST, Name, NameError, normalise};
pub use proposal::{Answer, KnownEvent, Proposal};
pub use standing::Standing;
pub use suggest::{SHOWN, Suggestion, similarity};
