//! The language a text is in.

use whatlang::Lang;

use crate::text::Report;

/// Fewer letters than this are too few to tell a language.
const ENOUGH: usize = 60;
/// Fewer letters than this are too few to say that a text is not English: the names of a headline from abroad outweigh its words.
const ENOUGH_FOREIGN: usize = 100;
/// The language of the first this many bytes is the text's.
const LOOKED_AT: usize = 6000;
/// Words that English has often and the languages around it hardly ever.
const ENGLISH: [&str; 14] =
    ["the", "and", "of", "to", "with", "said", "from", "were", "has", "have", "that", "which", "this", "been"];
/// A text with a greater share of them is in no other language, whatever its names look like.
const ENGLISH_SHARE: f64 = 0.06;

/// ISO 639-1 code of the text's language; `None` where the text is too short or mixed to tell. Not English is said only where
/// it is plain, since such a text is not read.
pub fn of(text: &str) -> Option<&'static str> {
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text[..end];
    let letters = head.chars().filter(|c| c.is_alphabetic()).count();
    if letters < ENOUGH {
        return None;
    }
    let lang = whatlang::detect(head).filter(whatlang::Info::is_reliable).map(|info| info.lang())?;
    let plain = lang == Lang::Eng || letters >= ENOUGH_FOREIGN && english_share(head) < ENGLISH_SHARE;
    plain.then(|| code(lang))
}

fn english_share(text: &str) -> f64 {
    let words = || text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let english = words().filter(|word| ENGLISH.iter().any(|known| word.eq_ignore_ascii_case(known))).count();
    english as f64 / words().count().max(1) as f64
}

/// The language of a report that is not read because it is not English (ISO 639-1).
pub fn foreign(report: &Report) -> Option<String> {
    report.language.clone().filter(|code| code != "en")
}

/// ISO 639-3 → ISO 639-1.
fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Epo => "eo",
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Cmn => "zh",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Ben => "bn",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Kat => "ka",
        Lang::Ara => "ar",
        Lang::Hin => "hi",
        Lang::Jpn => "ja",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Pol => "pl",
        Lang::Amh => "am",
        Lang::Jav => "jv",
        Lang::Kor => "ko",
        Lang::Nob => "nb",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Mar => "mr",
        Lang::Kan => "kn",
        Lang::Ron => "ro",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Tam => "ta",
        Lang::Vie => "vi",
        Lang::Urd => "ur",
        Lang::Tha => "th",
        Lang::Guj => "gu",
        Lang::Uzb => "uz",
        Lang::Pan => "pa",
        Lang::Aze => "az",
        Lang::Ind => "id",
        Lang::Tel => "te",
        Lang::Pes => "fa",
        Lang::Mal => "ml",
        Lang::Ori => "or",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Khm => "km",
        Lang::Tuk => "tk",
        Lang::Aka => "ak",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Afr => "af",
        Lang::Lat => "la",
        Lang::Slk => "sk",
        Lang::Cat => "ca",
        Lang::Tgl => "tl",
        Lang::Hye => "hy",
        Lang::Cym => "cy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_german_and_too_short() {
        let english =
            "Two officials said the harbour had been closed since Tuesday, when the fire began in a warehouse.";
        let german = "Zwei Beamte sagten, der Hafen sei seit Dienstag geschlossen, als das Feuer in einer Halle ausbrach; \
             verletzt wurde niemand.";
        assert_eq!(of(english), Some("en"));
        assert_eq!(of(german), Some("de"));
        assert_eq!(of("Fire at quay"), None);
        // Names alone do not make a text foreign.
        let names = "General Pedro Antonio Suarez Quintero, national police director of Santa Lucia del Mar, said that \
                     Carlos Valencia Toledo has fled to Puerto Alegre.";
        assert!(matches!(of(names), None | Some("en")));
    }
}
