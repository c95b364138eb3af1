//! Kick-offs: civil times of a provider's zone as instants.
//!
//! Texts are read by hand and only their meaning is left to `jiff`: its own parser takes every form of
//! ISO 8601, and made two thirds of a component (185 of 290 kB).

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

/// An RFC 3339 instant as nanoseconds since 1970-01-01T00:00:00Z. Seconds may be missing, and of the
/// offset the colon and the minutes: `2026-08-07 00:00+00`.
pub fn rfc3339(text: &str) -> Option<i64> {
    let mut text = Text(text.as_bytes());
    let (civil, offset) = (text.date_time()?, text.offset()?);
    if text.0.is_empty() { nanos(civil, offset) } else { None }
}

/// Seconds since 1970 as nanoseconds.
pub const fn unix_seconds(seconds: i64) -> Option<i64> {
    seconds.checked_mul(1_000_000_000)
}

/// `2026-02-05 20:00:00` (or with a `T`, or without seconds) at a fixed offset from UTC in hours.
pub fn civil(text: &str, offset_hours: i8) -> Option<i64> {
    let mut text = Text(text.as_bytes());
    let civil = text.date_time()?;
    if text.0.is_empty() { nanos(civil, Offset::from_hours(offset_hours).ok()?) } else { None }
}

/// What is left of a text that is being read.
struct Text<'a>(&'a [u8]);

impl Text<'_> {
    /// Takes one of these bytes, where it comes next.
    fn mark(&mut self, marks: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        let found = marks.contains(first).then_some(*first)?;
        self.0 = rest;
        Some(found)
    }

    fn digit(&mut self) -> Option<i32> {
        self.mark(b"0123456789").map(|digit| i32::from(digit - b'0'))
    }

    fn two(&mut self) -> Option<i8> {
        i8::try_from(self.digit()? * 10 + self.digit()?).ok()
    }

    fn date_time(&mut self) -> Option<DateTime> {
        let year = i16::from(self.two()?) * 100 + i16::from(self.two()?);
        self.mark(b"-")?;
        let month = self.two()?;
        self.mark(b"-")?;
        let day = self.two()?;
        self.mark(b"Tt ")?;
        let hour = self.two()?;
        self.mark(b":")?;
        let minute = self.two()?;
        let (mut second, mut nanos) = (0, 0);
        if self.mark(b":").is_some() {
            second = self.two()?;
            if self.mark(b".").is_some() {
                nanos = self.fraction()?;
            }
        }
        // A leap second counts as the one before it.
        DateTime::new(year, month, day, hour, minute, if second == 60 { 59 } else { second }, nanos).ok()
    }

    /// One to nine digits after the point, as nanoseconds.
    fn fraction(&mut self) -> Option<i32> {
        let (mut nanos, mut unit) = (self.digit()? * 100_000_000, 10_000_000);
        while unit > 0
            && let Some(digit) = self.digit()
        {
            nanos += digit * unit;
            unit /= 10;
        }
        Some(nanos)
    }

    /// `Z`, `+08`, `+0800` or `+08:00`.
    fn offset(&mut self) -> Option<Offset> {
        let sign = match self.mark(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(Offset::UTC),
        };
        let hours = self.two()?;
        let colon = self.mark(b":").is_some();
        let minutes = if colon || !self.0.is_empty() { self.two()? } else { 0 };
        let seconds = i32::from(hours) * 3600 + i32::from(minutes) * 60;
        if minutes < 60 { Offset::from_seconds(sign * seconds).ok() } else { None }
    }
}

/// A day and time without a year (`month`, `day`, `hour`, `minute`), in the year that brings it
/// nearest to `near`, at a fixed offset from UTC in hours.
pub fn nearest_year(near: i64, month: i8, day: i8, hour: i8, minute: i8, offset_hours: i8) -> Option<i64> {
    let around = jiff::Timestamp::from_nanosecond(i128::from(near)).ok()?;
    let offset = Offset::from_hours(offset_hours).ok()?;
    let year = offset.to_datetime(around).year();
    let candidates = [year - 1, year, year + 1].into_iter().filter_map(|year| {
        let date = Date::new(year, month, day).ok()?;
        nanos(date.at(0, 0, 0, 0).with().hour(hour).minute(minute).build().ok()?, offset)
    });
    candidates.min_by_key(|instant| instant.abs_diff(near))
}

fn nanos(civil: DateTime, offset: Offset) -> Option<i64> {
    let instant = offset.to_timestamp(civil).ok()?;
    i64::try_from(instant.as_nanosecond()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        assert_eq!(civil("2026-02-05T20:00", 8), rfc3339("2026-02-05T12:00:00Z"));
        for no in ["soon", "", "2026-02-05", "2026-02-05 20", "2026-02-05 20:00:00 ", "2026-02-05 20:00:00Z"]
        {
            assert_eq!(civil(no, 8), None, "{no}");
        }
    }

    #[test]
    fn instants_in_every_spelling() {
        let noon = Some(1_770_292_800_000_000_000);
        for text in [
            "2026-02-05T12:00:00Z",
            "2026-02-05t12:00:00.000z",
            "2026-02-05 12:00:00+00",
            "2026-02-05 20:00+0800",
            "2026-02-05T06:30:00.0-05:30",
        ] {
            assert_eq!(rfc3339(text), noon, "{text}");
        }
        for no in
            ["2026-02-05T12:00:00", "2026-02-05T12:00:00+", "2026-02-05T12:00:00+8", "2026-02-30T12:00:00Z"]
        {
            assert_eq!(rfc3339(no), None, "{no}");
        }
    }

    /// What jiff's own parser says.
    fn jiffs(text: &str) -> Option<i64> {
        i64::try_from(text.parse::<jiff::Timestamp>().ok()?.as_nanosecond()).ok()
    }

    proptest! {
        #[test]
        fn reads_what_jiff_reads(
            text in "(1[89]|20|2[123])[0-9]{2}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9](:[0-6][0-9](\\.[0-9]{1,9})?)?(Z|z|[+-][0-2][0-9](:?[0-5][0-9])?)",
        ) {
            prop_assert_eq!(rfc3339(&text), jiffs(&text), "{}", text);
            let civil_text = &text[..text.rfind(['Z', 'z', '+']).or(text[10..].rfind('-').map(|at| at + 10)).unwrap_or(0)];
            prop_assert_eq!(civil(civil_text, 0), jiffs(&format!("{civil_text}Z")));
        }

        #[test]
        fn reads_nothing_that_jiff_does_not(text in "[0-9TZz:. +-]{0,30}") {
            if let Some(instant) = rfc3339(&text) {
                prop_assert_eq!(Some(instant), jiffs(&text));
            }
        }
    }
}
