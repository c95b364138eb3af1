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
