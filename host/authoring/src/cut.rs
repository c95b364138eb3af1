//! Cutting a fixture out of recorded traffic: one packet with what it needs of those before it, as small
//! as it can be while what comes of it stays the same.

use crate::desk::{Entry, Laid};
use crate::minimise::fewest;
use crate::replayed::Replayed;
use crate::traffic::Traffic;
use crate::tree::{Documents, Json};
use antigravity_capture::{Line, Members};
use antigravity_core::{Fate, Packet};
use antigravity_engine::ReplayError;
use antigravity_runtime::Adapter;
use std::path::Path;
use std::sync::Arc;

/// A fixture that was cut.
#[derive(Clone, Debug)]
pub struct Cut {
    /// Whose adapter reads the packet.
    pub provider: String,
    /// What becomes of it, as the ledger counts it, and why.
    pub fate: Fate,
    pub reason: &'static str,
    /// Quote lines of the packet.
    pub quotes: usize,
    /// How many packets are left, and bytes of their bodies; and how many there were up to the packet.
    pub packets: usize,
    pub bytes: u64,
    pub packets_before: usize,
    capture: String,
    expected: String,
}

#[derive(Debug, thiserror::Error)]
pub enum CutError {
    #[error("there is no packet {0}{of}", of = .1.as_ref().map_or(String::new(), |account| format!(" of account {account}")))]
    NoPacket(u64, Option<String>),
    #[error("no adapter reads packet {0}")]
    NotRead(u64),
    #[error(transparent)]
    Replay(#[from] ReplayError),
    #[error("{}: {source}", path.display())]
    Io { path: std::path::PathBuf, source: std::io::Error },
}

/// How often a replay is tried at most.
const BUDGET: usize = 4000;

/// What comes of the last packet.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outcome {
    fate: Fate,
    reason: &'static str,
    /// Its quote lines without number and time.
    quotes: Vec<String>,
}

/// Cuts packet `number` (of `account`, where that is named) out of `traffic`. The first adapter that gives
/// most of it is taken: quotes before a failure before a refusal.
///
/// # Errors
/// [`CutError`] where there is no such packet, or nobody reads it.
pub fn cut(
    adapters: &[Arc<Adapter>],
    traffic: &Traffic,
    number: u64,
    account: Option<&str>,
) -> Result<Cut, CutError> {
    let none = || CutError::NoPacket(number, account.map(str::to_owned));
    let packet = traffic.packets().find(|packet| packet.seq == number).ok_or_else(none)?;
    if account.is_some_and(|account| account != &*packet.account) {
        return Err(none());
    }
    let of_account = traffic.lines().take_while(|line| line.seq() <= number);
    let lines: Vec<Line> = of_account.filter(|line| *line.account() == packet.account).cloned().collect();
    let mut best: Option<(&Arc<Adapter>, Outcome)> = None;
    for adapter in adapters.iter().filter(|adapter| may_read(adapter, packet)) {
        if let Some(outcome) = outcome(adapter, &lines)
            && rank(&outcome) > best.as_ref().map_or(0, |(_, best)| rank(best))
        {
            best = Some((adapter, outcome));
        }
    }
    let (adapter, wanted) = best.ok_or(CutError::NotRead(number))?;
    Ok(smallest(adapter, &lines, wanted))
}

/// Whether the packet's address fits an endpoint: where none does, nothing before it changes that.
fn may_read(adapter: &Arc<Adapter>, packet: &Packet) -> bool {
    let laid = Laid::of(adapter.contract(), &Traffic::of([Line::Packet(packet.clone())]));
    laid.is_ok_and(|laid| !laid.entries.iter().any(|entry| matches!(entry, Entry::Decided(""))))
}

const fn rank(outcome: &Outcome) -> u8 {
    match outcome.fate {
        Fate::Parsed if !outcome.quotes.is_empty() => 5,
        Fate::Failed => 4,
        Fate::Parsed => 3,
        Fate::Rejected => 2,
        Fate::Ignored => 1,
        Fate::Unmatched | Fate::NotContracted | Fate::Dropped => 0,
    }
}

fn outcome(adapter: &Arc<Adapter>, lines: &[Line]) -> Option<Outcome> {
    let traffic = Traffic::of(lines.iter().cloned());
    // An adapter whose contract does not compile reads nothing.
    let replayed = Replayed::of(adapter, &traffic, false).ok()?;
    let last = lines.len() as u64;
    let (_, fate, reason) = *replayed.fates.iter().find(|(seq, ..)| *seq == last)?;
    let of_last = format!("\"seq\":{last},");
    let quotes = replayed.text.lines().filter(|line| line.contains(&of_last));
    let quotes = quotes.map(|line| without(line, &["seq", "at"])).collect();
    Some(Outcome { fate, reason, quotes })
}

fn without(line: &str, names: &[&str]) -> String {
    Members::of(line, |name| names.contains(&name))
        .map_or_else(|| line.to_owned(), |it| it.as_str().to_owned())
}

