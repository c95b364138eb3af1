//! From an adapter's folder to one self-describing component.

use crate::command::{CommandError, output};
use crate::toolchain::{Std, TARGET, ToolchainError, prepare};
use antigravity_abi::CONTRACT_SECTION;
use antigravity_runtime::{Adapter, Sandbox};
use serde::Deserialize;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_encoder::{ComponentSection, CustomSection};

/// A component that was built.
#[derive(Clone, Debug)]
pub struct Built {
    pub path: PathBuf,
    pub provider: String,
    pub version: String,
    pub bytes: usize,
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

/// Builds the adapter in `dir`; the component goes to `out`, or to `target/adapters` of its
/// workspace.
///
/// # Errors
/// [`BuildError`]: no WebAssembly target, a compile error as cargo prints it, an import, a
/// contract that is not valid.
pub fn build(sandbox: &Sandbox, dir: &Path, out: Option<&Path>) -> Result<Built, BuildError> {
    let manifest = dir.join("Cargo.toml");
    if !manifest.is_file() {
        return Err(BuildError::NoManifest(dir.to_owned()));
    }
    let manifest = manifest.canonicalize().map_err(|source| BuildError::Io { path: manifest, source })?;
    let std = prepare()?;
    let metadata = metadata(&manifest)?;
    let library = library_of(&metadata, &manifest)?;
    let module = compile(&manifest, &metadata.target_directory.join("wasm"), std, &library)?;
    let (provider, version, component) = componentise(sandbox, &module)?;
    let out = out.map_or_else(|| metadata.target_directory.join("adapters"), Path::to_owned);
    let path = out.join(format!("{provider}.wasm"));
    write(&path, &component).map_err(|source| BuildError::Io { path: path.clone(), source })?;
    Ok(Built { path, provider, version, bytes: component.len() })
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

fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Flags meant for the host's build (coverage, another CPU) do not fit the sandbox.
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_BUILD_RUSTFLAGS"] {
        command.env_remove(name);
    }
    command
}

fn metadata(manifest: &Path) -> Result<Metadata, BuildError> {
    let text = output(
        cargo().args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"]).arg(manifest),
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

fn compile(manifest: &Path, target_dir: &Path, std: Std, library: &str) -> Result<PathBuf, BuildError> {
    let mut command = cargo();
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
fn componentise(sandbox: &Sandbox, module: &Path) -> Result<(String, String, Vec<u8>), BuildError> {
    let path = || module.to_owned();
    let bytes = std::fs::read(module).map_err(|source| BuildError::Io { path: path(), source })?;
    let encode = || wit_component::ComponentEncoder::default().module(&bytes)?.validate(true).encode();
    let mut component =
        encode().map_err(|e| BuildError::Encode { path: path(), problem: format!("{e:#}") })?;
    let contract = Adapter::describe(sandbox, &component);
    let contract = contract.map_err(|e| BuildError::Adapter { path: path(), problem: e.to_string() })?;
    let section =
        CustomSection { name: Cow::Borrowed(CONTRACT_SECTION), data: Cow::Owned(contract.to_json()) };
    section.append_to_component(&mut component);
    Ok((contract.provider, contract.version, component))
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(dir)?;
    let file = tempfile::NamedTempFile::new_in(dir)?;
    std::fs::write(file.path(), bytes)?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}
