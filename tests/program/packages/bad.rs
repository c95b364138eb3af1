//! What may not be installed, and what is not used though it was.

use super::{Shop, pairs, versioned};
use crate::bad_adapters::{bad, directory, traffic};
use crate::support::{Place, Ran, text};
use antigravity_tests::components;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Refused in each case, with what is in use left as it is.
#[test]
fn what_may_not_be_installed() {
    let (shop, place) = (Shop::new(), Place::new());
    shop.install(&shop.signed("cmd368", "0.2.0", "alice"), &[]).ok();
    let before = shop.files();
    let refused = |file: &Path, more: &[&str], why: &[&str]| {
        let ran = shop.install(file, more).fails(2).says(why).says(&[text(file)]);
        assert_eq!((ran.out.as_str(), shop.files()), ("", before.clone()), "{why:?}");
    };
    for (name, bytes, fault) in bad() {
        let file = place.file(name, bytes);
        // What is an adapter is asked first who vouches for it.
        let said = if name == "liar.wasm" { "it is not signed" } else { fault };
        refused(&file, &[], &[said]);
        refused(&file, &["--allow-unsigned"], &[fault]);
    }
    let plain = place.file("plain.wasm", versioned("cmd368", "0.3.0"));
    refused(&plain, &[], &["cmd368@0.3.0: it is not signed; ", "--allow-unsigned"]);
    let stranger = shop.signed("cmd368", "0.3.0", "mallory");
    refused(
        &stranger,
        &[],
        &["is signed by ", "a key that is not trusted; `antigravity adapter trust PUB.pem`"],
    );
    let sound = shop.signed("cmd368", "0.3.0", "alice");
    let mut changed = std::fs::read(&sound).unwrap();
    let spot = changed.len() - 1;
    changed[spot] ^= 1;
    let changed = place.file("changed.wasm", changed);
    for more in [&[][..], &["--allow-unsigned", "--allow-downgrade"]] {
        refused(&changed, more, &["its signature does not fit"]);
    }
    let older = shop.signed("cmd368", "0.1.9", "alice");
    refused(&older, &[], &["cmd368@0.1.9 is older than cmd368@0.2.0", "; --allow-downgrade"]);
    let other = shop.signed("cmd368", "0.2.0", "mallory");
    refused(
        &other,
        &["--allow-unsigned"],
        &["cmd368@0.2.0 is in use with other content", "; --allow-downgrade"],
    );
    refused(&place.path("none.wasm"), &[], &["No such file"]);
    std::fs::create_dir(place.path("folder")).unwrap();
    refused(&place.path("folder"), &[], &["no Cargo.toml: neither a component nor an adapter's folder"]);

    assert!(
        shop.install(&older, &["--allow-downgrade"])
            .ok()
            .out
            .contains("cmd368@0.1.9  installed in place of 0.2.0")
    );
    assert!(shop.install(&stranger, &["--allow-unsigned"]).ok().out.contains(", not trusted  "));
    let row = &shop.rows()[0];
    assert_eq!(
        (&row["adapter"], &row["unsigned_allowed"], &row["signed_by"]),
        (&json!("cmd368@0.3.0"), &json!(true), &Value::Null)
    );
}

/// Two adapters are installed; the file of `cmd368` is given to `harm`. `betfair` works in any case.
fn harmed(harm: impl FnOnce(&Shop, &Path)) -> (Shop, PathBuf, Ran) {
    let shop = Shop::new();
    let traffic = traffic(&shop.0);
    for provider in ["betfair", "cmd368"] {
        shop.install(&shop.signed(provider, "0.1.0", "alice"), &[]).ok();
    }
    let file = PathBuf::from(shop.rows()[1]["file"].as_str().unwrap());
    harm(&shop, &file);
    let ran = shop.replay(&traffic).ok().counts(4, &[("parsed", 1), ("unmatched", 3)]);
    (shop, file, ran)
}

#[test]
fn what_is_broken_is_left_out_and_shown() {
    let flip = |path: &Path| {
        let mut bytes = std::fs::read(path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(path, bytes).unwrap();
    };
    for (harm, why) in [
        (&flip as &dyn Fn(&Path), "its file was changed after it was installed (SHA-256 "),
        (&|path: &Path| std::fs::remove_file(path).unwrap(), "its file is missing"),
        (&|path: &Path| std::fs::write(path, "").unwrap(), "its file was changed after it was installed"),
    ] {
        let (shop, file, ran) = harmed(|_, path| harm(path));
        assert!(ran.err.starts_with(&format!("error: adapter {}: {why}", text(&file))), "{}", ran.err);
        assert!(ran.err.ends_with("; it is left out\n") && ran.err.lines().count() == 1, "{}", ran.err);
        let list = shop.list().fails(1).says(&["1 adapter cannot be used"]);
        let rows: Vec<Value> = list.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len(), 2);
        assert!(rows[1]["problem"].as_str().unwrap().starts_with(why), "{}", rows[1]);
        assert_eq!((&rows[0]["problem"], &rows[1]["state"]), (&Value::Null, &json!("current")));
        // The way out is to install it again.
        shop.install(&shop.signed("cmd368", "0.1.0", "alice"), &[]).ok();
        shop.list().ok();
    }
}

