//! The same adapter as a program of this machine. What both answer has to be the same: the sandbox, its
//! 32-bit addresses and its compiler must not show.

use crate::build::{self, BuildError};
use crate::command::CommandError;
use crate::desk::{Entry, Laid, Said};
use crate::show::show;
use crate::toolchain::Tools;
use antigravity_abi::{PacketRow, Span};
use antigravity_core::answer::{AnswerLimits, Checker, Level, Log, RawAnswer};
use antigravity_core::{Body, Contract};
use antigravity_runtime::Prepared;
use std::collections::BTreeMap;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

/// A compiled program that answers calls.
#[derive(Clone, Debug)]
pub(crate) struct Program(PathBuf);

impl Program {
    /// Compiles the adapter in `dir` for this machine.
    ///
    /// # Errors
    /// [`BuildError`] where it does not compile.
    pub fn build(tools: &Tools, dir: &Path) -> Result<Self, BuildError> {
        let krate = build::package(tools, dir)?;
        let folder = krate.target.join("native").join(&krate.package);
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| BuildError::Io { path, source }
        };
        let [package, path] = [&krate.package, &krate.folder.display().to_string()]
            .map(|it| serde_json::Value::from(it.as_str()));
        let manifest = format!(
            "[package]\nname = \"native\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[[bin]]\nname = {package}\npath = \"main.rs\"\n\n\
            [dependencies.adapter]\npackage = {package}\npath = {path}\n\n[profile.dev]\nopt-level = 1\n\n[workspace]\n"
        );
        let main = "fn main() -> std::process::ExitCode {\n    adapter::antigravity_native()\n}\n";
        for (name, text) in [("Cargo.toml", manifest.as_str()), ("main.rs", main)] {
            let file = folder.join(name);
            // Written anew it would be compiled anew.
            if std::fs::read(&file).ok().as_deref() != Some(text.as_bytes()) {
                crate::files::write(&file, text.as_bytes()).map_err(io(&file))?;
            }
        }
        let (from, to) = (krate.workspace.join("Cargo.lock"), folder.join("Cargo.lock"));
        if !to.exists() && from.exists() {
            std::fs::copy(&from, &to).map_err(io(&to))?;
        }
        let target = krate.target.join("native/target");
        let mut command = build::cargo(tools);
        command.args(["build", "--quiet", "--manifest-path"]).arg(folder.join("Cargo.toml"));
        crate::command::output(command.arg("--target-dir").arg(&target))?;
        Ok(Self(target.join("debug").join(format!("{}{}", krate.package, std::env::consts::EXE_SUFFIX))))
    }

    /// Starts it.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn start(&self, contract: &Arc<Contract>) -> Result<Native, CommandError> {
        let program = self.0.display().to_string();
        let failed = |source| CommandError::Start { program: program.clone(), source };
        let mut child = Command::new(&self.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let missing = || failed(io::Error::other("no pipe to it"));
        let input = BufWriter::new(child.stdin.take().ok_or_else(missing)?);
        let output = BufReader::new(child.stdout.take().ok_or_else(missing)?);
        Ok(Native { child, input: Some(input), output, contract: contract.clone(), workers: BTreeMap::new() })
    }
}

/// The running program.
#[derive(Debug)]
pub(crate) struct Native {
    child: Child,
    input: Option<BufWriter<ChildStdin>>,
    output: BufReader<ChildStdout>,
    contract: Arc<Contract>,
    workers: BTreeMap<Arc<str>, (u32, Checker)>,
}

