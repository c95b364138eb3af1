//! Sessions in paths: PATH_SESSION shells, their rotation, and what may not mix.

use super::{Bench, contract, frame, http, push, sent};
use crate::{Candidate, session_token};
use antigravity_core::{Contract, Fate, Packet};
use serde_json::json;
use std::sync::Arc;

/// 40 characters, as such shells make them.
const FIRST: &str = "Qk3v9x2m7h1d5s8w0c4b6n2j9f3g7t1y5r8p0l4a";
const SECOND: &str = "Zt8u1o5i9e3w7q0r4y6p2a8s1d5f9g3h7j0k4l6m";

fn shell() -> Arc<Contract> {
    let path = |path: &str, content: &str| json!({"path": path, "content": content});
    let mut odds = path("/Data/GetOdds", "odds");
    odds["schema"] = json!({"type": "array"});
    let endpoints = json!([
        odds,
        path("/Data/Matches", "fixtures"),
        path("/Statement/BetListMini", "heartbeat"),
        path("/CheckSession", "session"),
        {"path": "/push/**", "transport": "websocket", "prefix": "42"},
    ]);
    contract("shell", "path-session", endpoints)
}

fn url(host: &str, token: &str, page: &str) -> String {
    format!("https://{host}.shell.example/(S({token}))/{page}")
}

fn only(bench: &mut Bench, packet: &Packet) -> Candidate {
    let candidates = bench.candidates(packet);
    assert_eq!(candidates.len(), 1);
    candidates[0]
}

#[test]
fn the_five_addresses_of_a_shell() {
    let mut bench = Bench::bound(vec![shell()]);
    let body = "[]";
    assert_eq!(
        bench.fate(&http(&url("k7x2", FIRST, "NewIndex?lang=en&webskintype=3"), body)),
        (Fate::Unmatched, "")
    );
    assert_eq!(
        bench.fate(&http(&url("k7x2", FIRST, "EntryIndex/OpenSports?gid=0"), body)),
        (Fate::Unmatched, "")
    );
    assert_eq!(only(&mut bench, &http(&url("p4q9", FIRST, "Data/GetOdds"), body)).place.endpoint, 0);
    assert_eq!(only(&mut bench, &http(&url("p4q9", FIRST, "data/matches"), body)).place.endpoint, 1);
    assert_eq!(
        bench.fate(&http(&url("k7x2", FIRST, "Statement/BetListMini"), body)),
        (Fate::Ignored, "heartbeat")
    );
    assert_eq!(bench.fate(&http(&url("k7x2", FIRST, "CheckSession"), "ok")), (Fate::Ignored, "session"));
}

#[test]
fn a_new_token_is_a_new_session_once_and_the_old_one_is_over() {
    let mut bench = Bench::bound(vec![shell()]);
    let odds = |token: &str| http(&url("k7x2", token, "Data/GetOdds"), "[]");
    assert!(!only(&mut bench, &odds(FIRST)).new_session);
    assert!(!only(&mut bench, &odds(FIRST)).new_session);
    assert!(only(&mut bench, &odds(SECOND)).new_session);
    assert!(!only(&mut bench, &odds(SECOND)).new_session);
    let late = bench.decision(&odds(FIRST));
    assert_eq!((late.fate, late.reason, late.new_session), (Fate::Ignored, "other-session", false));
    assert_eq!(late.by.map(|by| by.endpoint), Some(0));
    // A refused body says nothing about sessions, and is refused first.
    assert_eq!(bench.fate(&http(&url("k7x2", "third", "Data/GetOdds"), "{}")), (Fate::Rejected, "schema"));
    assert_eq!(bench.fate(&http(&url("k7x2", FIRST, "Data/GetOdds"), "{}")), (Fate::Rejected, "schema"));
    assert!(!only(&mut bench, &odds(SECOND)).new_session);
}

#[test]
fn noise_begins_a_session_too() {
    let mut bench = Bench::bound(vec![shell()]);
    let keep_alive = |token: &str| http(&url("k7x2", token, "Statement/BetListMini"), "");
    assert!(!bench.decision(&keep_alive(FIRST)).new_session);
    let rotated = bench.decision(&keep_alive(SECOND));
    assert_eq!((rotated.reason, rotated.new_session), ("heartbeat", true));
    assert!(!only(&mut bench, &http(&url("k7x2", SECOND, "Data/GetOdds"), "[]")).new_session);
    assert_eq!(bench.fate(&keep_alive(FIRST)), (Fate::Ignored, "other-session"));
}

