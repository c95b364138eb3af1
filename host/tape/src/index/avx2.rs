//! Classification with AVX2 and CLMUL.

use super::{Classify, Masks, Scan, run};
use std::arch::x86_64::{
    __m256i, _mm_clmulepi64_si128, _mm_cvtsi128_si64, _mm_set_epi64x, _mm_set1_epi8, _mm256_cmpeq_epi8,
    _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
    _mm256_setr_epi8, _mm256_shuffle_epi8,
};

/// Exists only where the CPU said that it has AVX2 and CLMUL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof(());

impl Proof {
    pub(super) fn ask_cpu() -> Option<Self> {
        let has = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("pclmulqdq")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("popcnt");
        has.then_some(Self(()))
    }
}

pub(super) fn index(_: Proof, bytes: &[u8], positions: &mut Vec<u32>) -> (usize, Scan) {
    // SAFETY: a `Proof` exists only where the CPU has these features.
    unsafe { index_with_features(bytes, positions) }
}

#[target_feature(enable = "avx2,pclmulqdq,bmi1,popcnt")]
fn index_with_features(bytes: &[u8], positions: &mut Vec<u32>) -> (usize, Scan) {
    run::<Avx2>(bytes, positions)
}

struct Avx2;

impl Classify for Avx2 {
    #[inline(always)]
    fn masks(block: &[u8; 64]) -> Masks {
        // SAFETY: `Avx2` is used only within `index_with_features`.
        unsafe { masks(block) }
    }

    #[inline(always)]
    fn prefix_xor(bits: u64) -> u64 {
        // SAFETY: as above.
        unsafe { prefix_xor(bits) }
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn masks(block: &[u8; 64]) -> Masks {
    // SAFETY: both loads lie within the 64 bytes, and they need no alignment.
    let (lo, hi) = unsafe {
        let at = block.as_ptr();
        (_mm256_loadu_si256(at.cast::<__m256i>()), _mm256_loadu_si256(at.add(32).cast::<__m256i>()))
    };
    let equal = |byte: u8| {
        let wanted = _mm256_set1_epi8(byte.cast_signed());
        pack(_mm256_cmpeq_epi8(lo, wanted), _mm256_cmpeq_epi8(hi, wanted))
    };
    // Looked up by the low nibble, a character of the class finds itself. Operators are looked up
    // with bit 5 set, which makes `[ ]` into `{ }`; `,` and `:` have it already.
    #[rustfmt::skip]
    let white = _mm256_setr_epi8(
        32, 100, 100, 100, 17, 100, 113, 2, 100, 9, 10, 112, 100, 13, 100, 100,
        32, 100, 100, 100, 17, 100, 113, 2, 100, 9, 10, 112, 100, 13, 100, 100,
    );
    #[rustfmt::skip]
    let operator = _mm256_setr_epi8(
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 58, 123, 44, 125, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 58, 123, 44, 125, 0, 0,
    );
    let is_white = |v: __m256i| _mm256_cmpeq_epi8(v, _mm256_shuffle_epi8(white, v));
    let is_operator = |v: __m256i| {
        let folded = _mm256_or_si256(v, _mm256_set1_epi8(0x20));
        _mm256_cmpeq_epi8(folded, _mm256_shuffle_epi8(operator, v))
    };
    let below_space = _mm256_set1_epi8(0x1f);
    let is_control = |v: __m256i| _mm256_cmpeq_epi8(_mm256_min_epu8(v, below_space), v);
    let control = pack(is_control(lo), is_control(hi));
    Masks {
        backslash: equal(b'\\'),
        quote: equal(b'"'),
        // Bit 5 makes `:` and `,` of U+001A and U+000C too.
        operator: pack(is_operator(lo), is_operator(hi)) & !control,
        white: pack(is_white(lo), is_white(hi)),
        control,
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn pack(lo: __m256i, hi: __m256i) -> u64 {
    let low = _mm256_movemask_epi8(lo).cast_unsigned();
    let high = _mm256_movemask_epi8(hi).cast_unsigned();
    u64::from(low) | (u64::from(high) << 32)
}

#[inline]
#[target_feature(enable = "pclmulqdq,sse2")]
pub(super) fn prefix_xor(bits: u64) -> u64 {
    // Carry-less multiplication by all ones.
    let product = _mm_clmulepi64_si128(_mm_set_epi64x(0, bits.cast_signed()), _mm_set1_epi8(-1), 0);
    _mm_cvtsi128_si64(product).cast_unsigned()
}