impl Drop for Native {
    fn drop(&mut self) {
        // It ends at the end of its input; that it was ended already is no trouble.
        drop(self.input.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Native {
    /// Reads what was laid out, a packet a call; what it said of each.
    ///
    /// # Errors
    /// Where the program ended: a panic, in Rust.
    pub fn read(&mut self, laid: &Laid) -> io::Result<Vec<Said>> {
        let mut said = Vec::new();
        for entry in &laid.entries {
            match entry {
                Entry::Decided(reason) => said.push(Said::Decided(reason)),
                Entry::Reset(account) => self.reset(account)?,
                Entry::Packet(prepared) => said.push(self.ask(prepared, &laid.tapes)?),
            }
        }
        Ok(said)
    }

    /// Forgets everything.
    pub fn restart(&mut self) -> io::Result<()> {
        let accounts: Vec<_> = self.workers.keys().cloned().collect();
        accounts.iter().try_for_each(|account| self.reset(account))
    }

    fn reset(&mut self, account: &Arc<str>) -> io::Result<()> {
        let Some((number, _)) = self.workers.get(account) else { return Ok(()) };
        let number = *number;
        let formats = &self.contract.price_formats;
        self.workers.insert(account.clone(), (number, Checker::new(AnswerLimits::default(), formats)));
        self.send(&[number, u32::MAX, 0, 0])
    }

    fn send(&mut self, numbers: &[u32]) -> io::Result<()> {
        let Some(input) = &mut self.input else { return Err(io::ErrorKind::BrokenPipe.into()) };
        numbers.iter().try_for_each(|number| input.write_all(&number.to_le_bytes()))
    }

    fn ask(&mut self, prepared: &Prepared, tapes: &[u64]) -> io::Result<Said> {
        let (bytes, row) = laid(prepared);
        let tape = tapes.get(prepared.tape.clone()).unwrap_or(&[]);
        let next = self.workers.len() as u32;
        let formats = &self.contract.price_formats;
        let account = prepared.packet.account.clone();
        let (number, _) = *self
            .workers
            .entry(account.clone())
            .or_insert_with(|| (next, Checker::new(AnswerLimits::default(), formats)));
        let words = row.words();
        self.send(&[number, bytes.len() as u32, tape.len() as u32, words.len() as u32])?;
        let Some(input) = &mut self.input else { return Err(io::ErrorKind::BrokenPipe.into()) };
        input.write_all(&bytes)?;
        tape.iter().chain(&words).try_for_each(|word| input.write_all(&word.to_le_bytes()))?;
        input.flush()?;
        let raw = self.answer()?;
        let Some((_, checker)) = self.workers.get_mut(&account) else {
            return Ok(Said::Decided("no worker"));
        };
        Ok(match checker.check(1, raw) {
            Ok(answer) => {
                let reading = answer.packets().first();
                Said::Answered(reading.map(|reading| show(&answer, 0, reading)).unwrap_or_default())
            }
            Err(fault) => Said::Failed(fault.into()),
        })
    }

    fn answer(&mut self) -> io::Result<RawAnswer> {
        let [verdicts, rows, text, ends, logs] = {
            let numbers = numbers(&mut self.output, 5)?;
            [0, 1, 2, 3, 4].map(|i: usize| numbers.get(i).map_or(0, |number| *number as usize))
        };
        let (verdicts, rows) = (words(&mut self.output, verdicts)?, words(&mut self.output, rows)?);
        let text = bytes(&mut self.output, text)?;
        let ends = numbers(&mut self.output, ends)?;
        let logs = numbers(&mut self.output, logs * 3)?;
        let log = |log: &[u32; 3]| Log {
            packet: log[0],
            level: [Level::Debug, Level::Info, Level::Warn]
                .get(log[1] as usize)
                .copied()
                .unwrap_or(Level::Warn),
            message: log[2],
        };
        let logs = logs.as_chunks().0.iter().map(log).collect();
        Ok(RawAnswer { verdicts, rows, text, ends, logs })
    }
}

fn bytes(input: &mut impl Read, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn words(input: &mut impl Read, count: usize) -> io::Result<Vec<u64>> {
    Ok(bytes(input, count * 8)?.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect())
}

fn numbers(input: &mut impl Read, count: usize) -> io::Result<Vec<u32>> {
    Ok(bytes(input, count * 4)?.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word)).collect())
}

/// A packet of a call of its own, as the interface lays it out.
fn laid(prepared: &Prepared) -> (Vec<u8>, PacketRow) {
    let packet = &*prepared.packet;
    let mut bytes = Vec::new();
    let mut put = |part: &[u8]| {
        let start = if part.is_empty() { 0 } else { bytes.len() as u32 };
        bytes.extend_from_slice(part);
        Span { start, len: part.len() as u32 }
    };
    let body = put(match &packet.body {
        Body::Text(text) => text.as_bytes(),
        Body::Bytes(bytes) => bytes,
        Body::OverLimit(_) => &[],
    });
    let text = |text: Option<&str>| text.unwrap_or_default().as_bytes().to_vec();
    let row = PacketRow {
        at: packet.at.nanos(),
        connection: prepared.connection,
        endpoint: prepared.endpoint,
        body,
        tape: Span { start: 0, len: prepared.tape.len() as u32 },
        request: put(&text(packet.request_body.as_deref())),
        url: put(packet.url.as_bytes()),
        page: put(&text(packet.page.as_deref())),
        event: put(&text(packet.event.as_deref())),
    };
    (bytes, row)
}
