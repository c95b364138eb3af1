//! Classification and writing of positions with AVX-512 and CLMUL.

use super::avx2::prefix_xor;
use super::{Classify, Masks, Scan, run};
use std::arch::x86_64::{
    __m512i, _mm512_add_epi32, _mm512_castsi512_si128, _mm512_cmpeq_epi8_mask, _mm512_cmplt_epu8_mask,
    _mm512_cvtepu8_epi32, _mm512_extracti32x4_epi32, _mm512_loadu_si512, _mm512_maskz_compress_epi8,
    _mm512_or_si512, _mm512_set1_epi8, _mm512_set1_epi32, _mm512_set4_epi32, _mm512_shuffle_epi8,
    _mm512_storeu_si512,
};

/// Exists only where the CPU said that it has AVX-512 (F, BW, VBMI2) and CLMUL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof(());

impl Proof {
    pub(super) fn ask_cpu() -> Option<Self> {
        let has = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vbmi2")
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

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,pclmulqdq,bmi1,popcnt")]
fn index_with_features(bytes: &[u8], positions: &mut Vec<u32>) -> (usize, Scan) {
    run::<Avx512>(bytes, positions)
}

struct Avx512;

impl Classify for Avx512 {
    #[inline(always)]
    fn masks(block: &[u8; 64]) -> Masks {
        // SAFETY: `Avx512` is used only within `index_with_features`.
        unsafe { masks(block) }
    }

    #[inline(always)]
    fn prefix_xor(bits: u64) -> u64 {
        // SAFETY: as above.
        unsafe { prefix_xor(bits) }
    }

    #[inline(always)]
    fn write(bits: u64, base: u32, to: &mut [u32; 64]) {
        // SAFETY: as above.
        unsafe { write(bits, base, to) }
    }
}

/// Sixteen bytes, four times.
#[inline]
#[target_feature(enable = "avx512f")]
fn table(bytes: [u8; 16]) -> __m512i {
    let [a, b, c, d] = std::array::from_fn(|i| {
        i32::from_le_bytes([bytes[4 * i], bytes[4 * i + 1], bytes[4 * i + 2], bytes[4 * i + 3]])
    });
    _mm512_set4_epi32(d, c, b, a)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn masks(block: &[u8; 64]) -> Masks {
    // SAFETY: the load lies within the 64 bytes and needs no alignment.
    let bytes = unsafe { _mm512_loadu_si512(block.as_ptr().cast::<__m512i>()) };
    let equal = |byte: u8| _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte.cast_signed()));
    // Looked up as in `avx2`.
    let white = table([32, 100, 100, 100, 17, 100, 113, 2, 100, 9, 10, 112, 100, 13, 100, 100]);
    let operator = table([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 58, 123, 44, 125, 0, 0]);
    let folded = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    let control = _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20));
    Masks {
        backslash: equal(b'\\'),
        quote: equal(b'"'),
        // Bit 5 makes `:` and `,` of U+001A and U+000C too.
        operator: _mm512_cmpeq_epi8_mask(folded, _mm512_shuffle_epi8(operator, bytes)) & !control,
        white: _mm512_cmpeq_epi8_mask(bytes, _mm512_shuffle_epi8(white, bytes)),
        control,
    }
}

/// The numbers 0 to 63, one a byte.
const NUMBERS: [u8; 64] = {
    let mut numbers = [0; 64];
    let mut i = 0;
    while i < 64 {
        numbers[i] = i as u8;
        i += 1;
    }
    numbers
};

/// The numbers of the bits that are set, moved together, then sixteen at a time.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn write(bits: u64, base: u32, to: &mut [u32; 64]) {
    // SAFETY: the load lies within the 64 bytes and needs no alignment.
    let numbers = unsafe { _mm512_loadu_si512(NUMBERS.as_ptr().cast::<__m512i>()) };
    let set = _mm512_maskz_compress_epi8(bits, numbers);
    let base = _mm512_set1_epi32(base.cast_signed());
    let (parts, _) = to.as_chunks_mut::<16>();
    let mut parts = parts.iter_mut();
    let mut put = |numbers| {
        if let Some(part) = parts.next() {
            let positions = _mm512_add_epi32(_mm512_cvtepu8_epi32(numbers), base);
            // SAFETY: sixteen words are 64 bytes; the store needs no alignment.
            unsafe { _mm512_storeu_si512(part.as_mut_ptr().cast::<__m512i>(), positions) };
        }
    };
    put(_mm512_castsi512_si128(set));
    let count = bits.count_ones();
    if count > 16 {
        put(_mm512_extracti32x4_epi32::<1>(set));
        if count > 32 {
            put(_mm512_extracti32x4_epi32::<2>(set));
            put(_mm512_extracti32x4_epi32::<3>(set));
        }
    }
}
