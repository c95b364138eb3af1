//! The checker of certificates: recomputes everything with arithmetic of its own.
//!
//! It shares no arithmetic with the engine: unbounded fractions, results by brute force over final
//! scores, fees from the same data by its own reading. Whether stakes are the best ones is not checked;
//! that they give what is stated is.

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
mod together;

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
/// Fields that are not known are ignored, known ones may not be there twice.
///
/// # Errors
/// [`Refused`], naming the first field that is wrong: version, what legs have in common, rates of exchange,
/// each leg and its fee, outcomes, states, worst state, guaranteed profit, then the fields of the line.
pub fn verify(document: &[u8], schedules: &[&[u8]]) -> Result<Report, Refused> {
    let book = fees::Book::read(schedules)?;
    match read::document(document)? {
        read::Document::Certificate(certificate) => check(&certificate, &book).map(|(report, _)| report),
        read::Document::Line(line) => {
            let certificate = read::certificate(line.certificate.get().as_bytes())?;
            let (report, checked) = check(&certificate, &book)?;
            opportunity::check(&line, &certificate, &checked)?;
            Ok(report)
        }
    }
}

fn check(certificate: &read::Certificate, book: &fees::Book) -> Result<(Report, profit::Checked), Refused> {
    if certificate.version != 1 {
        return Err(wrong("version", certificate.version, 1));
    }
    if certificate.legs.len() < 2 || certificate.legs.len() > MOST_LEGS {
        return Err(wrong("legs", certificate.legs.len(), "2 to 64"));
    }
    together::check(certificate)?;
    currency::check(certificate)?;
    let mut checked = Vec::with_capacity(certificate.legs.len());
    for (at, leg) in certificate.legs.iter().enumerate() {
        checked.push(legs::check(certificate, at, leg, book)?);
    }
    let results = outcomes::results(certificate, &checked)?;
    let checked = profit::check(certificate, checked, &results)?;
    let report = Report {
        guaranteed_profit: number::print(&checked.guaranteed),
        currency: certificate.currency.clone(),
        legs: certificate.legs.len(),
        states: certificate.states.len(),
    };
    Ok((report, checked))
}

fn wrong(field: impl Into<String>, said: impl ToString, is: impl ToString) -> Refused {
    Refused::Wrong { field: field.into(), said: said.to_string(), is: is.to_string() }
}
