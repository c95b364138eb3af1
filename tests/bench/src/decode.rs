//! One body: the sandbox with everything around it, against a native parser of types, and against
//! the same adapter compiled natively.

use crate::inputs::Input;
use crate::measure::{Way, in_turn};
use crate::sandboxed::{Sandboxed, adapter, sandbox};
use crate::{Problem, baseline, inputs};
use antigravity_abi::{PacketRow, Span};
use antigravity_adapter_betfair::Betfair;
use antigravity_adapter_cmd368::Cmd368;
use antigravity_adapter_feed::Feed;
use antigravity_capture::Redactor;
use antigravity_core::{Body, Packet};
use antigravity_runtime::Adapter;
use antigravity_tape::{Framing, Tokeniser};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::sync::Arc;

pub fn run(rounds: usize, wanted: &str, way: Option<&str>) -> Result<Value, Problem> {
    let set = Set { rounds, wanted, way };
    let sandbox = sandbox()?;
    let mut report = json!({});
    let feed = adapter(&sandbox, "tests/bench/guest")?;
    let cmd368 = adapter(&sandbox, "adapters/cmd368")?;
    let betfair = adapter(&sandbox, "adapters/betfair")?;
    let document = Framing::Document;
    subject::<Feed>(
        &mut report,
        &set,
        &inputs::feed("feed-60kB", 400, 32),
        1,
        &feed,
        baseline::feed,
        document,
    )?;
    subject::<Feed>(
        &mut report,
        &set,
        &inputs::feed("feed-2kB", 12, 512),
        1,
        &feed,
        baseline::feed,
        document,
    )?;
    subject::<Cmd368>(
        &mut report,
        &set,
        &inputs::cmd368("cmd368-60x91", 60, 32),
        1,
        &cmd368,
        baseline::cmd368,
        document,
    )?;
    for (name, mean, count) in [("betfair-2400B", 2400, 1024), ("betfair-140B", 140, 8192)] {
        let input = inputs::betfair(name, mean, count);
        for size in [1, 16, 64] {
            subject::<Betfair>(&mut report, &set, &input, size, &betfair, baseline::betfair, Framing::Lines)?;
        }
    }
    Ok(report)
}

/// What is measured.
struct Set<'a> {
    rounds: usize,
    wanted: &'a str,
    way: Option<&'a str>,
}

type Baseline = fn(&str) -> Result<baseline::Read, serde_json::Error>;

fn text(packet: &Packet) -> &str {
    match &packet.body {
        Body::Text(text) => text,
        _ => "",
    }
}

