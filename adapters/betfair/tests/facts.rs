//! What the stream's documentation and recordings say, fact by fact.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what is wrong by failing

use antigravity_adapter_betfair::Betfair;
use antigravity_sdk::Fate;
use antigravity_sdk::testing::{Input, Quote, Reading, Session};
use antigravity_sdk::{Adapter, Reason, Side, Status};

fn feed(session: &mut Session<Betfair>, body: &str) -> Reading {
    feed_on(session, 0, body)
}

fn feed_on(session: &mut Session<Betfair>, connection: u32, body: &str) -> Reading {
    feed_at(session, connection, 0, body)
}

fn feed_at(session: &mut Session<Betfair>, connection: u32, seconds: i64, body: &str) -> Reading {
    let at = seconds * 1_000_000_000;
    session.feed(Input { endpoint: "stream", body, connection, at, ..Input::default() })
}

/// `runner side level status price@size`, with `!` where it is stale.
fn shown(session: &Session<Betfair>) -> Vec<String> {
    let line = |q: Quote| {
        let number = |d: Option<antigravity_sdk::Decimal>| d.map_or("-".to_owned(), |d| d.to_string());
        format!(
            "{} {} {} {} {}@{}{}",
            q.runner.unwrap_or_default(),
            q.side,
            q.level,
            q.status,
            number(q.price),
            number(q.size),
            if q.stale { "!" } else { "" }
        )
    };
    session.quotes().map(line).collect()
}

fn definition(status: &str, runners: &str) -> String {
    format!(
        r#""marketDefinition":{{"bettingType":"ODDS","numberOfWinners":1,"complete":true,"marketType":"WIN","eventId":"555","eventTypeId":"4339","eventName":"Crayford 3rd May","marketTime":"2026-05-03T19:12:00.000Z","inPlay":false,"status":"{status}","runners":[{runners}]}}"#
    )
}

const TWO: &str = r#"{"id":11,"status":"ACTIVE"},{"id":12,"status":"ACTIVE"}"#;

fn image(rc: &str) -> String {
    format!(
        r#"{{"op":"mcm","id":2,"clk":"AAAA","ct":"SUB_IMAGE","mc":[{{"id":"1.7","img":true,{},"rc":[{rc}]}}]}}"#,
        definition("OPEN", TWO)
    )
}

