//! Versions of adapters, compared by their numbers.

/// `MAJOR.MINOR.PATCH`, each of at most nine digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version([u32; 3]);

impl Version {
    /// `None`: another form, which no contract has.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let mut number = || {
            let part = parts.next()?;
            let digits = (1..=9).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse().ok())?
        };
        let numbers = [number()?, number()?, number()?];
        parts.next().is_none().then_some(Self(numbers))
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn numbers_decide_not_digits() {
        let read = |text| Version::read(text).unwrap();
        assert!(read("0.10.0") > read("0.9.9") && read("1.0.0") > read("0.999999999.0"));
        assert_eq!(read("01.2.3"), read("1.2.3"));
        for text in
            ["", "1", "1.2", "1.2.3.4", "1.2.x", "1.2.-3", "1.2.+3", "1.2.3-rc1", "1..3", "1.2.1234567890"]
        {
            assert_eq!(Version::read(text), None, "{text}");
        }
    }
}
