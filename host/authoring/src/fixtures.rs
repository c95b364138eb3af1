//! Fixtures: recorded packets with the quotes that they must give, from a folder or out of a
//! component that carries them.

use crate::bundle;
use crate::traffic::Traffic;
use antigravity_capture::CaptureReader;
use antigravity_core::Contract;
use antigravity_engine::ReplayError;
use antigravity_runtime::Component;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The cases of one adapter, by name.
#[derive(Clone, Debug, Default)]
pub struct Fixtures {
    pub cases: Vec<FixtureCase>,
}

/// One case: a capture, and the lines that its replay must give.
#[derive(Clone, Debug)]
pub struct FixtureCase {
    pub name: String,
    /// A capture file, plain or compressed.
    pub packets: Arc<[u8]>,
    /// Lines of JSON; `None` where nobody wrote them yet.
    pub expected: Option<String>,
    /// What messages call the case: its folder, or where it stands in a component.
    pub place: PathBuf,
}

#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{}: no fixtures", .0.display())]
    None(PathBuf),
    #[error("{}: line {line}: {problem}", path.display())]
    Expected { path: PathBuf, line: usize, problem: String },
    #[error("custom section `{SECTION}`: {0}", SECTION = bundle::SECTION)]
    Bundle(String),
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

impl Fixtures {
    /// The cases in `<folder>/fixtures`.
    ///
    /// # Errors
    /// [`FixtureError`] where there is no case, or a file of one cannot be read.
    pub fn of_folder(folder: &Path) -> Result<Self, FixtureError> {
        let directory = folder.join("fixtures");
        let io = |source| FixtureError::Io { path: directory.clone(), source };
        let mut folders = Vec::new();
        for entry in std::fs::read_dir(&directory).map_err(io)? {
            let path = entry.map_err(io)?.path();
            if path.is_dir() {
                folders.push(path);
            }
        }
        folders.sort();
        if folders.is_empty() {
            return Err(FixtureError::None(directory));
        }
        Ok(Self { cases: folders.into_iter().map(FixtureCase::of_folder).collect::<Result<_, _>>()? })
    }

    /// The cases that a component carries; none where it carries none.
    ///
    /// # Errors
    /// [`FixtureError::Bundle`] where what it carries is too large or is no list of cases.
    pub fn of_component(component: &Component) -> Result<Self, FixtureError> {
        Ok(Self { cases: bundle::read(component.bytes()).map_err(FixtureError::Bundle)? })
    }
}

impl FixtureCase {
    fn of_folder(place: PathBuf) -> Result<Self, FixtureError> {
        let path = place.join("packets.capture.ndjson");
        let packets = std::fs::read(&path).map_err(|source| FixtureError::Io { path, source })?.into();
        let path = place.join("expected.ndjson");
        let expected = match std::fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(source) => return Err(FixtureError::Io { path, source }),
        };
        let name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, packets, expected, place })
    }

    /// The packets, their secrets taken out.
    ///
    /// # Errors
    /// [`ReplayError`] where they are malformed.
    pub fn traffic(&self, contract: &Arc<Contract>) -> Result<Traffic, ReplayError> {
        let name = self.place.join("packets.capture.ndjson");
        let mut reader = CaptureReader::from_reader(&name, Cursor::new(Arc::clone(&self.packets)), None)?;
        Traffic::read(&mut reader, std::slice::from_ref(contract))
    }
}
