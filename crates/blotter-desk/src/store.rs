//! The case file behind the desk: connections that read, and the one that writes.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use blotter_case::{Access, CaseFile, Error};
use sha2::{Digest, Sha256};

/// So many connections are kept open for reading: each keeps up to some 150 MB of what it has looked at.
const KEPT: usize = 3;

/// A case file. Every call runs on a thread that may wait for the disk.
#[derive(Clone)]
pub struct Store(Arc<Files>);

struct Files {
    path: PathBuf,
    read_only: bool,
    readers: Mutex<Vec<CaseFile>>,
    writer: Mutex<Option<CaseFile>>,
}

impl Store {
    /// Opens the file at a path.
    ///
    /// # Errors
    /// There is none, or it is no case file.
    pub fn open(path: PathBuf, read_only: bool) -> Result<Store, Error> {
        let writer = if read_only { None } else { Some(CaseFile::open(&path, Access::Write)?) };
        let reader = CaseFile::open(&path, Access::Read)?;
        let (readers, writer) = (Mutex::new(vec![reader]), Mutex::new(writer));
        Ok(Store(Arc::new(Files { path, read_only, readers, writer })))
    }

    /// The file's name, without its folder: the page has no business with paths.
    pub fn name(&self) -> String {
        self.0.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// What tells this file from others of the same name, without telling where it lies: a hash of its path.
    pub fn id(&self) -> String {
        let path = self.0.path.canonicalize().unwrap_or_else(|_| self.0.path.clone());
        Sha256::digest(path.as_os_str().as_encoded_bytes()).iter().take(8).map(|b| format!("{b:02x}")).collect()
    }

    /// Looks into the file, on this thread.
    ///
    /// # Errors
    /// Those of the call.
    pub fn now<T>(&self, call: impl FnOnce(&CaseFile) -> Result<T, Error>) -> Result<T, Error> {
        let waiting = held(&self.0.readers).pop();
        let case = match waiting {
            Some(case) => case,
            None => CaseFile::open(&self.0.path, Access::Read)?,
        };
        let done = call(&case);
        let mut readers = held(&self.0.readers);
        if readers.len() < KEPT {
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
                none => none.insert(CaseFile::open(&store.0.path, Access::Write)?),
            };
            call(case)
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
