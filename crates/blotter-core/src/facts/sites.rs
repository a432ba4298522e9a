//! Sites: the words for a spot inside a settlement: a street, a block, a building.

use std::sync::LazyLock;

use regex::Regex;

use crate::incidents::{Draft, Parts};
use crate::layers::entities::{EntityKind, Form};
use crate::text::Span;

/// Words that stand before the place of an event.
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:at|in|inside|outside|outside of|near|on|in front of|behind|along|off|onto|into|against)\s+$")
        .expect("a pattern")
});

/// A street with its block or number, or a crossing.
static STREET: LazyLock<Regex> = LazyLock::new(|| {
    let name = r"(?:(?:[NSEW]\.?|North|South|East|West|Northeast|Northwest|Southeast|Southwest|NE|NW|SE|SW) )?(?:[A-Z][\w.'’-]*|\d+(?:st|nd|rd|th))(?: [A-Z][\w.'’-]*){0,3}?";
    let kind = r"(?:Street|Streets|St\.|Avenue|Avenues|Ave\.?|Road|Rd\.?|Drive|Dr\.|Boulevard|Blvd\.?|Lane|Ln\.?|Court|Circle|Terrace|Highway|Parkway|Trail|Place|Way|Square)(?: (?:North|South|East|West|N|S|E|W|NE|NW|SE|SW)\b\.?)?";
    Regex::new(&format!(
        r"(?:the )?(?:\d{{2,5}}(?:-|\s)?(?:hundred )?block of {name}(?: {kind})?|(?:corner|intersection) of {name}(?: {kind})? and {name}(?: {kind})?|(?:\d{{1,5}} )?{name} {kind})"
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

/// Bytes before a street in which the building on it is looked for.
const BUILDING_REACH: usize = 60;

/// A site and how much speaks for it, 0 to 1.
pub(super) struct Site {
    /// The words, without the preposition.
    pub span: Span,
    /// 0 to 1.
    pub score: f64,
}

/// The site that the incident's sentences name, nearest to its anchors; `None` where they name none.
pub(super) fn site(parts: Parts<'_>, draft: &Draft) -> Option<Site> {
    let text = parts.input.text();
    let mut found: Vec<(Span, f64)> = Vec::new();
    for &index in &draft.sentences {
        let sentence = parts.input.sentences[index].span;
        // The capitals of a headline run into each other.
        if parts.input.report.headline.is_some_and(|h| h.overlaps(sentence)) {
            continue;
        }
        let streets = STREET
            .find_iter(sentence.of(text))
            .map(|m| Span::new(sentence.start + m.start(), sentence.start + m.end()));
        found.extend(streets.map(|s| (s, 0.5)));
    }
    for mention in parts.entities.iter().filter(|e| e.kind == EntityKind::Facility).flat_map(|e| &e.mentions) {
        if mention.form != Form::Pronoun && draft.tells(parts.input.sentence_at(mention.span)) {
            let span = with_article(text, mention.span);
            // "a building" is any building.
            let any = mention.form == Form::Nominal
                && span.of(text).to_lowercase().split_whitespace().next().is_some_and(|w| matches!(w, "a" | "an"));
            found.push((span, if any { 0.1 } else { 0.35 }));
        }
    }
    found
        .into_iter()
        .filter(|(span, _)| {
            BEFORE.is_match(
                &text[super::snap(text, Span::new(span.start.saturating_sub(16), span.start)).start..span.start],
            )
        })
        .map(|(span, base)| Site {
            span: with_building(parts, span),
            score: base + near(parts, draft, span) + super::near::model(parts, "where", span),
        })
        .max_by(|a, b| a.score.total_cmp(&b.score).then(b.span.cmp(&a.span)))
        .filter(|s| s.score > 0.7)
}

/// "Tarn Road" → "a home on Tarn Road", where the building stands before it in the sentence.
fn with_building(parts: Parts<'_>, span: Span) -> Span {
    let text = parts.input.text();
    let sentence = parts.input.sentences.get(parts.input.sentence_at(span)).map_or(0, |s| s.span.start);
    let from = span.start.saturating_sub(BUILDING_REACH).max(sentence).min(span.start);
    let before = super::snap(text, Span::new(from, span.start));
    BUILDING.find(before.of(text)).map_or(span, |m| Span::new(before.start + m.start(), span.end))
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
    let article = ["the ", "The ", "a ", "an "].into_iter().find(|a| before.ends_with(a));
    Span::new(span.start - article.map_or(0, str::len), span.end)
}
