//! The whole program from the outside: its arguments, files, output, messages and exit codes.
//!
//! These tests belong to the package of the program, because cargo tells the path of a binary only
//! to the tests of its own package; they lie here because they need every part.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

mod adapters;
mod authors;
mod bad_adapters;
mod bad_input;
mod captures;
mod certificate;
mod demo;
mod diff;
mod drift;
mod har;
mod identity;
mod messages;
mod opportunities;
mod packages;
mod replay;
mod run;
mod support;
mod usage;
