//! Certificates of the engine, as bytes and as lines.

use crate::Timestamp;
use crate::certificate::{Certificate, Fee, FxUsed, Leg, OpportunityLine, Outcomes, State, id, key};
use crate::exact::{Ratio, Rounding, rounded};
use crate::fees::{Charge, FeeBook};
use crate::line::Line;
use crate::odds::{Odds, Price, in_format};
use crate::settle::{Bet, Proof, Space, StateTable};
use crate::sizing::{Caps, Exchange, LegInput, Sizer};
use crate::stake::{NominalStake, Risk, Terms};
use antigravity_abi::{Decimal, Market, Period, PriceFormat, Selection as S, Side};
use proptest::prelude::*;
use proptest::sample::select;

pub(super) const NAMES: [&str; 5] = ["red", "blue", "green", "Crème \"3\"", "five"];
const AS_OF: &str = "2026-04-08T11:02:03.123456789Z";

/// What an opportunity is made of.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    pub bets: Vec<Bet>,
    pub prices: Vec<Price>,
    /// By leg: `cmd368`, `kalshi` and so on.
    pub providers: Vec<&'static str>,
    pub accounts: Vec<&'static str>,
    pub steps: Vec<&'static str>,
    pub max: Vec<Option<i32>>,
    /// Whether account A is in euros.
    pub euros: bool,
}

pub(super) struct Made {
    pub certificate: Certificate,
    pub bytes: Vec<u8>,
    pub line: Vec<u8>,
}

impl Offer {
    /// Sized and written; `None` where nothing profits.
    pub fn make(&self) -> Option<Made> {
        let as_of: Timestamp = AS_OF.parse().unwrap();
        let book = FeeBook::builtin().unwrap();
        let schedules: Vec<_> = (0..self.bets.len())
            .map(|at| book.at(self.providers[at], self.sport(), &self.market_id(at), as_of).unwrap())
            .collect();
        let rate = |haircut: &str| "1.085".parse::<Ratio>().unwrap().times(haircut.parse().unwrap());
        let euros = Exchange { gain: rate("0.995").unwrap(), loss: rate("1.005").unwrap() };
        let group = |at: usize| {
            let of = |at: usize| (self.accounts[at], self.providers[at], self.market_id(at));
            (0..=at).find(|other| of(*other) == of(at)).unwrap() as u32
        };
        let nominal = |text: &str| NominalStake::new(text.parse().unwrap()).unwrap();
        let legs: Vec<_> = (0..self.bets.len())
            .map(|at| LegInput {
                terms: Terms::of(self.prices[at], self.bets[at].side),
                price: self.prices[at],
                step: nominal(self.steps[at]),
                min: Some(nominal(self.steps[at])),
                max: self.max[at].map(|max| nominal(&max.to_string())),
                account: u32::from(self.accounts[at].as_bytes()[0]),
                group: group(at),
                charge: &schedules[at].charge,
                exchange: self.in_euros(at).then_some(euros),
            })
            .collect();
        let mut states = StateTable::default();
        states.derive(&self.bets, &self.space()).ok()?;
        let caps = Caps { bankroll: Risk::new(Ratio::int(1000)).unwrap(), per_account: &[] };
        let mut sizer = Sizer::new();
        let sizing = sizer.size(&legs, &states, &caps).ok()?;
        let states = (0..states.len())
            .map(|state| {
                let mut name = String::new();
                states.name(state, &self.space(), &mut name);
                State {
                    name: name.into(),
                    results: states.row(state).to_vec(),
                    profit: sizing.profits[state],
                }
            })
            .collect();
        let leg = |at: usize| {
            let (bet, schedule) = (self.bets[at], schedules[at].id.clone());
            Leg {
                account: self.accounts[at].into(),
                provider: self.providers[at].into(),
                event_id: format!("e{}", self.providers[at].len()).into(),
                market_id: self.market_id(at).into(),
                market: bet.market,
                period: Period::FULL_TIME,
                line: bet.line.map(|line| Decimal::new(i64::from(line.quarters()) * 25, 2).unwrap()),
                selection: bet.selection,
                runner: bet.outcome.map(|place| NAMES[usize::from(place)].into()),
                side: bet.side,
                basis: None,
                score: None,
                price: self.prices[at],
                packet_seq: 17,
                age_ms: 120,
                step: self.steps[at].parse().unwrap(),
                min: Some(self.steps[at].parse().unwrap()),
                max: self.max[at].map(Decimal::int),
                currency: self.in_euros(at).then(|| "EUR".parse().unwrap()),
                nominal: sizing.stakes[at],
                risk: sizing.risks[at],
                fee: match &schedules[at].charge {
                    Charge::NetWin { rate } => Fee::Rate { schedule, rate: *rate },
                    _ => Fee::Amount { schedule, amount: sizing.fees[at] },
                },
            }
        };
        let listed = matches!(self.bets[0].market, Market::Winner);
        let certificate = Certificate {
            as_of,
            currency: "USD".parse().unwrap(),
            event: format!("{}/premier league/a/b/2026-04-08T12:30Z", self.sport()).into(),
            legs: (0..self.bets.len()).map(leg).collect(),
            outcomes: listed.then(|| Outcomes {
                list: NAMES[..self.outcomes()].iter().map(|name| (*name).into()).collect(),
                account: "A".into(),
                packet_seq: 9,
            }),
            fx: self
                .euros
                .then(|| FxUsed {
                    from: "EUR".parse().unwrap(),
                    to: "USD".parse().unwrap(),
                    rate: "1.085".parse().unwrap(),
                    haircut: "0.005".parse().unwrap(),
                    at: as_of,
                })
                .into_iter()
                .collect(),
            states,
            worst: sizing.worst,
            guaranteed: sizing.guaranteed,
        };
        let mut bytes = Vec::new();
        certificate.write(&mut bytes);
        let mut line = Vec::new();
        let total = sizing.total_risk.ratio();
        OpportunityLine {
            key: &key(&certificate.event, &certificate.legs),
            id: &id(&bytes),
            at: as_of,
            lane: "cross-account",
            stake_total: total,
            return_on_stake: sizing.guaranteed.over(total).unwrap(),
            class: sizing.class.name(),
            certificate: &certificate,
            bytes: &bytes,
        }
        .write(&mut line);
        Some(Made { certificate, bytes, line })
    }

