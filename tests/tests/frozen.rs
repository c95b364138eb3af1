//! One component of each published version of the interface, built once and never again: what somebody built with
//! an SDK of then is read by every later host as it was read then.

#![allow(clippy::unwrap_used)] // a test says what is wrong by failing

use antigravity_abi::{VERSIONS, Version};
use antigravity_authoring::{Fixtures, test};
use antigravity_runtime::{Adapter, Component, Limits};
use antigravity_tests::{root, sandbox};
use std::path::PathBuf;
use std::sync::Arc;

/// SHA-256 of the file of each version. A file that is another one is a mistake, not a new expectation: what counts
/// is that this very one goes on working.
const FILES: [&str; VERSIONS.len()] = [
    "e91558f5b971230dbccf7b38ea9ccec8a0ac6ce66856019acf9cf6b0b1ab4c57",
    "19cd8182240bf0ed773e3bc2a5280c85f0058997e1b82b5b4c979ca9af2a33c4",
];

fn file(version: Version) -> PathBuf {
    root().join("tests/frozen").join(version.name()).join("frozen.wasm")
}

#[test]
fn each_reads_the_same_traffic_as_ever() {
    let sandbox = sandbox();
    for (version, digest) in VERSIONS.into_iter().zip(FILES) {
        let adapter = Arc::new(Adapter::load(&sandbox, &file(version)).unwrap());
        assert_eq!(adapter.digest(), digest, "{version}");
        let report = test(&adapter, &Fixtures::of_folder(&root().join("tests/frozen")).unwrap()).unwrap();
        assert!(!report.cases.is_empty());
        for case in report.cases {
            assert!(case.passed, "{version}, {}:\n{}", case.name, case.diff);
        }
    }
}

#[test]
fn each_says_the_version_that_it_exports() {
    for version in VERSIONS {
        let component =
            Component::read(std::fs::read(file(version)).unwrap(), Limits::default().component).unwrap();
        assert_eq!((component.version(), component.contract().wit.as_str()), (version, version.name()));
        let step = component.contract().step.map(|step| step.to_string());
        assert_eq!(step.as_deref(), (version >= Version::V0_2).then_some("0.5"));
    }
}
