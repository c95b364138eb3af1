#![cfg(test)]
//! Every fact about SBOBET's lists, fed natively body by body.

mod contract;
mod lists;
mod recorded;
mod restart;
mod support;
mod texts;
