//! An adapter ready to work: compiled, its contract confirmed by the code itself.

use crate::component::Component;
use crate::guest::GuestPre;
use crate::instance::{CallError, Instance};
use crate::{ComponentError, Sandbox, cache};
use antigravity_abi::Version;
use antigravity_core::Contract;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wasmtime::component::{Component as Compiled, Linker};

/// One provider's adapter, shared by all its workers.
pub struct Adapter {
    contract: Arc<Contract>,
    digest: [u8; 32],
    pub(crate) sandbox: Sandbox,
    pub(crate) pre: GuestPre,
}

impl std::fmt::Debug for Adapter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Adapter").field("name", &self.contract.name()).finish_non_exhaustive()
    }
}

/// Why a component was not loaded; `path` is empty for one that came from memory.
#[derive(Debug, thiserror::Error)]
#[error("adapter {}: {problem}", path.display())]
pub struct LoadError {
    pub path: PathBuf,
    pub problem: Problem,
}

#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Component(#[from] ComponentError),
    #[error("it cannot be compiled: {0}")]
    Compile(String),
    #[error("describe() failed: {0}")]
    Describe(#[from] CallError),
    #[error("describe() says something else than the contract in the file (field `{0}`)")]
    ContractDiffers(String),
}

impl Adapter {
    /// Loads a component's file.
    ///
    /// # Errors
    /// [`LoadError`] naming the file and what is wrong with it.
    pub fn load(sandbox: &Sandbox, path: &Path) -> Result<Self, LoadError> {
        let name = |problem: Problem| LoadError { path: path.to_owned(), problem };
        let limit = sandbox.limits.component;
        let component = Component::open(path, limit).map_err(name)?;
        Self::from_component(sandbox, &component).map_err(name)
    }

    /// Compiles a component (or takes it from the cache) and confirms its contract.
    ///
    /// # Errors
    /// [`Problem`] where it does not compile, or `describe` fails or says something else.
    pub fn from_component(sandbox: &Sandbox, component: &Component) -> Result<Self, Problem> {
        let digest = *component.digest();
        let compiled = match sandbox.cache.as_ref().and_then(|c| c.get(&sandbox.engine, &digest)) {
            Some(compiled) => compiled,
            None => {
                let compiled = compile(sandbox, component.bytes())?;
                if let Some(cache) = &sandbox.cache {
                    cache.put(sandbox, &digest, &compiled);
                }
                compiled
            }
        };
        let pre = pre(sandbox, component.version(), &compiled)?;
        let contract = Arc::new(component.contract().clone());
        let adapter = Self { contract, digest, sandbox: sandbox.clone(), pre };
        let described = Instance::new(&adapter)?.describe()?;
        match difference(&adapter.contract, &described) {
            None => Ok(adapter),
            Some(field) => Err(Problem::ContractDiffers(field)),
        }
    }

    /// What `describe` of a component says: for a build that is about to write it into the file.
    ///
    /// # Errors
    /// As [`Self::from_component`].
    pub fn describe(sandbox: &Sandbox, bytes: &[u8]) -> Result<Contract, Problem> {
        let version = Component::check_shape(bytes, sandbox.limits.component)?;
        let compiled = compile(sandbox, bytes)?;
        Ok(Instance::from_pre(sandbox, &pre(sandbox, version, &compiled)?, &[])?.describe()?)
    }

    pub const fn contract(&self) -> &Arc<Contract> {
        &self.contract
    }

    /// SHA-256 of the component's file, in hexadecimal.
    pub fn digest(&self) -> String {
        cache::hex(&self.digest)
    }
}

fn compile(sandbox: &Sandbox, bytes: &[u8]) -> Result<Compiled, Problem> {
    Compiled::new(&sandbox.engine, bytes).map_err(|e| Problem::Compile(format!("{e:#}")))
}

fn pre(sandbox: &Sandbox, version: Version, compiled: &Compiled) -> Result<GuestPre, Problem> {
    // An empty linker: what imports anything cannot be instantiated either.
    let linker = Linker::new(&sandbox.engine);
    let pre = linker.instantiate_pre(compiled).and_then(|pre| GuestPre::new(version, pre));
    pre.map_err(|e| Problem::Compile(format!("{e:#}")))
}

/// The first field in which two contracts differ.
fn difference(file: &Contract, code: &Contract) -> Option<String> {
    if file == code {
        return None;
    }
    let object = |c: &Contract| serde_json::to_value(c).ok();
    let (file, code) = (object(file)?, object(code)?);
    let fields = file.as_object()?.keys().chain(code.as_object()?.keys());
    let differs = fields.into_iter().find(|key| file.get(key) != code.get(key));
    Some(differs.cloned().unwrap_or_default())
}
