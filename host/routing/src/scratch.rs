//! Buffers of a caller, used again from packet to packet.

use crate::fingerprint::{Fingerprint, Fingerprinter};
use antigravity_abi::tape::{tag, tag_of};
use antigravity_tape::{ErrorKind, Framing, Tokeniser};

/// Names one tape of the packet that was routed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TapeId(usize);

/// The tapes of one packet, one for each way to cut it (length of the prefix, framing), each made
/// at most once.
#[derive(Debug, Default)]
pub struct Scratch {
    tokeniser: Tokeniser,
    tapes: Vec<Slot>,
    /// Tapes of the current packet; the buffers of the others wait.
    used: usize,
    spare: Vec<Vec<u64>>,
    request: Vec<u64>,
    request_read: Option<bool>,
    fingerprinter: Fingerprinter,
}

#[derive(Debug)]
struct Slot {
    prefix: usize,
    framing: Framing,
    outcome: Result<(), ErrorKind>,
    nodes: Vec<u64>,
    taken: bool,
}

/// Buffers that are kept for later.
const MAX_SPARE: usize = 64;

impl Scratch {
    /// A tape, as the adapter gets it: offsets count from the start of the whole body, prefix
    /// included. Empty once it was taken.
    pub fn tape(&self, tape: TapeId) -> &[u64] {
        self.tapes[..self.used].get(tape.0).map_or(&[], |slot| &slot.nodes)
    }

    /// Moves a tape out without copying it; `None` where that was done before.
    pub fn take_tape(&mut self, tape: TapeId) -> Option<Vec<u64>> {
        let slot = self.tapes[..self.used].get_mut(tape.0).filter(|slot| !slot.taken)?;
        slot.taken = true;
        Some(std::mem::replace(&mut slot.nodes, self.spare.pop().unwrap_or_default()))
    }

    /// Gives a tape's buffer back, to be used for a later packet.
    pub fn recycle(&mut self, mut buffer: Vec<u64>) {
        if self.spare.len() < MAX_SPARE {
            buffer.clear();
            self.spare.push(buffer);
        }
    }

    pub(crate) const fn begin(&mut self) {
        self.used = 0;
        self.request_read = None;
    }

    /// The tape of `body` after `prefix` bytes, which are a prefix of its text.
    pub(crate) fn tokenise(
        &mut self,
        body: &str,
        prefix: usize,
        framing: Framing,
    ) -> Result<TapeId, ErrorKind> {
        let known =
            self.tapes[..self.used].iter().position(|slot| slot.prefix == prefix && slot.framing == framing);
        let index = known.unwrap_or_else(|| self.fill(body, prefix, framing));
        self.tapes[index].outcome.map(|()| TapeId(index))
    }

    fn fill(&mut self, body: &str, prefix: usize, framing: Framing) -> usize {
        let index = self.used;
        if index == self.tapes.len() {
            self.tapes.push(Slot { prefix, framing, outcome: Ok(()), nodes: Vec::new(), taken: false });
        }
        let slot = &mut self.tapes[index];
        slot.nodes.clear();
        let rest = body.get(prefix..).unwrap_or_default();
        slot.outcome = self.tokeniser.tokenise(rest, framing, &mut slot.nodes).map_err(|error| error.kind);
        (slot.prefix, slot.framing, slot.taken) = (prefix, framing, false);
        move_offsets(&mut slot.nodes, prefix);
        self.used += 1;
        index
    }

    /// The fingerprint of a body from its tape.
    pub(crate) fn fingerprint(&mut self, tape: TapeId, body: &[u8], full: bool) -> Option<Fingerprint> {
        let nodes = &self.tapes[..self.used].get(tape.0)?.nodes;
        Some(self.fingerprinter.fingerprint(body, nodes, full))
    }

    /// The tape of the request body, where it is JSON.
    pub(crate) fn request(&mut self, body: &str) -> Option<&[u64]> {
        if self.request_read.is_none() {
            self.request.clear();
            let result = self.tokeniser.tokenise(body, Framing::Document, &mut self.request);
            self.request_read = Some(result.is_ok());
        }
        (self.request_read == Some(true)).then_some(&*self.request)
    }
}

/// Makes offsets count from `by` bytes earlier. Containers hold indexes of nodes, not offsets.
fn move_offsets(nodes: &mut [u64], by: usize) {
    if by == 0 {
        return;
    }
    for node in nodes {
        if !matches!(tag_of(*node), tag::OBJECT | tag::ARRAY) {
            *node += by as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use antigravity_tape::Value;

    #[test]
    fn a_cut_body_is_read_from_its_start() {
        let mut scratch = Scratch::default();
        scratch.begin();
        let body = r#"42["m",{"k\u0065y":[1,true]}]"#;
        let id = scratch.tokenise(body, 2, Framing::Document).unwrap();
        let root = Value::root(body.as_bytes(), scratch.tape(id)).unwrap();
        let text: Vec<_> = root.items().map(|v| v.text().map(|t| t.into_owned())).collect();
        assert_eq!(text, [Some("m".to_owned()), None]);
        let (key, list) = root.at(1).unwrap().members().next().unwrap();
        assert_eq!(
            (key.name().as_ref(), list.at(0).unwrap().i64(), list.at(1).unwrap().bool()),
            ("key", Some(1), Some(true))
        );
    }

    #[test]
    fn each_cut_is_made_once_and_taken_once() {
        let mut scratch = Scratch::default();
        scratch.begin();
        let whole = scratch.tokenise("4[1]", 0, Framing::Document);
        assert_eq!(whole, Err(ErrorKind::Trailing));
        let cut = scratch.tokenise("4[1]", 1, Framing::Document).unwrap();
        assert_eq!(scratch.tokenise("4[1]", 1, Framing::Document), Ok(cut));
        assert_eq!(scratch.used, 2);
        let tape = scratch.take_tape(cut).unwrap();
        assert_eq!(tape.len(), 2);
        assert_eq!((scratch.take_tape(cut), scratch.tape(cut).len()), (None, 0));
        scratch.recycle(tape);
        scratch.begin();
        assert_eq!(scratch.take_tape(cut), None);
        let again = scratch.tokenise("[1,2]", 0, Framing::Document).unwrap();
        assert_eq!(scratch.tape(again).len(), 3);
    }

    #[test]
    fn a_request_is_read_once() {
        let mut scratch = Scratch::default();
        scratch.begin();
        assert!(scratch.request("a=1").is_none() && scratch.request("a=1").is_none());
        scratch.begin();
        assert_eq!(scratch.request("[7]").map(<[u64]>::len), Some(2));
    }
}
