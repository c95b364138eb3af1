//! Taking secrets out: tokens, cookies, credentials, balances, names of accounts, e-mail and
//! Internet addresses.
//!
//! A secret becomes `S1`, `S2`, … by its first appearance in the capture: equal secrets have equal
//! pseudonyms, and nothing in a pseudonym can be turned back. Numbers become 0, so that a body keeps
//! its schema. Everything around a secret stays as it was, and redacting twice is redacting once:
//! pseudonyms that come in their order are known as such, while a secret such as `S8801` is one.
//!
//! What is looked for: names of fields (`names`) in JSON, queries, forms, headers, cookies and code;
//! shapes (`shapes`) anywhere; session segments of paths (`path`); and what a contract declares
//! ([`SecretPath`]). Pictures, fonts, sound and film are not looked into.

mod edits;
mod json;
mod names;
mod pairs;
mod path;
mod shapes;
mod text;

pub use json::SecretPath;

use crate::decode::{DecodeProblem, readable};
use crate::{Line, Members, Record};
use antigravity_core::{Body, Packet, Transport};
use antigravity_tape::Tokeniser;
use edits::{Edits, Pseudonyms};
use pairs::Style;
use rustc_hash::FxHashMap;
use std::fmt;
use std::sync::Arc;

/// Takes the secrets out of one capture.
#[derive(Default)]
pub struct Redactor {
    pseudonyms: Pseudonyms,
    edits: Edits,
    tokeniser: Tokeniser,
    tape: Vec<u64>,
    /// Addresses repeat from packet to packet.
    addresses: FxHashMap<Arc<str>, Arc<str>>,
}

const MAX_ADDRESSES: usize = 4096;

impl Redactor {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the secrets out of a line, unknown members included. A body that cannot be looked into
    /// is taken out whole, and the line says so in `body_withheld`.
    pub fn record(&mut self, record: &mut Record, declared: &[SecretPath]) {
        self.members(&mut record.unknown);
        if let Line::Packet(packet) = &mut record.line
            && let Err(problem) = self.packet(packet, declared)
        {
            record.unknown.push_text("body_withheld", problem.name());
        }
    }

    /// Takes the secrets out of a packet. Compressed bodies become text. `declared` are the secrets
    /// that the contract names for the endpoint the packet fits.
    ///
    /// # Errors
    /// [`DecodeProblem`] where the body cannot be turned into text to be looked into; it is then
    /// taken out whole, and the rest of the packet is redacted all the same.
    pub fn packet(&mut self, packet: &mut Packet, declared: &[SecretPath]) -> Result<(), DecodeProblem> {
        if let Some(page) = &packet.page {
            packet.page = Some(self.address(page));
        }
        packet.url = self.address(&packet.url);
        if let Some(body) = &packet.request_body
            && let Some(clean) = self.text(body, Style::Text, &[])
        {
            packet.request_body = Some(clean);
        }
        let content_type = packet.content_type.as_deref().filter(|_| packet.transport == Transport::Http);
        if is_media(content_type) {
            return Ok(());
        }
        packet.body = match readable(std::mem::replace(&mut packet.body, Body::empty()))? {
            Body::Text(text) => Body::Text(self.text(&text, style(content_type), declared).unwrap_or(text)),
            other => other,
        };
        Ok(())
    }

    /// An address without its secrets; the same one where it has none.
    pub fn address(&mut self, address: &Arc<str>) -> Arc<str> {
        if let Some(clean) = self.addresses.get(address) {
            return Arc::clone(clean);
        }
        let clean = self.text(address, Style::Fields, &[]).map_or_else(|| Arc::clone(address), Arc::from);
        if self.addresses.len() == MAX_ADDRESSES {
            self.addresses.clear();
        }
        self.addresses.insert(Arc::clone(address), Arc::clone(&clean));
        clean
    }

    fn members(&mut self, members: &mut Members) {
        if !members.is_empty()
            && let Some(clean) = self.text(&format!("{{{}}}", members.as_str()), Style::Text, &[])
        {
            *members = Members::from_object(&clean);
        }
    }

    /// The text without its secrets; `None` where it has none.
    fn text(&mut self, text: &str, style: Style, declared: &[SecretPath]) -> Option<String> {
        /// Taking one secret out can show another beside it; more than two rounds need a text made
        /// for the purpose.
        const ROUNDS: usize = 16;
        let mut clean: Option<String> = None;
        self.edits.begin(text, &mut self.pseudonyms);
        for _ in 0..ROUNDS {
            self.find(clean.as_deref().unwrap_or(text), style, declared);
            match self.edits.apply(text, &mut self.pseudonyms) {
                Some(next) => clean = Some(next),
                None => break,
            }
        }
        self.pseudonyms.keep();
        clean
    }

    fn find(&mut self, text: &str, style: Style, declared: &[SecretPath]) {
        let bytes = text.as_bytes();
        let json = match style {
            Style::Fields => None,
            _ => json::tokenise(text, &mut self.tokeniser, &mut self.tape),
        };
        let edits = &mut self.edits;
        let style = if let Some(base) = json {
            json::Walker { text: bytes, base, edits }.documents(&self.tape, declared);
            Style::Json
        } else {
            for at in memchr::memchr_iter(b':', bytes) {
                pairs::colon(bytes, at, style, edits);
                shapes::ipv6(bytes, at, edits);
            }
            style
        };
        marks(bytes, style, edits);
        shapes::web_tokens(bytes, edits);
        shapes::bearers(bytes, edits);
    }
}

/// What begins or hangs at a character that odds seldom have.
fn marks(text: &[u8], style: Style, edits: &mut Edits) {
    let mut done = 0;
    for at in memchr::memchr3_iter(b'@', b'(', b'=', text) {
        match text[at] {
            b'@' => shapes::email(text, at, at + 1, edits),
            b'(' => path::segment(text, at, edits),
            _ if at < done => {}
            _ => done = pairs::equals(text, at, style, edits),
        }
    }
    for at in memchr::memchr2_iter(b'.', b'%', text) {
        match &text[at..] {
            [b'.', ..] => shapes::ipv4(text, at, edits),
            [_, b'2', b'8', ..] => path::segment(text, at, edits),
            [_, b'4', b'0', ..] => shapes::email(text, at, at + 3, edits),
            _ => {}
        }
    }
}

/// Whether a body of this type is bytes in which a secret could only be found by chance.
fn is_media(content_type: Option<&str>) -> bool {
    let Some(name) = content_type else { return false };
    let begins =
        |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    [
        "image/",
        "font/",
        "audio/",
        "video/",
        "application/font",
        "application/x-font",
        "application/vnd.ms-fontobject",
        "application/wasm",
        "application/pdf",
        "application/zip",
    ]
    .iter()
    .any(|prefix| begins(prefix))
}

fn style(content_type: Option<&str>) -> Style {
    let name = content_type.unwrap_or_default().to_ascii_lowercase();
    if ["javascript", "ecmascript", "html", "css"].iter().any(|code| name.contains(code)) {
        Style::Script
    } else {
        Style::Text
    }
}

impl fmt::Debug for Redactor {
    /// Says nothing that was taken out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").field("pseudonyms", &self.pseudonyms).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
