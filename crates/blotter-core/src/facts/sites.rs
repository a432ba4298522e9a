//! Sites: the words for a spot inside a settlement: a street, a block, a building, and for a part of it or a village that
//! no gazetteer has.

use std::sync::LazyLock;

use regex::Regex;

use super::near::model;
use super::{PlacePrecision, list};
use crate::data::DataError;
use crate::encode::bio;
use crate::incidents::{Draft, Parts};
use crate::layers::entities::{EntityKind, Form};
use crate::text::Span;

const WORDS: &str = include_str!("../../data/facts/sites.txt");
const WORDS_FILE: &str = "data/facts/sites.txt";

/// Words that stand before the place of an event.
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:at|in|inside|outside|outside of|near|on|in front of|behind|along|off|onto|into|against)\s+$")
        .expect("a pattern")
});

/// A street with its block or number, or a crossing.
pub(crate) static STREET: LazyLock<Regex> = LazyLock::new(|| {
    let name = r"(?:(?:[NSEW]\.?|North|South|East|West|Northeast|Northwest|Southeast|Southwest|NE|NW|SE|SW) )?(?:[A-Z][\w.'’-]*|\d+(?:st|nd|rd|th))(?: [A-Z][\w.'’-]*){0,3}?";
    let kind = r"(?:Street|Streets|St\b\.?|Avenue|Avenues|Ave\b\.?|Road|Rd\b\.?|Drive|Dr\.|Boulevard|Blvd\b\.?|Lane|Ln\b\.?|Court|Ct\.|Circle|Terrace|Highway|Parkway|Trail|Place|Way|Square)(?: (?:North|South|East|West|N|S|E|W|NE|NW|SE|SW)\b\.?)?";
    Regex::new(&format!(
        r"(?:the )?(?:\d{{2,5}}(?: and \d{{2,5}})?(?:-|\s)?(?:hundred )?blocks? of {name} {kind}|(?:corner|intersection) of {name}(?: {kind})? and {name}(?: {kind})?|{name}(?: {kind})? and {name} (?:streets|avenues|roads|Streets|Avenues|Roads)|\d{{2,5}}(?:-|\s)?(?:hundred )?blocks? of {name}|(?:\d{{1,5}} )?{name} {kind})"
    ))
    .expect("a pattern")
});

/// A building or ground whose street is named behind it: "a home on", "the parking lot of a store in".
static BUILDING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:(?:a|an|the|his|her|their)\s+)(?:[\w'’-]+\s+){0,2}?(?:home|house|apartment|residence|building|complex|store|shop|market|restaurant|bar|club|nightclub|hotel|motel|church|mosque|school|park|lot|station|garage|clinic|hospital|bank|office)\s+(?:on|in|at|off|along|near)\s+$",
    )
    .expect("a pattern")
});

/// Where people are brought after the act, or a step that follows it is taken.
pub(super) static AFTERWARDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:taken|transported|rushed|flown|airlifted|hospitali[sz]ed|treated|pronounced|recover(?:ing|ed)?|condition|surgery|custody|jailed|held|booked|lodged|bail|arraigned|court|sentenced|charged|buried|funeral)\b",
    )
    .expect("a pattern")
});
/// Where those work who investigate an act.
static INVESTIGATES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:[\w'’.-]+ ){0,5}(?:police department|sheriff['’]s (?:office|department)|county jail|police headquarters)\b").expect("a pattern")
});
/// Bytes before a site in which such words are looked for.
const STEP_REACH: usize = 60;
/// What a site where a later step was taken counts less.
const LATER: f64 = 0.5;

/// Bytes before a street in which the building on it is looked for.
const BUILDING_REACH: usize = 60;
/// Less speaks for a site than this: none is given.
const LEAST: f64 = 0.7;
/// What speaks for a site by the way it was found.
const BY_STREET: f64 = 0.5;
const BY_NAME: f64 = 0.45;
const BY_FACILITY: f64 = 0.35;
const BY_MODEL: f64 = 0.3;
const ANY_FACILITY: f64 = 0.1;
/// The head `where` must be this sure of words that nothing else marks.
const SURE: f32 = 0.5;

/// A site and how much speaks for it, 0 to 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    /// The words, without the preposition.
    pub span: Span,
    /// How exactly they say where.
    pub precision: PlacePrecision,
    /// 0 to about 2.
    pub score: f64,
}

/// The words that end names of sites.
pub struct Sites {
    /// Words before one of the listed words, which is the second group; the first is the whole name.
    named: Regex,
    words: Vec<(PlacePrecision, Vec<String>)>,
}

