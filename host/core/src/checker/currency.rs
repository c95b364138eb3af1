//! What amounts in other currencies are worth.

use super::fees::nanos;
use super::number::{decimal, int};
use super::read::{Certificate, Fx, Leg};
use super::{Refused, wrong};
use num_rational::BigRational;
use num_traits::Signed;

/// What a unit is worth in the certificate's currency.
pub(super) struct Worth {
    /// Where it is won.
    pub gain: BigRational,
    /// Where it is lost or charged.
    pub loss: BigRational,
}

/// The oldest a rate may be, in nanoseconds: a day.
const OLDEST: i128 = 24 * 60 * 60 * 1_000_000_000;

/// Currencies have codes; each rate is one from a leg's currency, sound, and not from another day.
pub(super) fn check(certificate: &Certificate) -> Result<(), Refused> {
    is_code("currency", &certificate.currency)?;
    for (at, leg) in certificate.legs.iter().enumerate() {
        let code = leg.currency.as_deref();
        code.map_or(Ok(()), |code| is_code(&format!("legs[{at}].currency"), code))?;
    }
    let as_of = nanos("as_of", &certificate.as_of)?;
    for (at, fx) in certificate.fx.iter().enumerate() {
        let field = |name: &str| format!("fx[{at}].{name}");
        if fx.to != certificate.currency || fx.from == fx.to {
            return Err(wrong(field("to"), &fx.to, &certificate.currency));
        }
        let needed = certificate.legs.iter().any(|leg| leg.currency.as_ref() == Some(&fx.from));
        if !needed || certificate.fx[..at].iter().any(|other| other.from == fx.from) {
            return Err(wrong(field("from"), &fx.from, "no leg's currency, or there already"));
        }
        let (rate, haircut) = (number(&field("rate"), &fx.rate)?, number(&field("haircut"), &fx.haircut)?);
        if !rate.is_positive() {
            return Err(wrong(field("rate"), &fx.rate, "not above 0"));
        }
        if haircut >= int(1) {
            return Err(wrong(field("haircut"), &fx.haircut, "not from 0 to below 1"));
        }
        if !(0..=OLDEST).contains(&(as_of - nanos(&field("at"), &fx.at)?)) {
            return Err(wrong(field("at"), &fx.at, "not of the day before as_of"));
        }
    }
    Ok(())
}

fn number(field: &str, text: &str) -> Result<BigRational, Refused> {
    let value = decimal(field, text)?;
    if value.is_negative() { Err(wrong(field, text, "below 0")) } else { Ok(value) }
}

/// 1 to 8 of A to Z and 0 to 9: another case of letters is no other currency.
fn is_code(field: &str, code: &str) -> Result<(), Refused> {
    let sound = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if (1..=8).contains(&code.len()) && code.bytes().all(sound) {
        Ok(())
    } else {
        Err(wrong(field, code, "no currency"))
    }
}

/// Of a leg, after [`check`]: rate · (1 − haircut) and rate · (1 + haircut).
pub(super) fn worth(certificate: &Certificate, field: &str, leg: &Leg) -> Result<Worth, Refused> {
    let Some(currency) = leg.currency.as_ref().filter(|currency| **currency != certificate.currency) else {
        return Ok(Worth { gain: int(1), loss: int(1) });
    };
    let Some(Fx { rate, haircut, .. }) = certificate.fx.iter().find(|fx| fx.from == *currency) else {
        return Err(wrong(field, currency, format!("without a rate to {}", certificate.currency)));
    };
    let (rate, haircut) = (decimal("fx", rate)?, decimal("fx", haircut)?);
    Ok(Worth { gain: &rate * (int(1) - &haircut), loss: rate * (int(1) + haircut) })
}
