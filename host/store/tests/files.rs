//! Files: what is made, what is opened again, what is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

mod common;

use antigravity_core::identity::{Confirmation, Kind, Rejection};
use antigravity_store::{Problem, Store, StoreError};
use common::{alias, at, link, name};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::Barrier;

fn place() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[track_caller]
fn problem(path: &Path) -> Problem {
    match Store::open(path) {
        Err(StoreError::Unusable { path: named, problem }) => {
            assert_eq!(named, path);
            problem
        }
        other => panic!("{other:?}"),
    }
}

/// What SQLite alone says of a file.
fn pragma(path: &Path, name: &str) -> String {
    let value = |row: &rusqlite::Row<'_>| row.get::<_, rusqlite::types::Value>(0);
    match Connection::open(path).unwrap().pragma_query_value(None, name, value).unwrap() {
        rusqlite::types::Value::Integer(number) => number.to_string(),
        rusqlite::types::Value::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_new_file_with_its_directories() {
    let place = place();
    let path = place.path().join("a/b/ag.sqlite");
    let mut store = Store::open(&path).unwrap();
    assert!(store.confirm(&alias("P", "Man Utd", "Manchester United"), at(1)).unwrap());
    drop(store);
    assert_eq!(pragma(&path, "journal_mode"), "wal");
    assert_eq!(pragma(&path, "user_version"), "3");
    let files: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().collect();
    assert_eq!(files.len(), 1, "nothing stays beside it: {files:?}");
    let book = Store::open(&path).unwrap().aliases().unwrap();
    assert_eq!(book.resolve("p", Kind::Team, name("MAN UTD")), name("Manchester United"));
}

/// Names that mean another thing to SQLite.
#[test]
fn any_name_is_a_name() {
    let place = place();
    for name in [":memory:", "file:x?mode=memory", "ä 'b' \u{1b}[2J.sqlite"] {
        let path = place.path().join(name);
        Store::open(&path).unwrap().confirm(&alias("p", "a1", "b1"), at(1)).unwrap();
        assert!(path.is_file(), "{name}");
        assert!(!Store::open(&path).unwrap().confirm(&alias("p", "a1", "b1"), at(1)).unwrap());
    }
    assert!(matches!(problem(Path::new("")), Problem::Path(_)));
}

#[test]
fn what_is_not_there_is_not_made() {
    let place = place();
    let path = place.path().join("none/ag.sqlite");
    let error = Store::open_existing(&path).unwrap_err();
    assert_eq!(error.to_string(), format!("{}: there is no such database", path.display()));
    assert!(!path.parent().unwrap().exists());
    Store::open(&path).unwrap();
    Store::open_existing(&path).unwrap();
}

#[test]
fn what_is_no_database() {
    let place = place();
    let garbage = place.path().join("garbage");
    let short = place.path().join("short");
    std::fs::write(&garbage, [0x5a; 8192]).unwrap();
    std::fs::write(&short, "SQLite format 3\0").unwrap();
    for file in [garbage, short] {
        let before = std::fs::read(&file).unwrap();
        assert!(matches!(problem(&file), Problem::NoDatabase), "{}", file.display());
        assert_eq!(
            Store::open(&file).unwrap_err().to_string(),
            format!("{}: no SQLite database", file.display())
        );
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }
    assert!(matches!(problem(place.path()), Problem::NoFile));
    let below = place.path().join("short/ag.sqlite");
    assert!(matches!(problem(&below), Problem::Directory(_)));
    assert!(matches!(
        Store::open_existing(&below),
        Err(StoreError::Unusable { problem: Problem::Missing, .. })
    ));
    // Nothing is what SQLite itself makes at first.
    let empty = place.path().join("empty");
    std::fs::write(&empty, "").unwrap();
    Store::open(&empty).unwrap();
}

/// A damaged page is said, whatever page it is; it is never taken for less than was written.
#[test]
fn a_damaged_file() {
    let place = place();
    let path = place.path().join("ag.sqlite");
    let mut store = Store::open(&path).unwrap();
    for number in 0..200 {
        store.confirm(&alias("p", &format!("x{number}"), &format!("y{number}")), at(1)).unwrap();
    }
    drop(store);
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let error = Store::open(&path).and_then(|store| store.aliases()).unwrap_err().to_string();
    assert!(error.contains("ag.sqlite") && error.contains("malformed"), "{error}");
}

/// Where nothing can be written, whoever asks.
#[cfg(target_os = "linux")]
#[test]
fn a_place_that_cannot_be_written() {
    assert!(matches!(problem(Path::new("/proc/ag.sqlite")), Problem::CannotOpen));
    assert!(matches!(problem(Path::new("/proc/none/ag.sqlite")), Problem::Directory(_)));
    assert!(matches!(problem(Path::new("/proc/version")), Problem::NoDatabase | Problem::CannotOpen));
    assert!(matches!(problem(Path::new("/dev/zero")), Problem::NoFile));
}

#[test]
fn a_newer_program_wrote_it() {
    let place = place();
    let path = place.path().join("ag.sqlite");
    Store::open(&path).unwrap();
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 4).unwrap();
    assert!(matches!(problem(&path), Problem::Newer { found: 4, known: 3 }));
    assert_eq!(pragma(&path, "user_version"), "4");
}

/// What is refused is not written to: not even its way of keeping a journal changes.
#[test]
fn another_programs_database_stays_as_it_is() {
    let place = place();
    for (pragma, newer) in [("application_id", false), ("user_version", true)] {
        let path = place.path().join(pragma);
        let other = Connection::open(&path).unwrap();
        other.execute_batch("CREATE TABLE theirs (x)").unwrap();
        other.pragma_update(None, pragma, 77).unwrap();
        drop(other);
        let before = std::fs::read(&path).unwrap();
        match problem(&path) {
            Problem::Newer { found: 77, .. } => assert!(newer),
            Problem::Foreign => assert!(!newer),
            other => panic!("{other:?}"),
        }
        assert_eq!(std::fs::read(&path).unwrap(), before, "{pragma}");
    }
}

/// A file whose tables are older, or of which somebody took columns.
#[test]
fn what_is_missing_is_added() {
    for version in [0, 1, 2, 3] {
        let place = place();
        let path = place.path().join("ag.sqlite");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(
            "CREATE TABLE mine (x);
             INSERT INTO mine VALUES (7);
             CREATE TABLE identity_alias (PROVIDER TEXT, kind TEXT, from_text TEXT, to_text TEXT,
                 PRIMARY KEY (provider, kind, from_text));
             INSERT INTO identity_alias VALUES ('p', 'team', 'a1', 'b1');
             CREATE TABLE identity_rejected (kind TEXT, provider_a TEXT, a TEXT, provider_b TEXT, b TEXT);
             INSERT INTO identity_rejected VALUES ('team', 'p', 'c1', 'q', 'd1');",
        )
        .unwrap();
        old.pragma_update(None, "user_version", 0).unwrap();
        drop(old);
        if version > 0 {
            Store::open(&path).unwrap();
            let taken = Connection::open(&path).unwrap();
            taken.execute_batch("ALTER TABLE identity_alias DROP COLUMN confirmed_at").unwrap();
            if version == 1 {
                taken
                    .execute_batch(
                        "ALTER TABLE identity_link DROP COLUMN suggestion;
                         DROP TABLE identity_provider;
                         DROP TABLE observed_contracts;
                         PRAGMA user_version = 1;",
                    )
                    .unwrap();
            }
            if version == 2 {
                taken.execute_batch("DROP TABLE observed_contracts; PRAGMA user_version = 2;").unwrap();
            }
        }
        let mut store = Store::open(&path).unwrap();
        let book = store.aliases().unwrap();
        assert_eq!(book.resolve("p", Kind::Team, name("a1")), name("b1"));
        assert_eq!(store.confirmed().unwrap().iter().map(|it| it.at).collect::<Vec<_>>(), [None]);
        assert_eq!(store.providers().unwrap(), []);
        assert_eq!(store.observed().unwrap(), []);
        assert!(store.confirm(&alias("p", "e1", "f1"), at(1)).unwrap());
        let rejection =
            Rejection::Names { kind: Kind::Team, a: ("p".into(), name("g1")), b: ("q".into(), name("h1")) };
        assert!(store.reject(&rejection, at(1)).unwrap().new);
        let mine: i64 =
            Connection::open(&path).unwrap().query_row("SELECT x FROM mine", [], |row| row.get(0)).unwrap();
        assert_eq!(mine, 7, "what is there stays");
    }
}

#[test]
fn a_table_of_another_program() {
    let place = place();
    let path = place.path().join("ag.sqlite");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE identity_link (a, b)").unwrap();
    assert!(matches!(problem(&path), Problem::Column { table: "identity_link", column: "provider_a" }));
    assert_eq!(pragma(&path, "user_version"), "0");
    let tables =
        Connection::open(&path)
            .unwrap()
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0));
    assert_eq!(tables, Ok(1), "nothing was added to it");
}

