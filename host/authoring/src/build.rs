//! From an adapter's folder to one self-describing component.

use crate::command::{CommandError, output};
use crate::fixtures::{FixtureError, Fixtures};
use crate::toolchain::{Std, TARGET, ToolchainError, Tools, prepare};
use crate::{bundle, check, files};
use antigravity_abi::CONTRACT_SECTION;
use antigravity_core::Contract;
use antigravity_runtime::{Adapter, Component, Limits, Sandbox};
use serde::Deserialize;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use wasm_encoder::{ComponentSection, CustomSection};

/// A component that was built.
#[derive(Clone, Debug)]
pub struct Built {
    pub path: PathBuf,
    pub provider: String,
    pub version: String,
    pub bytes: usize,
    /// How many of its fixtures it carries.
    pub cases: usize,
    /// Why it carries none, where it has some.
    pub left_out: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{}: no Cargo.toml: not an adapter's folder", .0.display())]
    NoManifest(PathBuf),
    #[error(transparent)]
    Command(#[from] CommandError),
    #[error("{}: {problem}", manifest.display())]
    Manifest { manifest: PathBuf, problem: String },
    #[error("{}: it is not a component: {problem}", path.display())]
    Encode { path: PathBuf, problem: String },
    #[error("{}: {problem}", path.display())]
    Adapter { path: PathBuf, problem: String },
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    crate_types: Vec<String>,
}

/// An adapter's component before anything is written: what its code says, without its fixtures.
#[derive(Clone, Debug)]
pub struct Assembled {
    pub component: Component,
    /// Where its workspace keeps what is built.
    pub target: PathBuf,
}

/// Compiles the adapter in `dir` to a component with its contract.
///
/// # Errors
/// [`BuildError`]: no WebAssembly target, a compile error as cargo prints it, an import, a
/// contract that is not valid.
pub fn assemble(tools: &Tools, sandbox: &Sandbox, dir: &Path) -> Result<Assembled, BuildError> {
    let manifest = manifest_of(dir)?;
    let std = prepare(tools)?;
    let metadata = metadata(tools, &manifest)?;
    let library = library_of(&metadata, &manifest)?;
    let module = compile(tools, &manifest, &metadata.target_directory.join("wasm"), std, &library)?;
    let component = componentise(sandbox, &module)?;
    Ok(Assembled { component, target: metadata.target_directory })
}

/// Builds the adapter in `dir` with its fixtures; the component goes to `out`, or to
/// `target/adapters` of its workspace.
///
/// # Errors
/// [`BuildError`], as [`assemble`], and where the component cannot be written.
pub fn build(tools: &Tools, sandbox: &Sandbox, dir: &Path, out: Option<&Path>) -> Result<Built, BuildError> {
    let Assembled { component, target } = assemble(tools, sandbox, dir)?;
    let Contract { provider, version, .. } = component.contract().clone();
    let mut bytes = component.bytes().to_vec();
    let carried = match Fixtures::of_folder(dir) {
        Ok(fixtures) => bundle::write(&mut bytes, &fixtures),
        // Nothing to carry, which is no mistake.
        Err(FixtureError::None(_)) => Ok(0),
        Err(FixtureError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error.to_string()),
    };
    let out = out.map_or_else(|| target.join("adapters"), Path::to_owned);
    let path = out.join(format!("{provider}.wasm"));
    files::write(&path, &bytes).map_err(|source| BuildError::Io { path: path.clone(), source })?;
    let (cases, left_out) = match carried {
        Ok(cases) => (cases, None),
        Err(problem) => (0, Some(problem)),
    };
    Ok(Built { path, provider, version, bytes: bytes.len(), cases, left_out })
}

/// The folders of all adapters of a checkout: `adapters/*` with a `fixtures` folder.
///
/// # Errors
/// Where `adapters` cannot be read.
pub fn workspace_adapters(root: &Path) -> Result<Vec<PathBuf>, BuildError> {
    let path = root.join("adapters");
    let io = |source| BuildError::Io { path: path.clone(), source };
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(&path).map_err(io)? {
        let folder = entry.map_err(io)?.path();
        if folder.join("fixtures").is_dir() {
            folders.push(folder);
        }
    }
    folders.sort();
    Ok(folders)
}

pub(crate) fn cargo(tools: &Tools) -> Command {
    let mut command = Command::new(&tools.cargo);
    // Flags meant for the host's build (coverage, another CPU) do not fit the sandbox.
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_BUILD_RUSTFLAGS"] {
        command.env_remove(name);
    }
    command
}

