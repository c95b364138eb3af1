//! Second pass: the grammar, over the positions of the first.

use crate::escape;
use crate::{Error, ErrorKind, Framing};
use antigravity_abi::tape::{MAX_DEPTH, MAX_KEY, key_id_of, node, tag};
use std::slice::Iter;

type Step<T> = Result<T, Error>;

/// A container that is being read.
#[derive(Clone, Copy, Debug)]
struct Open {
    node: usize,
    count: u32,
    object: bool,
}

/// Buffers that are used again from body to body.
#[derive(Debug)]
pub(crate) struct Builder {
    /// Containers around the one that is being read, outermost first.
    open: Vec<Open>,
    /// Room for a node a position; longer than what it holds.
    nodes: Vec<u64>,
}

/// Nodes that are kept room for from one body to the next.
const KEPT: usize = 1 << 20;

/// What is tokenised.
#[derive(Clone, Copy)]
struct Body<'a> {
    bytes: &'a [u8],
    /// Whether any backslash stands in it.
    escapes: bool,
}

impl Builder {
    pub const fn new() -> Self {
        Self { open: Vec::new(), nodes: Vec::new() }
    }

    /// Appends the nodes of a body to `tape`.
    pub fn build(
        &mut self,
        bytes: &[u8],
        positions: &[u32],
        escapes: bool,
        framing: Framing,
        tape: &mut Vec<u64>,
    ) -> Step<()> {
        if self.nodes.len() < positions.len() {
            self.nodes.resize(positions.len(), 0);
        }
        let body = Body { bytes, escapes };
        let mut rest = positions.iter();
        let len = match framing {
            Framing::Document => {
                let len = self.document(body, &mut rest, 0)?;
                if let Some(&at) = rest.next() {
                    return Err(Error::new(ErrorKind::Trailing, at as usize));
                }
                len
            }
            Framing::Lines => self.lines(body, positions, &mut rest)?,
        };
        tape.extend_from_slice(&self.nodes[..len]);
        self.nodes.truncate(KEPT);
        self.nodes.shrink_to(KEPT);
        Ok(())
    }

    fn lines(&mut self, body: Body<'_>, positions: &[u32], rest: &mut Iter<'_, u32>) -> Step<usize> {
        let mut len = 0;
        while let Some(&start) = rest.as_slice().first() {
            let read = positions.len() - rest.len();
            if let Some(&end) = read.checked_sub(1).and_then(|last| positions.get(last))
                && !body.bytes[end as usize..start as usize].contains(&b'\n')
            {
                return Err(Error::new(ErrorKind::Trailing, start as usize));
            }
            len = self.document(body, rest, len)?;
        }
        Ok(len)
    }

    /// Reads one document; gives where its nodes end. The state of the innermost container lies in
    /// locals: kept in memory, its count alone costs 5 cycles a value.
    #[allow(clippy::cast_possible_truncation)] // a tape has fewer nodes than the body bytes: 2^28
    fn document(&mut self, body: Body<'_>, rest: &mut Iter<'_, u32>, start: usize) -> Step<usize> {
        let bytes = body.bytes;
        let mut positions = rest.clone();
        let nodes = &mut self.nodes[..];
        let open = &mut self.open;
        open.clear();
        let (mut len, mut inside) = (start, Open { node: 0, count: 0, object: false });
        macro_rules! take {
            ($kind:ident) => {
                match positions.next() {
                    Some(&at) => at as usize,
                    None => return Err(Error::new(ErrorKind::$kind, bytes.len())),
                }
            };
        }
        macro_rules! push {
            ($node:expr) => {{
                nodes[len] = $node;
                len += 1;
            }};
        }
        // The key at `$at`, its colon; gives where the value begins.
        macro_rules! key {
            ($at:expr) => {{
                let at = $at;
                let end = take!(Truncated);
                push!(key_node(body, at, end)?);
                let colon = take!(Truncated);
                if bytes[colon] != b':' {
                    return Err(Error::new(ErrorKind::Unexpected, colon));
                }
                take!(Truncated)
            }};
        }
        let mut at = take!(Empty);
        loop {
            // `at` is where a value begins.
            match bytes[at] {
                b'"' => push!(string_node(body, at, take!(Truncated))?),
                b'-' | b'0'..=b'9' => push!(number_node(bytes, at, positions.as_slice().first())?),
                byte @ (b'{' | b'[') => {
                    if open.len() == MAX_DEPTH {
                        return Err(Error::new(ErrorKind::TooDeep, at));
                    }
                    open.push(inside);
                    inside = Open { node: len, count: 1, object: byte == b'{' };
                    push!(0);
                    let first = take!(Truncated);
                    // `}` and `]` are two above `{` and `[`.
                    if bytes[first] != byte + 2 {
                        at = if inside.object { key!(first) } else { first };
                        continue;
                    }
                    nodes[inside.node] = closed(Open { count: 0, ..inside }, len);
                    inside = open.pop().unwrap_or(inside);
                }
                _ => push!(literal_node(bytes, at)?),
            }
            // A value has ended: close what ends with it, or go to the next one.
            loop {
                if open.is_empty() {
                    *rest = positions;
                    return Ok(len);
                }
                let after = take!(Truncated);
                match bytes[after] {
                    b',' => {
                        inside.count += 1;
                        let next = take!(Truncated);
                        at = if inside.object { key!(next) } else { next };
                        break;
                    }
                    b'}' if inside.object => {}
                    b']' if !inside.object => {}
                    _ => return Err(Error::new(ErrorKind::Unexpected, after)),
                }
                nodes[inside.node] = closed(inside, len);
                inside = open.pop().unwrap_or(inside);
            }
        }
    }
}

