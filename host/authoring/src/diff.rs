//! Comparing the quote lines that are expected with those that are given.

use antigravity_capture::Members;
use serde_json::Value;

/// Fields that a line of the expectation may leave out.
pub(crate) const OPTIONAL: [&str; 4] = ["seq", "at", "account", "adapter"];

/// A line of output: what it says, and how it is written.
pub(crate) struct Written {
    pub value: Value,
    pub text: String,
}

/// Lines of one side that the other has not, in order (a longest common subsequence).
pub(crate) fn diff(expected: &[Written], given: &[Written]) -> String {
    /// Most pairs of lines that are compared. Where more differ, nobody looks for what is common.
    const MOST: usize = 1 << 20;
    let common = |(e, g): &(&Written, &Written)| same(&e.value, &g.value);
    let front = expected.iter().zip(given).take_while(common).count();
    let (expected, given) = (&expected[front..], &given[front..]);
    let back = expected.iter().rev().zip(given.iter().rev()).take_while(common).count();
    let (expected, given) = (&expected[..expected.len() - back], &given[..given.len() - back]);
    let mut out = Shown::default();
    if expected.len().saturating_mul(given.len()) > MOST {
        expected.iter().for_each(|line| out.missing(line));
        given.iter().for_each(|line| out.surplus(line));
        return out.text;
    }
    let (n, m) = (expected.len(), given.len());
    let mut longest = vec![vec![0u32; m + 1]; n + 1];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            longest[i][j] = if same(&expected[i].value, &given[j].value) {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < n || j < m {
        if i < n && j < m && same(&expected[i].value, &given[j].value) {
            (i, j) = (i + 1, j + 1);
        } else if j == m || (i < n && longest[i + 1][j] >= longest[i][j + 1]) {
            out.missing(&expected[i]);
            i += 1;
        } else {
            out.surplus(&given[j]);
            j += 1;
        }
    }
    out.text
}

/// Whether a given line is the expected one, but for what that leaves out.
fn same(expected: &Value, given: &Value) -> bool {
    let (Some(expected), Some(given)) = (expected.as_object(), given.as_object()) else {
        return expected == given;
    };
    let optional = |key: &str| OPTIONAL.contains(&key) || key == "reasons";
    expected.iter().all(|(key, value)| given.get(key) == Some(value))
        && given.keys().all(|key| expected.contains_key(key) || optional(key))
}

/// The lines that differ, with the packet that each given one comes from.
#[derive(Default)]
struct Shown {
    text: String,
    packet: Option<u64>,
}

impl Shown {
    fn missing(&mut self, expected: &Written) {
        self.line('-', &expected.text);
    }

    /// A given line as the expectation would have it.
    fn surplus(&mut self, given: &Written) {
        let packet = given.value["seq"].as_u64();
        if let Some(packet) = packet.filter(|_| packet != self.packet) {
            self.line('@', &format!("packet {packet}"));
        }
        self.packet = packet;
        match Members::of(&given.text, |name| OPTIONAL.contains(&name)) {
            Some(members) => self.line('+', &format!("{{{}}}", members.as_str())),
            None => self.line('+', &given.text),
        }
    }

    fn line(&mut self, mark: char, text: &str) {
        self.text.push(mark);
        self.text.push(' ');
        self.text.push_str(text);
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Vec<Written> {
        let read =
            |text: &&str| Written { value: serde_json::from_str(text).unwrap(), text: (*text).to_owned() };
        texts.iter().map(read).collect()
    }

    #[test]
    fn only_what_differs_is_shown() {
        let expected = lines(&[r#"{"type":"quote","price":1}"#, r#"{"type":"quote","price":2}"#]);
        let given =
            lines(&[r#"{"type":"quote","seq":4,"price":1}"#, r#"{"type":"quote","seq":4,"price":3}"#]);
        assert_eq!(
            diff(&expected, &given),
            "- {\"type\":\"quote\",\"price\":2}\n@ packet 4\n+ {\"type\":\"quote\",\"price\":3}\n"
        );
        assert_eq!(diff(&expected[..1], &given[..1]), "");
        let named = lines(&[r#"{"type":"quote","seq":5,"price":1}"#]);
        assert_ne!(diff(&named, &given[..1]), "", "a field that is named counts");
        let [a, b, c, d] = [r#"{"x":1}"#, r#"{"x":2}"#, r#"{"x":3}"#, r#"{"x":4}"#];
        assert_eq!(diff(&lines(&[a, b, c, d]), &lines(&[a, c, d, d])), "- {\"x\":2}\n+ {\"x\":4}\n");
        assert_eq!(diff(&lines(&[a, a]), &lines(&[a])), "- {\"x\":1}\n");
    }

    /// What agrees costs nothing, and what differs all through is shown as it is.
    #[test]
    fn many_lines_take_no_longer_than_few() {
        let many = |from: usize| {
            let texts: Vec<String> = (from..from + 100_000).map(|n| format!("{{\"x\":{n}}}")).collect();
            lines(&texts.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let start = std::time::Instant::now();
        assert_eq!(diff(&many(0), &many(0)), "");
        assert_eq!(diff(&many(0), &many(200_000)).lines().count(), 200_000);
        assert!(start.elapsed().as_secs() < 20);
    }
}
