//! The adapter, fed natively.

mod frames;
mod push;
mod recorded;
mod records;
mod whatever;
