//! Second pass: the grammar, over the positions of the first.

// Offsets and indexes of nodes are below 2^28: a longer body is refused before.
#![allow(clippy::cast_possible_truncation)]

use crate::escape;
use crate::{Error, ErrorKind, Framing};
use antigravity_abi::tape::{MAX_DEPTH, MAX_KEY, key_id, key_id_of, node, tag};
use std::slice::Iter;

type Step<T> = Result<T, Error>;

/// A container that is being read.
#[derive(Clone, Copy, Debug)]
struct Open {
    node: usize,
    count: u32,
    object: bool,
}

const NOTHING: Open = Open { node: 0, count: 0, object: false };

/// Buffers that are used again from body to body.
#[derive(Debug)]
pub(crate) struct Builder {
    /// Containers around the one that is being read, outermost first.
    open: Box<[Open; MAX_DEPTH]>,
    /// Room for a node a position; longer than what it holds.
    nodes: Vec<u64>,
}

/// Nodes that are kept room for from one body to the next.
const KEPT: usize = 1 << 20;

impl Builder {
    pub fn new() -> Self {
        Self { open: Box::new([NOTHING; MAX_DEPTH]), nodes: Vec::new() }
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
        let mut rest = positions.iter();
        let mut document = |rest: &mut Iter<'_, u32>, start: usize| {
            if escapes {
                self.document::<true>(bytes, rest, start)
            } else {
                self.document::<false>(bytes, rest, start)
            }
        };
        let len = match framing {
            Framing::Document => {
                let len = document(&mut rest, 0)?;
                if let Some(&at) = rest.next() {
                    return Err(Error::new(ErrorKind::Trailing, at as usize));
                }
                len
            }
            Framing::Lines => lines(bytes, positions, document)?,
        };
        tape.extend_from_slice(&self.nodes[..len]);
        self.nodes.truncate(KEPT);
        self.nodes.shrink_to(KEPT);
        Ok(())
    }

    /// Reads one document; gives where its nodes end. `ESCAPES`: a backslash stands somewhere in the
    /// body.
    ///
    /// Objects and arrays have loops of their own, so that the CPU learns the two apart, and the
    /// state of the innermost container lies in locals: kept in memory, its count alone costs 5
    /// cycles a value.
    fn document<const ESCAPES: bool>(
        &mut self,
        bytes: &[u8],
        rest: &mut Iter<'_, u32>,
        start: usize,
    ) -> Step<usize> {
        let mut positions = rest.clone();
        let nodes = &mut self.nodes[..];
        let open = &mut *self.open;
        let (mut len, mut depth, mut inside) = (start, 0, NOTHING);
        macro_rules! fail {
            ($kind:ident, $at:expr) => {
                return Err(Error::new(ErrorKind::$kind, $at))
            };
        }
        macro_rules! take {
            () => {
                match positions.next() {
                    Some(&at) => at as usize,
                    None => fail!(Truncated, bytes.len()),
                }
            };
        }
        macro_rules! push {
            ($node:expr) => {{
                nodes[len] = $node;
                len += 1;
            }};
        }
        // The string or key whose opening quote stands at `$at`.
        macro_rules! string {
            ($at:expr) => {{
                let end = take!();
                push!(string_node::<ESCAPES>(bytes, $at, end)?);
            }};
        }
        // Goes into the container at `$at`; `true` where it is empty.
        macro_rules! enter {
            ($at:expr, $byte:expr) => {{
                let Some(place) = open.get_mut(depth) else { fail!(TooDeep, $at) };
                *place = inside;
                depth += 1;
                inside = Open { node: len, count: 1, object: $byte == b'{' };
                push!(0);
                let first = take!();
                // `}` and `]` are two above `{` and `[`.
                let empty = bytes[first] == $byte + 2;
                inside.count = u32::from(!empty);
                (first, empty)
            }};
        }
        let Some(&first) = positions.next() else { fail!(Empty, bytes.len()) };
        let mut at = first as usize;
        let mut empty;
        match bytes[at] {
            byte @ (b'{' | b'[') => (at, empty) = enter!(at, byte),
            byte => {
                match byte {
                    b'"' => string!(at),
                    b'-' | b'0'..=b'9' => {
                        let next = positions.as_slice().first().map_or(bytes.len(), |next| *next as usize);
                        push!(number_node(bytes, at, next)?);
                    }
                    _ => push!(literal_node(bytes, at)?),
                }
                *rest = positions;
                return Ok(len);
            }
        }
        // `at` is where the first or the next item of the innermost container begins.
        'containers: loop {
            if empty {
                empty = false;
            } else if inside.object {
                loop {
                    let end = take!();
                    push!(key_node::<ESCAPES>(bytes, at, end)?);
                    let colon = take!();
                    if bytes[colon] != b':' {
                        fail!(Unexpected, colon);
                    }
                    at = take!();
                    let after = match bytes[at] {
                        b'"' => {
                            string!(at);
                            take!()
                        }
                        b'-' | b'0'..=b'9' => {
                            let after = take!();
                            push!(number_node(bytes, at, after)?);
                            after
                        }
                        byte @ (b'{' | b'[') => {
                            (at, empty) = enter!(at, byte);
                            continue 'containers;
                        }
                        _ => {
                            push!(literal_node(bytes, at)?);
                            take!()
                        }
                    };
                    match bytes[after] {
                        b',' => inside.count += 1,
                        b'}' => break,
                        _ => fail!(Unexpected, after),
                    }
                    at = take!();
                }
            } else {
                loop {
                    let after = match bytes[at] {
                        b'-' | b'0'..=b'9' => {
                            let after = take!();
                            push!(number_node(bytes, at, after)?);
                            after
                        }
                        b'"' => {
                            string!(at);
                            take!()
                        }
                        byte @ (b'{' | b'[') => {
                            (at, empty) = enter!(at, byte);
                            continue 'containers;
                        }
                        _ => {
                            push!(literal_node(bytes, at)?);
                            take!()
                        }
                    };
                    match bytes[after] {
                        b',' => inside.count += 1,
                        b']' => break,
                        _ => fail!(Unexpected, after),
                    }
                    at = take!();
                }
            }
            // The innermost container has ended, and with it perhaps those around it.
            loop {
                nodes[inside.node] = closed(inside, len);
                depth -= 1;
                inside = open[depth];
                if depth == 0 {
                    *rest = positions;
                    return Ok(len);
                }
                let after = take!();
                match bytes[after] {
                    b',' => {
                        inside.count += 1;
                        at = take!();
                        continue 'containers;
                    }
                    b'}' if inside.object => {}
                    b']' if !inside.object => {}
                    _ => fail!(Unexpected, after),
                }
            }
        }
    }
}

