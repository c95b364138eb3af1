//! Whole captures through the whole pipeline.

use crate::clock::{memory_kb, process_cpu};
use crate::measure::spread;
use crate::sandboxed::{adapter, root, sandbox};
use crate::{Problem, inputs};
use antigravity_capture::{CaptureWriter, Header, Line, Progress};
use antigravity_core::{Body, Packet, Timestamp};
use antigravity_engine::{Emit, File, Lines, Marks, replay};
use antigravity_runtime::Adapter;
use antigravity_simulator::{BetfairStream, Shape};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

/// Betfair streams: messages a second of the whole pipeline, beside the Python packages that read
/// the same messages where they are installed.
pub fn streams(rounds: usize) -> Result<Value, Problem> {
    let sandbox = sandbox()?;
    let betfair = adapter(&sandbox, "adapters/betfair")?;
    let directory = tempfile::tempdir()?;
    let mut report = json!({});
    for (name, file) in stream_files(directory.path())? {
        let text = std::fs::read_to_string(&file)?;
        let messages: Vec<&str> = text.lines().filter(|line| line.contains("\"mcm\"")).collect();
        let capture = directory.path().join(format!("{name}.capture.ndjson"));
        write_capture(&capture, messages.iter().map(|m| format!("{m}\r\n")))?;
        let mut figures = json!({"messages": messages.len(), "bytes": text.len()});
        for (emit, quotes) in [("board", false), ("quotes", true)] {
            for threads in [1, 2] {
                figures[format!("antigravity-{emit}-{threads}-threads")] =
                    timed(rounds.min(10), messages.len(), || run(&betfair, &capture, threads, quotes))?;
            }
        }
        figures["python"] = python(&file).unwrap_or_else(|reason| json!({"skipped": reason}));
        report[name] = figures;
    }
    Ok(report)
}

/// Recorded streams where there are any, and two generated ones. `betfair_data` reads only ladders
/// by price: of a stream with others there is a second file without them.
fn stream_files(directory: &Path) -> Result<Vec<(String, PathBuf)>, Problem> {
    let mut files = Vec::new();
    if let Some(captures) = std::env::var_os("ANTIGRAVITY_CAPTURES") {
        for entry in std::fs::read_dir(Path::new(&captures).join("betfair"))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with("flumine") && name.ends_with(".ndjson") {
                let (name, text) = (name.trim_end_matches(".ndjson"), std::fs::read_to_string(&path)?);
                if text.contains("\"bdat") {
                    let path = directory.join(format!("{name}.by-price.json"));
                    std::fs::write(&path, text.lines().map(by_price).collect::<Result<String, _>>()?)?;
                    files.push((format!("{name}.by-price"), path));
                }
                let path = directory.join(format!("{name}.json"));
                std::fs::write(&path, text)?;
                files.push((name.to_owned(), path));
            }
        }
        files.sort();
    }
    let start = Timestamp::from_nanos(1_788_865_200_000_000_000);
    for (name, messages, mean_size) in [("generated-2400B", 20_000, 2400), ("generated-250B", 100_000, 250)] {
        let shape = Shape { markets: 1, runners: 8, messages, mean_size };
        let lines: Result<String, _> =
            BetfairStream::new(5, start, shape).map(|line| by_price(&line)).collect();
        let path = directory.join(format!("{name}.json"));
        std::fs::write(&path, lines?)?;
        files.push((name.to_owned(), path));
    }
    Ok(files)
}

/// A message as a line with the members of recorded files only; empty for one without changes.
fn by_price(line: &str) -> Result<String, serde_json::Error> {
    let keep = |value: &mut Value, names: &[&str]| {
        if let Some(members) = value.as_object_mut() {
            members.retain(|name, _| names.contains(&name.as_str()));
        }
    };
    let items = |value: &mut Value, name: &str| match value.get_mut(name).map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    let mut message: Value = serde_json::from_str(line)?;
    keep(&mut message, &["op", "clk", "pt", "mc"]);
    let mut changes = items(&mut message, "mc");
    for change in &mut changes {
        keep(change, &["id", "con", "marketDefinition", "rc"]);
        let mut runners = items(change, "rc");
        for runner in &mut runners {
            keep(runner, &["id", "atb", "atl", "trd", "ltp", "tv", "hc"]);
        }
        if !runners.is_empty() {
            change["rc"] = Value::Array(runners);
        } else if let Some(change) = change.as_object_mut() {
            change.remove("rc");
        }
    }
    if changes.is_empty() {
        return Ok(String::new());
    }
    message["mc"] = Value::Array(changes);
    Ok(format!("{message}\n"))
}

