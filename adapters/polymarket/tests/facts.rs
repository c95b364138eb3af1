//! What Gamma, the CLOB and the market WebSocket say, fact by fact.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what is wrong by failing

mod common;

use antigravity_adapter_polymarket::Polymarket;
use antigravity_sdk::Fate;
use antigravity_sdk::testing::Session;
use antigravity_sdk::{Adapter, Reason};
use common::{book, change, event, feed, market, shown};

const YES: &str = "1001";
const NO: &str = "1002";

fn names() -> String {
    event("77", &market("0xaa", r#"["Yes", "No"]"#, &[YES, NO], ""))
}

fn full(token: &str) -> String {
    book(
        token,
        &[("0.40", "10"), ("0.41", "20.5"), ("0.42", "7"), ("0.43", "3")],
        &[("0.99", "5"), ("0.45", "8")],
        "100",
    )
}

const QUOTED: [&str; 5] = [
    "binary yes back 1 open 0.45@8",
    "binary yes back 2 open 0.99@5",
    "binary yes lay 1 open 0.43@3",
    "binary yes lay 2 open 0.42@7",
    "binary yes lay 3 open 0.41@20.5",
];
const MIRRORED: [&str; 5] = [
    "binary no back 1 open 0.57@3",
    "binary no back 2 open 0.58@7",
    "binary no back 3 open 0.59@20.5",
    "binary no lay 1 open 0.55@8",
    "binary no lay 2 open 0.01@5",
];

fn both() -> Vec<&'static str> {
    [QUOTED, MIRRORED].concat()
}

#[test]
fn the_contract_says_what_the_host_needs() {
    let contract = Polymarket::contract();
    assert_eq!((contract.provider.as_str(), contract.stale_after_ms), ("polymarket", 30_000));
    for endpoint in &contract.endpoints {
        if let Some(schema) = &endpoint.schema {
            let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
            assert!(schema.is_object(), "{}", endpoint.name);
        }
        assert!(endpoint.path.starts_with("**/"), "hosts rotate");
    }
}

#[test]
fn nothing_is_quoted_until_gamma_names_the_tokens() {
    let mut session = Session::default();
    let reading = feed(&mut session, "stream", &full(YES));
    assert_eq!((reading.fate, reading.rows.len()), (Fate::Parsed, 0));
    feed(&mut session, "stream", &change(YES, "BUY", "0.44", "2", None));
    assert_eq!(shown(&session), Vec::<String>::new());
    let reading = feed(&mut session, "events", &names());
    assert_eq!(reading.fate, Fate::Parsed);
    assert!(reading.rows[0].starts_with(
        "event 0 id=77 sport=- competition=- title=Will it rain? home=- away=- score=- start=- in_play=false"
    ));
    assert_eq!(
        shown(&session)[..3],
        ["binary yes back 1 open 0.45@8", "binary yes back 2 open 0.99@5", "binary yes lay 1 open 0.44@2"]
    );
    let quote = session.quotes().next().unwrap();
    assert_eq!(
        (quote.event_id.as_str(), quote.market_id.as_str(), quote.period.to_string().as_str()),
        ("77", "0xaa", "match")
    );
}

#[test]
fn a_token_without_a_book_takes_the_mirror_of_its_partner() {
    let mut session = Session::default();
    feed(&mut session, "events", &names());
    feed(&mut session, "stream", &full(YES));
    assert_eq!(shown(&session), both());
    // Its own book goes before the mirror.
    feed(&mut session, "stream", &book(NO, &[("0.5", "1")], &[("0.6", "2")], "101"));
    let own = ["binary no back 1 open 0.6@2", "binary no lay 1 open 0.5@1"];
    assert_eq!(shown(&session), [&QUOTED[..], &own].concat());
    feed(&mut session, "stream", &change(YES, "SELL", "0.45", "0", None));
    assert_eq!(shown(&session)[4..], own);
}

#[test]
fn the_order_of_outcomes_is_not_their_meaning() {
    let mut session = Session::default();
    feed(&mut session, "events", &event("77", &market("0xaa", r#"["No", "Yes"]"#, &[NO, YES], "")));
    feed(&mut session, "stream", &full(YES));
    assert_eq!(shown(&session), both());
    for outcomes in [
        r#"["yes", "no"]"#,
        r#"["Yes", "Yes"]"#,
        r#"["Up", "Down"]"#,
        r#"["Yes, please", "No"]"#,
        r#"["A", "B"]"#,
    ] {
        let mut session = Session::default();
        let reading = feed(&mut session, "events", &event("77", &market("0xaa", outcomes, &[YES, NO], "")));
        assert_eq!(reading.fate, Fate::Parsed, "{outcomes}");
        feed(&mut session, "stream", &full(YES));
        assert_eq!(shown(&session), Vec::<String>::new(), "{outcomes}");
    }
}

#[test]
fn a_change_is_told_in_three_shapes() {
    let new = change(YES, "BUY", "0.43", "0", None);
    let flat = format!(
        r#"{{"event_type":"price_change","market":"0xaa","asset_id":"{YES}","price":"0.43","size":"0","side":"BUY","timestamp":"101"}}"#
    );
    let list = format!(
        r#"{{"event_type":"price_change","market":"0xaa","asset_id":"{YES}","changes":[{{"price":"0.43","size":"0","side":"BUY"}}],"hash":"h","timestamp":"101"}}"#
    );
    for body in [new, flat, list] {
        let mut session = Session::default();
        feed(&mut session, "events", &names());
        feed(&mut session, "stream", &full(YES));
        let reading = feed(&mut session, "stream", &body);
        assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0), "{body}");
        assert_eq!(
            shown(&session)[2..5],
            [
                "binary yes lay 1 open 0.42@7",
                "binary yes lay 2 open 0.41@20.5",
                "binary yes lay 3 open 0.40@10"
            ],
            "{body}"
        );
        assert_eq!(shown(&session)[5], "binary no back 1 open 0.58@7", "{body}");
    }
}

#[test]
fn a_size_is_a_new_total_and_sell_is_an_ask() {
    let mut session = Session::default();
    feed(&mut session, "events", &names());
    feed(&mut session, "stream", &full(YES));
    let reading = feed(&mut session, "stream", &change(YES, "SELL", "0.45", "1.5", None));
    assert_eq!(
        reading.rows,
        [
            "price line=0 yes back 1 open probability 0.45 size=1.5",
            "price line=0 no lay 1 open probability 0.55 size=1.5"
        ]
    );
    let reading = feed(&mut session, "stream", &change(YES, "BUY", "0.39", "500", None));
    assert_eq!(reading.rows, Vec::<String>::new(), "the fourth level is not quoted");
}

#[test]
fn changes_of_both_tokens_in_one_event() {
    let mut session = Session::default();
    feed(&mut session, "events", &names());
    feed(&mut session, "stream", &full(YES));
    let both = format!(
        r#"{{"event_type":"price_change","market":"0xaa","timestamp":"101","price_changes":[
        {{"asset_id":"{YES}","price":"0.44","size":"6","side":"BUY","hash":"a","best_bid":"0.44","best_ask":"0.45"}},
        {{"asset_id":"{NO}","price":"0.56","size":"6","side":"SELL","hash":"b","best_bid":"0.55","best_ask":"0.56"}}]}}"#
    );
    feed(&mut session, "stream", &both);
    assert_eq!(shown(&session)[2], "binary yes lay 1 open 0.44@6");
    assert_eq!(shown(&session)[5], "binary no back 1 open 0.56@6");
    assert!(session.quotes().all(|quote| !quote.stale));
}

