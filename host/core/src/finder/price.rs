//! Inverse odds in fixed point, always rounded down: a sum of them that reaches 1 proves that the prices do
//! not pay, and one below 1 proves nothing yet. So no combination is missed here, and none is decided here.

use crate::exact::{Ratio, Rounding};
use crate::fees::{AmountRule, Charge};
use crate::odds::Price;
use crate::stake::{NominalStake, Terms};
use antigravity_abi::{PriceFormat, Side};

/// 1 in fixed point. Also what a quote without a usable price has: with it no sum is below 1.
pub(super) const ONE: u32 = 1 << 31;

/// Risk per unit of payout, risk / (win + risk), below [`ONE`]: 1 / odds of a backed bet, 1 − 1 / odds of a
/// laid one, in every format.
pub(super) fn inverse(price: Price, side: Side) -> u32 {
    let value = price.value();
    // 18 digits: at most 100 · 10^18 for American prices, whose scale is at most 16.
    let unit = 10u64.pow(u32::from(value.scale()));
    let n = value.mantissa().unsigned_abs();
    let positive = value.mantissa() > 0;
    let (num, den) = match price.format() {
        PriceFormat::Decimal => (unit, n),
        PriceFormat::HongKong => (unit, unit + n),
        PriceFormat::Malay | PriceFormat::Indonesian if positive => (unit, unit + n),
        PriceFormat::Malay | PriceFormat::Indonesian => (n, n + unit),
        PriceFormat::American if positive => (100 * unit, 100 * unit + n),
        PriceFormat::American => (n, n + 100 * unit),
        PriceFormat::Probability => (n, unit),
    };
    let num = if side == Side::Lay { den.saturating_sub(num) } else { num };
    // Below 1: so are all prices.
    fixed(num, den)
}

/// The inverse odds with what an order is charged at least: the charge is lost with the stake and missing
/// from the win, so the payout stays and the risk grows. A share of the net win is left to the exact look.
pub(super) fn inverse_charged(price: Price, side: Side, charge: &Charge, step: Ratio) -> u32 {
    let plain = inverse(price, side);
    match charge {
        Charge::Amount(rule) => {
            let more = least_charge(price, side, rule, step).unwrap_or(0);
            plain.saturating_add(more).min(ONE - 1)
        }
        Charge::None | Charge::NetWin { .. } => plain,
    }
}

/// The least charge per unit of payout: unrounded, less what rounding takes off an order of one step. `None`
/// where it is 0 or does not fit.
fn least_charge(price: Price, side: Side, rule: &AmountRule, step: Ratio) -> Option<u32> {
    let slack = match rule.rounding {
        Rounding::Up => Ratio::ZERO,
        Rounding::HalfUp | Rounding::HalfEven => rule.quantum.times(Ratio::HALF)?,
        Rounding::Down => rule.quantum,
    };
    let charge = rule.per_unit(price.decimal_odds().probability())?.minus(slack.over(step)?)?;
    let terms = Terms::of(price, side);
    let payout = terms.win_per_unit().plus(terms.risk_per_unit())?;
    let share = NominalStake::new(charge)?.ratio().over(payout)?;
    let scaled = share.times(Ratio::int(i64::from(ONE)))?.floor();
    Some(u32::try_from(scaled).unwrap_or(ONE))
}

/// `num / den` rounded down, for a quotient below 1.
fn fixed(num: u64, den: u64) -> u32 {
    // Divisions of 128 bits are slow and nearly never needed.
    match u32::try_from(num) {
        Ok(num) => ((u64::from(num) << 31) / den) as u32,
        Err(_) => ((u128::from(num) << 31) / u128::from(den)) as u32,
    }
}

/// The inverse odds of a bet that wins only half of what it would: with i = r / (w + r), it is
/// r / (w/2 + r) = 2i / (1 + i).
pub(super) const fn halved(inverse: u32) -> u32 {
    (((inverse as u64) << 32) / (ONE as u64 + inverse as u64)) as u32
}
