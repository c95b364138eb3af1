//! The closed lists of the ABI: one number for each name that a quote line may hold.

/// Declares an enum whose variants have a fixed number on the wire and a fixed name in output.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal, $text:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $name { $($(#[$vmeta])* $variant = $code,)+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// `None` where no variant has this number.
            #[inline]
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            #[inline]
            pub const fn code(self) -> u8 { self as u8 }

            /// The name as it stands in quote lines.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.name()) }
        }
    };
}

codes! {
    /// What became of a packet, as an adapter says it.
    Fate {
        Parsed = 0, "parsed";
        Ignored = 1, "ignored";
        NotMine = 2, "not-mine";
        Rejected = 3, "rejected";
    }
}

codes! {
    /// Why a packet is ignored or rejected, as an adapter says it.
    Reason {
        /// Of a packet that is neither.
        None = 0, "";
        Noise = 1, "noise";
        Duplicate = 2, "duplicate";
        StaleCursor = 3, "stale-cursor";
        OtherSession = 4, "other-session";
        Opaque = 5, "opaque";
        LoggedOut = 6, "logged-out";
        WrongFormat = 7, "wrong-format";
        MissingField = 8, "missing-field";
        BadValue = 9, "bad-value";
        UnknownField = 10, "unknown-field";
        Inconsistent = 11, "inconsistent";
    }
}

codes! {
    /// The kind of a market.
    Market {
        MatchResult = 1, "match-result";
        Moneyline = 2, "moneyline";
        AsianHandicap = 3, "asian-handicap";
        Total = 4, "total";
        OddEven = 5, "odd-even";
        DoubleChance = 6, "double-chance";
        DrawNoBet = 7, "draw-no-bet";
        Winner = 8, "winner";
        Place = 9, "place";
        Binary = 10, "binary";
        /// Kept and shown as `other:<name>`, never paired.
        Other = 15, "other";
    }
}

impl Market {
    /// The selections a market of this kind can have. `Other` may have any.
    pub const fn selections(self) -> &'static [Selection] {
        use Selection as S;
        match self {
            Self::MatchResult => &[S::Home, S::Draw, S::Away],
            Self::Moneyline | Self::AsianHandicap | Self::DrawNoBet => &[S::Home, S::Away],
            Self::Total => &[S::Over, S::Under],
            Self::OddEven => &[S::Odd, S::Even],
            Self::DoubleChance => &[S::HomeDraw, S::HomeAway, S::DrawAway],
            Self::Winner | Self::Place => &[S::Runner],
            Self::Binary => &[S::Yes, S::No],
            Self::Other => Selection::ALL,
        }
    }

    /// [`Self::selections`] as bits, by their codes.
    pub const fn selection_bits(self) -> u16 {
        let selections = self.selections();
        let (mut bits, mut i) = (0, 0);
        while i < selections.len() {
            bits |= 1 << selections[i].code();
            i += 1;
        }
        bits
    }

    /// Whether the market is nothing without a line.
    pub const fn needs_line(self) -> bool {
        matches!(self, Self::AsianHandicap | Self::Total)
    }
}

codes! {
    /// The kind of a period; quarters, sets and maps also have a number.
    PeriodKind {
        FullTime = 1, "full-time";
        Match = 2, "match";
        FirstHalf = 3, "first-half";
        SecondHalf = 4, "second-half";
        Quarter = 5, "quarter";
        Set = 6, "set";
        Map = 7, "map";
    }
}

/// The part of an event that a market settles on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    kind: PeriodKind,
    number: u8,
}

impl Period {
    pub const FULL_TIME: Self = Self { kind: PeriodKind::FullTime, number: 0 };
    /// Extra time included.
    pub const MATCH: Self = Self { kind: PeriodKind::Match, number: 0 };
    pub const FIRST_HALF: Self = Self { kind: PeriodKind::FirstHalf, number: 0 };
    pub const SECOND_HALF: Self = Self { kind: PeriodKind::SecondHalf, number: 0 };

    /// `None` where a quarter, set or map has no number, or another kind has one.
    pub const fn new(kind: PeriodKind, number: u8) -> Option<Self> {
        let numbered = matches!(kind, PeriodKind::Quarter | PeriodKind::Set | PeriodKind::Map);
        if numbered == (number > 0) { Some(Self { kind, number }) } else { None }
    }

    pub const fn kind(self) -> PeriodKind {
        self.kind
    }

    pub const fn number(self) -> u8 {
        self.number
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind.name())?;
        if self.number > 0 { write!(f, "-{}", self.number) } else { Ok(()) }
    }
}

codes! {
    /// One outcome of a market.
    Selection {
        Home = 1, "home";
        Draw = 2, "draw";
        Away = 3, "away";
        Over = 4, "over";
        Under = 5, "under";
        Odd = 6, "odd";
        Even = 7, "even";
        HomeDraw = 8, "home-draw";
        HomeAway = 9, "home-away";
        DrawAway = 10, "draw-away";
        Runner = 11, "runner";
        Yes = 12, "yes";
        No = 13, "no";
    }
}

