//! Conditions of a codebook's lines: what must hold of the incident, its facts or its words.

use super::Item;
use super::phrases::Phrase;
use super::subject::of_toll;
use crate::facts::{Fact, Field, Scope, TollSummary, Value};

/// One condition.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    /// Turned round by `not`.
    pub(super) not: bool,
    pub(super) test: Test,
}

/// What is asked.
#[derive(Clone, Debug)]
pub(super) enum Test {
    /// A fact of one of the fields, of which all these words are true.
    Has(Vec<Field>, Vec<String>),
    /// One of the phrases stands in the sentences that carry the facts.
    Says(Vec<Phrase>),
    /// One of the phrases stands anywhere in the report.
    ReportSays(Vec<Phrase>),
    /// One of these is a label of the line that fitted.
    Is(Vec<String>),
    /// The derived toll of a field is over a number (a toll that is not known is not).
    Over(Field, u64),
}

impl Condition {
    pub(super) fn holds(&self, item: &Item<'_>) -> bool {
        let holds = match &self.test {
            Test::Has(fields, words) => item.facts.iter().any(|f| fields.contains(&f.field) && is_all(f, words)),
            Test::Says(phrases) => phrases.iter().any(|p| p.stands_in(&item.says)),
            Test::ReportSays(phrases) => item.subject.texts().into_iter().any(|text| {
                let words = super::Words::of(text, crate::text::Span::new(0, text.len()));
                phrases.iter().any(|p| p.stands_in(&words))
            }),
            Test::Is(labels) => labels.iter().any(|l| item.labels.contains(l)),
            Test::Over(field, least) => toll(&item.subject.toll(), *field).is_some_and(|n| n > *least),
        };
        holds != self.not
    }
}

/// The best value of a derived toll, else its least one.
pub(super) fn toll(toll: &TollSummary, field: Field) -> Option<u64> {
    let count = of_toll(toll, field)?;
    count.best.or(count.min)
}

/// Whether every word is true of a fact: its kind, group, harm, extent, stance, status or code.
pub(super) fn is_all(fact: &Fact, words: &[String]) -> bool {
    words.iter().all(|word| traits(fact).contains(&word.as_str()))
}

/// Whether one of the words is true of a fact; true of all where there are none.
pub(super) fn is_any(fact: &Fact, words: &[String]) -> bool {
    words.is_empty() || words.iter().any(|word| traits(fact).contains(&word.as_str()))
}

/// The words of the contract that are true of a fact.
fn traits(fact: &Fact) -> Vec<&str> {
    let mut found = vec![fact.status.name()];
    match &fact.value {
        Value::Code(code) => found.push(code),
        Value::Party(party) => {
            found.push(party.kind.name());
            found.extend(party.group);
            found.extend(party.harm.map(|h| h.name()));
        }
        Value::Weapon { kind, .. } => found.push(kind),
        Value::Damage { extent, .. } => found.push(extent),
        Value::Responsibility { stance, .. } | Value::Reaction { stance, .. } => found.push(stance),
        Value::Toll(toll) => {
            found.extend(toll.group);
            found.push(match toll.scope {
                Scope::Total => "total",
                Scope::Part => "part",
                Scope::Series => "series",
            });
            found.extend(toll.attackers.then_some("attackers"));
        }
        Value::When { precision, .. } => found.push(crate::wire::precision(*precision)),
        Value::Where(place) => found.push(place.precision.name()),
    }
    found
}
