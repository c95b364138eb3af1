//! `identity list`, `confirm` and `reject` on a real file.

use crate::messages::{EVIL, harmless};
use crate::support::{Place, Ran};
use antigravity_core::Timestamp;
use antigravity_core::identity::{EventFacts, Identity};
use antigravity_store::Store;
use serde_json::{Value, json};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn facts<'a>(provider: &'a str, event_id: &'a str, home: &'a str, away: &'a str) -> EventFacts<'a> {
    EventFacts {
        provider,
        event_id,
        sport: Some("soccer"),
        competition: Some("English Premier League"),
        home: Some(home),
        away: Some(away),
        title: None,
        starts_at: Some(at("2026-09-08T12:30:00Z")),
        in_play: false,
        score: None,
    }
}

/// A place where a run has seen these events; gives what it thought.
fn seen(place: &Place, events: &[EventFacts<'_>]) -> Identity {
    let mut store = Store::open(&place.path("data/ag.sqlite")).unwrap();
    let mut identity = Identity::new(store.aliases().unwrap());
    for facts in events {
        let node = identity.node(facts.provider, facts.event_id);
        identity.learn(node, facts);
    }
    store.keep(&identity, at("2026-09-08T12:00:00Z")).unwrap();
    identity
}

fn evening() -> Vec<EventFacts<'static>> {
    vec![
        facts("cmd368", "1", "Man Utd", "Everton"),
        facts("isport", "11", "Manchester Utd", "Everton"),
        facts("cmd368", "2", "Sporting", "Fulham"),
        facts("isport", "12", "Sporting Gijon", "Fulham"),
        facts("isport", "13", "Wolves (W)", "Leeds (W)"),
    ]
}

fn run(place: &Place, args: &[&str]) -> Ran {
    Ran::of(&mut place.bare(["identity"].iter().chain(args)))
}

fn list(place: &Place) -> Value {
    serde_json::from_str(&run(place, &["list", "--json"]).ok().out).unwrap()
}

/// The number of the suggestion about that team.
fn number(place: &Place, team: &str) -> String {
    let list = list(place);
    let suggestions = list["suggestions"].as_array().unwrap();
    let about = |it: &&Value| it["names"].to_string().contains(team);
    suggestions.iter().find(about).unwrap()["id"].to_string()
}

#[test]
fn what_is_open_is_listed() {
    let place = Place::new();
    seen(&place, &evening());
    let ran = run(&place, &["list"]).ok();
    for part in [
        "cmd368 1: man utd – everton",
        "isport 11: manchester utd – everton",
        "team: man utd / manchester utd",
        "kick-off, competition, away",
        "isport 13: wolves (women) – leeds (women)",
        "no-counterpart",
    ] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let list = list(&place);
    let first = &list["suggestions"][0];
    assert_eq!(list["suggestions"].as_array().unwrap().len(), 2);
    assert_eq!(first["names"], json!([{"kind": "team", "a": "man utd", "b": "manchester utd"}]));
    assert_eq!(
        (&first["confirms"], &first["agrees"]),
        (&json!("names"), &json!(["kick-off", "competition", "away"]))
    );
    assert_eq!((&first["a"]["provider"], &first["b"]["event_id"]), (&json!("cmd368"), &json!("11")));
    assert_eq!(first["b"]["starts_at"], "2026-09-08T12:30:00Z");
    assert!(first["score"].as_u64().unwrap() >= list["suggestions"][1]["score"].as_u64().unwrap());
    assert_eq!(list["unpaired"].as_array().unwrap().len(), 5);
    // As another file, by its name.
    std::fs::rename(place.path("data/ag.sqlite"), place.path("other.sqlite")).unwrap();
    assert_eq!(run(&place, &["list", "--db", "other.sqlite"]).ok().out, ran.out);
}

#[test]
fn a_confirmed_suggestion_makes_one_event() {
    let place = Place::new();
    seen(&place, &evening());
    let id = number(&place, "man utd");
    let ran = run(&place, &["confirm", &id]).ok();
    assert_eq!(ran.out, "confirmed: team manchester utd of isport is man utd\n");
    assert_eq!(list(&place)["suggestions"].as_array().unwrap().len(), 1);
    let again = run(&place, &["confirm", &id]).ok();
    assert_eq!(again.out, format!("suggestion {id}: other answers say so already\n"));
    let identity = seen(&place, &evening());
    assert!(identity.unpaired().iter().all(|(event, _)| &*event.event_id != "11"));
}

