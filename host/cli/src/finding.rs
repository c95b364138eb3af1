//! What opportunities are looked for with: a person's limits, and what is known beside the traffic.

use crate::failure::Failure;
use antigravity_core::exact::Ratio;
use antigravity_core::fees::FeeBook;
use antigravity_core::finder::{Finder, Pairing, Settings, VoidRules};
use antigravity_core::identity::{AliasBook, Identity};
use antigravity_core::money::{Currency, FxQuote, FxTable, Money};
use antigravity_core::{Decimal, Timestamp};
use antigravity_engine::Opportunities;
use clap::{Args, ValueEnum};
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Opportunities of one family that are open at a time; the others are counted.
const MOST_OPEN: u16 = 64;

#[derive(Debug, Args)]
#[command(next_help_heading = "Opportunities")]
pub struct FindingOptions {
    /// Most that all legs of an opportunity may risk together.
    #[arg(long, value_name = "AMOUNT", default_value = "1000", allow_hyphen_values = true)]
    pub bankroll: String,
    /// Currency of the bankroll, and of every amount that names none.
    #[arg(long, value_name = "CODE", default_value = "USD")]
    pub currency: String,
    /// Most that the legs of one account may risk.
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub per_account: Option<String>,
    /// What the legs of an opportunity must differ by.
    #[arg(long, value_enum, default_value_t = Pair::Accounts)]
    pub pair: Pair,
    /// Highest return that is believed, in per cent; what is above is a provider's mistake.
    #[arg(long, value_name = "PERCENT", default_value = "10", allow_hyphen_values = true)]
    pub max_edge: String,
    /// Fee schedules that are added to the built-in ones, or replace those of the same id.
    #[arg(long, value_name = "FILE")]
    pub fees: Option<PathBuf>,
    /// Rules by which bets become void; none are built in.
    #[arg(long, value_name = "FILE")]
    pub void_rules: Option<PathBuf>,
    /// Count two currencies as one: `USDC=USD`.
    #[arg(long, value_name = "CODE=CODE")]
    pub equal: Vec<String>,
    /// A rate of exchange and when it was quoted: `EUR/USD=1.0850@2026-09-08T11:00:00Z`; not used before that.
    #[arg(long, value_name = "FROM/TO=RATE@TIME")]
    pub fx: Vec<String>,
    /// By how many per cent a rate may be worse when it is needed.
    #[arg(long, value_name = "PERCENT", default_value = "0.5", allow_hyphen_values = true)]
    pub fx_haircut: String,
    /// A rate that is older than so many minutes, at most a day, is not used.
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(..=1440))]
    pub fx_max_age: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Pair {
    /// At least two accounts, of one provider or several.
    Accounts,
    /// At least two providers.
    Providers,
}

impl FindingOptions {
    /// A finder that looks with these options, and with what a person confirmed.
    pub fn opportunities(&self, aliases: AliasBook) -> Result<Opportunities, Failure> {
        let currency: Currency = read("--currency", &self.currency)?;
        let money = |option: &str, text: &str| {
            let amount: Decimal = read(option, text)?;
            if amount.is_zero() {
                return Err(wrong(option, text, "nothing could be risked"));
            }
            Money::parse(amount, currency).map_err(|e| wrong(option, text, e))
        };
        let settings = Settings {
            bankroll: money("--bankroll", &self.bankroll)?,
            per_account: self.per_account.as_deref().map(|it| money("--per-account", it)).transpose()?,
            pairing: match self.pair {
                Pair::Accounts => Pairing::Accounts,
                Pair::Providers => Pairing::Providers,
            },
            too_good: Ratio::of(percent("--max-edge", &self.max_edge)?),
            most_open: MOST_OPEN,
        };
        let finder = Finder::new(settings, self.fees()?, self.rates()?, self.void()?, Identity::new(aliases));
        Ok(Opportunities::new(finder))
    }

    fn fees(&self) -> Result<FeeBook, Failure> {
        let builtin = FeeBook::builtin().map_err(Failure::failed)?;
        match &self.fees {
            Some(path) => builtin.with(&bytes(path)?).map_err(|e| in_file(path, &e)),
            None => Ok(builtin),
        }
    }

    fn void(&self) -> Result<VoidRules, Failure> {
        match &self.void_rules {
            Some(path) => VoidRules::parse(&bytes(path)?).map_err(|e| in_file(path, &e)),
            None => VoidRules::builtin().map_err(Failure::failed),
        }
    }

    fn rates(&self) -> Result<FxTable, Failure> {
        let mut table = FxTable::default();
        for text in &self.equal {
            let codes = text.split_once('=').map(|(one, other)| (one.parse(), other.parse()));
            match codes {
                Some((Ok(one), Ok(other))) if one != other => table.count_as_one(one, other),
                _ => return Err(wrong("--equal", text, "not two currencies, CODE=CODE")),
            }
        }
        let haircut = percent("--fx-haircut", &self.fx_haircut)?;
        if haircut >= Decimal::int(1) {
            return Err(wrong("--fx-haircut", &self.fx_haircut, "not below 100"));
        }
        let max_age_ms = u64::from(self.fx_max_age) * 60_000;
        for text in &self.fx {
            let parts = text.split_once('=').and_then(|(pair, rate)| {
                let ((from, to), (rate, at)) = (pair.split_once('/')?, rate.split_once('@')?);
                Some((from, to, rate, at))
            });
            let (from, to, rate, at) = parts.ok_or_else(|| wrong("--fx", text, "not FROM/TO=RATE@TIME"))?;
            let at: Timestamp = read("--fx", at)?;
            let (from, to, rate): (Currency, Currency, Decimal) =
                (read("--fx", from)?, read("--fx", to)?, read("--fx", rate)?);
            if from == to {
                return Err(wrong("--fx", text, "a currency is worth itself"));
            }
            let quote = FxQuote { from, to, rate, at, max_age_ms, haircut };
            table.quote(quote).map_err(|e| wrong("--fx", text, e))?;
        }
        Ok(table)
    }
}

fn read<T: FromStr<Err: Display>>(option: &str, text: &str) -> Result<T, Failure> {
    text.parse().map_err(|e| wrong(option, text, e))
}

/// A share that is given in per cent.
fn percent(option: &str, text: &str) -> Result<Decimal, Failure> {
    let percent: Decimal = read(option, text)?;
    let share = percent.scale().checked_add(2).and_then(|scale| Decimal::new(percent.mantissa(), scale));
    share.filter(|share| !share.is_negative()).ok_or_else(|| wrong(option, text, "not a share in per cent"))
}

fn wrong(option: &str, text: &str, problem: impl Display) -> Failure {
    Failure::input(format!("{option} {text}: {problem}"))
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|e| in_file(path, &e))
}

fn in_file(path: &Path, problem: &dyn Display) -> Failure {
    Failure::input(format!("{}: {problem}", path.display()))
}
