//! Tolls: how many were killed, wounded, abducted, arrested ..., totals against parts.

use super::{Fact, Field, Scope, Status, Toll, Value};
use crate::incidents::{Draft, Parts};
use crate::layers::tolls::TollMention;
use crate::text::Span;

/// The tolls of the incident: per field a total, and the parts that the text tells beside it.
pub fn facts(parts: Parts<'_>, draft: &Draft, _all: &[Draft]) -> Vec<Fact> {
    let fields = [
        Field::Killed,
        Field::Wounded,
        Field::Casualties,
        Field::Missing,
        Field::Abducted,
        Field::Arrested,
        Field::Displaced,
    ];
    let mut found = Vec::new();
    for field in fields {
        let told: Vec<&TollMention> = parts
            .tolls
            .iter()
            .filter(|t| t.field == field && t.rule != "series" && draft.tells(parts.input.sentence_at(t.span)))
            .filter(|t| !t.negated || t.count.best == Some(0))
            .collect();
        found.extend(total(parts, field, &told));
    }
    found
}

/// The total: the largest count told, the surest and earliest of equals.
fn total(parts: Parts<'_>, field: Field, told: &[&TollMention]) -> Option<Fact> {
    let size = |t: &TollMention| t.count.best.or(t.count.min).unwrap_or(0);
    let best = told.iter().max_by(|a, b| {
        size(a).cmp(&size(b)).then(a.confidence.total_cmp(&b.confidence)).then(b.span.start.cmp(&a.span.start))
    })?;
    let text = parts.input.text();
    let same = told.iter().filter(|t| t.count == best.count);
    let mut evidence: Vec<Span> = same.map(|t| super::evidence(text, t.span)).take(3).collect();
    evidence.dedup();
    Some(Fact {
        field,
        value: Value::Toll(Box::new(Toll {
            count: best.count,
            who: best.who.map(|w| w.of(text).to_owned()),
            entity: best.entity,
            group: best.entity.and_then(|e| parts.entities[e].group),
            scope: Scope::Total,
            attackers: best.attackers,
        })),
        status: Status::Reported,
        sources: Vec::new(),
        denied_by: Vec::new(),
        evidence,
        confidence: best.confidence.clamp(0.02, 0.99),
        why: format!("largest of {} tolls told, rule {}", told.len(), best.rule),
    })
}
