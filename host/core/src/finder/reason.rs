//! Why there is no opportunity, in one word each.

/// Where a quote or a combination of quotes is refused, in the order they are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Stage {
    /// Whether a changed quote can be bet on.
    Quote,
    /// Whether its event is known, and known to somebody else.
    Identity,
    /// Whether its price pays together with others.
    Price,
    /// Whether such a combination may be taken together.
    Pairing,
    /// Whether all its legs are fresh.
    Fresh,
    /// Whether stakes within all limits profit.
    Sizing,
    /// Whether it is shown.
    Report,
}

impl Stage {
    pub const ALL: [Self; 7] =
        [Self::Quote, Self::Identity, Self::Price, Self::Pairing, Self::Fresh, Self::Sizing, Self::Report];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Identity => "identity",
            Self::Price => "price",
            Self::Pairing => "pairing",
            Self::Fresh => "fresh",
            Self::Sizing => "sizing",
            Self::Report => "report",
        }
    }

    /// What the stage counts. The price test counts each combination that pays, and each quote without any.
    pub const fn counts(self) -> &'static str {
        match self {
            Self::Quote | Self::Identity => "quotes",
            _ => "combinations",
        }
    }
}

macro_rules! reasons {
    ($($(#[$meta:meta])* $variant:ident = $stage:ident, $name:literal;)+) => {
        /// Why a quote or a combination was refused, and why an opportunity ended.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Reason { $($(#[$meta])* $variant,)+ }

        impl Reason {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            pub const COUNT: usize = Self::ALL.len();

            /// The word in `closed` lines and in the funnel.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            pub const fn stage(self) -> Stage {
                match self { $(Self::$variant => Stage::$stage,)+ }
            }
        }
    };
}

reasons! {
    Suspended = Quote, "suspended";
    Removed = Quote, "removed";
    /// It is open and shows no price.
    NoPrice = Quote, "no-price";
    /// Nothing to bet there, or nobody says how much where that has to be said.
    NoSize = Quote, "no-size";
    /// A kind of market that is never paired.
    OtherMarket = Quote, "other-market";
    /// A line that is no quarter, beyond 500, missing, or on a market without one; a runner without a name.
    AbsurdLine = Quote, "absurd-line";
    /// A limit below 0, or a step that is not above 0.
    NegativeLimit = Quote, "negative-limit";
    MinAboveMax = Quote, "min-above-max";

    /// Neither teams nor a title.
    UnnamedEvent = Identity, "unnamed-event";
    /// Sport, competition, a team or the kick-off is not known, so nobody else can have it.
    UnresolvedIdentity = Identity, "unresolved-identity";
    /// Nobody else has a price in its family.
    NoCounterpart = Identity, "no-counterpart";
    /// Somebody else has it with home and away exchanged.
    UnprovenOrientation = Identity, "unproven-orientation";
    /// The event became another one.
    IdentityChanged = Identity, "identity-changed";

    /// No combination with it pays.
    NoEdge = Price, "no-edge";
    /// What pays leaves an outcome without a bet, or the list of outcomes is not proven complete.
    IncompleteOutcomes = Price, "incomplete-outcomes";
    /// More combinations of one quote pay than are looked at.
    TooManyCombinations = Price, "too-many-combinations";

    SameAccount = Pairing, "same-account";
    /// Where only several providers pair.
    SameProvider = Pairing, "same-provider";
    /// Accounts are told of different events by one identifier.
    EventsDiffer = Pairing, "events-differ";
    /// Two identifiers of one provider.
    EventTwice = Pairing, "event-twice";
    /// One says that the event runs, the other that it does not: one of them is late.
    InPlayDiffers = Pairing, "in-play-differs";
    /// Handicaps in play that do not count from the same score.
    ScoreBasis = Pairing, "score-basis";
    /// Another currency than the bankroll's, and no rate in force.
    Currency = Pairing, "currency";
    /// The bets become void under different rules.
    VoidRules = Pairing, "void-rules";
    /// The provider has fee schedules, but none for this bet.
    FeeUnknown = Pairing, "fee-unknown";

    Stale = Fresh, "stale";
    /// Something of its stream was missed.
    Gap = Fresh, "gap";

    TooManyLegs = Sizing, "too-many-legs";
    /// The states could not be proven to be all there are.
    UnprovenStates = Sizing, "unproven-states";
    /// Numbers too long to compute with exactly.
    Precision = Sizing, "precision";
    CoupledFees = Sizing, "coupled-fees";
    /// The smallest stakes allowed are above a limit.
    BelowMinimum = Sizing, "below-minimum";
    Unprofitable = Sizing, "unprofitable";
    SearchLimit = Sizing, "search-limit";

    /// A return that only a mistake of a provider gives.
    TooGood = Report, "too-good";
    /// As many opportunities as are shown are open in its family.
    FamilyFull = Report, "family-full";
    /// The market has a better combination now.
    Superseded = Report, "superseded";
}
