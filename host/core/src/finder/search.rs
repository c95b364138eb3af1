//! What pays together with one quote: a look at its family, and at nothing else.

use super::arena::Entry;
use super::price::ONE;
use super::shape::{
    AWAY_WIN, DRAW, DRAW_OR_AWAY, HOME_OR_DRAW, HOME_WIN, Minima, NO_CLASS, NOT_DRAW, double_chance_cost,
    draw_cost, is_away, is_home, pair_cost, three_may_pay,
};
use std::cmp::Reverse;

/// Combinations whose prices pay, in the order they are to be looked at. Kept from call to call.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    /// Of all, one after the other, each in ascending order.
    quotes: Vec<u32>,
    list: Vec<Candidate>,
    /// Entries of the classes that the quote at hand is completed by.
    sides: [Vec<Entry>; 2],
}

/// Where a combination stands in the list of quotes, and what it costs for a payout of 1.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    cost: u32,
    start: u32,
    len: u32,
}

/// What a look at a family showed of one quote.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// There are quotes of somebody else.
    pub others: bool,
    /// An outcome has no price: of home and away that pay without it the draw, or a runner.
    pub outcome_missing: bool,
    /// Combinations that pay and were not kept.
    pub left_out: u64,
}

/// Most combinations of one quote that are sized: a line of 16 books against as many others.
const MOST: usize = 256;
/// Most pairs of partners of one quote that are priced.
const MOST_PAIRS: usize = 1 << 16;

impl Candidates {
    pub fn clear(&mut self) {
        self.quotes.clear();
        self.list.clear();
    }

    pub const fn len(&self) -> usize {
        self.list.len()
    }

    pub fn get(&self, place: usize) -> &[u32] {
        let Some(found) = self.list.get(place) else { return &[] };
        self.quotes.get(found.start as usize..(found.start + found.len) as usize).unwrap_or(&[])
    }

    pub fn contains(&self, quotes: &[u32]) -> bool {
        (0..self.len()).any(|place| self.get(place) == quotes)
    }

    pub fn push(&mut self, cost: u32, quotes: &[u32]) {
        let start = self.quotes.len();
        self.quotes.extend_from_slice(quotes);
        if let Some(new) = self.quotes.get_mut(start..) {
            new.sort_unstable();
        }
        self.list.push(Candidate { cost, start: start as u32, len: quotes.len() as u32 });
    }

    /// Finds what pays together with `own`.
    pub fn find(&mut self, entries: &[Entry], own: &Entry, by_provider: bool) -> Seen {
        let mut seen = Seen::default();
        let mut cheapest: Minima = [ONE; 16];
        let (limit, partner) = (ONE - own.inverse, own.shape.mirrored());
        for entry in entries {
            let differs =
                if by_provider { entry.provider != own.provider } else { entry.account != own.account };
            seen.others |= differs;
            let least = &mut cheapest[usize::from(entry.class & 15)];
            *least = (*least).min(entry.inverse);
            if entry.inverse < limit
                && entry.shape == partner
                && let Some(cost) = pair_cost((own.place(), own.inverse), (entry.place(), entry.inverse))
            {
                self.push(cost, &[own.quote, entry.quote]);
            }
        }
        if own.class == NO_CLASS || own.inverse >= ONE {
            return seen;
        }
        cheapest[usize::from(own.class)] = own.inverse;
        if three_may_pay(&cheapest, Some(own.class)) {
            seen.left_out += self.triples(entries, own);
        }
        let other_side = match own.class {
            HOME_WIN => cheapest[usize::from(AWAY_WIN)],
            AWAY_WIN => cheapest[usize::from(HOME_WIN)],
            _ => ONE,
        };
        seen.outcome_missing =
            self.list.is_empty() && cheapest[usize::from(DRAW)] >= ONE && other_side < limit;
        seen
    }

    /// Three bets, one of them `own`; tells how many pairs of partners were left out.
    fn triples(&mut self, entries: &[Entry], own: &Entry) -> u64 {
        let mut left_out = 0;
        if matches!(own.class, NOT_DRAW | HOME_OR_DRAW | DRAW_OR_AWAY) {
            let classes = [NOT_DRAW, HOME_OR_DRAW, DRAW_OR_AWAY];
            let mut others = classes.into_iter().filter(|class| *class != own.class);
            let (one, two) = (others.next().unwrap_or(NO_CLASS), others.next().unwrap_or(NO_CLASS));
            left_out += self.product(entries, own, &|class| class == one, &|class| class == two, &|a, b| {
                double_chance_cost(own.inverse, a.inverse, b.inverse)
            });
        }
        let priced = |home: &Entry, draw: &Entry, away: &Entry| {
            draw_cost((home.class, home.inverse), draw.inverse, (away.class, away.inverse))
        };
        let draws: &dyn Fn(u8) -> bool = &|class| class == DRAW;
        left_out
            + match own.class {
                home if is_home(home) => {
                    self.product(entries, own, draws, &is_away, &|draw, away| priced(own, draw, away))
                }
                away if is_away(away) => {
                    self.product(entries, own, &is_home, draws, &|home, draw| priced(home, draw, own))
                }
                DRAW => self.product(entries, own, &is_home, &is_away, &|home, away| priced(home, own, away)),
                _ => 0,
            }
    }

