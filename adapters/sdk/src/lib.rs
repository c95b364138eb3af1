//! What an adapter is written with.
//!
//! An adapter implements [`Adapter`] and ends with [`export!`]. It gets packets that are already
//! redacted, routed and tokenised, walks them with [`Value`], and says what it read on a [`Sheet`].
//!
//! ```
//! use antigravity_sdk::prelude::*;
//!
//! /// `{"id":1,"home":"…","away":"…","odds":[1.9,2.0]}`
//! #[derive(Default)]
//! struct Book { event: EventPlace, line: LinePlace }
//!
//! const KEYS: [Key; 4] = [Key::new("id"), Key::new("home"), Key::new("away"), Key::new("odds")];
//!
//! impl Adapter for Book {
//!     fn contract() -> Contract {
//!         contract("book", "0.1.0", Profile::AutoPush)
//!             .prices(&[PriceFormat::Decimal])
//!             .endpoint(http("odds", "/api/odds").schema(r#"{"type":"object","required":["id"]}"#))
//!     }
//!
//!     fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
//!         let [id, home, away, odds] = packet.json()?.fields(KEYS);
//!         let id = id.and_then(Value::text).ok_or(missing("id"))?;
//!         let event = self.event.show(sheet, &EventInfo {
//!             id: &id,
//!             sport: Some("soccer"),
//!             home: home.and_then(Value::str).as_deref(),
//!             away: away.and_then(Value::str).as_deref(),
//!             ..EventInfo::default()
//!         });
//!         let line = self.line.show(sheet, event, &LineSpec::new(&id, Market::Moneyline, Period::FULL_TIME));
//!         let odds = odds.ok_or(missing("odds"))?;
//!         for (i, selection) in [Selection::Home, Selection::Away].into_iter().enumerate() {
//!             sheet.offer(line, selection, PriceFormat::Decimal, odds.at(i).and_then(Value::decimal));
//!         }
//!         Ok(Outcome::Parsed)
//!     }
//! }
//! ```

mod contract;
mod drive;
mod json;
mod ladder;
pub mod line;
#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
pub mod native;
mod packet;
mod place;
mod sheet;
#[cfg(feature = "testing")]
pub mod testing;
pub mod time;

#[doc(hidden)]
pub mod bindings {
    #![allow(
        missing_debug_implementations,
        unsafe_op_in_unsafe_fn,
        clippy::all,
        clippy::undocumented_unsafe_blocks
    )]
    wit_bindgen::generate!({
        path: "../../wit/0.2",
        world: "adapter",
        pub_export_macro: true,
        export_macro_name: "export_component",
        default_bindings_module: "antigravity_sdk::bindings",
    });
}

pub use bindings::exports::antigravity::adapter::decoder as wit;

pub use antigravity_abi::codes::PeriodKind;
pub use antigravity_abi::{Decimal, Fate, Market, Period, PriceFormat, Reason, Selection, Side, Status};
pub use antigravity_tape::{Figure, Flat, Key, Kind, Value};
pub use contract::{Endpoint, contract, http, sse, websocket};
pub use drive::{Adapter, Outcome, Rejection, Worker, bad, missing, reject};
pub use json::Json;
pub use ladder::Ladder;
pub use packet::{Packet, form_value};
pub use place::{Depth, EventPlace, LinePlace, Seen};
pub use sheet::{Event, EventInfo, Line, LineSpec, Sheet, scope_of};
pub use wit::{Activation, Content, Contract, Framing, HandicapBasis, Level, Profile};

/// Everything an adapter needs, for one `use`.
pub mod prelude {
    pub use crate::{
        Adapter, Content, Contract, Decimal, Event, EventInfo, EventPlace, Flat, Framing, Json, Key, Kind,
        Line, LinePlace, LineSpec, Market, Outcome, Packet, Period, PriceFormat, Profile, Reason, Rejection,
        Seen, Selection, Sheet, Side, Status, Value, bad, contract, http, missing, reject, sse, websocket,
    };
}

/// Makes the component's exports out of an [`Adapter`].
#[macro_export]
macro_rules! export {
    ($adapter:ty) => {
        /// The adapter as a program of this machine, for `antigravity adapter fuzz`.
        #[cfg(not(target_arch = "wasm32"))]
        #[doc(hidden)]
        pub fn antigravity_native() -> ::std::process::ExitCode {
            $crate::native::serve::<$adapter>()
        }

        const _: () = {
            struct Component;

            thread_local! {
                static WORKER: ::std::cell::RefCell<$crate::Worker<$adapter>> =
                    ::std::cell::RefCell::new($crate::Worker::default());
            }

            impl $crate::wit::Guest for Component {
                fn describe() -> $crate::Contract {
                    <$adapter as $crate::Adapter>::contract()
                }

                fn parse(input: $crate::wit::Batch) -> $crate::wit::Answer {
                    WORKER.with_borrow_mut(|worker| worker.parse(&input.bytes, &input.tape, &input.packets))
                }
            }

            #[cfg(target_arch = "wasm32")]
    $crate::bindings::export_component!(Component with_types_in $crate::bindings);
        };
    };
}
