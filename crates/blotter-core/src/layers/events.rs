//! Event triggers with their type, factuality and arguments.
//!
//! The heads: `event` (trigger spans with type) and `factuality` (a number at a trigger). A word list says how often a
//! word is a trigger of a type at all; the head and the list decide together. Arguments: `arguments`.

pub mod arguments;

use std::collections::HashMap;

use super::Input;
use super::entities::Entity;
use crate::data::DataError;
use crate::encode::{TokenScores, bio, sigmoid, softmax};
use crate::text::Span;
use arguments::{Arguments, Surroundings};

const TRIGGERS: &str = include_str!("../../data/events/triggers.txt");
const TRIGGERS_FILE: &str = "data/events/triggers.txt";

/// How much the word list counts beside the head; this and the next two as measured best on WikiEvents' development split.
const LIST_WEIGHT: f32 = 0.8;
/// How much likelier than no trigger, as a difference of logarithms, a trigger must be.
const LEAST: f32 = 1.25;
/// The share that a word outside the list is taken to have.
const UNLISTED: f32 = 0.02;
/// No probability of the head counts as less.
const FAINT: f32 = 0.01;
/// The head shrinks towards the middle: from this number on it means "certainly". It makes the mean error on the
/// development split of UW smallest (0.69 to 0.54).
const CERTAIN: f64 = 1.7;

/// An argument of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// WikiEvents role in lower case ("attacker", "victim", "place", "instrument").
    pub role: String,
    /// Where it stands.
    pub span: Span,
    /// Index of its entity.
    pub entity: Option<usize>,
}

/// An event trigger.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Where it stands.
    pub span: Span,
    /// Coarse type ("life.die", "conflict.attack").
    pub kind: String,
    /// −3 (certainly did not happen) to 3 (certainly did).
    pub factuality: f64,
    /// Its arguments.
    pub args: Vec<Argument>,
    /// 0 to 1.
    pub confidence: f64,
}

/// The events layer.
pub struct Events {
    /// By word in lower case: the types it may be a trigger of, each with the share of its occurrences that are.
    listed: HashMap<String, Vec<(&'static str, f32)>>,
    arguments: Arguments,
}

impl Events {
    /// Loads the layer.
    ///
    /// # Errors
    /// The line and reason of a fault in its word list or its weights.
    pub fn load() -> Result<Events, DataError> {
        let mut listed: HashMap<String, Vec<(&'static str, f32)>> = HashMap::new();
        for (number, line) in TRIGGERS.lines().enumerate() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            let fault = |reason: &str| DataError::new(TRIGGERS_FILE, number + 1, reason);
            let (kind, words) =
                line.split_once(": ").ok_or_else(|| fault("expected `type: word share, word share`"))?;
            for entry in words.split(", ") {
                let (word, share) = entry.split_once(' ').ok_or_else(|| fault("expected a word and its share"))?;
                let share: u8 = share.trim().parse().map_err(|_| fault("a share is a number of hundredths"))?;
                listed.entry(word.to_owned()).or_default().push((kind, f32::from(share) / 100.0));
            }
        }
        Ok(Events { listed, arguments: Arguments::load()? })
    }

    /// The events of the report, in order.
    pub fn read(&self, input: Input<'_>, entities: &[Entity]) -> Vec<Event> {
        let triggers = self.triggers(input);
        if triggers.is_empty() {
            return Vec::new();
        }
        let around = Surroundings::new(input, entities, triggers.iter().map(|t| t.span).collect());
        triggers
            .into_iter()
            .map(|found| Event {
                span: found.span,
                factuality: factuality(input, found.token),
                args: self.arguments.of(&around, arguments::Trigger { span: found.span, kind: &found.kind }),
                kind: found.kind,
                confidence: f64::from(found.confidence),
            })
            .collect()
    }

