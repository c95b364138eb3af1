#![cfg(test)]
//! Every fact about CMD368's answers, fed natively body by body.

mod contract;
mod cursor;
mod delta;
mod full;
mod recorded;
mod support;
