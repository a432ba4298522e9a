//! Short names that people can read aloud and type.

use sha2::{Digest, Sha256};

/// Crockford's digits: none looks like another.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Twenty of Crockford's digits that stand for a text: its hash.
pub fn short_hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(20).map(|byte| DIGITS[usize::from(byte % 32)] as char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_has_the_same_name() {
        assert_eq!(short_hash("a"), short_hash("a"));
        assert_ne!(short_hash("a")[..4], short_hash("b")[..4]);
        assert_eq!(short_hash("").len(), 20);
    }
}
