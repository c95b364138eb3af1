//! Which bets become void under the same rules.

use antigravity_abi::Market;
use serde::Deserialize;

/// The rules that are known to differ; what is not named is `standard`.
#[derive(Clone, Debug, Default)]
pub struct VoidRules {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    provider: Box<str>,
    sport: Box<str>,
    market: Box<str>,
    class: Box<str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    rules: Vec<Rule>,
}

/// Why void rules are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VoidRulesError {
    #[error("void rules: {0}")]
    Document(String),
    #[error("void rules: there is no market `{0}`")]
    Market(Box<str>),
    #[error("void rules: two rules of `{0}` for the same sport and market")]
    Twice(Box<str>),
}

impl VoidRules {
    /// Reads `{"rules":[{"provider","sport","market","class"}]}`: bets of different classes are not taken
    /// together.
    ///
    /// # Errors
    /// [`VoidRulesError`].
    pub fn parse(json: &[u8]) -> Result<Self, VoidRulesError> {
        let Document { rules } =
            serde_json::from_slice(json).map_err(|error| VoidRulesError::Document(error.to_string()))?;
        for (place, rule) in rules.iter().enumerate() {
            if Market::from_name(&rule.market).is_none() {
                return Err(VoidRulesError::Market(rule.market.clone()));
            }
            let same = |other: &&Rule| {
                other.provider.eq_ignore_ascii_case(&rule.provider)
                    && (&other.sport, &other.market) == (&rule.sport, &rule.market)
            };
            if rules[..place].iter().any(|other| same(&other)) {
                return Err(VoidRulesError::Twice(rule.provider.clone()));
            }
        }
        Ok(Self { rules })
    }

    /// The rules this program was built with.
    ///
    /// # Errors
    /// None, as a test shows; the type is that of [`Self::parse`].
    pub fn builtin() -> Result<Self, VoidRulesError> {
        Self::parse(include_bytes!("../../data/void-rules.json"))
    }

    /// The class of a provider's bets; `provider` in any case of letters.
    pub fn class(&self, provider: &str, sport: &str, market: Market) -> &str {
        let rule = self.rules.iter().find(|rule| {
            rule.provider.eq_ignore_ascii_case(provider)
                && &*rule.sport == sport
                && &*rule.market == market.name()
        });
        rule.map_or("standard", |rule| &rule.class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        assert!(VoidRules::builtin().is_ok());
        let rule = r#"{"provider":"x","sport":"tennis","market":"moneyline","class":"one-set"}"#;
        let rules = VoidRules::parse(format!(r#"{{"rules":[{rule}]}}"#).as_bytes()).unwrap();
        assert_eq!(rules.class("X", "tennis", Market::Moneyline), "one-set");
        assert_eq!(rules.class("y", "tennis", Market::Moneyline), "standard");
        assert_eq!(rules.class("x", "soccer", Market::Moneyline), "standard");
        let twice = VoidRules::parse(format!(r#"{{"rules":[{rule},{rule}]}}"#).as_bytes());
        assert!(matches!(twice, Err(VoidRulesError::Twice(_))));
        assert!(matches!(VoidRules::parse(b"{}"), Err(VoidRulesError::Document(_))));
        let market = rule.replace("moneyline", "horses");
        assert!(matches!(
            VoidRules::parse(format!(r#"{{"rules":[{market}]}}"#).as_bytes()),
            Err(VoidRulesError::Market(_))
        ));
    }
}