/// Confirmed, seen, taken back after the next run, and confirmed after all.
#[test]
fn an_answer_is_undone() {
    let place = Place::new();
    seen(&place, &evening());
    let id = number(&place, "man utd");
    run(&place, &["confirm", &id]).ok();
    seen(&place, &evening());
    let table = run(&place, &["list"]).ok().out;
    for part in ["confirmed", "team manchester utd of isport", "man utd", "suggestion"] {
        assert!(table.contains(part), "{part}: {table}");
    }
    let confirmed = &list(&place)["confirmed"][0];
    assert!(confirmed["confirmed_at"].as_str().unwrap().ends_with('Z'), "{confirmed}");
    let id_number: i64 = id.parse().unwrap();
    let expected = json!({"kind": "team", "provider": "isport", "from": "manchester utd", "to": "man utd",
        "suggestion": id_number, "confirmed_at": confirmed["confirmed_at"]});
    assert_eq!(confirmed, &expected);
    let ran = run(&place, &["reject", &id]).ok();
    let rejected = "rejected: team man utd of cmd368 is not manchester utd of isport\n";
    assert_eq!(ran.out, format!("withdrawn: team manchester utd of isport is man utd\n{rejected}"));
    assert_eq!(list(&place)["confirmed"], json!([]));
    let identity = seen(&place, &evening());
    assert!(identity.unpaired().iter().any(|(event, _)| &*event.event_id == "11"));
    assert!(!list(&place)["suggestions"].to_string().contains("man utd"), "it does not come again");
    let ran = run(&place, &["confirm", &id]).ok();
    assert_eq!(ran.out, "confirmed: team manchester utd of isport is man utd\n");
    assert_eq!(list(&place)["confirmed"].as_array().unwrap().len(), 1);
}

#[test]
fn an_answer_in_words_is_undone() {
    let place = Place::new();
    seen(&place, &evening());
    let alias = ["--provider", "ISPORT", "--kind", "team", "--from", "Manchester Utd", "--to", "Man. Utd"];
    let link = ["--link", "isport:12", "CMD368:2"];
    for (words, confirmed, rejected) in [
        (
            &alias[..],
            "team manchester utd of isport is man utd",
            "team manchester utd of isport is not man utd",
        ),
        (&link[..], "isport 12 and cmd368 2 are one event", "isport 12 and cmd368 2 are not one event"),
    ] {
        let answer = |word| run(&place, &[&[word], words].concat()).ok();
        assert_eq!(answer("confirm").out, format!("confirmed: {confirmed}\n"));
        assert_eq!(list(&place)["confirmed"].as_array().unwrap().len(), 1);
        let ran = answer("reject");
        assert_eq!(ran.out, format!("withdrawn: {confirmed}\nrejected: {rejected}\n"));
        assert_eq!(answer("reject").out, format!("rejected already: {rejected}\n"));
        assert_eq!(ran.err, "", "all of it was seen");
        assert_eq!(list(&place)["confirmed"], json!([]));
    }
    run(&place, &[&["confirm"], &link[..]].concat()).ok();
    let linked = list(&place)["confirmed"][0].clone();
    assert_eq!((&linked["kind"], &linked["suggestion"]), (&json!("event"), &Value::Null));
    assert_eq!(linked["a"], json!({"provider": "cmd368", "event_id": "2"}));
    assert!(run(&place, &["list"]).ok().out.contains("event 2 of cmd368"));
}

/// What may be misspelt is told, and done all the same.
#[test]
fn what_no_run_saw_is_told() {
    let place = Place::new();
    let alias = |provider| {
        ["--provider", provider, "--kind", "team", "--from", "a1", "--to", "b1"].map(str::to_owned)
    };
    let answer = |word: &str, words: &[String]| {
        let args: Vec<&str> = [word].into_iter().chain(words.iter().map(String::as_str)).collect();
        run(&place, &args).ok()
    };
    let ran = answer("confirm", &alias("nobody"));
    assert_eq!(ran.err, "warning: no run saw an event of nobody\n");
    seen(&place, &evening());
    let ran = answer("confirm", &alias("Nobody"));
    assert_eq!(ran.err, "warning: no run saw an event of nobody, only of cmd368, isport\n");
    assert_eq!(answer("reject", &alias("nobody")).err, ran.err);
    seen(&place, &[]);
    assert_eq!(answer("confirm", &alias("CMD368")).err, "", "a run before the last one saw it");
    seen(&place, &evening());
    let link = ["--link", "cmd368:1", "betfair:9:1"].map(str::to_owned);
    for word in ["confirm", "reject"] {
        assert_eq!(answer(word, &link).err, "warning: the last run saw no event 9:1 of betfair\n");
    }
}

#[test]
fn a_rejected_suggestion_does_not_come_again() {
    let place = Place::new();
    seen(&place, &evening());
    let id = number(&place, "sporting");
    let ran = run(&place, &["reject", &id]).ok();
    assert_eq!(ran.out, "rejected: team sporting of cmd368 is not sporting gijon of isport\n");
    seen(&place, &evening());
    assert_eq!(list(&place)["suggestions"].as_array().unwrap().len(), 1);
    run(&place, &["reject", "12345"]).fails(1).says(&["there is no suggestion 12345"]);
    run(&place, &["confirm", "12345"]).fails(1).says(&["there is no suggestion 12345"]);
}

