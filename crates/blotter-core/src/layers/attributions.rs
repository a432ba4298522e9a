//! Who said what: source, cue, content, and the chain by which a statement reached the report.
//!
//! The heads `source`, `cue` and `content` mark the spans, the pair heads `source_of` and `content_of` join them. Where
//! the model is silent, rules over verbs of saying stand in (`spoken`).

mod merge;
mod quotes;
mod spoken;

use super::Input;
use super::entities::Entity;
use crate::data::DataError;
use crate::encode::bio::{self, LabelledSpan};
use crate::encode::sigmoid;
use crate::text::Span;

/// One attribution. Each role is its contiguous pieces, in order.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Attribution {
    /// Who says it; empty where the text does not tell.
    pub source: Vec<Span>,
    /// The words that say that it is said.
    pub cue: Vec<Span>,
    /// What is said.
    pub content: Vec<Span>,
    /// Index of the speaker among the entities.
    pub speaker: Option<usize>,
    /// Indices of the attributions by which this one was itself reported, nearest first.
    pub via: Vec<usize>,
    /// "direct", "indirect" or "mixed".
    pub form: &'static str,
    /// "says", "confirms", "denies", "claims-responsibility", "accuses", "condemns", "threatens" or "doubts".
    pub stance: &'static str,
    /// 0 to 1.
    pub confidence: f64,
}

/// The attributions layer.
pub struct Attributions {
    stances: Vec<(&'static str, Vec<String>)>,
    spoken: spoken::Spoken,
}

const STANCES: &str = include_str!("../../data/attributions/stances.txt");
const STANCES_FILE: &str = "data/attributions/stances.txt";
/// A cue further than this many bytes from a span is not joined with it unless the model is sure: about two paragraphs.
const REACH: usize = 700;
/// The model's probability from which a link holds by itself; without one the best by link and nearness does.
const SURE: f64 = 0.6;
/// A source with less than this (link and nearness together) is none.
const LEAST: f64 = 0.25;

impl Attributions {
    /// Loads the word lists.
    ///
    /// # Errors
    /// The file, line and reason of a fault in the data.
    pub fn load() -> Result<Attributions, DataError> {
        let names = ["denies", "confirms", "claims-responsibility", "accuses", "condemns", "threatens", "doubts"];
        let mut stances = Vec::new();
        for (line, name, words) in lists(STANCES, STANCES_FILE)? {
            let name = names.iter().find(|n| **n == name);
            stances.push((*name.ok_or(DataError::new(STANCES_FILE, line, "no such stance"))?, words));
        }
        Ok(Attributions { stances, spoken: spoken::Spoken::load()? })
    }

    /// The attributions of the report, in order of their first span.
    pub fn read(&self, input: Input<'_>, entities: &[Entity]) -> Vec<Attribution> {
        let cues = bio::spans(input.scores, "cue");
        let sources = bio::spans(input.scores, "source");
        let contents = bio::spans(input.scores, "content");
        let mut found = join(input, &cues, &sources, &contents);
        merge::merge(input, &mut found, self.spoken.read(input, entities));
        for attribution in &mut found {
            merge::tidy(input.text(), attribution);
        }
        found.retain(|a| !a.content.is_empty());
        found.sort_by_key(|a| a.cue.iter().chain(&a.content).map(|s| s.start).min());
        for attribution in &mut found {
            attribution.form = form(input.text(), &attribution.content);
            attribution.stance = self.stance(input.text(), attribution);
            attribution.speaker = speaker(attribution, entities);
        }
        pronouns(input.text(), &mut found);
        chain(&mut found);
        found
    }

    fn stance(&self, text: &str, attribution: &Attribution) -> &'static str {
        let cue: String = attribution.cue.iter().map(|s| s.of(text)).collect::<Vec<_>>().join(" ").to_lowercase();
        // "claimed responsibility" is often cue and content together.
        let both = attribution.content.first().map_or(cue.clone(), |c| format!("{cue} {}", start_of(c.of(text))));
        for (stance, words) in &self.stances {
            let place = if *stance == "claims-responsibility" { &both } else { &cue };
            if words.iter().any(|word| has_word(place, word)) {
                return stance;
            }
        }
        "says"
    }
}