fn write_capture(path: &Path, bodies: impl Iterator<Item = String>) -> Result<(), Problem> {
    let header = Header { redacted: true, ..Header::default() };
    let mut writer = CaptureWriter::create(path, &header)?;
    let like = inputs::betfair("like", 140, 4).packets.remove(0);
    for (body, seq) in bodies.zip(1..) {
        let at = Timestamp::from_nanos(like.at.nanos() + seq as i64 * 1_000_000);
        let packet = Packet { seq, at, body: Body::Text(body), ..(*like).clone() };
        writer.write(&Line::Packet(packet).into())?;
    }
    Ok(writer.finish()?)
}

fn run(adapter: &Arc<Adapter>, capture: &Path, threads: usize, quotes: bool) -> Result<u64, Problem> {
    let files = [File { path: capture.to_owned(), account: None }];
    let mut lines =
        Lines::new(std::io::sink(), Emit { quotes, board: true, ledger: true, ..Emit::default() });
    let marks = Marks::Named(vec![("A".to_owned(), adapter.contract().provider.clone())]);
    let (merger, _) =
        replay(std::slice::from_ref(adapter), &files[..], &marks, threads, &Progress::default(), &mut lines)?;
    let parsed = merger.ledger().count(antigravity_core::Fate::Parsed);
    lines.finish(&merger)?;
    Ok(parsed)
}

fn timed(
    rounds: usize,
    messages: usize,
    mut run: impl FnMut() -> Result<u64, Problem>,
) -> Result<Value, Problem> {
    let (mut rates, mut cpu) = (Vec::new(), Vec::new());
    let mut parsed = run()?;
    for _ in 0..rounds {
        let (start, busy) = (Instant::now(), process_cpu());
        parsed = run()?;
        rates.push(messages as f64 / start.elapsed().as_secs_f64());
        cpu.push((process_cpu() - busy) as f64 / 1000.0 / messages as f64);
    }
    Ok(json!({"messages_a_second": spread(rates), "cpu_us_a_message": spread(cpu), "parsed": parsed}))
}

/// Seconds of `betfair_data` and `betfairlightweight` on the same file.
fn python(file: &Path) -> Result<Value, String> {
    let script = root().join("tests/oracles/betfair_speed.py");
    let venv = root().join("target/venv/bin/python");
    let python = if venv.is_file() { venv } else { PathBuf::from("python3") };
    let output = Command::new(python).arg(script).arg(file).output().map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|e| e.to_string())
}

/// A large capture: the peak of memory after a tenth of it and after all of it.
pub fn memory(megabytes: u64) -> Result<Value, Problem> {
    let sandbox = sandbox()?;
    let feed = adapter(&sandbox, "tests/bench/guest")?;
    let directory = tempfile::tempdir()?;
    let mut report = json!({"capture_mb": megabytes});
    for (name, size) in [("tenth", megabytes / 10), ("whole", megabytes)] {
        let path = directory.path().join(format!("{name}.capture.ndjson"));
        let bytes = write_feed(&path, size * 1_000_000)?;
        let start = Instant::now();
        let parsed = run(&feed, &path, 2, false)?;
        let seconds = start.elapsed().as_secs_f64();
        report[name] = json!({
            "bytes": bytes,
            "parsed": parsed,
            "mb_a_second": (bytes as f64 / 1e6 / seconds).round(),
            "peak_resident_kb": memory_kb("VmHWM"),
        });
        std::fs::remove_file(&path)?;
    }
    Ok(report)
}

fn write_feed(path: &Path, bytes: u64) -> Result<u64, Problem> {
    let header = Header { redacted: true, ..Header::default() };
    let mut writer = CaptureWriter::create(path, &header)?;
    let input = inputs::feed("feed-60kB", 400, 16);
    let mut written = 0;
    let mut seq = 0;
    while written < bytes {
        seq += 1;
        let like = &input.packets[seq as usize % input.packets.len()];
        let packet = Packet { seq, ..(**like).clone() };
        written += packet.body.len();
        writer.write(&Line::Packet(packet).into())?;
    }
    writer.finish()?;
    Ok(std::fs::metadata(path)?.len())
}