impl Sites {
    /// Loads the word list.
    ///
    /// # Errors
    /// The line and reason of a fault in it.
    pub fn load() -> Result<Sites, DataError> {
        let mut words = Vec::new();
        for (line, name, list) in list(WORDS, WORDS_FILE)? {
            let precision = match name.as_str() {
                "site" => PlacePrecision::Site,
                "district" => PlacePrecision::District,
                "settlement" => PlacePrecision::Settlement,
                _ => return Err(DataError::new(WORDS_FILE, line, "no such precision")),
            };
            words.push((precision, list));
        }
        let mut all: Vec<String> = words.iter().flat_map(|(_, list)| list).map(|w| regex::escape(w)).collect();
        all.sort_by_key(|w| std::cmp::Reverse(w.len()));
        let pattern = format!(
            r"(?i)\b(?:at|in|inside|outside|near|on|to|into|around|along|of|from)\s+((?:the\s+)?(?:[\p{{L}}\d'’.-]+\s+){{1,3}}?({}))\b",
            all.join("|")
        );
        let named = Regex::new(&pattern).map_err(|e| DataError::new(WORDS_FILE, 1, e.to_string()))?;
        Ok(Sites { named, words })
    }

    /// The site that the incident's sentences name, nearest to its anchors; `None` where they name none.
    pub(super) fn site(&self, parts: Parts<'_>, draft: &Draft) -> Option<Site> {
        let text = parts.input.text();
        let mut found: Vec<(Span, PlacePrecision, f64)> = Vec::new();
        for &index in &draft.sentences {
            let sentence = parts.input.sentences[index].span;
            // The capitals of a headline run into each other.
            if parts.input.report.headline.is_some_and(|h| h.overlaps(sentence)) {
                continue;
            }
            let streets = STREET
                .find_iter(sentence.of(text))
                .map(|m| Span::new(sentence.start + m.start(), sentence.start + m.end()));
            found.extend(streets.map(|s| (s, PlacePrecision::Site, BY_STREET)));
            found.extend(self.named(text, sentence).into_iter().map(|(s, precision)| (s, precision, BY_NAME)));
        }
        found.extend(facilities(parts, draft).into_iter().map(|(s, base)| (s, PlacePrecision::Site, base)));
        found.extend(marked(parts, draft).into_iter().map(|s| (s, PlacePrecision::Site, BY_MODEL)));
        found
            .into_iter()
            .filter(|(span, ..)| BEFORE.is_match(before(text, *span)) && !only_a_place(parts, *span))
            .map(|(span, precision, base)| Site {
                span: with_building(parts, span),
                precision,
                score: base + near(parts, draft, span) + model(parts, "where", span) - later(parts, span),
            })
            .max_by(|a, b| a.score.total_cmp(&b.score).then(b.span.cmp(&a.span)))
            .filter(|s| s.score > LEAST)
    }

    /// Names that end in a listed word: in ordinary text names with a capital, in text without small or capital letters
    /// any words.
    fn named(&self, text: &str, sentence: Span) -> Vec<(Span, PlacePrecision)> {
        let words = sentence.of(text);
        let one_case = !words.chars().any(char::is_lowercase) || !words.chars().any(char::is_uppercase);
        let found = self.named.captures_iter(words).filter_map(|c| {
            let (whole, last) = (c.get(1)?, c.get(2)?);
            let lead = &words[whole.start()..last.start()];
            let name = lead.trim_start_matches("the ").trim_start_matches("The ").trim_start_matches("THE ");
            let proper = if one_case {
                !name.trim().is_empty() && name.split_whitespace().all(|w| !small(w))
            } else {
                name.split_whitespace().next().is_some_and(|w| w.starts_with(char::is_uppercase))
                    && name.split_whitespace().all(|w| !small(w))
            };
            let precision = self.precision(&last.as_str().to_lowercase())?;
            let span = Span::new(sentence.start + whole.start(), sentence.start + whole.end());
            proper.then_some((span, precision))
        });
        found.collect()
    }

    fn precision(&self, word: &str) -> Option<PlacePrecision> {
        self.words.iter().find(|(_, list)| list.iter().any(|w| w == word)).map(|(precision, _)| *precision)
    }
}

/// Small words, numbers and words of direction: no part of a name.
fn small(word: &str) -> bool {
    const SMALL: [&str; 47] = [
        "a", "an", "this", "that", "these", "those", "his", "her", "their", "its", "our", "my", "and", "or", "in",
        "on", "at", "of", "to", "by", "for", "with", "from", "near", "was", "were", "is", "are", "had", "has", "have",
        "been", "who", "which", "some", "any", "all", "other", "another", "each", "every", "same", "entire", "whole",
        "various", "several", "the",
    ];
    let lower = word.to_lowercase();
    SMALL.contains(&lower.as_str()) || lower.ends_with(['.', ',']) || lower.chars().all(|c| c.is_ascii_digit())
}

