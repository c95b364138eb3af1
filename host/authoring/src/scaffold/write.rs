//! Writing the folder.

use super::Plan;
use super::propose::{Proposal, Proposed, propose};
use crate::traffic::Traffic;
use antigravity_abi::PriceFormat;
use antigravity_core::contract::Profile;
use std::io;
use std::path::{Path, PathBuf};

/// A folder that was made.
#[derive(Clone, Debug)]
pub struct Scaffolded {
    pub folder: PathBuf,
    /// Endpoints that a capture suggested; 0 without one.
    pub endpoints: usize,
    /// Fields of them that look like something.
    pub fields: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum ScaffoldError {
    #[error("`{0}`: a name must be 1 to 40 of a–z, 0–9 and `-`, and begin with a letter")]
    Name(String),
    #[error("{}: there is something already", .0.display())]
    Exists(PathBuf),
    #[error("nothing in the capture looks like odds, or like events with names")]
    Nothing,
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
}

/// Makes the folder: from the traffic where there is some, else of a made-up shape. Nothing of it names a
/// host.
///
/// # Errors
/// [`ScaffoldError`]; nothing is written then, but for a disk that fails on the way.
pub fn scaffold(plan: &Plan, traffic: Option<&Traffic>) -> Result<Scaffolded, ScaffoldError> {
    let valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let name = &plan.name;
    if name.len() > 40
        || !name.starts_with(|c: char| c.is_ascii_lowercase())
        || !name.chars().all(valid)
        || name.ends_with('-')
    {
        return Err(ScaffoldError::Name(name.clone()));
    }
    let occupied =
        std::fs::read_dir(&plan.folder).map_or(plan.folder.exists(), |mut all| all.next().is_some());
    if occupied {
        return Err(ScaffoldError::Exists(plan.folder.clone()));
    }
    let proposal = match traffic {
        Some(traffic) => Some(propose(traffic, name).ok_or(ScaffoldError::Nothing)?),
        None => None,
    };
    let files = match &proposal {
        Some(proposal) => proposed(plan, proposal),
        None => made_up(plan),
    };
    let put = |path: &Path, text: &[u8]| {
        crate::files::write(path, text).map_err(|source| ScaffoldError::Io { path: path.to_owned(), source })
    };
    for (path, text) in files.into_iter().chain([("Cargo.toml", manifest(plan))]) {
        put(&plan.folder.join(path), text.as_bytes())?;
    }
    if !in_workspace(plan) {
        // The versions that the host is built with are there already, and known to work.
        let lock = plan.checkout.join("Cargo.lock");
        let text = std::fs::read(&lock).map_err(|source| ScaffoldError::Io { path: lock, source })?;
        put(&plan.folder.join("Cargo.lock"), &text)?;
    }
    let endpoints = proposal.as_ref().map_or(0, |it| it.endpoints.len());
    let fields = proposal.iter().flat_map(|it| &it.endpoints).map(|endpoint| endpoint.fields.len()).sum();
    Ok(Scaffolded { folder: plan.folder.clone(), endpoints, fields })
}

type Files = Vec<(&'static str, String)>;

/// Whether the folder becomes a part of the checkout's workspace by itself.
fn in_workspace(plan: &Plan) -> bool {
    plan.folder.parent().is_some_and(|parent| parent == plan.checkout.join("adapters"))
}

fn manifest(plan: &Plan) -> String {
    let name = &plan.name;
    if in_workspace(plan) {
        return format!(
            "[package]\nname = \"antigravity-adapter-{name}\"\ndescription = \"{name}\"\nversion = \"0.1.0\"\n\
            edition.workspace = true\nrust-version.workspace = true\nlicense.workspace = true\npublish.workspace = true\n\n\
            [lib]\ncrate-type = [\"cdylib\", \"rlib\"]\n\n\
            [dependencies]\nantigravity-sdk.workspace = true\n\n\
            [dev-dependencies]\nantigravity-sdk = {{ workspace = true, features = [\"testing\"] }}\n\n\
            [lints]\nworkspace = true\n"
        );
    }
    let sdk = plan.checkout.join("adapters/sdk");
    let sdk = toml_text(&sdk.display().to_string());
    format!(
        "[package]\nname = \"antigravity-adapter-{name}\"\ndescription = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
        publish = false\n\n[lib]\ncrate-type = [\"cdylib\", \"rlib\"]\n\n[dependencies]\nantigravity-sdk = {{ path = {sdk} }}\n\n\
        [dev-dependencies]\nantigravity-sdk = {{ path = {sdk}, features = [\"testing\"] }}\n\n\
        # A workspace of its own, wherever it lies.\n[workspace]\n"
    )
}

/// A basic string of TOML, whose escapes are those of JSON.
fn toml_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// `acme-bets` as the name of a type.
fn type_name(name: &str) -> String {
    let words = name.split('-').filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}

const fn profile_names(profile: Profile) -> (&'static str, &'static str) {
    match profile {
        Profile::AutoPush => ("AutoPush", "AUTO_PUSH"),
        Profile::PathSession => ("PathSession", "PATH_SESSION"),
        Profile::EventDriven => ("EventDriven", "EVENT_DRIVEN"),
    }
}

/// Prices of a page that only speaks when something happens hold as long as its connection lives.
const fn by_profile(profile: Profile) -> (&'static str, &'static str, &'static str) {
    match profile {
        Profile::AutoPush | Profile::PathSession => ("30_000", "30", ""),
        Profile::EventDriven => ("60_000", "60", "\n            .confirmed_by_connection()"),
    }
}

fn filled(template: &str, plan: &Plan, more: &[(&str, &str)]) -> String {
    let (profile, upper) = profile_names(plan.profile);
    let (stale, seconds, confirmed) = by_profile(plan.profile);
    let krate = format!("antigravity_adapter_{}", plan.name.replace('-', "_"));
    let common = [
        ("name", plan.name.as_str()),
        ("Name", &type_name(&plan.name)),
        ("crate", &krate),
        ("Profile", profile),
        ("PROFILE", upper),
        ("stale", stale),
        ("seconds", seconds),
        ("more", confirmed),
    ];
    let all = more.iter().copied().chain(common);
    all.fold(template.to_owned(), |text, (key, value)| text.replace(&format!("{{{{{key}}}}}"), value))
}

fn made_up(plan: &Plan) -> Files {
    let name = &plan.name;
    let (endpoint, request, example, row) = match plan.profile {
        Profile::AutoPush => (
            "http(\"odds\", \"**/api/odds\").methods(&[\"GET\"])",
            format!(
                "\"transport\":\"http\",\"method\":\"GET\",\"url\":\"https://{name}.example/api/odds\",\"status\":200"
            ),
            "GET …/api/odds",
            "| `odds` | HTTP | `**/api/odds` | all events, whole |",
        ),
        Profile::PathSession => (
            "http(\"odds\", \"**/api/odds\").methods(&[\"GET\"])",
            format!(
                "\"page\":\"https://{name}.example/(S(S1))/sports\",\"transport\":\"http\",\"method\":\"GET\",\
                \"url\":\"https://{name}.example/(S(S1))/api/odds\",\"status\":200"
            ),
            "GET …/(S(<token>))/api/odds",
            "| `odds` | HTTP | `**/api/odds` | all events, whole |",
        ),
        Profile::EventDriven => (
            "websocket(\"odds\", \"**/feed\")",
            format!(
                "\"transport\":\"websocket\",\"direction\":\"received\",\"url\":\"wss://{name}.example/feed\""
            ),
            "WebSocket …/feed, received",
            "| `odds` | WebSocket, received | `**/feed` | all events, whole |",
        ),
    };
    let read = "- Totals of the full time; a line that moves takes the place of the one before.";
    let more: [(&str, &str); 5] =
        [("endpoint", endpoint), ("request", &request), ("example", example), ("table", row), ("read", read)];
    let fill = |template: &str| filled(template, plan, &more);
    vec![
        ("src/lib.rs", fill(include_str!("templates/lib.rs.txt"))),
        ("tests/facts.rs", fill(include_str!("templates/facts.rs.txt"))),
        ("README.md", fill(include_str!("templates/README.md.txt"))),
        ("fixtures/first/packets.capture.ndjson", fill(include_str!("templates/packets.ndjson.txt"))),
        ("fixtures/first/expected.ndjson", fill(include_str!("templates/expected.ndjson.txt"))),
    ]
}

fn proposed(plan: &Plan, proposal: &Proposal) -> Files {
    let endpoints: Vec<_> = proposal.endpoints.iter().map(endpoint).collect();
    let rows: Vec<_> = proposal.endpoints.iter().map(row).collect();
    let tables: Vec<_> = proposal.endpoints.iter().map(fields).collect();
    let read =
        format!("Nothing yet. What fields look like, by their names and values:\n\n{}", tables.join("\n\n"));
    let first = proposal.endpoints.first().map_or("", |endpoint| endpoint.name.as_str());
    let format = format_name(proposal.format);
    let (endpoints, rows) = (endpoints.join("\n"), rows.join("\n"));
    let more: [(&str, &str); 5] =
        [("endpoints", &endpoints), ("table", &rows), ("read", &read), ("first", first), ("format", format)];
    let fill = |template: &str| filled(template, plan, &more);
    let count = proposal.fixture.packets().count();
    let ledger = format!(
        "{{\"type\":\"ledger\",\"captured\":{count},\"parsed\":0,\"ignored\":{count},\"unmatched\":0,\"not_contracted\":0,\
        \"rejected\":0,\"failed\":0,\"dropped\":0}}\n"
    );
    vec![
        ("src/lib.rs", fill(include_str!("templates/proposed.rs.txt"))),
        ("tests/facts.rs", fill(include_str!("templates/proposed_facts.rs.txt"))),
        ("README.md", fill(include_str!("templates/README.md.txt"))),
        ("fixtures/first/packets.capture.ndjson", proposal.fixture.to_capture()),
        ("fixtures/first/expected.ndjson", ledger),
    ]
}

const fn format_name(format: PriceFormat) -> &'static str {
    match format {
        PriceFormat::Decimal => "Decimal",
        PriceFormat::Malay => "Malay",
        PriceFormat::HongKong => "HongKong",
        PriceFormat::Indonesian => "Indonesian",
        PriceFormat::American => "American",
        PriceFormat::Probability => "Probability",
    }
}

/// An endpoint as it is declared.
fn endpoint(it: &Proposed) -> String {
    let mut code =
        format!("            .endpoint({}({:?}, {:?})", it.shape.transport, it.name, it.shape.path);
    if let Some(method) = it.shape.method.as_deref().filter(|_| it.shape.transport == "http") {
        code.push_str(&format!(".methods(&[{method:?}])"));
    }
    if !it.shape.prefix.is_empty() {
        code.push_str(&format!(".prefix({:?})", it.shape.prefix));
    }
    if it.odds() == 0 {
        code.push_str(".content(Content::Fixtures)");
    }
    let schema = &it.schema;
    let hashes = "#".repeat(
        1 + schema.split('"').map(|part| part.bytes().take_while(|b| *b == b'#').count()).max().unwrap_or(0),
    );
    code.push_str(&format!(".schema(\n                r{hashes}\"{schema}\"{hashes},\n            ))"));
    code
}

fn row(it: &Proposed) -> String {
    let transport = match it.shape.transport {
        "http" => "HTTP",
        "websocket" => "WebSocket, received",
        _ => "SSE",
    };
    let query = if it.query.is_empty() {
        String::new()
    } else {
        format!("; always asked with {}", it.query.join(", "))
    };
    let what = if it.odds() > 0 { "odds?" } else { "events?" };
    format!("| `{}` | {transport} | `{}` | {what}{} |", it.name, it.shape.path, cell(&query))
}

fn fields(it: &Proposed) -> String {
    let mut text = format!("`{}`:\n\n| field | looks like | for example |\n|---|---|---|", it.name);
    for field in &it.fields {
        let (path, example) = (cell(&field.path), cell(&field.example));
        text.push_str(&format!("\n| `{path}` | {} | {example} |", field.role.name()));
    }
    text
}

/// Text within one cell of a table.
fn cell(text: &str) -> String {
    text.replace(['|', '`'], "·").replace(char::is_control, " ")
}
