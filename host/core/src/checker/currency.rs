//! What amounts in other currencies are worth.

use super::number::{int, unsigned};
use super::read::Certificate;
use super::time::nanos;
use super::words::is_made_of;
use super::{Refused, must, of_leg};
use num_rational::BigRational;
use num_traits::Zero;
use std::collections::BTreeMap;

/// What a unit is worth in the certificate's currency.
#[derive(Clone)]
pub(super) struct Worth {
    /// Where it is won.
    pub gain: BigRational,
    /// Where it is lost or charged.
    pub loss: BigRational,
}

/// By currency.
pub(super) type Rates<'a> = BTreeMap<&'a str, Worth>;

/// The oldest a rate may be, in nanoseconds: a day.
const OLDEST: i128 = 24 * 60 * 60 * 1_000_000_000;

/// Currencies have codes; each rate is one from a leg's currency, sound, and not from another day.
pub(super) fn check(certificate: &Certificate) -> Result<Rates<'_>, Refused> {
    let (own, legs) = (certificate.currency.as_str(), &certificate.legs);
    must(is_code(own), "currency", own, "no currency")?;
    for (at, leg) in legs.iter().enumerate() {
        let code = leg.currency.as_deref().unwrap_or(own);
        must(is_code(code), of_leg(at, "currency"), code, "no currency")?;
    }
    let as_of = nanos("as_of", &certificate.as_of)?;
    let mut rates = Rates::from([(own, Worth { gain: int(1), loss: int(1) })]);
    for (at, fx) in certificate.fx.iter().enumerate() {
        let field = |name: &str| format!("fx[{at}].{name}");
        must(fx.to == own && fx.from != own, field("to"), &fx.to, own)?;
        let needed = legs.iter().any(|leg| leg.currency.as_ref() == Some(&fx.from));
        let new = needed && !rates.contains_key(fx.from.as_str());
        must(new, field("from"), &fx.from, "no leg's currency, or there already")?;
        let (rate, haircut) =
            (unsigned(&field("rate"), &fx.rate)?, unsigned(&field("haircut"), &fx.haircut)?);
        must(!rate.is_zero(), field("rate"), &fx.rate, "not above 0")?;
        must(haircut < int(1), field("haircut"), &fx.haircut, "not from 0 to below 1")?;
        let age = as_of - nanos(&field("at"), &fx.at)?;
        must((0..=OLDEST).contains(&age), field("at"), &fx.at, "not of the day before as_of")?;
        rates.insert(&fx.from, Worth { gain: &rate * (int(1) - &haircut), loss: rate * (int(1) + haircut) });
    }
    Ok(rates)
}

/// 1 to 8 of A to Z and 0 to 9: another case of letters is no other currency.
fn is_code(code: &str) -> bool {
    is_made_of(code, 8, |c| c.is_ascii_uppercase() || c.is_ascii_digit())
}
