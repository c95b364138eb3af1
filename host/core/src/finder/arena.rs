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

/// A family's part of the arena: where its head is. The head's `quote` counts the entries behind it, and its
/// `account` is the power of 2 that the block has room for, head included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block(u32);

impl Block {
    pub const EMPTY: Self = Self(u32::MAX);
}

/// Where a quote's entry is.
#[derive(Clone, Copy, Debug)]
struct Spot {
    block: Block,
    slot: u32,
}

const NOWHERE: Spot = Spot { block: Block::EMPTY, slot: 0 };

/// All blocks, and the place of each quote. A block that is full moves to one of twice the room; what it
/// leaves is used again.
///
/// A quote's place is in a list of its own, which is small: what memory is slow with, the quote and its
/// family, is then asked for at the same time.
#[derive(Clone, Debug, Default)]
pub(super) struct Arena {
    entries: Vec<Entry>,
    /// By quote.
    spots: Vec<Spot>,
    /// Heads of free blocks, by power.
    free: Vec<Vec<u32>>,
}

/// The room of a family's first block: three selections at two accounts.
const FIRST_POWER: u16 = 3;

impl Arena {
    /// The entries of a block.
    pub fn entries(&self, block: Block) -> &[Entry] {
        let head = block.0 as usize;
        let len = self.entries.get(head).map_or(0, |head| head.quote as usize);
        self.entries.get(head + 1..head + 1 + len).unwrap_or(&[])
    }

    /// A quote's entry and all of its block.
    pub fn around(&self, quote: u32) -> Option<(&Entry, &[Entry])> {
        let spot = self.spots.get(quote as usize)?;
        let entries = self.entries(spot.block);
        Some((entries.get(spot.slot as usize)?, entries))
    }

    pub fn entry_mut(&mut self, quote: u32) -> Option<&mut Entry> {
        let spot = self.spots.get(quote as usize).filter(|spot| spot.block != Block::EMPTY)?;
        self.entries.get_mut((spot.block.0 + 1 + spot.slot) as usize)
    }

    /// Appends a quote's entry to a block.
    pub fn insert(&mut self, block: &mut Block, entry: Entry) {
        let head = self.entries.get(block.0 as usize).map(|head| (head.quote, head.account));
        let len = match head {
            Some((len, power)) if len + 1 < 1 << power => len,
            head => self.grow(block, head, entry),
        };
        if let Some(head) = self.entries.get_mut(block.0 as usize) {
            head.quote = len + 1;
        }
        if let Some(place) = self.entries.get_mut((block.0 + 1 + len) as usize) {
            *place = entry;
        }
        self.put(entry.quote, Spot { block: *block, slot: len });
    }

    /// Removes a quote's entry; the last of its block takes the place.
    pub fn remove(&mut self, quote: u32) {
        let Some(spot) = self.spots.get(quote as usize).copied() else { return };
        let Some(last) = self.entries(spot.block).last().copied() else { return };
        if let Some(place) = self.entry_mut(quote) {
            *place = last;
        }
        self.put(last.quote, spot);
        self.put(quote, NOWHERE);
        if let Some(head) = self.entries.get_mut(spot.block.0 as usize) {
            head.quote -= 1;
        }
    }

    fn put(&mut self, quote: u32, spot: Spot) {
        let place = quote as usize;
        if self.spots.len() <= place {
            self.spots.resize(place + 1, NOWHERE);
        }
        self.spots[place] = spot;
    }

    /// Moves a block to one with twice the room; tells how many entries it has.
    fn grow(&mut self, block: &mut Block, head: Option<(u32, u16)>, filler: Entry) -> u32 {
        let (len, power) = head.map_or((0, FIRST_POWER), |(len, power)| (len, power + 1));
        let free = self.free.get_mut(usize::from(power)).and_then(Vec::pop);
        let start = free.unwrap_or_else(|| {
            let start = self.entries.len();
            self.entries.resize(start + (1 << power), filler);
            // 2^32 entries are 64 GB.
            start as u32
        });
        let old = block.0 as usize;
        if let Some((len, power)) = head {
            self.entries.copy_within(old..=old + len as usize, start as usize);
            if self.free.len() <= usize::from(power) {
                self.free.resize_with(usize::from(power) + 1, Vec::new);
            }
            self.free[usize::from(power)].push(block.0);
        }
        *block = Block(start);
        if let Some(head) = self.entries.get_mut(start as usize) {
            (head.quote, head.account) = (len, power);
        }
        for slot in 0..len {
            let quote = self.entries.get((start + 1 + slot) as usize).map(|entry| entry.quote);
            if let Some(spot) = quote.and_then(|quote| self.spots.get_mut(quote as usize)) {
                spot.block = *block;
            }
        }
        len
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
        fn blocks_keep_apart(steps in prop::collection::vec((0usize..6, prop::option::of(0usize..40)), 1..400)) {
            let mut arena = Arena::default();
            let mut blocks = [Block::EMPTY; 6];
            let mut lists: [Vec<u32>; 6] = Default::default();
            for (number, (family, removed)) in steps.into_iter().enumerate() {
                let list = &mut lists[family];
                match removed {
                    None => {
                        arena.insert(&mut blocks[family], entry(number as u32));
                        list.push(number as u32);
                    }
                    Some(slot) if slot < list.len() => arena.remove(list.swap_remove(slot)),
                    Some(_) => arena.remove(1_000_000),
                }
                for (block, list) in blocks.iter().zip(&lists) {
                    let quotes: Vec<_> = arena.entries(*block).iter().map(|entry| entry.quote).collect();
                    prop_assert_eq!(&quotes, list);
                    for quote in list {
                        let (own, all) = arena.around(*quote).unwrap();
                        prop_assert_eq!((own.quote, all.len()), (*quote, list.len()));
                        prop_assert_eq!(arena.clone().entry_mut(*quote).unwrap().quote, *quote);
                    }
                }
            }
        }
    }
}
