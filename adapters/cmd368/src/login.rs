//! `GetSportItems`: `{"D":{"Au":1,…}}`. `Au` 0 means that nobody is logged in any more.

use antigravity_sdk::prelude::*;

const DATA: Key = Key::new("D");
const AUTHORISED: Key = Key::new("Au");

/// # Errors
/// Where the page is logged out.
pub fn read(body: Value<'_>) -> Result<Outcome, Rejection> {
    let authorised = body.get(DATA).and_then(|data| data.get(AUTHORISED));
    match authorised.and_then(Value::i64) {
        Some(0) => Err(reject(Reason::LoggedOut, "Au is 0")),
        _ => Ok(Outcome::Ignored(Reason::Noise)),
    }
}
