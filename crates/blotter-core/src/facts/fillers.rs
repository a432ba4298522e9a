//! The words that give people and organizations a part: spans of the model's heads, and what the tolls tell of.

use super::Field;
use super::parties::Filler;
use crate::encode::{bio, softmax, tokens_in};
use crate::incidents::{Draft, Parts};
use crate::layers::entities::{Entity, Form};
use crate::layers::tolls::people::{Chances, People};
use crate::layers::tolls::roles::roles;
use crate::text::Span;

/// How much the head `age_role` says beside the weights of the words: a factor of its log-odds, and their bound.
const HEAD: f64 = 0.3;
const HEAD_MOST: f64 = 3.0;

/// Every span that has a part in some incident of the report.
pub(super) fn fillers(parts: Parts<'_>) -> Vec<Filler> {
    let mut found = Vec::new();
    for span in bio::spans(parts.input.scores, "role") {
        let field = match span.label.as_str() {
            "perpetrator" => Field::Perpetrator,
            "suspect" => Field::Suspect,
            "victim" => Field::Victim,
            "target" => Field::Target,
            "participant" => Field::Participant,
            _ => continue,
        };
        found.push(Filler { span: span.span, field, confidence: f64::from(span.confidence), why: "head role" });
    }
    for span in bio::spans(parts.input.scores, "muc4") {
        let field = match span.label.as_str() {
            "PerpInd" | "PerpOrg" => Field::Perpetrator,
            "Target" => Field::Target,
            "Victim" => Field::Victim,
            _ => continue,
        };
        if !found.iter().any(|f: &Filler| f.span.overlaps(span.span)) {
            found.push(Filler {
                span: span.span,
                field,
                confidence: f64::from(span.confidence) * 0.9,
                why: "head muc4",
            });
        }
    }
    for toll in parts.tolls.iter().filter(|t| t.field == Field::Arrested && !t.negated && t.rule != "series") {
        if let Some(span) = toll.who {
            found.push(Filler {
                span,
                field: Field::Suspect,
                confidence: toll.confidence * 0.6,
                why: "told as arrested",
            });
        }
    }
    if parts.input.scores.token.contains_key("role") {
        return found;
    }
    for role in roles(parts.input, parts.tolls, parts.entities) {
        let entity = &parts.entities[role.entity];
        if let Some(first) = entity.mentions.iter().find(|m| m.form != Form::Pronoun) {
            let confidence = role.confidence * 0.6;
            found.push(Filler { span: first.span, field: role.field, confidence, why: "words around a person" });
        }
    }
    found
}

/// Where nothing else tells a victim: those of whom a toll tells.
pub(super) fn harmed(parts: Parts<'_>) -> Vec<Filler> {
    let tolls = parts.tolls.iter().filter(|t| matches!(t.field, Field::Killed | Field::Wounded | Field::Abducted));
    tolls
        .filter(|t| !t.negated && !t.attackers && t.rule != "series")
        .filter_map(|t| {
            Some(Filler {
                span: t.who?,
                field: Field::Victim,
                confidence: t.confidence * 0.5,
                why: "whom a toll tells of",
            })
        })
        .collect()
}

/// The chances of every person with an age, by the words about him and the head `age_role` at his age.
pub(super) fn chances(parts: Parts<'_>, people: &People) -> Vec<Chances> {
    let words = people.odds(parts.input, parts.tolls, parts.entities).into_iter();
    let odds = words.map(|(index, odds)| {
        let head = head_odds(parts, &parts.entities[index]).unwrap_or_default();
        Chances::of(index, [odds[0] + HEAD * head[0], odds[1] + HEAD * head[1]])
    });
    odds.collect()
}

