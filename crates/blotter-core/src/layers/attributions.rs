//! Who said what: source, cue, content, and the chain by which a statement reached the report.
//!
//! The heads `source`, `cue` and `content` mark the spans, `borders` mends where they begin and end, `links` joins them
//! by the pair heads `source_of` and `content_of` and by where they stand. Where the model is silent, rules over verbs of
//! saying stand in (`spoken`).

mod borders;
mod links;
mod merge;
mod quotes;
mod relays;
mod spoken;
mod whole;

use super::Input;
use super::entities::{Entity, EntityKind, Form, Mention};
use crate::data::DataError;
use crate::encode::bio;
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
    /// What the rules read as said at this cue: a content that the model breaks off tells the rest as well.
    pub scope: Vec<Span>,
    /// Index of the speaker among the entities.
    pub speaker: Option<usize>,
    /// Indices of the attributions by which this one was itself reported, nearest first.
    pub via: Vec<usize>,
    /// The outlet it was told to or the channel it was made on ("told Coast News Agency", "said on state radio").
    pub relay: Option<Span>,
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
    borders: borders::Borders,
    links: links::Links,
    spoken: spoken::Spoken,
    relays: relays::Relays,
}

const STANCES: &str = include_str!("../../data/attributions/stances.txt");
const STANCES_FILE: &str = "data/attributions/stances.txt";
/// The heads mark a little too few words of sources and contents, and break contents off where they doubt a word. Chosen
/// by hand on 100 training articles and the development part of PolNeAR; on whole records made by hand (other kinds of
/// news) contents that break off less also give more facts their source.
const SOURCE_LEAN: bio::Lean = bio::Lean { outside: -0.4, begin: 0.0 };
const CONTENT_LEAN: bio::Lean = bio::Lean { outside: -0.3, begin: -1.5 };

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
        let (borders, links) = (borders::Borders::load()?, links::Links::load()?);
        let (spoken, relays) = (spoken::Spoken::load()?, relays::Relays::load()?);
        Ok(Attributions { stances, borders, links, spoken, relays })
    }

    /// The attributions of the report, in order of their first span.
    pub fn read(&self, input: Input<'_>, entities: &[Entity]) -> Vec<Attribution> {
        let words = borders::Words::read(input);
        let mut cues = bio::spans(input.scores, "cue");
        cues.retain(|cue| !within_name(entities, cue.span));
        let cues = self.borders.cues(&words, &cues);
        let sources = self.borders.sources(&words, &words.spans(input, "source", SOURCE_LEAN));
        let contents = self.borders.contents(&words, &words.spans(input, "content", CONTENT_LEAN));
        let spans = links::Found { words: &words, cues: &cues, sources: &sources, contents: &contents };
        let all = crate::layers::words::read(input);
        let mut found = self.links.join(input, &spans);
        merge::merge(input, &mut found, self.spoken.read(input, entities));
        for attribution in &mut found {
            merge::tidy(input.text(), attribution);
            merge::strays(input, attribution);
            merge::accused(input.text(), attribution);
            whole::mend(&self.spoken, input.text(), &all, entities, attribution);
        }
        found.retain(|a| !a.content.is_empty());
        found.sort_by_key(|a| a.cue.iter().chain(&a.content).map(|s| s.start).min());
        for attribution in &mut found {
            attribution.form = form(input.text(), &attribution.content);
            attribution.stance = self.stance(input.text(), attribution);
            attribution.speaker = speaker(input.text(), attribution, entities);
        }
        for attribution in &mut found {
            attribution.relay = self.relays.of(input, &all, entities, attribution);
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

/// Whether the words are a part of a person's name ("Said" of "Omar Said").
fn within_name(entities: &[Entity], words: Span) -> bool {
    let people = entities.iter().filter(|e| e.kind == EntityKind::Person).flat_map(|e| &e.mentions);
    people.filter(|m| m.form == Form::Name).any(|m| m.span.contains(words) && m.span.len() > words.len())
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

/// The person whose name ends the source ("Harbour Party leader Ana Holm"), else the entity whose mention covers most of it.
fn speaker(text: &str, attribution: &Attribution, entities: &[Entity]) -> Option<usize> {
    let source = attribution.source.first()?;
    // "The men they suspect": who is suspected is not who suspects.
    let head = |m: &Mention| m.span.end < source.start && text[m.span.end..source.start].trim().is_empty();
    let led = |m: &Mention| {
        let lead = text.get(source.start..m.span.start).unwrap_or_default().to_lowercase();
        !lead.contains("'s") && !lead.split_whitespace().any(|w| matches!(w, "of" | "for" | "to" | "with" | "and"))
    };
    let ends = |m: &&Mention| m.form == Form::Name && m.span.end == source.end && m.span.start >= source.start;
    let named = entities.iter().position(|e| e.kind == EntityKind::Person && e.mentions.iter().filter(ends).any(led));
    if named.is_some() {
        return named;
    }
    let mut best: Option<(usize, usize)> = None;
    for (index, entity) in entities.iter().enumerate().filter(|(_, e)| !e.mentions.iter().any(head)) {
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
