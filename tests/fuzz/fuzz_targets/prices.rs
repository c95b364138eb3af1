#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| antigravity_fuzz::prices::check(data));