#[test]
fn a_row_that_is_not_ours_is_named() {
    for (change, says) in [
        (
            "INSERT INTO identity_alias VALUES ('p', 'club', 'a1', 'b1', '', NULL)",
            "table `identity_alias`, row 2, column `kind`: no kind of name: `club`",
        ),
        (
            "INSERT INTO identity_alias VALUES ('p', 'team', 'A1', 'b1', '', NULL)",
            "row 2, column `from_text`: the name is not in its normal form, `a1`",
        ),
        (
            "INSERT INTO identity_alias VALUES ('p', 'team', '--', 'b1', '', NULL)",
            "row 2, column `from_text`: a name without",
        ),
        (
            "INSERT INTO identity_alias VALUES ('p', 'team', 'y1', 'x1', '', NULL)",
            "row 2, column `to_text`: the names would stand for each other in a circle, since team x1 of p is y1",
        ),
        (
            "INSERT INTO identity_alias VALUES ('p', 'team', 'z1', 'z1 (women)', '', NULL)",
            "row 2, column `to_text`: women's",
        ),
        (
            "INSERT INTO identity_link VALUES ('p', '1', 'p', '2', '', NULL)",
            "table `identity_link`, row 1, column `event_b`: two events",
        ),
        (
            "INSERT INTO identity_rejected VALUES ('teams', 'p', '1', 'p', '2', '')",
            "table `identity_rejected`, row 1, column `kind`",
        ),
    ] {
        let place = place();
        let path = place.path().join("ag.sqlite");
        Store::open(&path).unwrap().confirm(&alias("p", "x1", "y1"), at(1)).unwrap();
        Connection::open(&path).unwrap().execute(change, []).unwrap();
        let error = Store::open(&path).unwrap().aliases().unwrap_err().to_string();
        assert!(error.contains("ag.sqlite: ") && error.contains(says), "{change}: {error}");
    }
}

