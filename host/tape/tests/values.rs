//! The quick ways of reading values against the plain ones.

#![allow(clippy::unwrap_used)] // a test says what is wrong by failing

use antigravity_abi::Decimal;
use antigravity_tape::{Figure, Framing, Key, Tokeniser, Value};
use proptest::prelude::*;

fn read<R>(body: &str, padding: usize, with: impl FnOnce(Value<'_>) -> R) -> R {
    let mut nodes = Vec::new();
    Tokeniser::default().tokenise(body, Framing::Document, &mut nodes).unwrap();
    let padded = [body.as_bytes(), &vec![0; padding]].concat();
    with(Value::root(&padded, &nodes).unwrap())
}

proptest! {
    #[test]
    fn numbers_are_read_the_same_now_and_later(
        text in "-?(0|[1-9][0-9]{0,9})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,2})?", padding in 0usize..10, quoted in any::<bool>(),
    ) {
        let body = if quoted { format!("[\"{text}\"]") } else { format!("[{text}]") };
        let plain = Decimal::parse(text.as_bytes()).ok();
        let (now, later, whole) = read(&body, padding, |value| {
            let value = value.at(0).unwrap();
            (value.decimal(), value.figure(), value.i64())
        });
        let same = |a: Option<Decimal>, b: Option<Decimal>| match (a, b) {
            (Some(a), Some(b)) => a.identical(b),
            (None, None) => true,
            _ => false,
        };
        prop_assert!(same(now, plain));
        prop_assert!(same(later.map(Figure::decimal), plain));
        if let (Some(later), Some(plain)) = (later, plain) {
            prop_assert_eq!(later.is_zero(), plain.is_zero());
            prop_assert_eq!(later.is_negative(), plain.is_negative());
        }
        prop_assert_eq!(whole, text.parse::<i64>().ok());
    }

    #[test]
    fn names_are_found_by_their_letters(name in "[a-c]{1,12}", padding in 0usize..10) {
        const KEYS: [Key; 4] = [Key::new("a"), Key::new("abcabcab"), Key::new("abcabcabc"), Key::new("b")];
        let body = format!("{{\"{name}\":1}}");
        for key in KEYS {
            prop_assert_eq!(read(&body, padding, |value| value.get(key).is_some()), key.name() == name);
        }
    }
}

#[test]
fn rows_are_arrays_of_so_many_plain_values() {
    let body = r#"[[1,2],[3],[4,5,6],[7,[8]],{"a":1},"x",[],[9,"10"]]"#;
    let rows = read(body, 0, |value| {
        let text = |row: [Value<'_>; 2]| row.map(|item| item.text().unwrap().into_owned());
        value.rows().map(|row| row.map(text)).collect::<Vec<_>>()
    });
    let row = |a: &str, b: &str| Some([a.to_owned(), b.to_owned()]);
    assert_eq!(rows, [row("1", "2"), None, None, None, None, None, None, row("9", "10")]);
    assert_eq!(read(r#"{"a":[1,2]}"#, 0, |value| value.rows::<2>().count()), 0);
}
