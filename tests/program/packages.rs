//! `antigravity adapter install|rollback|remove|list|sign|trust`, and what commands make of what is installed.

mod bad;
mod changes;
mod keys;

use crate::support::{Place, Ran, text};
use antigravity_registry::PrivateKey;
use antigravity_tests::components;
use serde_json::Value;
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
