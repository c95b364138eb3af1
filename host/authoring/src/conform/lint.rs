//! What a contract says that is allowed and seldom meant.

use super::{Finding, Subject};
use crate::tree::Documents;
use antigravity_core::Contract;
use antigravity_core::contract::Endpoint;
use std::collections::BTreeSet;

/// What a contract that names none has.
const DEFAULT_STALE_AFTER_MS: u32 = 5_000;

pub(super) fn all(subject: &Subject<'_>) -> Vec<(&'static str, Finding)> {
    let contract = subject.contract();
    vec![
        ("lint-schema", schema(contract)),
        ("lint-path", path(contract)),
        ("lint-noise", noise(contract)),
        ("lint-host", host(contract)),
        ("lint-stale-after", stale_after(contract)),
        ("lint-secrets", secrets(subject)),
    ]
}

/// Of those that are at fault, their names.
fn none_of(fault: Vec<&Endpoint>, fine: &str, problem: &str) -> Finding {
    if fault.is_empty() {
        return Ok(fine.to_owned());
    }
    let names: Vec<_> = fault.iter().map(|endpoint| format!("`{}`", endpoint.name)).collect();
    Err(format!("{}: {problem}", names.join(", ")))
}

fn carries(contract: &Contract) -> impl Iterator<Item = &Endpoint> {
    contract.endpoints.iter().filter(|endpoint| !endpoint.content.is_noise())
}

fn schema(contract: &Contract) -> Finding {
    match carries(contract).filter(|endpoint| endpoint.schema.is_some()).count() {
        0 => {
            Err("no endpoint with odds or fixtures has one: the provider is found by `--mark` only"
                .to_owned())
        }
        n => Ok(format!("the provider is recognised by {n} of them")),
    }
}

fn path(contract: &Contract) -> Finding {
    let fault = carries(contract).filter(|endpoint| endpoint.path == "**").collect();
    none_of(
        fault,
        "no endpoint with odds takes every path",
        "any path: broken bodies of any page are taken for its own",
    )
}

/// Noise that nothing but its address tells from what is read.
fn noise(contract: &Contract) -> Finding {
    let bare = |endpoint: &&Endpoint| {
        endpoint.content.is_noise()
            && endpoint.texts.is_empty()
            && endpoint.prefix.is_none()
            && endpoint.schema.is_none()
            && endpoint.event.is_none()
            && endpoint.query.is_empty()
            && endpoint.form.is_empty()
            && endpoint.request_schema.is_none()
    };
    let same = |noise: &&Endpoint| {
        carries(contract).any(|read| {
            let methods = noise.methods.is_empty()
                || read.methods.is_empty()
                || noise.methods.iter().any(|method| read.methods.contains(method));
            (noise.transport, noise.direction) == (read.transport, read.direction)
                && (noise.path == read.path || noise.path == "**")
                && methods
        })
    };
    let fault = contract.endpoints.iter().filter(bare).filter(same).collect();
    none_of(
        fault,
        "none has the address of odds",
        "noise with the address of odds: their broken bodies count as noise",
    )
}

fn host(contract: &Contract) -> Finding {
    const ENDS: [&str; 7] = [".com", ".net", ".org", ".bet", ".co", ".app", ".example"];
    let is_host = |segment: &str| {
        let segment = segment.to_ascii_lowercase();
        segment.starts_with("www.") || segment.contains(':') || ENDS.iter().any(|end| segment.ends_with(end))
    };
    let fault = contract.endpoints.iter().filter(|endpoint| endpoint.path.split('/').any(is_host)).collect();
    none_of(fault, "no path names one", "its path seems to name a host, and hosts rotate")
}

fn stale_after(contract: &Contract) -> Finding {
    match contract.stale_after_ms {
        DEFAULT_STALE_AFTER_MS => {
            Err("5 s, as where nothing is said: say how long a price holds when nothing comes".to_owned())
        }
        millis => Ok(format!("{} s", f64::from(millis) / 1000.0)),
    }
}

/// Declared secrets that are in no body of a fixture.
fn secrets(subject: &Subject<'_>) -> Finding {
    let contract = subject.contract();
    let mut missing: BTreeSet<&str> = contract.secrets.iter().map(String::as_str).collect();
    for packet in subject.cases.iter().flat_map(|(_, traffic)| traffic.packets()) {
        missing.retain(|declared| {
            let Some((name, pointer)) = declared.split_once(':') else { return true };
            let endpoint = contract.endpoints.iter().find(|endpoint| endpoint.name == name.trim());
            let Some(mut documents) = endpoint.and_then(|it| Documents::of(packet, Some(it))) else {
                return true;
            };
            let mut found = false;
            documents.documents.iter_mut().for_each(|it| it.at(pointer.trim(), &mut |_| found = true));
            !found
        });
    }
    if missing.is_empty() {
        return Ok(format!("{} declared", contract.secrets.len()));
    }
    let missing: Vec<_> = missing.into_iter().map(|declared| format!("`{declared}`")).collect();
    Err(format!("in no body of a fixture: {}", missing.join(", ")))
}
