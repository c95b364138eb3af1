//! How an adapter behaves on its own fixtures.

use super::{Finding, Subject};
use crate::desk::{Desk, Laid, Said};
use crate::replayed::Replayed;
use crate::tree::{Documents, Json};
use antigravity_engine::ReplayError;

/// No packet of any fixture makes it trap or break its limits.
pub(super) fn no_failure(subject: &Subject<'_>) -> Result<Finding, ReplayError> {
    let mut packets = 0;
    for (case, traffic) in &subject.cases {
        let replayed = Replayed::of(subject.adapter, traffic, false)?;
        if let Some((seq, error)) = replayed.failures.first() {
            return Ok(Err(format!("{case}, packet {seq}: {error}")));
        }
        packets += replayed.fates.len();
    }
    Ok(Ok(format!("{packets} packets")))
}

/// The same packets give the same lines.
pub(super) fn replayed_twice(subject: &Subject<'_>) -> Result<Finding, ReplayError> {
    let mut lines = 0;
    for (case, traffic) in &subject.cases {
        let first = Replayed::of(subject.adapter, traffic, true)?.text;
        let second = Replayed::of(subject.adapter, traffic, true)?.text;
        if let Some((a, b)) = first.lines().zip(second.lines()).find(|(a, b)| a != b) {
            return Ok(Err(format!("{case}: first {a}, then {b}")));
        }
        if first != second {
            return Ok(Err(format!(
                "{case}: {} lines, then {}",
                first.lines().count(),
                second.lines().count()
            )));
        }
        lines += first.lines().count();
    }
    Ok(Ok(format!("{lines} lines")))
}

/// How packets are grouped into calls changes nothing.
pub(super) fn split_over_calls(subject: &Subject<'_>) -> Result<Finding, ReplayError> {
    /// Ways to group them at random.
    const WAYS: u64 = 6;
    for (case, traffic) in &subject.cases {
        let laid = Laid::of(subject.contract(), traffic)?;
        let read = |group: &mut dyn FnMut() -> usize| Desk::new(subject.adapter).read(&laid, group);
        let one = read(&mut || 1);
        let mut ways = vec![("all in one call".to_owned(), read(&mut || usize::MAX))];
        for seed in 0..WAYS {
            let mut random = fastrand::Rng::with_seed(seed);
            ways.push((format!("calls of random length, seed {seed}"), read(&mut || random.usize(1..6))));
        }
        for (way, said) in ways {
            if let Some(at) = (0..one.len()).find(|at| one.get(*at) != said.get(*at)) {
                let (alone, grouped) = (first_line(one.get(at)), first_line(said.get(at)));
                return Ok(Err(format!("{case}, packet {}: alone {alone}, {way} {grouped}", at + 1)));
            }
        }
    }
    Ok(Ok(format!("one a call, all in one, {WAYS} ways at random")))
}

fn first_line(said: Option<&Said>) -> String {
    match said {
        Some(Said::Answered(lines)) => {
            format!("`{}`, {} lines", lines.first().map_or("", |l| l), lines.len())
        }
        Some(Said::Decided(reason)) => format!("`{reason}`"),
        Some(Said::Failed(error)) => format!("failed ({error})"),
        None => "nothing".to_owned(),
    }
}

/// Members that an object did not have before change nothing.
pub(super) fn unknown_fields(subject: &Subject<'_>) -> Result<Finding, ReplayError> {
    let mut added = 0;
    for (case, traffic) in &subject.cases {
        let laid = Laid::of(subject.contract(), traffic)?;
        let endpoints = laid.endpoints(subject.contract());
        let mut number = 0;
        let changed = traffic.map(|packet| {
            let endpoint = endpoints.get(number).copied().flatten();
            number += 1;
            let Some(mut documents) = endpoint.and_then(|it| Documents::of(packet, Some(it))) else { return };
            for document in &mut documents.documents {
                document.objects(&mut |members| added += usize::from(add(members)));
            }
            packet.body = documents.body();
        });
        let before = Replayed::of(subject.adapter, traffic, true)?.text;
        let after = Replayed::of(subject.adapter, &changed, true)?.text;
        if before != after {
            let differs = before.lines().zip(after.lines()).find(|(a, b)| a != b);
            let shown = differs.map_or_else(
                || format!("{} lines, then {}", before.lines().count(), after.lines().count()),
                |(a, b)| format!("{a} became {b}"),
            );
            return Ok(Err(format!("{case}, `{NAME}` added to every object: {shown}")));
        }
    }
    Ok(Ok(format!("{added} objects with one more")))
}

/// A name that no provider uses.
const NAME: &str = "zz_not_known";

/// Adds a member, but not to what is a table of things by their identifiers, where it would be one more.
fn add(members: &mut Vec<(String, Json)>) -> bool {
    let identifier = |name: &str| name.starts_with(|c: char| c.is_ascii_digit()) || name.len() > 40;
    if members.iter().any(|(name, _)| identifier(name)) {
        return false;
    }
    members.push((NAME.to_owned(), Json::Text("x".to_owned())));
    true
}