/// Reads `name: word, word` lines: (line number, name, words in lower case).
fn lists(text: &str, file: &str) -> Result<Vec<(usize, String, Vec<String>)>, DataError> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.starts_with('#') && !l.trim().is_empty()) {
        let (name, words) =
            line.split_once(':').ok_or_else(|| DataError::new(file, number + 1, "expected `name: word, word`"))?;
        let words = words.split(',').map(|w| w.trim().to_lowercase()).filter(|w| !w.is_empty()).collect();
        found.push((number + 1, name.trim().to_owned(), words));
    }
    Ok(found)
}

/// A pronoun whose entity is not known means the last speaker before it.
fn pronouns(text: &str, found: &mut [Attribution]) {
    let mut last = None;
    for attribution in found {
        let words = attribution.source.first().map(|s| s.of(text).to_lowercase());
        match words.as_deref() {
            Some("he" | "she" | "they" | "who") if attribution.speaker.is_none() => attribution.speaker = last,
            Some(_) => last = attribution.speaker,
            None => {}
        }
    }
}

fn start_of(words: &str) -> String {
    words.split_whitespace().take(3).collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether `words` holds `pattern` as whole words; a pattern that ends in `~` also matches with an inflection.
fn has_word(words: &str, pattern: &str) -> bool {
    let stem = pattern.strip_suffix('~');
    let wanted = stem.unwrap_or(pattern);
    words.match_indices(wanted).any(|(at, _)| {
        let before = words[..at].chars().next_back();
        let after: String = words[at + wanted.len()..].chars().take_while(|c| c.is_alphanumeric()).collect();
        !before.is_some_and(char::is_alphanumeric)
            && (after.is_empty() || stem.is_some() && ["s", "es", "d", "ed", "ing"].contains(&after.as_str()))
    })
}

/// Joins every cue with its sources and contents. A content without a cue is kept with the cue it leans to most.
fn join(
    input: Input<'_>,
    cues: &[LabelledSpan],
    sources: &[LabelledSpan],
    contents: &[LabelledSpan],
) -> Vec<Attribution> {
    let link = |head: &str, cue: &LabelledSpan, other: &LabelledSpan| -> f64 {
        match input.scores.pair.get(head) {
            Some(pair) => f64::from(sigmoid(pair.logit(0, cue.tokens.start, other.tokens.start))),
            None => 0.0,
        }
    };
    let gap = |a: Span, b: Span| if a.overlaps(b) { 0 } else { a.start.max(b.start) - a.end.min(b.end) };
    // Most statements stand beside their cue: nearness counts like the model's word, more in the same sentence.
    let near = |a: Span, b: Span| {
        let together = if input.sentence_at(a) == input.sentence_at(b) { 0.2 } else { 0.0 };
        together + 0.5 / (1.0 + gap(a, b) as f64 / 40.0)
    };
    let mut owners: Vec<Vec<(usize, f64)>> = vec![Vec::new(); cues.len()];
    let mut lonely = Vec::new();
    for (index, content) in contents.iter().enumerate() {
        let mut ranked: Vec<(f64, usize)> = cues
            .iter()
            .enumerate()
            .map(|(i, cue)| (link("content_of", cue, content) + near(cue.span, content.span), i))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let sure: Vec<_> =
            ranked.iter().filter(|(_, i)| link("content_of", &cues[*i], content) > SURE).copied().collect();
        let best = ranked.first().copied().filter(|(_, i)| gap(cues[*i].span, content.span) < REACH);
        let chosen = if sure.is_empty() { best.into_iter().collect() } else { sure };
        if chosen.is_empty() {
            lonely.push(index);
        }
        for (p, cue) in chosen {
            owners[cue].push((index, p.clamp(0.0, 1.0)));
        }
    }
    let mut found = Vec::new();
    for (cue, mut owned) in cues.iter().zip(owners) {
        owned.sort_by_key(|(i, _)| contents[*i].span.start);
        if owned.is_empty() {
            continue;
        }
        let mut ranked: Vec<(f64, usize)> = sources
            .iter()
            .enumerate()
            .map(|(i, source)| (link("source_of", cue, source) + near(cue.span, source.span), i))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut source: Vec<usize> =
            ranked.iter().filter(|(_, i)| link("source_of", cue, &sources[*i]) > SURE).map(|(_, i)| *i).collect();
        if source.is_empty() {
            source.extend(ranked.first().filter(|(score, _)| *score > LEAST).map(|(_, i)| *i));
        }
        source.sort_unstable();
        let probability = owned.iter().map(|(_, p)| *p).fold(0.0, f64::max);
        let content: Vec<Span> = owned.iter().map(|(i, _)| contents[*i].span).collect();
        let confidence = f64::from(cue.confidence) * f64::from(contents[owned[0].0].confidence) * probability.max(0.3);
        found.push(Attribution {
            source: source.into_iter().map(|i| sources[i].span).collect(),
            cue: vec![cue.span],
            content,
            confidence,
            ..Attribution::default()
        });
    }
    for index in lonely {
        let content = vec![contents[index].span];
        let confidence = f64::from(contents[index].confidence) * 0.3;
        found.push(Attribution { content, confidence, ..Attribution::default() });
    }
    found
}

/// Direct if the content is one quotation, mixed if a part of it is, else indirect.
fn form(text: &str, content: &[Span]) -> &'static str {
    let quote = |c: char| matches!(c, '"' | '“' | '”' | '«' | '»');
    let parts: Vec<&str> = content.iter().map(|s| s.of(text)).collect();
    let whole = !parts.is_empty()
        && parts.iter().all(|p| p.starts_with(quote) && p.trim_end_matches(['.', ',']).ends_with(quote));
    match (whole, parts.iter().any(|p| p.contains(quote))) {
        (true, _) => "direct",
        (false, true) => "mixed",
        (false, false) => "indirect",
    }
}