/// Mentions of buildings and grounds, and how much that alone says; "a building" is any building and "the
/// house" little more.
fn facilities(parts: Parts<'_>, draft: &Draft) -> Vec<(Span, f64)> {
    let text = parts.input.text();
    let mentions = parts.entities.iter().filter(|e| e.kind == EntityKind::Facility).flat_map(|e| &e.mentions);
    mentions
        .filter(|m| m.form != Form::Pronoun && draft.tells(parts.input.sentence_at(m.span)))
        .map(|mention| {
            let span = with_article(text, mention.span);
            let first = span.of(text).split_whitespace().next().unwrap_or("").to_lowercase();
            let any = mention.form == Form::Nominal && matches!(first.as_str(), "a" | "an");
            let bare = mention.form == Form::Nominal && span.of(text).split_whitespace().count() < 3;
            (span, if any || bare { ANY_FACILITY } else { BY_FACILITY })
        })
        .collect()
}

/// What the head `where` marks and no place covers.
fn marked(parts: Parts<'_>, draft: &Draft) -> Vec<Span> {
    let spans = bio::spans(parts.input.scores, "where").into_iter().filter(|s| s.confidence > SURE);
    spans
        .map(|s| s.span)
        .filter(|s| draft.tells(parts.input.sentence_at(*s)) && !parts.places.iter().any(|p| p.span.overlaps(*s)))
        .filter(|s| s.of(parts.input.text()).chars().filter(|c| c.is_alphabetic()).count() > 3)
        .map(|s| with_article(parts.input.text(), s))
        .collect()
}

/// The few bytes before a span.
fn before(text: &str, span: Span) -> &str {
    super::snap(text, Span::new(span.start.saturating_sub(16), span.start)).of(text)
}

/// "Tarn Road" → "a home on Tarn Road", where the building stands before it in the sentence.
fn with_building(parts: Parts<'_>, span: Span) -> Span {
    let text = parts.input.text();
    let sentence = parts.input.sentences.get(parts.input.sentence_at(span)).map_or(0, |s| s.span.start);
    let from = span.start.saturating_sub(BUILDING_REACH).max(sentence).min(span.start);
    let before = super::snap(text, Span::new(from, span.start));
    BUILDING.find(before.of(text)).map_or(span, |m| Span::new(before.start + m.start(), span.end))
}

/// What speaks against a site in whose clause a later step is told, or where those work who investigate.
fn later(parts: Parts<'_>, span: Span) -> f64 {
    let text = parts.input.text();
    let sentence = parts.input.sentences.get(parts.input.sentence_at(span)).map_or(0, |s| s.span.start);
    let from = span.start.saturating_sub(STEP_REACH).max(sentence).min(span.start);
    let before = super::snap(text, Span::new(from, span.start)).of(text);
    let clause = before.rsplit([',', ';']).next().unwrap_or(before);
    if AFTERWARDS.is_match(clause) || INVESTIGATES.is_match(beginning_at(text, span)) { LATER } else { 0.0 }
}

/// Whether the words are an article and the name of a place that a noun takes up ("in an Edenton shooting").
fn only_a_place(parts: Parts<'_>, span: Span) -> bool {
    let words = span.of(parts.input.text());
    let name = ["a ", "an "].iter().find_map(|article| words.strip_prefix(article));
    name.is_some_and(|name| parts.places.iter().any(|p| !p.site && p.name == name))
}

/// The words of a site and a few behind it.
fn beginning_at(text: &str, span: Span) -> &str {
    super::snap(text, Span::new(span.start, (span.end + STEP_REACH).min(text.len()))).of(text)
}

/// Up to half a point in an anchor's own sentence, less with each sentence between.
fn near(parts: Parts<'_>, draft: &Draft, span: Span) -> f64 {
    let sentence = parts.input.sentence_at(span);
    let gap = draft.act().map(|a| a.sentence.abs_diff(sentence)).min().unwrap_or(9);
    let lead = if sentence < 5 { 0.1 } else { 0.0 };
    lead + match gap {
        0 => 0.4,
        1 => 0.2,
        _ => 0.0,
    }
}

/// "harbour office" → "the harbour office", where the article stands before it.
fn with_article(text: &str, span: Span) -> Span {
    let before = &text[..span.start];
    let article = ["the ", "The ", "THE ", "a ", "an "].into_iter().find(|a| before.ends_with(a));
    Span::new(span.start - article.map_or(0, str::len), span.end)
}
