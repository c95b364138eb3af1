//! The contract: what an adapter promises to read. It describes; it executes nothing.
//!
//! This is the JSON form, as it stands in a component's `antigravity:contract` section; the WIT's
//! record `contract` is its typed form, and the fields mean the same.

use crate::{Direction, Transport};
use antigravity_abi::{Decimal, PriceFormat, Version};
use serde::{Deserialize, Serialize};

/// Version of the JSON form.
pub const FORMAT: u32 = 1;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    pub antigravity_contract: u32,
    /// Version of the WIT package it was built against, `0.2`.
    pub wit: String,
    /// The adapter's name: lower case letters, digits and `-`.
    pub provider: String,
    pub version: String,
    pub profile: Profile,
    pub endpoints: Vec<Endpoint>,
    pub confirms: Confirmation,
    pub stale_after_ms: u32,
    #[serde(with = "format_names")]
    pub price_formats: Vec<PriceFormat>,
    pub handicap_basis: HandicapBasis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// A stake is a positive multiple of it: what the provider calls the stake, as [`crate::stake`] has it.
    #[serde(default, with = "decimal_text", skip_serializing_if = "Option::is_none")]
    pub step: Option<Decimal>,
    pub activation: Activation,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    AutoPush,
    PathSession,
    EventDriven,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    Odds,
    Fixtures,
    Heartbeat,
    Balance,
    Session,
}

