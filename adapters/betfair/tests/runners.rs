//! Which runners can win a market: that the list is proven complete, and when it is not.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what is wrong by failing

use antigravity_adapter_betfair::Betfair;
use antigravity_sdk::testing::{Input, Session};

fn feed(session: &mut Session<Betfair>, entry: &str) {
    let body = format!(r#"{{"op":"mcm","id":2,"clk":"AAAA","mc":[{{"id":"1.7",{entry}}}]}}"#);
    session.feed(Input { endpoint: "stream", body: &body, ..Input::default() });
}

/// A definition that names each runner with its status.
fn definition(runners: &[(u32, &str)]) -> String {
    let runners: Vec<String> =
        runners.iter().map(|(id, status)| format!(r#"{{"id":{id},"status":"{status}"}}"#)).collect();
    format!(
        r#""marketDefinition":{{"bettingType":"ODDS","marketType":"WIN","eventId":"555","eventTypeId":"4339","eventName":"Crayford","marketTime":"2026-05-03T19:12:00.000Z","inPlay":false,"status":"OPEN","runners":[{}]}}"#,
        runners.join(",")
    )
}

const PRICE: &str = r#""rc":[{"id":11,"atb":[[3,10]]}]"#;

fn started(runners: &[(u32, &str)]) -> Session<Betfair> {
    let mut session = Session::default();
    feed(&mut session, &format!(r#""img":true,{},{PRICE}"#, definition(runners)));
    session
}

#[test]
fn an_image_proves_all_that_are_active() {
    let session = started(&[(11, "ACTIVE"), (12, "ACTIVE"), (13, "REMOVED")]);
    assert_eq!(session.outcomes("1.7").unwrap(), ["11", "12"], "also the one without a price");
}

#[test]
fn a_later_definition_changes_the_list() {
    let mut session = started(&[(11, "ACTIVE"), (12, "ACTIVE")]);
    feed(&mut session, &definition(&[(11, "ACTIVE"), (12, "REMOVED")]));
    assert_eq!(session.outcomes("1.7").unwrap(), ["11"]);
    feed(&mut session, &definition(&[(11, "ACTIVE"), (12, "ACTIVE"), (14, "ACTIVE")]));
    assert_eq!(session.outcomes("1.7").unwrap(), ["11", "12", "14"], "back without a price, and a new one");
}

#[test]
fn the_next_image_says_it_anew() {
    let mut session = started(&[(11, "ACTIVE"), (12, "ACTIVE"), (13, "ACTIVE")]);
    feed(&mut session, &format!(r#""img":true,{},{PRICE}"#, definition(&[(11, "ACTIVE"), (13, "ACTIVE")])));
    assert_eq!(session.outcomes("1.7").unwrap(), ["11", "13"]);
}

#[test]
fn without_an_image_nothing_is_proven() {
    let mut session = Session::default();
    feed(&mut session, &format!("{},{PRICE}", definition(&[(11, "ACTIVE"), (12, "ACTIVE")])));
    assert_eq!(session.outcomes("1.7"), None);
}
