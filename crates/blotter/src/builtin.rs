//! The data that the program carries in itself, and the one Reader made of it.

use std::sync::OnceLock;

use blotter_core::Reader;
use blotter_core::data::{Data, DataError};

/// The weight file of the reading model; described in `weights/MODEL_CARD.md`.
const WEIGHTS: &[u8] = include_bytes!("../../../weights/blotter.safetensors");
/// The gazetteer, made by `training/gazetteer.py`; its notices are in `data/NOTICE.md`.
const GAZETTEER: &[u8] = include_bytes!("../../../data/gazetteer.bin");

/// The Reader, loaded when it is first needed and then kept.
///
/// # Errors
/// The file, line and reason of a fault in the built-in data.
pub fn reader() -> Result<&'static Reader, DataError> {
    static READER: OnceLock<Result<Reader, DataError>> = OnceLock::new();
    let loaded = READER.get_or_init(|| {
        let other = std::env::var_os("BLOTTER_WEIGHTS").filter(|path| !path.is_empty());
        let read = |path: std::ffi::OsString| {
            std::fs::read(&path).map_err(|e| DataError::new(path.to_string_lossy(), 0, e.to_string()))
        };
        let weights = other.map(read).transpose()?;
        Reader::load(Data { weights: weights.as_deref().unwrap_or(WEIGHTS), gazetteer: GAZETTEER })
    });
    loaded.as_ref().map_err(Clone::clone)
}
