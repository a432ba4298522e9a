//! What is exported: the incidents that a filter leaves in one state of the case file.

use std::cell::Cell;

use blotter_case::Tlp;
use blotter_case::record::Record;
use blotter_case::{Filter, Snapshot};

use crate::error::Error;
use crate::item::Item;
use crate::policy::Policy;
use crate::scope::{self, Scope};

/// Which incidents, of which moment. It may be walked through several times, with the same incidents in the same order: the
/// state of the case file is held.
pub struct Selection<'c> {
    scope: Scope<'c>,
    filter: Filter,
    withheld: Cell<usize>,
    strictest: Cell<Tlp>,
}

impl<'c> Selection<'c> {
    /// The incidents that a filter leaves in a state of a case file, all of them and whole.
    pub fn new(snapshot: Snapshot<'c>, filter: Filter) -> Selection<'c> {
        Selection::under(snapshot, filter, Policy::default())
    }

    /// The same, without what a policy withholds.
    pub fn under(snapshot: Snapshot<'c>, filter: Filter, policy: Policy) -> Selection<'c> {
        let (withheld, strictest) = (Cell::new(0), Cell::new(Tlp::Clear));
        Selection { scope: Scope::new(snapshot, policy), filter, withheld, strictest }
    }

    /// The state of the case file.
    pub fn snapshot(&self) -> &Snapshot<'c> {
        &self.scope.snapshot
    }

    /// What is asked for.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// What is withheld.
    pub fn policy(&self) -> &Policy {
        &self.scope.policy
    }

    /// How many incidents the last walk left out since they are marked above the level of the export.
    pub fn withheld(&self) -> usize {
        self.withheld.get()
    }

    /// Sets that number anew, after further walks of one export.
    pub(crate) fn note_withheld(&self, withheld: usize) {
        self.withheld.set(withheld);
    }

    /// The strictest marking of the incidents that any walk handed out.
    pub fn strictest(&self) -> Tlp {
        self.strictest.get()
    }

    /// The moment of the records: that asked for, else when the case file last learned anything; UTC, `2024-03-12T21:40:00Z`.
    ///
    /// # Errors
    /// The database refused.
    pub fn as_of(&self) -> Result<String, Error> {
        Ok(self.scope.snapshot.as_of()?)
    }

    /// Hands every incident to `visit`, in the order in which they were opened, one at a time.
    ///
    /// # Errors
    /// The filter asks for what cannot be, the database refused, or `visit` did.
    pub fn each(&self, visit: &mut dyn FnMut(&Item<'_>) -> Result<(), Error>) -> Result<(), Error> {
        self.withheld.set(0);
        self.walk(&self.filter, visit)
    }

    /// Hands the incidents that were withdrawn to `visit`, for formats that tell their readers to drop them: whatever the
    /// filter asks for, since nothing is known of them any more by which to choose. None where the filter asks for a status.
    ///
    /// # Errors
    /// The database refused, or `visit` did.
    pub fn each_withdrawn(&self, visit: &mut dyn FnMut(&Item<'_>) -> Result<(), Error>) -> Result<(), Error> {
        if self.filter.status.is_some() {
            return Ok(());
        }
        let withdrawn = Filter { status: Some("withdrawn".to_owned()), all: true, ..Filter::default() };
        self.walk(&withdrawn, visit)
    }

    /// Hands every incident that has become part of another to `visit`, with the id of that one, those left out that are marked
    /// above the level of the export.
    ///
    /// # Errors
    /// The database refused, or `visit` did.
    pub fn each_merged(&self, visit: &mut dyn FnMut(&str, &str) -> Result<(), Error>) -> Result<(), Error> {
        self.scope.snapshot.each_merged(&mut |was: &str, is: &str| {
            if self.level(was)?.is_some() { visit(was, is) } else { Ok(()) }
        })
    }

    /// One incident of the state, by its id; `None` where it is withheld.
    ///
    /// # Errors
    /// There is none, or the database refused.
    pub fn item(&self, incident: &str) -> Result<Option<Item<'_>>, Error> {
        let found = self.scope.record(incident)?;
        Ok(found.map(|(record, veil)| Item::new(record, &self.scope, veil)))
    }

    /// How an incident is marked; `None` where it is withheld.
    ///
    /// # Errors
    /// There is none, or the database refused.
    pub fn level(&self, incident: &str) -> Result<Option<Tlp>, Error> {
        let level = self.scope.snapshot.marking(incident)?.map_or(Tlp::Clear, |m| m.level);
        Ok(Some(level).filter(|level| self.allows(*level)))
    }

    /// Whether incidents of a level are handed out.
    pub fn allows(&self, level: Tlp) -> bool {
        self.scope.allows(level)
    }

    fn walk(&self, filter: &Filter, visit: &mut dyn FnMut(&Item<'_>) -> Result<(), Error>) -> Result<(), Error> {
        self.scope.snapshot.each(filter, &mut |record: Record| -> Result<(), Error> {
            let level = scope::level(&record);
            if !self.allows(level) {
                self.withheld.set(self.withheld.get() + 1);
                return Ok(());
            }
            self.strictest.set(self.strictest.get().max(level));
            let (record, veil) = self.scope.veiled(record);
            visit(&Item::new(record, &self.scope, veil))
        })
    }
}
