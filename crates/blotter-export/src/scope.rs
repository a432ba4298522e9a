//! What an export may see: a state of the case file under a policy.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use blotter_case::Tlp;
use blotter_case::record::{Record, Said};
use blotter_case::{Filter, Snapshot};

use crate::error::Error;
use crate::policy::{Policy, Redaction};
use crate::redact::{self, Hidden};

/// A state of the case file, and what is withheld of it.
pub struct Scope<'c> {
    /// The state.
    pub snapshot: Snapshot<'c>,
    /// What is withheld.
    pub policy: Policy,
    /// The names that are hidden in all incidents, once they are asked for.
    shared: OnceCell<Arc<Hidden>>,
}

/// What is hidden of an incident, and the ids of its reports behind those that are shown.
pub struct Veil {
    /// The names.
    pub hidden: Hidden,
    /// Shown id → id.
    pub ids: HashMap<Arc<str>, Arc<str>>,
}

impl Veil {
    fn new(hidden: Hidden) -> Veil {
        Veil { hidden, ids: HashMap::new() }
    }

    /// A text that may be handed out: reports by the ids that are shown for them, names hidden.
    pub fn clean(&self, text: &str) -> String {
        let text = self.ids.iter().fold(text.to_owned(), |text, (shown, id)| text.replace(&**id, shown));
        self.hidden.clean(&text)
    }

    /// Remembers the id of a report where another is shown for it.
    fn keep(&mut self, id: &Arc<str>) {
        let shown = redact::name(id, &self.hidden);
        if shown != *id {
            self.ids.insert(shown, Arc::clone(id));
        }
    }
}

/// The level of a record: clear where nobody has marked it.
pub fn level(record: &Record) -> Tlp {
    record.tlp.as_ref().map_or(Tlp::Clear, |m| m.level)
}

impl<'c> Scope<'c> {
    /// Of a state, under a policy.
    pub fn new(snapshot: Snapshot<'c>, policy: Policy) -> Scope<'c> {
        Scope { snapshot, policy, shared: OnceCell::new() }
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
        if self.allows(level(&record)) { self.veiled(record).map(Some) } else { Ok(None) }
    }

    /// A record as it may be handed out.
    ///
    /// # Errors
    /// The database refused.
    pub fn veiled(&self, mut record: Record) -> Result<(Record, Option<Veil>), Error> {
        if self.policy.redact.is_empty() {
            return Ok((record, None));
        }
        let mut refused = None;
        let mut known = |said: &Said| match self.snapshot.report(&said.report, said.version) {
            Ok(head) => head.entities.clone(),
            // A value that a person pinned is said in no report.
            Err(_) if said.version < 1 => Vec::new(),
            Err(error) => {
                refused = Some(error);
                Vec::new()
            }
        };
        let mut hidden = redact::hidden(&record, &self.policy, &mut known);
        if let Some(error) = refused {
            return Err(error.into());
        }
        hidden.shared = Some(self.shared()?);
        let mut veil = Veil::new(hidden);
        let lines = record.reports.iter().map(|line| &line.id);
        let said = record.fields.iter().flat_map(|(_, entries)| entries).flat_map(|e| &e.said).map(|s| &s.report);
        lines.chain(said).for_each(|id| veil.keep(id));
        redact::record(&mut record, &veil.hidden, &self.policy);
        Ok((record, Some(veil)))
    }

    /// The names that are hidden in every incident: one walk through all of them, before the first is handed out.
    fn shared(&self) -> Result<Arc<Hidden>, Error> {
        if let Some(known) = self.shared.get() {
            return Ok(Arc::clone(known));
        }
        let mut all = Hidden::default();
        if self.policy.hides(Redaction::Victims) {
            let withdrawn = Filter { status: Some("withdrawn".to_owned()), all: true, ..Filter::default() };
            for filter in [Filter { all: true, ..Filter::default() }, withdrawn] {
                self.snapshot.each(&filter, &mut |record: Record| -> Result<(), Error> {
                    redact::everywhere(&record).iter().for_each(|name| all.person(name));
                    Ok(())
                })?;
            }
        }
        Ok(Arc::clone(self.shared.get_or_init(|| Arc::new(all))))
    }
}
