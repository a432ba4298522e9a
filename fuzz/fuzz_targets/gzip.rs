//! Packed files: the bytes as they are, and well packed with damage after them.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: blotter_fuzz::own_panics_abort(),
    |data: &[u8]| {
        blotter_fuzz::file("a.gz", data);
        blotter_fuzz::file("a.gz", &[&blotter_fuzz::packed(data)[..], data].concat());
    }
);