fn smallest(adapter: &Arc<Adapter>, lines: &[Line], wanted: Outcome) -> Cut {
    let mut budget = BUDGET;
    let holds = |lines: &[Line]| outcome(adapter, lines).as_ref() == Some(&wanted);
    let packets_before = lines.len();
    let mut left = recent(lines, &mut budget, &holds);
    if let Some((last, before)) = left.split_last() {
        let with = |before: &[Line]| [before, std::slice::from_ref(last)].concat();
        left = with(&fewest(before, &mut budget, |before| holds(&with(before))));
    }
    // The last one first: what it does not need, those before it need not give.
    for index in (0..left.len()).rev() {
        smaller_body(adapter, &mut left, index, &mut budget, &holds);
    }
    let nameless = Traffic::of(left.clone()).anonymous(&adapter.contract().provider);
    let nameless_lines: Vec<Line> = nameless.lines().cloned().collect();
    // An adapter may read something in the name of a host.
    let traffic = if holds(&nameless_lines) { nameless } else { Traffic::of(left) };
    let replayed = Replayed::of(adapter, &traffic, false).unwrap_or_default();
    let written = |line: &str| format!("{{{}}}\n", without(line, &crate::diff::OPTIONAL));
    Cut {
        provider: adapter.contract().provider.clone(),
        fate: wanted.fate,
        reason: wanted.reason,
        quotes: wanted.quotes.len(),
        packets: traffic.packets().count(),
        bytes: traffic.packets().map(|packet| packet.body.len()).sum(),
        packets_before,
        capture: traffic.to_capture(),
        expected: replayed.text.lines().map(written).collect(),
    }
}

/// The last lines, twice as many each time until they do.
fn recent(lines: &[Line], budget: &mut usize, holds: &impl Fn(&[Line]) -> bool) -> Vec<Line> {
    let mut count = 1;
    while count < lines.len() && *budget > 0 {
        let some = &lines[lines.len() - count..];
        *budget -= 1;
        if holds(some) {
            return some.to_vec();
        }
        count *= 2;
    }
    lines.to_vec()
}

/// Leaves members and items out of the body of one packet.
fn smaller_body(
    adapter: &Arc<Adapter>,
    lines: &mut [Line],
    index: usize,
    budget: &mut usize,
    holds: &impl Fn(&[Line]) -> bool,
) {
    let Line::Packet(packet) = &lines[index] else { return };
    let Some(mut documents) = documents_of(adapter, packet) else { return };
    let packet = packet.clone();
    let mut place = 0;
    let mut trial = lines.to_vec();
    let mut try_it = |documents: &Documents| {
        trial[index] = Line::Packet(Packet { body: documents.body(), ..packet.clone() });
        holds(&trial)
    };
    // Written anew it may not be the same any more: blanks between, an endpoint that was not the one.
    if *budget == 0 || !try_it(&documents) {
        return;
    }
    while *budget > 0 {
        let before = documents.clone();
        let Some(value) = nth(&mut documents.documents, place) else { break };
        match value {
            Json::Array(items) => {
                let items = std::mem::take(items);
                let left = fewest(&items, budget, |left| {
                    try_it(&replaced(&before, place, Json::Array(left.to_vec())))
                });
                documents = replaced(&before, place, Json::Array(left));
            }
            Json::Object(members) => {
                let members = std::mem::take(members);
                let left = fewest(&members, budget, |left| {
                    try_it(&replaced(&before, place, Json::Object(left.to_vec())))
                });
                documents = replaced(&before, place, Json::Object(left));
            }
            _ => {}
        }
        place += 1;
    }
    lines[index] = Line::Packet(Packet { body: documents.body(), ..packet });
}

fn nth(documents: &mut [Json], mut place: usize) -> Option<&mut Json> {
    for document in documents {
        let count = document.count();
        if place < count {
            return document.nth(place);
        }
        place -= count;
    }
    None
}

fn replaced(documents: &Documents, place: usize, value: Json) -> Documents {
    let mut documents = documents.clone();
    if let Some(old) = nth(&mut documents.documents, place) {
        *old = value;
    }
    documents
}

/// The body's JSON, cut as the endpoint says that it was laid out for.
fn documents_of(adapter: &Arc<Adapter>, packet: &Packet) -> Option<Documents> {
    let contract = adapter.contract();
    let laid = Laid::of(contract, &Traffic::of([Line::Packet(packet.clone())])).ok()?;
    let endpoint = laid.endpoints(contract).first().copied().flatten()?;
    Documents::of(packet, Some(endpoint))
}

impl Cut {
    /// Writes the packets and what they give into a folder, which is made.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), CutError> {
        for (name, text) in [("packets.capture.ndjson", &self.capture), ("expected.ndjson", &self.expected)] {
            let path = folder.join(name);
            crate::files::write(&path, text.as_bytes()).map_err(|source| CutError::Io { path, source })?;
        }
        Ok(())
    }
}
