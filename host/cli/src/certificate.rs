//! `antigravity certificate …`.

mod documents;

use crate::args::CertificateCommand;
use crate::failure::Failure;
use crate::finding::bytes;
use crate::person::{plain, say};
use antigravity_core::checker::{self, Refused, Report};
use antigravity_core::fees::{BUILTIN, FeeBook};
use documents::Documents;
use serde_json::json;
use std::io::{self, Write};
use std::path::Path;

/// Told of an `id` besides: where a line was only reformatted, it is the only thing that is wrong.
const ID: &str =
    "; it is the SHA-256 of the certificate's bytes as printed, so of a reformatted line it is another";

pub fn run(command: &CertificateCommand) -> Result<(), Failure> {
    let CertificateCommand::Verify { file, fees, json } = command;
    let more = fees.as_deref().map(schedules).transpose()?;
    let schedules: Vec<&[u8]> = [BUILTIN].into_iter().chain(more.as_deref()).collect();
    let mut input = Documents::open(file)?;
    let mut verdicts = Verdicts { json: *json, ..Verdicts::default() };
    loop {
        match input.next() {
            Ok(Some(document)) if document.is_one() => {
                let checked = checker::verify(&document.bytes, &schedules);
                verdicts.take(&input.name, document.line, checked)?;
            }
            Ok(Some(_)) => {}
            Ok(None) => return verdicts.end(&input.name),
            Err(failure) => {
                verdicts.tell();
                return Err(failure);
            }
        }
    }
}

/// Fee schedules from a file, which the engine would take too.
fn schedules(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = bytes(path)?;
    let book = FeeBook::builtin().and_then(|book| book.with(&bytes));
    book.map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
    Ok(bytes)
}

/// What was found, told as it is found.
#[derive(Default)]
struct Verdicts {
    json: bool,
    documents: u64,
    refused: u64,
    unreadable: u64,
    /// What is wrong with the last one, not told yet: of an only document it is the error.
    untold: Option<(&'static str, String)>,
}

impl Verdicts {
    fn take(&mut self, name: &str, line: u64, checked: Result<Report, Refused>) -> Result<(), Failure> {
        self.tell();
        self.documents += 1;
        let mut out = io::stdout().lock();
        let verdict = match checked {
            Ok(report) if self.json => json!({"line": line, "verified": true,
                "guaranteed_profit": report.guaranteed_profit, "currency": report.currency,
                "legs": report.legs, "states": report.states}),
            Ok(Report { guaranteed_profit, currency, legs, states }) => {
                let currency = plain(&currency);
                writeln!(
                    out,
                    "verified: guaranteed profit {guaranteed_profit} {currency}, {legs} legs, {states} states"
                )?;
                return Ok(());
            }
            Err(Refused::Unreadable(why)) => {
                // The place within the line is told, and the line already.
                let why = why.replace(" at line 1 column ", " at column ");
                self.unreadable += 1;
                self.untold = Some(("unreadable", plain(&format!("{name}, line {line}: {why}"))));
                json!({"line": line, "verified": false, "unreadable": why})
            }
            Err(Refused::Wrong { field, said, is }) => {
                self.refused += 1;
                let note = if field == "id" { ID } else { "" };
                // What is quoted may have ends of lines in it, and would look like another message.
                let what = plain(&format!("{name}, line {line}: {field}: says {said}, is {is}{note}"));
                self.untold = Some(("refused", what));
                json!({"line": line, "verified": false, "field": field, "said": said, "is": is})
            }
        };
        if self.json {
            writeln!(out, "{verdict}")?;
        }
        Ok(())
    }

    fn tell(&mut self) {
        if let Some((word, what)) = self.untold.take() {
            say(format_args!("{word}: {what}"));
        }
    }

    fn end(mut self, name: &str) -> Result<(), Failure> {
        let Self { documents, refused, unreadable, .. } = self;
        let ended = if unreadable > 0 { Failure::Input } else { Failure::Failed };
        match (documents, refused + unreadable) {
            (0, _) => Err(Failure::input(format!("{name}: no certificate and no opportunity line"))),
            (_, 0) => Ok(()),
            (1, _) => Err(ended(self.untold.map(|(_, what)| what).unwrap_or_default())),
            _ => {
                self.tell();
                let what = match (refused, unreadable) {
                    (_, 0) => format!("{refused} of {documents} refused"),
                    (0, _) => format!("{unreadable} of {documents} unreadable"),
                    _ => format!("{refused} of {documents} refused, {unreadable} unreadable"),
                };
                Err(ended(format!("{name}: {what}")))
            }
        }
    }
}
