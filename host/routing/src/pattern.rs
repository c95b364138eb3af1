//! Path patterns of contracts, independent of the host.

use crate::url::{Url, same_segment};

/// A compiled `endpoint.path`: literal segments without ASCII case, `*` for one segment, `**` for
/// any number. Session segments and empty ones are taken out of the path before it is compared.
#[derive(Clone, Debug)]
pub struct PathPattern {
    segments: Vec<Segment>,
}

#[derive(Clone, Debug)]
enum Segment {
    Literal(Box<str>),
    One,
    Many,
}

/// Segments a pattern may have: matching costs at most this times the path's.
const MAX_SEGMENTS: usize = 64;

/// Why a text is no path pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    #[error("a pattern describes the path only, not scheme, host, query or fragment")]
    NotAPath,
    #[error("`*` and `**` stand for whole segments")]
    PartialWildcard,
    #[error("more than {MAX_SEGMENTS} segments")]
    TooLong,
}

impl PathPattern {
    /// Reads a pattern such as `/api/*/odds/**`.
    ///
    /// # Errors
    /// [`PatternError`] for anything that could never match, so that a mistake shows when the
    /// contract is installed and not as a silent stream.
    pub fn compile(pattern: &str) -> Result<Self, PatternError> {
        if pattern.contains("://") || pattern.starts_with("//") || pattern.contains(['?', '#']) {
            return Err(PatternError::NotAPath);
        }
        let segments: Vec<_> = pattern
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| match segment {
                "*" => Ok(Segment::One),
                "**" => Ok(Segment::Many),
                _ if segment.contains('*') => Err(PatternError::PartialWildcard),
                _ => Ok(Segment::Literal(segment.into())),
            })
            .collect::<Result<_, _>>()?;
        if segments.len() > MAX_SEGMENTS { Err(PatternError::TooLong) } else { Ok(Self { segments }) }
    }

    /// Whether the address's path fits. Only the last `**` is ever tried again with more segments,
    /// so a match takes at most pattern × path steps.
    pub fn matches(&self, url: Url<'_>) -> bool {
        let mut rest = url.segments();
        let mut at = 0;
        let mut retry = None;
        loop {
            let mut ahead = rest.clone();
            let fits = match (self.segments.get(at), ahead.next()) {
                (None, None) => return true,
                (Some(Segment::Many), _) => {
                    at += 1;
                    retry = Some((at, rest.clone()));
                    continue;
                }
                (Some(Segment::One), Some(_)) => true,
                (Some(Segment::Literal(literal)), Some(segment)) => same_segment(segment, literal),
                _ => false,
            };
            if fits {
                rest = ahead;
                at += 1;
                continue;
            }
            let Some((after, from)) = &mut retry else { return false };
            if from.next().is_none() {
                return false;
            }
            rest = from.clone();
            at = *after;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fits(pattern: &str, url: &str) -> bool {
        PathPattern::compile(pattern).unwrap().matches(Url::split(url))
    }

    #[test]
    fn literals_and_wildcards() {
        assert!(fits("/Bets/Data.ashx", "https://h.example/bets/DATA.ashx?x=1"));
        assert!(fits("bets/data.ashx", "//h/bets//data.ashx/"));
        assert!(
            !fits("/bets", "https://h.example/bets/more") && !fits("/bets/more", "https://h.example/bets")
        );
        assert!(
            fits("/a/*/c", "https://h/a/b/c")
                && !fits("/a/*/c", "https://h/a/c")
                && !fits("/a/*", "https://h/a")
        );
        assert!(
            fits("**", "")
                && fits("/**", "wss://h")
                && fits("/**/x", "https://h/x")
                && fits("/a/**", "https://h/a")
        );
        assert!(fits("/**/a/*/b/**", "https://h/a/a/a/c/b/b/z") && !fits("/**/a/*/b", "https://h/a/b"));
        assert!(fits("/w s/ünïted", "https://h/w%20s/%c3%bcn%C3%AFted"));
    }

    #[test]
    fn sessions_are_taken_out() {
        assert!(fits("/Data/GetOdds", "https://h/(S(k3y))/Data/GetOdds"));
        assert!(fits("/Data/GetOdds", "https://h/data/(a(x)s(k3y)f(z))/getodds"));
        assert!(!fits("/*/Data", "https://h/(S(k3y))/Data"));
    }

    #[test]
    fn mistakes_are_refused() {
        let error = |pattern| PathPattern::compile(pattern).unwrap_err();
        assert_eq!(error("https://h/a"), PatternError::NotAPath);
        assert_eq!(error("//h/a"), PatternError::NotAPath);
        assert_eq!(error("/a?b=c"), PatternError::NotAPath);
        assert_eq!(error("/a/*.ashx"), PatternError::PartialWildcard);
        assert_eq!(error(&"/a".repeat(65)), PatternError::TooLong);
    }

    /// The definition, by recursion.
    fn slow(pattern: &[&str], path: &[&str]) -> bool {
        match (pattern, path) {
            ([], []) => true,
            (["**", rest @ ..], _) => (0..=path.len()).any(|n| slow(rest, &path[n..])),
            (["*", p @ ..], [_, s @ ..]) => slow(p, s),
            ([l, p @ ..], [x, s @ ..]) => l == x && slow(p, s),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(
            pattern in proptest::collection::vec(prop_oneof![Just("*"), Just("**"), Just("a"), Just("b")], 0..6),
            path in proptest::collection::vec(prop_oneof![Just("a"), Just("b"), Just("c")], 0..8),
        ) {
            prop_assert_eq!(fits(&pattern.join("/"), &format!("https://h/{}", path.join("/"))), slow(&pattern, &path));
        }
    }
}
