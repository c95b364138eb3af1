//! One market: two tokens that pay 1 between them.

use crate::book::{Best, Book, mirror, mirrored};
use crate::state::Token;
use antigravity_sdk::{
    Decimal, Depth, Event, Line, LineSpec, Market as Kind, Period, PriceFormat, Selection, Sheet, Side,
    Status, scope_of,
};

/// Contracts pay out in this; it is not the dollar.
pub const CURRENCY: &str = "USDC";

/// What a market is quoted as, as Gamma says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub kind: Kind,
    /// The name behind `other:`.
    pub other: Option<String>,
    pub line: Option<Decimal>,
    pub roles: [Role; 2],
}

/// What one token pays for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// As Gamma spells it.
    pub name: String,
    pub selection: Selection,
    /// Whether the name is quoted as the runner, on a line of its own.
    pub runner: bool,
}

#[derive(Debug)]
pub struct Market {
    pub condition: String,
    pub scope: u64,
    pub event: usize,
    pub terms: Terms,
    /// Numbers of its tokens, in the order of the roles.
    pub tokens: [usize; 2],
    pub accepting: bool,
    pub min_stake: Option<Decimal>,
    /// Settled or taken down.
    pub over: bool,
    /// The host was told that something was missed.
    pub gap: bool,
    /// Of each token: its book came whole and was not changed since.
    pub fresh: [bool; 2],
    shown: [Shown; 2],
}

/// What is shown of one token.
#[derive(Debug, Default)]
struct Shown {
    line: Option<Line>,
    back: Depth,
    lay: Depth,
}

impl Market {
    pub fn new(condition: &str, event: usize, terms: Terms, tokens: [usize; 2]) -> Self {
        Self {
            condition: condition.to_owned(),
            scope: scope_of(condition),
            event,
            terms,
            tokens,
            accepting: true,
            min_stake: None,
            over: false,
            gap: false,
            fresh: [false; 2],
            shown: Default::default(),
        }
    }

    /// Names its lines, or says again what changed about them.
    pub fn list(&mut self, event: Event, sheet: &mut Sheet) {
        for i in 0..2 {
            let role = &self.terms.roles[i];
            let mut spec = LineSpec::new(&self.condition, self.terms.kind, Period::MATCH).scope(self.scope);
            spec.other = self.terms.other.as_deref();
            spec.line = self.terms.line;
            spec.runner = role.runner.then_some(&role.name);
            spec.min_stake = self.min_stake;
            spec.currency = Some(CURRENCY);
            match self.shown[i].line {
                // Two selections share a line, but two runners have one each.
                _ if i == 1 && !role.runner => self.shown[1].line = self.shown[0].line,
                Some(line) => sheet.update_line(line, event, &spec),
                None => self.shown[i].line = Some(sheet.define_line(event, &spec)),
            }
        }
    }

    /// Whether its lines are named.
    pub const fn is_listed(&self) -> bool {
        self.shown[0].line.is_some()
    }

    /// Nothing of it stands any more.
    pub fn withdraw(&mut self, sheet: &mut Sheet) {
        for shown in &mut self.shown {
            if let Some(line) = shown.line {
                sheet.remove_line(line);
            }
            shown.back.forget();
            shown.lay.forget();
        }
    }

    /// It is another market from now on.
    pub fn relist(&mut self, terms: Terms, sheet: &mut Sheet) {
        self.withdraw(sheet);
        self.shown = Default::default();
        self.terms = terms;
    }

    /// The books that tell of its token `i`: its own, or else its partner's seen in the mirror.
    fn books<'a>(&self, i: usize, tokens: &'a [Token]) -> (Option<&'a Book>, Option<&'a Book>) {
        let book = |i: usize| tokens.get(self.tokens[i]).and_then(|token| token.book.as_ref());
        (book(i), book(1 - i))
    }

    /// Whether all of it came anew: of each token its book, or that of which it is the mirror.
    pub fn is_whole(&self, tokens: &[Token]) -> bool {
        let waits = |i: usize| self.books(i, tokens).0.is_some() && !self.fresh[i];
        self.fresh.contains(&true) && !waits(0) && !waits(1)
    }

    /// Says all of it, as what replaces everything that stood.
    pub fn snapshot(&mut self, tokens: &[Token], sheet: &mut Sheet) {
        self.fresh = [false; 2];
        self.gap = false;
        sheet.snapshot_begin(self.scope);
        self.show(0, tokens, true, sheet);
        self.show(1, tokens, true, sheet);
        sheet.snapshot_end(self.scope);
    }

    /// The best prices of its token `i`; `None` where no book tells them.
    pub fn best(&self, i: usize, tokens: &[Token]) -> Option<Best> {
        match self.books(i, tokens) {
            (Some(own), _) => Some(own.best()),
            (None, Some(partner)) => {
                let (bid, ask) = partner.best();
                Some((ask.and_then(mirror), bid.and_then(mirror)))
            }
            (None, None) => None,
        }
    }

    /// Says what changed of its token `i`, or with `restate` everything.
    pub fn show(&mut self, i: usize, tokens: &[Token], restate: bool, sheet: &mut Sheet) {
        let books = self.books(i, tokens);
        let Shown { line: Some(line), back, lay } = &mut self.shown[i] else { return };
        if self.over {
            return;
        }
        let status = if self.accepting { Status::Open } else { Status::Suspended };
        let selection = self.terms.roles[i].selection;
        let mut say = |depth: &mut Depth, side, levels: &mut dyn Iterator<Item = _>| {
            let (at, format) = ((*line, selection, side), PriceFormat::Probability);
            if restate {
                depth.restate(sheet, at, format, status, levels);
            } else {
                depth.show(sheet, at, format, status, levels);
            }
        };
        // Asks are what one can buy at, bids what one can sell at.
        match books {
            (Some(own), _) => {
                say(back, Side::Back, &mut own.asks.levels());
                say(lay, Side::Lay, &mut own.bids.levels());
            }
            (None, Some(partner)) => {
                say(back, Side::Back, &mut mirrored(&partner.bids));
                say(lay, Side::Lay, &mut mirrored(&partner.asks));
            }
            (None, None) => {}
        }
    }
}