    /// The words that are triggers of some type by the head and the list together; none without the head.
    fn triggers(&self, input: Input<'_>) -> Vec<Trigger> {
        let tokens = &input.scores.tokens;
        let Some(head) = input.scores.token.get("event") else { return Vec::new() };
        let kinds = kinds(head);
        let mut found: Vec<Trigger> = Vec::new();
        let mut inside: Option<usize> = None;
        for word in bio::words_in(tokens, 0..tokens.len()) {
            let odds = softmax(head.row(word.start));
            let span = Span::new(tokens[word.start].start, tokens[word.end - 1].end);
            // A trigger of several words goes on as long as the head says so.
            if let (Some(label), Some(last)) = (inside, found.last_mut())
                && odds.get(label).is_some_and(|p| *p > 0.5)
            {
                last.span = last.span.join(span);
                continue;
            }
            inside = None;
            if let Some((kind, confidence)) = self.best(&kinds, &odds, span.of(input.text())) {
                inside = kind.inside;
                found.push(Trigger { span, token: word.start, kind: kind.name.to_owned(), confidence });
            }
        }
        found
    }

    /// The likeliest type of a word and its probability; `None` where no trigger is likelier.
    fn best<'k, 'h>(&self, kinds: &'k [Kind<'h>], odds: &[f32], word: &str) -> Option<(&'k Kind<'h>, f32)> {
        let listed = self.listed.get(&word.to_lowercase());
        let share =
            |name: &str| listed.and_then(|l| l.iter().find(|(k, _)| *k == name)).map_or(0.0, |(_, share)| *share);
        let none = odds.first().copied().unwrap_or(1.0).max(FAINT);
        let score = |kind: &Kind<'_>| {
            odds[kind.begin].max(FAINT).ln() + LIST_WEIGHT * ((share(kind.name) + UNLISTED) / UNLISTED).ln() - none.ln()
        };
        let scored = kinds.iter().map(|kind| (kind, score(kind)));
        let (kind, score) = scored.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        (score > LEAST).then(|| (kind, sigmoid(score)))
    }
}

/// A word or words found to be a trigger.
struct Trigger {
    span: Span,
    /// Its first token.
    token: usize,
    kind: String,
    confidence: f32,
}

/// A type of the head with its labels.
struct Kind<'h> {
    name: &'h str,
    begin: usize,
    inside: Option<usize>,
}

/// The types of a head whose first label is "none".
fn kinds(head: &TokenScores) -> Vec<Kind<'_>> {
    let begins = head.labels.iter().enumerate().filter_map(|(i, label)| Some((i, label.strip_prefix("B-")?)));
    begins
        .map(|(begin, name)| {
            let inside = head.labels.iter().position(|l| l.strip_prefix("I-") == Some(name));
            Kind { name, begin, inside }
        })
        .collect()
}

fn factuality(input: Input<'_>, token: usize) -> f64 {
    match input.scores.token.get("factuality") {
        Some(head) if f64::from(head.row(token)[0]) < CERTAIN => f64::from(head.row(token)[0]).max(-3.0),
        _ => 3.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_list_hold() {
        let events = Events::load().expect("the list");
        for line in TRIGGERS.lines().filter_map(|l| l.strip_prefix("# example ")) {
            let (kind, sentence) = line.split_once(": ").expect("type and sentence");
            let words = sentence.split_whitespace().map(|w| w.trim_matches('.').to_lowercase());
            let speaks = words.filter_map(|w| events.listed.get(&w)).flatten().any(|(k, _)| *k == kind);
            assert!(speaks, "{sentence}");
        }
    }

    #[test]
    fn the_head_and_the_list_decide_together() {
        let events = Events::load().expect("the list");
        let kinds = [Kind { name: "life.die", begin: 1, inside: None }];
        let kind = |odds: &[f32], word: &str| events.best(&kinds, odds, word).map(|(k, _)| k.name);
        assert_eq!(kind(&[0.6, 0.4], "killed"), Some("life.die"));
        assert_eq!(kind(&[0.6, 0.4], "mortality"), None);
        assert_eq!(kind(&[0.1, 0.9], "mortality"), Some("life.die"));
        assert_eq!(kind(&[1.0, 0.0], "killed"), None);
    }
}
