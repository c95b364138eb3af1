//! What must hold for any bytes. Each `check` panics where it does not.
//!
//! The targets in `fuzz_targets` and the tests in `tests/tests/properties.rs` share these modules:
//! libFuzzer looks for new paths, the tests try a few thousand inputs on every run.

pub mod capture_reader;
pub mod certificate;
pub mod guest_answer;
pub mod har_reader;
pub mod prices;
pub mod redactor;
pub mod router;
pub mod sink;
pub mod tokeniser;
