//! Which messages replace what, and when what stands can be trusted.

use crate::support::{EVENTS, MARKETS, Page, add, change, event, remove, total};
use antigravity_sdk::{Fate, Reason};
use serde_json::{Value, json};

const NONE: [String; 0] = [];

fn both(events: &Value, markets: &Value) -> Value {
    json!({"events": events, "markets": markets})
}

fn price(id: u64, malay: f64) -> Value {
    json!({"marketId": id, "selections": [{"key": "h", "oddsPrice": {"malayPrice": malay}}]})
}

#[test]
fn initial_data_is_the_whole_of_its_stream() {
    let mut page = Page::default();
    assert!(page.markets(1, &add(&[total(70), total(71)])).snapshot_complete);
    page.markets(0, &add(&[total(72)]));
    assert_eq!(page.standing(), ["70", "71", "72"]);
    page.markets(0, &remove(&[70]));
    assert_eq!(page.standing(), ["71", "72"]);
    let reading = page.tell(MARKETS, 2, 1, &json!({"markets": add(&[total(72)])}));
    assert!(reading.snapshot_complete);
    assert_eq!(page.standing(), ["72"]);
}

#[test]
fn initial_data_in_several_messages_adds_up() {
    let mut page = Page::default();
    page.markets(1, &add(&[total(70)]));
    assert!(!page.markets(1, &add(&[total(71)])).snapshot_complete);
    assert_eq!(page.standing(), ["70", "71"]);
}

#[test]
fn a_reset_makes_stale_until_the_data_came_again() {
    let mut page = Page::default();
    page.markets(1, &add(&[total(70), total(71)]));
    page.body(MARKETS, 1, &json!({"status": 3, "message": "Reset", "payload": null}));
    assert_eq!(page.standing(), ["70!", "71!"]);
    page.markets(0, &change(&[price(70, 0.5)]));
    assert_eq!(page.standing(), ["70!", "71!"]);
    page.markets(1, &add(&[total(71)]));
    assert_eq!(page.standing(), ["71"]);
}

#[test]
fn a_new_connection_goes_on_where_the_old_one_ended() {
    let mut page = Page::default();
    page.markets(1, &add(&[total(70), total(71)]));
    let reading = page.tell(MARKETS, 2, 0, &json!({"markets": change(&[price(70, 0.5)])}));
    assert_eq!(reading.rows.iter().filter(|row| row.starts_with("price")).count(), 4, "all are fed by it");
    assert_eq!(page.standing(), ["70", "71"]);
    assert_eq!(page.quotes()[0], "70 total full-time 2.5 over back 1 open malay 0.5 -");
}

#[test]
fn changes_without_a_beginning_are_stale() {
    let mut page = Page::default();
    let reading = page.markets(0, &add(&[total(70)]));
    assert_eq!((reading.fate, reading.snapshot_complete), (Fate::Parsed, false));
    assert_eq!(page.standing(), ["70!"]);
    let reading = page.markets(0, &change(&[price(99, 0.5), price(70, 0.5)]));
    assert_eq!(
        (reading.bad_rows, reading.detail.as_str()),
        (1, "a change of a market that was not told before")
    );
    page.markets(1, &add(&[total(70)]));
    assert_eq!(page.standing(), ["70"]);
}

#[test]
fn a_change_that_does_not_say_of_what_makes_all_stale() {
    for lost in [change(&[json!({"marketStatus": "suspend"})]), json!({"remove": ["?"]}), change(&[json!(7)])]
    {
        let mut page = Page::default();
        page.markets(1, &add(&[total(70), total(71)]));
        let mut payload = lost;
        payload["add"] = json!([total(72)]);
        let reading = page.markets(0, &payload);
        assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 1));
        assert_eq!(page.standing(), ["70!", "71!", "72!"]);
    }
}

#[test]
fn a_market_stands_as_long_as_one_stream_carries_it() {
    let other = "https://odds.example/sports/stream/v1/GetMarkets?query=$filter=eventid eq 5001";
    let mut page = Page::default();
    page.markets(1, &add(&[total(70), total(71)]));
    let reading = page.tell(other, 2, 1, &json!({"markets": add(&[total(70)])}));
    assert!(!reading.snapshot_complete, "the first stream is not in it");
    page.markets(0, &remove(&[70, 71]));
    assert_eq!(page.standing(), ["70"]);
    page.tell(other, 3, 1, &json!({"markets": add(&[])}));
    assert_eq!(page.standing(), NONE);
}

#[test]
fn host_and_token_do_not_make_another_stream() {
    let mut page = Page::default();
    page.markets(1, &add(&[total(70), total(71)]));
    let again = MARKETS.replace("odds.example", "odds2.example").replace("token=S1", "Token=S2");
    assert!(page.tell(&again, 2, 1, &json!({"markets": add(&[total(71)])})).snapshot_complete);
    assert_eq!(page.standing(), ["71"]);
}

