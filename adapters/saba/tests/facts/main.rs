#![cfg(test)]
//! Every fact about SABA's streams, fed natively message by message.

mod contract;
mod markets;
mod pages;
mod restart;
mod streams;
mod support;
