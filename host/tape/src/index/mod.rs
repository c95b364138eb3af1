//! First pass: where tokens begin and end.
//!
//! A position is written for each structural character outside strings, for both quotes of each
//! string, and for the first byte of each number or literal.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod scalar;

use crate::{Error, ErrorKind};

/// Which instructions find the positions. All engines give the same positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Portable.
    Scalar,
    /// AVX2 and CLMUL. Chosen only by [`Engine::detect`], which asks the CPU.
    #[cfg(target_arch = "x86_64")]
    Avx2(avx2::Proof),
    /// AVX-512 (F, BW, VBMI2) and CLMUL. As above.
    #[cfg(target_arch = "x86_64")]
    Avx512(avx512::Proof),
}

/// What the first pass learned besides the positions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scan {
    /// Whether any backslash stands in the body.
    pub escapes: bool,
    pub fault: Option<Error>,
}

impl Engine {
    /// The fastest engine of this machine.
    pub fn detect() -> Self {
        Self::all().next_back().unwrap_or(Self::Scalar)
    }

    /// All engines that this machine can run, the fastest last.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        #[cfg(target_arch = "x86_64")]
        let others = [avx2::Proof::ask_cpu().map(Self::Avx2), avx512::Proof::ask_cpu().map(Self::Avx512)];
        #[cfg(not(target_arch = "x86_64"))]
        let others: [Option<Self>; 0] = [];
        std::iter::once(Self::Scalar).chain(others.into_iter().flatten())
    }

    /// Writes positions to the front of `positions`; how many, and what else was learned.
    pub(crate) fn index(self, bytes: &[u8], positions: &mut Vec<u32>) -> (usize, Scan) {
        match self {
            Self::Scalar => run::<scalar::Scalar>(bytes, positions),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(proof) => avx2::index(proof, bytes, positions),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(proof) => avx512::index(proof, bytes, positions),
        }
    }
}

/// One bit for each of 64 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Masks {
    pub backslash: u64,
    pub quote: u64,
    /// `{ } [ ] : ,`
    pub operator: u64,
    /// Space, tab, line feed, carriage return.
    pub white: u64,
    /// Below U+0020, white space included.
    pub control: u64,
}

pub(crate) trait Classify {
    fn masks(block: &[u8; 64]) -> Masks;
    /// Bit i of the result is the exclusive or of bits 0 to i.
    fn prefix_xor(bits: u64) -> u64;

    /// Writes `base` + the number of each bit that is set, in order; what it leaves behind them is
    /// of no meaning.
    #[inline(always)]
    fn write(mut bits: u64, base: u32, to: &mut [u32; 64]) {
        let count = bits.count_ones() as usize;
        let (eights, _) = to.as_chunks_mut::<8>();
        for eight in eights.iter_mut().take(count.div_ceil(8)) {
            for slot in eight {
                *slot = base.wrapping_add(bits.trailing_zeros());
                bits &= bits.wrapping_sub(1);
            }
        }
    }
}

/// What is carried from one block to the next.
#[derive(Default)]
struct Carry {
    /// The first byte of the next block is escaped.
    escaped: u64,
    /// All ones when the next block begins within a string.
    in_string: u64,
    /// The last byte belonged to a number or literal.
    scalar: u64,
    any_backslash: u64,
    /// Offset of the first control character within a string.
    control: Option<usize>,
}

/// The positions found so far. The buffer is kept longer than what it holds, so that several can be
/// written at a time without a test for each.
struct Positions<'a> {
    buffer: &'a mut Vec<u32>,
    len: usize,
}

#[inline(always)]
pub(crate) fn run<C: Classify>(bytes: &[u8], buffer: &mut Vec<u32>) -> (usize, Scan) {
    let mut carry = Carry::default();
    let (blocks, tail) = bytes.as_chunks::<64>();
    let mut positions = Positions { buffer, len: 0 };
    for (n, block) in blocks.iter().enumerate() {
        step::<C>(block, n * 64, &mut carry, &mut positions);
    }
    if !tail.is_empty() {
        let mut block = [b' '; 64];
        block[..tail.len()].copy_from_slice(tail);
        step::<C>(&block, blocks.len() * 64, &mut carry, &mut positions);
    }
    let fault = if let Some(offset) = carry.control {
        Some(Error::new(ErrorKind::ControlCharacter, offset))
    } else if carry.in_string != 0 {
        Some(Error::new(ErrorKind::Truncated, bytes.len()))
    } else {
        None
    };
    (positions.len, Scan { escapes: carry.any_backslash != 0, fault })
}

#[inline(always)]
fn step<C: Classify>(block: &[u8; 64], base: usize, carry: &mut Carry, positions: &mut Positions<'_>) {
    let m = C::masks(block);
    carry.any_backslash |= m.backslash;
    let escaped = escaped_bytes(m.backslash, &mut carry.escaped);
    let quote = m.quote & !escaped;
    // Opening quotes are inside, closing quotes are not.
    let inside = C::prefix_xor(quote) ^ carry.in_string;
    carry.in_string = ((inside as i64) >> 63) as u64;
    let text = inside & !quote;
    if m.control & text != 0 && carry.control.is_none() {
        carry.control = Some(base + (m.control & text).trailing_zeros() as usize);
    }
    let scalar = !(m.operator | m.white | m.quote | inside);
    let begins = scalar & !((scalar << 1) | carry.scalar);
    carry.scalar = scalar >> 63;
    positions.push::<C>((m.operator & !inside) | quote | begins, base);
}

/// Which bytes are escaped by a backslash: those after a run of backslashes of odd length.
#[inline(always)]
fn escaped_bytes(backslash: u64, carry: &mut u64) -> u64 {
    if backslash == 0 {
        return std::mem::take(carry);
    }
    // As in simdjson's escape scanner: subtraction carries through runs of backslashes.
    const ODD: u64 = 0xAAAA_AAAA_AAAA_AAAA;
    let potential = backslash & !*carry;
    let maybe_escaped = potential << 1;
    let maybe_and_odd = maybe_escaped | ODD;
    let even_series = maybe_and_odd.wrapping_sub(potential);
    let escape_and_terminal = even_series ^ ODD;
    let escaped = escape_and_terminal ^ (backslash | *carry);
    *carry = (escape_and_terminal & backslash) >> 63;
    escaped
}

impl Positions<'_> {
    #[inline(always)]
    fn push<C: Classify>(&mut self, bits: u64, base: usize) {
        if self.buffer.len() < self.len + 64 {
            // Doubling; one position in four bytes is typical, one a byte the most.
            self.buffer.resize((self.len + 64) * 2, 0);
        }
        #[allow(clippy::cast_possible_truncation)] // bodies are below 2^28
        if let Some(room) = self.buffer[self.len..].first_chunk_mut::<64>() {
            C::write(bits, base as u32, room);
            self.len += bits.count_ones() as usize;
        }
    }
}