#[test]
fn a_frame_may_be_a_list_of_events() {
    let mut session = Session::default();
    feed(&mut session, "events", &names());
    let frame = format!("[{},{}]", full(YES), book(NO, &[("0.55", "8")], &[("0.57", "3")], "100"));
    feed(&mut session, "stream", &frame);
    assert_eq!(shown(&session).len(), 7);
}

#[test]
fn what_says_nothing_of_books_is_noise() {
    let mut session = Session::default();
    feed(&mut session, "events", &names());
    feed(&mut session, "stream", &full(YES));
    let noise = [
        r#"{"event_type":"tick_size_change","market":"0xaa","asset_id":"1001","old_tick_size":"0.01","new_tick_size":"0.001","timestamp":"1"}"#,
        r#"{"event_type":"last_trade_price","market":"0xaa","asset_id":"1001","price":"0.45","side":"BUY","size":"2","fee_rate_bps":"0","timestamp":"1"}"#,
        r#"{"event_type":"best_bid_ask","market":"0xaa","asset_id":"1001","best_bid":"0.1","best_ask":"0.2","spread":"0.1","timestamp":"1"}"#,
        r#"{"event_type":"new_market","id":"9","question":"?","market":"0xbb","assets_ids":["1","2"],"outcomes":["Yes","No"],"timestamp":"1"}"#,
    ];
    let together = format!("[{}]", noise.join(","));
    for body in noise.into_iter().chain([together.as_str()]) {
        let reading = feed(&mut session, "stream", body);
        assert_eq!(
            (reading.fate, reading.reason, reading.rows.len()),
            (Fate::Ignored, Reason::Noise, 0),
            "{body}"
        );
    }
    assert_eq!(shown(&session), both());
    let contract = Polymarket::contract();
    let pong = contract.endpoints.iter().find(|endpoint| endpoint.name == "pong").unwrap();
    assert!(pong.texts.iter().any(|text| text == "[]") && pong.texts.iter().any(|text| text == "PONG"));
}