/// The entity whose mention covers most of the source, names before nominals.
fn speaker(attribution: &Attribution, entities: &[Entity]) -> Option<usize> {
    let source = attribution.source.first()?;
    let mut best: Option<(usize, usize)> = None;
    for (index, entity) in entities.iter().enumerate() {
        for mention in entity.mentions.iter().filter(|m| m.span.overlaps(*source)) {
            let shared = mention.span.end.min(source.end) - mention.span.start.max(source.start);
            if best.is_none_or(|(most, _)| shared > most) {
                best = Some((shared, index));
            }
        }
    }
    best.map(|(_, index)| index)
}

/// A statement whose cue and source lie inside another's content was reported by that other one.
fn chain(found: &mut [Attribution]) {
    let holders: Vec<Vec<usize>> = found
        .iter()
        .enumerate()
        .map(|(i, inner)| {
            let Some(anchor) = inner.source.first().or(inner.cue.first()) else { return Vec::new() };
            let mut around: Vec<(usize, usize)> = found
                .iter()
                .enumerate()
                .filter(|(j, _)| *j != i)
                .filter_map(|(j, outer)| outer.content.iter().find(|c| c.contains(*anchor)).map(|c| (c.len(), j)))
                .collect();
            around.sort_unstable();
            around.into_iter().map(|(_, j)| j).collect()
        })
        .collect();
    for (attribution, via) in found.iter_mut().zip(holders) {
        attribution.via = via;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_cue_give_its_stance() {
        let layer = Attributions::load().unwrap();
        let stance =
            |text: &str, cue: Span| layer.stance(text, &Attribution { cue: vec![cue], ..Attribution::default() });
        assert_eq!(stance("The minister denied it", Span::new(13, 19)), "denies");
        assert_eq!(stance("The minister condemned it", Span::new(13, 22)), "condemns");
        assert_eq!(stance("The minister said it", Span::new(13, 17)), "says");
    }

    #[test]
    fn quotation_marks_give_the_form() {
        let text = "“We saw it,” he said.";
        assert_eq!(form(text, &[Span::new(0, "“We saw it,”".len())]), "direct");
        assert_eq!(form("that it was “a shame” to all", &[Span::new(0, 29)]), "mixed");
        assert_eq!(form("that it rained", &[Span::new(0, 14)]), "indirect");
    }

    #[test]
    fn a_statement_inside_a_content_came_by_its_speaker() {
        let mut found = vec![
            Attribution {
                source: vec![Span::new(0, 5)],
                cue: vec![Span::new(6, 10)],
                content: vec![Span::new(11, 60)],
                ..Default::default()
            },
            Attribution {
                source: vec![Span::new(15, 20)],
                cue: vec![Span::new(21, 25)],
                content: vec![Span::new(30, 60)],
                ..Default::default()
            },
        ];
        chain(&mut found);
        assert_eq!(found[0].via, Vec::<usize>::new());
        assert_eq!(found[1].via, vec![0]);
    }
}
