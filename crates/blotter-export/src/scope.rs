//! What an export may see: a state of the case file under a policy.

use std::collections::HashMap;
use std::sync::Arc;

use blotter_case::Snapshot;
use blotter_case::Tlp;
use blotter_case::record::Record;

use crate::error::Error;
use crate::policy::Policy;
use crate::redact;

/// A state of the case file, and what is withheld of it.
pub struct Scope<'c> {
    /// The state.
    pub snapshot: Snapshot<'c>,
    /// What is withheld.
    pub policy: Policy,
}

/// The ids of an incident's reports behind those that are shown: shown id → id.
pub type Veil = HashMap<Arc<str>, Arc<str>>;

/// The level of a record: clear where nobody has marked it.
pub fn level(record: &Record) -> Tlp {
    record.tlp.as_ref().map_or(Tlp::Clear, |m| m.level)
}

impl<'c> Scope<'c> {
    /// Of a state, under a policy.
    pub fn new(snapshot: Snapshot<'c>, policy: Policy) -> Scope<'c> {
        Scope { snapshot, policy }
    }

    /// Whether incidents of a level are handed out.
    pub fn allows(&self, level: Tlp) -> bool {
        self.policy.tlp.is_none_or(|ceiling| level <= ceiling)
    }

    /// One incident of the state, by its id; `None` where it is withheld.
    ///
    /// # Errors
    /// There is none, or the database refused.
    pub fn record(&self, incident: &str) -> Result<Option<(Record, Option<Veil>)>, Error> {
        let record = self.snapshot.record(incident)?;
        Ok(self.allows(level(&record)).then(|| self.veiled(record)))
    }

    /// A record as it may be handed out.
    pub fn veiled(&self, mut record: Record) -> (Record, Option<Veil>) {
        if self.policy.redact.is_empty() {
            return (record, None);
        }
        let lines = record.reports.iter().map(|line| &line.id);
        let said = record.fields.iter().flat_map(|(_, entries)| entries).flat_map(|e| &e.said).map(|s| &s.report);
        let veil = lines.chain(said).map(|id| (redact::id(id), Arc::clone(id))).collect();
        redact::record(&mut record, &self.policy);
        (record, Some(veil))
    }
}
