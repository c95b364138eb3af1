//! The WIT's types and the model's. Each version of the WIT has types of its own; they are read alike.

use antigravity_abi::{Decimal, PriceFormat, Version};
use antigravity_core::answer::{Level, Log, RawAnswer};
use antigravity_core::contract::{
    Activation, Confirmation, Content, Contract, Endpoint, FORMAT, Field, Framing, HandicapBasis, Profile,
};
use antigravity_core::{Direction, Transport};

fn decimal(step: String) -> Result<Decimal, String> {
    step.parse().map_err(|e| format!("step: `{step}`: {e}"))
}

/// One module a version; the function gives the step of a contract of that version.
macro_rules! versions {
    ($($module:ident = $version:ident, $step:expr;)+) => {$(
        pub(crate) mod $module {
            use super::*;
            use crate::bindings::$module::wit;

            pub(crate) fn answer(raw: wit::Answer) -> RawAnswer {
                RawAnswer {
                    verdicts: raw.verdicts,
                    rows: raw.rows,
                    text: raw.text,
                    ends: raw.ends,
                    logs: raw.logs.iter().map(log).collect(),
                }
            }

            const fn log(log: &wit::Log) -> Log {
                let level = match log.level {
                    wit::Level::Debug => Level::Debug,
                    wit::Level::Info => Level::Info,
                    wit::Level::Warn => Level::Warn,
                };
                Log { packet: log.packet, level, message: log.message }
            }

            /// The contract that `describe` gave. A schema that is not JSON is an error naming its endpoint.
            pub(crate) fn contract(c: wit::Contract) -> Result<Contract, String> {
                let step: Option<String> = $step(&c);
                Ok(Contract {
                    antigravity_contract: FORMAT,
                    wit: Version::$version.name().to_owned(),
                    provider: c.provider,
                    version: c.version,
                    profile: match c.profile {
                        wit::Profile::AutoPush => Profile::AutoPush,
                        wit::Profile::PathSession => Profile::PathSession,
                        wit::Profile::EventDriven => Profile::EventDriven,
                    },
                    endpoints: c.endpoints.into_iter().map(endpoint).collect::<Result<_, _>>()?,
                    confirms: match c.confirms {
                        wit::Confirmation::ByQuote => Confirmation::ByQuote,
                        wit::Confirmation::ByConnection => Confirmation::ByConnection,
                    },
                    stale_after_ms: c.stale_after_ms,
                    price_formats: c.price_formats.into_iter().map(price_format).collect(),
                    handicap_basis: match c.handicap_basis {
                        wit::HandicapBasis::FromNow => HandicapBasis::FromNow,
                        wit::HandicapBasis::FromKickOff => HandicapBasis::FromKickOff,
                    },
                    currency: c.currency,
                    step: step.map(decimal).transpose()?,
                    activation: match c.activation {
                        wit::Activation::Reload => Activation::Reload,
                        wit::Activation::Navigate(path) => Activation::Navigate(path),
                        wit::Activation::Click(selector) => Activation::Click(selector),
                    },
                    secrets: c.secrets,
                })
            }

            fn endpoint(e: wit::Endpoint) -> Result<Endpoint, String> {
                let name = e.name;
                let schema = |what: &str, text: Option<String>| {
                    text.map(|text| serde_json::from_str(&text))
                        .transpose()
                        .map_err(|e| format!("endpoint `{name}`: {what}: {e}"))
                };
                Ok(Endpoint {
                    content: match e.content {
                        wit::Content::Odds => Content::Odds,
                        wit::Content::Fixtures => Content::Fixtures,
                        wit::Content::Heartbeat => Content::Heartbeat,
                        wit::Content::Balance => Content::Balance,
                        wit::Content::Session => Content::Session,
                    },
                    transport: match e.transport {
                        wit::Transport::Http => Transport::Http,
                        wit::Transport::Websocket => Transport::WebSocket,
                        wit::Transport::Sse => Transport::Sse,
                    },
                    direction: match e.direction {
                        wit::Direction::Received => Direction::Received,
                        wit::Direction::Sent => Direction::Sent,
                    },
                    methods: e.methods,
                    path: e.path,
                    query: fields(e.query),
                    form: fields(e.form),
                    request_schema: schema("request_schema", e.request_schema)?,
                    event: e.event,
                    framing: match e.framing {
                        wit::Framing::Document => Framing::Document,
                        wit::Framing::Lines => Framing::Lines,
                        wit::Framing::Raw => Framing::Raw,
                    },
                    prefix: e.prefix,
                    texts: e.texts,
                    schema: schema("schema", e.schema)?,
                    name,
                })
            }

            fn fields(fields: Vec<wit::Field>) -> Vec<Field> {
                fields.into_iter().map(|f| Field { key: f.key, value: f.value }).collect()
            }

            const fn price_format(format: wit::PriceFormat) -> PriceFormat {
                match format {
                    wit::PriceFormat::Decimal => PriceFormat::Decimal,
                    wit::PriceFormat::Malay => PriceFormat::Malay,
                    wit::PriceFormat::HongKong => PriceFormat::HongKong,
                    wit::PriceFormat::Indonesian => PriceFormat::Indonesian,
                    wit::PriceFormat::American => PriceFormat::American,
                    wit::PriceFormat::Probability => PriceFormat::Probability,
                }
            }
        }
    )+};
}

versions! {
    v0_1 = V0_1, |_: &wit::Contract| None;
    v0_2 = V0_2, |contract: &wit::Contract| contract.step.clone();
}