/// Documents that each stand on a line of their own; gives where their nodes end.
fn lines<'p>(
    bytes: &[u8],
    positions: &'p [u32],
    mut document: impl FnMut(&mut Iter<'p, u32>, usize) -> Step<usize>,
) -> Step<usize> {
    let mut rest = positions.iter();
    let mut len = 0;
    while let Some(&start) = rest.as_slice().first() {
        let read = positions.len() - rest.len();
        if let Some(&end) = read.checked_sub(1).and_then(|last| positions.get(last))
            && !bytes[end as usize..start as usize].contains(&b'\n')
        {
            return Err(Error::new(ErrorKind::Trailing, start as usize));
        }
        len = document(&mut rest, len)?;
    }
    Ok(len)
}

/// `skip` is the index of the node after the end, counted from the body's first node.
#[inline]
fn closed(open: Open, skip: usize) -> u64 {
    node(if open.object { tag::OBJECT } else { tag::ARRAY }, open.count, skip as u32)
}

/// `at` and `end` are where its quotes stand.
#[inline(always)]
fn key_node<const ESCAPES: bool>(bytes: &[u8], at: usize, end: usize) -> Step<u64> {
    if bytes[at] != b'"' {
        return Err(Error::new(ErrorKind::Unexpected, at));
    }
    let len = end - at - 1;
    if !ESCAPES
        && (1..=MAX_KEY).contains(&len)
        && let Some(first) = word(bytes, at + 1)
        && let Some(last) = end.checked_sub(8).and_then(|last| word(bytes, last))
    {
        // Of a key shorter than eight bytes both are the key itself.
        let unused = 64 - 8 * len.min(8);
        let id = key_id_of(first & (u64::MAX >> unused), last >> unused, len);
        return Ok(node(tag::KEY, id, (at + 1) as u32));
    }
    other_key_node(bytes, at, end)
}

#[cold]
fn other_key_node(bytes: &[u8], at: usize, end: usize) -> Step<u64> {
    let key = &bytes[at + 1..end];
    if key.len() <= MAX_KEY && memchr::memchr(b'\\', key).is_none() {
        return Ok(node(tag::KEY, key_id(key), (at + 1) as u32));
    }
    escape::check(key, at + 1)?;
    // Its length is found again from its closing quote.
    Ok(node(tag::KEY_ESCAPED, 0, (at + 1) as u32))
}

#[inline(always)]
fn string_node<const ESCAPES: bool>(bytes: &[u8], at: usize, end: usize) -> Step<u64> {
    let escaped = ESCAPES && escape::check(&bytes[at + 1..end], at + 1)?;
    let tag = if escaped { tag::STRING_ESCAPED } else { tag::STRING };
    Ok(node(tag, (end - at - 1) as u32, (at + 1) as u32))
}

/// A number. Most end where the next token begins and fit eight bytes.
#[inline(always)]
fn number_node(bytes: &[u8], at: usize, next: usize) -> Step<u64> {
    let len = next - at;
    if len <= 8
        && let Some(word) = word(bytes, at)
        && is_plain_number(word, len as u32)
    {
        return Ok(node(tag::NUMBER, len as u32, at as u32));
    }
    // Ids and times: up to sixteen digits.
    if (9..=16).contains(&len)
        && let (Some(first), Some(last)) = (word(bytes, at), word(bytes, next - 8))
        && others_than_digits(first) | others_than_digits(last) == 0
        && first as u8 != b'0'
    {
        return Ok(node(tag::NUMBER, len as u32, at as u32));
    }
    long_number_node(bytes, at)
}

/// The high bit of each byte that is not 0 to 9.
#[inline(always)]
const fn others_than_digits(word: u64) -> u64 {
    let digits = word ^ 0x3030_3030_3030_3030;
    // Adding to seven bits carries nothing over.
    (((digits & 0x7f7f_7f7f_7f7f_7f7f) + 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
}

/// Eight bytes, little-endian.
#[inline(always)]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at + 8).and_then(|bytes| bytes.first_chunk()).map(|bytes| u64::from_le_bytes(*bytes))
}

#[cold]
fn long_number_node(bytes: &[u8], at: usize) -> Step<u64> {
    let rest = &bytes[at..];
    let len = number_len(rest).filter(|len| ends_scalar(rest.get(*len)));
    let len = len.ok_or(Error::new(ErrorKind::BadNumber, at))?;
    Ok(node(tag::NUMBER, len as u32, at as u32))
}

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
