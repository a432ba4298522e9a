//! Zip archives.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: blotter_fuzz::own_panics_abort(),
    |data: &[u8]| {
        blotter_fuzz::file("a.zip", &blotter_fuzz::headed(b"PK\x03\x04", data));
    }
);
