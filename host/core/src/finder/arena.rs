//! Where the prices of a family lie: one block each, so that a look at a family is one stream of memory.

use super::price::ONE;
use super::shape::{Place, Shape};

/// One quote as the search sees it: 16 bytes, four of them in a cache line.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(super) struct Entry {
    /// Inverse odds in fixed point; [`ONE`] where the quote cannot be used.
    pub inverse: u32,
    pub quote: u32,
    pub line: i16,
    pub shape: Shape,
    /// Of [`Place::class`], so that it is computed once.
    pub class: u8,
    pub account: u16,
    pub provider: u16,
}

impl Entry {
    pub const fn new(quote: u32, place: Place, account: u16, provider: u16) -> Self {
        let class = place.class();
        Self { inverse: ONE, quote, line: place.line, shape: place.shape, class, account, provider }
    }

    pub const fn place(&self) -> Place {
        Place { shape: self.shape, line: self.line }
    }
}

/// A family's part of the arena.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Block {
    start: u32,
    len: u32,
    /// The block has room for 2^`power` entries, none where it has no room yet.
    power: Option<u8>,
}

/// All blocks. A block that is full moves to one of twice the room; what it leaves is used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Arena {
    entries: Vec<Entry>,
    /// Starts of free blocks, by power.
    free: Vec<Vec<u32>>,
}

/// The room of a family's first block: the back prices of a two-way line at four accounts.
const FIRST_POWER: u8 = 3;

impl Arena {
    pub fn block(&self, block: &Block) -> &[Entry] {
        let start = block.start as usize;
        self.entries.get(start..start + block.len as usize).unwrap_or(&[])
    }

    pub fn entry(&mut self, block: &Block, slot: u32) -> Option<&mut Entry> {
        (slot < block.len).then(|| self.entries.get_mut((block.start + slot) as usize)).flatten()
    }

    /// Appends an entry and tells its slot.
    pub fn insert(&mut self, block: &mut Block, entry: Entry) -> u32 {
        match block.power {
            Some(power) if block.len < 1 << power => {}
            old => self.grow(block, old.map_or(FIRST_POWER, |power| power + 1), entry),
        }
        let slot = block.len;
        block.len += 1;
        if let Some(place) = self.entry(block, slot) {
            *place = entry;
        }
        slot
    }

    /// Removes an entry; the last one takes its slot and is returned where there is one.
    pub fn remove(&mut self, block: &mut Block, slot: u32) -> Option<Entry> {
        if slot >= block.len {
            return None;
        }
        let last = block.len - 1;
        let moved = *self.entry(block, last)?;
        block.len = last;
        let place = self.entry(block, slot)?;
        *place = moved;
        Some(moved)
    }

    /// Moves a block to one with room for 2^`power`.
    fn grow(&mut self, block: &mut Block, power: u8, filler: Entry) {
        let free = self.free.get_mut(usize::from(power)).and_then(Vec::pop);
        let start = free.unwrap_or_else(|| {
            let start = self.entries.len();
            self.entries.resize(start + (1 << power), filler);
            // 2^32 entries are 64 GB.
            start as u32
        });
        let old = block.start as usize;
        self.entries.copy_within(old..old + block.len as usize, start as usize);
        if let Some(power) = block.power {
            if self.free.len() <= usize::from(power) {
                self.free.resize_with(usize::from(power) + 1, Vec::new);
            }
            self.free[usize::from(power)].push(block.start);
        }
        *block = Block { start, len: block.len, power: Some(power) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(quote: u32) -> Entry {
        Entry::new(quote, Place { shape: Shape::Draw, line: 0 }, 0, 0)
    }

    #[test]
    fn sixteen_bytes() {
        assert_eq!(std::mem::size_of::<Entry>(), 16);
    }

    proptest! {
        /// Against one list for each block.
        #[test]
        fn blocks_keep_apart(steps in prop::collection::vec((0usize..6, prop::option::of(0u32..40)), 1..400)) {
            let mut arena = Arena::default();
            let mut blocks = [Block::default(); 6];
            let mut lists: [Vec<u32>; 6] = Default::default();
            for (number, (family, removed)) in steps.into_iter().enumerate() {
                let (block, list) = (&mut blocks[family], &mut lists[family]);
                match removed {
                    None => {
                        let slot = arena.insert(block, entry(number as u32));
                        prop_assert_eq!(slot as usize, list.len());
                        list.push(number as u32);
                    }
                    Some(slot) if (slot as usize) < list.len() => {
                        arena.remove(block, slot);
                        list.swap_remove(slot as usize);
                    }
                    Some(slot) => prop_assert!(arena.remove(block, slot).is_none()),
                }
                for (block, list) in blocks.iter().zip(&lists) {
                    let quotes: Vec<_> = arena.block(block).iter().map(|entry| entry.quote).collect();
                    prop_assert_eq!(&quotes, list);
                }
            }
        }
    }
}
