//! Generated from the WIT, one module a version; the host passes borrowed slices and owns what comes back.
#![allow(missing_debug_implementations, clippy::all, rust_2018_idioms)] // written by `bindgen!`

pub(crate) mod v0_1 {
    wasmtime::component::bindgen!({
        path: "../../wit/0.1",
        world: "adapter",
        ownership: Borrowing { duplicate_if_necessary: true },
    });

    pub(crate) use exports::antigravity::adapter::decoder as wit;
}

pub(crate) mod v0_2 {
    wasmtime::component::bindgen!({
        path: "../../wit/0.2",
        world: "adapter",
        ownership: Borrowing { duplicate_if_necessary: true },
    });

    pub(crate) use exports::antigravity::adapter::decoder as wit;
}
