//! Bytes → text: byte order mark, valid UTF-8, declared encoding, guess, in this order.

use std::sync::LazyLock;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use regex::Regex;

/// A decoded text and what was odd about its bytes.
#[derive(Debug)]
pub struct Decoded {
    /// The text, without byte order mark.
    pub text: String,
    /// Each a sentence for the user.
    pub warnings: Vec<String>,
}

/// Decodes `bytes`; `declared` is the label of the encoding that the input says it has (such as a page's meta
/// charset). Valid UTF-8 is UTF-8 whatever is declared: no other encoding yields it by chance.
pub fn decode(bytes: &[u8], declared: Option<&str>) -> Decoded {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Decoded { text: encoding.decode(bytes).0.into_owned(), warnings: Vec::new() };
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    if let Ok(text) = std::str::from_utf8(bytes)
        && declared.is_none_or(Encoding::is_ascii_compatible)
        && utf16(bytes).is_none()
    {
        return Decoded { text: text.to_owned(), warnings: Vec::new() };
    }
    if let Some(encoding) = utf16(bytes).or(declared.filter(|e| *e != UTF_8)) {
        return Decoded { text: encoding.decode_without_bom_handling(bytes).0.into_owned(), warnings: Vec::new() };
    }
    if mostly_utf8(bytes) {
        let text = String::from_utf8_lossy(bytes).into_owned();
        return Decoded { text, warnings: vec!["some bytes are not valid UTF-8".to_owned()] };
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let note = format!("the bytes do not say their encoding; read as {} (guessed)", encoding.name());
    Decoded { text: encoding.decode_without_bom_handling(bytes).0.into_owned(), warnings: vec![note] }
}

/// The bytes without a UTF-8 byte order mark.
pub fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// UTF-16 of mostly Latin letters, with or without byte order mark: every other byte is NUL.
pub fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some(UTF_16LE),
        [0xFE, 0xFF, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let head = &bytes[..bytes.len().min(1024)];
    let nul = |parity: usize| head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (nul(0), nul(1), head.len() / 2);
    match half >= 8 {
        true if odd * 10 > half * 7 && even * 10 < half => Some(UTF_16LE),
        true if even * 10 > half * 7 && odd * 10 < half => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether the bytes are UTF-8 with a few faults (a cut, a stray byte) rather than another encoding: more valid
/// multi-byte characters than faults.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}

/// UTF-8 that was once read as windows-1252: "â€™" for "’", "Ã©" for "é", "Â " for a no-break space.
static MOJIBAKE: LazyLock<Regex> = LazyLock::new(|| {
    let upper = "\u{80}-\u{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";
    Regex::new(&format!("â€[{upper}]|Ã[{upper}]|Â[\u{A0}-\u{BF}]")).expect("a valid pattern")
});

/// Warnings about characters that an earlier program mangled. They are read as they are: a repair would alter the
/// text that quotes point into.
pub fn mangled(text: &str) -> Vec<String> {
    let mut warnings = Vec::new();
    let lost = text.matches('\u{FFFD}').count();
    if lost > 0 {
        warnings.push(format!("{} cannot be read and shown as U+FFFD", characters(lost)));
    }
    let mojibake = if text.contains(['â', 'Ã', 'Â']) { MOJIBAKE.find_iter(text).count() } else { 0 };
    if mojibake > 0 {
        warnings.push(format!(
            "{} mangled (UTF-8 once read as another encoding, such as \"â€™\" for \"’\"); read as they stand",
            characters(mojibake)
        ));
    }
    warnings
}

fn characters(n: usize) -> String {
    if n == 1 { "1 character is".to_owned() } else { format!("{n} characters are") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_with_and_without_mark() {
        assert_eq!(decode(b"\xEF\xBB\xBFcaf\xC3\xA9", None).text, "café");
        assert_eq!(decode("café".as_bytes(), Some("iso-8859-1")).text, "café");
        assert!(decode(b"plain", None).warnings.is_empty());
    }

    #[test]
    fn utf16_with_and_without_mark() {
        let bytes: Vec<u8> = "Two guards were hurt.".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&bytes, None).text, "Two guards were hurt.");
        let marked: Vec<u8> = [0xFF, 0xFE].into_iter().chain(bytes).collect();
        assert_eq!(decode(&marked, None).text, "Two guards were hurt.");
    }

    #[test]
    fn declared_then_guessed() {
        assert_eq!(decode(b"caf\xE9", Some("ISO-8859-1")).text, "café");
        let guessed = decode(b"The caf\xE9 on the quay was \x93closed\x94 on Tuesday.", None);
        assert_eq!(guessed.text, "The café on the quay was “closed” on Tuesday.");
        assert_eq!(guessed.warnings.len(), 1);
    }

    #[test]
    fn cut_utf8_stays_utf8() {
        let decoded = decode(b"caf\xC3\xA9, na\xC3\xAFve \xC3", None);
        assert_eq!(decoded.text, "café, naïve \u{FFFD}");
        assert_eq!(decoded.warnings.len(), 1);
    }

    #[test]
    fn mangled_characters_are_counted_and_left() {
        assert_eq!(mangled("the governorâ€™s â€œcafÃ©â€\u{9d}").len(), 1);
        assert!(mangled("the governorâ€™s â€œcafÃ©â€\u{9d}")[0].starts_with("4 characters"));
        assert!(mangled("château, São Paulo, Â").is_empty());
    }
}
