//! A recorded HAR file whose odds are encrypted: everything is counted, nothing is guessed.

use crate::support::{json, recorded};
use antigravity_capture::{HarReader, Line, Progress, Source};
use antigravity_core::Packet;
use antigravity_engine::{Emit, File, Lines, Marks, replay};
use antigravity_runtime::Adapter;
use antigravity_tests::{captures, component, components, sandbox};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;

const FILE: &str = "oddsportal_har/live_listing_redacted.har";

fn file() -> Option<PathBuf> {
    Some(captures()?.join(FILE))
}

/// The ledger of a replay of the file through these components.
fn ledger(path: PathBuf, files: &[PathBuf], marks: &Marks) -> Value {
    let sandbox = sandbox();
    let adapters: Vec<_> =
        files.iter().map(|file| Arc::new(Adapter::load(&sandbox, file).unwrap())).collect();
    let mut text = Vec::new();
    let mut lines =
        Lines::new(&mut text, Emit { quotes: true, board: true, ledger: true, ..Emit::default() });
    let captures = [File { path, account: None }];
    let done = replay(&adapters, &captures[..], marks, 1, &Progress::default(), &mut lines);
    lines.finish(&done.unwrap().0).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert_eq!(text.lines().count(), 1, "no quote comes of it: {text}");
    json(&text)
}

#[test]
fn every_entry_is_imported() {
    let (Some(path), Some(har)) = (file(), recorded(FILE)) else { return };
    let har = json(&har);
    let entries = har["log"]["entries"].as_array().unwrap();
    let mut reader = HarReader::open(&path, None, &Progress::default()).unwrap();
    let mut packets: Vec<Packet> = Vec::new();
    while let Some(record) = reader.next().unwrap() {
        let Line::Packet(packet) = record.line else { panic!("a packet") };
        packets.push(packet);
    }
    assert_eq!(packets.len(), entries.len());
    let mut urls: Vec<&str> = entries.iter().map(|entry| entry["request"]["url"].as_str().unwrap()).collect();
    let mut read: Vec<&str> = packets.iter().map(|packet| &*packet.url).collect();
    urls.sort_unstable();
    read.sort_unstable();
    assert_eq!(read, urls);
    // The page asks for the games that it lists; the listing was read from it by somebody else.
    let listing = json(&recorded("oddsportal_har/live_listing_expected.json").unwrap());
    let listed = listing.as_array().unwrap().iter().map(|game| game["match_link"].as_str().unwrap());
    let mut listed: Vec<String> = listed.map(|link| link.rsplit_once('#').unwrap().1.to_owned()).collect();
    let asked = packets.iter().filter_map(|packet| packet.request_body.as_deref());
    let asked = asked.map(json).find(|body| body.get("onlyEssentials").is_some()).unwrap();
    let asked = asked["onlyEssentials"].as_array().unwrap().iter();
    let mut asked: Vec<String> = asked.map(|id| id.as_str().unwrap().to_owned()).collect();
    listed.sort_unstable();
    asked.sort_unstable();
    assert_eq!(asked, listed);
}

#[test]
fn to_adapters_of_other_providers_it_is_unmatched() {
    let Some(path) = file() else { return };
    let known: Vec<PathBuf> =
        ["afb88", "betfair", "cmd368", "isport"].map(|name| components().join(format!("{name}.wasm"))).into();
    let ledger = ledger(path, &known, &Marks::Recognised);
    assert_eq!(
        (&ledger["captured"], &ledger["unmatched"]),
        (&Value::from(135), &Value::from(135)),
        "{ledger}"
    );
}

#[test]
fn to_an_adapter_that_is_bound_to_it_the_encrypted_bodies_are_opaque() {
    let Some(path) = file() else { return };
    let newcomer = [component(&sandbox(), "tests/newcomer")];
    let bound = Marks::Named(vec![("A".to_owned(), "newcomer".to_owned())]);
    let rejected = ledger(path.clone(), &newcomer, &bound);
    // Three polls of the feed.
    assert_eq!(
        (&rejected["rejected"], &rejected["unmatched"]),
        (&Value::from(3), &Value::from(132)),
        "{rejected}"
    );
    assert_eq!(rejected["reasons"]["rejected:opaque"], 3, "{rejected}");
    let unbound = Marks::Named(vec![("B".to_owned(), "newcomer".to_owned())]);
    let not_contracted = ledger(path, &newcomer, &unbound);
    assert_eq!(not_contracted["not_contracted"], 3, "{not_contracted}");
}