fn delta(entry: &str) -> String {
    format!(r#"{{"op":"mcm","id":2,"clk":"AAAB","mc":[{{"id":"1.7",{entry}}}]}}"#)
}

#[test]
fn the_contract_says_what_the_host_needs() {
    let contract = Betfair::contract();
    assert_eq!((contract.provider.as_str(), contract.stale_after_ms), ("betfair", 15_000));
    assert!(contract.endpoints.iter().all(|endpoint| endpoint.path == "**"));
    for endpoint in &contract.endpoints {
        let schema: serde_json::Value = serde_json::from_str(endpoint.schema.as_deref().unwrap()).unwrap();
        assert!(schema.is_object(), "{}", endpoint.name);
    }
}

#[test]
fn an_image_is_quoted_three_deep_with_digits_as_sent() {
    let mut session = Session::default();
    let reading = feed(
        &mut session,
        &image(
            r#"{"id":11,"atb":[[8.6,4.83],[8.80,18.62],[7,7.19],[1.01,13002]],"atl":[[9,5.45],[1000,13]]}"#,
        ),
    );
    assert_eq!((reading.fate, reading.bad_rows, reading.snapshot_complete), (Fate::Parsed, 0, true));
    assert!(reading.rows.contains(
        &"event 0 id=555 sport=greyhound-racing competition=- title=Crayford 3rd May home=- away=- score=- start=1777835520000000000 in_play=false"
            .to_owned()
    ));
    assert_eq!(
        shown(&session),
        [
            "11 back 1 open 8.80@18.62",
            "11 back 2 open 8.6@4.83",
            "11 back 3 open 7@7.19",
            "11 lay 1 open 9@5.45",
            "11 lay 2 open 1000@13",
        ]
    );
    let quote = session.quotes().next().unwrap();
    assert_eq!(
        (quote.market.as_str(), quote.market_id.as_str(), quote.event_id.as_str()),
        ("winner", "1.7", "555")
    );
}

#[test]
fn a_size_of_zero_removes_and_what_is_missing_is_unchanged() {
    let mut session = Session::default();
    feed(
        &mut session,
        &image(r#"{"id":11,"atb":[[8.8,18.62],[8.6,4.83]],"atl":[[9,5.45]]},{"id":12,"atb":[[2,1]]}"#),
    );
    let reading = feed(
        &mut session,
        &delta(r#""rc":[{"id":11,"atb":[[8.8,0],[8.4,12]],"ltp":8.8,"tv":295.32}],"con":true,"tv":1"#),
    );
    assert_eq!(
        reading.rows,
        [
            "price line=0 runner back 1 open decimal 8.6 size=4.83",
            "price line=0 runner back 2 open decimal 8.4 size=12",
        ]
    );
    let reading = feed(
        &mut session,
        &delta(r#""rc":[{"id":11,"atb":[[8.4,0],[3,50]],"trd":[[8.8,1]],"spn":"NaN","spf":"Infinity"}]"#),
    );
    assert_eq!(reading.rows, ["price line=0 runner back 2 open decimal 3 size=50"]);
    let reading = feed(&mut session, &delta(r#""rc":[{"id":11,"atl":[[9,0]]}]"#));
    assert_eq!(reading.rows, ["price line=0 runner lay 1 removed - size=-"]);
    assert_eq!(shown(&session), ["11 back 1 open 8.6@4.83", "11 back 2 open 3@50", "12 back 1 open 2@1"]);
}

#[test]
fn an_unchanged_top_says_nothing() {
    let mut session = Session::default();
    feed(&mut session, &image(r#"{"id":11,"atb":[[8.8,1],[8.6,2],[8.4,3],[8.2,4]]}"#));
    let reading = feed(&mut session, &delta(r#""rc":[{"id":11,"atb":[[8.2,9],[1.01,500]],"ltp":8.8}]"#));
    assert_eq!((reading.fate, reading.rows.len()), (Fate::Parsed, 0));
    let reading = feed(&mut session, &delta(r#""tv":69.69"#));
    assert_eq!((reading.fate, reading.rows.len(), reading.snapshot_complete), (Fate::Parsed, 0, false));
}

#[test]
fn an_image_replaces_the_market() {
    let mut session = Session::default();
    feed(
        &mut session,
        &image(r#"{"id":11,"atb":[[8.8,1],[8.6,2]]},{"id":12,"atb":[[2,1]],"atl":[[2.1,1]]}"#),
    );
    let reading = feed(&mut session, &image(r#"{"id":11,"atb":[[8.8,1]]}"#));
    assert_eq!(shown(&session), ["11 back 1 open 8.8@1"]);
    assert!(reading.rows.first().is_some_and(|row| row.starts_with("snapshot-begin")));
    assert!(reading.rows.last().is_some_and(|row| row.starts_with("snapshot-end")));
    // The levels that stand are named again, so that they are confirmed.
    assert!(reading.rows.contains(&"price line=0 runner back 1 open decimal 8.8 size=1".to_owned()));
    feed(&mut session, &delta(r#""rc":[{"id":12,"atb":[[1.9,3]]}]"#));
    assert_eq!(shown(&session), ["11 back 1 open 8.8@1", "12 back 1 open 1.9@3"]);
}

#[test]
fn an_image_without_a_definition_leaves_nothing_to_quote() {
    let mut session = Session::default();
    feed(&mut session, &image(r#"{"id":11,"atb":[[8.8,1]]}"#));
    feed(&mut session, &delta(r#""img":true,"rc":[{"id":11,"atb":[[8.8,1]]}]"#));
    assert_eq!(shown(&session), Vec::<String>::new());
    feed(&mut session, &delta(&definition("OPEN", TWO)));
    assert_eq!(shown(&session), ["11 back 1 open 8.8@1"]);
}

#[test]
fn levels_by_position_serve_where_there_is_no_full_ladder() {
    let mut session = Session::default();
    feed(&mut session, &image(r#"{"id":11,"batb":[[1,4.4,8],[0,4.6,3.69]],"batl":[[0,980,22.72]]}"#));
    assert_eq!(
        shown(&session),
        ["11 back 1 open 4.6@3.69", "11 back 2 open 4.4@8", "11 lay 1 open 980@22.72"]
    );
    // What is displayed goes before what is best, and the full ladder before both; side by side.
    feed(&mut session, &delta(r#""rc":[{"id":11,"bdatb":[[0,4.7,4.33]]}]"#));
    assert_eq!(shown(&session), ["11 back 1 open 4.7@4.33", "11 lay 1 open 980@22.72"]);
    feed(&mut session, &delta(r#""rc":[{"id":11,"atb":[[4.5,10]],"bdatb":[]}]"#));
    assert_eq!(shown(&session), ["11 back 1 open 4.5@10", "11 lay 1 open 980@22.72"]);
    feed(&mut session, &delta(r#""rc":[{"id":11,"atb":[[4.5,0]],"bdatb":[[0,0,0]]}]"#));
    assert_eq!(
        shown(&session),
        ["11 back 1 open 4.6@3.69", "11 back 2 open 4.4@8", "11 lay 1 open 980@22.72"]
    );
    feed(&mut session, &delta(r#""rc":[{"id":11,"batb":[[0,4.6,0]]}]"#));
    assert_eq!(shown(&session), ["11 back 1 open 4.4@8", "11 lay 1 open 980@22.72"]);
}

#[test]
fn the_first_definition_is_the_baseline_where_there_is_no_image() {
    let mut session = Session::default();
    let first = delta(&format!(r#"{},"rc":[{{"id":11,"atb":[[8.8,1]]}}]"#, definition("OPEN", TWO)));
    let reading = feed(&mut session, &first);
    assert!(reading.snapshot_complete);
    assert_eq!(shown(&session), ["11 back 1 open 8.8@1"]);
}

#[test]
fn changes_of_an_unknown_market_are_kept_and_stale_until_its_image() {
    let mut session = Session::default();
    let reading = feed(
        &mut session,
        r#"{"op":"mcm","ct":"RESUB_DELTA","initialClk":"x","mc":[{"id":"1.7","rc":[{"id":11,"batb":[[0,2.7,179.35]],"batl":[]}],"con":true}]}"#,
    );
    assert_eq!((reading.fate, reading.rows.len(), reading.snapshot_complete), (Fate::Parsed, 0, false));
    let reading = feed(&mut session, &delta(&definition("OPEN", TWO)));
    assert!(!reading.snapshot_complete);
    assert_eq!(shown(&session), ["11 back 1 open 2.7@179.35!"]);
    let reading = feed(&mut session, &image(r#"{"id":11,"batb":[[0,2.7,179.35]]}"#));
    assert!(reading.snapshot_complete);
    assert_eq!(shown(&session), ["11 back 1 open 2.7@179.35"]);
}

#[test]
fn a_market_that_is_not_open_is_suspended_with_its_prices() {
    let mut session = Session::default();
    feed(&mut session, &image(r#"{"id":11,"atb":[[8.8,1]]}"#));
    for status in ["SUSPENDED", "INACTIVE"] {
        feed(&mut session, &delta(&definition(status, TWO)));
        assert_eq!(shown(&session), ["11 back 1 suspended 8.8@1"], "{status}");
        feed(&mut session, &delta(r#""rc":[{"id":11,"atb":[[8.8,2]]}]"#));
        assert_eq!(shown(&session), ["11 back 1 suspended 8.8@2"], "{status}");
        feed(&mut session, &delta(&definition("OPEN", TWO)));
        feed(&mut session, &delta(r#""rc":[{"id":11,"atb":[[8.8,1]]}]"#));
        assert_eq!(shown(&session), ["11 back 1 open 8.8@1"], "{status}");
    }
}

#[test]
fn a_runner_that_is_not_active_is_gone_and_may_come_back() {
    let mut session = Session::default();
    feed(&mut session, &image(r#"{"id":11,"atb":[[8.8,1]]},{"id":12,"atb":[[2,1]]}"#));
    for status in ["REMOVED", "REMOVED_VACANT", "HIDDEN", "LOSER", "WINNER"] {
        let runners = format!(r#"{{"id":11,"status":"{status}"}},{{"id":12,"status":"ACTIVE"}}"#);
        feed(&mut session, &delta(&definition("OPEN", &runners)));
        assert_eq!(shown(&session), ["12 back 1 open 2@1"], "{status}");
        let reading = feed(&mut session, &delta(r#""rc":[{"id":11,"atb":[[8.8,1]]}]"#));
        assert_eq!(reading.rows.len(), 0, "{status}");
        feed(&mut session, &delta(&definition("OPEN", TWO)));
        assert_eq!(shown(&session), ["11 back 1 open 8.8@1", "12 back 1 open 2@1"], "{status}");
    }
    // A definition is whole: who is not in it does not run.
    feed(&mut session, &delta(&definition("OPEN", r#"{"id":12,"status":"ACTIVE"}"#)));
    assert_eq!(shown(&session), ["12 back 1 open 2@1"]);
}

#[test]
fn a_closed_market_is_gone_and_forgotten() {
    let mut session = Session::default();
    feed(&mut session, &image(r#"{"id":11,"atb":[[8.8,1]]}"#));
    let reading = feed(
        &mut session,
        &delta(&definition("CLOSED", r#"{"id":11,"status":"WINNER"},{"id":12,"status":"LOSER"}"#)),
    );
    assert!(reading.rows.contains(&"remove-line 0".to_owned()));
    assert_eq!(shown(&session), Vec::<String>::new());
    assert!(reading.snapshot_complete, "there is nothing left to know");
    feed(&mut session, &image(r#"{"id":12,"atb":[[3,1]]}"#));
    assert_eq!(shown(&session), ["12 back 1 open 3@1"]);
}

#[test]
fn several_markets_in_one_message_and_several_messages_in_one_frame() {
    let one = image(r#"{"id":11,"atb":[[8.8,1]]}"#);
    let two = one.replace("1.7", "1.8").replace("8.8", "5.5").replace(r#""WIN""#, r#""PLACE""#);
    let both = r#"{"op":"mcm","mc":[{"id":"1.7","rc":[{"id":11,"atb":[[8.8,4]]}]},{"id":"1.8","rc":[{"id":11,"atb":[[5.5,4]]}]}]}"#;
    let hello = r#"{"op":"connection","connectionId":"002-1"}"#;
    let status = r#"{"op":"status","id":2,"statusCode":"SUCCESS","connectionClosed":false}"#;
    let beat = r#"{"op":"mcm","id":2,"clk":"B","pt":1,"ct":"HEARTBEAT"}"#;
    let messages = [hello, status, &one, beat, &two, both];
    let mut apart = Session::<Betfair>::default();
    let rows: Vec<_> = messages.iter().flat_map(|message| feed(&mut apart, message).rows).collect();
    let mut together = Session::<Betfair>::default();
    let frame = feed(&mut together, &(messages.join("\r\n") + "\r\n"));
    assert_eq!(frame.rows, rows);
    let markets: Vec<_> =
        together.quotes().map(|q| (q.market_id, q.market, q.size.unwrap().to_string())).collect();
    assert_eq!(
        markets,
        [
            ("1.7".to_owned(), "winner".to_owned(), "4".to_owned()),
            ("1.8".to_owned(), "place".to_owned(), "4".to_owned()),
        ]
    );
}

#[test]
fn a_lost_subscription_is_stale() {
    let mut session = Session::default();
    feed(&mut session, &image(r#"{"id":11,"atb":[[8.8,1]]}"#));
    let other = image(r#"{"id":11,"atb":[[5.5,1]]}"#).replace("1.7", "1.9");
    feed_on(&mut session, 1, &other);
    assert_eq!(
        shown(&session),
        ["11 back 1 open 8.8@1", "11 back 1 open 5.5@1"],
        "two sockets stand side by side"
    );
    let next = image(r#"{"id":11,"atb":[[3,1]]}"#).replace("1.7", "1.95");
    feed(&mut session, &next);
    assert_eq!(shown(&session), ["11 back 1 open 8.8@1!", "11 back 1 open 5.5@1", "11 back 1 open 3@1"]);
}

#[test]
fn a_market_that_another_socket_tells_of_is_confirmed_by_it() {
    let mut session = Session::default();
    let both = r#"{"id":11,"atb":[[8.8,1]],"atl":[[9,2]]},{"id":12,"atb":[[2,1]]}"#;
    feed_at(&mut session, 0, 0, &image(both));
    let other = image(r#"{"id":11,"atb":[[5.5,1]]}"#).replace("1.7", "1.9");
    feed_at(&mut session, 0, 0, &other.replace("SUB_IMAGE", ""));
    let resumed = delta(r#""rc":[{"id":11,"atb":[[8.8,3]]}]"#);
    let resumed = resumed.replace(r#""mc""#, r#""ct":"RESUB_DELTA","mc""#);
    let reading = feed_at(&mut session, 1, 10, &resumed);
    assert_eq!((reading.fate, reading.bad_rows, reading.snapshot_complete), (Fate::Parsed, 0, false));
    feed_at(&mut session, 1, 20, r#"{"op":"mcm","id":2,"clk":"B","ct":"HEARTBEAT"}"#);
    assert_eq!(
        shown(&session),
        [
            "11 back 1 open 8.8@3",
            "11 lay 1 open 9@2",
            "12 back 1 open 2@1",
            // The new socket has not told of it: nobody knows whether it will.
            "11 back 1 open 5.5@1!",
        ]
    );
    let again = feed_at(&mut session, 1, 21, &delta(r#""rc":[{"id":11,"atb":[[8.8,4]]}]"#));
    assert_eq!(again.rows.len(), 1, "once is enough");
}

#[test]
fn an_image_may_come_in_segments() {
    let mut session = Session::default();
    feed(&mut session, &image(r#"{"id":11,"atb":[[8.8,1]]}"#));
    let segment = |kind: &str, market: &str| {
        let kind = format!(r#""ct":"SUB_IMAGE","segmentType":"{kind}""#);
        image(r#"{"id":11,"atb":[[3,1]]}"#).replace(r#""ct":"SUB_IMAGE""#, &kind).replace("1.7", market)
    };
    feed(&mut session, &segment("SEG_START", "1.91"));
    feed(&mut session, &segment("SEG", "1.7"));
    assert!(session.quotes().all(|quote| !quote.stale));
    feed(&mut session, &segment("SEG_END", "1.93"));
    assert!(session.quotes().all(|quote| !quote.stale));
    feed(&mut session, &segment("SEG_START", "1.91"));
    feed(&mut session, &segment("SEG_END", "1.93"));
    let stale: Vec<_> = session.quotes().filter(|quote| quote.stale).map(|quote| quote.market_id).collect();
    assert_eq!(stale, ["1.7"]);
}

#[test]
fn heartbeats_and_the_word_of_latency_are_no_data() {
    let mut session = Session::default();
    for (body, reason) in [
        (r#"{"op":"mcm","id":2,"clk":"APIDAO4EAK8D","pt":1471370165625,"ct":"HEARTBEAT"}"#, Reason::Noise),
        (r#"{"op":"mcm","id":2,"status":503}"#, Reason::StaleCursor),
        (r#"{"op":"mcm","id":2,"ct":"HEARTBEAT","status":503,"mc":null}"#, Reason::StaleCursor),
        (r#"{"op":"status","id":2,"statusCode":"SUCCESS","connectionClosed":false}"#, Reason::Noise),
    ] {
        let reading = feed(&mut session, body);
        assert_eq!((reading.fate, reading.reason, reading.rows.len()), (Fate::Ignored, reason, 0), "{body}");
    }
}

#[test]
fn handicaps_are_lines_and_runners_of_one_id_differ_by_them() {
    let mut session = Session::default();
    let runners = r#"{"id":11,"hc":-0.5,"status":"ACTIVE"},{"id":11,"hc":0.0,"status":"ACTIVE"}"#;
    let definition = definition("OPEN", runners)
        .replace("ODDS", "ASIAN_HANDICAP_DOUBLE_LINE")
        .replace("WIN", "ASIAN_HANDICAP")
        .replace("4339", "1");
    feed(
        &mut session,
        &delta(&format!(
            r#""img":true,{definition},"rc":[{{"id":11,"hc":-0.50,"atb":[[1.9,10]]}},{{"id":11,"atb":[[1.5,3]]}}]"#
        )),
    );
    let lines: Vec<_> = session
        .quotes()
        .map(|q| (q.market, q.line.unwrap().to_string(), q.price.unwrap().to_string()))
        .collect();
    assert_eq!(
        lines,
        [
            ("other:ASIAN_HANDICAP".to_owned(), "-0.5".to_owned(), "1.9".to_owned()),
            ("other:ASIAN_HANDICAP".to_owned(), "0.0".to_owned(), "1.5".to_owned()),
        ]
    );
}

#[test]
fn points_are_no_odds() {
    for betting_type in ["LINE", "RANGE", "SOMETHING_NEW"] {
        let mut session = Session::default();
        let reading =
            feed(&mut session, &image(r#"{"id":11,"atb":[[320.5,1]]}"#).replace("ODDS", betting_type));
        assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0), "{betting_type}");
        assert_eq!(shown(&session), Vec::<String>::new());
    }
}

#[test]
fn sports_and_missing_names() {
    for (event_type, sport) in [
        ("1", "soccer"),
        ("2", "tennis"),
        ("7", "horse-racing"),
        ("4339", "greyhound-racing"),
        ("7522", "other:7522"),
    ] {
        let mut session = Session::default();
        let body = image(r#"{"id":11,"atb":[[3,1]]}"#)
            .replace("4339", event_type)
            .replace(r#""eventName":"Crayford 3rd May","#, "");
        let reading = feed(&mut session, &body);
        let event = reading.rows.iter().find(|row| row.starts_with("event")).unwrap();
        assert!(event.contains(&format!(" sport={sport} ")) && event.contains(" title=- "), "{event}");
    }
}

#[test]
fn each_market_says_its_own_start_and_play() {
    let mut session = Session::default();
    feed(&mut session, &image(r#"{"id":11,"atb":[[3,1]]}"#));
    let later = image(r#"{"id":11,"atb":[[4,1]]}"#).replace("1.7", "1.8").replace("19:12", "19:27");
    feed_on(&mut session, 1, &later);
    let reading = feed(&mut session, &delta(r#""rc":[{"id":11,"atb":[[3,2]]}]"#));
    assert!(reading.rows[0].contains("start=1777835520000000000"), "{:?}", reading.rows);
    let reading = feed(&mut session, &delta(r#""rc":[{"id":11,"atb":[[3,3]]}]"#));
    assert_eq!(reading.rows, ["price line=0 runner back 1 open decimal 3 size=3"]);
}

#[test]
fn a_bad_row_costs_no_other_and_makes_its_market_stale() {
    let bad = [
        r#"{"atb":[[3,1]]}"#,
        r#"{"id":"eleven","atb":[[3,1]]}"#,
        r#"{"id":12,"atb":[[3]]}"#,
        r#"{"id":12,"atb":[["NaN",1]]}"#,
        r#"{"id":12,"atb":[[3,-1]]}"#,
        r#"{"id":12,"atb":[[-3,1]]}"#,
        r#"{"id":12,"atb":7}"#,
        r#"{"id":12,"bdatb":[[99,3,1]]}"#,
        r#"{"id":12,"batl":[[0,3]]}"#,
        r#"{"id":12,"hc":"x","atb":[[3,1]]}"#,
    ];
    for bad in bad {
        let mut session = Session::default();
        feed(&mut session, &image(r#"{"id":11,"atb":[[8.8,1]]}"#));
        let reading = feed(&mut session, &delta(&format!(r#""rc":[{bad},{{"id":11,"atb":[[8.8,5]]}}]"#)));
        assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 1), "{bad}");
        assert_eq!(shown(&session), ["11 back 1 open 8.8@5!"], "{bad}");
        feed(&mut session, &image(r#"{"id":11,"atb":[[8.8,5]]}"#));
        assert_eq!(shown(&session), ["11 back 1 open 8.8@5"], "{bad}");
    }
}

#[test]
fn a_price_that_can_be_none_makes_its_market_stale() {
    for ladder in [r#""atb":[[8.8,0],[1,5]]"#, r#""atb":[[8.8,0]],"batb":[[0,1.00,5]]"#] {
        let mut session = Session::default();
        feed(&mut session, &image(r#"{"id":11,"atb":[[8.8,1]]}"#));
        let reading = feed(&mut session, &delta(&format!(r#""rc":[{{"id":11,{ladder}}}]"#)));
        assert!(reading.rows.iter().any(|row| row.starts_with("gap")), "{ladder}");
        // The host refuses a packet of which nothing is good: the next one says it again.
        let reading = feed(&mut session, &delta(r#""rc":[{"id":12,"atb":[[2,1]]}]"#));
        assert!(reading.rows.iter().any(|row| row.starts_with("gap")), "{ladder}");
        feed(&mut session, &image(r#"{"id":11,"atb":[[8.8,1]]}"#));
        let reading = feed(&mut session, &delta(r#""rc":[{"id":12,"atb":[[2,1]]}]"#));
        assert!(!reading.rows.iter().any(|row| row.starts_with("gap")), "{ladder}");
    }
}

#[test]
fn an_unreadable_definition_is_a_bad_row() {
    for field in [r#""status":"OPEN""#, r#""eventId":"555""#, r#""marketType":"WIN""#, r#""inPlay":false"#] {
        let mut session = Session::default();
        feed(&mut session, &image(r#"{"id":11,"atb":[[8.8,1]]}"#));
        let broken = definition("OPEN", TWO).replace(field, r#""x":1"#);
        let reading = feed(&mut session, &delta(&broken));
        assert_eq!((reading.fate, reading.bad_rows), (Fate::Rejected, 1), "{field}");
        assert_eq!(shown(&session), ["11 back 1 open 8.8@1!"], "{field}");
        feed(&mut session, &delta(r#""rc":[{"id":12,"atb":[[2,1]]}]"#));
        assert_eq!(shown(&session), ["11 back 1 open 8.8@1!", "12 back 1 open 2@1!"], "{field}");
    }
    let mut session = Session::default();
    let reading = feed(&mut session, r#"{"op":"mcm","mc":[{"img":true}]}"#);
    assert_eq!((reading.bad_rows, reading.detail.as_str()), (1, "mc: id"));
}

#[test]
fn what_is_no_message_is_rejected_and_changes_nothing() {
    let mut session = Session::default();
    feed(&mut session, &image(r#"{"id":11,"atb":[[8.8,1]]}"#));
    for (body, reason) in [
        ("<html>log in</html>", Reason::WrongFormat),
        (r#"{"op":"mcm","mc":"x"}"#, Reason::BadValue),
        (r#"{"mc":[]}"#, Reason::BadValue),
        ("7", Reason::BadValue),
    ] {
        let reading = feed(&mut session, body);
        assert_eq!((reading.fate, reading.reason), (Fate::Rejected, reason), "{body}");
    }
    assert_eq!(shown(&session), ["11 back 1 open 8.8@1!"], "what it said is missed");
    let reading = feed(
        &mut session,
        &format!("{}\r\n{}", r#"{"op":"mcm","mc":"x"}"#, delta(r#""rc":[{"id":11,"atb":[[8.8,2]]}]"#)),
    );
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 1));
    let quote = session.quotes().next().unwrap();
    assert_eq!(
        (quote.side, quote.status, quote.size.unwrap().to_string().as_str()),
        (Side::Back, Status::Open, "2")
    );
}
