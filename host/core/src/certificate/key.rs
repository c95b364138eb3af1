//! What an opportunity is known by: its key while it lives, its certificate's id at each moment.

use super::Leg;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The SHA-256 of a certificate's bytes as printed.
pub fn id(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The SHA-256 of the compact JSON `["event",[[account,provider,event_id,market_id,market,period,line,
/// selection,runner,side],…]]`, the legs sorted by their bytes, null for what there is none of. It knows
/// neither prices nor stakes nor the order of legs, so it stays while these change.
pub fn key(event: &str, legs: &[Leg]) -> [u8; 32] {
    let mut tuples: Vec<_> = legs.iter().map(tuple).collect();
    tuples.sort_unstable();
    let text = format!("[{},[{}]]", quoted(Some(event)), tuples.join(","));
    id(text.as_bytes())
}

fn tuple(leg: &Leg) -> String {
    let (period, line) = (leg.period.to_string(), leg.line.map(|line| line.normalized().to_string()));
    let fields = [
        Some(&*leg.account),
        Some(&*leg.provider),
        Some(&*leg.event_id),
        Some(&*leg.market_id),
        Some(leg.market.name()),
        Some(&*period),
        line.as_deref(),
        Some(leg.selection.name()),
        leg.runner.as_deref(),
        Some(leg.side.name()),
    ];
    format!("[{}]", fields.map(quoted).join(","))
}

fn quoted(text: Option<&str>) -> String {
    serde_json::Value::from(text).to_string()
}

/// 64 lower-case hexadecimal digits.
pub fn hex(digest: &[u8; 32]) -> String {
    let mut text = String::with_capacity(64);
    for byte in digest {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
