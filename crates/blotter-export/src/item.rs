//! One incident of an export: its record, and what else exports need of its reports.

use std::sync::Arc;

use blotter_case::Tlp;
use blotter_case::record::{Entry, Record, Said};
use blotter_case::{Field, ReportHead, Span, Step};
use blotter_core::facts::{Toll, Value, Where};
use blotter_core::layers::times::Precision;

use crate::error::Error;
use crate::redact;
use crate::scope::{self, Scope, Veil};

/// One incident of an export.
pub struct Item<'s> {
    /// Its record, without what it is related to.
    pub record: Record,
    scope: &'s Scope<'s>,
    veil: Option<Veil>,
}

/// The best `when` of an incident.
pub struct When<'i> {
    /// ISO 8601; `None` where nothing fixes it.
    pub start: Option<&'i str>,
    /// ISO 8601, inclusive.
    pub end: Option<&'i str>,
    /// How exactly it is known.
    pub precision: Precision,
}

impl<'s> Item<'s> {
    pub(crate) fn new(record: Record, scope: &'s Scope<'s>, veil: Option<Veil>) -> Item<'s> {
        Item { record, scope, veil }
    }

    /// With whom it may be shared: as it is marked, clear where nobody has marked it.
    pub fn tlp(&self) -> Tlp {
        scope::level(&self.record)
    }

    /// The mark that it carries: the level at which the export is handed out, else as it is marked; `None` where nobody has said.
    pub fn mark(&self) -> Option<Tlp> {
        self.scope.policy.tlp.or(self.record.tlp.as_ref().map(|m| m.level))
    }

    /// When it was learned and last changed.
    ///
    /// # Errors
    /// The database refused.
    pub fn span(&self) -> Result<Span, Error> {
        Ok(self.scope.snapshot.span(&self.record.incident)?)
    }

    /// What changed in its record after a row of the ledger, the first first, in words that may be handed out.
    ///
    /// # Errors
    /// The database refused.
    pub fn steps(&self, after: i64) -> Result<Vec<Step>, Error> {
        let mut steps = self.scope.snapshot.steps(&self.record.incident, after)?;
        if self.veil.is_some() {
            steps.iter_mut().for_each(|step| redact::step(step, &self.record.summary));
        }
        Ok(steps)
    }

    /// A text of the case file that stands beside the record, in words that may be handed out.
    pub fn words(&self, text: &str) -> String {
        if self.veil.is_some() { String::new() } else { text.to_owned() }
    }

    /// A version of a report.
    ///
    /// # Errors
    /// There is none, or the database refused.
    pub fn report(&self, id: &str, version: i64) -> Result<Arc<ReportHead>, Error> {
        let shown = self.veil.as_ref().and_then(|veil| veil.get(id)).map_or(id, |known| known);
        let head = self.scope.snapshot.report(shown, version)?;
        Ok(if self.veil.is_some() { Arc::new(redact::head(&head)) } else { head })
    }

    /// Its reports, each in the last version that tells of it, the earliest first.
    ///
    /// # Errors
    /// The database refused.
    pub fn reports(&self) -> Result<Vec<Arc<ReportHead>>, Error> {
        self.record.reports.iter().map(|line| self.report(&line.id, line.version)).collect()
    }

    /// The incidents that a report tells of, of those that hold any report.
    ///
    /// # Errors
    /// There is no such report, or the database refused.
    pub fn of_report(&self, id: &str) -> Result<Vec<String>, Error> {
        let known = self.veil.as_ref().and_then(|veil| veil.get(id)).map_or(id, |known| known);
        Ok(self.scope.snapshot.of_report(known)?)
    }

    /// What it is related to: the other incident's id, its summary, how this one stands to it.
    ///
    /// # Errors
    /// The database refused.
    pub fn related(&self) -> Result<Vec<(String, String, &'static str)>, Error> {
        let mut found = self.scope.snapshot.related(&self.record.incident)?;
        if self.scope.policy.tlp.is_none() && self.veil.is_none() {
            return Ok(found);
        }
        // What is withheld, is not spoken of either.
        let mut shown = Vec::new();
        for (other, _, relation) in found.drain(..) {
            if let Some((record, _)) = self.scope.record(&other)? {
                shown.push((other, record.summary, relation));
            }
        }
        Ok(shown)
    }

    /// The best code of `type` or `stage`.
    pub fn code(&self, field: Field) -> Option<&str> {
        match &self.best(field)?.value {
            Value::Code(code) => Some(code),
            _ => None,
        }
    }

    /// The best time.
    pub fn when(&self) -> Option<When<'_>> {
        match &self.best(Field::When)?.value {
            Value::When { start, end, precision, .. } => {
                Some(When { start: start.as_deref(), end: end.as_deref(), precision: *precision })
            }
            _ => None,
        }
    }

    /// The best place.
    pub fn place(&self) -> Option<&Where> {
        match &self.best(Field::Where)?.value {
            Value::Where(place) => Some(place),
            _ => None,
        }
    }

    /// The point of the best place, in degrees north and east.
    pub fn point(&self) -> Option<(f64, f64)> {
        self.place().and_then(|p| p.lat.zip(p.lon))
    }

    /// The best toll of a field: of all of the incident, attackers left out.
    pub fn toll(&self, field: Field) -> Option<&Toll> {
        match &self.best(field)?.value {
            Value::Toll(toll) => Some(toll),
            _ => None,
        }
    }

    /// The best value of a field with one value; none of an incident that was withdrawn.
    pub fn best(&self, field: Field) -> Option<&Entry> {
        self.bests(field).into_iter().next()
    }

    /// The values of a field that an export prints.
    pub fn bests(&self, field: Field) -> Vec<&Entry> {
        self.record.bests(field)
    }
}

/// The statement that is quoted for a value: the first that supports it and stands, else the first.
pub fn quoted(entry: &Entry) -> Option<&Said> {
    entry.said.iter().find(|s| s.supports && s.stands).or_else(|| entry.said.first())
}

/// The words of a statement's first piece of evidence, with where they begin and end in the report's text (code points).
pub fn evidence(said: &Said) -> Option<(&str, u64, u64)> {
    let first = said.evidence.first()?;
    Some((first["quote"].as_str()?, first["start"].as_u64()?, first["end"].as_u64()?))
}

/// The words of a statement's first piece of evidence, also where their place in the text is not given.
pub fn quote(said: &Said) -> Option<&str> {
    said.evidence.first()?["quote"].as_str()
}
