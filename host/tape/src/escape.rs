//! Escapes within strings: checked when a body is tokenised, undone when a string is read.
//!
//! JSON within a JSON string, as capture lines hold it, has an escape every eight bytes or so. There
//! one call of `memchr` and one copy of unknown length an escape cost 17 ns, and looking for the next
//! escape only when the last one is done still 9 ns; so 64 bytes are looked at first.

use crate::{Error, ErrorKind};

/// Places of the escapes in the text between two quotes: of their backslashes, in order.
struct Escapes<'a> {
    text: &'a [u8],
    /// Where the block begins that `bits` belongs to.
    block: usize,
    /// Backslashes of the block that were not given yet, one bit each.
    bits: u64,
    /// What stands before is part of an escape that was given.
    done: usize,
}

impl<'a> Escapes<'a> {
    #[inline]
    fn new(text: &'a [u8]) -> Self {
        Self { text, block: 0, bits: backslashes(text), done: 0 }
    }
}

impl Iterator for Escapes<'_> {
    type Item = usize;
    #[inline]
    fn next(&mut self) -> Option<usize> {
        loop {
            while self.bits == 0 {
                self.block += 64;
                self.bits = backslashes(self.text.get(self.block..)?);
            }
            let at = self.block + self.bits.trailing_zeros() as usize;
            self.bits &= self.bits - 1;
            if at >= self.done {
                self.done = at + 2;
                return Some(at);
            }
        }
    }
}

/// Which of the first 64 bytes are backslashes, one bit each.
#[inline]
fn backslashes(text: &[u8]) -> u64 {
    if let Some(block) = text.first_chunk::<64>() {
        return of_words(block, 0);
    }
    let (_, rest) = text.as_chunks::<8>();
    of_words(text, rest.iter().rev().fold(0, |bits, &byte| (bits << 1) | u64::from(byte == b'\\')))
}

/// Bits of the whole words of at most 64 bytes, with `rest`, those of what comes after, on top.
#[inline(always)]
fn of_words(text: &[u8], rest: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    const WANTED: u64 = u64::MAX / 255 * b'\\' as u64;
    /// Gathers the top bits of eight bytes in the top byte.
    const GATHER: u64 = 0x0002_0408_1020_4081;
    let (words, _) = text.as_chunks::<8>();
    words.iter().rev().fold(rest, |bits, word| {
        let differs = u64::from_le_bytes(*word) ^ WANTED;
        let equal = !((differs & LOW).wrapping_add(LOW) | differs | LOW);
        (bits << 8) | (equal.wrapping_mul(GATHER) >> 56)
    })
}

/// Checks every escape in the text between two quotes, which begins at `base` in the body. Says
/// whether there is one.
#[inline]
pub(crate) fn check(text: &[u8], base: usize) -> Result<bool, Error> {
    let mut any = false;
    for at in Escapes::new(text) {
        any = true;
        let good = match text.get(at + 1) {
            // By far the most frequent, so that the branch is foreseen.
            Some(b'"') => true,
            Some(b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => true,
            Some(b'u') => text.get(at + 2..at + 6).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
            _ => false,
        };
        if !good {
            return Err(Error::new(ErrorKind::BadEscape, base + at));
        }
    }
    Ok(any)
}

/// Bytes copied at a time; most texts between two escapes are shorter.
const WINDOW: usize = 16;

/// Undoes JSON's escapes in the text between two quotes; `None` for half a surrogate pair or
/// anything that is no escape.
pub fn unescape(text: &[u8]) -> Option<String> {
    // What is undone is never longer than what it was, and a window more may be written.
    let mut out = vec![0; text.len() + WINDOW];
    let (mut read, mut written) = (0, 0);
    for at in Escapes::new(text) {
        // The second half of a surrogate pair went with the first.
        let Some(len) = at.checked_sub(read) else { continue };
        copy(text, read, len, &mut out, written);
        (read, written) = escape(text, at, &mut out, written + len)?;
    }
    let len = text.len().checked_sub(read)?;
    copy(text, read, len, &mut out, written);
    out.truncate(written + len);
    String::from_utf8(out).ok()
}

/// Copies `len` bytes; a short text as a whole window, because that is two instructions, and what
/// is too much of it is written over.
#[inline]
fn copy(text: &[u8], read: usize, len: usize, out: &mut [u8], written: usize) {
    let window = text.get(read..).and_then(|rest| rest.first_chunk::<WINDOW>());
    match (window, out.get_mut(written..).and_then(|rest| rest.first_chunk_mut())) {
        (Some(from), Some(to)) if len <= WINDOW => *to = *from,
        _ => out[written..written + len].copy_from_slice(&text[read..read + len]),
    }
}

/// Undoes the escape at `read` and writes it at `written`; gives where to go on.
fn escape(text: &[u8], read: usize, out: &mut [u8], written: usize) -> Option<(usize, usize)> {
    let code = *text.get(read + 1)?;
    let rest = &text[read + 2..];
    out[written] = match code {
        b'"' | b'\\' | b'/' => code,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => {
            let (ch, after) = unicode(rest)?;
            let len = ch.encode_utf8(&mut out[written..]).len();
            return Some((text.len() - after.len(), written + len));
        }
        _ => return None,
    };
    Some((read + 2, written + 1))
}

fn unicode(rest: &[u8]) -> Option<(char, &[u8])> {
    let (first, rest) = hex(rest)?;
    if !(0xd800..0xdc00).contains(&first) {
        return Some((char::from_u32(first)?, rest));
    }
    let (second, rest) = hex(rest.strip_prefix(b"\\u")?)?;
    if !(0xdc00..0xe000).contains(&second) {
        return None;
    }
    let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    Some((char::from_u32(code)?, rest))
}

/// Four hexadecimal digits as a number.
fn hex(text: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = text.split_first_chunk::<4>()?;
    let mut value = 0;
    for &digit in digits {
        value = value * 16 + char::from(digit).to_digit(16)?;
    }
    Some((value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_escape() {
        assert_eq!(
            unescape(br#"\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00"#).as_deref(),
            Some("\"\\/\u{8}\u{c}\n\r\tä😀")
        );
        for bad in ["\\", "\\x", "\\u", "\\u12", "\\u+123", "\\ud83d", "\\ud83d\\u0041", "\\ude00"] {
            assert_eq!(unescape(bad.as_bytes()), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn undoes_what_serde_json_does(text in prop_oneof![any::<String>(), "[a\\\\\"/\n\u{1}ä]{0,40}"]) {
            let quoted = serde_json::to_string(&text).unwrap();
            let inner = &quoted.as_bytes()[1..quoted.len() - 1];
            prop_assert_eq!(check(inner, 0), Ok(inner.contains(&b'\\')));
            prop_assert_eq!(unescape(inner), Some(text));
        }

        #[test]
        fn finds_every_backslash(text in "[\\[\\\\\\]\u{0}ab\u{dc}]{0,150}") {
            let mut expected = Vec::new();
            let mut at = 0;
            while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
                expected.push(at + found);
                at += found + 2;
                while at < text.len() && !text.is_char_boundary(at) {
                    at += 1;
                }
            }
            prop_assert_eq!(Escapes::new(text.as_bytes()).collect::<Vec<_>>(), expected);
        }
    }
}
