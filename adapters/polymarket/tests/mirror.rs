//! Two tokens that pay 1 between them: the book of one is the mirror of the other's.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what is wrong by failing

mod common;

use antigravity_sdk::testing::Session;
use common::{book, change, event, feed, market, shown};
use proptest::prelude::*;

fn hundredths(cents: u32) -> String {
    format!("0.{cents:02}")
}

/// A book of bids below and asks above 50, as cents and sizes.
fn levels() -> impl Strategy<Value = Vec<(u32, u32)>> {
    prop::collection::btree_map(1u32..100, 1u32..500, 0..12).prop_map(|levels| levels.into_iter().collect())
}

proptest! {
    #[test]
    fn one_book_or_both_say_the_same(levels in levels(), changes in prop::collection::vec((1u32..100, 0u32..500), 0..20)) {
        let side = |cents: u32| if cents < 50 { "BUY" } else { "SELL" };
        let texts: Vec<_> = levels.iter().map(|(c, s)| (*c, hundredths(*c), s.to_string(), hundredths(100 - c))).collect();
        let pick = |below: bool, mirrored: bool| -> Vec<(&str, &str)> {
            let of_side = texts.iter().filter(|(cents, ..)| (*cents < 50) == below);
            of_side.map(|(_, p, s, m)| (if mirrored { m.as_str() } else { p.as_str() }, s.as_str())).collect()
        };
        let yes = book("1", &pick(true, false), &pick(false, false), "1");
        let no = book("2", &pick(false, true), &pick(true, true), "1");
        let names = event("7", &market("0xaa", r#"["Yes", "No"]"#, &["1", "2"], ""));
        let (mut one, mut both) = (Session::default(), Session::default());
        for session in [&mut one, &mut both] {
            feed(session, "events", &names);
            feed(session, "stream", &yes);
        }
        feed(&mut both, "stream", &no);
        prop_assert_eq!(shown(&one), shown(&both));
        for (cents, size) in changes {
            let (size, other) = (size.to_string(), if side(cents) == "BUY" { "SELL" } else { "BUY" });
            let yes = change("1", side(cents), &hundredths(cents), &size, None);
            feed(&mut one, "stream", &yes);
            feed(&mut both, "stream", &yes);
            feed(&mut both, "stream", &change("2", other, &hundredths(100 - cents), &size, None));
            prop_assert_eq!(shown(&one), shown(&both));
        }
    }
}
