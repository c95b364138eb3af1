//! Whose frames of the push these are.

use antigravity_adapter_saba::Saba;
use antigravity_sdk::Fate;
use antigravity_sdk::testing::{Input, Reading, Session};

const FRAME: &str = r#"["m","b14",[["f",0,["type","matchid","hteamnameen","ateamnameen","oddsid","bettype","oddsstatus","odds1a","odds2a","hdp1","hdp2"]],
    [0,"reset"],[0,"m",1,5001,2,"Home FC",3,"Away FC"],[0,"o",4,9001,1,5001,5,1,6,"running",7,0.95,8,-0.99,9,0.25,10,0],[0,"done"]],"r1"]"#;

fn frame(session: &mut Session<Saba>, page: &str, url: &str) -> Reading {
    session.feed(Input { endpoint: "rows", page, url, body: FRAME, connection: 1, ..Input::default() })
}

#[test]
fn a_page_without_a_session_in_its_path_is_this_adapters() {
    let socket = "wss://push.example/socket.io/?EIO=3";
    for page in ["https://site.example/sports", "https://site.example/a?next=/(S(x))/b"] {
        let mut session = Session::default();
        let reading = frame(&mut session, page, socket);
        assert_eq!((reading.fate, reading.snapshot_complete), (Fate::Parsed, true));
        let quotes: Vec<String> = session.quotes().map(|quote| quote.to_string()).collect();
        assert_eq!(
            quotes,
            [
                "9001 asian-handicap full-time -0.25 home back 1 open malay 0.95 -",
                "9001 asian-handicap full-time -0.25 away back 1 open malay -0.99 -"
            ]
        );
    }
}

#[test]
fn a_page_with_one_or_an_unknown_page_is_not() {
    let socket = "wss://push.example/socket.io/?EIO=3";
    for (page, url) in [
        ("", socket),
        ("https://site.example/(S(abc))/EntryIndex", socket),
        ("https://site.example/(s(abc))/EntryIndex", socket),
        ("https://site.example/%28S%28abc%29%29/EntryIndex", socket),
        ("https://site.example/(A(x)S(abc)F(y))/EntryIndex", socket),
        ("https://site.example/sports", "wss://push.example/(S(abc))/socket.io/?EIO=3"),
    ] {
        let reading = frame(&mut Session::default(), page, url);
        assert_eq!((reading.fate, reading.rows.len()), (Fate::NotMine, 0), "{page} {url}");
    }
}

#[test]
fn of_two_ways_to_the_odds_neither_is_all_there_is() {
    let mut session = Session::default();
    let body =
        r#"{"status":1,"message":"InitialData","payload":{"markets":{"add":[],"change":[],"remove":[]}}}"#;
    let url = "https://odds.example/sports/stream/v1/GetMarkets";
    let stream = || Input { endpoint: "markets", url, body, connection: 2, ..Input::default() };
    assert!(session.feed(stream()).snapshot_complete);
    let reading = frame(&mut session, "https://site.example/sports", "wss://push.example/socket.io/");
    assert_eq!((reading.fate, reading.snapshot_complete), (Fate::Parsed, false));
    assert!(!session.feed(Input { connection: 3, ..stream() }).snapshot_complete);
}
