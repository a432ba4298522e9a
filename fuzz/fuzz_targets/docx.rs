//! DOCX: the bytes as they are, and as the text part of a sound document.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: blotter_fuzz::own_panics_abort(),
    |data: &[u8]| {
        blotter_fuzz::piece(blotter_intake::Format::Docx, data);
        blotter_fuzz::piece(blotter_intake::Format::Docx, &blotter_fuzz::document(data));
    }
);
