#![cfg(test)]
//! Every fact about Matchbook's answers, fed natively body by body.

mod answers;
mod contract;
mod markets;
mod recorded;
mod restart;
mod support;
