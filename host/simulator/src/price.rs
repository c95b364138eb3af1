//! Prices and lines as the books write them. Prices are whole hundredths, lines whole quarters.

/// How a book writes a number of hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    /// always two after the point: `0.80`
    Two,
    /// as JavaScript does, without trailing zeros: `0.8`, `3`
    Shortest,
    /// ten times the number, shortest: `-1.33` is `-13.3`
    ShortestTimesTen,
}

impl Digits {
    /// What stands on the wire.
    pub fn wire(self, hundredths: i32) -> String {
        match self {
            Self::Two => fixed(hundredths, 2),
            Self::Shortest => shortest(fixed(hundredths, 2)),
            Self::ShortestTimesTen => shortest(fixed(hundredths, 1)),
        }
    }

    /// The digits of the wire after the declared scale, as a quote line shows them: `10` of a book
    /// that sends ten times the price is `1.0`.
    pub fn shown(self, hundredths: i32) -> String {
        match self {
            Self::Two | Self::Shortest => self.wire(hundredths),
            Self::ShortestTimesTen if hundredths % 10 == 0 => fixed(hundredths / 10, 1),
            Self::ShortestTimesTen => fixed(hundredths, 2),
        }
    }
}

/// `value / 10^places` with all its digits.
pub fn fixed(value: i32, places: u32) -> String {
    let unit = 10_u32.pow(places);
    let digits = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{:0width$}", digits / unit, digits % unit, width = places as usize)
}

fn shortest(text: String) -> String {
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A line in goals: `-3` is `-0.75`, `-4` is `-1`, `0` is `0`.
pub fn line(quarters: i32) -> String {
    shortest(fixed(quarters * 25, 2))
}

/// Hundredths of a Malay price: never 0, never beyond ±1.00.
pub fn malay(decimal: f64) -> i32 {
    let profit = decimal - 1.0;
    if profit <= 1.0 { round(profit).max(1) } else { round(-1.0 / profit).min(-1) }
}

/// Hundredths of an Indonesian price: never within ±1.00.
pub fn indonesian(decimal: f64) -> i32 {
    let profit = decimal - 1.0;
    if profit >= 1.0 { round(profit).max(100) } else { round(-1.0 / profit).min(-100) }
}

/// Hundredths of a decimal price, in the steps such books have: 0.01 below 10, 0.1 below 20, then 1.
pub fn decimal(decimal: f64) -> i32 {
    let step = match decimal {
        d if d < 10.0 => 1.0,
        d if d < 20.0 => 10.0,
        _ => 100.0,
    };
    ((decimal * 100.0 / step).round() * step).max(101.0) as i32
}

fn round(price: f64) -> i32 {
    (price * 100.0).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_each_style() {
        assert_eq!(Digits::Two.wire(80), "0.80");
        assert_eq!(Digits::Two.wire(-5), "-0.05");
        assert_eq!(Digits::Shortest.wire(80), "0.8");
        assert_eq!(Digits::Shortest.wire(1000), "10");
        let ten = |v| (Digits::ShortestTimesTen.wire(v), Digits::ShortestTimesTen.shown(v));
        assert_eq!(ten(-133), ("-13.3".to_owned(), "-1.33".to_owned()));
        assert_eq!(ten(100), ("10".to_owned(), "1.0".to_owned()));
        assert_eq!(ten(-1020), ("-102".to_owned(), "-10.2".to_owned()));
    }

    #[test]
    fn lines_are_signed_quarters() {
        let texts: Vec<_> = [-5, -4, -3, -1, 0, 1, 2, 10].into_iter().map(line).collect();
        assert_eq!(texts, ["-1.25", "-1", "-0.75", "-0.25", "0", "0.25", "0.5", "2.5"]);
    }

    /// Formulas and values of the published conversion table: 1.9 is Malay 0.9, Indonesian −1.11;
    /// 2.5 is −0.67 and 1.5; evens are +1 in both.
    #[test]
    fn conversions() {
        assert_eq!((malay(1.9), indonesian(1.9)), (90, -111));
        assert_eq!((malay(2.5), indonesian(2.5)), (-67, 150));
        assert_eq!((malay(2.0), indonesian(2.0)), (100, 100));
        assert_eq!((decimal(3.456), decimal(12.34), decimal(26.4), decimal(1.001)), (346, 1230, 2600, 101));
    }

    #[test]
    fn prices_stay_in_their_range() {
        for step in 1..3000 {
            let odds = 1.0 + f64::from(step) / 100.0;
            assert!(malay(odds) != 0 && malay(odds).abs() <= 100, "{odds}");
            assert!(indonesian(odds).abs() >= 100, "{odds}");
        }
    }
}
