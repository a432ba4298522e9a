//! One incident of an export: its record, and what else exports need of its reports.

use std::sync::Arc;

use blotter_case::record::{Entry, Record, Said};
use blotter_case::{Field, ReportHead, Snapshot};
use blotter_core::facts::{Toll, Value, Where};
use blotter_core::layers::times::Precision;

use crate::error::Error;

/// One incident of an export.
pub struct Item<'s> {
    /// Its record, without what it is related to.
    pub record: Record,
    snapshot: &'s Snapshot<'s>,
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
    pub(crate) fn new(record: Record, snapshot: &'s Snapshot<'s>) -> Item<'s> {
        Item { record, snapshot }
    }

    /// A version of a report.
    ///
    /// # Errors
    /// There is none, or the database refused.
    pub fn report(&self, id: &str, version: i64) -> Result<Arc<ReportHead>, Error> {
        Ok(self.snapshot.report(id, version)?)
    }

    /// Its reports, each in the last version that tells of it, the earliest first.
    ///
    /// # Errors
    /// The database refused.
    pub fn reports(&self) -> Result<Vec<Arc<ReportHead>>, Error> {
        self.record.reports.iter().map(|line| self.report(&line.id, line.version)).collect()
    }

    /// What it is related to: the other incident's id, its summary, how this one stands to it.
    ///
    /// # Errors
    /// The database refused.
    pub fn related(&self) -> Result<Vec<(String, String, &'static str)>, Error> {
        Ok(self.snapshot.related(&self.record.incident)?)
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
