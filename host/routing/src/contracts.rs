//! Installed contracts, compiled.

use crate::pattern::PathPattern;
use crate::schema::{Schema, SchemaError};
use crate::scratch::Scratch;
use crate::url::{Url, has_field, session_token};
use antigravity_core::Packet;
use antigravity_core::contract::{Contract, Endpoint, Profile};
use std::sync::Arc;

/// Contracts in the order in which they are asked: by name of the provider. An index into them
/// stays valid as long as this value.
#[derive(Debug)]
pub struct Contracts {
    list: Vec<Compiled>,
}

/// One endpoint of one contract, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    pub contract: usize,
    pub endpoint: usize,
}

/// What makes a contract unusable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("contract {contract}: {field}: {problem}")]
pub struct CompileError {
    /// `provider@version`.
    pub contract: String,
    /// Such as `endpoints[2].path`; within a schema followed by a JSON pointer.
    pub field: String,
    pub problem: String,
}

#[derive(Debug)]
struct Compiled {
    contract: Arc<Contract>,
    endpoints: Vec<Rules>,
}

/// What of an endpoint had to be compiled.
#[derive(Debug)]
pub(crate) struct Rules {
    path: PathPattern,
    request: Option<Schema>,
    pub schema: Option<Schema>,
}

impl Contracts {
    /// Compiles contracts and puts them in order.
    ///
    /// # Errors
    /// [`CompileError`] naming the first contract and field that cannot be used, or the second of
    /// two contracts of one provider.
    pub fn compile(mut contracts: Vec<Arc<Contract>>) -> Result<Self, CompileError> {
        contracts.sort_by(|a, b| a.provider.cmp(&b.provider));
        if let Some(pair) = contracts.windows(2).find(|pair| pair[0].provider == pair[1].provider) {
            let problem = format!("{} is installed too", pair[0].name());
            return Err(CompileError { contract: pair[1].name(), field: "provider".to_owned(), problem });
        }
        let list = contracts.into_iter().map(Compiled::new).collect::<Result<_, _>>()?;
        Ok(Self { list })
    }

    pub const fn len(&self) -> usize {
        self.list.len()
    }

    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<Contract>> {
        self.list.iter().map(|compiled| &compiled.contract)
    }

    pub fn contract(&self, index: usize) -> Option<&Arc<Contract>> {
        self.list.get(index).map(|compiled| &compiled.contract)
    }

    /// Index of a provider's contract; names are matched without case.
    pub fn find(&self, provider: &str) -> Option<usize> {
        self.list.iter().position(|compiled| compiled.contract.provider.eq_ignore_ascii_case(provider))
    }

    pub(crate) fn declared(&self, place: Place) -> &Endpoint {
        &self.list[place.contract].contract.endpoints[place.endpoint]
    }

    pub(crate) fn rules(&self, place: Place) -> &Rules {
        &self.list[place.contract].endpoints[place.endpoint]
    }

    pub(crate) fn places(&self) -> impl Iterator<Item = Place> {
        self.list.iter().enumerate().flat_map(|(contract, compiled)| {
            (0..compiled.endpoints.len()).map(move |endpoint| Place { contract, endpoint })
        })
    }

    /// The token that tells a path-session worker's sessions apart: the address's, else the
    /// page's. `None` for another profile, or where neither has one. A secret.
    pub fn session<'a>(&self, contract: usize, packet: &'a Packet) -> Option<&'a str> {
        self.is_path_session(contract)
            .then(|| session_token(&packet.url).or_else(|| page_token(packet)))
            .flatten()
    }

    pub(crate) fn is_path_session(&self, contract: usize) -> bool {
        self.list.get(contract).is_some_and(|compiled| compiled.contract.profile == Profile::PathSession)
    }

    /// Whether what the address alone decides fits: transport, method, path and query.
    pub(crate) fn fits_address(&self, place: Place, packet: &Packet, url: Url<'_>) -> bool {
        let declared = self.declared(place);
        let method_fits =
            |want: &String| packet.method.as_ref().is_some_and(|have| want.eq_ignore_ascii_case(have));
        declared.transport == packet.transport
            && (declared.methods.is_empty() || declared.methods.iter().any(method_fits))
            && self.rules(place).path.matches(url)
            && declared.query.iter().all(|field| has_field(url.query, &field.key, field.value.as_deref()))
    }

    /// Whether the rest of the request fits: the page of a path-session contract, the event's name,
    /// the form, the JSON request. `token`: [`Address::token`].
    pub(crate) fn fits_request(
        &self,
        place: Place,
        packet: &Packet,
        token: Option<&str>,
        scratch: &mut Scratch,
    ) -> bool {
        let declared = self.declared(place);
        let request = packet.request_body.as_deref().unwrap_or_default();
        self.fits_page(place.contract, packet, token)
            && declared.event.as_deref().is_none_or(|want| want == event_name(packet))
            && declared.form.iter().all(|field| has_field(request, &field.key, field.value.as_deref()))
            && self.rules(place).request.as_ref().is_none_or(|schema| {
                scratch.request(request).is_some_and(|tape| schema.matches(request.as_bytes(), tape))
            })
    }

    /// A path-session contract fits where the address or the page carries a session, or where
    /// nobody says which page it was.
    pub(crate) fn fits_page(&self, contract: usize, packet: &Packet, token: Option<&str>) -> bool {
        !self.is_path_session(contract) || packet.page.is_none() || token.is_some()
    }
}

pub(crate) fn page_token(packet: &Packet) -> Option<&str> {
    packet.page.as_deref().and_then(session_token)
}

/// An event without a name is a `message`, as the HTML standard has it.
fn event_name(packet: &Packet) -> &str {
    packet.event.as_deref().filter(|name| !name.is_empty()).unwrap_or("message")
}

impl Compiled {
    fn new(contract: Arc<Contract>) -> Result<Self, CompileError> {
        let rules = |(index, endpoint): (usize, &Endpoint)| {
            Rules::new(endpoint).map_err(|(field, problem)| CompileError {
                contract: contract.name(),
                field: format!("endpoints[{index}].{field}"),
                problem,
            })
        };
        let endpoints = contract.endpoints.iter().enumerate().map(rules).collect::<Result<_, _>>()?;
        Ok(Self { contract, endpoints })
    }
}

impl Rules {
    fn new(endpoint: &Endpoint) -> Result<Self, (String, String)> {
        let schema = |field: &str, schema: &Option<serde_json::Value>| {
            let fault = |error: SchemaError| (format!("{field}{}", error.pointer), error.problem);
            schema.as_ref().map(|schema| Schema::compile(schema).map_err(fault)).transpose()
        };
        let path =
            PathPattern::compile(&endpoint.path).map_err(|error| ("path".to_owned(), error.to_string()))?;
        Ok(Self {
            path,
            request: schema("request_schema", &endpoint.request_schema)?,
            schema: schema("schema", &endpoint.schema)?,
        })
    }
}
