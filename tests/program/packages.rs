//! `antigravity adapter install|rollback|remove|list|sign|trust`, and what commands make of what is installed.

use crate::bad_adapters::{bad, directory, traffic};
use crate::support::{Place, Ran, text};
use antigravity_registry::PrivateKey;
use antigravity_tests::{components, root};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

/// As `openssl genpkey -algorithm ed25519` writes keys; the seeds are all 1 and all 2.
const ALICE: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
-----END PRIVATE KEY-----
";
const MALLORY: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIAICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC
-----END PRIVATE KEY-----
";
const ALICE_S: &str = "34750f98bd59fcfc";

fn public(private: &str) -> String {
    PrivateKey::from_pem(private).unwrap().public().to_pem().unwrap()
}

/// A person who trusts Alice, with nothing installed.
struct Shop(Place);

impl Shop {
    fn new() -> Self {
        let shop = Self(Place::new());
        for (name, private) in [("alice", ALICE), ("mallory", MALLORY)] {
            shop.0.file(&format!("keys/{name}.key.pem"), private);
            shop.0.file(&format!("keys/{name}.pem"), public(private));
        }
        let ran = shop.run(&["trust", text(&shop.0.path("keys/alice.pem"))]).ok();
        assert_eq!(ran.out, format!("{ALICE_S}  alice  trusted\n"));
        shop
    }

    fn store(&self) -> PathBuf {
        self.0.path("data/antigravity/adapters")
    }

    /// `adapter …`, by a person who has set nothing.
    fn run(&self, args: &[&str]) -> Ran {
        Ran::of(&mut self.0.bare(["adapter"].iter().chain(args)))
    }

    /// `adapter …`, that begins only.
    fn start(&self, args: &[&str]) -> Child {
        let mut command = self.0.bare(["adapter"].iter().chain(args));
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// An adapter of the checkout as this version, signed.
    fn signed(&self, provider: &str, version: &str, key: &str) -> PathBuf {
        let file = self.0.file(&format!("{provider}-{version}-{key}.wasm"), versioned(provider, version));
        let pem = self.0.path(&format!("keys/{key}.key.pem"));
        self.run(&["sign", text(&file), "--key", text(&pem)]).ok();
        file
    }

    fn install(&self, file: &Path, more: &[&str]) -> Ran {
        let args = ["install", text(file)];
        self.run(&args.iter().chain(more).copied().collect::<Vec<_>>())
    }

    fn list(&self) -> Ran {
        self.run(&["list", "--json", "--adapters", text(&self.store())])
    }

    fn rows(&self) -> Vec<Value> {
        self.list().out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Adapter and state of all that is listed.
    fn states(&self) -> Vec<(String, String)> {
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        self.rows().iter().map(|row| (word(&row["adapter"]), word(&row["state"]))).collect()
    }

    fn replay(&self, file: &Path) -> Ran {
        self.0.replay_with(file, &["--adapters", text(&self.store())])
    }

    /// All files of the store, with what is in them.
    fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut open = vec![self.store()];
        while let Some(folder) = open.pop() {
            for entry in folder.read_dir().into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path)
                } else {
                    files.push((path.clone(), std::fs::read(path).unwrap()))
                }
            }
        }
        files.sort();
        files
    }
}

/// An adapter of the checkout that says, in its contract and its code, that it is of this version.
fn versioned(provider: &str, version: &str) -> Vec<u8> {
    let mut bytes = std::fs::read(components().join(format!("{provider}.wasm"))).unwrap();
    let (from, to) = (b"0.1.0", version.as_bytes());
    assert_eq!(from.len(), to.len());
    // Behind an `@` it is the version of the interface.
    let ours = |i: usize| bytes[i..].starts_with(from) && i > 0 && bytes[i - 1] != b'@';
    let spots: Vec<usize> = (0..bytes.len() - from.len()).filter(|&i| ours(i)).collect();
    assert!(spots.len() >= 2, "in the code and in the contract");
    for spot in spots {
        bytes[spot..spot + to.len()].copy_from_slice(to);
    }
    bytes
}

fn pairs(states: &[(&str, &str)]) -> Vec<(String, String)> {
    states.iter().map(|&(a, b)| (a.to_owned(), b.to_owned())).collect()
}

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
        (&json!(ALICE_S), &json!("alice"), &json!("0.1"))
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

#[test]
fn a_folder_is_built_and_installed() {
    let (shop, folder) = (Shop::new(), root().join("tests/newcomer"));
    shop.install(&folder, &[]).fails(2).says(&["newcomer@0.1.0: it is not signed"]);
    let ran = shop.install(&folder, &["--allow-unsigned"]).ok();
    assert!(ran.out.starts_with("newcomer@0.1.0  installed, not signed  "), "{}", ran.out);
    assert_eq!(shop.states(), pairs(&[("newcomer@0.1.0", "current")]));
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
