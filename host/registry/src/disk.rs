//! Files that are there whole or not at all, also after a power cut.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

/// What the name of a file that is not whole begins and ends with.
const UNFINISHED: (&str, &str) = (".antigravity-", ".part");

/// Reads a regular file; `None` where it has more bytes than `most`.
pub(crate) fn read(path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
    // Asked before it is opened: opening a named pipe waits for somebody to write.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "no regular file"));
    }
    let mut bytes = Vec::new();
    let size = File::open(path)?.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok((size <= most).then_some(bytes))
}

/// Writes a file, in place of one that is there. It has its name when all of it is on the disk.
///
/// # Errors
/// Where it cannot be written; what was there is there still.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (directory, file) = prepare(path, bytes)?;
    file.persist(path).map_err(|error| error.error)?;
    sync(directory)
}

/// As [`write`], but fails with [`ErrorKind::AlreadyExists`] where there is one.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (directory, file) = prepare(path, bytes)?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    sync(directory)
}

fn prepare<'a>(path: &'a Path, bytes: &[u8]) -> io::Result<(&'a Path, tempfile::NamedTempFile)> {
    let directory = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED.0).suffix(UNFINISHED.1);
    // By itself it is private, and others may read what it becomes as far as the person lets them.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(directory)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok((directory, file))
}

/// Whether a file of this name was left by a change that did not end.
pub(crate) fn is_unfinished(name: &str) -> bool {
    name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1)
}

/// Makes a directory in one that is there, or finds it.
pub(crate) fn directory(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        // Its name is to be on the disk before anything in it is relied on.
        Ok(()) => path.parent().map_or(Ok(()), sync),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            // A link could lead out of the store.
            if path.symlink_metadata()?.is_dir() { Ok(()) } else { Err(ErrorKind::NotADirectory.into()) }
        }
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// Only Unix opens directories.
#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Deletes a file, for certain.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)?;
    path.parent().map_or(Ok(()), sync)
}
