//! Bad usage is exit 2 with one message; help has an example on every level.

use crate::support::{Place, cmd368, full, text};

#[test]
fn bad_usage_is_exit_2() {
    let place = Place::new();
    let file = place.capture("sound.capture.ndjson", &[cmd368(0, &full(1, "0.91", "-0.99"))]);
    let file = text(&file);
    let cases: &[(&[&str], &str)] = &[
        (&["replay"], "CAPTURE"),
        (&["replay", file, "--emit", "everything"], "everything"),
        (&["replay", file, "--threads", "many"], "many"),
        (&["replay", file, "--format", "xml"], "xml"),
        (&["replay", file, "--wrong"], "--wrong"),
        (&["replay", file, "--mark", "cmd368"], "--mark cmd368: not ACCOUNT:PROVIDER"),
        (&["replay", file, "--mark", ":cmd368"], "not ACCOUNT:PROVIDER"),
        (
            &["replay", file, "--mark", "A:nobody"],
            "--mark A:nobody: no adapter of that provider is installed",
        ),
        (&["capture", "import", file, "-o", "x"], "--account"),
        (&["capture", "import", file, "-o", "x", "--account", ""], "--account"),
        (&["adapter", "build"], "DIR"),
        (&["adapter", "test", "docs/none"], "no Cargo.toml"),
        (&["adapter", "inspect", "/dev/zero"], "no regular file"),
        (&["adapter", "inspect", "none.wasm"], "none.wasm"),
        (&["wrong"], "wrong"),
    ];
    for (args, message) in cases {
        place.run(*args).fails(2).says(&[message]);
    }
    assert_eq!(place.run::<&str>([]).code, Some(2), "without a command");
}

#[test]
fn directories_of_adapters_that_cannot_be_used_are_exit_2() {
    let place = Place::new();
    let file = place.capture("sound.capture.ndjson", &[cmd368(0, &full(1, "0.91", "-0.99"))]);
    let missing = place.path("nowhere");
    let args = ["replay", text(&file), "--adapters", text(&missing)];
    place.run(args).fails(2).says(&[text(&missing)]);
    let empty = place.path("empty");
    std::fs::create_dir(&empty).unwrap();
    let args = ["replay", text(&file), "--adapters", text(&empty)];
    place.run(args).fails(2).says(&[text(&empty), "no usable adapter", "antigravity adapter build --all"]);
}

#[test]
fn help_has_an_example_on_every_level() {
    let place = Place::new();
    let levels: &[&[&str]] = &[
        &[],
        &["demo"],
        &["replay"],
        &["adapter"],
        &["adapter", "build"],
        &["adapter", "test"],
        &["adapter", "inspect"],
        &["adapter", "list"],
        &["capture"],
        &["capture", "import"],
        &["capture", "inspect"],
        &["certificate"],
        &["certificate", "verify"],
        &["identity"],
        &["identity", "list"],
        &["identity", "confirm"],
        &["identity", "reject"],
        &["doctor"],
    ];
    for level in levels {
        let ran = place.run(level.iter().copied().chain(["--help"])).ok();
        let example = format!("antigravity {}", level.join(" "));
        let (_, after) = ran.out.split_once("Example").unwrap_or_else(|| panic!("{level:?}: {}", ran.out));
        assert!(after.contains(example.trim_end()), "{level:?}: {after}");
    }
}
