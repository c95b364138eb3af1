//! Portable classification, byte by byte.

use super::{Classify, Masks};

pub(crate) struct Scalar;

const BACKSLASH: u8 = 1;
const QUOTE: u8 = 2;
const OPERATOR: u8 = 4;
const WHITE: u8 = 8;
const CONTROL: u8 = 16;

const CLASS: [u8; 256] = {
    let mut table = [0u8; 256];
    let mut i = 0;
    while i < 0x20 {
        table[i] = CONTROL;
        i += 1;
    }
    table[b'\t' as usize] |= WHITE;
    table[b'\n' as usize] |= WHITE;
    table[b'\r' as usize] |= WHITE;
    table[b' ' as usize] = WHITE;
    table[b'\\' as usize] = BACKSLASH;
    table[b'"' as usize] = QUOTE;
    table[b'{' as usize] = OPERATOR;
    table[b'}' as usize] = OPERATOR;
    table[b'[' as usize] = OPERATOR;
    table[b']' as usize] = OPERATOR;
    table[b':' as usize] = OPERATOR;
    table[b',' as usize] = OPERATOR;
    table
};

impl Classify for Scalar {
    #[inline]
    fn masks(block: &[u8; 64]) -> Masks {
        let mut m = Masks::default();
        for (i, &byte) in block.iter().enumerate() {
            let class = u64::from(CLASS[usize::from(byte)]);
            m.backslash |= (class & 1) << i;
            m.quote |= ((class >> 1) & 1) << i;
            m.operator |= ((class >> 2) & 1) << i;
            m.white |= ((class >> 3) & 1) << i;
            m.control |= ((class >> 4) & 1) << i;
        }
        m
    }

    #[inline]
    fn prefix_xor(mut bits: u64) -> u64 {
        for shift in [1, 2, 4, 8, 16, 32] {
            bits ^= bits << shift;
        }
        bits
    }
}
