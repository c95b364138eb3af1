//! Components and keys to test with.

#![allow(dead_code)] // each test uses its part

use antigravity_core::Timestamp;
use antigravity_registry::{Allow, ChangeError, Installed, PrivateKey, Store, Trusted, sign};
use antigravity_runtime::{Component, Limits};
use std::path::Path;
use wasm_encoder::{
    Component as Encoder, ComponentExportKind, ComponentExportSection, ComponentInstanceSection,
    ComponentSection, CustomSection,
};

/// A component that says who it is and does nothing; `noise` makes its content another.
pub fn component(provider: &str, version: &str, noise: &[u8]) -> Vec<u8> {
    let contract = format!(
        r#"{{"antigravity_contract":1,"wit":"0.1","provider":"{provider}","version":"{version}","profile":"auto-push",
        "confirms":"by-quote","stale_after_ms":1000,"price_formats":["decimal"],"handicap_basis":"from-kick-off",
        "activation":"reload","endpoints":[{{"name":"odds","content":"odds","transport":"http","direction":"received",
        "path":"**/odds","framing":"document"}}]}}"#
    );
    let mut instances = ComponentInstanceSection::new();
    instances.export_items([] as [(&str, ComponentExportKind, u32); 0]);
    let mut exports = ComponentExportSection::new();
    exports.export("antigravity:adapter/decoder@0.1.0", ComponentExportKind::Instance, 0, None);
    let mut encoder = Encoder::new();
    encoder.section(&instances).section(&exports);
    let mut bytes = encoder.finish();
    append(&mut bytes, "noise", noise);
    append(&mut bytes, "antigravity:contract", contract.as_bytes());
    bytes
}

/// Adds a custom section.
pub fn append(bytes: &mut Vec<u8>, name: &str, data: &[u8]) {
    CustomSection { name: name.into(), data: data.into() }.append_to_component(bytes);
}

/// As `openssl genpkey -algorithm ed25519` writes keys; the seeds are all 1 and all 2.
pub const ALICE: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
-----END PRIVATE KEY-----
";
pub const MALLORY: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIAICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC
-----END PRIVATE KEY-----
";

pub fn alice() -> PrivateKey {
    PrivateKey::from_pem(ALICE).unwrap()
}

pub fn mallory() -> PrivateKey {
    PrivateKey::from_pem(MALLORY).unwrap()
}

/// Alice alone is trusted, by a file in this directory.
pub fn trusting(directory: &Path) -> Trusted {
    Trusted::add(directory, "alice", &alice().public()).unwrap();
    Trusted::read(directory).unwrap()
}

pub fn read(bytes: Vec<u8>) -> Component {
    Component::read(bytes, Limits::default().component).unwrap()
}

/// A component of Alice's.
pub fn signed(provider: &str, version: &str, noise: &[u8]) -> Component {
    read(sign(&component(provider, version, noise), &alice()).unwrap())
}

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(second * 1000).unwrap()
}

pub fn install(
    store: &mut Store,
    component: &Component,
    trusted: &Trusted,
) -> Result<Installed, ChangeError> {
    store.install(component, trusted, Allow::default(), at(1))
}

/// Every file below a directory but the one that is only held, by path, with what is in it.
pub fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name().unwrap() != ".lock" {
                let name = path.strip_prefix(directory).unwrap().to_str().unwrap().to_owned();
                files.push((name, std::fs::read(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}
