//! Bodies that are not what the contract promises, where the promised ones are to be expected.

use super::{Finding, Subject};
use crate::desk::Laid;
use crate::replayed::Replayed;
use crate::traffic::Traffic;
use antigravity_capture::Line;
use antigravity_core::contract::Framing;
use antigravity_core::{Body, Fate, Packet};
use antigravity_engine::ReplayError;
use std::collections::BTreeSet;

/// Bodies of other providers' shapes, of pages and of nothing.
const NOISE: [&str; 16] = [
    "",
    "{}",
    "[]",
    "[{}]",
    "null",
    "17",
    "\"text\"",
    r#"{"weather":{"temperature":21.5,"wind":[1,2,3]},"ok":true}"#,
    r#"{"data":[{"id":1,"name":"X v Y","price":1.91}],"page":{"size":1}}"#,
    r#"[{"type":"quote","instrument":"EURUSD","bid":"1.0712","ask":"1.0714"}]"#,
    r#"0{"sid":"x","upgrades":[],"pingInterval":25000}"#,
    r#"42["news",[{"headline":"x"}]]"#,
    "<!doctype html><title>Sign in</title>",
    "PONG",
    "time,station,celsius\n2026-03-14,X,4.5\n",
    "a=1&b=2",
];

/// What is not the adapter's gives no quotes.
pub(super) fn noise(subject: &Subject<'_>) -> Result<Finding, ReplayError> {
    let traffic = instead(subject, || NOISE.map(|body| Body::Text(body.to_owned())).to_vec());
    let replayed = Replayed::of(subject.adapter, &traffic, false)?;
    if let Some((seq, error)) = replayed.failures.first() {
        return Ok(Err(format!("{}: {error}", body_of(&traffic, *seq))));
    }
    Ok(match replayed.text.lines().next() {
        Some(line) => {
            let seq = serde_json::from_str::<serde_json::Value>(line).ok().and_then(|it| it["seq"].as_u64());
            Err(format!("{} gave {line}", body_of(&traffic, seq.unwrap_or_default())))
        }
        None => Ok(format!("{} packets gave no quote", replayed.fates.len())),
    })
}

fn body_of(traffic: &Traffic, seq: u64) -> String {
    const LONGEST: usize = 60;
    let packet = traffic.packets().find(|packet| packet.seq == seq);
    match packet.map(|packet| (&packet.body, &packet.url)) {
        Some((Body::Text(text), url)) => {
            let text: String = text.chars().take(LONGEST).collect();
            format!("body `{text}` at {url}")
        }
        Some((body, url)) => format!("a body of {} bytes at {url}", body.len()),
        None => format!("packet {seq}"),
    }
}

/// A packet of each address of the fixtures, once with each of these bodies.
fn instead(subject: &Subject<'_>, mut bodies: impl FnMut() -> Vec<Body>) -> Traffic {
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for packet in subject.cases.iter().flat_map(|(_, traffic)| traffic.packets()) {
        let path = packet.url.split(['?', '#']).next().unwrap_or_default().to_owned();
        let address = (packet.transport.name(), packet.direction.name(), packet.event.clone(), path);
        if seen.insert(address) {
            lines.extend(bodies().into_iter().map(|body| Line::Packet(Packet { body, ..packet.clone() })));
        }
    }
    Traffic::of(lines)
}

/// The beginning of a body is no body, and nothing that traps.
pub(super) fn truncated(subject: &Subject<'_>) -> Result<Finding, ReplayError> {
    /// Cuts of one body.
    const CUTS: usize = 24;
    let mut tried = 0;
    for (case, traffic) in &subject.cases {
        let laid = Laid::of(subject.contract(), traffic)?;
        let endpoints = laid.endpoints(subject.contract());
        let (mut lines, mut cuts) = (Vec::new(), BTreeSet::new());
        for (number, packet) in traffic.packets().enumerate() {
            if let (Some(Some(endpoint)), Body::Text(text)) = (endpoints.get(number), &packet.body) {
                let document = endpoint.framing == Framing::Document && text.trim_end().ends_with(['}', ']']);
                let step = (text.len() / CUTS).max(1);
                for end in (1..text.trim_end().len()).step_by(step).filter(|end| text.is_char_boundary(*end))
                {
                    let body = Body::Text(text[..end].to_owned());
                    lines.push(Line::Packet(Packet { body, ..packet.clone() }));
                    if document {
                        cuts.insert(lines.len() as u64);
                    }
                }
            }
            lines.push(Line::Packet(packet.clone()));
        }
        let traffic = Traffic::of(lines);
        let replayed = Replayed::of(subject.adapter, &traffic, false)?;
        if let Some((seq, error)) = replayed.failures.first() {
            return Ok(Err(format!("{case}: {}: {error}", body_of(&traffic, *seq))));
        }
        let parsed = |(seq, fate, _): &&(u64, Fate, &str)| *fate == Fate::Parsed && cuts.contains(seq);
        if let Some((seq, ..)) = replayed.fates.iter().find(parsed) {
            let length = traffic.packets().find(|packet| packet.seq == *seq).map_or(0, |it| it.body.len());
            return Ok(Err(format!(
                "{case}: the first {length} bytes of a document were read: {}",
                body_of(&traffic, *seq)
            )));
        }
        tried += cuts.len();
    }
    Ok(Ok(format!("{tried} cut documents refused")))
}

/// Bytes of any kind are refused or passed over, never trapped on.
pub(super) fn garbage(subject: &Subject<'_>) -> Result<Finding, ReplayError> {
    /// Bodies of random bytes for each address.
    const RANDOM: usize = 16;
    let mut random = fastrand::Rng::with_seed(1);
    let traffic = instead(subject, || {
        let mut bodies = vec![
            Body::Text("[".repeat(5000)),
            Body::Text(format!("{}{}", "[".repeat(200), "]".repeat(200))),
            Body::Text(format!("{{\"a\":\"{}\"}}", "x".repeat(1 << 20))),
            Body::Text(r#"{"a":1e999999,"b":-1e-999999,"c":123456789012345678901234567890}"#.to_owned()),
            Body::Text("\u{0}\u{ffff}\u{10ffff}".repeat(50)),
            Body::Text(",\"\n;".repeat(1000)),
        ];
        for _ in 0..RANDOM {
            let length = random.usize(0..2000);
            let bytes: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(length).collect();
            bodies.push(match random.bool() {
                true => Body::Text(String::from_utf8_lossy(&bytes).into_owned()),
                false => Body::Bytes(bytes),
            });
        }
        bodies
    });
    let replayed = Replayed::of(subject.adapter, &traffic, false)?;
    Ok(match replayed.failures.first() {
        Some((seq, error)) => Err(format!("{}: {error}", body_of(&traffic, *seq))),
        None => Ok(format!("{} bodies", replayed.fates.len())),
    })
}