/// The mean log-odds of victim and suspect against neither at the person's ages in the text.
fn head_odds(parts: Parts<'_>, entity: &Entity) -> Option<[f64; 2]> {
    let scores = parts.input.scores;
    let head = scores.token.get("age_role")?;
    let label = |name: &str| head.labels.iter().position(|l| l == name);
    let (other, victim, suspect) = (label("other")?, label("victim")?, label("suspect")?);
    let (text, age) = (parts.input.text(), entity.age?.to_string());
    let mut found: Vec<[f64; 2]> = Vec::new();
    for mention in entity.mentions.iter().filter(|m| m.form != Form::Pronoun) {
        let near = super::snap(text, Span::new(mention.span.start.saturating_sub(14), mention.span.end + 8));
        let mut tokens = tokens_in(&scores.tokens, near);
        let token = tokens.find(|t| text.get(scores.tokens[*t].start..scores.tokens[*t].end) == Some(age.as_str()));
        let Some(token) = token else { continue };
        let odds = softmax(head.row(token));
        let against = |i: usize| f64::from(odds[i] / odds[other].max(1e-6)).max(1e-6).ln().clamp(-HEAD_MOST, HEAD_MOST);
        found.push([against(victim), against(suspect)]);
    }
    let n = found.len() as f64;
    (!found.is_empty()).then(|| [0, 1].map(|k| found.iter().map(|f| f[k]).sum::<f64>() / n))
}

/// Where nothing else tells who did it: gunmen, rebels and the like in a sentence with the act.
pub(super) fn attackers_beside_the_act(parts: Parts<'_>, draft: &Draft) -> Vec<Filler> {
    let acts: Vec<usize> = draft.act().map(|a| a.sentence).collect();
    let armed = parts.entities.iter().filter(|e| matches!(e.group, Some("armed-group" | "criminal")));
    armed
        .filter_map(|e| e.mentions.iter().find(|m| m.form != Form::Pronoun))
        .filter(|m| acts.contains(&parts.input.sentence_at(m.span)))
        .map(|m| Filler {
            span: m.span,
            field: Field::Perpetrator,
            confidence: 0.45,
            why: "armed people beside the act",
        })
        .collect()
}

/// The filler cut down to the noun phrase or name in it; `None` where there is neither ("he", "16", "that killed").
pub(super) fn sharpened(parts: Parts<'_>, filler: Filler) -> Option<Filler> {
    let mentions = parts.entities.iter().flat_map(|e| &e.mentions).filter(|m| m.form != Form::Pronoun);
    let inside = |span: Span| filler.span.contains(span) && span.len() * 3 >= filler.span.len();
    // The model marks "the mayor of Tarn" whole; a mention inside it that is nearly all of it is the better name.
    let exact = mentions
        .clone()
        .find(|m| m.span == filler.span)
        .or_else(|| mentions.clone().filter(|m| inside(m.span)).max_by_key(|m| m.span.len()));
    // "A" of "A 30-year-old man": the whole phrase is meant.
    let whole = mentions.filter(|m| m.span.contains(filler.span)).min_by_key(|m| m.span.len());
    let words = filler.span.of(parts.input.text());
    let first = words.split_whitespace().next().unwrap_or("").to_lowercase();
    let broken = !words.chars().any(char::is_alphabetic)
        || words.ends_with("-old")
        || matches!(
            first.as_str(),
            "that" | "who" | "which" | "was" | "were" | "is" | "are" | "has" | "had" | "and" | "to"
        );
    let pronoun = PRONOUNS.contains(&words.to_lowercase().as_str());
    let empty = words.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).all(is_small);
    if exact.is_none()
        && (empty || broken)
        && !pronoun
        && let Some(mention) = whole
    {
        return Some(Filler { span: mention.span, ..filler });
    }
    match exact {
        Some(mention) if broken || mention.span == filler.span => Some(Filler { span: mention.span, ..filler }),
        _ if broken || pronoun || empty => None,
        _ => Some(filler),
    }
}

/// Whether the word names nobody by itself: "a", "four", "another".
pub(super) fn is_small(word: &str) -> bool {
    const SMALL: [&str; 16] = [
        "a", "an", "the", "of", "and", "or", "with", "at", "in", "by", "from", "another", "several", "some", "many",
        "both",
    ];
    let word = word.to_lowercase();
    SMALL.contains(&word.as_str()) || crate::layers::words::small_number(&word).is_some()
}

const PRONOUNS: [&str; 22] = [
    "he",
    "she",
    "they",
    "it",
    "him",
    "her",
    "them",
    "his",
    "their",
    "its",
    "we",
    "us",
    "i",
    "me",
    "you",
    "who",
    "someone",
    "somebody",
    "himself",
    "herself",
    "themselves",
    "one",
];