/// `skip` is the index of the node after the end, counted from the body's first node.
#[inline]
#[allow(clippy::cast_possible_truncation)]
fn closed(open: Open, skip: usize) -> u64 {
    node(if open.object { tag::OBJECT } else { tag::ARRAY }, open.count, skip as u32)
}

#[inline]
#[allow(clippy::cast_possible_truncation)]
fn key_node(body: Body<'_>, at: usize, end: usize) -> Step<u64> {
    if body.bytes[at] != b'"' {
        return Err(Error::new(ErrorKind::Unexpected, at));
    }
    let key = &body.bytes[at + 1..end];
    let plain = !body.escapes || memchr::memchr(b'\\', key).is_none();
    if plain && key.len() <= MAX_KEY {
        return Ok(node(tag::KEY, hash(body.bytes, at + 1, key.len()), (at + 1) as u32));
    }
    escape::check(key, at + 1)?;
    // Its length is found again from its closing quote.
    Ok(node(tag::KEY_ESCAPED, 0, (at + 1) as u32))
}

#[inline]
#[allow(clippy::cast_possible_truncation)]
fn string_node(body: Body<'_>, at: usize, end: usize) -> Step<u64> {
    let text = &body.bytes[at + 1..end];
    let escaped = body.escapes && escape::check(text, at + 1)?;
    let tag = if escaped { tag::STRING_ESCAPED } else { tag::STRING };
    Ok(node(tag, text.len() as u32, (at + 1) as u32))
}

/// A number. Most end where the next token begins and fit eight bytes.
#[inline]
#[allow(clippy::cast_possible_truncation)]
fn number_node(bytes: &[u8], at: usize, next: Option<&u32>) -> Step<u64> {
    if let Some(&end) = next
        && let Some(word) = bytes[at..].first_chunk::<8>()
    {
        let len = end as usize - at;
        if len <= 8 && is_plain_number(u64::from_le_bytes(*word), len as u32) {
            return Ok(node(tag::NUMBER, len as u32, at as u32));
        }
    }
    long_number_node(bytes, at)
}

#[cold]
#[allow(clippy::cast_possible_truncation)]
fn long_number_node(bytes: &[u8], at: usize) -> Step<u64> {
    let rest = &bytes[at..];
    let len = number_len(rest).filter(|len| ends_scalar(rest.get(*len)));
    let len = len.ok_or(Error::new(ErrorKind::BadNumber, at))?;
    Ok(node(tag::NUMBER, len as u32, at as u32))
}

#[allow(clippy::cast_possible_truncation)]
fn literal_node(bytes: &[u8], at: usize) -> Step<u64> {
    let rest = &bytes[at..];
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
    Ok(node(tag, 0, at as u32))
}

/// What begins a number or literal runs up to the next operator, quote or space: nothing may be
/// left of it.
#[inline]
fn ends_scalar(next: Option<&u8>) -> bool {
    match next {
        Some(next) => {
            matches!(next, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t' | b':' | b'{' | b'[' | b'"')
        }
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
    let others =
        (((digits & 0x7f7f_7f7f_7f7f_7f7f) + 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080;
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