codes! {
    /// `back`: a price at which one can bet on the selection; `lay`: against it.
    Side {
        Back = 0, "back";
        Lay = 1, "lay";
    }
}

codes! {
    Status {
        Open = 1, "open";
        Suspended = 2, "suspended";
        Removed = 3, "removed";
    }
}

codes! {
    /// The format a price is shown in.
    PriceFormat {
        Decimal = 1, "decimal";
        Malay = 2, "malay";
        HongKong = 3, "hong-kong";
        Indonesian = 4, "indonesian";
        American = 5, "american";
        Probability = 6, "probability";
    }
}

impl PriceFormat {
    /// Whether a price of this format can have this value. Zero is a price in no format.
    ///
    /// Ranges: decimal above 1; Malay up to 1 either way; Hong Kong above 0; Indonesian 1 or more
    /// either way; American 100 or more either way; probability between 0 and 1.
    #[inline]
    pub const fn contains(self, value: crate::Decimal) -> bool {
        let (mantissa, scale) = (value.mantissa(), value.scale() as usize);
        // A scale is at most 18.
        let one = ONES[if scale < ONES.len() { scale } else { 0 }];
        match self {
            Self::Decimal => mantissa > one,
            Self::HongKong => mantissa > 0,
            Self::Malay => mantissa != 0 && mantissa.abs() <= one,
            Self::Indonesian => mantissa.abs() >= one,
            // A mantissa has at most 18 digits: with more than 16 of them after the point it is
            // below 100.
            Self::American => scale <= 16 && mantissa.abs() >= 100 * one,
            Self::Probability => mantissa > 0 && mantissa < one,
        }
    }
}

/// The mantissa of 1 at each scale. Wider arithmetic would be a call for each price in WebAssembly.
const ONES: [i64; crate::Decimal::MAX_SCALE as usize + 1] = {
    let mut ones = [1; crate::Decimal::MAX_SCALE as usize + 1];
    let mut scale = 1;
    while scale < ones.len() {
        ones[scale] = ones[scale - 1] * 10;
        scale += 1;
    }
    ones
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_formats() {
        let ok = |f: PriceFormat, t: &str| f.contains(t.parse().unwrap());
        assert!(
            ok(PriceFormat::Malay, "-1") && ok(PriceFormat::Malay, "1.00") && !ok(PriceFormat::Malay, "1.01")
        );
        assert!(ok(PriceFormat::Indonesian, "-1.33") && !ok(PriceFormat::Indonesian, "0.99"));
        assert!(ok(PriceFormat::American, "-100") && !ok(PriceFormat::American, "99"));
        assert!(
            ok(PriceFormat::American, "100.0000000000000")
                && !ok(PriceFormat::American, "0.99999999999999999")
        );
        assert!(ok(PriceFormat::Probability, "0.999999999999999999"));
        assert!(ok(PriceFormat::Decimal, "1.01") && !ok(PriceFormat::Decimal, "1.00"));
        assert!(ok(PriceFormat::Probability, "0.001") && !ok(PriceFormat::Probability, "1"));
        for format in PriceFormat::ALL {
            assert!(!ok(*format, "0"), "{format}");
        }
    }

    #[test]
    fn codes_and_names_round_trip() {
        for market in Market::ALL {
            assert_eq!(Market::from_code(market.code()), Some(*market));
            assert_eq!(Market::from_name(market.name()), Some(*market));
        }
        assert_eq!(Selection::from_code(0), None);
        assert_eq!(Period::new(PeriodKind::Set, 0), None);
        assert_eq!(Period::new(PeriodKind::Set, 2).unwrap().to_string(), "set-2");
    }

    /// The list of codes in LAYOUT.md whose table begins with this word.
    fn published(list: &str) -> Vec<(u8, &'static str)> {
        let layout = include_str!("../../0.1/LAYOUT.md");
        let start = layout.find(&format!("\n| {list} | |")).unwrap();
        let rows = layout[start + 1..].lines().skip(2).take_while(|line| line.starts_with('|'));
        rows.map(|row| {
            let mut cells = row.split('|').map(str::trim).skip(1);
            (cells.next().unwrap().parse().unwrap(), cells.next().unwrap().trim_matches('`'))
        })
        .collect()
    }

    #[test]
    fn codes_are_the_published_ones() {
        macro_rules! same {
            ($($list:literal: $codes:ty),+) => {$(
                let here: Vec<_> = <$codes>::ALL.iter().map(|code| (code.code(), code.name())).collect();
                assert_eq!(here, published($list));
            )+};
        }
        same!("market": Market, "period": PeriodKind, "selection": Selection, "side": Side, "status": Status, "format": PriceFormat);
    }

    #[test]
    fn selections_are_the_published_ones() {
        let layout = include_str!("../../0.1/LAYOUT.md");
        for market in Market::ALL.iter().filter(|market| **market != Market::Other) {
            let names: Vec<_> = market.selections().iter().map(|selection| selection.name()).collect();
            let row = format!("| {} | `{market}` | {} |", market.code(), names.join(", "));
            assert!(layout.contains(&row), "LAYOUT.md has no `{row}`");
        }
    }
}
