//! Observed contracts are kept as they were learned.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

mod common;

use antigravity_core::drift::{Declared, Observed, Shape, Types};
use antigravity_store::Store;
use common::{at, open};
use rusqlite::Connection;

/// So many bodies with `a`, after which it is a text; what that changed.
fn observed(endpoint: &str, version: u32, bodies: u64, seconds: i64) -> Observed {
    let (mut shape, declared) = (Shape::default(), Declared::default());
    let id = shape.number("a").unwrap();
    for _ in 0..bodies {
        shape.learn(&[(id, Types::NUMBER)], &declared);
    }
    let changes = if version > 1 { shape.learn(&[(id, Types::STRING)], &declared) } else { Vec::new() };
    let (provider, endpoint) = ("acme".to_owned(), endpoint.to_owned());
    Observed { provider, endpoint, version, first_seen: at(seconds), shape, changes }
}

#[test]
fn versions_are_kept_and_go_on() {
    let place = tempfile::tempdir().unwrap();
    let (first, second, other) =
        (observed("odds", 1, 20, 1), observed("odds", 2, 30, 2), observed("book", 1, 3, 3));
    assert_eq!(second.changes.len(), 1);
    open(&place).keep_observed(&[second.clone(), first.clone(), other.clone()]).unwrap();
    assert_eq!(open(&place).observed().unwrap(), [other.clone(), first.clone(), second]);

    // What more was learned takes its place; when it was first seen stays.
    let later = observed("odds", 2, 40, 99);
    open(&place).keep_observed(std::slice::from_ref(&later)).unwrap();
    assert_eq!(open(&place).observed().unwrap(), [other, first, Observed { first_seen: at(2), ..later }]);
}

#[test]
fn a_row_that_is_not_ours_is_named() {
    for (change, says) in [
        ("shape_json = '{}'", "column `shape_json`: missing field `antigravity_shape`"),
        (
            "shape_json = replace(shape_json, '\"seen\":31', '\"seen\":99')",
            "column `shape_json`: path `a`: its counts",
        ),
        ("diff_json = '[{}]'", "column `diff_json`: missing field `path`"),
        ("first_seen = 'then'", "column `first_seen`"),
        ("version = -1", "column `version`"),
    ] {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("ag.sqlite");
        Store::open(&path).unwrap().keep_observed(&[observed("odds", 2, 30, 1)]).unwrap();
        let sql = format!("UPDATE observed_contracts SET {change}");
        Connection::open(&path).unwrap().execute(&sql, []).unwrap();
        let error = Store::open(&path).unwrap().observed().unwrap_err().to_string();
        assert!(
            error.contains("table `observed_contracts`, row 1, ") && error.contains(says),
            "{change}: {error}"
        );
    }
}
