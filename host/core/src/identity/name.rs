//! Names of teams, competitions and runners in one form.

use super::marks::{self, Marks};
use std::fmt;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Team,
    Competition,
    Runner,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Team, Self::Competition, Self::Runner];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Competition => "competition",
            Self::Runner => "runner",
        }
    }

    /// The kind of that [`name`](Self::name).
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The most characters of a name, as given and as printed.
pub const LONGEST: usize = 200;

/// A name in its normal form; two providers mean the same when both text and marks are equal.
///
/// Printed as the text and its marks (`arsenal (women)`), which normalises to the same name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    text: Box<str>,
    marks: Marks,
    shows_marks: bool,
}

impl Name {
    /// Lower-case words with one space between them, without the marks.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub const fn marks(&self) -> Marks {
        self.marks
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        if self.shows_marks { self.marks.fmt(f) } else { Ok(()) }
    }
}

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("a name without a letter or digit")]
    Empty,
    #[error("a name of more than {LONGEST} characters")]
    TooLong,
}

/// The normal form of a name as a provider shows it.
///
/// Compatibility forms and accents of Latin, Greek and Cyrillic letters go (Unicode NFKD without
/// U+0300–U+036F), letters without a decomposition are mapped (`ø` to `o`), case goes, `&` is
/// `and`, apostrophes go, `F.C.` is `fc`, any other punctuation is a space. No word is dropped:
/// without `united`, `city`, `real` or `fc` different clubs would be one. Words that tell women's,
/// youth and reserve teams become [`Marks`]; of a runner they stay in the text as well, since a
/// horse may be called `Ladies First`.
///
/// # Errors
/// [`NameError`] where nothing is left or too much.
pub fn normalise(kind: Kind, raw: &str) -> Result<Name, NameError> {
    // Counted no further than needed: a body may hold megabytes.
    if raw.chars().nth(LONGEST).is_some() {
        return Err(NameError::TooLong);
    }
    let mut words = words(raw);
    if words.is_empty() {
        return Err(NameError::Empty);
    }
    let marks = match kind {
        Kind::Runner => {
            let mut plain = words.iter().map(|word| Word { bracketed: false, ..word.clone() }).collect();
            marks::take(Kind::Team, &mut plain)
        }
        Kind::Team | Kind::Competition => marks::take(kind, &mut words),
    };
    let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    let name = Name { text: text.into(), marks, shows_marks: kind != Kind::Runner };
    if name.to_string().chars().nth(LONGEST).is_some() {
        return Err(NameError::TooLong);
    }
    Ok(name)
}

/// A word and how it stood.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub text: String,
    pub bracketed: bool,
    /// Made of single letters.
    joined: bool,
}

fn words(raw: &str) -> Vec<Word> {
    let mut reader = Reader::default();
    let letters = raw.chars().filter(|c| !silent(*c)).nfkd().flat_map(char::to_lowercase).nfkd();
    for c in letters.filter(|c| !silent(*c) && !accent(*c)) {
        reader.read(c);
    }
    reader.end_word();
    reader.words
}

#[derive(Default)]
struct Reader {
    words: Vec<Word>,
    word: String,
    depth: usize,
    /// Between the last word and here: nothing but one full stop.
    stop: bool,
}

impl Reader {
    fn read(&mut self, c: char) {
        match c {
            'ø' => self.word.push('o'),
            'ł' => self.word.push('l'),
            'đ' | 'ð' => self.word.push('d'),
            'ı' => self.word.push('i'),
            'þ' => self.word.push_str("th"),
            'ß' => self.word.push_str("ss"),
            'æ' => self.word.push_str("ae"),
            'œ' => self.word.push_str("oe"),
            '&' => {
                self.end_word();
                self.word.push_str("and");
                self.end_word();
            }
            '.' => {
                let ended = !self.word.is_empty();
                self.end_word();
                self.stop = ended;
            }
            c if c.is_alphanumeric() || is_combining_mark(c) => self.word.push(c),
            c => {
                self.end_word();
                self.stop = false;
                match c {
                    '(' | '[' => self.depth += 1,
                    ')' | ']' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
            }
        }
    }

    /// Takes the word up; single letters with full stops between them are one word (`F.C.`).
    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let text: String = self.word.nfc().collect();
        self.word.clear();
        let letter = |text: &str| text.chars().count() == 1 && text.chars().all(char::is_alphabetic);
        let joins = std::mem::take(&mut self.stop) && letter(&text);
        match self.words.last_mut() {
            Some(last) if joins && (last.joined || letter(&last.text)) => {
                last.text.push_str(&text);
                last.joined = true;
            }
            _ => self.words.push(Word { text, bracketed: self.depth > 0, joined: false }),
        }
    }
}

/// Accents of Latin, Greek and Cyrillic. Other scripts keep theirs: there they are vowels, or tell
/// one consonant from another.
const fn accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Apostrophes, and characters that cannot be seen.
const fn silent(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '´'
            | '\u{2018}'..='\u{201b}'
            | '\u{2032}'
            | '\u{2b9}'..='\u{2bf}'
            | '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{feff}'
    )
}
