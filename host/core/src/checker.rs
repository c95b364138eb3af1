//! The checker of certificates: recomputes everything with arithmetic of its own.
//!
//! It shares no arithmetic with the engine: unbounded fractions, results by brute force over final
//! scores, fees from the same data by its own reading. Whether stakes are the best ones is not checked;
//! that they give what is stated is.
//!
//! What is checked, in this order, and where:
//!
//! 1. the fee schedules and the document can be read (`fees`, `read`; numbers and times as they come up:
//!    `number`, `time`);
//! 2. the version, and how many legs there are (here);
//! 3. the legs belong together: one sport and period, two accounts or providers, no bet twice, commission
//!    and handicaps on one footing (`together`; which words are the same: `words`);
//! 4. currencies and their rates of exchange (`currency`);
//! 5. each leg alone: a bet that exists (`bets`), its price, stake, risk and charge (`legs`, `fees`);
//! 6. what can happen, as results of all legs (`outcomes`);
//! 7. the states are these, with such names (`names`) and profits; the worst of them; that it is a profit
//!    (`profit`);
//! 8. around an opportunity's certificate, each field of its line (`opportunity`).

#![deny(clippy::float_arithmetic)]

mod bets;
mod currency;
mod fees;
mod legs;
mod names;
mod number;
mod opportunity;
mod outcomes;
mod profit;
mod read;
mod time;
mod together;
mod words;

#[cfg(test)]
mod tests;

use std::fmt;

/// What was found to be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub guaranteed_profit: String,
    pub currency: String,
    pub legs: usize,
    pub states: usize,
}

/// Why a document is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It cannot be read.
    Unreadable(String),
    /// It states something that is not so.
    Wrong {
        /// `legs[1].risk`
        field: String,
        said: String,
        is: String,
    },
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(why) => f.write_str(why),
            Self::Wrong { field, said, is } => write!(f, "{field}: says {said}, is {is}"),
        }
    }
}

impl std::error::Error for Refused {}

/// Most legs of a certificate.
const MOST_LEGS: usize = 64;

/// Checks a certificate or an opportunity line; `Ok` only where the profit that it states is true.
///
/// `schedules` are documents of fee schedules; a later one's take the place of those with the same id.
/// Fields that are not known are ignored (in a leg, where they can be read), known ones may not be there
/// twice.
///
/// # Errors
/// [`Refused`], naming the first field that is wrong: version, what legs have in common, rates of exchange,
/// each leg and its fee, outcomes, states, worst state, guaranteed profit, then the fields of the line.
pub fn verify(document: &[u8], schedules: &[&[u8]]) -> Result<Report, Refused> {
    let book = fees::Book::read(schedules)?;
    let line: Option<read::Line<'_>> = match read::json::<read::Kind>(document)?.r#type.as_deref() {
        None => None,
        Some("opportunity") => Some(read::json(document)?),
        Some(other) => return Err(unreadable("type", other, "`opportunity`, nor is this a certificate")),
    };
    let bytes = line.as_ref().map_or(document, |line| line.certificate.get().as_bytes());
    let certificate: read::Certificate = read::json(bytes)?;
    let (version, many) = (certificate.version, certificate.legs.len());
    must(version == 1, "version", version, 1)?;
    must((2..=MOST_LEGS).contains(&many), "legs", many, "2 to 64")?;
    let across = together::check(&certificate)?;
    let rates = currency::check(&certificate)?;
    let legs: Result<Vec<_>, _> = (0..many).map(|at| legs::check(&certificate, at, &book, &rates)).collect();
    let legs = legs?;
    let possible = outcomes::possible(&certificate, &legs)?;
    let guaranteed = profit::check(&certificate, &legs, possible)?;
    if let Some(line) = line {
        opportunity::check(&line, &certificate, &across, &legs, &guaranteed)?;
    }
    Ok(Report {
        guaranteed_profit: number::print(&guaranteed),
        states: certificate.states.len(),
        legs: many,
        currency: certificate.currency,
    })
}

fn must(so: bool, field: impl Into<String>, said: impl ToString, is: impl ToString) -> Result<(), Refused> {
    if so { Ok(()) } else { Err(wrong(field, said, is)) }
}

fn wrong(field: impl Into<String>, said: impl ToString, is: impl ToString) -> Refused {
    Refused::Wrong { field: field.into(), said: said.to_string(), is: is.to_string() }
}

fn unreadable(field: &str, text: &str, wanted: &str) -> Refused {
    let shown: String = text.chars().take(number::LONGEST).collect();
    Refused::Unreadable(format!("{field}: `{shown}` is not {wanted}"))
}

/// A field of a leg, as [`Refused`] names it.
fn of_leg(at: usize, name: &str) -> String {
    format!("legs[{at}].{name}")
}
