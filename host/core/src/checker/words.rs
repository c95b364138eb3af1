//! Texts that are compared, and those that look alike.

use super::{Refused, must};
use unicode_normalization::UnicodeNormalization;

/// A stated text, or none, that must be this one.
pub(super) fn same_text<'a, T: Into<Option<&'a str>>>(field: String, said: T, is: T) -> Result<(), Refused> {
    let (said, is) = (said.into(), is.into());
    must(said == is, field, shown(said), shown(is))
}

/// For people.
pub(super) fn shown(word: Option<&str>) -> &str {
    word.unwrap_or("nothing")
}

/// Whether a text has from one to so many bytes, all of them of known characters.
pub(super) fn is_made_of(text: &str, most: usize, known: fn(char) -> bool) -> bool {
    (1..=most).contains(&text.len()) && text.chars().all(known)
}

/// A name without what does not show: case, width, the make-up of letters, spaces around it or beside
/// each other, and characters without a shape. Letters of two scripts that look alike stay apart.
pub(super) fn folded(name: &str) -> String {
    let shown: String = name
        .nfkc()
        .filter(|c| c.is_whitespace() || !(c.is_control() || is_without_shape(*c)))
        .flat_map(char::to_lowercase)
        .collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Soft hyphens, joiners, marks of direction, variation selectors, tags, the fillers of Hangul, the empty
/// pattern of Braille, marks of notation and of annotation, and what is no character.
const fn is_without_shape(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{2800}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}
