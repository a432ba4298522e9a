//! What the lines of a codebook look at: an incident of a Reading, a stretch of its text, or an incident of a record that many
//! reports make. Whoever has facts can be coded: a [`Subject`] says what else is known beside them.

use serde_json::{Value as Json, json};

use crate::facts::{Count, Fact, Field, Incident, Relation, TollSummary, Value};
use crate::layers::entities::Entity;
use crate::reading::Reading;
use crate::text::Span;

/// What a codebook is put to.
pub trait Subject {
    /// The facts, those of a field with the best first.
    fn facts(&self) -> &[Fact];

    /// How the incident stands to its report; of a record: `Main` where any report is about it.
    fn relation(&self) -> Relation;

    /// The toll of everyone, attackers too.
    fn toll(&self) -> TollSummary;

    /// The least and the greatest number that is told of a toll, over all values that may be.
    fn range(&self, field: Field) -> Option<(u64, u64)> {
        let count = of_toll(&self.toll(), field)?;
        let low = count.min.or(count.best)?;
        Some((low, count.max.or(count.best).unwrap_or(low).max(low)))
    }

    /// The sentences that carry some of the facts.
    fn sentences(&self, facts: &[&Fact]) -> Vec<&str>;

    /// The whole texts.
    fn texts(&self) -> Vec<&str>;

    /// The words that carry a fact.
    fn quote(&self, fact: &Fact) -> Option<String>;

    /// The entity that a fact names, where its Reading is at hand.
    fn entity(&self, _index: usize) -> Option<&Entity> {
        None
    }

    /// ISO 3166-1 alpha-2 of the nationality of whom a fact names, where a text says it.
    fn country_of(&self, fact: &Fact) -> Option<String>;

    /// A part of the whole, by its name among `PARTS`; null where it has none.
    fn part(&self, part: &str) -> Json;

    /// A part of the report (of several: the first), by its name among `REPORT_PARTS`.
    fn report(&self, part: &str) -> Json;

    /// How many days after the incident the report was published; `None` where either is not known to the day.
    fn age_in_days(&self) -> Option<i64>;
}

/// An incident of a Reading, or, without one, its text.
pub(super) struct Read<'a> {
    pub reading: &'a Reading,
    pub incident: Option<&'a Incident>,
}

impl Subject for Read<'_> {
    fn facts(&self) -> &[Fact] {
        self.incident.map_or(&[], |i| &i.facts)
    }

    fn relation(&self) -> Relation {
        self.incident.map_or(Relation::Main, |i| i.relation)
    }

    fn toll(&self) -> TollSummary {
        self.incident.map_or_else(TollSummary::default, |i| i.toll)
    }

    fn sentences(&self, facts: &[&Fact]) -> Vec<&str> {
        let cited = |s: Span| facts.iter().any(|f| f.evidence.iter().any(|e| e.overlaps(s)));
        let text = &self.reading.report.text;
        self.reading.sentences.iter().filter(|s| cited(s.span)).map(|s| s.span.of(text)).collect()
    }

    fn texts(&self) -> Vec<&str> {
        vec![&self.reading.report.text]
    }

    fn quote(&self, fact: &Fact) -> Option<String> {
        fact.evidence.first().map(|e| self.reading.report.words(*e).to_owned())
    }

    fn entity(&self, index: usize) -> Option<&Entity> {
        self.reading.entities.get(index)
    }

    fn country_of(&self, fact: &Fact) -> Option<String> {
        self.entity(entity_of(fact)?)?.country.clone()
    }

    fn part(&self, part: &str) -> Json {
        let Some(incident) = self.incident else { return Json::Null };
        match part {
            "relation" => json!(incident.relation.name()),
            "summary" => json!(incident.summary),
            _ => Json::Null,
        }
    }

    fn report(&self, part: &str) -> Json {
        let report = &self.reading.report;
        match part {
            "id" => json!(report.id),
            "url" => json!(report.url),
            "publisher" => json!(report.publisher),
            "headline" => json!(report.headline.map(|s| report.words(s))),
            "published" => json!(report.published.as_ref().map(|d| &d.value)),
            "updated" => json!(report.updated.as_ref().map(|d| &d.value)),
            "language" => json!(report.language),
            _ => Json::Null,
        }
    }

    fn age_in_days(&self) -> Option<i64> {
        age_in_days(self.facts(), &self.reading.report.published.as_ref()?.value)
    }
}

/// The entity that a fact names.
pub(super) fn entity_of(fact: &Fact) -> Option<usize> {
    match &fact.value {
        Value::Party(p) => p.entity,
        Value::Weapon { entity, .. } | Value::Damage { entity, .. } | Value::Reaction { entity, .. } => *entity,
        Value::Responsibility { party, .. } => party.as_ref().and_then(|(entity, _)| *entity),
        _ => None,
    }
}

/// The count of a field in a toll.
pub(super) fn of_toll(toll: &TollSummary, field: Field) -> Option<Count> {
    match field {
        Field::Killed => toll.killed,
        Field::Wounded => toll.wounded,
        Field::Missing => toll.missing,
        Field::Abducted => toll.abducted,
        Field::Arrested => toll.arrested,
        _ => None,
    }
}

/// Days from the last day of an incident to a day; `None` where either is not known to the day.
pub fn age_in_days(facts: &[Fact], published: &str) -> Option<i64> {
    let day = |iso: &str| iso.get(..10).and_then(|d| d.parse::<jiff::civil::Date>().ok());
    let published = day(published)?;
    let happened = facts.iter().find_map(|f| match &f.value {
        Value::When { start, end, .. } => day(end.as_deref().or(start.as_deref())?),
        _ => None,
    })?;
    Some(i64::from((published - happened).get_days()))
}
