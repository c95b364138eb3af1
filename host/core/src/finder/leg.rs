//! A quote as the finder keeps it, and whether it can be bet on.

use super::facts::Offer;
use super::price::{ONE, inverse};
use super::reason::Reason;
use crate::odds::Price;
use antigravity_abi::{Decimal, Market, PriceFormat, Selection, Side, Status};

/// No family, or no line.
pub(super) const NONE: u32 = u32::MAX;

/// One cache line a quote: a change of its price reads nothing else that is not small and hot.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Leg {
    pub price: Option<Price>,
    /// Digits and scale of what is there; the scale is [`UNTOLD`] where nothing is told.
    available: i64,
    available_scale: u8,
    pub seq: u64,
    pub line: u32,
    pub family: u32,
    pub worker: u16,
    pub market: Market,
    pub selection: Selection,
    pub side: Side,
    status: Status,
    /// Why it cannot be bet on as it stands.
    pub refusal: Option<Reason>,
    /// Why it could not be whatever is offered: its line or its limits.
    pub unfit: Option<Reason>,
    /// The provider charges by the order, so that the price alone does not tell the cost.
    pub charged: bool,
    pub mark: Mark,
}

/// What the run at hand has to do with a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Clean,
    Dirty,
    /// Its combinations were looked at in this run.
    Done,
}

const UNTOLD: u8 = u8::MAX;

impl Leg {
    pub const UNDEFINED: Self = Self {
        price: None,
        available: 0,
        available_scale: UNTOLD,
        seq: 0,
        line: NONE,
        family: NONE,
        worker: 0,
        market: Market::Other,
        selection: Selection::Home,
        side: Side::Back,
        status: Status::Removed,
        refusal: Some(Reason::Removed),
        unfit: None,
        charged: false,
        mark: Mark::Clean,
    };

    /// A quote of a line that nothing was offered of yet.
    pub fn new(line: u32, worker: u16, market: Market, selection: Selection, side: Side) -> Self {
        Self { line, worker, market, selection, side, ..Self::UNDEFINED }
    }

    pub fn available(&self) -> Option<Decimal> {
        Decimal::new(self.available, self.available_scale)
    }

    pub fn take(&mut self, offer: &Offer) {
        self.status = offer.status;
        self.price = offer.price;
        (self.available, self.available_scale) =
            offer.available.map_or((0, UNTOLD), |size| (size.mantissa(), size.scale()));
        self.seq = offer.seq;
    }

    /// Judges it as it stands; `sizes` tells whether its worker says sizes in this kind of market.
    pub fn judge(&mut self, sizes: bool) {
        self.refusal = self.judged(sizes);
    }

    fn judged(&self, sizes: bool) -> Option<Reason> {
        match self.status {
            Status::Removed => return Some(Reason::Removed),
            Status::Suspended => return Some(Reason::Suspended),
            Status::Open => {}
        }
        if self.unfit.is_some() {
            return self.unfit;
        }
        let Some(price) = self.price else { return Some(Reason::NoPrice) };
        let told = self.available_scale != UNTOLD;
        // A bookmaker that tells no size takes what its limit allows; an exchange that tells none has none.
        let needed = sizes || self.side == Side::Lay || price.format() == PriceFormat::Probability;
        match self.available {
            _ if !told => needed.then_some(Reason::NoSize),
            0 => Some(Reason::NoSize),
            size => (size < 0).then_some(Reason::NegativeLimit),
        }
    }

    /// Its inverse odds where it can be bet on, before charges.
    pub fn inverse(&self) -> u32 {
        match (self.refusal, self.price) {
            (None, Some(price)) => inverse(price, self.side),
            _ => ONE,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn one_cache_line() {
        assert_eq!(std::mem::size_of::<super::Leg>(), 64);
    }
}
