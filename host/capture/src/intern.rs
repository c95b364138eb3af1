//! Sharing what repeats from packet to packet.

use rustc_hash::FxHashSet;
use std::sync::Arc;

/// Texts seen lately. Bounded: at most [`MAX_TEXTS`] of at most [`MAX_LEN`] bytes each.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    last: Option<Arc<str>>,
    seen: FxHashSet<Arc<str>>,
}

const MAX_TEXTS: usize = 4096;
const MAX_LEN: usize = 4096;

impl Interner {
    pub(crate) fn get(&mut self, text: &str) -> Arc<str> {
        if let Some(last) = &self.last
            && **last == *text
        {
            return Arc::clone(last);
        }
        if text.len() > MAX_LEN {
            return Arc::from(text);
        }
        let shared = match self.seen.get(text) {
            Some(shared) => Arc::clone(shared),
            None => self.add(text),
        };
        self.last = Some(Arc::clone(&shared));
        shared
    }

    fn add(&mut self, text: &str) -> Arc<str> {
        if self.seen.len() == MAX_TEXTS {
            self.seen.clear();
        }
        let shared: Arc<str> = Arc::from(text);
        self.seen.insert(Arc::clone(&shared));
        shared
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one() {
        let mut interner = Interner::default();
        let first = interner.get("a");
        let other = interner.get("b");
        assert!(Arc::ptr_eq(&first, &interner.get("a")));
        assert!(Arc::ptr_eq(&other, &interner.get("b")));
        for n in 0..3 * MAX_TEXTS {
            interner.get(&n.to_string());
        }
        assert!(interner.seen.len() <= MAX_TEXTS);
        assert_eq!(&*interner.get(&"x".repeat(MAX_LEN + 1)), "x".repeat(MAX_LEN + 1));
    }
}
