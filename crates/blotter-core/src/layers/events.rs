//! Event triggers with their type, factuality and arguments.
//!
//! The heads: `event` (trigger spans with type), `argument` (trigger → last word of an argument, one logit a role),
//! `factuality` (a number at a trigger).

use super::Input;
use super::entities::Entity;
use crate::data::DataError;
use crate::encode::{bio, sigmoid};
use crate::text::Span;

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
pub struct Events {}

/// How far from its trigger an argument is looked for, in bytes: as in training.
const REACH: usize = 300;

impl Events {
    /// Loads the layer.
    ///
    /// # Errors
    /// None at present: the layer has no data of its own.
    pub fn load() -> Result<Events, DataError> {
        Ok(Events {})
    }

    /// The events of the report, in order.
    pub fn read(&self, input: Input<'_>, entities: &[Entity]) -> Vec<Event> {
        bio::spans(input.scores, "event")
            .into_iter()
            .map(|found| Event {
                span: found.span,
                factuality: factuality(input, found.tokens.start),
                args: arguments(input, entities, found.tokens.start, found.span),
                kind: found.label,
                confidence: f64::from(found.confidence),
            })
            .collect()
    }
}

fn factuality(input: Input<'_>, token: usize) -> f64 {
    match input.scores.token.get("factuality") {
        Some(head) => f64::from(head.row(token)[0]).clamp(-3.0, 3.0),
        None => 3.0,
    }
}

/// Words near the trigger whose best role is likelier than none, each widened to the mention that ends with it.
fn arguments(input: Input<'_>, entities: &[Entity], trigger: usize, span: Span) -> Vec<Argument> {
    let Some(head) = input.scores.pair.get("argument") else { return Vec::new() };
    let tokens = &input.scores.tokens;
    let near = |t: usize| tokens[t].start + REACH >= span.start && tokens[t].end <= span.end + REACH;
    let mut found: Vec<Argument> = Vec::new();
    for word in bio::words_in(tokens, 0..tokens.len()) {
        let token = word.start;
        if !near(token) || span.overlaps(Span::new(tokens[token].start, tokens[token].end)) {
            continue;
        }
        let best = (0..head.labels.len())
            .map(|label| (sigmoid(head.logit(label, trigger, token)), label))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let Some((probability, label)) = best.filter(|(p, _)| *p > 0.5) else { continue };
        let word = Span::new(tokens[token].start, tokens[word.end - 1].end);
        let (span, entity) = widened(entities, word);
        let role = head.labels[label].clone();
        if probability > 0.5 && !found.iter().any(|a| a.role == role && a.span == span) {
            found.push(Argument { role, span, entity });
        }
    }
    found
}

/// The mention that ends with the word, and its entity; the word alone where there is none.
fn widened(entities: &[Entity], word: Span) -> (Span, Option<usize>) {
    let mentions = entities.iter().enumerate().flat_map(|(i, e)| e.mentions.iter().map(move |m| (m.span, i)));
    match mentions.filter(|(span, _)| span.contains(word)).min_by_key(|(span, _)| span.len()) {
        Some((span, entity)) if span.end == word.end => (span, Some(entity)),
        Some((_, entity)) => (word, Some(entity)),
        None => (word, None),
    }
}
