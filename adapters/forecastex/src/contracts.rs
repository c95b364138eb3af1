//! Contracts and what is shown of them.

use antigravity_sdk::{
    Decimal, EventInfo, EventPlace, Line, LineSpec, Market, Period, PriceFormat, Selection, Sheet, Side,
    Status,
};
use rustc_hash::FxHashMap;

/// What contracts are bought with.
pub const CURRENCY: &str = "USD";
/// All contracts are told of in one file.
const SCOPE: u64 = 0;

/// The contracts of one day.
#[derive(Debug, Default)]
pub struct Contracts {
    known: FxHashMap<Box<str>, Contract>,
}

#[derive(Debug, Default)]
struct Contract {
    place: EventPlace,
    line: Option<Line>,
    /// Time of the last pair that was read since the file of prices, in nanoseconds since 1970.
    last: Option<i64>,
}

impl Contracts {
    /// A file of prices begins: it names every contract that there is. What is kept of the contracts
    /// before it is taken over where it names them again.
    pub fn begin(&mut self, sheet: &mut Sheet) -> Self {
        sheet.snapshot_begin(SCOPE);
        std::mem::take(self)
    }

    pub fn end(&self, sheet: &mut Sheet) {
        sheet.snapshot_end(SCOPE);
    }

    /// The price of one side in the file of prices.
    pub fn price(
        &mut self,
        before: &mut Self,
        id: &str,
        selection: Selection,
        price: Option<Decimal>,
        sheet: &mut Sheet,
    ) {
        if !self.known.contains_key(id) {
            let mut contract = before.known.remove(id).unwrap_or_default();
            contract.last = None;
            self.known.insert(id.into(), contract);
        }
        if let Some(contract) = self.known.get_mut(id) {
            show(contract.line(id, sheet), selection, price, sheet);
        }
    }

    /// The prices of a contract's last pair; nothing where a later one was read before.
    pub fn pair(&mut self, id: &str, at: i64, yes: Decimal, no: Decimal, sheet: &mut Sheet) {
        let contract = self.known.entry(id.into()).or_default();
        if contract.last.is_some_and(|last| last > at) {
            return;
        }
        contract.last = Some(at);
        let line = contract.line(id, sheet);
        show(line, Selection::Yes, Some(yes), sheet);
        show(line, Selection::No, Some(no), sheet);
    }
}

impl Contract {
    fn line(&mut self, id: &str, sheet: &mut Sheet) -> Line {
        let event = self.place.show(sheet, &EventInfo { id, ..EventInfo::default() });
        *self.line.get_or_insert_with(|| {
            let mut spec = LineSpec::new(id, Market::Binary, Period::MATCH).scope(SCOPE);
            spec.currency = Some(CURRENCY);
            sheet.define_line(event, &spec)
        })
    }
}

/// A price at which something was matched is no offer: it is shown, and nobody can bet at it.
fn show(line: Line, selection: Selection, price: Option<Decimal>, sheet: &mut Sheet) {
    let price = price.map(|price| (PriceFormat::Probability, price));
    sheet.quote(line, selection, Side::Back, 1, Status::Suspended, price, None);
}