#[test]
fn spelling_tickets_and_hosts_are_no_new_session() {
    let mut bench = Bench::bound(vec![shell()]);
    let odds =
        |segment: &str, host: &str| http(&format!("https://{host}.example/{segment}/Data/GetOdds"), "[]");
    for (segment, host) in [
        ("(S(k3y))", "a"),
        ("(s(k3y))", "b"),
        ("(A(anon)S(k3y)F(ticket1))", "a"),
        ("(A(anon)S(k3y)F(ticket2))", "a"),
    ] {
        assert!(!only(&mut bench, &odds(segment, host)).new_session, "{segment}");
    }
    assert!(only(&mut bench, &odds("(S(K3Y))", "a")).new_session);
}

#[test]
fn sessions_of_two_accounts_do_not_mix() {
    let mut bench = Bench::bound(vec![shell()]);
    assert!(bench.router.bind("B", "shell"));
    let odds = |account: &str, token: &str| Packet {
        account: account.into(),
        ..http(&url("k7x2", token, "Data/GetOdds"), "[]")
    };
    for _ in 0..3 {
        assert!(!only(&mut bench, &odds("A", FIRST)).new_session);
        assert!(!only(&mut bench, &odds("B", SECOND)).new_session);
    }
    assert!(only(&mut bench, &odds("A", SECOND)).new_session);
    assert!(!only(&mut bench, &odds("B", SECOND)).new_session);
}

#[test]
fn binding_again_keeps_the_session_and_unbinding_forgets_it() {
    let mut bench = Bench::bound(vec![shell()]);
    let odds = |token: &str| http(&url("k7x2", token, "Data/GetOdds"), "[]");
    bench.candidates(&odds(FIRST));
    assert!(bench.router.bind("A", "shell"));
    assert!(only(&mut bench, &odds(SECOND)).new_session);
    assert!(bench.router.unbind("A", "shell") && bench.router.bind("A", "shell"));
    assert!(!only(&mut bench, &odds(FIRST)).new_session);
}

#[test]
fn a_socket_belongs_to_its_pages_session() {
    let mut bench = Bench::bound(vec![shell()]);
    let socket = "wss://push.example/push/socket.io/?EIO=4";
    let on = |page: Option<&str>| Packet { page: page.map(Into::into), ..frame(socket, "42[]") };
    assert!(!only(&mut bench, &on(Some(&url("k7x2", FIRST, "NewIndex")))).new_session);
    assert!(!only(&mut bench, &on(None)).new_session);
    assert!(only(&mut bench, &on(Some(&url("k7x2", SECOND, "NewIndex")))).new_session);
    assert_eq!(bench.fate(&on(Some(&url("k7x2", FIRST, "NewIndex")))), (Fate::Ignored, "other-session"));
    // A page without a session is another provider's.
    assert_eq!(bench.fate(&on(Some("https://plain.example/Sports"))), (Fate::Unmatched, ""));
    let undeclared = |page: &str| Packet { page: Some(page.into()), ..sent(socket, "x") };
    assert_eq!(bench.fate(&undeclared("https://plain.example/Sports")), (Fate::Unmatched, ""));
    assert_eq!(bench.fate(&undeclared(&url("k7x2", SECOND, "NewIndex"))), (Fate::Ignored, "sent"));
}

#[test]
fn the_same_body_on_a_plain_page_is_the_other_contracts() {
    let body = json!([{"path": "/push/**", "transport": "websocket", "prefix": "42"}]);
    let mut bench = Bench::bound(vec![shell(), push("skin", body)]);
    let socket = |page: Option<&str>| Packet {
        page: page.map(Into::into),
        ..frame("wss://push.example/push/s", "42[]")
    };
    let mut asked = |page: Option<&str>| {
        bench.candidates(&socket(page)).iter().map(|c| c.place.contract).collect::<Vec<_>>()
    };
    assert_eq!(asked(Some("https://plain.example/Sports")), [1]);
    assert_eq!(asked(Some(&url("k7x2", FIRST, "NewIndex"))), [0, 1]);
    assert_eq!(asked(None), [0, 1]);
}

#[test]
fn other_profiles_have_no_sessions() {
    let mut bench = Bench::bound(vec![push("plain", json!([{"path": "/Data/GetOdds"}]))]);
    let odds = |token: &str| http(&url("k7x2", token, "Data/GetOdds"), "[]");
    for token in [FIRST, SECOND, FIRST] {
        assert!(!only(&mut bench, &odds(token)).new_session);
        assert_eq!(bench.router.contracts().session(0, &odds(token)), None);
    }
    let shell = Bench::bound(vec![shell()]);
    assert_eq!(shell.router.contracts().session(0, &odds(FIRST)), Some(FIRST));
    assert_eq!(session_token(&odds(FIRST).url), Some(FIRST));
}
