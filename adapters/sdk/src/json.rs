//! JSON inside a string: tokenised in the sandbox, by the same tokeniser without its SIMD part.

use antigravity_tape::{Error, Framing, Tokeniser, Value};

/// A text with its tape.
#[derive(Debug)]
pub struct Json<'a> {
    text: &'a str,
    tape: Vec<u64>,
}

impl<'a> Json<'a> {
    /// # Errors
    /// Where `text` is not one JSON document.
    pub fn parse(text: &'a str) -> Result<Self, Error> {
        let mut tape = Vec::new();
        Tokeniser::default().tokenise(text, Framing::Document, &mut tape)?;
        Ok(Self { text, tape })
    }

    pub fn root(&self) -> Option<Value<'_>> {
        Value::root(self.text.as_bytes(), &self.tape)
    }
}
