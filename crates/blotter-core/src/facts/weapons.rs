//! `weapon`: what it was done with.

use std::collections::BTreeMap;

use super::{Count, Fact, Field, Status, Value};
use crate::data::DataError;
use crate::encode::bio;
use crate::incidents::{Draft, Parts};
use crate::layers::entities::EntityKind;
use crate::text::Span;

const KINDS: &str = include_str!("../../data/facts/weapons.txt");
const KINDS_FILE: &str = "data/facts/weapons.txt";

/// The word list of weapons by kind.
pub struct Weapons {
    kinds: Vec<(&'static str, Vec<String>)>,
}

impl Weapons {
    /// Loads the word list.
    ///
    /// # Errors
    /// The line and reason of a fault in it.
    pub fn load() -> Result<Weapons, DataError> {
        let names =
            ["firearm", "explosive", "drone", "rocket", "mortar", "blade", "fire", "vehicle", "chemical", "other"];
        let kinds = super::list(KINDS, KINDS_FILE)?
            .into_iter()
            .map(|(line, name, words)| match names.iter().find(|n| **n == name) {
                Some(name) => Ok((*name, words)),
                None => Err(DataError::new(KINDS_FILE, line, "no such kind of weapon")),
            })
            .collect::<Result<_, _>>()?;
        Ok(Weapons { kinds })
    }

    /// The weapons of the incident, one fact a kind and name.
    pub fn facts(&self, parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
        let text = parts.input.text();
        let mut found: BTreeMap<String, (Vec<Span>, f64)> = BTreeMap::new();
        let spans = ["role", "muc4"].into_iter().flat_map(|head| bio::spans(parts.input.scores, head));
        for span in spans.filter(|s| matches!(s.label.as_str(), "weapon" | "Weapon")) {
            if draft.tells(parts.input.sentence_at(span.span)) && self.is_weapon(parts, span.span) {
                let head = span.span.of(text).rsplit(' ').next().unwrap_or("").to_lowercase();
                let entry = found.entry(head.trim_end_matches('s').to_owned()).or_default();
                if !entry.0.iter().any(|s| s.overlaps(span.span)) {
                    entry.0.push(span.span);
                }
                entry.1 = entry.1.max(f64::from(span.confidence));
            }
        }
        if found.is_empty() {
            return self.named_beside_the_act(parts, draft);
        }
        let why = "heads role and muc4";
        found.into_values().map(|(spans, confidence)| self.fact(parts, spans, confidence, why)).collect()
    }

    /// Whether the words hold a weapon's name and are not cut off ("two", "drones packed with").
    fn is_weapon(&self, parts: Parts<'_>, span: Span) -> bool {
        let words = span.of(parts.input.text());
        let cut = [" with", " and", " of", " by"].iter().any(|end| words.ends_with(end));
        let known = || {
            let weapons = parts.entities.iter().filter(|e| e.kind == EntityKind::Weapon);
            weapons.flat_map(|e| &e.mentions).any(|m| m.span.overlaps(span))
        };
        !cut && (self.kind(words) != "other" || known())
    }

    /// Where the model marks no weapon: the first weapon of each kind that a sentence with the act names.
    fn named_beside_the_act(&self, parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
        let acts: Vec<usize> = draft.act().map(|a| a.sentence).collect();
        let text = parts.input.text();
        let mut kinds: Vec<&str> = Vec::new();
        let mut facts = Vec::new();
        for mention in parts.entities.iter().filter(|e| e.kind == EntityKind::Weapon).flat_map(|e| &e.mentions) {
            let kind = self.kind(mention.span.of(text));
            if acts.contains(&parts.input.sentence_at(mention.span)) && !kinds.contains(&kind) {
                kinds.push(kind);
                facts.push(self.fact(parts, vec![mention.span], 0.45, "weapon word beside the act"));
            }
        }
        facts
    }

    fn fact(&self, parts: Parts<'_>, mut spans: Vec<Span>, confidence: f64, why: &str) -> Fact {
        spans.sort_unstable();
        let text = parts.input.text();
        let name = spans[0].of(text).to_owned();
        let number = parts.numbers.iter().find(|n| !n.ordinal && spans[0].contains(n.span));
        let number = number.map(|n| Count { min: n.min, best: n.best, max: n.max });
        let entity = super::parties::entity_at(parts.entities, spans[0]);
        let kind = self.kind(&name);
        Fact {
            field: Field::Weapon,
            value: Value::Weapon { entity, name, kind, number },
            status: Status::Reported,
            sources: Vec::new(),
            denied_by: Vec::new(),
            evidence: spans,
            confidence: confidence.clamp(0.02, 0.99),
            why: why.to_owned(),
        }
    }

    /// The kind that the words for a weapon tell; "other" where none does.
    pub fn kind(&self, name: &str) -> &'static str {
        let lower = name.to_lowercase();
        let fits = |words: &Vec<String>| words.iter().any(|w| super::has_words(&lower, w));
        self.kinds.iter().find(|(_, words)| fits(words)).map_or("other", |(kind, _)| kind)
    }
}
