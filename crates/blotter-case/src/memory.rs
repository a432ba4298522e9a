//! What of the file is kept in memory while it is open: profiles and gists, which are asked for again and again.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use crate::db::Connection;

use crate::Error;
use crate::gist::Gist;
use crate::join::profile::Profile;

/// Some 30 MB of profiles.
const PROFILES: usize = 4_000;
/// Some 80 MB of gists: more than the reports of all but the greatest incidents.
const GISTS: usize = 3_000;

/// A node, a version, and the row of the ledger by which the one was told by the other.
pub type Told = (i64, i64, i64);

/// A node's report and profile.
pub type Filed = Arc<(i64, Profile)>;

/// What is kept. It is dropped where somebody else has written to the file, and where a change of ours came to nothing.
#[derive(Default)]
pub struct Memory {
    written: Cell<i64>,
    profiles: RefCell<HashMap<i64, Filed>>,
    gists: RefCell<HashMap<Told, Arc<Option<Gist>>>>,
}

impl Memory {
    /// Drops what others may have changed. To be called at the beginning of a transaction.
    ///
    /// # Errors
    /// The database refused.
    pub fn refresh(&self, db: &Connection) -> Result<(), Error> {
        let written = db.written_by_others()?;
        if self.written.replace(written) != written {
            self.clear();
        }
        Ok(())
    }

    /// Drops everything.
    pub fn clear(&self) {
        self.profiles.borrow_mut().clear();
        self.gists.borrow_mut().clear();
    }

    /// A node's report and profile, loaded where it is not known.
    ///
    /// # Errors
    /// Those of loading.
    pub fn profile(&self, node: i64, load: impl FnOnce() -> Result<(i64, Profile), Error>) -> Result<Filed, Error> {
        if let Some(known) = self.profiles.borrow().get(&node) {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(load()?);
        self.keep_profile(node, &found);
        Ok(found)
    }

    /// Keeps a node's new profile.
    pub fn keep_profile(&self, node: i64, profile: &Filed) {
        let mut kept = self.profiles.borrow_mut();
        if kept.len() >= PROFILES {
            kept.clear();
        }
        kept.insert(node, Arc::clone(profile));
    }

    /// The gist of a telling, loaded where it is not known; `None` where the Reading tells of nothing there.
    ///
    /// # Errors
    /// Those of loading.
    pub fn gist(
        &self,
        told: Told,
        load: impl FnOnce() -> Result<Option<Gist>, Error>,
    ) -> Result<Arc<Option<Gist>>, Error> {
        if let Some(known) = self.gists.borrow().get(&told) {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(load()?);
        let mut kept = self.gists.borrow_mut();
        if kept.len() >= GISTS {
            kept.clear();
        }
        kept.insert(told, Arc::clone(&found));
        Ok(found)
    }
}
