//! What is left of changes that did not end, and of versions that are kept no longer.

use crate::disk;
use crate::lock::{Lock, is_component, is_provider};
use std::fs::{self, DirEntry};
use std::io::{self, ErrorKind};
use std::path::Path;

/// Deletes components and unfinished files that the lock file does not name; with the right to change the
/// store only. What has another name than a change gives is not touched. What cannot be deleted takes
/// room and does nothing else: it is told, and the change goes on.
pub(crate) fn clear(store: &Path, lock: &Lock) {
    if let Err(error) = try_clear(store, lock) {
        tracing::warn!("{}: what is no longer needed stays there: {error}", store.display());
    }
}

fn try_clear(store: &Path, lock: &Lock) -> io::Result<()> {
    for entry in fs::read_dir(store)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let kind = entry.file_type()?;
        if kind.is_dir() && is_provider(name) {
            clear_folder(&entry, name, lock)?;
        } else if kind.is_file() && disk::is_unfinished(name) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn clear_folder(folder: &DirEntry, provider: &str, lock: &Lock) -> io::Result<()> {
    for entry in fs::read_dir(folder.path())? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let ours =
            disk::is_unfinished(name) || (is_component(name) && !lock.names(&format!("{provider}/{name}")));
        if ours && entry.file_type()?.is_file() {
            fs::remove_file(entry.path())?;
        }
    }
    if lock.adapters.contains_key(provider) {
        return Ok(());
    }
    // What somebody else put there stays, and then the folder does.
    match fs::remove_dir(folder.path()) {
        Err(error) if error.kind() != ErrorKind::DirectoryNotEmpty => Err(error),
        _ => Ok(()),
    }
}
