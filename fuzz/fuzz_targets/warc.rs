//! WARC.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: blotter_fuzz::own_panics_abort(),
    |data: &[u8]| {
        blotter_fuzz::file("a.warc", &blotter_fuzz::headed(b"WARC/1.0\r\n", data));
    }
);