impl Content {
    /// Known noise: counted as ignored, never handed to the adapter.
    pub const fn is_noise(self) -> bool {
        matches!(self, Self::Heartbeat | Self::Balance | Self::Session)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confirmation {
    ByQuote,
    ByConnection,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HandicapBasis {
    FromNow,
    FromKickOff,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Framing {
    Document,
    Lines,
    Raw,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    Reload,
    Navigate(String),
    Click(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// One address pattern and what stands behind it. Field by field: `record endpoint` of the WIT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    pub name: String,
    pub content: Content,
    pub transport: Transport,
    pub direction: Direction,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<String>,
    pub path: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<Field>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub form: Vec<Field>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_schema: Option<serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    pub framing: Framing,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<serde_json::Value>,
}

/// What makes a contract unusable; names the field.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("contract: {field}: {problem}")]
pub struct ContractError {
    pub field: String,
    pub problem: String,
}

impl Contract {
    /// Reads and checks the JSON form.
    ///
    /// # Errors
    /// [`ContractError`] naming the first field that is missing, unknown, or has a value outside
    /// its range.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ContractError> {
        let contract: Self = serde_json::from_slice(bytes).map_err(|e| problem("JSON", e.to_string()))?;
        contract.check()?;
        Ok(contract)
    }

    /// The JSON form, always the same bytes for the same contract.
    pub fn to_json(&self) -> Vec<u8> {
        // Writing to memory a type whose maps have string keys cannot fail.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// `provider@version`.
    pub fn name(&self) -> String {
        format!("{}@{}", self.provider, self.version)
    }

    fn check(&self) -> Result<(), ContractError> {
        if self.antigravity_contract != FORMAT {
            return Err(problem(
                "antigravity_contract",
                format!("version {} is not {FORMAT}", self.antigravity_contract),
            ));
        }
        let Some(wit) = Version::from_name(&self.wit) else {
            return Err(problem("wit", format!("version `{}` is none of {}", self.wit, Version::names())));
        };
        if self.step.is_some() && wit < Version::V0_2 {
            return Err(problem("step", format!("a contract of version {wit} has none")));
        }
        if self.step.is_some_and(|step| step <= Decimal::ZERO) {
            return Err(problem("step", "must be above 0"));
        }
        let name_ok = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.provider.is_empty() || self.provider.len() > 40 || !self.provider.chars().all(name_ok) {
            return Err(problem("provider", "must be 1 to 40 of a–z, 0–9 and `-`"));
        }
        let parts: Vec<_> = self.version.split('.').collect();
        let number = |p: &&str| !p.is_empty() && p.len() <= 9 && p.bytes().all(|b| b.is_ascii_digit());
        if parts.len() != 3 || !parts.iter().all(number) {
            return Err(problem("version", "must be MAJOR.MINOR.PATCH"));
        }
        if self.endpoints.is_empty() || self.endpoints.len() > 64 {
            return Err(problem("endpoints", "must be 1 to 64"));
        }
        if self.stale_after_ms == 0 {
            return Err(problem("stale_after_ms", "must be above 0"));
        }
        if self.price_formats.is_empty() {
            return Err(problem("price_formats", "must name at least one"));
        }
        for (i, endpoint) in self.endpoints.iter().enumerate() {
            endpoint.check().map_err(|(field, text)| problem(&format!("endpoints[{i}].{field}"), text))?;
            if self.endpoints[..i].iter().any(|e| e.name == endpoint.name) {
                return Err(problem(&format!("endpoints[{i}].name"), "stands twice"));
            }
        }
        Ok(())
    }
}

impl Endpoint {
    /// How a body is cut before it is tokenised: the length of the prefix, and how many documents
    /// follow it. `None`: it travels raw.
    pub fn cut(&self) -> Option<(usize, antigravity_tape::Framing)> {
        let framing = match self.framing {
            Framing::Raw => return None,
            Framing::Document => antigravity_tape::Framing::Document,
            Framing::Lines => antigravity_tape::Framing::Lines,
        };
        Some((self.prefix.as_ref().map_or(0, String::len), framing))
    }

    fn check(&self) -> Result<(), (&'static str, &'static str)> {
        if self.name.is_empty() {
            return Err(("name", "is empty"));
        }
        if self.path.is_empty() {
            return Err(("path", "is empty; `**` is any path"));
        }
        if self.framing == Framing::Raw && self.schema.is_some() {
            return Err(("schema", "a raw body has no schema"));
        }
        if self.event.is_some() && self.transport != Transport::Sse {
            return Err(("event", "only server-sent events have one"));
        }
        if self.direction == Direction::Sent && self.transport != Transport::WebSocket {
            return Err(("direction", "only WebSocket frames are captured as sent"));
        }
        Ok(())
    }
}

fn problem(field: &str, problem: impl Into<String>) -> ContractError {
    ContractError { field: field.to_owned(), problem: problem.into() }
}

mod decimal_text {
    use antigravity_abi::Decimal;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(step: &Option<Decimal>, s: S) -> Result<S::Ok, S::Error> {
        match step {
            Some(step) => s.collect_str(step),
            None => s.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Decimal>, D::Error> {
        let text = Option::<String>::deserialize(d)?;
        text.map(|text| text.parse().map_err(|e| D::Error::custom(format!("step `{text}`: {e}")))).transpose()
    }
}

mod format_names {
    use antigravity_abi::PriceFormat;
    use serde::{Deserialize, Deserializer, Serializer, de::Error, ser::SerializeSeq};

    pub fn serialize<S: Serializer>(formats: &[PriceFormat], s: S) -> Result<S::Ok, S::Error> {
        let mut seq = s.serialize_seq(Some(formats.len()))?;
        for format in formats {
            seq.serialize_element(format.name())?;
        }
        seq.end()
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<PriceFormat>, D::Error> {
        let names = Vec::<String>::deserialize(d)?;
        let read = |name: &String| {
            PriceFormat::from_name(name)
                .ok_or_else(|| D::Error::custom(format!("unknown price format `{name}`")))
        };
        names.iter().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(wit: &str, step: Value) -> Result<Contract, String> {
        let mut contract = json!({"antigravity_contract": FORMAT, "wit": wit, "provider": "acme", "version": "1.0.0",
            "profile": "auto-push", "confirms": "by-quote", "stale_after_ms": 1000, "price_formats": ["decimal"],
            "handicap_basis": "from-now", "activation": "reload", "endpoints": [{"name": "odds", "content": "odds",
                "transport": "http", "direction": "received", "path": "**", "framing": "document"}]});
        if !step.is_null() {
            contract["step"] = step;
        }
        Contract::from_json(contract.to_string().as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_step_is_a_decimal_above_zero_and_only_of_a_version_that_has_one() {
        let contract = read("0.2", json!("0.50")).unwrap();
        assert_eq!(contract.step, Decimal::new(5, 1));
        let written = contract.to_json();
        assert!(String::from_utf8_lossy(&written).contains(r#""step":"0.50""#));
        assert_eq!(Contract::from_json(&written), Ok(contract));
        for version in ["0.1", "0.2"] {
            let without = read(version, Value::Null).unwrap();
            assert_eq!(without.step, None);
            assert!(!String::from_utf8_lossy(&without.to_json()).contains("step"));
        }
        for (wit, step, problem) in [
            ("0.2", json!("0"), "contract: step: must be above 0"),
            ("0.2", json!("-1"), "contract: step: must be above 0"),
            ("0.2", json!("one"), "contract: JSON: step `one`: not a plain decimal number"),
            ("0.2", json!(1), "contract: JSON: invalid type: integer `1`, expected a string"),
            ("0.1", json!("1"), "contract: step: a contract of version 0.1 has none"),
            ("0.3", Value::Null, "contract: wit: version `0.3` is none of 0.1, 0.2"),
        ] {
            let said = read(wit, step).unwrap_err();
            assert!(said.starts_with(problem), "{said}");
        }
    }
}