#[test]
fn a_name_and_a_link_in_words() {
    let place = Place::new();
    let alias = [
        "confirm",
        "--provider",
        "CMD368",
        "--kind",
        "team",
        "--from",
        "Man. Utd",
        "--to",
        "Manchester United F.C.",
    ];
    let ran = run(&place, &alias).ok();
    assert_eq!(ran.out, "confirmed: team man utd of cmd368 is manchester united fc\n");
    assert_eq!(
        run(&place, &alias).ok().out,
        "confirmed already: team man utd of cmd368 is manchester united fc\n"
    );
    let link = ["confirm", "--link", "cmd368:1", "Betfair:1.2:3", "--db", "deep/er/own.sqlite"];
    assert_eq!(run(&place, &link).ok().out, "confirmed: cmd368 1 and betfair 1.2:3 are one event\n");
    assert!(place.path("deep/er/own.sqlite").is_file());
    let listed = run(&place, &["list", "--db", "deep/er/own.sqlite"]).ok().out;
    assert!(listed.starts_with("no suggestion is open\n"), "{listed}");
    let file = Store::open(&place.path("data/ag.sqlite")).unwrap();
    let book = file.aliases().unwrap();
    let name =
        |raw| antigravity_core::identity::normalise(antigravity_core::identity::Kind::Team, raw).unwrap();
    let team = antigravity_core::identity::Kind::Team;
    assert_eq!(book.resolve("cmd368", team, name("MAN UTD")), name("Manchester United FC"));
}

#[test]
fn what_may_not_be_is_refused() {
    let place = Place::new();
    let team = |from: &str, to: &str| {
        run(&place, &["confirm", "--provider", "p", "--kind", "team", "--from", from, "--to", to])
    };
    for (from, to) in [
        ("Arsenal (W)", "Arsenal"),
        ("England U21", "England"),
        ("Barcelona B", "Barcelona"),
        ("Boca Juniors (R)", "Boca Juniors"),
    ] {
        team(from, to).fails(1).says(&["women's, youth, reserve and B teams are never the first team"]);
    }
    team("Arsenal", "ARSENAL").fails(1).says(&["both are one name"]);
    run(&place, &["confirm", "--link", "p:1", "P:2"]).fails(1).says(&["two events of one provider"]);
    assert!(!place.path("data").exists(), "what can never be makes no file");
    team("a1", "b1").ok();
    team("a1", "c1").fails(1).says(&["stands for b1 already"]);
    team("b1", "a1").fails(1).says(&["in a circle, since team a1 of p is b1"]);
    // Of another provider too.
    let crossed = ["confirm", "--provider", "q", "--kind", "team", "--from", "b1", "--to", "a1"];
    run(&place, &crossed).fails(1).says(&["in a circle, since team a1 of p is b1"]);
    seen(&place, &evening());
    run(&place, &["confirm", "--link", "cmd368:1", "isport:13"]).fails(1).says(&["never one"]);
    // Also where another provider has them.
    let both: Vec<_> =
        evening().into_iter().flat_map(|facts| [facts, EventFacts { provider: "r", ..facts }]).collect();
    seen(&place, &both);
    run(&place, &["confirm", "--link", "cmd368:1", "isport:13"]).fails(1).says(&["never one"]);
    // What several others confirm together.
    let name = |word: &str, provider: &str, from: &str, to: &str| {
        run(&place, &[word, "--provider", provider, "--kind", "team", "--from", from, "--to", to])
    };
    name("confirm", "p", "b1", "c1").ok();
    let ran = name("reject", "p", "a1", "c1").fails(1);
    assert!(ran.err.contains("rejected first: team a1 of p is b1; team b1 of p is c1"), "{}", ran.err);
    name("reject", "p", "a1", "A1").fails(1).says(&["both are one name"]);
}

