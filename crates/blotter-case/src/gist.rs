//! What a record needs of one incident as one Reading tells it, kept beside the Reading: deriving the record of an incident
//! that thousands of reports tell would else unpack and search thousands of whole Readings.

use std::sync::Arc;

use blotter_core::facts::Relation;
use serde_json::{Value as Json, json};

use crate::contract::{self, Told, ToldFact};
use crate::join::profile::outlet;
use crate::wording;

/// By which rules gists are made: a change of [`Gist::of`], of the lists of [`wording`] or of [`contract`] that alters any is
/// a new number. Those of another number are made anew from their Readings.
pub const FORM: i64 = 2;

/// One incident as one Reading tells it.
#[derive(Clone, Debug)]
pub struct Gist {
    /// The report's id.
    pub report: Arc<str>,
    /// Its own date.
    pub published: Option<Arc<str>>,
    /// When it was said: its update, else its publication, where either is known to the day.
    pub said: Option<Arc<str>>,
    /// Its outlet.
    pub outlet: Option<Arc<str>>,
    /// The agency that its dateline credits.
    pub wire: Option<Arc<str>>,
    /// Its headline.
    pub headline: Option<Arc<str>>,
    /// Its correction note.
    pub correction: Option<Arc<str>>,
    /// The wire's number of the version.
    pub edition: Option<u64>,
    /// How the incident stands to the report.
    pub relation: Relation,
    /// Its facts, each with whether the words around it explain a rise.
    pub facts: Arc<Vec<(ToldFact, bool)>>,
}

impl Gist {
    /// The gist of the incident of that number; `None` where there is none.
    pub fn of(told: &Told, ordinal: usize) -> Option<Gist> {
        let incident = told.incidents.get(ordinal)?;
        let letters: Vec<char> = told.text.chars().collect();
        let rises = told.headline.as_deref().is_some_and(wording::explains_rise);
        let around = |fact: &ToldFact| {
            let start = fact.evidence.first().and_then(|e| e["start"].as_u64()).and_then(|s| usize::try_from(s).ok());
            let span = start.and_then(|s| told.sentences.iter().find(|(a, b)| *a <= s && s < *b));
            span.and_then(|(a, b)| letters.get(*a..*b)).map(|w| w.iter().collect::<String>()).unwrap_or_default()
        };
        let facts = incident.facts.iter().map(|f| (f.clone(), rises || wording::explains_rise(&around(f)))).collect();
        Some(Gist {
            report: told.id.as_str().into(),
            published: told.published.as_deref().map(Arc::from),
            said: said(told).map(Arc::from),
            outlet: outlet(told).map(Arc::from),
            wire: wording::wire(told).map(Arc::from),
            headline: told.headline.as_deref().map(Arc::from),
            correction: wording::correction(told).map(Arc::from),
            edition: told.edition,
            relation: incident.relation,
            facts: Arc::new(facts),
        })
    }

    /// As it is kept.
    pub fn json(&self) -> Json {
        let fact = |(f, rise): &(ToldFact, bool)| {
            json!({
                "field": f.field.name(), "value": *f.raw, "status": f.status.name(), "sources": *f.sources,
                "denied_by": *f.denied_by, "evidence": *f.evidence, "confidence": f.confidence, "rise": rise,
            })
        };
        json!({
            "report": *self.report, "published": self.published.as_deref(), "said": self.said.as_deref(),
            "outlet": self.outlet.as_deref(), "wire": self.wire.as_deref(), "headline": self.headline.as_deref(),
            "correction": self.correction.as_deref(),
            "edition": self.edition, "relation": self.relation.name(), "facts": self.facts.iter().map(fact).collect::<Vec<_>>(),
        })
    }

    /// Of what is kept.
    pub fn read(kept: &Json) -> Gist {
        let text = |name: &str| kept[name].as_str().map(Arc::<str>::from);
        let facts = kept["facts"].as_array().into_iter().flatten();
        Gist {
            report: text("report").unwrap_or_else(|| Arc::from("")),
            published: text("published"),
            said: text("said"),
            outlet: text("outlet"),
            wire: text("wire"),
            headline: text("headline"),
            correction: text("correction"),
            edition: kept["edition"].as_u64(),
            relation: contract::relation(&kept["relation"]),
            facts: Arc::new(
                facts.filter_map(|f| Some((contract::fact(f)?, f["rise"].as_bool().unwrap_or(false)))).collect(),
            ),
        }
    }
}

/// When a report was said: its update, else its publication.
fn said(told: &Told) -> Option<String> {
    let known = |date: &Option<String>| date.clone().filter(|d| !d.contains('X'));
    let (published, updated) = (known(&told.published), known(&told.updated));
    published.clone().max(updated).or(published)
}
