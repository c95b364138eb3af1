//! What sizing costs: three bets with quarter lines, steps and limits.

use crate::Problem;
use crate::clock::{self, thread_cpu};
use crate::counting::allocations;
use crate::measure::{quantiles, spread};
use antigravity_core::exact::Ratio;
use antigravity_core::fees::Charge;
use antigravity_core::line::Line;
use antigravity_core::odds::Price;
use antigravity_core::settle::{Bet, Space, StateTable};
use antigravity_core::sizing::{Caps, LegInput, Sizer, Sizing};
use antigravity_core::stake::{NominalStake, Risk, Terms};
use antigravity_core::{Decimal, Market, PriceFormat, Selection, Side};
use fastrand::Rng;
use serde_json::{Value, json};

/// Opportunities of each kind.
const CASES: usize = 512;
const SEED: u64 = 5;
/// Risks in the bankroll's currency: of all legs together, and of each of two accounts.
const BANKROLL: i64 = 10_000;
const ACCOUNT: i64 = 4_000;

/// Three bets and their limits.
struct Case {
    bets: [Bet; 3],
    prices: [Price; 3],
    steps: [NominalStake; 3],
    limits: [(NominalStake, NominalStake); 3],
}

/// Without fees, and with commission on the net win of the draw's exchange.
pub fn run(rounds: usize) -> Result<Value, Problem> {
    let commission = Charge::NetWin { rate: Ratio::new(1, 50).ok_or("a fiftieth")? };
    let mut report = json!({
        "seed": SEED,
        "bankroll": BANKROLL,
        "account": ACCOUNT,
    });
    for (name, charge) in [("no_fees", Charge::None), ("commission", commission)] {
        report[name] = kind(rounds, &charge)?;
    }
    Ok(report)
}

fn kind(rounds: usize, charge: &Charge) -> Result<Value, Problem> {
    let mut sizer = Sizer::new();
    let mut states = StateTable::default();
    let cases = draw(&mut sizer, &mut states, charge)?;
    let (mut times, mut medians, mut clocks, mut allocated) = (Vec::new(), Vec::new(), Vec::new(), 0);
    // One round to warm up.
    for round in 0..=rounds {
        let clock = clock::overhead();
        let mut of_round = Vec::with_capacity(cases.len());
        let mut refused = 0;
        let count = allocations(|| {
            for case in &cases {
                let start = thread_cpu();
                let sized = case.size(&mut sizer, &mut states, charge);
                let time = (thread_cpu() - start).saturating_sub(clock);
                of_round.push(time as f64 / 1000.0);
                refused += u64::from(std::hint::black_box(sized).is_none());
            }
        });
        if refused > 0 {
            return Err(format!("{refused} opportunities that were sized were refused later").into());
        }
        if round > 0 {
            allocated += count;
            clocks.push(clock as f64);
            times.extend_from_slice(&of_round);
            of_round.sort_by(f64::total_cmp);
            medians.push(of_round[of_round.len() / 2]);
        }
    }
    Ok(json!({
        "opportunities": cases.len(),
        "clock_ns_subtracted": spread(clocks),
        "us": quantiles(times),
        "us_median_by_round": spread(medians),
        "allocations": allocated,
    }))
}

/// Opportunities whose return is believed: above 0 and at most a tenth.
fn draw(sizer: &mut Sizer, states: &mut StateTable, charge: &Charge) -> Result<Vec<Case>, Problem> {
    let mut rng = Rng::with_seed(SEED);
    let tenth = Ratio::new(1, 10).ok_or("a tenth")?;
    let mut cases = Vec::with_capacity(CASES);
    for _ in 0..CASES * 1000 {
        let case = Case::draw(&mut rng).ok_or("no case")?;
        let sized = case.size(sizer, states, charge);
        let returned = sized.and_then(|sizing| sizing.guaranteed.over(sizing.total_risk.ratio()));
        if returned.is_some_and(|returned| returned.signum() > 0 && returned <= tenth) {
            cases.push(case);
        }
        if cases.len() == CASES {
            return Ok(cases);
        }
    }
    Err("too few opportunities are drawn".into())
}

impl Case {
    /// Home and away at a handicap of −0.25 or −0.75 each, and the draw.
    fn draw(rng: &mut Rng) -> Option<Self> {
        let quarter = |rng: &mut Rng| if rng.bool() { 25 } else { 75 };
        let handicap = |selection, hundredths| {
            Some(Bet {
                line: Some(Line::handicap(Decimal::new(hundredths, 2)?).ok()?),
                ..bet(Market::AsianHandicap, selection)
            })
        };
        let bets = [
            handicap(Selection::Home, -quarter(rng))?,
            bet(Market::MatchResult, Selection::Draw),
            handicap(Selection::Away, quarter(rng))?,
        ];
        let price = |hundredths: i64| Price::new(PriceFormat::Decimal, Decimal::new(hundredths, 2)?);
        let prices = [price(rng.i64(200..300))?, price(rng.i64(330..420))?, price(rng.i64(230..360))?];
        let step = |rng: &mut Rng| [(1, 2), (1, 1), (5, 1), (10, 1)][rng.usize(0..4)];
        let steps = [step(rng), step(rng), step(rng)].map(|(num, den)| amount(num, den));
        let limit = |rng: &mut Rng| Some((amount(rng.i64(1..50), 1)?, amount(rng.i64(300..5000), 1)?));
        let limits = [limit(rng)?, limit(rng)?, limit(rng)?];
        let [Some(a), Some(b), Some(c)] = steps else { return None };
        Some(Self { bets, prices, steps: [a, b, c], limits })
    }

    /// As the finder does it: states first, then stakes.
    fn size<'a>(&self, sizer: &'a mut Sizer, states: &mut StateTable, charge: &Charge) -> Option<&'a Sizing> {
        states.derive(&self.bets, &Space::Score).ok()?;
        let leg = |place: usize| LegInput {
            terms: Terms::of(self.prices[place], Side::Back),
            price: self.prices[place],
            step: self.steps[place],
            min: Some(self.limits[place].0),
            max: Some(self.limits[place].1),
            // The sides at one bookmaker, the draw at an exchange.
            account: u32::from(place == 1),
            group: place as u32,
            charge: if place == 1 { charge } else { &Charge::None },
            exchange: None,
        };
        let cap = Risk::new(Ratio::int(ACCOUNT))?;
        let caps = Caps { bankroll: Risk::new(Ratio::int(BANKROLL))?, per_account: &[(0, cap), (1, cap)] };
        sizer.size(&[leg(0), leg(1), leg(2)], states, &caps).ok()
    }
}

fn amount(num: i64, den: i128) -> Option<NominalStake> {
    NominalStake::new(Ratio::new(num.into(), den)?)
}

fn bet(market: Market, selection: Selection) -> Bet {
    Bet { market, selection, side: Side::Back, line: None, outcome: None }
}
