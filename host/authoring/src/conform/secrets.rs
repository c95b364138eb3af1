//! Secrets planted where they can appear must not come out again.

use super::{Finding, Subject};
use crate::desk::{Desk, Laid, Said};
use crate::replayed::Replayed;
use crate::traffic::Traffic;
use crate::tree::{Documents, Json};
use antigravity_core::Packet;
use antigravity_core::contract::Endpoint;
use antigravity_engine::ReplayError;

/// What is planted: in the address, in the request, under a telling name, where the contract declares
/// one, and in a session's path.
const QUERY: &str = "q7Zr2mKx9vTn4bWsLp81";
const REQUEST: &str = "h3Yd8cQe6uJf1gRaNo52";
const NAMED: &str = "w5Xk0tBi7zMs9lPvCy36";
const DECLARED: &str = "f2Gj6hVo4xDe8nUqKr97";
const SESSION: &str = "a1Ls9dKf8gHq7wEr6tYu5iop";

pub(super) fn none_in_output(subject: &Subject<'_>) -> Result<Finding, ReplayError> {
    let contract = subject.contract();
    let mut planted = 0;
    for (case, traffic) in &subject.cases {
        let laid = Laid::of(contract, traffic)?;
        let endpoints = laid.endpoints(contract);
        let mut number = 0;
        let mut traffic = traffic.map(|packet| {
            plant(packet, endpoints.get(number).copied().flatten(), &contract.secrets);
            (number, planted) = (number + 1, planted + 1);
        });
        traffic.redact(std::slice::from_ref(contract))?;
        for (what, output) in outputs(subject, &traffic)? {
            let leaked =
                [QUERY, REQUEST, NAMED, DECLARED, SESSION].iter().find(|secret| output.contains(**secret));
            if let Some(secret) = leaked {
                return Ok(Err(format!("{case}: `{secret}` stands in {what}")));
            }
        }
    }
    Ok(Ok(format!("planted in {planted} packets")))
}

/// Everything that leaves the sandbox.
fn outputs(subject: &Subject<'_>, traffic: &Traffic) -> Result<[(&'static str, String); 2], ReplayError> {
    let lines = Replayed::of(subject.adapter, traffic, true)?.text;
    let said = Desk::new(subject.adapter).read(&Laid::of(subject.contract(), traffic)?, || 1);
    let said = said.iter().map(|one| match one {
        Said::Answered(lines) => lines.join("\n"),
        Said::Failed(error) => error.to_string(),
        Said::Decided(reason) => (*reason).to_owned(),
    });
    Ok([("a line of the replay", lines), ("what the adapter says", said.collect::<Vec<_>>().join("\n"))])
}

fn plant(packet: &mut Packet, endpoint: Option<&Endpoint>, secrets: &[String]) {
    let between = if packet.url.contains('?') { '&' } else { '?' };
    packet.url = format!("{}{between}access_token={QUERY}", in_path(&packet.url)).into();
    if let Some(page) = &packet.page {
        packet.page = Some(in_path(page).into());
    }
    if let Some(request) = packet.request_body.as_mut().filter(|it| !it.starts_with(['{', '['])) {
        request.push_str(&format!("&password={REQUEST}"));
    }
    let Some(mut documents) = endpoint.and_then(|it| Documents::of(packet, Some(it))) else { return };
    for document in &mut documents.documents {
        let pointers = secrets.iter().filter_map(|declared| declared.split_once(':'));
        for (name, pointer) in pointers {
            if endpoint.is_some_and(|it| it.name == name.trim()) {
                document.at(pointer.trim(), &mut |value| *value = Json::Text(DECLARED.to_owned()));
            }
        }
        if let Json::Object(members) = document {
            members.push(("token".to_owned(), Json::Text(NAMED.to_owned())));
        }
    }
    packet.body = documents.body();
}

/// A session's pseudonym turned back into what could have been there.
fn in_path(url: &str) -> String {
    url.replace("(S(S1))", &format!("(S({SESSION}))"))
}