#[test]
fn a_book_of_the_clob_is_a_snapshot_unless_it_is_older() {
    let mut session = Session::default();
    feed(&mut session, "events", &names());
    let reading = feed(&mut session, "book", &full(YES));
    assert_eq!(reading.fate, Fate::Parsed);
    assert_eq!(shown(&session), both());
    feed(&mut session, "stream", &change(YES, "SELL", "0.45", "1", None).replace("\"101\"", "\"200\""));
    let late = book(YES, &[("0.2", "1")], &[("0.3", "1")], "199");
    let reading = feed(&mut session, "book", &late);
    assert_eq!((reading.fate, reading.reason, reading.rows.len()), (Fate::Ignored, Reason::StaleCursor, 0));
    let list = format!("[{late},{}]", book(NO, &[("0.6", "1")], &[("0.7", "1")], "150"));
    assert_eq!(feed(&mut session, "books", &list).fate, Fate::Parsed);
    assert_eq!(shown(&session)[0], "binary yes back 1 open 0.45@1");
    assert_eq!(shown(&session)[5..], ["binary no back 1 open 0.7@1", "binary no lay 1 open 0.6@1"]);
    feed(&mut session, "book", &book(YES, &[("0.2", "1")], &[], "201"));
    assert_eq!(shown(&session)[0], "binary yes lay 1 open 0.2@1");
}

#[test]
fn a_snapshot_states_everything_again() {
    let mut session = Session::default();
    feed(&mut session, "events", &names());
    feed(&mut session, "stream", &full(YES));
    let again = feed(&mut session, "stream", &full(YES));
    assert_eq!(again.rows.len(), 12, "what stands is confirmed, between begin and end");
    let less = feed(&mut session, "stream", &book(YES, &[("0.43", "3")], &[], "102"));
    assert!(less.rows.contains(&"price line=0 yes back 1 removed - size=-".to_owned()));
    assert_eq!(shown(&session), ["binary yes lay 1 open 0.43@3", "binary no back 1 open 0.57@3"]);
}

/// What the host holds back until a snapshot (something was lost on the way) comes back with the books.
#[test]
fn a_market_is_whole_when_each_of_its_books_came_anew() {
    let mut session = Session::default();
    let mut whole = |endpoint: &str, body: &str| {
        let rows = feed(&mut session, endpoint, body).rows;
        let brackets = rows.iter().filter(|row| row.starts_with("snapshot-")).count();
        assert!(brackets == 0 || (brackets == 2 && rows.last().unwrap().starts_with("snapshot-end")));
        brackets == 2
    };
    let other = book(NO, &[("0.56", "2")], &[("0.57", "3")], "101");
    let mut stream = |body: &str| whole("stream", body);
    assert!(!stream(&full(YES)), "nobody has named it");
    assert!(whole("events", &names()), "what came before the names");
    let mut stream = |body: &str| whole("stream", body);
    assert!(stream(&full(YES)), "its partner is its mirror");
    assert!(!stream(&other), "the other one's book is from before");
    assert!(stream(&full(YES)));
    assert!(!stream(&other) && !stream(&change(NO, "BUY", "0.5", "1", None)));
    assert!(!stream(&full(YES)), "a change that was not lost came after the other book");
    assert!(stream(&other));
}

