//! The adapter, fed natively.
#![cfg(test)]

mod frames;
mod push;
mod recorded;
mod records;
mod whatever;