/// An adapter's package, as cargo knows it.
pub(crate) struct Krate {
    pub package: String,
    pub folder: PathBuf,
    pub workspace: PathBuf,
    pub target: PathBuf,
}

/// The package in `dir`.
///
/// # Errors
/// [`BuildError`] where there is none, or it is not an adapter's.
pub(crate) fn package(tools: &Tools, dir: &Path) -> Result<Krate, BuildError> {
    let manifest = manifest_of(dir)?;
    let metadata = metadata(tools, &manifest)?;
    library_of(&metadata, &manifest)?;
    let found = metadata.packages.iter().find(|package| package.manifest_path == manifest);
    let package = found.map(|package| package.name.clone()).unwrap_or_default();
    let folder = manifest.parent().unwrap_or(Path::new(".")).to_owned();
    let (workspace, target) = (metadata.workspace_root, metadata.target_directory);
    Ok(Krate { package, folder, workspace, target })
}

fn manifest_of(dir: &Path) -> Result<PathBuf, BuildError> {
    let manifest = dir.join("Cargo.toml");
    if !manifest.is_file() {
        return Err(BuildError::NoManifest(dir.to_owned()));
    }
    manifest.canonicalize().map_err(|source| BuildError::Io { path: manifest, source })
}

fn metadata(tools: &Tools, manifest: &Path) -> Result<Metadata, BuildError> {
    let text = output(
        cargo(tools)
            .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
            .arg(manifest),
    )?;
    serde_json::from_str(&text)
        .map_err(|e| BuildError::Manifest { manifest: manifest.to_owned(), problem: e.to_string() })
}

fn library_of(metadata: &Metadata, manifest: &Path) -> Result<String, BuildError> {
    let problem =
        |text: &str| BuildError::Manifest { manifest: manifest.to_owned(), problem: text.to_owned() };
    let package = metadata.packages.iter().find(|p| p.manifest_path == manifest);
    let package = package.ok_or_else(|| problem("cargo does not know this package"))?;
    let library = package.targets.iter().find(|t| t.crate_types.iter().any(|kind| kind == "cdylib"));
    match library {
        Some(target) => Ok(target.name.clone()),
        None => Err(problem(&format!("`{}` has no library of crate-type `cdylib`", package.name))),
    }
}

fn compile(
    tools: &Tools,
    manifest: &Path,
    target_dir: &Path,
    std: Std,
    library: &str,
) -> Result<PathBuf, BuildError> {
    let mut command = cargo(tools);
    // Quiet: of a failure, what the compiler says and not what it did before.
    command.args(["build", "--quiet", "--release", "--target", TARGET, "--manifest-path"]).arg(manifest);
    command.arg("--target-dir").arg(target_dir);
    for (name, value) in [
        ("OPT_LEVEL", "3"),
        ("LTO", "fat"),
        ("CODEGEN_UNITS", "1"),
        ("PANIC", "abort"),
        ("STRIP", "true"),
        ("DEBUG", "false"),
    ] {
        command.env(format!("CARGO_PROFILE_RELEASE_{name}"), value);
    }
    if std == Std::FromSource {
        // `-Z build-std` is not stable; this variable lets a stable compiler use it. Fat link-time
        // optimisation needs bitcode in the library that is built with it.
        command.env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-std=std,panic_abort");
        command.env("RUSTFLAGS", "-Cembed-bitcode=yes");
    }
    output(&mut command)?;
    let file = format!("{}.wasm", library.replace('-', "_"));
    Ok(target_dir.join(TARGET).join("release").join(file))
}

