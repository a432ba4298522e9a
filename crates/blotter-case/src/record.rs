//! The record of an incident: per field every value that was said, with who said it; and its JSON.

use std::sync::Arc;

use blotter_core::facts::{Field, Status, Value};
use serde_json::{Map, Value as Json, json};

use crate::tlp::Tlp;

/// The record of one incident at one moment.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// "B-7K3Q".
    pub incident: String,
    /// How many times it has changed.
    pub revision: usize,
    /// The moment of which it is the record: when the case file last learned something before it.
    pub as_of: String,
    /// "open", "reviewed", "closed", "withdrawn".
    pub status: String,
    /// With whom it may be shared; `None`: nobody has marked it.
    pub tlp: Option<Marking>,
    /// One sentence made from the best values.
    pub summary: String,
    /// Values by field, each list best first, in the order of `Field::ALL`.
    pub fields: Vec<(Field, Vec<Entry>)>,
    /// Values that cannot be true together.
    pub disagreements: Vec<Disagreement>,
    /// The reports that tell of it, the earliest first.
    pub reports: Vec<ReportLine>,
    /// Other incidents that it is tied to.
    pub related: Vec<(String, String, &'static str)>,
    /// Comments of people, the first first.
    pub comments: Vec<Comment>,
}

/// One value of one field.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The id by which it can be rejected.
    pub fact: String,
    /// The value.
    pub value: Value,
    /// The value as JSON.
    pub raw: Arc<Json>,
    /// How it stands.
    pub status: Status,
    /// Who said it where.
    pub said: Vec<Said>,
    /// Distinct named sources over all origins, plus one for each origin that speaks in its own voice.
    pub independent: usize,
    /// What took its place.
    pub superseded_by: Option<Superseded>,
    /// Who fixed it.
    pub pinned: Option<Decided>,
    /// Who rejected it.
    pub rejected: Option<Decided>,
    /// 0 to 1: how likely it is right, given the confidence of its facts and the support of other values.
    pub confidence: f64,
    /// Σ over origins of the confidence of the surest fact (half for a mention in passing).
    pub support: f64,
}

/// One statement of a value.
#[derive(Clone, Debug)]
pub struct Said {
    /// The report.
    pub report: Arc<str>,
    /// Its version.
    pub version: i64,
    /// The place of that among the report's versions, as in [`crate::derive::Telling`].
    pub edition: i64,
    /// The number of its telling among those that the record is made from.
    pub(crate) telling: usize,
    /// When it was said: the report's own date, else when it was learned.
    pub when: Arc<str>,
    /// The report's own date.
    pub published: Option<Arc<str>>,
    /// The outlet that first published the text.
    pub origin: Arc<str>,
    /// The sources, as the Reading has them; empty = the report's own voice.
    pub sources: Arc<Vec<Json>>,
    /// The words.
    pub evidence: Arc<Vec<Json>>,
    /// Whether it supports the value (else it denies it).
    pub supports: bool,
    /// Of the fact, 0 to 1.
    pub confidence: f64,
    /// Whether the report was retracted.
    pub retracted: bool,
    /// Whether it still stands: neither retracted nor replaced by a later statement of the same origin.
    pub stands: bool,
    /// Whether the report is about the incident.
    pub main: bool,
}

/// What took a value's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Superseded {
    /// The report.
    pub report: Arc<str>,
    /// Its version.
    pub version: i64,
    /// "update", "correction", "retraction".
    pub kind: &'static str,
}

/// A decision of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Its number, for `undo`.
    pub decision: i64,
    /// Who.
    pub by: String,
    /// When.
    pub at: String,
    /// Why.
    pub why: String,
}

/// With whom an incident may be shared, as a person decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marking {
    /// The level.
    pub level: Tlp,
    /// Who decided it.
    pub decided: Decided,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its number, for `undo`.
    pub decision: i64,
    /// Who.
    pub by: String,
    /// When.
    pub at: String,
    /// The comment.
    pub text: String,
}

/// Two values that cannot be true together.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    /// The field.
    pub field: Field,
    /// Their numbers in the field's list.
    pub entries: [usize; 2],
    /// "number", "date", "place", "party", "status".
    pub kind: &'static str,
    /// "police say 12, the hospital says 19".
    pub note: String,
    /// The support of the weaker one: how much there is to be settled.
    pub weight: f64,
}

/// A report of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportLine {
    /// Its id.
    pub id: Arc<str>,
    /// Its last version that tells of the incident.
    pub version: i64,
    /// Its date.
    pub published: Option<Arc<str>>,
    /// The outlet that first published the text.
    pub origin: Arc<str>,
    /// Its headline.
    pub headline: Option<Arc<str>>,
    /// "main", "related", "background".
    pub relation: &'static str,
    /// Why it no longer supports anything.
    pub retracted: Option<Arc<str>>,
}

impl Entry {
    /// Whether it may be the best value: said or pinned, and neither superseded, rejected nor denied.
    pub fn stands(&self) -> bool {
        self.pinned.is_some()
            || (self.superseded_by.is_none()
                && self.rejected.is_none()
                && self.status != Status::Denied
                && self.said.iter().any(|s| s.supports && s.stands))
    }

