//! Base64 in which text, JSON or compressed data may stand.

use super::text::run_after;
use crate::decode::is_compressed;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, Engine as _};

/// What is shorter holds no name with a secret.
pub(super) const SHORTEST: usize = 24;

/// Padding is often left out, and the last group of four cut off.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// A run of base64, where it stands and what it says.
pub(super) struct Packed {
    pub start: usize,
    pub end: usize,
    pub bytes: Vec<u8>,
}

/// Whether [`each`] may find something.
pub(super) fn is_suspect(text: &[u8]) -> bool {
    let mut at = 0;
    while let Some((start, end)) = next_run(text, at) {
        if starts(text, start, end).next().is_some() {
            return true;
        }
        at = end;
    }
    false
}

/// Every run of base64 or base64url that begins like text or like compressed data.
pub(super) fn each(text: &[u8], mut found: impl FnMut(Packed)) {
    /// Places in one run from which it is read; more are there only to cost time.
    const TRIES: usize = 4;
    let mut at = 0;
    while let Some((start, end)) = next_run(text, at) {
        for start in starts(text, start, end).take(TRIES) {
            if let Some(bytes) = decode(&text[start..end]) {
                found(Packed { start, end: end_of_padding(text, end), bytes });
            }
        }
        at = end;
    }
}

/// Where the padding of a run ends. An `=` that something follows is none.
fn end_of_padding(text: &[u8], end: usize) -> usize {
    let padded = run_after(text, end, |byte| byte == b'=');
    if text.get(padded).copied().is_some_and(in_base64) { end } else { padded }
}

const fn in_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// The first run of [`SHORTEST`] characters or more that begins at `from` or later. It goes on over
/// the ends of long lines.
fn next_run(text: &[u8], from: usize) -> Option<(usize, usize)> {
    /// PEM has 64, MIME 76.
    const SHORTEST_LINE: usize = 60;
    let mut start = from;
    // Looks at every 24th character only, until there is one that may be within a run.
    loop {
        let probe = start + SHORTEST - 1;
        if in_base64(*text.get(probe)?) {
            let back = text[start..probe].iter().rev().take_while(|&&byte| in_base64(byte)).count();
            if back == SHORTEST - 1 {
                break;
            }
            start = probe - back;
            let end = run_after(&text[..text.len().min(start + SHORTEST)], probe, in_base64);
            if end - start >= SHORTEST {
                break;
            }
            start = end;
        } else {
            start = probe + 1;
        }
    }
    let mut line = start;
    loop {
        let end = run_after(text, line, in_base64);
        let next = match text.get(end..) {
            Some([b'\r', b'\n', ..]) => end + 2,
            Some([b'\n', ..]) => end + 1,
            _ => return Some((start, end)),
        };
        if end - line < SHORTEST_LINE
            || !(end - line).is_multiple_of(4)
            || !text.get(next).copied().is_some_and(in_base64)
        {
            return Some((start, end));
        }
        line = next;
    }
}

/// Where in a run it begins like text or compressed data: at its start, or after a `/` of a path.
fn starts(text: &[u8], start: usize, end: usize) -> impl Iterator<Item = usize> {
    let run = &text[start..end];
    let after = memchr::memchr_iter(b'/', run).map(move |at| start + at + 1);
    std::iter::once(start).chain(after).filter(move |&at| end - at >= SHORTEST && is_telling(&text[at..end]))
}

/// Whether a run begins with the first bytes of text, of JSON or of compressed data.
fn is_telling(run: &[u8]) -> bool {
    // Nearly all that is no base64 is done with after its first character: that of `\t` to `\r`
    // is C or D, that of a space to `~` is I to f, that of gzip H.
    if !matches!(run[0], b'C' | b'D' | b'H'..=b'Z' | b'a'..=b'f') {
        return false;
    }
    let plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
    decode(&run[..12]).is_some_and(|bytes| {
        bytes.iter().all(plain)
            || matches!(&bytes[..], [b'{' | b'[', rest, ..] if plain(rest))
            || is_compressed(&bytes)
    })
}

fn decode(run: &[u8]) -> Option<Vec<u8>> {
    let standard = |&byte: &u8| match byte {
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        b'\r' | b'\n' => None,
        byte => Some(byte),
    };
    let mut letters: Vec<u8> = run.iter().filter_map(standard).collect();
    if letters.len() % 4 == 1 {
        letters.pop();
    }
    LENIENT.decode(letters).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

    fn found(text: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        each(text.as_bytes(), |packed| {
            let bytes = String::from_utf8_lossy(&packed.bytes).into_owned();
            found.push((text[packed.start..packed.end].to_owned(), bytes));
        });
        assert_eq!(is_suspect(text.as_bytes()), !found.is_empty());
        found
    }

    #[test]
    fn wherever_it_stands() {
        let json = r#"{"a":"éééé~~~???>>>"}"#;
        let padded = BASE64_STANDARD.encode(json);
        let bare = BASE64_URL_SAFE_NO_PAD.encode(json);
        for (text, run) in [
            (padded.clone(), &padded),
            (format!("  x d={padded}&b"), &padded),
            (format!("/api/x/{bare}?y"), &bare),
            (format!("short {bare}."), &bare),
        ] {
            assert!(found(&text).contains(&(run.clone(), json.to_owned())), "{text}");
        }
        let long = "[1,2,3,4,5,6,7,8,9]".repeat(9);
        let wrapped: Vec<_> = BASE64_STANDARD
            .encode(&long)
            .as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect();
        assert_eq!(found(&format!("\n{}\n", wrapped.join("\r\n")))[0].1, long);
    }

    #[test]
    fn other_runs_are_passed_over() {
        for text in [
            "",
            "Nottingham Forest - Manchester United",
            "65818619657568813474341868652308942079804919287380422192892211131408793125422",
            "0x91d1c2b4e52d0a8b6f0f1f3f5c7a9e8d7c6b5a49",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "eyJhIjoxfQ",
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
            "https://stream.example.com/competitions/england-premier-league-2026/matches",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
