//! Dates as pages, feeds and reports write them.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: blotter_fuzz::own_panics_abort(),
    |data: &[u8]| {
        blotter_fuzz::dates(&String::from_utf8_lossy(data));
    }
);
