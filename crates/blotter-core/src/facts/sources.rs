//! Who says each fact: the attributions whose content covers its words, and what the words of doubt make of it.

use super::{Fact, Field, Source, Status};
use crate::incidents::Parts;
use crate::layers::attributions::Attribution;
use crate::text::Span;

/// Words that make a fact alleged, in the sentence that carries it.
const DOUBT: [&str; 9] = [
    "allegedly",
    "alleged",
    "reportedly",
    "unconfirmed",
    "suspected",
    "purportedly",
    "apparently",
    "believed to be",
    "accused of",
];

/// Gives every fact its sources, and the status that they and the words around it make.
pub fn attach(parts: Parts<'_>, facts: &mut [Fact]) {
    for fact in facts {
        if fact.field == Field::Stage {
            continue;
        }
        for evidence in fact.evidence.clone() {
            for (index, attribution) in covering(parts.attributions, evidence) {
                let source = source(parts, index, attribution);
                if attribution.stance == "denies" && fact.field != Field::Responsibility {
                    fact.status = Status::Denied;
                    push(&mut fact.denied_by, source);
                } else {
                    if attribution.stance == "confirms" && fact.status == Status::Reported {
                        fact.status = Status::Confirmed;
                    }
                    if attribution.stance == "accuses" && fact.status == Status::Reported {
                        fact.status = Status::Alleged;
                    }
                    push(&mut fact.sources, source);
                }
            }
        }
        if fact.status == Status::Reported && fact.evidence.iter().all(|e| doubted(parts, *e)) {
            fact.status = Status::Alleged;
        }
    }
}

/// The attributions, with a source, whose content covers most of the words; the innermost only.
fn covering(attributions: &[Attribution], words: Span) -> Vec<(usize, &Attribution)> {
    let covers = |c: &Span| {
        let shared = c.end.min(words.end).saturating_sub(c.start.max(words.start));
        shared * 2 > words.len()
    };
    let mut found: Vec<(usize, usize, &Attribution)> = attributions
        .iter()
        .enumerate()
        .filter(|(_, a)| !a.source.is_empty())
        .filter_map(|(i, a)| a.content.iter().filter(|c| covers(c)).map(Span::len).min().map(|len| (len, i, a)))
        .collect();
    found.sort_by_key(|(len, i, _)| (*len, *i));
    found.into_iter().take(1).map(|(_, i, a)| (i, a)).collect()
}

fn source(parts: Parts<'_>, index: usize, attribution: &Attribution) -> Source {
    Source {
        attribution: Some(index),
        name: name(parts, attribution),
        via: attribution.via.iter().map(|v| name(parts, &parts.attributions[*v])).filter(|n| !n.is_empty()).collect(),
    }
}

/// The words for the source; for a pronoun, the name of whom it means.
fn name(parts: Parts<'_>, attribution: &Attribution) -> String {
    let Some(span) = attribution.source.first() else { return String::new() };
    let words = span.of(parts.input.text());
    let pronoun = matches!(words.to_lowercase().as_str(), "he" | "she" | "they" | "it" | "who");
    match attribution.speaker {
        Some(speaker) if pronoun => parts.entities[speaker].name.clone(),
        _ => words.to_owned(),
    }
}

fn push(list: &mut Vec<Source>, source: Source) {
    if !list.iter().any(|s| s.name.eq_ignore_ascii_case(&source.name)) {
        list.push(source);
    }
}

fn doubted(parts: Parts<'_>, words: Span) -> bool {
    let sentence = parts.input.sentences.get(parts.input.sentence_at(words)).map_or(words, |s| s.span);
    let near = super::window(parts.input.text(), sentence, words, 60);
    let lower = near.of(parts.input.text()).to_lowercase();
    DOUBT.iter().any(|d| super::has_words(&lower, d))
}