/// Wraps a core module as a component and writes its contract into it.
fn componentise(sandbox: &Sandbox, module: &Path) -> Result<Component, BuildError> {
    let path = || module.to_owned();
    let bytes = std::fs::read(module).map_err(|source| BuildError::Io { path: path(), source })?;
    let encode = || wit_component::ComponentEncoder::default().module(&bytes)?.validate(true).encode();
    let component = encode().map_err(|e| BuildError::Encode { path: path(), problem: format!("{e:#}") })?;
    let contract = Adapter::describe(sandbox, &component);
    let contract = contract.map_err(|e| BuildError::Adapter { path: path(), problem: e.to_string() })?;
    seal(component, &contract).map_err(|problem| BuildError::Adapter { path: path(), problem })
}

/// Writes a component's contract into it, and reads it back as whoever loads it will.
fn seal(mut component: Vec<u8>, contract: &Contract) -> Result<Component, String> {
    let section =
        CustomSection { name: Cow::Borrowed(CONTRACT_SECTION), data: Cow::Owned(contract.to_json()) };
    section.append_to_component(&mut component);
    let component =
        Component::read(component, Limits::default().component).map_err(|error| error.to_string())?;
    check::contract(&Arc::new(component.contract().clone())).map_err(|error| error.to_string())?;
    Ok(component)
}

#[cfg(test)]
mod tests {
    use super::*;
    use antigravity_core::contract::FORMAT;
    use serde_json::{Value, json};

    /// A component that exports an empty interface.
    fn component() -> Vec<u8> {
        use wasm_encoder::{
            Component, ComponentExportKind, ComponentExportSection, ComponentInstanceSection,
        };
        let mut instances = ComponentInstanceSection::new();
        instances.export_items([] as [(&str, ComponentExportKind, u32); 0]);
        let mut exports = ComponentExportSection::new();
        exports.export("antigravity:adapter/decoder@0.2.0", ComponentExportKind::Instance, 0, None);
        let mut component = Component::new();
        component.section(&instances).section(&exports);
        component.finish()
    }

    fn sealed(field: &str, value: Value) -> Result<Component, String> {
        let mut contract = json!({"antigravity_contract": FORMAT, "wit": "0.2", "provider": "acme", "version": "1.0.0",
            "profile": "auto-push", "confirms": "by-quote", "stale_after_ms": 1000, "price_formats": ["decimal"],
            "handicap_basis": "from-kick-off", "activation": "reload", "secrets": ["odds: /token"],
            "endpoints": [{"name": "odds", "content": "odds", "transport": "http", "direction": "received",
                "path": "**/odds", "framing": "document", "schema": {"type": "object"}}]});
        *contract.pointer_mut(field).unwrap() = value;
        seal(component(), &serde_json::from_value(contract).unwrap())
    }

    #[test]
    fn a_contract_that_cannot_be_used_is_refused() {
        assert_eq!(sealed("/version", json!("1.0.1")).unwrap().contract().name(), "acme@1.0.1");
        for (field, value, problem) in [
            ("/provider", json!("Acme"), "contract: provider: must be 1 to 40 of a–z, 0–9 and `-`"),
            ("/version", json!("1.0"), "contract: version: must be MAJOR.MINOR.PATCH"),
            (
                "/wit",
                json!("0.1"),
                "it exports the interface of version 0.2, but its contract says 0.1 (field `wit`)",
            ),
            ("/endpoints", json!([]), "contract: endpoints: must be 1 to 64"),
            ("/endpoints/0/path", json!("a***"), "contract acme@1.0.0: endpoints[0].path: "),
            ("/endpoints/0/schema", json!({"oneOf": []}), "contract acme@1.0.0: endpoints[0].schema"),
            ("/secrets/0", json!("x"), "contract acme@1.0.0: secrets: `x`: not `endpoint: /json/pointer`"),
            ("/secrets/0", json!("lines: /x"), "contract acme@1.0.0: secrets: `lines: /x`: no such endpoint"),
        ] {
            let said = sealed(field, value).map(|_| ()).unwrap_err();
            assert!(said.starts_with(problem), "{said}");
        }
    }
}
