//! All events that fulls have named.

use crate::fixture::Fixture;
use crate::full;
use antigravity_sdk::prelude::*;
use rustc_hash::FxHashMap;

#[derive(Debug, Default)]
pub struct Book {
    fixtures: FxHashMap<u64, Fixture>,
    /// Number of the full that is being read, or was read last.
    round: u32,
}

/// A full answer.
#[derive(Clone, Copy, Debug)]
pub struct Full<'a> {
    pub data: Value<'a>,
    pub today: Option<Value<'a>>,
    /// Running and today's events that it does not name are gone.
    pub replaces: bool,
    /// The packet's time: it tells the year of kick-offs.
    pub at: i64,
}

/// What became of the rows of one full.
#[derive(Debug, Default)]
struct Tally {
    good: u32,
    bad: u32,
    /// An event that stood before could not be read and stays as it was.
    unread: bool,
}

impl Book {
    pub fn known(&mut self, id: u64) -> Option<&mut Fixture> {
        self.fixtures.get_mut(&id)
    }

    /// Something was missed: what stands is stale until a full names it again.
    pub fn gap(&self, sheet: &mut Sheet) {
        let mut scopes: Vec<u64> = self.fixtures.values().map(Fixture::scope).collect();
        // The order of a hash map depends on its past.
        scopes.sort_unstable();
        scopes.into_iter().for_each(|scope| sheet.gap(scope));
    }

    /// # Errors
    /// Where there are rows and none can be used: what stands is then as before.
    pub fn full(&mut self, full: &Full<'_>, sheet: &mut Sheet) -> Result<(), Rejection> {
        self.round = self.round.wrapping_add(1);
        let mut tally = Tally::default();
        for row in full.data.items() {
            self.row(row, full, full.replaces, &mut tally, sheet);
        }
        for row in full.today.into_iter().flat_map(Value::items) {
            self.row(row, full, true, &mut tally, sheet);
        }
        if tally.good == 0 && tally.bad > 0 {
            return Err(reject(Reason::BadValue, "no row of a full can be read"));
        }
        if full.replaces {
            self.remove_unnamed(sheet);
            let round = self.round;
            let from_this = |fixture: &Fixture| fixture.named == round && !fixture.is_remembered();
            if !tally.unread && self.fixtures.values().all(from_this) {
                sheet.snapshot_complete();
            }
        }
        Ok(())
    }

    /// Reads one row. `listed`: a full of running and today's events would hold it.
    fn row(&mut self, row: Value<'_>, full: &Full<'_>, listed: bool, tally: &mut Tally, sheet: &mut Sheet) {
        let id = row.at(0).and_then(Value::u64);
        let cells = row.flat().filter(|cells| cells.len() == full::POSITIONS);
        let problem = match (cells, id, full::is_live(row)) {
            (Some(cells), Some(id), Some(live)) => {
                if full.replaces && self.fixtures.is_empty() {
                    // A restarted instance knows nothing of what its predecessor showed.
                    sheet.remove_all();
                }
                let fixture = self.fixtures.entry(id).or_insert_with(|| Fixture::new(id));
                full::read(fixture, cells, live, full.at, sheet);
                fixture.named = self.round;
                fixture.listed |= listed || live;
                tally.good += 1;
                return;
            }
            _ if full::is_metadata(row) => return,
            (Some(_), None, _) => "position 0 is no event",
            (Some(_), _, None) => "position 25 is neither 0 nor 1",
            _ => "a full row has not 91 plain positions",
        };
        tally.bad += 1;
        sheet.bad_row(problem);
        if let Some(fixture) = id.and_then(|id| self.fixtures.get_mut(&id)) {
            // The row names its event all the same: what stands of it stays, stale.
            fixture.named = self.round;
            sheet.gap(fixture.scope());
            tally.unread = true;
        }
    }

    fn remove_unnamed(&mut self, sheet: &mut Sheet) {
        let gone = |fixture: &Fixture| fixture.listed && fixture.named != self.round;
        let mut ids: Vec<u64> = self.fixtures.iter().filter(|(_, f)| gone(f)).map(|(id, _)| *id).collect();
        // The order of a hash map depends on its past.
        ids.sort_unstable();
        for id in ids {
            if let Some(event) = self.fixtures.remove(&id).and_then(|fixture| fixture.event()) {
                sheet.remove_event(event);
            }
        }
    }
}