#[test]
fn a_best_price_that_disagrees_is_a_gap_until_the_next_book() {
    let mut session = Session::default();
    feed(&mut session, "events", &names());
    feed(&mut session, "stream", &full(YES));
    feed(&mut session, "stream", &change(YES, "BUY", "0.01", "9", Some(("h1", "0.43", "0.45"))));
    assert!(session.quotes().all(|quote| !quote.stale));
    // Somebody else's bid at 0.44 was missed.
    feed(&mut session, "stream", &change(YES, "BUY", "0.01", "8", Some(("h2", "0.44", "0.45"))));
    assert!(session.quotes().all(|quote| quote.stale));
    // Agreeing later does not tell what was missed in between.
    feed(&mut session, "stream", &change(YES, "BUY", "0.44", "1", Some(("h3", "0.44", "0.45"))));
    assert!(session.quotes().all(|quote| quote.stale));
    feed(&mut session, "stream", &full(YES));
    assert!(session.quotes().all(|quote| !quote.stale));
    assert_eq!(shown(&session), both());
}

#[test]
fn one_change_told_in_several_frames_settles_by_itself() {
    let mut session = Session::default();
    feed(&mut session, "events", &names());
    feed(&mut session, "stream", &full(YES));
    // A sweep of two bids: every frame bears the hash and the best prices of the book after it.
    feed(&mut session, "stream", &change(YES, "BUY", "0.43", "0", Some(("h", "0.41", "0.45"))));
    assert!(session.quotes().all(|quote| quote.stale));
    feed(&mut session, "stream", &change(YES, "BUY", "0.42", "0", Some(("h", "0.41", "0.45"))));
    assert!(session.quotes().all(|quote| !quote.stale));
    assert_eq!(shown(&session)[2..4], ["binary yes lay 1 open 0.41@20.5", "binary yes lay 2 open 0.40@10"]);
    // The same hash again is another change, not a duplicate.
    feed(&mut session, "stream", &change(YES, "BUY", "0.41", "19", Some(("h", "0.41", "0.45"))));
    assert_eq!(shown(&session)[2], "binary yes lay 1 open 0.41@19");
}

#[test]
fn an_empty_side_is_stated_as_zero_one_or_nothing() {
    for (bid, ask) in [("0", "1"), ("0", "0"), ("", "")] {
        let mut session = Session::default();
        feed(&mut session, "events", &names());
        feed(&mut session, "stream", &book(YES, &[("0.4", "1")], &[], "100"));
        feed(&mut session, "stream", &change(YES, "BUY", "0.4", "0", Some(("h", bid, ask))));
        assert_eq!(shown(&session), Vec::<String>::new());
        feed(&mut session, "stream", &change(YES, "BUY", "0.4", "1", Some(("i", "0.4", ask))));
        assert!(session.quotes().all(|quote| !quote.stale), "{bid:?} {ask:?}");
    }
}

#[test]
fn a_resolved_market_is_gone_for_good() {
    let mut session = Session::default();
    feed(&mut session, "events", &names());
    feed(&mut session, "stream", &full(YES));
    let resolved = r#"{"event_type":"market_resolved","id":"9","market":"0xaa","assets_ids":["1001","1002"],"winning_asset_id":"1001","winning_outcome":"Yes","timestamp":"1"}"#;
    assert_eq!(feed(&mut session, "stream", resolved).fate, Fate::Parsed);
    assert_eq!(shown(&session), Vec::<String>::new());
    feed(&mut session, "stream", &full(YES));
    feed(&mut session, "events", &names());
    assert_eq!(shown(&session), Vec::<String>::new());
}