fn subject<A: antigravity_sdk::Adapter>(
    report: &mut Value,
    set: &Set<'_>,
    input: &Input,
    size: usize,
    adapter: &Arc<Adapter>,
    baseline: Baseline,
    framing: Framing,
) -> Result<(), Problem> {
    if !input.name.starts_with(set.wanted) {
        return Ok(());
    }
    for packet in &input.packets {
        baseline(text(packet)).map_err(|e| format!("{}: the baseline refuses a body: {e}", input.name))?;
    }
    let sandboxed = RefCell::new(Sandboxed::new(adapter, size)?);
    let routed = RefCell::new(Sandboxed::new(adapter, size)?);
    let native = RefCell::new(Native::<A>::default());
    let mut tokeniser = Tokeniser::default();
    let mut redactor = Redactor::new();
    let mut tape = Vec::new();
    // The first packet teaches the names, unmeasured: workers live long.
    let (first, packets) = input.packets.split_at(1);
    let mut ways = vec![
        Way::new("serde_json", || {
            let read =
                |p: &Arc<Packet>| baseline(text(p)).map_or(0, |r| std::hint::black_box(r).rows.len() as u64);
            packets.iter().map(read).sum()
        }),
        Way::new("sandboxed", || sandboxed.borrow_mut().read(packets)).before(|| {
            let mut sandboxed = sandboxed.borrow_mut();
            sandboxed.reset();
            sandboxed.read(first);
        }),
        Way::new("native-adapter", || native.borrow_mut().read(packets, framing)).before(|| {
            let mut native = native.borrow_mut();
            *native = Native::default();
            native.read(first, framing);
        }),
        Way::new("route-only", || {
            let mut routed = routed.borrow_mut();
            let nodes = |p: &Arc<Packet>| {
                let nodes = routed.prepare(p).map_or(0, |p| p.tape.len() as u64);
                let tapes = routed.tapes();
                routed.recycle(tapes);
                nodes
            };
            packets.iter().map(nodes).sum()
        }),
        Way::new("tokenise-only", || {
            let mut nodes = 0;
            for packet in packets {
                tape.clear();
                let _ = tokeniser.tokenise(text(packet), framing, &mut tape);
                nodes += tape.len() as u64;
            }
            nodes
        }),
        Way::new("redact-only", || {
            let mut kept = 0;
            for packet in packets {
                let mut packet = (**packet).clone();
                let _ = redactor.packet(&mut packet, &[]);
                kept += packet.body.len();
            }
            kept
        }),
    ];
    if let Some(way) = set.way {
        ways.retain(|w| w.name == way || w.name == "serde_json");
    }
    let bytes: usize = packets.iter().map(|p| text(p).len()).sum();
    let mut figures = in_turn(set.rounds, packets.len(), &mut ways);
    drop(ways);
    // The same on every machine: what a change of an adapter costs shows here first.
    figures["guest_fuel_per_packet"] = json!(sandboxed.borrow().fuel() / packets.len() as u64);
    figures["bytes_per_packet"] = json!(bytes / packets.len());
    figures["packets_per_call"] = json!(size);
    report[format!("{}/{size}", input.name)] = figures;
    Ok(())
}

/// The same adapter, compiled natively: tokenised and parsed, no sandbox, no checks.
pub struct Native<A> {
    worker: antigravity_sdk::Worker<A>,
    tokeniser: Tokeniser,
    tape: Vec<u64>,
    bytes: Vec<u8>,
}

impl<A: antigravity_sdk::Adapter> Default for Native<A> {
    fn default() -> Self {
        let (tape, bytes) = Default::default();
        Self { worker: antigravity_sdk::Worker::default(), tokeniser: Tokeniser::default(), tape, bytes }
    }
}

impl<A: antigravity_sdk::Adapter> Native<A> {
    fn read(&mut self, packets: &[Arc<Packet>], framing: Framing) -> u64 {
        packets.iter().map(|packet| self.read_one(packet, framing)).sum()
    }

    fn read_one(&mut self, packet: &Packet, framing: Framing) -> u64 {
        let mut tape = std::mem::take(&mut self.tape);
        tape.clear();
        let rows = match self.tokeniser.tokenise(text(packet), framing, &mut tape) {
            Ok(()) => self.parse(packet, &tape),
            Err(_) => 0,
        };
        self.tape = tape;
        rows
    }

    /// One call with a packet that is tokenised; how many rows it gives.
    pub fn parse(&mut self, packet: &Packet, nodes: &[u64]) -> u64 {
        self.bytes.clear();
        let mut put = |text: &str| {
            let start = self.bytes.len() as u32;
            self.bytes.extend_from_slice(text.as_bytes());
            Span { start, len: text.len() as u32 }
        };
        let body = put(text(packet));
        let request = put(packet.request_body.as_deref().unwrap_or(""));
        let url = put(&packet.url);
        let page = put(packet.page.as_deref().unwrap_or(""));
        let event = put("");
        let tape = Span { start: 0, len: nodes.len() as u32 };
        let at = packet.at.nanos();
        let meta = PacketRow { at, connection: 0, endpoint: 0, body, tape, request, url, page, event };
        let answer = self.worker.parse(&self.bytes, nodes, &meta.words());
        (std::hint::black_box(answer).rows.len() / 3) as u64
    }
}