#[test]
fn what_nobody_vouches_for_any_more_is_left_out() {
    let (shop, file, ran) = harmed(|shop, _| {
        let mallory = shop.0.path("keys/mallory.pem");
        shop.run(&["trust", text(&mallory), "--name", "m"]).ok();
        shop.install(&shop.signed("cmd368", "0.2.0", "mallory"), &[]).ok();
        shop.run(&["trust", "--remove", "m"]).ok();
    });
    let newer = file.with_file_name("0.2.0-");
    assert!(ran.err.starts_with(&format!("error: adapter {}", text(&newer))), "{}", ran.err);
    assert!(ran.err.contains("a key that is not trusted; it is left out"), "{}", ran.err);
    shop.list().fails(1);
    // Gone back to, Alice's version is in use; the other one cannot be gone back to.
    shop.run(&["rollback", "cmd368"]).ok();
    shop.run(&["rollback", "cmd368"]).fails(1).says(&["a key that is not trusted"]);
    assert_eq!(shop.states()[1], ("cmd368@0.1.0".to_owned(), "current".to_owned()));
}

#[test]
fn a_lock_file_that_cannot_be_used_stops_what_needs_it() {
    let shop = Shop::new();
    let (traffic, file) = (traffic(&shop.0), shop.signed("cmd368", "0.1.0", "alice"));
    shop.install(&file, &[]).ok();
    let lock = shop.store().join("adapters.lock");
    let sound = std::fs::read_to_string(&lock).unwrap();
    for (text_of_it, why) in [
        (
            sound.replace("_lock\": 1", "_lock\": 2"),
            "field `antigravity_lock`: version 2; this program knows 1",
        ),
        (sound.replace("\"0.1.0\"", "1"), "field `adapters.cmd368.current.version`: invalid type: integer"),
        (sound[..200].to_owned(), "EOF while parsing"),
    ] {
        std::fs::write(&lock, &text_of_it).unwrap();
        let said = [text(&lock), why];
        shop.replay(&traffic).fails(2).says(&said);
        shop.list().fails(2).says(&said);
        shop.install(&file, &[]).fails(2).says(&said);
        shop.run(&["remove", "cmd368"]).fails(2).says(&said);
        shop.run(&["rollback", "cmd368"]).fails(2).says(&said);
        assert_eq!(std::fs::read_to_string(&lock).unwrap(), text_of_it, "left as it is");
    }
}

/// What lies in a store without being installed is not used; where each component counts, nothing is installed.
#[test]
fn a_store_and_a_directory_of_one_s_own_are_two_things() {
    let shop = Shop::new();
    let traffic = traffic(&shop.0);
    shop.install(&shop.signed("cmd368", "0.1.0", "alice"), &[]).ok();
    let stray = shop.store().join("betfair.wasm");
    std::fs::copy(components().join("betfair.wasm"), &stray).unwrap();
    let ran = shop.replay(&traffic).ok();
    assert_eq!(ran.err, format!("warning: {}: not in adapters.lock, so it is not used\n", text(&stray)));
    let quotes = ran.lines("quote");
    assert!(!quotes.is_empty() && quotes.iter().all(|quote| quote["provider"] == "cmd368"));
    assert_eq!(shop.states(), pairs(&[("cmd368@0.1.0", "current")]));

    let own = directory(&shop.0);
    let file = shop.signed("cmd368", "0.2.0", "alice");
    let ran = shop.install(&file, &["--adapters", text(&own)]).fails(2);
    ran.says(&[text(&own), "2 components lie here without an `adapters.lock`"]);
    assert_eq!(own.read_dir().unwrap().count(), 2);
    let empty = shop.0.path("elsewhere/store");
    shop.install(&file, &["--adapters", text(&empty)]).ok();
    assert!(empty.join("adapters.lock").is_file());
}

/// Everything that can lie in a directory, beside a store and beside components of one's own.
#[cfg(unix)]
#[test]
fn a_directory_full_of_junk() {
    let shop = Shop::new();
    let traffic = traffic(&shop.0);
    shop.install(&shop.signed("cmd368", "0.1.0", "alice"), &[]).ok();
    let own = directory(&shop.0);
    std::fs::remove_file(own.join("betfair.wasm")).unwrap();
    let expected = shop.replay(&traffic).ok();
    assert_eq!(shop.0.replay_with(&traffic, &["--adapters", text(&own)]).ok(), expected);
    for directory in [shop.store(), own.clone()] {
        let path = |name: &str| directory.join(name);
        std::fs::write(path("notes.txt"), "notes").unwrap();
        std::fs::write(path("empty.wasm"), "").unwrap();
        std::fs::write(path("\u{1b}[31m.wasm"), "\0asm").unwrap();
        std::fs::create_dir_all(path("folder.wasm/cmd368")).unwrap();
        std::os::unix::fs::symlink("loop.wasm", path("loop.wasm")).unwrap();
        std::os::unix::fs::symlink("/nowhere", path("nowhere.wasm")).unwrap();
        std::os::unix::fs::symlink(".", path("again")).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(path("pipe.wasm")).status().unwrap().success());
    }
    const WASM: usize = 6;
    let ran = shop.replay(&traffic).ok();
    assert_eq!((ran.out, ran.err.matches("warning: ").count()), (expected.out.clone(), WASM), "{}", ran.err);
    let ran = shop.0.replay_with(&traffic, &["--adapters", text(&own)]).ok();
    assert_eq!((ran.out, ran.err.matches("error: ").count()), (expected.out, WASM), "{}", ran.err);
    assert!(!ran.err.contains('\u{1b}'));
    assert_eq!(shop.states().len(), 1);
    shop.install(&shop.signed("cmd368", "0.2.0", "alice"), &[]).ok();
    assert_eq!(shop.states(), pairs(&[("cmd368@0.2.0", "current"), ("cmd368@0.1.0", "previous")]));
}
