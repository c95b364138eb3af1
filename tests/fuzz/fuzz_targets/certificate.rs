#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| antigravity_fuzz::certificate::check(data));
