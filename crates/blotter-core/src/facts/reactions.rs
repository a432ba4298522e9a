//! `reaction`: who condemns, praises, mourns, offers help, demands, threatens or welcomes.

use super::{Fact, Field, Status, Value};
use crate::data::DataError;
use crate::incidents::{Draft, Parts};
use crate::layers::attributions::Attribution;

const CUES: &str = include_str!("../../data/facts/reactions.txt");
const CUES_FILE: &str = "data/facts/reactions.txt";

/// Words of reaction, by stance.
pub struct Reactions {
    cues: Vec<(&'static str, Vec<String>)>,
}

impl Reactions {
    /// Loads the word list.
    ///
    /// # Errors
    /// The line and reason of a fault in it.
    pub fn load() -> Result<Reactions, DataError> {
        let names = ["condemns", "praises", "mourns", "offers-help", "demands", "threatens", "welcomes"];
        let cues = super::list(CUES, CUES_FILE)?
            .into_iter()
            .map(|(line, name, words)| match names.iter().find(|n| **n == name) {
                Some(name) => Ok((*name, words)),
                None => Err(DataError::new(CUES_FILE, line, "no such stance")),
            })
            .collect::<Result<_, _>>()?;
        Ok(Reactions { cues })
    }

    /// The reactions among the statements that the incident's sentences report, one a source and stance.
    pub fn facts(&self, parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
        let text = parts.input.text();
        let mut facts: Vec<Fact> = Vec::new();
        for attribution in parts.attributions {
            let Some(cue) = attribution.cue.first() else { continue };
            if !draft.tells(parts.input.sentence_at(*cue)) || attribution.source.is_empty() {
                continue;
            }
            let said: Vec<String> =
                attribution.cue.iter().chain(&attribution.content).map(|s| s.of(text).to_lowercase()).collect();
            let Some((stance, words)) = self.stance(&said) else { continue };
            let fact = fact(parts, attribution, stance, words);
            if !facts.iter().any(|f| f.value == fact.value) {
                facts.push(fact);
            }
        }
        facts
    }

    fn stance(&self, said: &[String]) -> Option<(&'static str, &str)> {
        self.cues.iter().find_map(|(stance, words)| {
            words.iter().find(|w| said.iter().any(|s| super::has_words(s, w))).map(|w| (*stance, w.as_str()))
        })
    }
}

fn fact(parts: Parts<'_>, attribution: &Attribution, stance: &'static str, words: &str) -> Fact {
    let text = parts.input.text();
    let source = attribution.source[0];
    let name = attribution.speaker.map_or_else(|| source.of(text).to_owned(), |s| parts.entities[s].name.clone());
    let evidence = attribution
        .content
        .iter()
        .chain(&attribution.cue)
        .find(|s| super::has_words(&s.of(text).to_lowercase(), words));
    Fact {
        field: Field::Reaction,
        value: Value::Reaction { entity: attribution.speaker, name, stance },
        status: Status::Reported,
        sources: Vec::new(),
        denied_by: Vec::new(),
        evidence: vec![super::evidence(text, *evidence.unwrap_or(&source))],
        confidence: (0.8 * attribution.confidence).clamp(0.02, 0.95),
        why: format!("word of reaction: {words}"),
    }
}
