//! Kick-offs: civil times of a provider's zone as instants.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

/// An RFC 3339 instant as nanoseconds since 1970-01-01T00:00:00Z.
pub fn rfc3339(text: &str) -> Option<i64> {
    let instant: jiff::Timestamp = text.parse().ok()?;
    i64::try_from(instant.as_nanosecond()).ok()
}

/// Seconds since 1970 as nanoseconds.
pub const fn unix_seconds(seconds: i64) -> Option<i64> {
    seconds.checked_mul(1_000_000_000)
}

/// `2026-02-05 20:00:00` (or with a `T`, or without seconds) at a fixed offset from UTC in hours.
pub fn civil(text: &str, offset_hours: i8) -> Option<i64> {
    let civil: DateTime = text.parse().ok()?;
    nanos(civil, offset_hours)
}

/// A day and time without a year (`month`, `day`, `hour`, `minute`), in the year that brings it
/// nearest to `near`, at a fixed offset from UTC in hours.
pub fn nearest_year(near: i64, month: i8, day: i8, hour: i8, minute: i8, offset_hours: i8) -> Option<i64> {
    let around = jiff::Timestamp::from_nanosecond(i128::from(near)).ok()?;
    let year = Offset::from_hours(offset_hours).ok()?.to_datetime(around).year();
    let candidates = [year - 1, year, year + 1].into_iter().filter_map(|year| {
        let date = Date::new(year, month, day).ok()?;
        nanos(date.at(0, 0, 0, 0).with().hour(hour).minute(minute).build().ok()?, offset_hours)
    });
    candidates.min_by_key(|instant| instant.abs_diff(near))
}

fn nanos(civil: DateTime, offset_hours: i8) -> Option<i64> {
    let instant = Offset::from_hours(offset_hours).ok()?.to_timestamp(civil).ok()?;
    i64::try_from(instant.as_nanosecond()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_is_the_nearest_one() {
        let at = |text| rfc3339(text).unwrap();
        let new_year = nearest_year(at("2026-12-31T20:00:00Z"), 1, 1, 2, 30, 8);
        assert_eq!(new_year, Some(at("2026-12-31T18:30:00Z")));
        let late = nearest_year(at("2027-01-02T00:00:00Z"), 12, 31, 23, 0, 8);
        assert_eq!(late, Some(at("2026-12-31T15:00:00Z")));
        assert_eq!(nearest_year(0, 2, 30, 0, 0, 8), None);
    }

    #[test]
    fn civil_times_have_an_offset() {
        assert_eq!(civil("2026-02-05 20:00:00", 8), rfc3339("2026-02-05T12:00:00Z"));
        assert_eq!(civil("soon", 8), None);
    }
}
