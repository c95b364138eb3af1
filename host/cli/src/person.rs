//! What is written for a person: with nothing in it that steers a terminal, and never without end.

use std::fmt::Display;
use std::io::{self, Write};

/// Longest line of a message, in characters.
const LONGEST: usize = 2000;

/// Text from anywhere, as one line that can be shown. Control characters could steer the terminal, and
/// those that turn the direction of writing could show another text than there is.
pub fn plain(text: &str) -> String {
    let shown = |c: char| match c {
        c if c.is_control() && c.is_whitespace() => ' ',
        c if c.is_control() || turns(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(shown).collect()
}

/// Whether it changes the direction of what is written around it.
const fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Tells something on standard error. Messages quote files and their names: every line of one is made
/// plain, and cut in its middle where it is too long.
pub fn say(message: impl Display) {
    let mut text = String::new();
    for line in message.to_string().lines() {
        text.push_str(&short(&plain(line)));
        text.push('\n');
    }
    // Where it cannot be written (a full disk, nobody who reads) nobody can be told, and what the
    // program was asked for does not depend on it.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// The beginning, which says where, and the end, which says what.
fn short(line: &str) -> String {
    if line.chars().count() <= LONGEST {
        return line.to_owned();
    }
    let mut characters = line.char_indices();
    let half = characters.nth(LONGEST / 2).map_or(line.len(), |(at, _)| at);
    let rest = characters.nth_back(LONGEST / 2 - 1).map_or(line.len(), |(at, _)| at);
    format!("{} … {}", &line[..half], &line[rest..])
}

/// What the log writes to: one event a call, each one line on standard error.
#[derive(Debug)]
pub struct Log;

impl Write for Log {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        say(plain(String::from_utf8_lossy(event).trim_end()));
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_a_terminal() {
        let text = "\u{1b}[2J\u{7}\u{9b}31m\u{202e}x\u{2066}\u{61c}\u{7f}a\tb\r\nc é";
        assert_eq!(plain(text), "\u{fffd}[2J\u{fffd}\u{fffd}31m\u{fffd}x\u{fffd}\u{fffd}\u{fffd}a b  c é");
    }

    #[test]
    fn a_long_line_is_cut_in_its_middle() {
        let whole = "é".repeat(LONGEST);
        assert_eq!(short(&whole), whole);
        let cut = short(&format!("begin{whole}end"));
        assert!(cut.starts_with("begin") && cut.contains(" … ") && cut.ends_with("end"));
        assert_eq!(cut.chars().count(), LONGEST + 3);
    }
}
