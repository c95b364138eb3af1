//! A name cut into what its likeness to others is judged by.

use super::name::Name;
use std::collections::BTreeSet;

/// Words with their trigrams, and the initials of several words.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    words: Vec<Word>,
    initials: Option<String>,
}

#[derive(Clone, Debug)]
struct Word {
    text: String,
    /// Sorted; three characters of 21 bits.
    trigrams: Vec<u64>,
}

/// Words that say what a club is, not which.
const DESIGNATORS: &[&str] = &[
    "ac", "acf", "ad", "ae", "afc", "afk", "ao", "aps", "as", "bk", "bsc", "ca", "cd", "cf", "cfc", "club",
    "cp", "cs", "csd", "csm", "da", "de", "del", "do", "ec", "fc", "ff", "fk", "gd", "gf", "gfk", "gks",
    "gnk", "hnk", "if", "ifk", "ik", "jk", "kaa", "kf", "kfc", "krc", "ks", "ksc", "kv", "la", "mfk", "mks",
    "msk", "nk", "ogc", "pfc", "pfk", "rc", "rcd", "rfc", "rks", "rsc", "sad", "sc", "sd", "se", "sfc", "sk",
    "sl", "spvgg", "ss", "ssc", "ssd", "sv", "the", "tsg", "tsv", "ud", "us", "vfb", "vfl", "wks",
];

/// Short forms that do not begin the word, and cities' names in two languages.
const WRITTEN_OUT: &[(&str, &str)] = &[
    ("utd", "united"),
    ("st", "saint"),
    ("sankt", "saint"),
    ("sao", "saint"),
    ("atl", "atletico"),
    ("ath", "athletic"),
    ("nottm", "nottingham"),
    ("sheff", "sheffield"),
    ("wed", "wednesday"),
    ("spurs", "tottenham"),
    ("wolves", "wolverhampton"),
    ("dpo", "deportivo"),
    ("jrs", "juniors"),
    ("bayern", "bavaria"),
    ("beograd", "belgrade"),
    ("bucuresti", "bucharest"),
    ("kobenhavn", "copenhagen"),
    ("koln", "cologne"),
    ("koeln", "cologne"),
    ("kyiv", "kiev"),
    ("lisboa", "lisbon"),
    ("milano", "milan"),
    ("moskva", "moscow"),
    ("muenchen", "munich"),
    ("munchen", "munich"),
    ("praha", "prague"),
    ("roma", "rome"),
    ("sevilla", "seville"),
    ("torino", "turin"),
    ("warszawa", "warsaw"),
    ("wien", "vienna"),
];

impl Shape {
    pub fn of(name: &Name) -> Self {
        let all: Vec<&str> = name.text().split(' ').collect();
        let telling = |word: &&str| !DESIGNATORS.contains(word);
        let telling: Vec<&str> = all.iter().copied().filter(telling).collect();
        let kept = if telling.is_empty() { &all } else { &telling };
        let first = |word: &&str| word.chars().next();
        let initials = (kept.len() > 1).then(|| kept.iter().filter_map(first).collect());
        Self { words: kept.iter().map(|word| Word::of(word)).collect(), initials }
    }

    /// Of 1000.
    pub fn likeness(&self, other: &Self) -> u16 {
        let abbreviates = self.abbreviates(other) || other.abbreviates(self);
        let mean = (self.found_in(other) + other.found_in(self)) / 2;
        u16::try_from(if abbreviates { mean.max(900) } else { mean }).unwrap_or(1000)
    }

    fn abbreviates(&self, other: &Self) -> bool {
        matches!(&self.words[..], [word] if Some(&word.text) == other.initials.as_ref())
    }

    fn found_in(&self, other: &Self) -> u32 {
        let best = |word: &Word| other.words.iter().map(|candidate| word.likeness(candidate)).max();
        let sum: u32 = self.words.iter().filter_map(best).sum();
        sum / u32::try_from(self.words.len()).unwrap_or(u32::MAX).max(1)
    }

    /// The first three letters of each word and of the initials.
    pub fn beginnings(&self) -> BTreeSet<[char; 3]> {
        let words = self.words.iter().map(|word| &word.text);
        words.chain(&self.initials).map(|text| three(text)).collect()
    }
}

impl Word {
    fn of(word: &str) -> Self {
        let written = WRITTEN_OUT.iter().find(|(short, _)| *short == word);
        let text = written.map_or(word, |(_, long)| long);
        let letters: Vec<u64> = "  ".chars().chain(text.chars()).chain([' ']).map(u64::from).collect();
        let mut trigrams: Vec<u64> = letters.windows(3).map(|w| w[0] << 42 | w[1] << 21 | w[2]).collect();
        trigrams.sort_unstable();
        Self { text: text.to_owned(), trigrams }
    }

    /// Of 1000.
    fn likeness(&self, other: &Self) -> u32 {
        let begins = |long: &Self, short: &Self| short.text.len() > 2 && long.text.starts_with(&short.text);
        let least = if begins(self, other) || begins(other, self) { 800 } else { 0 };
        let (mut a, mut b, mut common) = (0, 0, 0);
        while let (Some(x), Some(y)) = (self.trigrams.get(a), other.trigrams.get(b)) {
            common += usize::from(x == y);
            (a, b) = (a + usize::from(x <= y), b + usize::from(y <= x));
        }
        let dice = 2000 * common / (self.trigrams.len() + other.trigrams.len());
        u32::try_from(dice).unwrap_or(1000).max(least)
    }
}

fn three(text: &str) -> [char; 3] {
    let mut letters = text.chars();
    std::array::from_fn(|_| letters.next().unwrap_or(' '))
}