/// Aliases of two providers that lead to each other, as an older program took them: said, and mended.
#[test]
fn aliases_that_contradict_each_other_can_be_withdrawn() {
    let place = place();
    let path = place.path().join("ag.sqlite");
    let mut store = Store::open(&path).unwrap();
    let file = Connection::open(&path).unwrap();
    for (provider, from, to) in
        [("p", "a1", "b1"), ("q", "b1", "a1"), ("p", "c1", "d1"), ("q", "d1", "c1"), ("q", "e1", "f1")]
    {
        let row = "INSERT INTO identity_alias VALUES (?1, 'team', ?2, ?3, '', NULL)";
        file.execute(row, [provider, from, to]).unwrap();
    }
    let says = store.aliases().unwrap_err().to_string();
    assert!(says.ends_with("in a circle, since team a1 of p is b1"), "{says}");
    assert_eq!(store.confirmed().unwrap().len(), 5, "all of it can be seen");
    for crossed in [alias("q", "b1", "a1"), alias("q", "d1", "c1")] {
        let Confirmation::Alias(alias) = crossed.clone() else { unreachable!() };
        let rejected = store.reject(&Rejection::Alias(alias), at(1)).unwrap();
        assert_eq!(rejected.withdrawn, [crossed]);
    }
    let book = store.aliases().unwrap();
    assert_eq!(book.resolve("p", Kind::Team, name("c1")), name("d1"));
    assert_eq!(store.confirmed().unwrap().len(), 3);
}

/// Threads with a handle of their own make one file, all at the same time.
#[test]
fn many_make_one_file() {
    const WRITERS: usize = 8;
    let place = place();
    for round in 0..16 {
        let path: PathBuf = place.path().join(format!("{round}/ag.sqlite"));
        let barrier = Barrier::new(WRITERS);
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (path, barrier) = (&path, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    let mut store = Store::open(path).unwrap();
                    assert!(store.confirm(&alias("p", &format!("x{writer}"), "y1"), at(1)).unwrap());
                });
            }
        });
        let book = Store::open(&path).unwrap().aliases().unwrap();
        for writer in 0..WRITERS {
            assert_eq!(book.resolve("p", Kind::Team, name(&format!("x{writer}"))), name("y1"));
        }
    }
}

/// Two handles see each other's answers, and what contradicts one of them is refused.
#[test]
fn two_handles() {
    let place = place();
    let path = place.path().join("ag.sqlite");
    let (mut one, mut other) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
    assert!(one.confirm(&alias("p", "a1", "b1"), at(1)).unwrap());
    assert!(!other.confirm(&alias("P", "A1", "B1"), at(2)).unwrap());
    let refused = other.confirm(&alias("p", "b1", "a1"), at(2)).unwrap_err();
    let says = "the names would stand for each other in a circle, since team a1 of p is b1";
    assert_eq!(refused.to_string(), says);
    assert!(other.confirm(&link(("p", "1"), ("q", "1")), at(2)).unwrap());
    assert!(!one.confirm(&link(("Q", "1"), ("p", "1")), at(2)).unwrap());
    let refused = one.confirm(&link(("q", "1"), ("p", "2")), at(2)).unwrap_err();
    assert_eq!(refused.to_string(), "two events of one provider would be one");
}
