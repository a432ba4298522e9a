//! `type`: what kind of incident.

use std::collections::BTreeMap;

use super::{Fact, Field, Status, Value};
use crate::incidents::anchors::Anchor;
use crate::incidents::{Draft, Parts};
use crate::text::Span;

/// So many triggers are cited for a type or a stage.
pub(super) const MOST_EVIDENCE: usize = 6;

/// A second type is given where it has at least this share of the first one's weight and is of another first level.
const SECOND: f32 = 0.6;

/// The types of an incident: its anchors vote, the model's probability of a code beside the word's own code.
pub fn types(parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
    let mut votes: BTreeMap<&str, f32> = BTreeMap::new();
    for anchor in &draft.anchors {
        let weight = weight(parts, anchor);
        let specific = if anchor.code == "attack/other" || anchor.code == "arrest" { 0.25 } else { 1.0 };
        *votes.entry(anchor.code).or_default() += weight * specific * if anchor.weak { 0.5 } else { 1.0 };
        for (code, probability) in &anchor.codes {
            *votes.entry(code).or_default() += weight * probability;
        }
    }
    let mut ranked: Vec<(&str, f32)> = votes.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let total: f32 = ranked.iter().map(|(_, v)| v).sum();
    let Some(&(first, best)) = ranked.first() else { return Vec::new() };
    let level = |code: &str| code.split('/').next().unwrap_or(code).to_owned();
    let mut facts = vec![fact(parts, draft, first, best / total.max(1e-6))];
    let second = ranked.iter().find(|(code, _)| level(code) != level(first));
    if let Some(&(code, votes)) =
        second.filter(|(code, v)| *v >= SECOND * best && *code != "other" && *code != "arrest")
    {
        facts.push(fact(parts, draft, code, votes / total.max(1e-6)));
    }
    facts
}

/// An anchor weighs by the model's certainty, and more in the headline and the first sentences.
fn weight(parts: Parts<'_>, anchor: &Anchor) -> f32 {
    let lead = if anchor.sentence < 3 || parts.input.report.headline.is_some_and(|h| h.contains(anchor.span)) {
        1.5
    } else {
        1.0
    };
    anchor.certainty() * lead
}

fn fact(parts: Parts<'_>, draft: &Draft, code: &str, share: f32) -> Fact {
    let evidence: Vec<Span> = {
        let of_code: Vec<&Anchor> = draft.anchors.iter().filter(|a| a.code == code).collect();
        let pool: Vec<&Anchor> = if of_code.is_empty() { draft.anchors.iter().collect() } else { of_code };
        pool.iter().take(MOST_EVIDENCE).map(|a| super::clause(parts, a.span)).collect()
    };
    Fact {
        field: Field::Type,
        value: Value::Code(code.to_owned()),
        status: Status::Reported,
        sources: Vec::new(),
        denied_by: Vec::new(),
        evidence,
        confidence: f64::from(share.clamp(0.05, 0.99)),
        why: "triggers and head incident_type".to_owned(),
    }
}
