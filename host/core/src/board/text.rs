//! Interned texts: each different text once.

use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A text of [`Texts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Text(u32);

#[derive(Debug, Default)]
pub(super) struct Texts {
    all: Vec<Arc<str>>,
    ids: FxHashMap<Arc<str>, Text>,
}

impl Texts {
    pub fn intern(&mut self, text: &str) -> Text {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let shared: Arc<str> = text.into();
        let id = Text(self.all.len() as u32);
        self.all.push(shared.clone());
        self.ids.insert(shared, id);
        id
    }

    pub fn get(&self, text: Text) -> &str {
        self.all.get(text.0 as usize).map_or("", |t| t)
    }
}

/// Texts of one store on another; each is looked for once.
#[derive(Debug, Default)]
pub(super) struct Carried(Vec<Option<Text>>);

impl Carried {
    pub fn text(&mut self, text: Text, from: &Texts, to: &mut Texts) -> Text {
        let place = text.0 as usize;
        if self.0.len() <= place {
            self.0.resize(from.all.len(), None);
        }
        *self.0[place].get_or_insert_with(|| to.intern(from.get(text)))
    }

    pub fn some(&mut self, text: Option<Text>, from: &Texts, to: &mut Texts) -> Option<Text> {
        text.map(|text| self.text(text, from, to))
    }
}
