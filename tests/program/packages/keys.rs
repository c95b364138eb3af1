//! Signing, and whose signatures count.

use super::{ALICE, ALICE_S, Shop, versioned};
use crate::support::text;
use serde_json::{Value, json};
use std::path::Path;

#[test]
fn trusted_keys() {
    let shop = Shop::new();
    let (alice, mallory) = (shop.0.path("keys/alice.pem"), shop.0.path("keys/mallory.pem"));
    assert_eq!(shop.run(&["trust", text(&alice)]).ok().out, format!("{ALICE_S}  alice  trusted already\n"));
    shop.run(&["trust", text(&mallory), "--name", "alice"])
        .fails(2)
        .says(&["another key is trusted as `alice`"]);
    shop.run(&["trust", text(&mallory), "--name", "../x"]).fails(2).says(&["`../x`: a key's name is "]);
    let private = shop.0.path("keys/mallory.key.pem");
    shop.run(&["trust", text(&private)]).fails(2).says(&[text(&private), "it is a private key"]);
    shop.run(&["trust", text(&mallory), "--remove", "alice"]).fails(2);
    let listed = shop.run(&["trust", "--json"]).ok();
    let file = shop.0.path("data/antigravity/trusted/alice.pem");
    let row: Value = serde_json::from_str(&listed.out).unwrap();
    assert_eq!(row, json!({"name": "alice", "fingerprint": ALICE_S, "file": file}));
    // What is no key is told wherever keys count.
    let broken = file.with_file_name("broken.pem");
    std::fs::write(&broken, "no key").unwrap();
    let said = format!("trusted key {}: not a PEM file", text(&broken));
    let ran = shop.run(&["trust"]).fails(1).says(&[&said]);
    assert!(ran.out.contains("alice") && ran.out.contains(ALICE_S), "{}", ran.out);
    let ran = shop.install(&shop.signed("cmd368", "0.1.0", "alice"), &[]).ok();
    assert!(ran.err.contains(&format!("warning: {said}; it vouches for nothing")), "{}", ran.err);
    assert_eq!(shop.run(&["trust", "--remove", "broken"]).ok().out.lines().count(), 1);
    shop.run(&["trust", "--remove", "alice"]).ok();
    shop.run(&["trust", "--remove", "alice"]).fails(2).says(&["no key `alice` is trusted"]);
    assert!(shop.run(&["trust"]).ok().out.starts_with("no key is trusted: "));
}

#[test]
fn signing() {
    let shop = Shop::new();
    let plain = shop.0.file("plain.wasm", versioned("cmd368", "0.1.0"));
    let (key, out) = (shop.0.path("keys/alice.key.pem"), shop.0.path("signed.wasm"));
    let before = std::fs::read(&plain).unwrap();
    let ran = shop.run(&["sign", text(&plain), "--key", text(&key), "-o", text(&out)]).ok();
    assert_eq!(ran.out, format!("cmd368@0.1.0  signed by {ALICE_S}  {}\n", text(&out)));
    assert_eq!(std::fs::read(&plain).unwrap(), before);
    let signed = std::fs::read(&out).unwrap();
    assert_eq!((&signed[..before.len()], signed.len()), (&before[..], before.len() + 121));
    shop.run(&["inspect", text(&out)]).ok();
    let sign = |file: &Path, key: &Path, out: &Path| {
        shop.run(&["sign", text(file), "--key", text(key), "-o", text(out)])
    };
    let public = shop.0.path("keys/alice.pem");
    sign(&plain, &public, &out)
        .fails(2)
        .says(&[text(&public), "it is a public key; signing takes the private one"]);
    sign(&plain, &shop.0.path("none.pem"), &out).fails(2).says(&["none.pem", "No such file"]);
    sign(&plain, &key, &key).fails(2).says(&["that is the key"]);
    assert_eq!(std::fs::read_to_string(&key).unwrap(), ALICE);
    sign(&key, &key, &out).fails(2).says(&["not a WebAssembly component"]);
    let added = shop.0.file("added.wasm", [&signed[..], b"\0\x02\x01x"].concat());
    sign(&added, &key, &out).fails(2).says(&[text(&added), "is not the last: something was added"]);
    sign(&plain, &key, &shop.0.path("no/folder.wasm"))
        .fails(1)
        .says(&["no/folder.wasm: it cannot be written"]);
    assert_eq!(std::fs::read(&out).unwrap(), signed);
}
