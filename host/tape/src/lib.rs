//! JSON bodies as tapes: tokenised once, walked by everybody who looks inside.
//!
//! Two passes, as simdjson does it: an *index* of the positions where something begins or ends (64
//! bytes at a time, with AVX-512 or AVX2 where the CPU has them), then a state machine that checks
//! the grammar over those positions and writes one 64-bit node each (layout: `antigravity_abi::tape`).
//!
//! Invariants
//! - Accepts exactly what `serde_json` accepts, with two stated exceptions: numbers stay text, so
//!   none is too large; and a lone surrogate in a `\u` escape is found when the string is read.
//! - The only `unsafe` is in `index/avx2.rs` and `index/avx512.rs`.
//! - Input is `&str`: UTF-8 is the caller's to have checked.

mod build;
mod error;
mod escape;
mod figure;
mod index;
mod value;

use antigravity_abi::tape::{tag, tag_of};
pub use error::{Error, ErrorKind};
pub use escape::unescape;
pub use figure::Figure;
pub use index::Engine;
pub use value::{Flat, Key, Kind, Member, Value};

/// How many JSON documents a body holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Exactly one.
    Document,
    /// Any number, each on a line of its own; blank lines are skipped.
    Lines,
}

/// Turns bodies into tapes; keeps its buffers from one body to the next.
#[derive(Debug)]
pub struct Tokeniser {
    engine: Engine,
    positions: Vec<u32>,
    builder: build::Builder,
}

/// Positions that are kept room for from one body to the next: those of 4 MB at least.
const KEPT: usize = 1 << 22;

impl Default for Tokeniser {
    fn default() -> Self {
        Self::new(Engine::detect())
    }
}

impl Tokeniser {
    pub fn new(engine: Engine) -> Self {
        Self { engine, positions: Vec::new(), builder: build::Builder::new() }
    }

    /// Appends the nodes of `body` to `tape`. Offsets and skips in them count from the beginning of
    /// this body and of its own first node, whatever `tape` held before.
    ///
    /// # Errors
    /// [`Error`] with the byte offset, where the body is not JSON, nested deeper than 128, or over
    /// 256 MiB. `tape` is then as it was before.
    pub fn tokenise(&mut self, body: &str, framing: Framing, tape: &mut Vec<u64>) -> Result<(), Error> {
        if body.len() > antigravity_abi::tape::MAX_BODY {
            return Err(Error::new(ErrorKind::TooLarge, 0));
        }
        let start = tape.len();
        let (count, scan) = self.engine.index(body.as_bytes(), &mut self.positions);
        let positions = self.positions.get(..count).unwrap_or(&[]);
        let result = match scan.fault {
            Some(error) => Err(error),
            None => self.builder.build(body.as_bytes(), positions, scan.escapes, framing, tape),
        };
        self.positions.truncate(KEPT);
        self.positions.shrink_to(KEPT);
        if result.is_err() {
            tape.truncate(start);
        }
        result
    }

    /// [`Self::tokenise`] of what stands behind the first `prefix` bytes of `body`. Offsets count
    /// from its beginning all the same.
    ///
    /// # Errors
    /// As [`Self::tokenise`], with offsets from behind the prefix.
    pub fn tokenise_behind(
        &mut self,
        prefix: usize,
        body: &str,
        framing: Framing,
        tape: &mut Vec<u64>,
    ) -> Result<(), Error> {
        let start = tape.len();
        self.tokenise(body.get(prefix..).unwrap_or_default(), framing, tape)?;
        if prefix > 0 {
            // Containers hold indexes of nodes, not offsets.
            let nodes = tape[start..].iter_mut();
            nodes
                .filter(|node| !matches!(tag_of(**node), tag::OBJECT | tag::ARRAY))
                .for_each(|node| *node += prefix as u64);
        }
        Ok(())
    }
}
