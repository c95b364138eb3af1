//! The suite's allocator: the system's, which counts and asks for large pages where a part wants it.

use rustix::mm::{Advice, madvise};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// At other times it reads one flag that never changes, so that what other parts measure stays as it was.
struct Suite;

/// One of the two below is wanted.
static ON: AtomicBool = AtomicBool::new(false);
static COUNTS: AtomicBool = AtomicBool::new(false);
static LARGE_PAGES: AtomicBool = AtomicBool::new(false);
static COUNT: AtomicU64 = AtomicU64::new(0);

/// What the processor keeps as one entry of its table of addresses, where the system gives it.
const LARGE_PAGE: usize = 2 << 20;
const PAGE: usize = 4096;

#[inline]
fn note(pointer: *mut u8, size: usize) -> *mut u8 {
    if ON.load(Ordering::Relaxed) {
        noted(pointer, size);
    }
    pointer
}

#[cold]
fn noted(pointer: *mut u8, size: usize) {
    if COUNTS.load(Ordering::Relaxed) {
        COUNT.fetch_add(1, Ordering::Relaxed);
    }
    if LARGE_PAGES.load(Ordering::Relaxed) && size >= LARGE_PAGE && !pointer.is_null() {
        let skipped = pointer.align_offset(PAGE);
        let whole = (size - skipped) & !(PAGE - 1);
        // SAFETY: these pages are of one live allocation, whose contents the advice leaves as they are. Where
        // it is refused, the pages stay small: the report tells how many are large.
        let _ = unsafe { madvise(pointer.wrapping_add(skipped).cast(), whole, Advice::LinuxHugepage) };
    }
}

// SAFETY: all calls go to the system's allocator as they are; what is done beside them changes no contents.
unsafe impl GlobalAlloc for Suite {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps `alloc`'s contract.
        note(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps `alloc_zeroed`'s contract.
        note(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller keeps `realloc`'s contract, and the pointer is of `System`.
        note(unsafe { System.realloc(pointer, layout, size) }, size)
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer is of `System`, as all of this allocator's are.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Suite = Suite;

fn during<T>(flag: &AtomicBool, work: impl FnOnce() -> T) -> T {
    flag.store(true, Ordering::Relaxed);
    ON.store(true, Ordering::Relaxed);
    let result = work();
    ON.store(false, Ordering::Relaxed);
    flag.store(false, Ordering::Relaxed);
    result
}

/// How often `work` allocates, in all threads of this process.
pub fn allocations(work: impl FnOnce()) -> u64 {
    COUNT.store(0, Ordering::Relaxed);
    during(&COUNTS, work);
    COUNT.load(Ordering::Relaxed)
}

/// Does `work` with large pages for what it allocates in one piece of 2 MB or more, as far as the system
/// gives them.
pub fn with_large_pages<T>(work: impl FnOnce() -> T) -> T {
    during(&LARGE_PAGES, work)
}
