//! `antigravity adapter bench`.

use super::{Tried, subject};
use crate::args::MeasureOptions;
use crate::failure::Failure;
use crate::{clock, places, progress};
use antigravity_authoring::{self as authoring, Traffic};
use antigravity_capture::{Progress, open};
use antigravity_core::Contract;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

pub fn run(options: &MeasureOptions) -> Result<(), Failure> {
    let Tried { adapter, fixtures, .. } = subject(&places::tools(), &places::sandbox()?, &options.adapter)?;
    let contract = adapter.contract();
    let traffic = match &options.capture {
        Some(file) => vec![read(file, contract)?],
        None => {
            let cases = fixtures.cases.iter().map(|case| case.traffic(contract));
            cases.collect::<Result<_, _>>().map_err(Failure::input)?
        }
    };
    let measured = authoring::measure(&adapter, &traffic, options.rounds.max(1), clock::thread_cpu);
    let it = measured.map_err(Failure::input)?;
    let mut out = std::io::stdout().lock();
    if options.json {
        serde_json::to_writer(&mut out, &it).map_err(Failure::failed)?;
        writeln!(out)?;
        return Ok(());
    }
    writeln!(out, "{}: {} packets, {} bytes, {} rounds", it.adapter, it.packets, it.bytes, it.rounds)?;
    writeln!(
        out,
        "  {:>12.0} packets/s, {:.1} MB/s, as the host groups them",
        it.packets_per_second,
        it.bytes_per_second / 1e6
    )?;
    writeln!(
        out,
        "  {:>12.1} µs a packet in a call of its own, 99th percentile {:.1} µs",
        it.p50_us, it.p99_us
    )?;
    writeln!(out, "  {:>12} fuel a packet", it.fuel_per_packet)?;
    if it.failed > 0 {
        writeln!(out, "  {:>12} packets failed", it.failed)?;
    }
    Ok(())
}

fn read(file: &Path, contract: &Arc<Contract>) -> Result<Traffic, Failure> {
    let bar = Progress::default();
    progress::with_bar(&bar, || {
        let mut source = open(file, None, &bar)?;
        Traffic::read(&mut *source, std::slice::from_ref(contract))
    })
    .map_err(Failure::input)
}