    /// All pairs of one entry of each kind that pay with `own`, the prices that are easiest to believe
    /// first.
    fn product(
        &mut self,
        entries: &[Entry],
        own: &Entry,
        first: &dyn Fn(u8) -> bool,
        second: &dyn Fn(u8) -> bool,
        cost: &dyn Fn(&Entry, &Entry) -> Option<u32>,
    ) -> u64 {
        let mut sides = std::mem::take(&mut self.sides);
        for (side, class) in sides.iter_mut().zip([first, second]) {
            side.clear();
            side.extend(entries.iter().filter(|entry| class(entry.class) && entry.inverse < ONE));
            side.sort_unstable_by_key(|entry| (Reverse(entry.inverse), entry.quote));
        }
        let pairs = sides[0].iter().flat_map(|one| sides[1].iter().map(move |two| (one, two)));
        for (one, two) in pairs.take(MOST_PAIRS) {
            if let Some(cost) = cost(one, two) {
                self.push(cost, &[own.quote, one.quote, two.quote]);
            }
        }
        let left_out = (sides[0].len() * sides[1].len()).saturating_sub(MOST_PAIRS);
        self.sides = sides;
        left_out as u64
    }

    /// Puts those first whose return can be believed, the cheapest of them before others, then the rest, the
    /// dearest of it first; keeps the first [`MOST`] and tells how many are left out. `least` is what a
    /// combination of the highest return that is believed costs.
    pub fn order(&mut self, least: u32) -> u64 {
        let Self { quotes, list, .. } = self;
        let of = |found: &Candidate| &quotes[found.start as usize..(found.start + found.len) as usize];
        list.sort_unstable_by(|a, b| {
            let rank = |found: &Candidate| match found.cost {
                cost if cost >= least => (false, cost),
                cost => (true, ONE - cost),
            };
            rank(a).cmp(&rank(b)).then_with(|| of(a).cmp(of(b)))
        });
        let left_out = list.len().saturating_sub(MOST);
        list.truncate(MOST);
        left_out as u64
    }
}

/// How many quotes of a family can be bet on, where nothing pays and nothing else is to be said of any of
/// them: quicker than a look for each. Not for families of runners.
pub(super) fn nothing_pays(entries: &[Entry], by_provider: bool, lines: &mut Vec<LineMinima>) -> Option<u64> {
    let first = entries.first()?;
    let mut cheapest: Minima = [ONE; 16];
    lines.clear();
    let (mut last, mut usable, mut others) = (0, 0, false);
    for entry in entries {
        let least = &mut cheapest[usize::from(entry.class & 15)];
        *least = (*least).min(entry.inverse);
        usable += u64::from(entry.inverse < ONE);
        others |= if by_provider { entry.provider != first.provider } else { entry.account != first.account };
        LineMinima::note(lines, &mut last, entry);
    }
    let at = |class: u8| cheapest[usize::from(class)];
    let draw_missing = at(DRAW) >= ONE && at(AWAY_WIN) < ONE - at(HOME_WIN);
    let pays = draw_missing || three_may_pay(&cheapest, None) || LineMinima::pay(lines);
    (others && !pays).then_some(usable)
}

pub(super) use lines::LineMinima;

mod lines {
    use super::{Entry, ONE, pair_cost};
    use crate::finder::shape::{Place, Shape};

    /// The cheapest of a shape and of its mirrored one at a line.
    #[derive(Clone, Copy, Debug)]
    pub(in crate::finder) struct LineMinima {
        place: Place,
        cheapest: [u32; 2],
    }

    impl LineMinima {
        /// Most lines that are told apart; beyond them a family is looked at quote by quote.
        const MOST: usize = 32;

        #[inline]
        pub fn note(lines: &mut Vec<Self>, last: &mut usize, entry: &Entry) {
            let mirrored =
                matches!(entry.shape, Shape::Away | Shape::NotDraw | Shape::Second | Shape::NotOut);
            let shape = if mirrored { entry.shape.mirrored() } else { entry.shape };
            let place = Place { shape, line: entry.line };
            let same = |line: &Self| line.place == place;
            if !lines.get(*last).is_some_and(same) {
                *last = lines.iter().position(same).unwrap_or_else(|| {
                    lines.push(Self { place, cheapest: [ONE; 2] });
                    lines.len() - 1
                });
            }
            if let Some(line) = lines.get_mut(*last) {
                let least = &mut line.cheapest[usize::from(mirrored)];
                *least = (*least).min(entry.inverse);
            }
        }

        /// Whether the cheapest of two lines pay.
        pub fn pay(lines: &[Self]) -> bool {
            let pays = |one: &Self, other: &Self| {
                let away = Place { shape: other.place.shape.mirrored(), ..other.place };
                pair_cost((one.place, one.cheapest[0]), (away, other.cheapest[1])).is_some()
            };
            lines.len() > Self::MOST || lines.iter().any(|one| lines.iter().any(|other| pays(one, other)))
        }
    }
}
