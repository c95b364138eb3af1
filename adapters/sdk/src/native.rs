//! The adapter as a program of this machine that answers calls: what is compared with the component.
//!
//! A call comes on standard input and its answer goes to standard output, all numbers little-endian:
//!
//! ```text
//! call     worker u32, bytes u32, tape u32, packets u32; then so many bytes, and words of 8 bytes
//! answer   verdicts u32, rows u32, text u32, ends u32, logs u32; then words of 8 bytes, bytes, words of
//!          4 bytes, and of each log its packet u32, level u32 (0 debug, 1 info, 2 warn), message u32
//! ```
//!
//! A call of `u32::MAX` bytes forgets the worker and is not answered.

use crate::wit::{Answer, Level};
use crate::{Adapter, Worker};
use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::process::ExitCode;

/// Answers calls until there are no more.
pub fn serve<A: Adapter>() -> ExitCode {
    match answer_all::<A>(&mut io::stdin().lock(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn answer_all<A: Adapter>(input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    let mut workers: HashMap<u32, Worker<A>> = HashMap::new();
    loop {
        let mut head = [0; 16];
        match input.read_exact(&mut head) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
            result => result?,
        }
        let (numbers, _) = head.as_chunks::<4>();
        let [worker, bytes, tape, packets] = [0, 1, 2, 3].map(|i: usize| u32::from_le_bytes(numbers[i]));
        if bytes == u32::MAX {
            workers.remove(&worker);
            continue;
        }
        let bytes = read(input, bytes as usize)?;
        let (tape, packets) =
            (words(&read(input, tape as usize * 8)?), words(&read(input, packets as usize * 8)?));
        let answer = workers.entry(worker).or_default().parse(&bytes, &tape, &packets);
        output.write_all(&written(&answer))?;
        output.flush()?;
    }
}

fn read(input: &mut impl Read, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn words(bytes: &[u8]) -> Vec<u64> {
    bytes.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).collect()
}

fn written(answer: &Answer) -> Vec<u8> {
    let Answer { verdicts, rows, text, ends, logs } = answer;
    let lengths = [verdicts.len(), rows.len(), text.len(), ends.len(), logs.len()];
    let mut out: Vec<u8> = lengths.iter().flat_map(|length| (*length as u32).to_le_bytes()).collect();
    out.extend(verdicts.iter().chain(rows).flat_map(|word| word.to_le_bytes()));
    out.extend_from_slice(text);
    out.extend(ends.iter().flat_map(|end| end.to_le_bytes()));
    for log in logs {
        let level = match log.level {
            Level::Debug => 0u32,
            Level::Info => 1,
            Level::Warn => 2,
        };
        out.extend([log.packet, level, log.message].iter().flat_map(|number| number.to_le_bytes()));
    }
    out
}
