//! Bytes as they are kept: compressed.

use std::cell::RefCell;

use zstd::bulk::{Compressor, Decompressor};

use crate::Error;

/// Beyond this nothing is unpacked: no report is as long, and a damaged length must not exhaust the memory.
const LARGEST: u64 = 1 << 30;

thread_local! {
    // Setting one up costs more than packing a profile does.
    static PACKER: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Packs bytes.
///
/// # Errors
/// There is no memory for it.
pub fn pack(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let fault = |e: std::io::Error| Error::Refused(format!("no room to pack a report ({e})"));
    PACKER.with_borrow_mut(|kept| {
        let packer = match kept {
            Some(packer) => packer,
            None => kept.insert(Compressor::new(3).map_err(fault)?),
        };
        packer.compress(bytes).map_err(fault)
    })
}

/// Unpacks them; `what` they are, for the message.
///
/// # Errors
/// They are not as they were packed.
pub fn unpack(bytes: &[u8], what: &str) -> Result<Vec<u8>, Error> {
    let fault = |reason: String| Error::Damaged(format!("{what} cannot be unpacked ({reason})"));
    let length = zstd::zstd_safe::get_frame_content_size(bytes).ok().flatten().filter(|n| *n <= LARGEST);
    let length = length.ok_or_else(|| fault("it is not as it was packed".to_owned()))?;
    UNPACKER.with_borrow_mut(|kept| {
        let unpacker = match kept {
            Some(unpacker) => unpacker,
            None => kept.insert(Decompressor::new().map_err(|e| fault(e.to_string()))?),
        };
        let room = usize::try_from(length).unwrap_or(usize::MAX);
        unpacker.decompress(bytes, room).map_err(|e| fault(e.to_string()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        for bytes in [&b""[..], b"Two drones", &[7; 100_000]] {
            assert_eq!(unpack(&pack(bytes).expect("packed"), "it").expect("unpacked"), bytes);
        }
        assert!(unpack(b"no", "it").is_err());
    }
}
