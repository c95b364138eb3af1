//! Opening a file.

use crate::error::Problem;
use crate::schema;
use rusqlite::{Connection, OpenFlags};
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long another process may write before this one gives up.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long it waits before it tries again what SQLite does not wait for.
const AGAIN: Duration = Duration::from_millis(10);

/// Opens the file, or makes it with the directories above it.
pub fn create(path: &Path) -> Result<Connection, Problem> {
    // Absolute, since `:memory:` and an empty name mean something else to SQLite.
    let path = std::path::absolute(path).map_err(Problem::Path)?;
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(Problem::Directory)?;
    }
    open(&path, OpenFlags::SQLITE_OPEN_CREATE)
}

/// Opens a file that is there.
pub fn find(path: &Path) -> Result<Connection, Problem> {
    let path = std::path::absolute(path).map_err(Problem::Path)?;
    match path.metadata() {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Err(Problem::Missing)
        }
        _ => open(&path, OpenFlags::empty()),
    }
}

fn open(path: &Path, more: OpenFlags) -> Result<Connection, Problem> {
    // What cannot be asked for is refused by SQLite.
    if path.metadata().is_ok_and(|it| !it.is_file()) {
        return Err(Problem::NoFile);
    }
    // No URIs: a name that begins with `file:` is a name.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // The file may be anybody's: no function is called that only its schema names.
    connection.pragma_update(None, "trusted_schema", false)?;
    schema::recognise(&connection)?;
    write_ahead(&connection)?;
    // What a person confirmed outlasts a power cut.
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// Readers and a writer do not wait for each other. Where a file system has no memory to share, the
/// mode stays as it is: slower, as safe.
fn write_ahead(connection: &Connection) -> Result<(), Problem> {
    let mode = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
    if connection.pragma_query_value(None, "journal_mode", mode)? == "wal" {
        return Ok(());
    }
    // Two that make a file at once both read it before they change the mode, and SQLite makes neither
    // wait then, since each would wait for the other. Without this, eight handles that make one file
    // are refused as locked now and then: within 150 files, measured.
    let until = Instant::now() + PATIENCE;
    loop {
        let set = connection.pragma_update_and_check(None, "journal_mode", "WAL", mode);
        match set.map_err(Problem::from) {
            Err(Problem::Busy) if Instant::now() < until => std::thread::sleep(AGAIN),
            set => return set.map(|_| ()),
        }
    }
}
