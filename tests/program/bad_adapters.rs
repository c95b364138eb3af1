//! Files in the directory of adapters that are none: a clear error each, and nothing else affected.

use crate::support::{Place, Ran, cmd368, frame, full, image, text};
use antigravity_tests::components;
use std::path::{Path, PathBuf};

/// The adapters of two providers in a directory of their own.
pub fn directory(place: &Place) -> PathBuf {
    let directory = place.path("adapters");
    std::fs::create_dir_all(&directory).unwrap();
    for provider in ["cmd368", "betfair"] {
        let name = format!("{provider}.wasm");
        std::fs::copy(components().join(&name), directory.join(&name)).unwrap();
    }
    directory
}

pub fn traffic(place: &Place) -> PathBuf {
    let packets = [
        cmd368(0, &full(1, "0.91", "-0.99")),
        frame(1, &image()),
        cmd368(30, &full(2, "0.92", "-0.98")),
        cmd368(31, "{}"),
    ];
    place.capture("traffic.capture.ndjson", &packets)
}

fn replay(place: &Place, file: &Path, adapters: &Path) -> Ran {
    place.replay_with(file, &["--adapters", text(adapters)])
}

fn component(source: &str) -> Vec<u8> {
    wat::parse_str(source).unwrap()
}

/// A component whose contract, as it stands in the file, is not what its code says.
fn liar() -> Vec<u8> {
    let mut bytes = std::fs::read(components().join("cmd368.wasm")).unwrap();
    let (from, to) = (b"\"stale_after_ms\":90000", b"\"stale_after_ms\":10000");
    let spots: Vec<usize> = (0..bytes.len() - from.len()).filter(|&i| bytes[i..].starts_with(from)).collect();
    assert_eq!(spots.len(), 1);
    bytes[spots[0]..spots[0] + to.len()].copy_from_slice(to);
    bytes
}

/// An adapter whose contract, in the file and in what its code says, holds `to` instead of `from`.
fn altered(provider: &str, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = std::fs::read(components().join(format!("{provider}.wasm"))).unwrap();
    let spots: Vec<usize> = (0..bytes.len() - from.len()).filter(|&i| bytes[i..].starts_with(from)).collect();
    assert!(spots.len() >= 2, "in the code and in the contract");
    for spot in spots {
        bytes[spot..spot + to.len()].copy_from_slice(to);
    }
    bytes
}

/// Files that are no adapters, each with what is said of it.
pub fn bad() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let sound = std::fs::read(components().join("cmd368.wasm")).unwrap();
    let clock = r#"(component (import "wasi:clocks/monotonic-clock@0.2.0" (instance (export "now" (func (result u64))))))"#;
    let other = |version: &str| {
        component(&format!(
            "(component (instance $i) (export \"antigravity:adapter/decoder@{version}\" (instance $i)))"
        ))
    };
    vec![
        ("text.wasm", b"this is no component".to_vec(), "not a WebAssembly component"),
        ("empty.wasm", Vec::new(), "not a WebAssembly component"),
        ("half.wasm", sound[..sound.len() / 2].to_vec(), "not a WebAssembly component"),
        ("module.wasm", component("(module)"), "it is a core module, not a component"),
        (
            "imports.wasm",
            component(clock),
            "it imports wasi:clocks/monotonic-clock@0.2.0; an adapter imports nothing",
        ),
        (
            "newer.wasm",
            other("0.3.0"),
            "it exports no interface `antigravity:adapter/decoder@…` of a version that is known here (0.1, 0.2); \
             it exports antigravity:adapter/decoder@0.3.0",
        ),
        (
            "foreign.wasm",
            component("(component)"),
            "it exports no interface `antigravity:adapter/decoder@…` of a version that is known here (0.1, 0.2)",
        ),
        ("bare.wasm", other("0.1.0"), "it has no custom section `antigravity:contract`"),
        ("large.wasm", vec![0; (16 << 20) + 1], "16777217 bytes; the limit is 16777216"),
        (
            "liar.wasm",
            liar(),
            "describe() says something else than the contract in the file (field `stale_after_ms`)",
        ),
        (
            "schema.wasm",
            altered("cmd368", b"\"required\":", b"\"requirex\":"),
            "contract cmd368@0.1.0: endpoints[0].schema/requirex: unsupported keyword `requirex`",
        ),
        (
            "secret.wasm",
            altered("betfair", b"requests: /appKey", b"requests: xappKey"),
            "contract betfair@0.1.0: secrets: `requests: xappKey`: not a JSON pointer",
        ),
    ]
}

#[test]
fn each_is_named_with_its_fault_and_left_out() {
    let place = Place::new();
    let (directory, file) = (directory(&place), traffic(&place));
    let alone = replay(&place, &file, &directory).ok().counts(4, &[("parsed", 3), ("rejected", 1)]);
    assert_eq!(alone.err, "");
    for (name, bytes, fault) in bad() {
        let path = directory.join(name);
        std::fs::write(&path, bytes).unwrap();
        let ran = replay(&place, &file, &directory).ok();
        assert_eq!(ran.out, alone.out, "{name}");
        let said = format!("error: adapter {}: {fault}", text(&path));
        assert!(ran.err.starts_with(&said) && ran.err.lines().count() == 1, "{name}: {}", ran.err);
        std::fs::remove_file(&path).unwrap();
    }
}

#[test]
fn all_at_once_hide_nothing() {
    let place = Place::new();
    let (directory, file) = (directory(&place), traffic(&place));
    let alone = replay(&place, &file, &directory).ok();
    for (name, bytes, _) in bad() {
        std::fs::write(directory.join(name), bytes).unwrap();
    }
    std::fs::write(directory.join("notes.txt"), "not looked at").unwrap();
    std::fs::create_dir(directory.join("folder.wasm")).unwrap();
    let ran = replay(&place, &file, &directory).ok();
    assert_eq!(ran.out, alone.out);
    assert_eq!(ran.err.matches("error: ").count(), bad().len() + 1, "{}", ran.err);
    let list = place.run(["adapter", "list", "--json", "--adapters", text(&directory)]);
    assert_eq!(list.out.lines().count(), 2, "{}", list.out);
    for (name, _, fault) in bad() {
        assert!(list.err.contains(name) && list.err.contains(fault), "{name}: {}", list.err);
    }
}

#[test]
fn what_can_be_seen_without_running_it_is_seen_by_inspect() {
    let place = Place::new();
    for (name, bytes, fault) in bad() {
        let file = place.file(name, bytes);
        let ran = place.run(["adapter", "inspect", text(&file)]);
        if name == "liar.wasm" {
            ran.ok();
        } else {
            ran.fails(2).says(&[text(&file), fault]);
        }
    }
}

#[test]
fn of_two_adapters_of_one_provider_the_second_is_left_out() {
    let place = Place::new();
    let (directory, file) = (directory(&place), traffic(&place));
    let alone = replay(&place, &file, &directory).ok();
    let (first, second) = (directory.join("cmd368.wasm"), directory.join("second.wasm"));
    std::fs::copy(&first, &second).unwrap();
    let said = format!(
        "error: adapter {}: cmd368 has an adapter already, {}; it is left out\n",
        text(&second),
        text(&first)
    );
    let ran = replay(&place, &file, &directory).ok();
    assert_eq!((ran.out, &ran.err), (alone.out, &said));
    let list = place.run(["adapter", "list", "--json", "--adapters", text(&directory)]).ok();
    assert_eq!((list.out.lines().count(), &list.err), (2, &said));
}