    /// When it was first said.
    pub fn first_said(&self) -> Option<&str> {
        self.said.iter().filter(|s| s.supports).map(|s| &*s.when).min()
    }

    /// When it was last said.
    pub fn last_said(&self) -> Option<&str> {
        self.said.iter().filter(|s| s.supports).map(|s| &*s.when).max()
    }

    fn json(&self) -> Json {
        json!({
            "fact": self.fact,
            "value": *self.raw,
            "status": self.status.name(),
            "said": self.said.iter().map(Said::json).collect::<Vec<_>>(),
            "independent": self.independent,
            "confidence": (self.confidence * 1e4).round() / 1e4,
            "first_said": self.first_said(),
            "last_said": self.last_said(),
            "superseded_by": self.superseded_by.as_ref().map(|s| json!({ "report": *s.report, "version": s.version, "kind": s.kind })),
            "pinned": self.pinned.as_ref().map(Decided::json),
            "rejected": self.rejected.as_ref().map(Decided::json),
        })
    }
}

impl Said {
    fn json(&self) -> Json {
        json!({
            "report": *self.report, "version": self.version, "published": self.published.as_deref(), "when": *self.when,
            "origin": *self.origin, "retracted": self.retracted,
            "sources": *self.sources, "evidence": *self.evidence, "stance": if self.supports { "supports" } else { "denies" },
            "stands": self.stands,
        })
    }
}

impl Decided {
    fn json(&self) -> Json {
        json!({ "decision": format!("D{}", self.decision), "by": self.by, "at": self.at, "why": self.why })
    }
}

/// Whether a field has one value (else a list).
pub fn is_single(field: Field) -> bool {
    use Field::{Abducted, Arrested, Casualties, Displaced, Killed, Missing, Stage, Type, When, Where, Wounded};
    matches!(
        field,
        Type | Stage | When | Where | Killed | Wounded | Casualties | Missing | Abducted | Arrested | Displaced
    )
}

impl Record {
    /// The values of a field.
    pub fn of(&self, field: Field) -> &[Entry] {
        self.fields.iter().find(|(f, _)| *f == field).map_or(&[], |(_, entries)| entries)
    }

    /// The best value of a field: the first that stands. Tolls of a part, and of the attackers, stand outside the total.
    pub fn best(&self, field: Field) -> Option<&Entry> {
        self.of(field).iter().find(|e| e.stands() && is_total(&e.value))
    }

    /// The entries that an export would print: one of a single field, of the others all that stand and are more likely right
    /// than not.
    pub fn bests(&self, field: Field) -> Vec<&Entry> {
        if self.status == "withdrawn" {
            return Vec::new();
        }
        if is_single(field) {
            return self.best(field).into_iter().collect();
        }
        self.of(field).iter().filter(|e| e.stands() && (e.confidence >= 0.5 || e.pinned.is_some())).collect()
    }

    /// The best values, by field.
    pub fn best_json(&self) -> Json {
        let mut best = Map::new();
        for field in Field::ALL {
            let found = self.bests(field);
            let value = |e: &Entry| match &e.value {
                Value::Toll(t) => json!({ "min": t.count.min, "best": t.count.best, "max": t.count.max }),
                _ => (*e.raw).clone(),
            };
            match &found[..] {
                [] => {}
                [one] if is_single(field) => {
                    best.insert(field.name().to_owned(), value(one));
                }
                several => {
                    best.insert(field.name().to_owned(), several.iter().map(|e| value(e)).collect());
                }
            }
        }
        Json::Object(best)
    }

    /// The object that `show --json` prints.
    pub fn json(&self) -> Json {
        let fields: Map<String, Json> = self
            .fields
            .iter()
            .map(|(field, entries)| (field.name().to_owned(), entries.iter().map(Entry::json).collect()))
            .collect();
        json!({
            "schema": 1,
            "incident": self.incident,
            "revision": self.revision,
            "as_of": self.as_of,
            "status": self.status,
            "tlp": self.tlp.as_ref().map(|m| json!({ "level": m.level.name(), "decided": m.decided.json() })),
            "summary": self.summary,
            "best": self.best_json(),
            "fields": fields,
            "disagreements": self.disagreements.iter().map(|d| json!({
                "field": d.field.name(), "entries": d.entries, "kind": d.kind, "note": d.note,
            })).collect::<Vec<_>>(),
            "reports": self.reports.iter().map(|r| json!({
                "id": *r.id, "version": r.version, "published": r.published.as_deref(), "origin": *r.origin, "relation": r.relation,
                "headline": r.headline.as_deref(), "retracted": r.retracted.is_some(), "retracted_why": r.retracted.as_deref(),
            })).collect::<Vec<_>>(),
            "related": self.related.iter().map(|(incident, summary, relation)| json!({
                "incident": incident, "relation": relation, "summary": summary,
            })).collect::<Vec<_>>(),
            "comments": self.comments.iter().map(|c| json!({
                "decision": format!("D{}", c.decision), "by": c.by, "at": c.at, "text": c.text,
            })).collect::<Vec<_>>(),
        })
    }
}

/// Whether a value stands for all of the incident (of tolls: the others' total).
pub fn is_total(value: &Value) -> bool {
    match value {
        Value::Toll(toll) => toll.scope == blotter_core::facts::Scope::Total && !toll.attackers,
        _ => true,
    }
}