#[test]
fn bad_usage_and_files_that_cannot_be_used_are_exit_2() {
    let place = Place::new();
    for args in [&["list"][..], &["confirm", "1"], &["reject", "1"]] {
        run(&place, args).fails(2).says(&["data/ag.sqlite: there is no such database", "replay --db"]);
    }
    let kind = ["confirm", "--provider", "p", "--from", "a", "--to", "b", "--kind"];
    let cases: &[(&[&str], &str)] = &[
        (&["confirm"], "N"),
        (&["confirm", "one"], "one"),
        (&["confirm", "1", "--link", "p:1", "q:1"], "--link"),
        (&["confirm", "1", "--provider", "p"], "--provider"),
        (&["confirm", "--provider", "p"], "--kind"),
        (&["confirm", "--from", "x"], "--provider"),
        (&["confirm", "--link", "p:1"], "--link"),
        (&["confirm", "--link", "p:1", "q"], "--link q: not PROVIDER:EVENT"),
        (&["confirm", "--link", ":1", "q:1"], "--link :1: not PROVIDER:EVENT"),
        (&["confirm", "--provider", "p", "--kind", "team", "--from", "--", "--to", "b"], "--"),
        (
            &["confirm", "--provider", "p", "--kind", "team", "--from", "...", "--to", "b"],
            "--from ...: a name without a letter",
        ),
        (&["reject"], "N"),
        (&["reject", "1", "--link", "p:1", "q:1"], "--link"),
        (&["reject", "--provider", "p", "--kind", "team", "--from", "a"], "--to"),
        (&["reject", "--link", "p:1", "q"], "--link q: not PROVIDER:EVENT"),
        (&["reject", "--link", "p:1", "q:1"], "there is no such database"),
        (&["list", "--wrong"], "--wrong"),
    ];
    for (args, says) in cases {
        run(&place, args).fails(2).says(&[says]);
    }
    for word in ["confirm", "reject"] {
        let forms =
            ["<N>", "--provider <P> --kind <KIND> --from <NAME> --to <NAME>", "--link <P:EVENT> <P:EVENT>"];
        let forms = forms.map(|form| format!("antigravity identity {word} [--db <FILE>] {form}"));
        run(&place, &[word]).fails(2).says(&forms.each_ref().map(String::as_str));
    }
    run(&place, &[&kind[..], &["club"]].concat()).fails(2).says(&["club", "team"]);
    assert!(!place.path("data").exists());

    let garbage = place.file("garbage", "no database, but long enough to be looked at as if it were one");
    for args in [&["list"][..], &["confirm", "1"], &["reject", "1"], &["confirm", "--link", "p:1", "q:1"]] {
        run(&place, &[args, &["--db", "garbage"]].concat()).fails(2).says(&["garbage: no SQLite database"]);
        run(&place, &[args, &["--db", "."]].concat()).fails(2).says(&["no regular file"]);
    }
    assert!(std::fs::read(garbage).unwrap().starts_with(b"no database"));
    run(&place, &["confirm", "--link", "p:1", "q:1", "--db", "garbage/x"]).fails(2).says(&["garbage/x"]);
}

#[test]
fn nothing_from_outside_steers_a_terminal() {
    let place = Place::new();
    let (id, other) = (format!("1{EVIL}\n2"), format!("2{EVIL}"));
    let running = |facts| EventFacts { starts_at: None, in_play: true, ..facts };
    let names = [format!("Man {EVIL}Utd"), format!("Manchester {EVIL}Utd")];
    let title = EventFacts {
        home: None,
        away: None,
        competition: None,
        title: Some(EVIL),
        sport: Some(EVIL),
        ..facts(EVIL, &id, "", "")
    };
    seen(
        &place,
        &[
            running(facts("p", &id, &names[0], "Everton")),
            running(facts("q", &other, &names[1], "Everton")),
            title,
        ],
    );
    let ran = run(&place, &["list"]).ok();
    harmless(&ran.out);
    assert!(ran.out.contains("p 1\u{fffd}[2J"), "{}", ran.out);
    let first = &list(&place)["suggestions"][0];
    assert_eq!(
        (&first["a"]["event_id"], &first["confirms"]),
        (&json!(id), &json!("link")),
        "JSON says what it is"
    );
    for args in [
        &["reject", &first["id"].to_string()][..],
        &["confirm", &first["id"].to_string()],
        &["confirm", "--link", &format!("p:{EVIL}"), &format!("q{EVIL}:1")],
        &["confirm", "--provider", EVIL, "--kind", "team", "--from", "x y", "--to", "y z"],
        &["reject", "--provider", EVIL, "--kind", "team", "--from", "z y", "--to", "y x"],
        &["list"],
    ] {
        let ran = run(&place, args).ok();
        harmless(&ran.out);
        harmless(&ran.err);
        assert!(args[0] == "list" || ran.out.lines().count() == 1, "{}", ran.out);
    }
    harmless(&run(&place, &["list", "--db", &format!("{EVIL}.sqlite")]).fails(2).err);
}

/// A table has an end; the document has everything.
#[test]
fn a_long_list() {
    let place = Place::new();
    let ids: Vec<String> = (0..70).map(|number| number.to_string()).collect();
    let events: Vec<_> = ids.iter().map(|id| facts("p", id, "Arsenal", "Everton")).collect();
    seen(&place, &events);
    let ran = run(&place, &["list"]).ok().says(&["20 more events: --json lists all"]);
    assert_eq!(ran.out.matches("arsenal").count(), 50);
    assert_eq!(list(&place)["unpaired"].as_array().unwrap().len(), 70);
}
