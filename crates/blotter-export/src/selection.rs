//! What is exported: the incidents that a filter leaves in one state of the case file.

use blotter_case::{Filter, Snapshot};

use crate::error::Error;
use crate::item::Item;

/// Which incidents, of which moment. It may be walked through several times, with the same incidents in the same order: the
/// state of the case file is held.
pub struct Selection<'c> {
    snapshot: Snapshot<'c>,
    filter: Filter,
}

impl<'c> Selection<'c> {
    /// The incidents that a filter leaves in a state of a case file.
    pub fn new(snapshot: Snapshot<'c>, filter: Filter) -> Selection<'c> {
        Selection { snapshot, filter }
    }

    /// The state of the case file.
    pub fn snapshot(&self) -> &Snapshot<'c> {
        &self.snapshot
    }

    /// What is asked for.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The moment of the records: that asked for, else when the case file last learned anything; UTC, `2024-03-12T21:40:00Z`.
    ///
    /// # Errors
    /// The database refused.
    pub fn as_of(&self) -> Result<String, Error> {
        Ok(self.snapshot.as_of()?)
    }

    /// Hands every incident to `visit`, in the order in which they were opened, one at a time.
    ///
    /// # Errors
    /// The filter asks for what cannot be, the database refused, or `visit` did.
    pub fn each(&self, visit: &mut dyn FnMut(&Item<'_>) -> Result<(), Error>) -> Result<(), Error> {
        self.snapshot.each(&self.filter, &mut |record| visit(&Item::new(record, &self.snapshot)))
    }
}
