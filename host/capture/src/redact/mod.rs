//! Taking secrets out: tokens, cookies, credentials, balances, names of accounts, e-mail and
//! Internet addresses.
//!
//! A secret becomes `S1`, `S2`, … by its first appearance in the capture: equal secrets have equal
//! pseudonyms, and nothing in a pseudonym can be turned back. Numbers become 0, so that a body keeps
//! its schema. Everything around a secret stays as it was, and redacting twice is redacting once:
//! pseudonyms that come in their order are known as such, while a secret such as `S8801` is one.
//!
//! What is looked for: names of fields (`names`) in JSON, queries, forms, headers, cookies, markup
//! and code; shapes (`shapes`) anywhere; session segments of paths (`path`); and what a contract
//! declares ([`SecretPath`]). Escapes (`views`), base64 and compressed data (`packed`) are undone, six
//! of them within each other (`find`). Pictures, fonts, sound and film are not looked into, unless
//! they are text.

mod edits;
mod find;
mod json;
mod markup;
mod names;
mod packed;
mod pairs;
mod path;
mod shapes;
mod text;
mod views;

pub use json::SecretPath;

use crate::decode::{DecodeProblem, is_compressed, readable};
use crate::{Line, Members, Record};
use antigravity_core::{Body, Packet, Transport};
use edits::{Edits, Pseudonyms};
use find::Finder;
use pairs::Style;
use rustc_hash::FxHashMap;
use std::fmt;
use std::sync::Arc;

/// Takes the secrets out of one capture.
#[derive(Default)]
pub struct Redactor {
    pseudonyms: Pseudonyms,
    edits: Edits,
    finder: Finder,
    /// Addresses, types and the like repeat from packet to packet.
    words: FxHashMap<Arc<str>, Arc<str>>,
}

impl Redactor {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the secrets out of a line, unknown members included. A body that cannot be looked into
    /// is taken out whole, and the line says so in `body_withheld`.
    pub fn record(&mut self, record: &mut Record, declared: &[SecretPath]) {
        self.members(&mut record.unknown);
        match &mut record.line {
            Line::Packet(packet) => {
                if let Err(problem) = self.packet(packet, declared) {
                    record.unknown.push_text("body_withheld", problem.name());
                }
            }
            Line::Opened(it) | Line::Closed(it) => it.connection = self.word(&it.connection),
            Line::Lost(_) | Line::Mark(_) | Line::Toggle(_) => {}
        }
    }

    /// Takes the secrets out of a packet. Compressed bodies become text. `declared` are the secrets
    /// that the contract names for the endpoint the packet fits.
    ///
    /// # Errors
    /// [`DecodeProblem`] where the body cannot be turned into text to be looked into; it is then
    /// taken out whole, and the rest of the packet is redacted all the same.
    pub fn packet(&mut self, packet: &mut Packet, declared: &[SecretPath]) -> Result<(), DecodeProblem> {
        packet.page = packet.page.as_ref().map(|page| self.word(page));
        packet.url = self.word(&packet.url);
        packet.connection = self.word(&packet.connection);
        for word in [&mut packet.method, &mut packet.content_type, &mut packet.event] {
            *word = word.as_ref().map(|word| self.word(word));
        }
        if let Some(body) = &packet.request_body
            && let Some(clean) = self.text(body, Style::Text, &[])
        {
            packet.request_body = Some(clean);
        }
        let content_type = packet.content_type.as_deref().filter(|_| packet.transport == Transport::Http);
        if is_media(content_type) && is_binary(&packet.body) {
            return Ok(());
        }
        packet.body = match readable(std::mem::replace(&mut packet.body, Body::empty()))? {
            Body::Text(text) => Body::Text(self.text(&text, style(content_type), declared).unwrap_or(text)),
            other => other,
        };
        Ok(())
    }

    /// An address, or another short text of a packet, without its secrets; the same one where it has
    /// none.
    fn word(&mut self, word: &Arc<str>) -> Arc<str> {
        const MAX_WORDS: usize = 4096;
        /// What is longer is not kept.
        const MAX_LENGTH: usize = 4096;
        if let Some(clean) = self.words.get(word) {
            return Arc::clone(clean);
        }
        let clean = self.text(word, Style::Fields, &[]).map_or_else(|| Arc::clone(word), Arc::from);
        if self.words.len() == MAX_WORDS {
            self.words.clear();
        }
        if word.len() <= MAX_LENGTH {
            self.words.insert(Arc::clone(word), Arc::clone(&clean));
        }
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
            self.finder.find(clean.as_deref().unwrap_or(text), style, declared, &mut self.edits);
            match self.edits.apply(text, &mut self.pseudonyms) {
                Some(next) => clean = Some(next),
                None => break,
            }
        }
        self.pseudonyms.keep();
        clean
    }
}

/// Whether a body is neither text nor compressed.
fn is_binary(body: &Body) -> bool {
    /// Pictures, fonts and film have a control character so soon.
    const HEAD: usize = 1 << 10;
    let Body::Bytes(bytes) = body else { return false };
    !is_compressed(bytes) && bytes.iter().take(HEAD).any(|&byte| byte < b'\t')
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
mod leaks;
#[cfg(test)]
mod tests;
