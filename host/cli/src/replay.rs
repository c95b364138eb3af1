//! `antigravity replay`.

use crate::args::{Emitted, Format, ReplayOptions};
use crate::failure::Failure;
use crate::person::say;
use crate::{clock, components, contract, identity, opportunities, places, progress, table};
use antigravity_capture::{CaptureWriter, Header, Line, Progress};
use antigravity_core::Packet;
use antigravity_engine::{self as engine, Emit, Ended, File, Lines, Marks, Merger, Notes, ReplayError};
use antigravity_store::Store;
use std::ffi::OsString;
use std::io::{Stdout, Write};
use std::path::{Path, PathBuf};

pub fn run(options: &ReplayOptions) -> Result<(), Failure> {
    let files: Vec<File> = options.captures.iter().map(|text| file(text)).collect();
    let marks = marks(&options.mark)?;
    if matches!(marks, Marks::Recognised)
        && let Some(pipe) = pipe(&files)
    {
        let problem = "cannot be read twice; name what to bind with --mark";
        return Err(Failure::Input(format!("{}: {problem}", pipe.display())));
    }
    let sandbox = places::sandbox()?;
    let adapters = components::load_some(&sandbox, &places::adapters(options.adapters.as_deref())?)?;
    let store = options.db.as_deref().map(Store::open).transpose().map_err(identity::failure)?;
    let mut out = lines(options, store.as_ref())?;
    let known = store.as_ref().map(Store::observed).transpose().map_err(identity::failure)?;
    let progress = Progress::default();
    let result = progress::with_bar(&progress, || {
        let (files, threads) = (&files[..], threads(options.threads));
        match known {
            Some(known) => {
                engine::replay_watched(&adapters, files, &marks, threads, &progress, known, &mut out)
            }
            None => engine::replay(&adapters, files, &marks, threads, &progress, &mut out),
        }
    });
    let (merger, notes) = match result {
        Ok(done) => done,
        Err(error) => {
            out.end()?;
            return Err(match error {
                ReplayError::Thread(_) => Failure::failed(error),
                _ => Failure::input(error),
            });
        }
    };
    let ended = out.finish(&merger)?;
    if let (Some(mut store), Some(opportunities)) = (store, &ended.opportunities) {
        store.keep(opportunities.identity(), clock::now()?).map_err(identity::failure)?;
        store.keep_observed(&notes.observed).map_err(identity::failure)?;
    }
    warn(&notes, &files);
    if let Some(directory) = &options.keep_failed {
        for (number, failure) in (next_number(directory)..).zip(&ended.failures) {
            keep(directory, number, &failure.provider, &failure.packet)?;
        }
    }
    if options.format == Format::Table {
        print_tables(&merger, &ended, options)?;
    }
    Ok(())
}

/// What is written while the run goes on, and what is kept for its end.
fn lines(options: &ReplayOptions, store: Option<&Store>) -> Result<Lines<Stdout>, Failure> {
    let on = |what| options.emit.contains(&what);
    let lines = options.format == Format::Ndjson;
    let emit = Emit {
        quotes: on(Emitted::Quotes),
        board: on(Emitted::Board) && lines,
        opportunities: on(Emitted::Opportunities) && lines,
        funnel: on(Emitted::Funnel) && lines,
        ledger: on(Emitted::Ledger) && lines,
        adapters: false,
    };
    let out = Lines::new(std::io::stdout(), emit);
    if !on(Emitted::Opportunities) && !on(Emitted::Funnel) && store.is_none() {
        return Ok(out);
    }
    let aliases = store.map(Store::aliases).transpose().map_err(identity::failure)?;
    let opportunities = options.finding.opportunities(aliases.unwrap_or_default())?;
    Ok(out.looking(opportunities, on(Emitted::Opportunities) && !lines))
}

/// Tells what a person may not have meant.
fn warn(notes: &Notes, files: &[File]) {
    warn_truncated(notes, files);
    if notes.bound.is_empty() {
        say("warning: no installed adapter recognises anything in this traffic");
    }
    notes.drifts.iter().for_each(|drift| say(format_args!("warning: {}", contract::told(drift))));
    for (account, provider) in &notes.silent {
        say(format_args!("warning: --mark {account}:{provider}: no packet is of account {account}"));
    }
}

/// Tells whose last line is not whole.
pub fn warn_truncated(notes: &Notes, files: &[File]) {
    for (source, line) in &notes.truncated {
        let file = files[*source].path.display();
        say(format_args!("warning: {file}: line {line} is cut off; it is skipped"));
    }
}

