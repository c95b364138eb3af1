//! Generated from the WIT; the host passes borrowed slices and owns what comes back.
#![allow(missing_debug_implementations, clippy::all, rust_2018_idioms)] // written by `bindgen!`

wasmtime::component::bindgen!({
    path: "../../wit/0.1",
    world: "adapter",
    ownership: Borrowing { duplicate_if_necessary: true },
});

pub(crate) use exports::antigravity::adapter::decoder as wit;
