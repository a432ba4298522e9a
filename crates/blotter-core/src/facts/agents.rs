//! Who did it, where a passive names him: "was shot by Jan Holm", "were abducted by gunmen".

use std::sync::LazyLock;

use regex::Regex;

use super::Field;
use super::parties::Filler;
use crate::incidents::Parts;
use crate::layers::entities::{EntityKind, Form};
use crate::text::Span;

/// What such a fact says of how it is known.
pub(super) const WHY: &str = "agent of a passive";
/// How sure an agent is a perpetrator.
const AGENT: f64 = 0.7;
/// Bytes between "by" and the mention.
const REACH: usize = 4;

/// Bytes of the phrase behind "by" in which its head stands ("by a group of hired men").
const PHRASE: usize = 40;

/// A participle of harm with "by" behind it.
static BY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:shot(?: dead| to death| and (?:killed|wounded|injured))?|gunned down|stabbed(?: to death)?|killed|slain|murdered|assassinated|executed|attacked|ambushed|assaulted|beaten(?: to death| up)?|hacked(?: to death)?|wounded|injured|raped|robbed|kidnapped|abducted|taken hostage|held hostage|captured|bombed|torched|ransacked|vandali[sz]ed|destroyed|blown up|set on fire|set ablaze|fired|thrown|hurled|planted|perpetrated)(?:\s+(?:\w+\s+){0,3}?)?\s*\bby\s+",
    )
    .expect("a pattern")
});

/// The agents of the report's passives, where no known words give their part to those who stand there.
pub(super) fn fillers(parts: Parts<'_>, known: &[Filler]) -> Vec<Filler> {
    let text = parts.input.text();
    let people = parts.entities.iter().filter(|e| matches!(e.kind, EntityKind::Person | EntityKind::Organization));
    let mentions: Vec<Span> =
        people.flat_map(|e| &e.mentions).filter(|m| m.form != Form::Pronoun).map(|m| m.span).collect();
    let mut found = Vec::new();
    for sentence in parts.input.sentences {
        for by in BY.find_iter(sentence.span.of(text)) {
            let at = sentence.span.start + by.end();
            let agent =
                mentions.iter().filter(|m| m.start >= at && m.start - at <= REACH).min_by_key(|m| (m.start, m.end));
            let told = |f: &Filler| f.field == Field::Perpetrator && f.span.start >= at && f.span.start - at <= PHRASE;
            let agent = agent.filter(|_| !known.iter().any(told));
            found.extend(agent.map(|span| Filler {
                span: *span,
                field: Field::Perpetrator,
                confidence: AGENT,
                why: WHY,
            }));
        }
    }
    found
}