#[test]
fn an_event_names_its_markets_before_or_after_them() {
    let named = "id=5001 sport=soccer competition=Test League title=- home=Home FC away=Away FC score=- start=1773500400000000000 in_play=false";
    let mut page = Page::default();
    let reading = page.tell(EVENTS, 1, 1, &both(&add(&[event(5001)]), &add(&[total(70)])));
    assert!(
        reading.rows.iter().any(|row| row.starts_with("event 0") && row.ends_with(named)),
        "{:?}",
        reading.rows
    );
    assert!(reading.snapshot_complete);
    let mut page = Page::default();
    let reading = page.markets(1, &add(&[total(70)]));
    assert!(
        reading
            .rows
            .iter()
            .any(|row| row.contains("id=5001 sport=soccer competition=- title=- home=- away=-"))
    );
    let reading = page.tell(EVENTS, 2, 1, &both(&add(&[event(5001)]), &json!(null)));
    assert!(
        reading.rows.iter().any(|row| row.starts_with("event 0") && row.ends_with(named)),
        "{:?}",
        reading.rows
    );
}

#[test]
fn a_running_event_has_a_score() {
    let mut page = Page::default();
    page.tell(EVENTS, 1, 1, &both(&add(&[event(5001)]), &add(&[total(70)])));
    let goal = json!({"eventId": 5001, "isLive": true, "gameInfo": {"liveHomeScore": 1}});
    let reading = page.tell(EVENTS, 1, 0, &both(&change(&[goal]), &json!({})));
    assert!(reading.rows[0].contains("home=Home FC away=Away FC score=1-0"), "{:?}", reading.rows);
    assert!(reading.rows[0].ends_with("in_play=true"));
}

#[test]
fn an_event_that_is_over_or_no_match_takes_its_markets_along() {
    for gone in [
        json!({"eventId": 5001, "eventStatus": "closed"}),
        json!({"eventId": 5001, "isTest": true}),
        json!({"eventId": 5001, "isVirtualEvent": true}),
        json!({"eventId": 5001, "sportType": 2}),
    ] {
        let mut page = Page::default();
        page.tell(EVENTS, 1, 1, &both(&add(&[event(5001)]), &add(&[total(70)])));
        page.tell(EVENTS, 1, 0, &both(&change(&[gone]), &json!({})));
        assert_eq!(page.standing(), NONE);
        page.tell(EVENTS, 1, 0, &both(&add(&[event(5001)]), &json!({})));
        assert_eq!(page.standing(), ["70"]);
        page.tell(EVENTS, 1, 0, &both(&remove(&[5001]), &json!({})));
        assert_eq!(page.standing(), NONE);
    }
}

#[test]
fn an_event_that_a_beginning_brings_back_brings_none_of_its_old_markets() {
    let mut page = Page::default();
    page.tell(EVENTS, 1, 1, &both(&add(&[event(5001)]), &add(&[total(70), total(71)])));
    let over = json!({"eventId": 5001, "eventStatus": "postponed"});
    page.tell(EVENTS, 1, 0, &both(&change(&[over]), &json!({})));
    let reading = page.tell(EVENTS, 2, 1, &both(&add(&[event(5001)]), &add(&[total(71)])));
    assert!(reading.snapshot_complete);
    assert_eq!(page.standing(), ["71"]);
    page.tell(EVENTS, 2, 0, &both(&json!({}), &change(&[price(71, 0.5)])));
    assert_eq!(page.standing(), ["71"]);
}

#[test]
fn an_unreadable_event_is_a_bad_row_and_keeps_what_was_known() {
    let mut page = Page::default();
    page.tell(EVENTS, 1, 1, &both(&add(&[event(5001)]), &add(&[total(70)])));
    let reading = page.tell(
        EVENTS,
        1,
        0,
        &both(&change(&[json!({"eventId": 5001, "kickOffTime": "soon"})]), &change(&[price(70, 0.5)])),
    );
    assert_eq!(
        (reading.fate, reading.bad_rows, reading.detail.as_str()),
        (Fate::Parsed, 1, "a `kickOffTime` that is no time")
    );
    assert_eq!(page.quotes()[0], "70 total full-time 2.5 over back 1 open malay 0.5 -");
}

#[test]
fn what_is_no_message_is_refused() {
    let mut page = Page::default();
    page.markets(1, &add(&[total(70)]));
    for (body, reason) in [
        (json!({"payload": {}}), Reason::MissingField),
        (json!({"status": 0, "payload": null}), Reason::MissingField),
        (json!({"status": 99, "message": "System under maintenance", "payload": {}}), Reason::BadValue),
    ] {
        let reading = page.body(MARKETS, 1, &body);
        assert_eq!((reading.fate, reading.reason), (Fate::Rejected, reason), "{body}");
        assert_eq!(page.standing(), ["70!"]);
    }
}

#[test]
fn a_status_in_quotes_is_a_status() {
    let mut page = Page::default();
    page.body(MARKETS, 1, &json!({"status": "1", "payload": {"markets": add(&[total(70)])}}));
    assert_eq!(page.standing(), ["70"]);
}

#[test]
fn a_lost_message_is_made_good_by_initial_data() {
    let mut page = Page::default();
    page.markets(1, &add(&[total(70)]));
    page.session.lose();
    page.markets(0, &change(&[price(70, 0.5)]));
    assert_eq!(page.standing(), ["70!"]);
    page.tell(MARKETS, 2, 1, &json!({"markets": add(&[total(70)])}));
    assert_eq!(page.standing(), ["70"]);
}