/// What is asked for, as tables.
fn print_tables(merger: &Merger, ended: &Ended, options: &ReplayOptions) -> Result<(), Failure> {
    let on = |what| options.emit.contains(&what);
    let mut out = std::io::stdout().lock();
    if let (true, Some(now)) = (on(Emitted::Board), merger.latest()) {
        writeln!(out, "{}", table::board(merger.board().board_lines(now), options.fair))?;
    }
    match &ended.found {
        Some(found) if found.iter().len() == 0 => writeln!(out, "no opportunity was found")?,
        Some(found) => writeln!(out, "{}", opportunities::table(found.iter()))?,
        None => {}
    }
    if let (true, Some(opportunities)) = (on(Emitted::Funnel), &ended.opportunities) {
        writeln!(out, "{}", opportunities::funnel(opportunities.funnel()))?;
    }
    if on(Emitted::Ledger) {
        let ledger = merger.ledger().to_line();
        writeln!(out, "{}", table::ledger(&ledger))?;
        if let Some(reasons) = table::reasons(&ledger) {
            writeln!(out, "{reasons}")?;
        }
    }
    Ok(())
}

/// What is no file, and empty after it was read once. Nothing is opened to find out: that would wait for
/// somebody to write to it. What cannot be read at all says so when it is.
pub fn pipe(files: &[File]) -> Option<&Path> {
    let passes = |file: &&File| file.path.metadata().is_ok_and(|it| !it.is_file() && !it.is_dir());
    files.iter().find(passes).map(|file| file.path.as_path())
}

/// `ACCOUNT=FILE`, or a file. What stands before the first `=` is an account where it looks like
/// one and no file of the whole name exists.
pub fn file(text: &str) -> File {
    let account = text.split_once('=').filter(|(account, path)| {
        !account.is_empty() && !path.is_empty() && !account.contains(['/', '.']) && !Path::new(text).exists()
    });
    match account {
        Some((account, path)) => File { path: path.into(), account: Some(account.to_owned()) },
        None => File { path: text.into(), account: None },
    }
}

pub fn marks(marks: &[String]) -> Result<Marks, Failure> {
    if marks.is_empty() {
        return Ok(Marks::Recognised);
    }
    let pair = |mark: &String| {
        let pair =
            mark.split_once(':').filter(|(account, provider)| !account.is_empty() && !provider.is_empty());
        pair.map(|(account, provider)| (account.to_owned(), provider.to_owned()))
            .ok_or_else(|| Failure::input(format!("--mark {mark}: not ACCOUNT:PROVIDER")))
    };
    marks.iter().map(pair).collect::<Result<_, _>>().map(Marks::Named)
}

/// 0 is one a core.
pub fn threads(asked: usize) -> usize {
    // More than there can be accounts would only be threads that wait.
    if asked > 0 { asked.min(256) } else { std::thread::available_parallelism().map_or(1, usize::from) }
}

/// One more than the highest number that a file of an earlier run begins with: none is replaced.
pub fn next_number(directory: &Path) -> usize {
    let number = |name: OsString| name.to_str()?.split_once('-')?.0.parse::<usize>().ok();
    let files = std::fs::read_dir(directory).into_iter().flatten().flatten();
    files.filter_map(|file| number(file.file_name())).max().map_or(1, |last| last.saturating_add(1))
}

/// Writes a packet that failed to a file of its own. `number` counts them: packets of two captures
/// may have the account and the `seq` in common.
pub fn keep(directory: &Path, number: usize, provider: &str, packet: &Packet) -> Result<PathBuf, Failure> {
    let (account, seq) = (in_file_name(&packet.account), packet.seq);
    let path = directory.join(format!("{number:03}-{provider}-{account}-{seq}.capture.ndjson"));
    let failed = |error: &dyn std::fmt::Display| Failure::failed(format!("{}: {error}", path.display()));
    std::fs::create_dir_all(directory).map_err(|e| failed(&e))?;
    let header = Header { created_at: Some(packet.at), redacted: true, ..Header::default() };
    let mut writer = CaptureWriter::create(&path, &header).map_err(|e| failed(&e))?;
    let packet = Packet { seq: 1, ..packet.clone() };
    writer.write(&Line::Packet(packet).into()).map_err(|e| failed(&e))?;
    writer.finish().map_err(|e| failed(&e))?;
    Ok(path)
}

/// A name from outside as part of a file's: at most 40 characters, each a letter, a digit, `-`, `_` or
/// `.`, and anything else as `_`.
pub fn in_file_name(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
    name.chars().take(40).map(plain).collect()
}
