//! Whom somebody tried to harm, and who came off unharmed.

use super::Field;
use super::lists::Cues;
use super::phrases::{self, Beside};
use super::reactions::speaker;
use crate::data::DataError;
use crate::incidents::{Draft, Parts};
use crate::layers::entities::EntityKind;
use crate::layers::words::{self, Word};
use crate::text::Span;

const CUES: &str = include_str!("../../data/facts/attempts.txt");
const CUES_FILE: &str = "data/facts/attempts.txt";

/// A person told of: the entity, the words for it, the words that tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub entity: usize,
    pub who: Span,
    pub words: Span,
}

/// What an incident's sentences tell of attempts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Outcome {
    /// Whom somebody tried to harm, who is not told to have been.
    pub tried: Vec<Told>,
    /// Who came off unharmed.
    pub unharmed: Vec<Told>,
}

/// The phrases, each with where its person stands.
pub struct Attempts {
    cues: Vec<Cues>,
}

impl Attempts {
    /// Loads the word list.
    ///
    /// # Errors
    /// The line and reason of a fault in it.
    pub fn load() -> Result<Attempts, DataError> {
        let cues = super::cues(CUES, CUES_FILE, &["attempt", "unharmed"], &["before", "after", "speaker"])?;
        Ok(Attempts { cues })
    }

    /// The attempts and the unharmed of the incident.
    pub(super) fn read(&self, parts: Parts<'_>, draft: &Draft) -> Outcome {
        let words = words::read(parts.input);
        let mut outcome = Outcome::default();
        for &sentence in &draft.sentences {
            let start = words.partition_point(|w| w.sentence < sentence);
            let end = words.partition_point(|w| w.sentence <= sentence);
            let here = &words[start..end];
            let act = draft.act().any(|a| a.sentence == sentence);
            for (result, side, phrases) in &self.cues {
                let list = if *result == "attempt" { &mut outcome.tried } else { &mut outcome.unharmed };
                if *result == "attempt" && !act {
                    continue;
                }
                let found = phrases.iter().find_map(|p| p.find(&here)).and_then(|at| told(parts, here, side, at));
                let anew = |t: &Told| !harmed(parts, t.entity) && !list.iter().any(|known| known.entity == t.entity);
                if let Some(told) = found.filter(anew) {
                    list.push(told);
                }
            }
        }
        outcome
    }
}

/// The person on the phrase's side.
fn told(parts: Parts<'_>, words: &[Word<'_>], side: &str, at: std::ops::Range<usize>) -> Option<Told> {
    let phrase = Span::new(words[at.start].span.start, words[at.end - 1].span.end);
    let who: Beside = match side {
        "before" => phrases::subject(parts, words, at.start)?,
        "after" => phrases::objects(parts, words, at.end).into_iter().next()?,
        _ => speaker(parts, phrase)?,
    };
    let entity = who.entity.filter(|e| parts.entities[*e].kind == EntityKind::Person)?;
    let words = if side == "speaker" { phrase } else { phrase.join(who.words) };
    Some(Told { entity, who: who.words, words })
}

/// Whether a toll tells of harm to the entity.
fn harmed(parts: Parts<'_>, entity: usize) -> bool {
    let harm = |field| matches!(field, Field::Killed | Field::Wounded | Field::Abducted);
    parts.tolls.iter().any(|t| !t.negated && harm(t.field) && t.entities.contains(&entity))
}
