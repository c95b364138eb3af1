//! What the fields of recorded bodies look like.

use crate::tree::Json;
use std::collections::BTreeMap;

/// What a field may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Odds,
    Id,
    Name,
    Start,
}

impl Role {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Odds => "odds",
            Self::Id => "identifier",
            Self::Name => "name of a team, runner or competition",
            Self::Start => "time, perhaps kick-off",
        }
    }
}

/// A field that looks like something.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// A JSON pointer in which `*` stands for every item, or for an identifier as a member's name.
    pub path: String,
    pub role: Role,
    pub example: String,
}

/// Values of each path that were looked at, the first ones.
#[derive(Debug, Default)]
pub(super) struct Seen(BTreeMap<String, Vec<String>>);

impl Seen {
    pub fn document(&mut self, json: &Json) {
        self.walk(json, &mut String::new());
    }

    fn walk(&mut self, json: &Json, path: &mut String) {
        /// Values kept of a path, paths, and places of a row.
        const VALUES: usize = 40;
        const PATHS: usize = 2000;
        const PLACES: usize = 200;
        let length = path.len();
        match json {
            Json::Number(text) | Json::Text(text) => {
                let known = self.0.contains_key(path.as_str()) || self.0.len() < PATHS;
                if known && !text.is_empty() {
                    let values = self.0.entry(path.clone()).or_default();
                    if values.len() < VALUES {
                        values.push(text.clone());
                    }
                }
            }
            Json::Array(items) => {
                // In a row of plain values the place says what a value is.
                let row = items.iter().any(|item| !matches!(item, Json::Array(_) | Json::Object(_)));
                for (n, item) in items.iter().take(if row { PLACES } else { usize::MAX }).enumerate() {
                    path.push_str(&if row { format!("/{n}") } else { "/*".to_owned() });
                    self.walk(item, path);
                    path.truncate(length);
                }
            }
            Json::Object(members) => {
                for (name, value) in members {
                    path.push('/');
                    path.push_str(if is_identifier(name) { "*" } else { name });
                    self.walk(value, path);
                    path.truncate(length);
                }
            }
            Json::Null | Json::Bool(_) => {}
        }
    }

    /// The fields that look like something, by path.
    pub fn fields(&self) -> Vec<Field> {
        let fields = self.0.iter().filter_map(|(path, values)| {
            let role = role(path, values)?;
            let example = values.first().map_or("", String::as_str);
            // An address would name a host.
            let example = if example.contains("//") || example.contains("www.") { "…" } else { example };
            let example = example.chars().take(40).collect();
            Some(Field { path: path.clone(), role, example })
        });
        fields.collect()
    }

    /// The values of fields that look like odds.
    pub fn odds(&self) -> impl Iterator<Item = f64> {
        let odds = self.0.iter().filter(|(path, values)| role(path, values) == Some(Role::Odds));
        odds.flat_map(|(_, values)| values).filter_map(|value| value.parse().ok())
    }
}

/// A name that stands for one thing rather than for a kind of things.
fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit()) || name.len() > 24
}

fn role(path: &str, values: &[String]) -> Option<Role> {
    let name = path.rsplit('/').find(|part| *part != "*").unwrap_or_default();
    let lower = name.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let all =
        |fits: fn(&str) -> bool| values.iter().filter(|value| fits(value)).count() * 10 >= values.len() * 7;
    if all(is_time)
        && (says(&["start", "time", "date", "kick", "utc", "begin"]) || all(|it| it.contains('T')))
    {
        return Some(Role::Start);
    }
    let place = !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit());
    let told = !says(&["overround", "max", "min", "limit"])
        && says(&[
            "odd", "price", "rate", "coef", "dec", "back", "lay", "over", "under", "home", "away", "draw",
        ]);
    if all(is_odds) && (told || (place && all(|it| it.contains('.')))) {
        return Some(Role::Odds);
    }
    let id = lower == "id"
        || lower.ends_with("_id")
        || lower.ends_with("-id")
        || name.ends_with("Id")
        || name.ends_with("ID");
    if id {
        return Some(Role::Id);
    }
    let named =
        says(&["name", "home", "away", "team", "runner", "participant", "league", "competition", "title"]);
    (named && all(is_words)).then_some(Role::Name)
}

/// A decimal price, or one of a format whose prices lie between −1 and 1.
fn is_odds(text: &str) -> bool {
    let Ok(value) = text.parse::<f64>() else { return false };
    (1.01..=1000.0).contains(&value) || (text.contains('.') && value != 0.0 && value.abs() <= 1.0)
}

fn is_time(text: &str) -> bool {
    /// Seconds and milliseconds from 2014 to 2049.
    const SECONDS: std::ops::Range<u64> = 1_400_000_000..2_500_000_000;
    let digits = text.as_bytes();
    let date = digits.len() >= 16 && digits[4] == b'-' && digits[7] == b'-' && digits[13] == b':';
    date || text.parse::<u64>().is_ok_and(|n| SECONDS.contains(&n) || SECONDS.contains(&(n / 1000)))
}

fn is_words(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && text.chars().count() <= 80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_known_by_name_and_values() {
        let body = r#"{"t":17,"events":[{"eventId":7,"home":"Ajax","away":"PSV","start":"2026-09-08T18:00:00Z",
            "markets":{"9001":{"over":1.91,"under":"1.99","max":500}},"logo":"x.png"}],"rows":[[31,"A","0.91",2,"-0.95"]]}"#;
        let mut seen = Seen::default();
        seen.document(&Json::parse(body).unwrap());
        let fields = seen.fields();
        let fields: Vec<_> = fields.iter().map(|field| (&*field.path, field.role)).collect();
        assert_eq!(
            fields,
            [
                ("/events/*/away", Role::Name),
                ("/events/*/eventId", Role::Id),
                ("/events/*/home", Role::Name),
                ("/events/*/markets/*/over", Role::Odds),
                ("/events/*/markets/*/under", Role::Odds),
                ("/events/*/start", Role::Start),
                ("/rows/*/2", Role::Odds),
                ("/rows/*/4", Role::Odds),
            ]
        );
        assert_eq!(seen.odds().count(), 4);
    }
}
