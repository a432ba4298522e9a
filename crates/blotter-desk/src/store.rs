//! The case file behind the desk: connections that read, and the one that writes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use blotter_case::{Access, CaseFile, Error, Place};
use sha2::{Digest, Sha256};

/// So many connections are kept open for reading: each keeps up to some 150 MB of what it has looked at.
const KEPT: usize = 3;

/// A case file. Every call runs on a thread that may wait for the disk.
#[derive(Clone)]
pub struct Store(Arc<Files>);

struct Files {
    place: Place,
    read_only: bool,
    readers: Mutex<Vec<CaseFile>>,
    writer: Mutex<Option<CaseFile>>,
}

impl Store {
    /// Opens the case file at a place.
    ///
    /// # Errors
    /// There is none, or it is no case file.
    pub fn open(place: Place, read_only: bool) -> Result<Store, Error> {
        let writer = if read_only { None } else { Some(CaseFile::open(&place, Access::Write)?) };
        let reader = CaseFile::open(&place, Access::Read)?;
        let (readers, writer) = (Mutex::new(vec![reader]), Mutex::new(writer));
        Ok(Store(Arc::new(Files { place, read_only, readers, writer })))
    }

    /// The file's name, without its folder: the page has no business with paths.
    pub fn name(&self) -> String {
        self.0.place.name()
    }

    /// What tells this file from others of the same name, without telling where it lies: a hash of its place.
    pub fn id(&self) -> String {
        Sha256::digest(self.0.place.key()).iter().take(8).map(|b| format!("{b:02x}")).collect()
    }

    /// Looks into the file, on this thread.
    ///
    /// # Errors
    /// Those of the call.
    pub fn now<T>(&self, call: impl FnOnce(&CaseFile) -> Result<T, Error>) -> Result<T, Error> {
        let waiting = held(&self.0.readers).pop();
        let case = match waiting {
            Some(case) => case,
            None => CaseFile::open(&self.0.place, Access::Read)?,
        };
        let done = call(&case);
        let mut readers = held(&self.0.readers);
        // A connection that failed may be lost: the next call makes a new one.
        if readers.len() < KEPT && !matches!(done, Err(Error::Database(_))) {
            readers.push(case);
        }
        done
    }

    /// Looks into the file.
    ///
    /// # Errors
    /// Those of the call.
    pub async fn read<T: Send + 'static>(
        &self,
        call: impl FnOnce(&CaseFile) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let store = self.clone();
        waited(tokio::task::spawn_blocking(move || store.now(call)).await)
    }

    /// Changes the file: one at a time, each call a transaction of its own.
    ///
    /// # Errors
    /// Those of the call; the file is opened for reading only.
    pub async fn write<T: Send + 'static>(
        &self,
        call: impl FnOnce(&mut CaseFile) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let store = self.clone();
        let work = move || {
            if store.0.read_only {
                return Err(Error::Refused("this desk is read-only".to_owned()));
            }
            let mut writer = held(&store.0.writer);
            let case = match &mut *writer {
                Some(case) => case,
                none => none.insert(CaseFile::open(&store.0.place, Access::Write)?),
            };
            let done = call(case);
            if matches!(done, Err(Error::Database(_))) {
                *writer = None;
            }
            done
        };
        waited(tokio::task::spawn_blocking(work).await)
    }
}

/// What is behind a lock, also after a panic of another thread: a case file is whole between its transactions.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

fn waited<T>(done: Result<Result<T, Error>, tokio::task::JoinError>) -> Result<T, Error> {
    done.unwrap_or_else(|_| Err(Error::Damaged("a fault in blotter itself, please report it".to_owned())))
}