#[test]
fn books_of_what_was_never_named_are_dropped_with_their_market() {
    let resolved = r#"{"event_type":"market_resolved","market":"0xaa","assets_ids":["1001","1002"]}"#;
    let closed = event("77", &market("0xaa", r#"["Yes", "No"]"#, &[YES, NO], r#","closed":true"#));
    for (endpoint, over) in [("stream", resolved), ("events", closed.as_str())] {
        let mut session = Session::default();
        feed(&mut session, "stream", &full(YES));
        feed(&mut session, "stream", &full("3"));
        assert_eq!(feed(&mut session, endpoint, over).fate, Fate::Parsed);
        feed(&mut session, "events", &names());
        assert_eq!(shown(&session), Vec::<String>::new(), "{endpoint}");
        feed(&mut session, "events", &event("78", &market("0xbb", r#"["Yes", "No"]"#, &["3", "4"], "")));
        assert_eq!(shown(&session), both(), "{endpoint}: another market's book stays");
    }
}

#[test]
fn of_the_books_without_a_name_the_one_told_of_longest_ago_goes() {
    let mut session = Session::default();
    for token in 0..1024 {
        feed(&mut session, "stream", &full(&token.to_string()));
    }
    feed(&mut session, "stream", &change("0", "BUY", "0.43", "9", None));
    for token in ["2000", "2001"] {
        feed(&mut session, "stream", &full(token));
    }
    // Changes of a book that went are passed over.
    feed(&mut session, "stream", &change("1", "BUY", "0.43", "9", None));
    let mut named = |token: &str| {
        let condition = format!("0x{token}");
        feed(
            &mut session,
            "events",
            &event("77", &market(&condition, r#"["Yes", "No"]"#, &[token, "x"], "")),
        );
        session.quotes().any(|quote| quote.market_id == condition)
    };
    assert_eq!(["0", "1", "2", "3", "2000", "2001"].map(&mut named), [true, false, false, true, true, true]);
    // Those that were named since leave room.
    feed(&mut session, "stream", &full("3000"));
    let quoted = |session: &Session<Polymarket>| session.quotes().any(|quote| quote.market_id == "0x4");
    feed(&mut session, "events", &event("77", &market("0x4", r#"["Yes", "No"]"#, &["4", "y"], "")));
    assert!(quoted(&session));
}

#[test]
fn closed_markets_are_gone_and_those_without_orders_suspended() {
    let with = |more: &str| event("77", &market("0xaa", r#"["Yes", "No"]"#, &[YES, NO], more));
    for (more, status) in [
        (r#","acceptingOrders":false"#, Some("suspended")),
        (r#","active":false"#, Some("suspended")),
        (r#","acceptingOrders":true,"active":true"#, Some("open")),
        (r#","closed":true"#, None),
        (r#","archived":true"#, None),
    ] {
        let mut session = Session::default();
        feed(&mut session, "events", &names());
        feed(&mut session, "stream", &full(YES));
        feed(&mut session, "events", &with(more));
        match status {
            Some(status) => {
                let expected: Vec<_> = both().iter().map(|line| line.replace("open", status)).collect();
                assert_eq!(shown(&session), expected, "{more}");
            }
            None => assert_eq!(shown(&session), Vec::<String>::new(), "{more}"),
        }
    }
    // One that was closed before it was ever quoted, with the 0/0 prices of old.
    let mut session = Session::default();
    let old = with(r#","closed":true,"outcomePrices":"[\"0\", \"0\"]""#);
    let reading = feed(&mut session, "events", &old);
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0));
    feed(&mut session, "stream", &full(YES));
    assert_eq!(shown(&session), Vec::<String>::new());
}

#[test]
fn gamma_answers_with_one_with_many_and_with_pages() {
    let one = names();
    let one = one.trim_start_matches('[').trim_end_matches(']');
    let nested = format!(
        r#"{{{},"events":[{{"id":"77","title":"Will it rain?"}}]}}"#,
        market("0xaa", r#"["Yes", "No"]"#, &[YES, NO], "").trim_matches(['{', '}'])
    );
    for (endpoint, body) in [
        ("events", one.to_owned()),
        ("events", format!("[{one}]")),
        ("events", format!(r#"{{"data":[{one}],"pagination":{{"hasMore":false}}}}"#)),
        ("events", format!(r#"{{"events":[{one}],"next_cursor":null}}"#)),
        ("markets", nested.clone()),
        ("markets", format!("[{nested}]")),
        ("markets", format!(r#"{{"markets":[{nested}],"next_cursor":null}}"#)),
    ] {
        let mut session = Session::default();
        let reading = feed(&mut session, endpoint, &body);
        assert_eq!((reading.fate, reading.detail.as_str()), (Fate::Parsed, ""), "{body}");
        feed(&mut session, "stream", &full(YES));
        assert_eq!(shown(&session), both(), "{body}");
        // Polled again it says nothing new.
        assert_eq!(feed(&mut session, endpoint, &body).rows, Vec::<String>::new(), "{body}");
    }
}

#[test]
fn lists_may_be_lists() {
    let mut session = Session::default();
    let body = names()
        .replace(r#""[\"Yes\", \"No\"]""#, r#"["Yes","No"]"#)
        .replace(r#""[\"1001\", \"1002\"]""#, r#"["1001","1002"]"#);
    assert_ne!(body, names());
    feed(&mut session, "events", &body);
    feed(&mut session, "stream", &full(YES));
    assert_eq!(shown(&session), both());
}

#[test]
fn the_least_order_is_the_least_stake() {
    let mut session = Session::<Polymarket>::default();
    feed(
        &mut session,
        "events",
        &event("77", &market("0xaa", r#"["Yes", "No"]"#, &[YES, NO], r#","orderMinSize":5"#)),
    );
    feed(&mut session, "stream", &full(YES));
    let other =
        r#"{"c":"0xaa","t":[{"t":"1001","o":"Yes"},{"t":"1002","o":"No"}],"mos":15,"mts":0.01,"ao":false}"#;
    let reading = feed(&mut session, "clob-markets", other);
    assert_eq!(reading.fate, Fate::Parsed);
    assert!(shown(&session).iter().all(|line| line.contains(" suspended ")));
    assert!(reading.rows.iter().any(|row| row.starts_with("line 0 ")), "{:?}", reading.rows);
}

#[test]
fn the_clob_must_name_tokens_as_gamma_does() {
    let mut session = Session::default();
    feed(&mut session, "events", &names());
    feed(&mut session, "stream", &full(YES));
    let swapped = r#"[{"c":"0xaa","t":[{"t":"1002","o":"Yes"},{"t":"1001","o":"No"}],"ao":false}]"#;
    let reading = feed(&mut session, "clob-markets", swapped);
    assert_eq!((reading.fate, reading.reason), (Fate::Rejected, Reason::Inconsistent));
    assert_eq!(shown(&session), both());
    let unknown = r#"[{"c":"0xbb","t":[{"t":"3","o":"Yes"},{"t":"4","o":"No"}],"ao":false}]"#;
    assert_eq!(feed(&mut session, "clob-markets", unknown).fate, Fate::Ignored);
}

const TEAMS: &str = r#""startTime":"2026-11-21T00:00:00Z","live":true,"tags":[{"slug":"sports"},{"slug":"nba"}],"teams":[{"name":"Boston Celtics","alias":"Celtics","ordering":"away"},{"name":"Detroit Pistons","alias":"Pistons","ordering":"home"}],"#;

#[test]
fn teams_are_a_moneyline_where_their_sides_are_known_and_no_draw_is_possible() {
    let moneyline = r#","sportsMarketType":"moneyline""#;
    let body = event("88", &market("0xcc", r#"["Celtics", "Pistons"]"#, &["7", "8"], moneyline));
    let body = body.replacen(r#""title""#, &format!("{TEAMS}\"title\""), 1);
    let mut session = Session::default();
    let reading = feed(&mut session, "events", &body);
    assert!(
        reading.rows[0].starts_with("event 0 id=88 sport=basketball competition=- title=Will it rain? home=Detroit Pistons away=Boston Celtics score=- start=1795219200000000000 in_play=true"),
        "{}",
        reading.rows[0]
    );
    feed(&mut session, "stream", &book("7", &[("0.4", "1")], &[("0.45", "2")], "1"));
    assert_eq!(
        shown(&session),
        [
            "moneyline home back 1 open 0.6@1",
            "moneyline home lay 1 open 0.55@2",
            "moneyline away back 1 open 0.45@2",
            "moneyline away lay 1 open 0.4@1",
        ]
    );
    // A league whose matches can be drawn, or sides that are not known: kept, never paired.
    for (from, to) in [
        ("nba", "nfl"),
        (r#""ordering":"home""#, r#""ordering":"away""#),
        ("Celtics\",\"ordering", "Celts\",\"ordering"),
    ] {
        let mut session = Session::default();
        assert_ne!(body.replace(from, to), body);
        feed(&mut session, "events", &body.replace(from, to));
        feed(&mut session, "stream", &book("7", &[("0.4", "1")], &[], "1"));
        assert_eq!(
            shown(&session),
            ["other:moneyline Celtics lay 1 open 0.4@1", "other:moneyline Pistons back 1 open 0.6@1"],
            "{to}"
        );
    }
}

#[test]
fn totals_and_spreads_are_kept_with_their_line() {
    let mut session = Session::default();
    let totals =
        market("0xdd", r#"["Over", "Under"]"#, &["7", "8"], r#","sportsMarketType":"totals","line":210.5"#);
    let spreads = market(
        "0xee",
        r#"["Celtics", "Pistons"]"#,
        &["9", "10"],
        r#","sportsMarketType":"spreads","line":"-3.5""#,
    );
    let body =
        event("88", &format!("{totals},{spreads}")).replacen(r#""title""#, &format!("{TEAMS}\"title\""), 1);
    feed(&mut session, "events", &body);
    for (token, at) in [("7", "1"), ("9", "1")] {
        feed(&mut session, "stream", &book(token, &[("0.4", "1")], &[], at));
    }
    assert_eq!(
        shown(&session),
        [
            "other:totals 210.5 over lay 1 open 0.4@1",
            "other:totals 210.5 under back 1 open 0.6@1",
            "other:spreads -3.5 Celtics lay 1 open 0.4@1",
            "other:spreads -3.5 Pistons back 1 open 0.6@1",
        ]
    );
}

#[test]
fn the_start_may_stand_at_the_market() {
    let mut session = Session::<Polymarket>::default();
    let game = market("0xaa", r#"["Yes", "No"]"#, &[YES, NO], r#","gameStartTime":"2026-08-07 00:00:00+00""#);
    let reading = feed(&mut session, "events", &event("77", &game));
    assert!(reading.rows[0].contains(" start=1786060800000000000 "), "{}", reading.rows[0]);
}

#[test]
fn a_market_may_be_named_anew() {
    let mut session = Session::default();
    feed(&mut session, "events", &names());
    feed(&mut session, "stream", &full(YES));
    feed(&mut session, "events", &event("77", &market("0xaa", r#"["Yes", "No"]"#, &[NO, YES], "")));
    let both = both();
    let swapped = both.iter().map(|line| match line.strip_prefix("binary yes") {
        Some(rest) => format!("binary no{rest}"),
        None => line.replacen("binary no", "binary yes", 1),
    });
    let mut swapped: Vec<_> = swapped.collect();
    swapped.rotate_left(5);
    assert_eq!(shown(&session), swapped);
}

#[test]
fn bad_markets_cost_no_good_ones() {
    let good = market("0xaa", r#"["Yes", "No"]"#, &[YES, NO], "");
    let bad = [
        good.replace(r#""conditionId":"0xaa""#, r#""conditionId":7"#),
        good.replace(r#""[\"Yes\", \"No\"]""#, r#""[\"Yes\"""#),
        good.replace(r#""[\"Yes\", \"No\"]""#, r#""[\"Yes\"]""#),
        good.replace(r#""[\"1001\", \"1002\"]""#, r#""[\"1001\", \"1001\"]""#),
        good.replace(r#""[\"1001\", \"1002\"]""#, r#""{}""#),
    ];
    for bad in &bad {
        assert_ne!(*bad, good);
        let mut session = Session::default();
        let reading = feed(&mut session, "events", &event("77", bad));
        assert_eq!((reading.fate, reading.reason), (Fate::Rejected, Reason::MissingField), "{bad}");
        let reading = feed(&mut session, "events", &event("77", &format!("{bad},{good}")));
        assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0), "{bad}");
        feed(&mut session, "stream", &full(YES));
        assert_eq!(shown(&session), both(), "{bad}");
    }
    // Not on the order book: nothing to say.
    let old = good.replace(r#""clobTokenIds":"[\"1001\", \"1002\"]""#, r#""clobTokenIds":"""#);
    assert_eq!(feed(&mut Session::default(), "events", &event("77", &old)).fate, Fate::Parsed);
}

#[test]
fn bad_changes_cost_no_good_ones_and_make_the_market_stale() {
    let bad = [
        r#"{"asset_id":"1001","price":"0.41","size":"1"}"#,
        r#"{"asset_id":"1001","price":"0.41","size":"1","side":"HOLD"}"#,
        r#"{"asset_id":"1001","price":"0.41","side":"BUY"}"#,
        r#"{"asset_id":"1001","price":"1.41","size":"1","side":"BUY"}"#,
        r#"{"asset_id":"1001","price":"0","size":"1","side":"BUY"}"#,
        r#"{"asset_id":"1001","price":"0.41","size":"-1","side":"BUY"}"#,
        r#"{"asset_id":"1001","price":"4e-1","size":"1","side":"BUY"}"#,
    ];
    for bad in bad {
        let mut session = Session::default();
        feed(&mut session, "events", &names());
        feed(&mut session, "stream", &full(YES));
        let body = format!(
            r#"{{"event_type":"price_change","market":"0xaa","timestamp":"101","price_changes":[{bad},{{"asset_id":"{YES}","price":"0.43","size":"4","side":"BUY"}}]}}"#
        );
        let reading = feed(&mut session, "stream", &body);
        assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 1), "{bad}");
        assert_eq!(shown(&session)[2], "binary yes lay 1 open 0.43@4!", "{bad}");
        feed(&mut session, "stream", &full(YES));
        assert_eq!(shown(&session), both(), "{bad}");
    }
    let mut session = Session::default();
    feed(&mut session, "events", &names());
    let reading = feed(&mut session, "stream", &book(YES, &[("0.4", "1"), ("1.2", "1")], &[], "1"));
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 1));
    assert_eq!(shown(&session)[0], "binary yes lay 1 open 0.4@1!");
}

#[test]
fn what_is_no_frame_is_rejected_and_changes_nothing() {
    let mut session = Session::default();
    feed(&mut session, "events", &names());
    feed(&mut session, "stream", &full(YES));
    for (body, reason) in [
        ("pong?", Reason::WrongFormat),
        (r#"{"event_type":"surprise"}"#, Reason::MissingField),
        (r#"{"asset_id":"1001"}"#, Reason::MissingField),
        (r#"{"event_type":"book","asset_id":"1001","bids":[]}"#, Reason::MissingField),
        (r#"{"event_type":"book","bids":[],"asks":[]}"#, Reason::MissingField),
        (r#"{"event_type":"price_change","price_changes":7}"#, Reason::MissingField),
    ] {
        let reading = feed(&mut session, "stream", body);
        assert_eq!((reading.fate, reading.reason), (Fate::Rejected, reason), "{body}");
    }
    let stale: Vec<_> = both().iter().map(|line| format!("{line}!")).collect();
    assert_eq!(shown(&session), stale, "what they said is missed");
    feed(&mut session, "stream", &full(YES));
    let reading =
        feed(&mut session, "books", &format!(r#"[{},{{"asset_id":"5"}}]"#, book(YES, &[], &[], "900")));
    assert_eq!(reading.fate, Fate::Rejected);
    assert_eq!(shown(&session), both(), "an answer is no stream");
    let reading = feed(
        &mut session,
        "stream",
        &format!(r#"[{{"event_type":"surprise"}},{}]"#, change(YES, "BUY", "0.43", "9", None)),
    );
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 1));
    assert_eq!(shown(&session)[2], "binary yes lay 1 open 0.43@9");
}
