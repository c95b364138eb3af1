//! Files that have their name only when they are whole.

use std::path::Path;

/// Writes or replaces a file.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(dir)?;
    let file = readable().tempfile_in(dir)?;
    std::fs::write(file.path(), bytes)?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}

/// Makes a temporary file that others may read as far as the person lets them; by itself it is
/// private, and it becomes the file.
fn readable() -> tempfile::Builder<'static, 'static> {
    #[cfg_attr(not(unix), allow(unused_mut))]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_is_written_has_the_usual_rights() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("usual"), "").unwrap();
        write(&dir.path().join("a.wasm"), b"x").unwrap();
        let mode = |name: &str| dir.path().join(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode("a.wasm"), mode("usual"));
    }
}
