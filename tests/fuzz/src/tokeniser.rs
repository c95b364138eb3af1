//! The tokeniser: what `serde_json` says, on every engine, line by line as on its own.

// The differential test of the tokeniser has the same oracle.
#[path = "../../../host/tape/tests/oracle/mod.rs"]
mod oracle;

use antigravity_tape::{Framing, Tokeniser, Value};

pub fn check(data: &[u8]) {
    let body = String::from_utf8_lossy(data);
    if let Err(problem) = oracle::check(&body) {
        panic!("{problem}");
    }
    lines(&body);
}

/// Several lines are tokenised together exactly where each is alone.
fn lines(body: &str) {
    let mut tokeniser = Tokeniser::default();
    let mut together = Vec::new();
    let all = tokeniser.tokenise(body, Framing::Lines, &mut together);
    let mut alone = Vec::new();
    for line in body.split('\n').filter(|line| !line.trim_matches([' ', '\t', '\r']).is_empty()) {
        let mut tape = Vec::new();
        match tokeniser.tokenise(line, Framing::Document, &mut tape) {
            Ok(()) => alone.push((line, tape)),
            // A document may also reach over several lines.
            Err(_) => return,
        }
    }
    assert!(all.is_ok(), "each line is a document: {body:?}: {all:?}");
    let documents: Vec<_> = Value::documents(body.as_bytes(), &together).map(|value| value.kind()).collect();
    let expected: Vec<_> = alone
        .iter()
        .filter_map(|(line, tape)| Value::root(line.as_bytes(), tape))
        .map(|value| value.kind())
        .collect();
    assert_eq!(documents, expected, "{body:?}");
}
