//! Buffers of a caller, used again from packet to packet.

use crate::fingerprint::{Fingerprint, Fingerprinter};
use antigravity_tape::{ErrorKind, Framing, Tokeniser};
use std::ops::Range;

/// Names one tape of the packet that was routed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TapeId(usize);

/// The tapes of one packet, one for each way to cut it (length of the prefix, framing), each made
/// at most once; and behind them those of earlier packets that were kept.
#[derive(Debug, Default)]
pub struct Scratch {
    tokeniser: Tokeniser,
    /// Tapes of the packet that was routed last.
    tapes: Vec<Slot>,
    /// Their nodes, after the kept ones.
    nodes: Vec<u64>,
    /// How many of `nodes` were kept.
    kept: usize,
    request: Vec<u64>,
    request_read: Option<bool>,
    fingerprinter: Fingerprinter,
}

#[derive(Debug)]
struct Slot {
    prefix: usize,
    framing: Framing,
    /// Range of `Scratch::nodes`.
    outcome: Result<Range<usize>, ErrorKind>,
}

impl Scratch {
    /// A tape, as the adapter gets it: offsets count from the start of the whole body, prefix
    /// included.
    pub fn tape(&self, tape: TapeId) -> &[u64] {
        self.range(tape).and_then(|range| self.nodes.get(range)).unwrap_or(&[])
    }

    fn range(&self, tape: TapeId) -> Option<Range<usize>> {
        self.tapes.get(tape.0)?.outcome.clone().ok()
    }

    /// Keeps a tape beyond its packet: where it lies in what [`Self::take`] gives.
    pub fn keep(&mut self, tape: TapeId) -> Range<usize> {
        let range = self.range(tape).unwrap_or(0..0);
        self.kept = self.kept.max(range.end);
        range
    }

    /// All tapes that were kept since the last time. `spare` is an old one's buffer, to be used again.
    pub fn take(&mut self, mut spare: Vec<u64>) -> Vec<u64> {
        spare.clear();
        self.tapes.clear();
        self.nodes.truncate(std::mem::take(&mut self.kept));
        std::mem::replace(&mut self.nodes, spare)
    }

    pub(crate) fn begin(&mut self) {
        self.tapes.clear();
        self.nodes.truncate(self.kept);
        self.request_read = None;
    }

    /// The tape of `body` after `prefix` bytes, which are a prefix of its text.
    pub(crate) fn tokenise(
        &mut self,
        body: &str,
        prefix: usize,
        framing: Framing,
    ) -> Result<TapeId, ErrorKind> {
        let known = self.tapes.iter().position(|slot| slot.prefix == prefix && slot.framing == framing);
        let index = known.unwrap_or_else(|| {
            let start = self.nodes.len();
            let result = self.tokeniser.tokenise_behind(prefix, body, framing, &mut self.nodes);
            let outcome = result.map(|()| start..self.nodes.len()).map_err(|error| error.kind);
            self.tapes.push(Slot { prefix, framing, outcome });
            self.tapes.len() - 1
        });
        self.tapes[index].outcome.as_ref().map(|_| TapeId(index)).map_err(|kind| *kind)
    }

    /// The fingerprint of a body from its tape.
    pub(crate) fn fingerprint(&mut self, tape: TapeId, body: &[u8], full: bool) -> Option<Fingerprint> {
        let nodes = self.nodes.get(self.range(tape)?)?;
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
    fn each_cut_is_made_once() {
        let mut scratch = Scratch::default();
        scratch.begin();
        let whole = scratch.tokenise("4[1]", 0, Framing::Document);
        assert_eq!(whole, Err(ErrorKind::Trailing));
        let cut = scratch.tokenise("4[1]", 1, Framing::Document).unwrap();
        assert_eq!(scratch.tokenise("4[1]", 1, Framing::Document), Ok(cut));
        assert_eq!((scratch.tapes.len(), scratch.tape(cut).len()), (2, 2));
    }

    #[test]
    fn what_is_kept_lies_side_by_side() {
        let mut scratch = Scratch::default();
        let mut read = |body: &str, keep: bool| {
            scratch.begin();
            let tape = scratch.tokenise(body, 0, Framing::Document).unwrap();
            let nodes = scratch.tape(tape).to_vec();
            (nodes, keep.then(|| scratch.keep(tape)))
        };
        let (one, first) = read("[1]", true);
        read("[1,2,3,4,5]", false);
        let (two, second) = read("{\"a\":1}", true);
        read("[6]", false);
        let kept = scratch.take(vec![9; 100]);
        assert_eq!((first, second), (Some(0..2), Some(2..5)));
        assert_eq!(kept, [one, two].concat());
        scratch.begin();
        let again = scratch.tokenise("[1,2]", 0, Framing::Document).unwrap();
        assert_eq!((scratch.tape(again).len(), scratch.keep(again)), (3, 0..3));
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
