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
//! items 0 and 1 of those that it is about, then at every 64th up to item 1,024: at most 18 of an
//! array, whatever its length. Routing asks whether this is the promised body, not whether each row
//! is good: that is the adapter's, row by row. Measured on 400 rows of 60 KB and 8,400 nodes: 2 µs,
//! and 30 µs if every item were looked at; tokenising took 73 µs.

mod check;
mod compile;
mod number;

#[cfg(test)]
mod tests;

pub use check::Mismatch;
pub use compile::SchemaError;

use crate::nodes::Nodes;

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

    /// Whether each document of a body fits, from its tape; arrays are sampled. Allocates only to
    /// compare a string or a name that holds escapes.
    pub fn matches(&self, body: &[u8], tape: &[u64]) -> bool {
        let nodes = Nodes::new(body, tape);
        nodes.documents().all(|at| self.root.check::<false>(&nodes, at))
    }

    /// Whether each document of a body fits, every item looked at.
    pub fn matches_exhaustively(&self, body: &[u8], tape: &[u64]) -> bool {
        let nodes = Nodes::new(body, tape);
        nodes.documents().all(|at| self.root.check::<true>(&nodes, at))
    }

    /// The first place where [`Self::matches`] fails; `None` where it does not.
    pub fn mismatch(&self, body: &[u8], tape: &[u64]) -> Option<Mismatch> {
        let nodes = Nodes::new(body, tape);
        let at = nodes.documents().find(|at| !self.root.check::<false>(&nodes, *at))?;
        let mut pointer = String::new();
        let problem = self.root.explain(&nodes, at, &mut pointer);
        Some(Mismatch { pointer, problem })
    }
}

/// Sets of [`antigravity_tape::Kind`]: one bit each, by its number, and one for whole numbers.
mod kinds {
    use antigravity_tape::Kind;

    pub const INTEGER: u8 = 1 << 6;
    pub const ALL: u8 = 0x7f;

    pub const fn bit(kind: Kind) -> u8 {
        1 << kind as u8
    }

    /// JSON Schema's types. A number is whole or not, an integer is whole.
    pub const NAMES: [(&str, u8); 7] = [
        ("null", bit(Kind::Null)),
        ("boolean", bit(Kind::Bool)),
        ("integer", INTEGER),
        ("number", bit(Kind::Number) | INTEGER),
        ("string", bit(Kind::String)),
        ("array", bit(Kind::Array)),
        ("object", bit(Kind::Object)),
    ];
}

/// What one schema demands of one value.
#[derive(Clone, Debug)]
struct Rule {
    kinds: u8,
    /// Absent: of these kinds, any.
    more: Option<Box<Demands>>,
}

#[derive(Clone, Debug, Default)]
struct Demands {
    /// `enum` and `const`; empty: any.
    scalars: Vec<OneOf>,
    object: Option<ObjectRule>,
    array: Option<ArrayRule>,
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
