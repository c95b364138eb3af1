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
    tape: &'a mut Vec<u64>,
    /// Index on `tape` of this body's first node.
    origin: usize,
}

/// A container that is being read.
#[derive(Clone, Copy)]
struct Open {
    node: usize,
    count: u32,
    tag: u8,
}

pub(crate) fn build(
    bytes: &[u8],
    positions: &[u32],
    escapes: bool,
    framing: Framing,
    tape: &mut Vec<u64>,
) -> Step<()> {
    let origin = tape.len();
    tape.reserve(positions.len());
    let mut builder = Builder { bytes, positions, next: 0, escapes, tape, origin };
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

    #[allow(clippy::cast_possible_truncation)] // a tape has fewer nodes than the body bytes: 2^28
    fn document(&mut self) -> Step<()> {
        let mut stack = [Open { node: 0, count: 0, tag: 0 }; MAX_DEPTH];
        let mut depth = 0usize;
        let mut at = self.take()?;
        loop {
            // `at` is where a value begins.
            match self.bytes[at] {
                open @ (b'{' | b'[') => {
                    let tag = if open == b'{' { tag::OBJECT } else { tag::ARRAY };
                    if depth == MAX_DEPTH {
                        return Err(Error::new(ErrorKind::TooDeep, at));
                    }
                    stack[depth] = Open { node: self.tape.len(), count: 0, tag };
                    depth += 1;
                    self.tape.push(0);
                    let first = self.take()?;
                    if self.bytes[first] == open + 2 {
                        depth -= 1;
                        self.close(stack[depth]);
                    } else {
                        stack[depth - 1].count = 1;
                        at = if open == b'{' { self.key(first)? } else { first };
                        continue;
                    }
                }
                b'"' => self.string(at)?,
                byte => self.scalar(at, byte)?,
            }
            // A value has ended: close what ends with it, or go to the next one.
            loop {
                if depth == 0 {
                    return Ok(());
                }
                let top = &mut stack[depth - 1];
                let after = self.take()?;
                match self.bytes[after] {
                    b',' => {
                        top.count += 1;
                        let object = top.tag == tag::OBJECT;
                        let next = self.take()?;
                        at = if object { self.key(next)? } else { next };
                        break;
                    }
                    b'}' if top.tag == tag::OBJECT => {}
                    b']' if top.tag == tag::ARRAY => {}
                    _ => return Err(Error::new(ErrorKind::Unexpected, after)),
                }
                depth -= 1;
                self.close(stack[depth]);
            }
        }
    }

    #[allow(clippy::cast_possible_truncation)]
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

    #[inline]
    #[allow(clippy::cast_possible_truncation)]
    fn scalar(&mut self, at: usize, byte: u8) -> Step<()> {
        let rest = &self.bytes[at..];
        let (tag, len) = match byte {
            b'-' | b'0'..=b'9' => {
                let len = number_len(rest).ok_or(Error::new(ErrorKind::BadNumber, at))?;
                (tag::NUMBER, len)
            }
            b't' if rest.starts_with(b"true") => (tag::TRUE, 4),
            b'f' if rest.starts_with(b"false") => (tag::FALSE, 5),
            b'n' if rest.starts_with(b"null") => (tag::NULL, 4),
            b't' | b'f' | b'n' => return Err(Error::new(ErrorKind::BadLiteral, at)),
            _ => return Err(Error::new(ErrorKind::Unexpected, at)),
        };
        // What begins a scalar runs up to the next operator, quote or space: nothing may be left.
        if let Some(&next) = rest.get(len)
            && !matches!(next, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t' | b':' | b'{' | b'[' | b'"')
        {
            let kind = if tag == tag::NUMBER { ErrorKind::BadNumber } else { ErrorKind::BadLiteral };
            return Err(Error::new(kind, at));
        }
        let middle = if tag == tag::NUMBER { len as u32 } else { 0 };
        self.tape.push(node(tag, middle, at as u32));
        Ok(())
    }
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
