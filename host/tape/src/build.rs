//! Second pass: the grammar, over the positions of the first.

use crate::escape;
use crate::{Error, ErrorKind, Framing};
use antigravity_abi::tape::{MAX_DEPTH, MAX_KEY, key_id_of, node, tag};

type Step<T> = Result<T, Error>;

struct Builder<'a> {
    bytes: &'a [u8],
    positions: &'a [u32],
    next: usize,
    escapes: bool,
    /// Containers that are being read, outermost first.
    open: &'a mut Vec<Open>,
    tape: &'a mut Vec<u64>,
    /// Index on `tape` of this body's first node.
    origin: usize,
}

/// A container that is being read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open {
    node: usize,
    count: u32,
    tag: u8,
}

pub(crate) fn build(
    bytes: &[u8],
    positions: &[u32],
    escapes: bool,
    framing: Framing,
    open: &mut Vec<Open>,
    tape: &mut Vec<u64>,
) -> Step<()> {
    let origin = tape.len();
    tape.reserve(positions.len());
    let mut builder = Builder { bytes, positions, next: 0, escapes, open, tape, origin };
    match framing {
        Framing::Document => {
            if positions.is_empty() {
                return Err(Error::new(ErrorKind::Empty, bytes.len()));
            }
            builder.document()?;
            builder.positions.get(builder.next).map_or(Ok(()), |&at| {
                Err(Error::new(ErrorKind::Trailing, at as usize))
            })
        }
        Framing::Lines => builder.lines(),
    }
}

impl Builder<'_> {
    fn lines(&mut self) -> Step<()> {
        let mut end = 0;
        while self.next < self.positions.len() {
            let start = self.positions[self.next] as usize;
            if self.next > 0 && !self.bytes[end..start].contains(&b'\n') {
                return Err(Error::new(ErrorKind::Trailing, start));
            }
            self.document()?;
            end = self.positions[self.next - 1] as usize;
        }
        Ok(())
    }

    #[inline]
    fn take(&mut self) -> Step<usize> {
        match self.positions.get(self.next) {
            Some(&at) => {
                self.next += 1;
                Ok(at as usize)
            }
            None => Err(Error::new(ErrorKind::Truncated, self.bytes.len())),
        }
    }

    fn document(&mut self) -> Step<()> {
        self.open.clear();
        let mut at = self.take()?;
        loop {
            // `at` is where a value begins.
            match self.bytes[at] {
                b'"' => self.string(at)?,
                b'-' | b'0'..=b'9' => self.number(at)?,
                open @ (b'{' | b'[') => {
                    if let Some(first) = self.enter(at, open)? {
                        at = first;
                        continue;
                    }
                }
                _ => self.literal(at)?,
            }
            match self.leave()? {
                Some(next) => at = next,
                None => return Ok(()),
            }
        }
    }

    /// A container begins; gives where its first value begins, `None` where it is empty.
    #[inline]
    fn enter(&mut self, at: usize, open: u8) -> Step<Option<usize>> {
        let tag = if open == b'{' { tag::OBJECT } else { tag::ARRAY };
        if self.open.len() == MAX_DEPTH {
            return Err(Error::new(ErrorKind::TooDeep, at));
        }
        let container = Open { node: self.tape.len(), count: 1, tag };
        self.tape.push(0);
        let first = self.take()?;
        // `}` and `]` are two above `{` and `[`.
        if self.bytes[first] == open + 2 {
            self.close(Open { count: 0, ..container });
            return Ok(None);
        }
        self.open.push(container);
        if open == b'{' { self.key(first).map(Some) } else { Ok(Some(first)) }
    }

    /// A value has ended: closes what ends with it; gives where the next value begins, `None` at
    /// the end of the document.
    #[inline]
    fn leave(&mut self) -> Step<Option<usize>> {
        while let Some(top) = self.open.last_mut() {
            let Some(&after) = self.positions.get(self.next) else {
                return Err(Error::new(ErrorKind::Truncated, self.bytes.len()));
            };
            self.next += 1;
            let after = after as usize;
            let object = top.tag == tag::OBJECT;
            match self.bytes[after] {
                b',' => {
                    top.count += 1;
                    let next = self.take()?;
                    return if object { self.key(next).map(Some) } else { Ok(Some(next)) };
                }
                b'}' if object => {}
                b']' if !object => {}
                _ => return Err(Error::new(ErrorKind::Unexpected, after)),
            }
            let top = *top;
            self.open.pop();
            self.close(top);
        }
        Ok(None)
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation)] // a tape has fewer nodes than the body bytes: 2^28
    fn close(&mut self, open: Open) {
        let skip = (self.tape.len() - self.origin) as u32;
        self.tape[open.node] = node(open.tag, open.count, skip);
    }

    /// Reads a key and its colon; gives where the value begins.
    #[inline]
    #[allow(clippy::cast_possible_truncation)]
    fn key(&mut self, at: usize) -> Step<usize> {
        if self.bytes[at] != b'"' {
            return Err(Error::new(ErrorKind::Unexpected, at));
        }
        let end = self.take()?;
        let key = &self.bytes[at + 1..end];
        let plain = !self.escapes || memchr::memchr(b'\\', key).is_none();
        if plain && key.len() <= MAX_KEY {
            self.tape.push(node(tag::KEY, hash(self.bytes, at + 1, key.len()), (at + 1) as u32));
        } else {
            escape::check(key, at + 1)?;
            // Its length is found again from its closing quote.
            self.tape.push(node(tag::KEY_ESCAPED, 0, (at + 1) as u32));
        }
        let colon = self.take()?;
        if self.bytes[colon] != b':' {
            return Err(Error::new(ErrorKind::Unexpected, colon));
        }
        self.take()
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation)]
    fn string(&mut self, at: usize) -> Step<()> {
        let end = self.take()?;
        let text = &self.bytes[at + 1..end];
        let escaped = self.escapes && escape::check(text, at + 1)?;
        let tag = if escaped { tag::STRING_ESCAPED } else { tag::STRING };
        self.tape.push(node(tag, text.len() as u32, (at + 1) as u32));
        Ok(())
    }

    /// A number. Most end where the next token begins and fit eight bytes.
    #[inline]
    #[allow(clippy::cast_possible_truncation)]
    fn number(&mut self, at: usize) -> Step<()> {
        if let Some(&end) = self.positions.get(self.next)
            && let Some(word) = self.bytes[at..].first_chunk::<8>()
        {
            let len = end as usize - at;
            if len <= 8 && is_plain_number(u64::from_le_bytes(*word), len as u32) {
                self.tape.push(node(tag::NUMBER, len as u32, at as u32));
                return Ok(());
            }
        }
        let rest = &self.bytes[at..];
        let len = number_len(rest).filter(|len| ends_scalar(rest.get(*len)));
        let len = len.ok_or(Error::new(ErrorKind::BadNumber, at))?;
        self.tape.push(node(tag::NUMBER, len as u32, at as u32));
        Ok(())
    }

    #[allow(clippy::cast_possible_truncation)]
    fn literal(&mut self, at: usize) -> Step<()> {
        let rest = &self.bytes[at..];
        let (tag, len) = match rest[0] {
            b't' if rest.starts_with(b"true") => (tag::TRUE, 4),
            b'f' if rest.starts_with(b"false") => (tag::FALSE, 5),
            b'n' if rest.starts_with(b"null") => (tag::NULL, 4),
            b't' | b'f' | b'n' => return Err(Error::new(ErrorKind::BadLiteral, at)),
            _ => return Err(Error::new(ErrorKind::Unexpected, at)),
        };
        if !ends_scalar(rest.get(len)) {
            return Err(Error::new(ErrorKind::BadLiteral, at));
        }
        self.tape.push(node(tag, 0, at as u32));
        Ok(())
    }
}

