//! Installing, going back, removing; and what is used then.

use super::{ALICE_S, Shop, pairs};
use crate::bad_adapters::{directory, traffic};
use crate::support::{Place, Ran, text};
use antigravity_tests::{components, root};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Child;

#[test]
fn from_a_signature_to_quotes_and_back() {
    let (shop, place) = (Shop::new(), Place::new());
    let traffic = traffic(&place);
    let plain = directory(&place);
    for provider in ["betfair", "cmd368"] {
        let ran = shop.install(&shop.signed(provider, "0.1.0", "alice"), &[]).ok();
        let said = format!("{provider}@0.1.0  installed, signed by alice ({ALICE_S})  ");
        assert!(ran.out.starts_with(&said), "{}", ran.out);
    }
    let expected = place.replay_with(&traffic, &["--adapters", text(&plain)]).ok();
    assert_eq!(shop.replay(&traffic).ok(), expected);

    let newer = shop.signed("cmd368", "0.2.0", "alice");
    assert!(
        shop.install(&newer, &[])
            .ok()
            .out
            .contains("cmd368@0.2.0  installed in place of 0.1.0, signed by alice")
    );
    assert!(shop.install(&newer, &[]).ok().out.contains("cmd368@0.2.0  already installed, signed by alice"));
    let newest = shop.replay(&traffic).ok();
    assert_eq!(newest.out, expected.out.replace("cmd368@0.1.0", "cmd368@0.2.0"));
    assert_eq!(
        shop.states(),
        pairs(&[("betfair@0.1.0", "current"), ("cmd368@0.2.0", "current"), ("cmd368@0.1.0", "previous")])
    );
    let row = &shop.rows()[1];
    let digest = row["sha256"].as_str().unwrap();
    let file = shop.store().join(format!("cmd368/0.2.0-{}.wasm", &digest[..12]));
    assert_eq!(row["file"], json!(file));
    assert_eq!(row["bytes"].as_u64(), Some(file.metadata().unwrap().len()));
    assert_eq!(
        (&row["signer"], &row["signed_by"], &row["wit"]),
        (&json!(ALICE_S), &json!("alice"), &json!("0.2"))
    );
    assert_eq!((&row["problem"], &row["unsigned_allowed"]), (&Value::Null, &json!(false)));
    let shown = shop.run(&["list", "--adapters", text(&shop.store())]).ok().out;
    assert!(
        shown.contains("signed by") && shown.contains(&digest[..12]) && shown.contains("previous"),
        "{shown}"
    );

    let ran = shop.run(&["rollback", "cmd368"]).ok();
    assert!(ran.out.starts_with("cmd368@0.1.0  in use again in place of 0.2.0  "), "{}", ran.out);
    assert_eq!(shop.replay(&traffic).ok(), expected);
    shop.run(&["rollback", "cmd368", "--to", "0.2.0"]).ok();
    assert_eq!(shop.replay(&traffic).ok(), newest);
    assert!(shop.run(&["remove", "cmd368"]).ok().out.starts_with("cmd368@0.2.0  removed; "));
    shop.replay(&traffic).ok().counts(4, &[("parsed", 1), ("unmatched", 3)]);
    shop.run(&["rollback", "cmd368"]).ok();
    assert_eq!(shop.replay(&traffic).ok(), newest);
    shop.run(&["remove", "cmd368", "--purge"]).ok();
    assert_eq!(shop.states(), pairs(&[("betfair@0.1.0", "current")]));
    for args in [&["rollback", "cmd368"][..], &["remove", "cmd368"], &["remove", "../x", "--purge"]] {
        shop.run(args).fails(2).says(&[text(&shop.store()), "no adapter `", "is installed"]);
    }
    shop.run(&["rollback", "betfair"]).fails(2).says(&["no version of `betfair` was in use before"]);
}

