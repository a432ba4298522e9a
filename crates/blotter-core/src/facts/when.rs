//! `when`: the incident's own date among those of the report.

use super::{Fact, Field, Status, Value};
use crate::encode::{softmax, tokens_in};
use crate::incidents::{Draft, Parts};
use crate::layers::times::{Extent, Precision, Time, TimeKind};

/// The date or time of the incident, from the time expressions of its sentences.
pub fn facts(parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
    let mut ranked: Vec<(f64, &Time, &Extent)> = parts
        .times
        .iter()
        .filter(|t| matches!(t.kind, TimeKind::Date | TimeKind::Time))
        // "Updated on 12 March" dates the report, not the incident.
        .filter(|t| !parts.input.report.is_of_report(t.span))
        .filter_map(|t| t.extent.as_ref().map(|e| (t, e)))
        .filter(|(t, _)| draft.tells(parts.input.sentence_at(t.span)))
        .map(|(t, e)| (score(parts, draft, t, e), t, e))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.span.cmp(&b.1.span)));
    let Some(&(score, time, extent)) = ranked.first() else { return Vec::new() };
    vec![Fact {
        field: Field::When,
        value: Value::When {
            start: extent.start.clone(),
            end: extent.end.clone(),
            precision: extent.precision,
            timex: time.value.clone(),
        },
        status: Status::Reported,
        sources: Vec::new(),
        denied_by: Vec::new(),
        evidence: vec![time.span],
        confidence: (score / (1.0 + score.abs())).clamp(0.05, 0.95),
        why: format!("nearest date to a trigger, rule {}", time.rule),
    }]
}

/// Nearness to a trigger, exactness, the model's head `when`, and the lead of the report speak for a time.
fn score(parts: Parts<'_>, draft: &Draft, time: &Time, extent: &Extent) -> f64 {
    let sentence = parts.input.sentence_at(time.span);
    let near = draft
        .act()
        .filter(|a| a.sentence == sentence)
        .map(|a| a.span.start.abs_diff(time.span.start))
        .min()
        .map_or(0.0, |gap| 1.0 / (1.0 + gap as f64 / 60.0));
    let exact = if extent.precision <= Precision::Day {
        0.6
    } else if extent.precision <= Precision::Week {
        0.2
    } else {
        0.0
    };
    let lead = if sentence <= 4 { 0.3 } else { 0.0 };
    model(parts, time) * 3.0 + near + exact + lead
}

/// The model's probability that the words are the time of an incident; 0 without a model.
fn model(parts: Parts<'_>, time: &Time) -> f64 {
    let scores = parts.input.scores;
    let Some(head) = scores.token.get("when") else { return 0.0 };
    tokens_in(&scores.tokens, time.span).map(|token| 1.0 - f64::from(softmax(head.row(token))[0])).fold(0.0, f64::max)
}
