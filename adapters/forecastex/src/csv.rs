//! CSV as RFC 4180 has it: quotes around a field where there are any, lines that end with LF or CR LF.

use std::borrow::Cow;

/// A text's records behind its line of names, of which `N` columns are read.
#[derive(Debug)]
pub struct Table<'a, const N: usize> {
    rest: &'a str,
    /// Fields of a whole record.
    width: usize,
    columns: [usize; N],
}

impl<'a, const N: usize> Table<'a, N> {
    /// # Errors
    /// The name that the first line does not have.
    pub fn read(text: &'a str, names: [&'static str; N]) -> Result<Self, &'static str> {
        let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
        let first = record(&mut rest).unwrap_or_default();
        let mut columns = [0; N];
        for (column, name) in columns.iter_mut().zip(names) {
            *column = first.iter().position(|field| field == name).ok_or(name)?;
        }
        Ok(Self { rest, width: first.len(), columns })
    }
}

impl<'a, const N: usize> Iterator for Table<'a, N> {
    /// The columns of one record; `None` where it has not as many fields as there are names, or quotes
    /// in the wrong place.
    type Item = Option<[Cow<'a, str>; N]>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            match record(&mut self.rest) {
                Some(fields) if fields.len() == 1 && fields[0].is_empty() => {}
                Some(mut fields) if fields.len() == self.width => {
                    return Some(Some(self.columns.map(|column| std::mem::take(&mut fields[column]))));
                }
                _ => return Some(None),
            }
        }
    }
}

/// Takes one record; `None` where quotes stand in the wrong place: then its line is gone.
fn record<'a>(rest: &mut &'a str) -> Option<Vec<Cow<'a, str>>> {
    let mut fields = Vec::new();
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(inside) => match quoted(inside) {
                Some(found) => found,
                None => {
                    *rest = rest.split_once('\n').map_or("", |(_, next)| next);
                    return None;
                }
            },
            None => {
                let (field, after) = rest.split_at(rest.find([',', '\n']).unwrap_or(rest.len()));
                let field =
                    if after.starts_with(',') { field } else { field.strip_suffix('\r').unwrap_or(field) };
                (Cow::Borrowed(field), after)
            }
        };
        fields.push(field);
        if let Some(more) = after.strip_prefix(',') {
            *rest = more;
            continue;
        }
        *rest = after.strip_prefix("\r\n").or_else(|| after.strip_prefix('\n')).unwrap_or(after);
        return Some(fields);
    }
}

/// A field behind its opening quote, and what follows its closing one.
fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find('"')?;
        let after = &text[at + 1..];
        if after.starts_with('"') {
            from = at + 2;
            continue;
        }
        let ends = after.is_empty() || after.starts_with([',', '\n']) || after.starts_with("\r\n");
        let field = &text[..at];
        let field = if field.contains('"') { field.replace("\"\"", "\"").into() } else { field.into() };
        return ends.then_some((field, after));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Option<[String; 2]>> {
        let table = Table::read(text, ["b", "a"]).unwrap();
        table.map(|row| row.map(|row| row.map(Cow::into_owned))).collect()
    }

    fn row(b: &str, a: &str) -> Option<[String; 2]> {
        Some([b.to_owned(), a.to_owned()])
    }

    #[test]
    fn columns_are_found_by_name_and_lines_end_both_ways() {
        assert_eq!(read("a,x,b\n1,2,3\n4,5,6\n"), [row("3", "1"), row("6", "4")]);
        assert_eq!(read("\u{feff}b,a\r\n1,2\r\n\r\n3,4"), [row("1", "2"), row("3", "4")]);
        assert_eq!(read("b,a\n"), []);
        assert_eq!(read("b,a"), []);
    }

    #[test]
    fn quotes_may_hold_commas_quotes_and_lines() {
        assert_eq!(
            read("\"b\",a\n\"x,y\",\"say \"\"so\"\"\"\n\"1\n2\",3\n"),
            [row("x,y", "say \"so\""), row("1\n2", "3")]
        );
    }

    #[test]
    fn what_is_no_record_is_none_and_the_next_one_counts() {
        assert_eq!(read("b,a\n1\n1,2,3\n\"1\"x,2\n3,4\n"), [None, None, None, row("3", "4")]);
        assert_eq!(read("b,a\n1,2\n\"3,4\n"), [row("1", "2"), None]);
    }

    #[test]
    fn a_name_that_is_missing_is_told() {
        assert_eq!(Table::read("a,c\n", ["a", "b"]).err(), Some("b"));
        assert_eq!(Table::read("", ["a"]).err(), Some("a"));
    }
}
