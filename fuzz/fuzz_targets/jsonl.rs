//! Report JSONL.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: blotter_fuzz::own_panics_abort(),
    |data: &[u8]| {
        blotter_fuzz::file("a.jsonl", data);
    }
);
