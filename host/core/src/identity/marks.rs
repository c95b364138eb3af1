//! What tells a club's women's, youth and reserve teams from its first team.

use super::name::{Kind, Word};
use std::fmt;

/// A second team, as the provider tells it. They are kept apart: a club may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reserve {
    B,
    C,
    Ii,
    Iii,
    Reserves,
}

/// What a team is besides its club. Teams whose marks differ are never one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Marks {
    pub women: bool,
    /// Under that age; 0 where the age is not told.
    pub youth: Option<u8>,
    pub reserve: Option<Reserve>,
}

impl fmt::Display for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.women {
            f.write_str(" (women)")?;
        }
        match self.youth {
            None => {}
            Some(0) => f.write_str(" (youth)")?,
            Some(age) => write!(f, " (u{age})")?,
        }
        f.write_str(match self.reserve {
            None => "",
            Some(Reserve::B) => " (b)",
            Some(Reserve::C) => " (c)",
            Some(Reserve::Ii) => " (ii)",
            Some(Reserve::Iii) => " (iii)",
            Some(Reserve::Reserves) => " (reserves)",
        })
    }
}

#[derive(Clone, Copy)]
enum Mark {
    Women,
    Youth(u8),
    Reserve(Reserve),
}

impl Marks {
    /// `false` where a mark of that sort is there already.
    fn add(&mut self, mark: Mark) -> bool {
        match mark {
            Mark::Women if !self.women => self.women = true,
            Mark::Youth(age) if self.youth.is_none() => self.youth = Some(age),
            Mark::Reserve(reserve) if self.reserve.is_none() => self.reserve = Some(reserve),
            _ => return false,
        }
        true
    }
}

/// Takes the marks out of a name's words, the rightmost of each sort; at least one word stays.
///
/// Again from the right after each: a mark that goes can leave another at the end (`B (W)`).
pub(super) fn take(kind: Kind, words: &mut Vec<Word>) -> Marks {
    let mut marks = Marks::default();
    let mut at = words.len();
    while at > 0 {
        at -= 1;
        if let Some((mark, length)) = mark(kind, words, at)
            && words.len() > length
            && marks.add(mark)
        {
            words.drain(at..at + length);
            at = words.len();
        }
    }
    marks
}

/// The mark that begins at that word, and how many words it has.
fn mark(kind: Kind, words: &[Word], at: usize) -> Option<(Mark, usize)> {
    let word = &words[at];
    let next = words.get(at + 1).map(|next| next.text.as_str());
    if let Some(age) = next.filter(|_| matches!(&*word.text, "u" | "under" | "sub")).and_then(age) {
        return Some((Mark::Youth(age), 2));
    }
    let mark = long(&word.text)
        .or_else(|| if word.bracketed { bracketed(kind, &word.text) } else { None })
        .or_else(|| if kind == Kind::Team { positioned(words, at) } else { None })?;
    Some((mark, 1))
}

/// Words that are marks wherever they stand.
fn long(word: &str) -> Option<Mark> {
    match word {
        "women" | "womens" | "ladies" | "wfc" | "lfc" | "frauen" | "damen" | "vrouwen" | "dames" | "fem"
        | "femenino" | "femenina" | "femenil" | "femeni" | "feminino" | "feminina" | "feminin"
        | "feminine" | "feminines" | "femminile" | "kvinner" | "kvinder" | "damer" | "naiset" | "zeny"
        | "kobiet" | "kadin" => Some(Mark::Women),
        "youth" | "juvenil" | "primavera" => Some(Mark::Youth(0)),
        "reserves" | "reserve" | "res" => Some(Mark::Reserve(Reserve::Reserves)),
        _ => ["under", "sub", "u"]
            .iter()
            .find_map(|prefix| word.strip_prefix(prefix))
            .and_then(age)
            .map(Mark::Youth),
    }
}

/// `21` or `21s`, from 12 to 25.
fn age(text: &str) -> Option<u8> {
    let digits = text.strip_suffix('s').unwrap_or(text);
    let two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|age| two && (12..=25).contains(age))
}

/// Letters that are marks in brackets. A competition has no second team: `Serie (B)` is a league.
fn bracketed(kind: Kind, word: &str) -> Option<Mark> {
    match word {
        "w" | "f" => Some(Mark::Women),
        "y" if kind == Kind::Team => Some(Mark::Youth(0)),
        "r" if kind == Kind::Team => Some(Mark::Reserve(Reserve::Reserves)),
        _ if kind == Kind::Team => second(word),
        _ => None,
    }
}

/// Words that are marks at an end of a team's name only.
fn positioned(words: &[Word], at: usize) -> Option<Mark> {
    let word = &*words[at].text;
    // Dutch and Belgian second teams: Jong Ajax.
    if at == 0 {
        return (word == "jong").then_some(Mark::Reserve(Reserve::B));
    }
    if at + 1 < words.len() {
        return None;
    }
    match word {
        "w" => Some(Mark::Women),
        // Second teams with a name of their own.
        "castilla" | "mestalla" | "promesas" => Some(Mark::Reserve(Reserve::B)),
        // First teams named after a king and a pope: Willem II, Juan Pablo II.
        "ii" if matches!(&*words[at - 1].text, "willem" | "pablo" | "paulo" | "paul") => None,
        _ => second(word),
    }
}

fn second(word: &str) -> Option<Mark> {
    let reserve = match word {
        "b" => Reserve::B,
        "c" => Reserve::C,
        "ii" | "2" => Reserve::Ii,
        "iii" | "3" => Reserve::Iii,
        _ => return None,
    };
    Some(Mark::Reserve(reserve))
}
