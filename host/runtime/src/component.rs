//! A component's file, read without running it.

use crate::adapter::Problem;
use antigravity_abi::{CONTRACT_SECTION, VERSIONS, Version};
use antigravity_core::Contract;
use antigravity_core::contract::ContractError;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::Path;
use wasmparser::{Encoding, Parser, Payload};

const INTERFACE: &str = "antigravity:adapter/decoder@";

/// Most bytes of code of one function. The largest of the adapters here has a tenth of that; compiling one of 0.7
/// MB took half a minute, and one of 7.5 MB did not end.
const LARGEST_FUNCTION: usize = 256 << 10;

/// The bytes of a component that is one, imports nothing and carries a valid contract.
#[derive(Clone, Debug)]
pub struct Component {
    bytes: Vec<u8>,
    version: Version,
    contract: Contract,
    digest: [u8; 32],
}

/// Why a file is not an adapter.
#[derive(Debug, thiserror::Error)]
pub enum ComponentError {
    #[error("{size} bytes; the limit is {limit}")]
    TooLarge { size: usize, limit: usize },
    #[error("not a WebAssembly component: {0}")]
    NotAComponent(String),
    #[error("it is a core module, not a component; build it with `antigravity adapter build`")]
    CoreModule,
    #[error("it imports {}; an adapter imports nothing", .0.join(", "))]
    Imports(Vec<String>),
    #[error("it exports no interface `{INTERFACE}…` of a version that is known here ({}){}", Version::names(), found(.0))]
    Interface(Vec<String>),
    #[error("it exports the interface of version {exported}, but its contract says {contract} (field `wit`)")]
    Version { exported: Version, contract: String },
    #[error(
        "a function of it is {size} bytes of code; the limit is {limit}, since compiling one takes ever longer"
    )]
    Function { size: usize, limit: usize },
    #[error("it has no custom section `{CONTRACT_SECTION}`; build it with `antigravity adapter build`")]
    NoContract,
    #[error("it has more than one custom section `{CONTRACT_SECTION}`")]
    Contracts,
    #[error(transparent)]
    Contract(#[from] ContractError),
}

fn found(exports: &[String]) -> String {
    if exports.is_empty() { String::new() } else { format!("; it exports {}", exports.join(", ")) }
}

impl Component {
    /// Reads a component's file from disk, never more of it than `limit`.
    ///
    /// # Errors
    /// [`Problem`] where it cannot be read, or as [`Self::read`].
    pub fn open(path: &Path, limit: usize) -> Result<Self, Problem> {
        // Asked before it is opened: opening a named pipe waits for somebody to write.
        if !std::fs::metadata(path)?.is_file() {
            return Err(ComponentError::NotAComponent("it is no regular file".to_owned()).into());
        }
        let mut bytes = Vec::new();
        let size = std::fs::File::open(path)?.take(limit as u64 + 1).read_to_end(&mut bytes)?;
        if size > limit {
            let size = std::fs::metadata(path)?.len().try_into().unwrap_or(usize::MAX);
            return Err(ComponentError::TooLarge { size, limit }.into());
        }
        Ok(Self::read(bytes, limit)?)
    }

    /// Reads a component's file.
    ///
    /// # Errors
    /// [`ComponentError`] with the first reason why it is not an adapter of a known version.
    pub fn read(bytes: Vec<u8>, limit: usize) -> Result<Self, ComponentError> {
        let Outline { version, contract } = outline(&bytes, limit)?;
        let contract = Contract::from_json(&contract.ok_or(ComponentError::NoContract)?)?;
        if contract.wit != version.name() {
            return Err(ComponentError::Version { exported: version, contract: contract.wit });
        }
        let digest = Sha256::digest(&bytes).into();
        Ok(Self { bytes, version, contract, digest })
    }

    /// Checks a component that has no contract section yet, one that is just being built, and gives
    /// the version of the interface that it exports.
    ///
    /// # Errors
    /// As [`Self::read`], without those about the contract.
    pub fn check_shape(bytes: &[u8], limit: usize) -> Result<Version, ComponentError> {
        outline(bytes, limit).map(|outline| outline.version)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Version of the interface that it exports.
    pub const fn version(&self) -> Version {
        self.version
    }

    pub const fn contract(&self) -> &Contract {
        &self.contract
    }

    /// SHA-256 of the file, in hexadecimal.
    pub fn sha256(&self) -> String {
        crate::cache::hex(&self.digest)
    }

    /// SHA-256 of the file.
    pub const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}

struct Outline {
    version: Version,
    contract: Option<Vec<u8>>,
}

fn outline(bytes: &[u8], limit: usize) -> Result<Outline, ComponentError> {
    if bytes.len() > limit {
        return Err(ComponentError::TooLarge { size: bytes.len(), limit });
    }
    // The parser's own words for this fill six lines.
    if !bytes.starts_with(b"\0asm") {
        return Err(ComponentError::NotAComponent("it does not begin as WebAssembly does".to_owned()));
    }
    let broken = |e: wasmparser::BinaryReaderError| ComponentError::NotAComponent(e.to_string());
    let (mut imports, mut exports, mut contract) = (Vec::new(), Vec::new(), None);
    let mut depth = 0usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(broken)? {
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                return Err(ComponentError::CoreModule);
            }
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    imports.push(import.map_err(broken)?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section {
                    exports.push(export.map_err(broken)?.name.name.to_owned());
                }
            }
            Payload::CodeSectionEntry(body) => {
                let (size, limit) = (body.as_bytes().len(), LARGEST_FUNCTION);
                if size > limit {
                    return Err(ComponentError::Function { size, limit });
                }
            }
            Payload::CustomSection(section) if depth == 1 && section.name() == CONTRACT_SECTION => {
                if contract.is_some() {
                    return Err(ComponentError::Contracts);
                }
                contract = Some(section.data().to_vec());
            }
            _ => {}
        }
    }
    if !imports.is_empty() {
        return Err(ComponentError::Imports(imports));
    }
    match newest(&exports) {
        Some(version) => Ok(Outline { version, contract }),
        None => Err(ComponentError::Interface(exports)),
    }
}

/// The newest known version of the interface among these exports, whatever its patch number.
fn newest(exports: &[String]) -> Option<Version> {
    let is = |version: Version, export: &String| {
        export
            .strip_prefix(INTERFACE)
            .and_then(|rest| rest.strip_prefix(version.name()))
            .is_some_and(|patch| patch.starts_with('.'))
    };
    VERSIONS.into_iter().rev().find(|version| exports.iter().any(|export| is(*version, export)))
}
