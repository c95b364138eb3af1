//! Traffic of simulated sportsbooks in the wire shapes of the real ones, with the known truth.
//!
//! One hidden [`World`] of matches with true chances is priced by a desk per account and
//! provider, with its own margin and opinion, and written by that provider's [`Book`] in its own
//! format. Books differ, so opportunities come and go. A book knows at any moment what a perfect
//! reader of its packets would hold ([`Book::expected`]), faults in the traffic included.
//!
//! **Invariants.** Everything follows from a seed: no clock, no global randomness, and only
//! arithmetic that is equal on every machine. Nothing is shared with any adapter, so that agreement
//! of the two means something. The traffic is never held in memory: a book keeps its own rows and
//! the few packets on their way.
//!
//! What the wire's description leaves open is settled so:
//! * a suspended quote has no price; a market that a row does not have (CMD368: `null`; AFB88: line
//!   and prices all 0) does not stand at all; one with a line and no prices is suspended;
//! * CMD368's 1X2 is not there while the row hides it, `market_id` is `<event>-<market>`, and a
//!   reply with `a` false marks its quotes with [`ExpectedQuote::gap`];
//! * a kick-off that was told before a match ran stays known while it runs; ISPORT tells the score in
//!   `livehomescore` and `liveawayscore`, its first packet under a new token withdraws all, and a frame
//!   that cannot be read marks what its socket told with [`ExpectedQuote::gap`];
//! * of a suspended Betfair market three levels stand without a price, of a closed one none.

mod afb88;
mod betfair;
mod book;
mod chances;
mod cmd368;
mod desk;
mod faults;
mod fixtures;
mod isport;
mod price;
mod quote;
mod random;
mod scenario;
mod traffic;
mod world;

pub use betfair::{BetfairStream, Frames, Shape};
pub use book::{Book, Provider};
pub use faults::{Plan, Switch, Trap, When};
pub use fixtures::{DEMO, Fixture};
pub use quote::ExpectedQuote;
pub use scenario::{Scenario, Settings};
pub use traffic::Traffic;
pub use world::{Event, Half, Phase, World};
