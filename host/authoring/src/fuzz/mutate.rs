//! Changing recorded traffic as a provider never would, or will one day.

use crate::traffic::Traffic;
use crate::tree::{Documents, Json};
use antigravity_capture::Line;
use antigravity_core::contract::Endpoint;
use antigravity_core::{Body, Packet};
use fastrand::Rng;

/// Numbers that are read wrongly more often than others.
const NUMBERS: [&str; 18] = [
    "0",
    "-0",
    "1",
    "-1",
    "0.0",
    "1e400",
    "-1e-400",
    "1.000000000000000000001",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "4294967296",
    "2147483648",
    "-999",
    "0.1",
    "1e5",
    "123456789012345678901234567890.123456789",
    "65536",
];

/// Texts that are read wrongly more often than others.
const TEXTS: [&str; 12] = [
    "",
    " ",
    "null",
    "-",
    "NaN",
    "1,5",
    "1/2",
    "\u{0}",
    "é\u{202e}x",
    "2026-13-45T99:99:99Z",
    "9999-12-31T23:59:59Z",
    "0.5-1",
];

/// Packets dropped, doubled and exchanged, and their bodies changed. `endpoints`: what each packet was laid
/// out for.
pub(super) fn mutated(traffic: &Traffic, endpoints: &[Option<&Endpoint>], random: &mut Rng) -> Traffic {
    let mut number = 0;
    let mut lines: Vec<Line> = Vec::new();
    for line in traffic.lines() {
        let mut line = line.clone();
        if let Line::Packet(packet) = &mut line {
            let endpoint = endpoints.get(number).copied().flatten();
            number += 1;
            if random.u8(..8) == 0 {
                continue;
            }
            if random.bool() {
                body(packet, endpoint, random);
            }
        }
        if random.u8(..8) == 0 {
            lines.push(line.clone());
        }
        lines.push(line);
    }
    for _ in 0..random.usize(..3) {
        if lines.len() > 1 {
            let at = random.usize(1..lines.len());
            lines.swap(at - 1, at);
        }
    }
    Traffic::of(lines)
}

fn body(packet: &mut Packet, endpoint: Option<&Endpoint>, random: &mut Rng) {
    if random.u8(..16) == 0 {
        packet.request_body = packet.request_body.as_ref().map(|body| cut(body, random));
    }
    match endpoint.and_then(|it| Documents::of(packet, Some(it))) {
        Some(mut documents) if random.u8(..8) != 0 => {
            for _ in 0..random.usize(1..4) {
                if let Some(document) = random.choice(&mut documents.documents) {
                    value(document, random);
                }
            }
            packet.body = documents.body();
        }
        _ => {
            if let Body::Text(text) = &packet.body {
                packet.body = Body::Text(if random.bool() { cut(text, random) } else { lines(text, random) });
            }
        }
    }
}

/// Changes one value of a document.
fn value(document: &mut Json, random: &mut Rng) {
    let count = document.count();
    let (at, from) = (random.usize(..count), random.usize(..count));
    let other = document.nth(from).map(|value| value.clone());
    let Some(value) = document.nth(at) else { return };
    match random.u8(..8) {
        0 => *value = scalar(random),
        1 => *value = Json::Number((*random.choice(&NUMBERS).unwrap_or(&"0")).to_owned()),
        2 => *value = Json::Text((*random.choice(&NUMBERS).unwrap_or(&"0")).to_owned()),
        // Larger than what it was by a value of itself.
        3 => *value = other.filter(|other| other.count() < 2000).unwrap_or(Json::Null),
        4 => {
            *value = nested(
                std::mem::replace(value, Json::Null),
                *random.choice(&[1, 40, 120, 2000]).unwrap_or(&1),
            )
        }
        5 => *value = Json::Text("x".repeat(*random.choice(&[1, 300, 5000, 70_000]).unwrap_or(&1))),
        _ => container(value, random),
    }
}

/// Drops, doubles or exchanges what is in an array or object; another value becomes one.
fn container(value: &mut Json, random: &mut Rng) {
    match value {
        Json::Array(items) => shuffle(items, random),
        Json::Object(members) => shuffle(members, random),
        other => *other = scalar(random),
    }
}

fn shuffle<T: Clone>(items: &mut Vec<T>, random: &mut Rng) {
    if items.is_empty() {
        return;
    }
    let at = random.usize(..items.len());
    match random.u8(..4) {
        0 => drop(items.remove(at)),
        1 => items.insert(random.usize(..items.len()), items[at].clone()),
        2 => random.shuffle(items),
        _ => items.truncate(at),
    }
}

fn scalar(random: &mut Rng) -> Json {
    match random.u8(..7) {
        0 => Json::Null,
        1 => Json::Bool(random.bool()),
        2 => Json::Array(Vec::new()),
        3 => Json::Object(Vec::new()),
        4 => Json::Number(format!("{}.{}", random.i32(-2000..2000), random.u16(..))),
        5 => Json::Number(random.i64(..).to_string()),
        _ => Json::Text((*random.choice(&TEXTS).unwrap_or(&"")).to_owned()),
    }
}

fn nested(value: Json, depth: usize) -> Json {
    (0..depth).fold(value, |inner, _| Json::Array(vec![inner]))
}

/// A piece taken out, or the rest cut off.
fn cut(text: &str, random: &mut Rng) -> String {
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let at = boundary(random.usize(..=text.len()));
    let end = if random.bool() { text.len() } else { boundary((at + random.usize(..20)).min(text.len())) };
    format!("{}{}", &text[..at], &text[end.max(at)..])
}

/// Lines, and what commas part in them, dropped, doubled and replaced.
fn lines(text: &str, random: &mut Rng) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if let Some(line) = random.choice(&mut lines) {
        let mut parts: Vec<String> = line.split(',').map(str::to_owned).collect();
        if let Some(part) = random.choice(&mut parts) {
            let odd = if random.bool() { &NUMBERS[..] } else { &TEXTS[..] };
            *part = (*random.choice(odd).unwrap_or(&"")).to_owned();
        }
        *line = parts.join(",");
    }
    if random.bool() {
        shuffle(&mut lines, random);
    }
    lines.join("\n")
}
