//! A component's exports, of whichever version of the interface it was built against.

use crate::bindings::{v0_1, v0_2};
use crate::convert;
use crate::instance::Host;
use crate::packet::Parts;
use antigravity_abi::Version;
use antigravity_core::Contract;
use antigravity_core::answer::RawAnswer;
use wasmtime::component::InstancePre;
use wasmtime::{Result, Store};

/// A compiled component whose exports were found.
pub(crate) enum GuestPre {
    V0_1(v0_1::AdapterPre<Host>),
    V0_2(v0_2::AdapterPre<Host>),
}

/// The exports of one instance.
pub(crate) enum Guest {
    V0_1(v0_1::Adapter),
    V0_2(v0_2::Adapter),
}

impl GuestPre {
    pub fn new(version: Version, pre: InstancePre<Host>) -> Result<Self> {
        Ok(match version {
            Version::V0_1 => Self::V0_1(v0_1::AdapterPre::new(pre)?),
            Version::V0_2 => Self::V0_2(v0_2::AdapterPre::new(pre)?),
        })
    }

    pub fn instantiate(&self, store: &mut Store<Host>) -> Result<Guest> {
        Ok(match self {
            Self::V0_1(pre) => Guest::V0_1(pre.instantiate(store)?),
            Self::V0_2(pre) => Guest::V0_2(pre.instantiate(store)?),
        })
    }
}

impl Guest {
    /// What `describe` says; the inner error names what of it is no contract.
    pub fn describe(&self, store: &mut Store<Host>) -> Result<std::result::Result<Contract, String>> {
        Ok(match self {
            Self::V0_1(guest) => {
                convert::v0_1::contract(guest.antigravity_adapter_decoder().call_describe(store)?)
            }
            Self::V0_2(guest) => {
                convert::v0_2::contract(guest.antigravity_adapter_decoder().call_describe(store)?)
            }
        })
    }

    #[inline]
    pub fn parse(&self, store: &mut Store<Host>, batch: &Parts<'_>) -> Result<RawAnswer> {
        let Parts { bytes, tape, packets, .. } = *batch;
        Ok(match self {
            Self::V0_1(guest) => {
                let input = v0_1::wit::Batch { bytes, tape, packets };
                convert::v0_1::answer(guest.antigravity_adapter_decoder().call_parse(store, input)?)
            }
            Self::V0_2(guest) => {
                let input = v0_2::wit::Batch { bytes, tape, packets };
                convert::v0_2::answer(guest.antigravity_adapter_decoder().call_parse(store, input)?)
            }
        })
    }
}
