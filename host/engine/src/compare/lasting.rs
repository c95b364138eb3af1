//! Differences of one quote or event: since when, for how long, and whether they stand at the end.

use super::Place;
use antigravity_core::Timestamp;
use antigravity_core::agreement::{Difference, EventSaid, Kind, Name, Subject};
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// All differences of one kind of one quote or event: a line of type `difference`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lasting {
    /// As both said it after the first packet.
    #[serde(flatten)]
    pub difference: Difference,
    pub account: String,
    /// Who plays, by the old version where it tells of the event.
    pub home: Option<String>,
    pub away: Option<String>,
    pub title: Option<String>,
    /// The packet after which they differed first, and when it came.
    pub first_seq: u64,
    pub first_at: Timestamp,
    /// The last packet after which they differed.
    pub last_seq: u64,
    /// After how many packets of the captures they differed.
    pub packets: u64,
    /// What both say after the last packet of all; none where they do not differ so there.
    pub at_end: Option<Values>,
}

/// What both say; none where one has no such quote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Values {
    pub old: Option<String>,
    pub new: Option<String>,
}

/// All that ever differed, by account and name.
#[derive(Debug, Default)]
pub(super) struct Differing(FxHashMap<Arc<str>, FxHashMap<Name, Track>>);

/// What became of one quote or event.
#[derive(Debug, Default)]
struct Track {
    /// How it differs now, and since which packet.
    now: Option<(Kind, u64)>,
    spans: BTreeMap<Kind, Span>,
}

#[derive(Debug)]
struct Span {
    /// Number of the first packet, in the order of all.
    first: u64,
    lasting: Lasting,
}

impl Differing {
    /// Takes what a comparison showed that belongs to the packet `now`; `before` is the last packet after which
    /// it was as before. True where it differs in a way that is new, and [`Self::call`] is to say of what event.
    pub fn follow(
        &mut self,
        account: &Arc<str>,
        kind: Option<Kind>,
        subject: &Subject<'_>,
        now: Place,
        before: Place,
    ) -> bool {
        let names = match self.0.get_mut(account) {
            Some(names) => names,
            None if kind.is_none() => return false,
            None => self.0.entry(account.clone()).or_default(),
        };
        if names.is_empty() && kind.is_none() {
            return false;
        }
        let name = subject.name();
        let track = match kind {
            None => match names.get_mut(&name) {
                Some(track) => track,
                None => return false,
            },
            Some(_) => names.entry(name).or_default(),
        };
        if track.now.map(|(kind, _)| kind) == kind {
            return false;
        }
        track.close(before);
        let Some(kind) = kind else { return false };
        track.now = Some((kind, now.number));
        let known = track.spans.contains_key(&kind);
        track.spans.entry(kind).or_insert_with(|| Span::new(account, kind, subject, now));
        !known
    }

    /// Says who plays.
    pub fn call(&mut self, account: &str, name: &Name, said: Option<&EventSaid>) {
        let track = self.0.get_mut(account).and_then(|names| names.get_mut(name));
        let (Some(track), Some(said)) = (track, said) else { return };
        let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
        for span in track.spans.values_mut() {
            let lasting = &mut span.lasting;
            (lasting.home, lasting.away, lasting.title) =
                (text(&said.home), text(&said.away), text(&said.title));
        }
    }

    /// It differs so after the last packet.
    pub fn stands(&mut self, account: &str, kind: Kind, subject: &Subject<'_>) {
        let track = self.0.get_mut(account).and_then(|names| names.get_mut(&subject.name()));
        if let Some(span) = track.and_then(|track| track.spans.get_mut(&kind)) {
            let Difference { old, new, .. } = subject.difference(kind);
            span.lasting.at_end = Some(Values { old, new });
        }
    }

    /// All of them: the gravest kind first, then by the packet where they begin, account and name.
    pub fn end(self, last: Place) -> Vec<Lasting> {
        let mut all = Vec::new();
        for (account, names) in self.0 {
            for (name, mut track) in names {
                track.close(last);
                for (kind, span) in track.spans {
                    all.push(((gravity(kind), span.first, account.clone(), name.clone()), span.lasting));
                }
            }
        }
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        all.into_iter().map(|(_, lasting)| lasting).collect()
    }
}

impl Track {
    /// It differed so up to this packet.
    fn close(&mut self, last: Place) {
        if let Some((kind, since)) = self.now.take()
            && let Some(Span { lasting, .. }) = self.spans.get_mut(&kind)
        {
            lasting.packets += last.number + 1 - since;
            lasting.last_seq = last.seq;
        }
    }
}

impl Span {
    fn new(account: &Arc<str>, kind: Kind, subject: &Subject<'_>, now: Place) -> Self {
        let lasting = Lasting {
            difference: subject.difference(kind),
            account: account.to_string(),
            home: None,
            away: None,
            title: None,
            first_seq: now.seq,
            first_at: now.at,
            last_seq: now.seq,
            packets: 0,
            at_end: None,
        };
        Self { first: now.number, lasting }
    }
}

/// What a person loses money by comes first: the order in which a version is held to it when it is tried.
const fn gravity(kind: Kind) -> u8 {
    match kind {
        Kind::Coverage => 0,
        Kind::Jump => 1,
        Kind::Event => 2,
        Kind::Price => 3,
        Kind::Extra => 4,
        Kind::Size => 5,
    }
}