/// What begins a number or literal runs up to the next operator, quote or space: nothing may be
/// left of it.
#[inline]
fn ends_scalar(next: Option<&u8>) -> bool {
    match next {
        Some(next) => matches!(next, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t' | b':' | b'{' | b'[' | b'"'),
        None => true,
    }
}

/// Whether the first `len` bytes (1 to 8) of a little-endian word are digits with at most one point
/// between them, an optional minus in front, no needless zero. Says no to some numbers, such as
/// those with an exponent.
#[inline]
fn is_plain_number(word: u64, len: u32) -> bool {
    let mut len = len;
    let mut word = word & (u64::MAX >> (64 - 8 * len));
    if word as u8 == b'-' {
        word >>= 8;
        len -= 1;
        if len == 0 {
            return false;
        }
    }
    let digits = word ^ (0x3030_3030_3030_3030 & (u64::MAX >> (64 - 8 * len)));
    // The high bit of each byte that is not 0 to 9; adding to seven bits carries nothing over.
    let others = (((digits & 0x7f7f_7f7f_7f7f_7f7f) + 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080;
    let first_is_zero = word as u8 == b'0';
    if others == 0 {
        return !first_is_zero || len == 1;
    }
    let point = others.trailing_zeros() / 8;
    others & (others - 1) == 0
        && (word >> (8 * point)) as u8 == b'.'
        && point > 0
        && point + 1 < len
        && (!first_is_zero || point == 1)
}

#[inline]
fn hash(bytes: &[u8], at: usize, len: usize) -> u32 {
    // Two overlapping loads where the body goes on for eight bytes, else byte by byte.
    if let Some(lo) = bytes.get(at..at + 8).and_then(|b| b.first_chunk::<8>()) {
        let lo = u64::from_le_bytes(*lo);
        if len >= 8 {
            let hi = bytes[at + len - 8..at + len].first_chunk::<8>().map_or(0, |b| u64::from_le_bytes(*b));
            return key_id_of(lo, hi, len);
        }
        let lo = if len == 0 { 0 } else { lo & (u64::MAX >> (64 - 8 * len)) };
        return key_id_of(lo, lo, len);
    }
    antigravity_abi::tape::key_id(&bytes[at..at + len])
}

/// Length of the number at the start of `bytes`, by JSON's grammar.
#[inline]
fn number_len(bytes: &[u8]) -> Option<usize> {
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let run = |mut i: usize| {
        while digit(i) {
            i += 1;
        }
        i
    };
    let start = usize::from(bytes[0] == b'-');
    if !digit(start) {
        return None;
    }
    let mut end = if bytes[start] == b'0' { start + 1 } else { run(start + 1) };
    if bytes.get(end) == Some(&b'.') {
        if !digit(end + 1) {
            return None;
        }
        end = run(end + 2);
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if !digit(end + 1 + sign) {
            return None;
        }
        end = run(end + 2 + sign);
    }
    Some(end)
}
