//! `antigravity capture fixture`.

use crate::args::CutOptions;
use crate::failure::Failure;
use crate::person::{plain, say};
use crate::{components, places, progress};
use antigravity_authoring::{self as authoring, CutError, Traffic};
use antigravity_capture::{Progress, open};
use antigravity_core::Fate;
use std::io::Write;

pub fn run(options: &CutOptions) -> Result<(), Failure> {
    let folder = &options.out;
    let occupied = std::fs::read_dir(folder).map_or(folder.exists(), |mut all| all.next().is_some());
    if occupied {
        return Err(Failure::input(format!("{}: there is something already", folder.display())));
    }
    let adapters =
        components::load_some(&places::sandbox()?, &places::adapters(options.adapters.as_deref())?)?;
    let contracts: Vec<_> = adapters.iter().map(|adapter| adapter.contract().clone()).collect();
    let bar = Progress::default();
    let traffic = progress::with_bar(&bar, || {
        let mut source = open(&options.capture, None, &bar)?;
        Traffic::read_until(&mut *source, &contracts, options.packet)
    });
    let traffic = traffic.map_err(Failure::input)?;
    let cut = authoring::cut(&adapters, &traffic, options.packet, options.account.as_deref());
    let cut = cut.map_err(|error| match error {
        CutError::NoPacket(..) | CutError::Replay(_) => {
            Failure::input(format!("{}: {error}", options.capture.display()))
        }
        CutError::NotRead(_) | CutError::Io { .. } => Failure::failed(error),
    })?;
    cut.write(folder).map_err(Failure::failed)?;
    if cut.fate == Fate::Failed {
        say("note: the adapter fails on the packet; expected.ndjson holds what came before it");
    }
    writeln!(
        std::io::stdout(),
        "{}: {} of {} packets, {} bytes; {}: {}{}, {} quote lines",
        plain(&folder.display().to_string()),
        cut.packets,
        cut.packets_before,
        cut.bytes,
        cut.provider,
        cut.fate.name(),
        if cut.reason.is_empty() { String::new() } else { format!(" ({})", cut.reason) },
        cut.quotes
    )?;
    Ok(())
}