#[test]
fn a_folder_is_built_and_installed() {
    let (shop, folder) = (Shop::new(), root().join("tests/newcomer"));
    shop.install(&folder, &[]).fails(2).says(&["newcomer@0.1.0: it is not signed"]);
    let ran = shop.install(&folder, &["--allow-unsigned"]).ok();
    assert!(ran.out.starts_with("newcomer@0.1.0  installed, not signed  "), "{}", ran.out);
    assert_eq!(shop.states(), pairs(&[("newcomer@0.1.0", "current")]));
}

/// No file may grow beyond 64 kB: what is left of a disk.
#[cfg(target_os = "linux")]
#[test]
fn an_installation_that_does_not_fit_leaves_the_store_as_it_was() {
    let shop = Shop::new();
    shop.install(&shop.signed("cmd368", "0.1.0", "alice"), &[]).ok();
    let (file, before) = (shop.signed("cmd368", "0.2.0", "alice"), shop.files());
    let command = shop.0.bare::<&str>([]);
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"]).arg(command.get_program());
    limited.args(["adapter", "install", text(&file), "--adapters", text(&shop.store())]);
    for (name, value) in command.get_envs() {
        value.map(|value| limited.env(name, value));
    }
    let ran = Ran::of(&mut limited).fails(1);
    let part = shop.store().join("cmd368/0.2.0-");
    ran.says(&[&format!("error: {}", text(&part)), ".wasm: it cannot be written: "]);
    assert_eq!(shop.files(), before, "nothing else is left");
}

/// Whoever comes second waits, and then finds what the first one did.
#[test]
fn two_at_once() {
    let shop = Shop::new();
    shop.install(&shop.signed("betfair", "0.1.0", "alice"), &[]).ok();
    let (older, newer) = (shop.signed("cmd368", "0.1.0", "alice"), shop.signed("cmd368", "0.2.0", "alice"));
    let held = std::fs::File::options().write(true).open(shop.store().join(".lock")).unwrap();
    held.lock().unwrap();
    let mut children: Vec<Child> =
        [&older, &newer, &newer, &older].iter().map(|file| shop.start(&["install", text(file)])).collect();
    let mut says = Vec::new();
    for child in &mut children {
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        assert!(line.contains("another process is changing it; waiting"), "{line}");
        assert_eq!(child.try_wait().unwrap(), None);
        says.push(said);
    }
    drop(held);
    let ended: Vec<_> = children.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    // The newer one in any case; the older ones were before it, or came too late.
    for (number, output) in ended.iter().enumerate() {
        let newer = number == 1 || number == 2;
        assert!(
            output.status.success() || (!newer && output.status.code() == Some(2)),
            "{number}: {output:?}"
        );
    }
    let out: String =
        ended.iter().map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).collect();
    assert_eq!(out.matches("cmd368@0.2.0  installed").count(), 1, "{out}");
    assert_eq!(out.matches("cmd368@0.2.0  already installed").count(), 1, "{out}");
    let states = shop.states();
    assert_eq!(states[..2], pairs(&[("betfair@0.1.0", "current"), ("cmd368@0.2.0", "current")]));
    assert_eq!(states.len() - 2, out.matches("cmd368@0.1.0  installed").count());
}

/// The demo takes what is installed, and builds nothing beside it.
#[test]
fn the_demo_uses_what_is_installed() {
    let shop = Shop::new();
    let demo = |store: &Path| Ran::of(shop.0.command(["demo", "--json"]).env("ANTIGRAVITY_ADAPTERS", store));
    let expected = demo(components()).ok();
    for provider in ["cmd368", "isport"] {
        shop.install(&shop.signed(provider, "0.1.0", "alice"), &[]).ok();
    }
    let files = shop.files();
    demo(&shop.store()).fails(2).says(&[text(&shop.store()), "no usable adapter `afb88`"]);
    assert_eq!(shop.files(), files);
    shop.install(&shop.signed("afb88", "0.1.0", "alice"), &[]).ok();
    assert_eq!(demo(&shop.store()).ok().out, expected.out);
}
