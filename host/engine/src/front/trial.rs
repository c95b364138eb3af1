//! What a version that is tried makes of a packet: routed by its own contract, apart from the others.

use super::Front;
use crate::chunk::{AccountIndex, Beside};
use crate::secrets::Secrets;
use antigravity_capture::SecretPath;
use antigravity_core::{Fate, Packet};
use antigravity_routing::{DecodedBody, Route, Router};
use antigravity_runtime::Prepared;
use std::sync::Arc;

/// A version that reads along: the one that is tried or, when that took over, the one before.
pub(super) struct Trial {
    pub number: u64,
    pub provider: String,
    /// For its contract alone.
    pub router: Router,
    pub secrets: Secrets,
}

impl Trial {
    /// Secrets that its contract declares of a packet.
    pub fn secrets(&mut self, packet: &Packet) -> Vec<SecretPath> {
        self.secrets.of(self.router.places(packet))
    }
}

impl Front {
    /// What each version that is tried is to make of a packet.
    pub(super) fn beside(
        &mut self,
        (source, account, connection): (usize, AccountIndex, u32),
        packet: &Arc<Packet>,
        body: DecodedBody<'_>,
        route: &Route,
    ) -> Vec<Beside> {
        let mut list = Vec::new();
        for trial in &mut self.trials {
            let Some(contract) = self.router.contracts().find(&trial.provider) else { continue };
            let Some(&worker) = self.workers.get(&(account, contract)) else { continue };
            let before = |place: usize| place < contract && self.workers.contains_key(&(account, place));
            let ahead = match route {
                Route::Candidates(all) => all.list.iter().filter(|c| before(c.place.contract)).count(),
                Route::Decided(_) => 0,
            };
            trial.router.from_source(source);
            let (prepared, new_session, refused) = match trial.router.route(packet, body, &mut self.scratch) {
                Route::Decided(it) => (None, it.new_session, it.fate == Fate::Rejected),
                Route::Candidates(all) => {
                    let Some(first) = all.list.first() else { continue };
                    let prepared = Prepared {
                        packet: packet.clone(),
                        connection,
                        endpoint: first.place.endpoint as u32,
                        tape: first.tape.map_or(0..0, |tape| self.scratch.keep(tape)),
                    };
                    (Some(prepared), first.new_session, false)
                }
            };
            if prepared.is_some() || new_session || refused {
                list.push(Beside { worker, new_session, prepared, refused, ahead });
            }
        }
        list
    }
}
