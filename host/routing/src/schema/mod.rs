//! The JSON Schema subset of contracts (draft 2020-12), compiled to rules that run over the tape.
//!
//! Keywords: `type` (a name or a list), `required`, `properties`, `items`, `prefixItems`,
//! `minItems`, `maxItems`, `enum` and `const` of scalars, `anyOf`; the schemas `true` and `false`;
//! the annotations `$schema`, `$comment`, `title`, `description`, which say nothing. Any other
//! keyword is an error when the contract is compiled. As in JSON Schema, a keyword about objects
//! says nothing about an array, and so on; `1.0` is an integer; of a name that stands twice in an
//! object the last one counts.
//!
//! **Sampling.** `minItems`, `maxItems` and `prefixItems` look at every item. `items` looks at the
//! first four items that it is about, then at every 64th up to the 1,024th: at most 20 an array,
//! whatever its length. Routing asks whether this is the promised body, not whether each row is
//! good: that is the adapter's, row by row. 0.4 µs for a body of 60 KB and 8,000 nodes, 17 µs
//! if every item were looked at.

mod check;
mod compile;
mod number;

#[cfg(test)]
mod tests;

pub use check::Mismatch;
pub use compile::SchemaError;

use antigravity_tape::Value;

/// A compiled schema.
#[derive(Clone, Debug)]
pub struct Schema {
    root: Rule,
}

impl Schema {
    /// Compiles the subset.
    ///
    /// # Errors
    /// [`SchemaError`] with the JSON pointer of the first keyword that is unknown or malformed.
    pub fn compile(schema: &serde_json::Value) -> Result<Self, SchemaError> {
        compile::rule(schema, &mut String::new(), 0).map(|root| Self { root })
    }

    /// Whether a document fits; arrays are sampled. Allocates only to compare a string that holds
    /// escapes.
    pub fn matches(&self, document: Value<'_>) -> bool {
        self.root.check::<false>(document)
    }

    /// Whether a document fits, every item looked at.
    pub fn matches_exhaustively(&self, document: Value<'_>) -> bool {
        self.root.check::<true>(document)
    }

    /// The first place where [`Self::matches`] fails; `None` where it does not.
    pub fn mismatch(&self, document: Value<'_>) -> Option<Mismatch> {
        if self.matches(document) {
            return None;
        }
        let mut pointer = String::new();
        let problem = self.root.explain(document, &mut pointer);
        Some(Mismatch { pointer, problem })
    }
}

/// Sets of [`antigravity_tape::Kind`], with integers apart from other numbers.
mod kinds {
    pub const NULL: u8 = 1;
    pub const BOOLEAN: u8 = 2;
    pub const INTEGER: u8 = 4;
    pub const FRACTION: u8 = 8;
    pub const STRING: u8 = 16;
    pub const ARRAY: u8 = 32;
    pub const OBJECT: u8 = 64;
    pub const ALL: u8 = 127;

    /// Names of JSON Schema's types.
    pub const NAMES: [(&str, u8); 7] = [
        ("null", NULL),
        ("boolean", BOOLEAN),
        ("integer", INTEGER),
        ("number", INTEGER | FRACTION),
        ("string", STRING),
        ("array", ARRAY),
        ("object", OBJECT),
    ];
}

/// What one schema demands of one value. No demand but `kinds` is the common case, so the others
/// are boxed.
#[derive(Clone, Debug)]
struct Rule {
    kinds: u8,
    /// `enum` and `const`; empty: any.
    scalars: Box<[OneOf]>,
    object: Option<Box<ObjectRule>>,
    array: Option<Box<ArrayRule>>,
    /// Empty: no demand.
    any_of: Box<[Rule]>,
}

/// One `enum`, or one `const` as an `enum` of one.
#[derive(Clone, Debug)]
struct OneOf(Box<[Scalar]>);

#[derive(Clone, Debug)]
enum Scalar {
    Null,
    Bool(bool),
    Number(Box<str>),
    String(Box<str>),
}

#[derive(Clone, Debug)]
struct ObjectRule {
    /// `key_id` of each name; most members are passed over by this list alone.
    ids: Box<[u32]>,
    names: Box<[Name]>,
    /// One bit for each of `names`.
    required: u64,
}

#[derive(Clone, Debug)]
struct Name {
    text: Box<str>,
    /// Absent: only required.
    rule: Option<Rule>,
}

#[derive(Clone, Debug)]
struct ArrayRule {
    min: usize,
    max: usize,
    prefix: Box<[Rule]>,
    /// For the items after `prefix`.
    items: Option<Rule>,
}
