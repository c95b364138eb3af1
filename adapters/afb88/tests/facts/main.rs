#![cfg(test)]
//! Every fact about AFB88's frames, fed natively frame by frame.

mod contract;
mod events;
mod frames;
mod recorded;
mod rows;
mod support;
