//! Instants as text.

use super::{Refused, unreadable};

/// Nanoseconds from 1970-01-01T00:00:00Z of an RFC 3339 time.
pub(super) fn nanos(field: &str, text: &str) -> Result<i128, Refused> {
    instant(text).ok_or_else(|| unreadable(field, text, "an RFC 3339 time"))
}

/// `2026-09-08T11:02:03Z`, with up to nine places of a second, and with `+02:00` in the place of `Z`.
fn instant(text: &str) -> Option<i128> {
    let (date, clock) = text.split_once(['T', 't'])?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let (clock, zone) = clock.split_at(clock.find(['Z', 'z', '+', '-'])?);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let [fraction] = numbers(&format!("{fraction:0<9}"), '.', [9]).filter(|_| !fraction.is_empty())?;
    let offset = match zone.split_at(1) {
        ("Z" | "z", "") => 0,
        (sign, offset) => {
            let [hours, minutes] = numbers(offset, ':', [2, 2]).filter(|[h, m]| *h < 24 && *m < 60)?;
            (hours * 60 + minutes) * if sign == "-" { -1 } else { 1 }
        }
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let months = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before = usize::try_from(month).ok()?.checked_sub(1)?;
    if !(1..=*months.get(before)?).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // Days before the year, from the year 0; 719528 of them before 1970.
    let years = year * 365 + (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
    let days = years + months[..before].iter().sum::<i128>() + day - 1 - 719_528;
    Some((((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1_000_000_000 + fraction)
}

/// Numbers of exactly so many digits each.
fn numbers<const N: usize>(text: &str, between: char, lengths: [usize; N]) -> Option<[i128; N]> {
    let parts: Vec<&str> = text.split(between).collect();
    let all_digits = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if !all_digits || !parts.iter().map(|part| part.len()).eq(lengths) {
        return None;
    }
    let numbers: Option<Vec<i128>> = parts.iter().map(|part| part.parse().ok()).collect();
    numbers?.try_into().ok()
}
