//! Instants: nanoseconds since 1970-01-01T00:00:00Z, read and written as RFC 3339 UTC.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Nanoseconds since 1970-01-01T00:00:00Z; reaches from 1677 to 2262.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

/// A text that is not an RFC 3339 instant between 1677 and 2262.
#[derive(Debug, thiserror::Error)]
#[error("not an RFC 3339 time: {0}")]
pub struct TimeError(String);

impl Timestamp {
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    pub const fn nanos(self) -> i64 {
        self.0
    }

    pub const fn from_millis(millis: i64) -> Option<Self> {
        match millis.checked_mul(1_000_000) {
            Some(nanos) => Some(Self(nanos)),
            None => None,
        }
    }

    /// Milliseconds from `earlier` to `self`, never below 0.
    pub const fn millis_since(self, earlier: Self) -> u64 {
        let nanos = self.0.saturating_sub(earlier.0);
        if nanos <= 0 { 0 } else { (nanos / 1_000_000) as u64 }
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let instant: jiff::Timestamp = text.parse().map_err(|_| TimeError(text.to_owned()))?;
        i64::try_from(instant.as_nanosecond()).map(Self).map_err(|_| TimeError(text.to_owned()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_nanosecond(i128::from(self.0)) {
            Ok(instant) => instant.fmt(f),
            // Every i64 of nanoseconds is within jiff's years.
            Err(_) => Err(fmt::Error),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips_to_the_nanosecond() {
        let text = "2026-09-08T11:02:03.123456789Z";
        let at: Timestamp = text.parse().unwrap();
        assert_eq!(at.to_string(), text);
        assert_eq!(
            Timestamp::from_nanos(at.nanos() / 1_000_000_000 * 1_000_000_000).to_string(),
            "2026-09-08T11:02:03Z"
        );
        assert!("yesterday".parse::<Timestamp>().is_err());
        assert_eq!(
            "2026-09-08T13:02:03+02:00".parse::<Timestamp>().unwrap().to_string(),
            "2026-09-08T11:02:03Z"
        );
    }
}