    fn in_euros(&self, at: usize) -> bool {
        self.euros && self.accounts[at] == "A"
    }

    const fn sport(&self) -> &'static str {
        "soccer"
    }

    fn market_id(&self, at: usize) -> String {
        format!("m{}", self.bets[at].market.code())
    }

    fn outcomes(&self) -> usize {
        self.bets.iter().filter_map(|bet| bet.outcome).max().map_or(0, |most| usize::from(most) + 1)
    }

    fn space(&self) -> Space<'static> {
        let proof = Some(Proof { account: 0, packet_seq: 9 });
        match self.bets[0].market {
            Market::Winner => Space::Exclusive { outcomes: &NAMES[..self.outcomes()], proof },
            Market::Binary => Space::Exclusive { outcomes: &["yes", "no"], proof },
            _ => Space::Score,
        }
    }
}

pub(super) fn bet(market: Market, selection: S) -> Bet {
    Bet { market, selection, side: Side::Back, line: None, outcome: None }
}

fn lined(market: Market, selection: S, quarters: i64) -> Bet {
    let line = Line::handicap(Decimal::new(quarters * 25, 2).unwrap()).unwrap();
    Bet { line: Some(line), ..bet(market, selection) }
}

fn bets() -> impl Strategy<Value = Vec<Bet>> {
    use Market::{AsianHandicap as Ah, Binary, DoubleChance, DrawNoBet, MatchResult, OddEven, Total, Winner};
    let runners =
        |count: u16| (0..count).map(|place| Bet { outcome: Some(place), ..bet(Winner, S::Runner) }).collect();
    prop_oneof![
        3 => (-6i64..6, 0i64..3).prop_map(|(a, more)| vec![lined(Ah, S::Home, a), lined(Ah, S::Away, a - more)]),
        3 => (2i64..14, 0i64..6).prop_map(|(a, more)| vec![lined(Total, S::Over, a), lined(Total, S::Under, a + more)]),
        1 => Just(vec![bet(OddEven, S::Odd), bet(OddEven, S::Even)]),
        1 => Just(vec![bet(DrawNoBet, S::Home), lined(Ah, S::Away, 0)]),
        1 => Just(vec![bet(Binary, S::Yes), bet(Binary, S::No)]),
        1 => Just(vec![bet(MatchResult, S::Home), Bet { side: Side::Lay, ..bet(MatchResult, S::Home) }]),
        2 => Just(vec![bet(MatchResult, S::Home), bet(MatchResult, S::Draw), bet(MatchResult, S::Away)]),
        3 => (-3i64..1, -3i64..1).prop_map(|(a, b)| vec![
            lined(Ah, S::Home, a),
            bet(MatchResult, S::Draw),
            lined(Ah, S::Away, -b)
        ]),
        1 => Just(vec![bet(DoubleChance, S::HomeDraw), bet(DoubleChance, S::HomeAway), bet(DoubleChance, S::DrawAway)]),
        1 => Just(runners(3)),
        1 => Just(runners(5)),
    ]
}

/// Odds of so many per cent of the fair ones, as the format shows them.
fn price(percent: i64, fair: Ratio, format: PriceFormat) -> Price {
    let odds = fair.times(Ratio::new(percent.into(), 100).unwrap()).unwrap();
    let odds = Odds::of(odds.max("1.05".parse().unwrap())).unwrap();
    let text = rounded(in_format(odds, format), 2, Rounding::HalfEven);
    Price::new(format, text.parse().unwrap()).unwrap()
}

/// Offers of which about half profit.
pub(super) fn offer() -> impl Strategy<Value = Offer> {
    bets().prop_flat_map(|bets| {
        let legs = bets.len();
        let fair = match bets[0].market {
            Market::DoubleChance => Ratio::new(3, 2).unwrap(),
            _ => Ratio::int(legs as i64),
        };
        let format = select(PriceFormat::ALL);
        let providers = prop_oneof![4 => Just("cmd368"), 1 => Just("kalshi"), 1 => Just("polymarket"), 2 => Just("betfair")];
        (
            Just(bets),
            proptest::collection::vec((98i64..125, format), legs),
            proptest::collection::vec(providers, legs),
            proptest::collection::vec(select(vec!["A", "B", "C"]), legs),
            proptest::collection::vec(select(vec!["1", "1", "0.5", "0.01"]), legs),
            proptest::collection::vec(proptest::option::weighted(0.3, 50i32..600), legs),
            proptest::bool::weighted(0.15),
        )
            .prop_map(move |(bets, prices, providers, mut accounts, steps, max, euros)| {
                (accounts[0], accounts[1]) = ("A", "B");
                let shown = |at: usize, (percent, format): (i64, PriceFormat)| {
                    let lay = bets[at].side == Side::Lay;
                    price(if lay { 200 - percent } else { percent }, fair, format)
                };
                let prices = prices.into_iter().enumerate().map(|(at, price)| shown(at, price)).collect();
                Offer { bets: bets.clone(), prices, providers, accounts, steps, max, euros }
            })
    })
}
