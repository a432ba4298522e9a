//! The desk: a local page where people check the record of a case file against the words that carry it.
//!
//! Requests → calls of `blotter-case`. This crate knows no SQL and no rules of reading; the clock, the accounts and the program
//! that reads reports ([`Reader`]) are handed in, so that it is tried without weights. Everything the page does goes through
//! the API under `/api`, which `openapi.json` describes.

mod access;
mod api;
mod page;
mod problem;
mod routes;
mod store;
mod watch;

use std::sync::Arc;

use blotter_case::Place;
use serde_json::Value as Json;

pub use access::{Account, Accounts, Key, Names};
pub use routes::{ROUTES, router};
use store::Store;

/// What reads reports for the page: text or bytes in, Readings (the contract's JSON) out.
pub trait Reader: Send + Sync {
    /// The Readings of what was handed in, and in words why parts of it could not be read.
    fn read(&self, handed: Handed) -> Vec<Result<Json, String>>;
}

/// A report as the page hands it in.
#[derive(Clone, Debug, Default)]
pub struct Handed {
    /// The file's name, which says of what kind it may be; text that was pasted has none.
    pub name: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its title, where the text does not carry it.
    pub title: Option<String>,
    /// When it was published, where the text does not say so.
    pub published: Option<String>,
    /// Its outlet, where the text does not name it.
    pub publisher: Option<String>,
}

/// What a desk is opened with.
pub struct Options {
    /// The case file.
    pub db: Place,
    /// Nobody may change anything, whoever they are.
    pub read_only: bool,
    /// Who may come in.
    pub accounts: Accounts,
    /// By which names the desk may be called (`Host`).
    pub names: Names,
    /// The time: UTC, `2024-03-12T21:40:00Z`.
    pub clock: Arc<dyn Fn() -> String + Send + Sync>,
    /// What reads reports.
    pub reader: Arc<dyn Reader>,
    /// How many exports may run at once: each holds a state of the case file and the memory of a reader.
    pub exports: usize,
    /// Name and version of the program, for the page.
    pub program: String,
}

/// An open desk, shared by all requests.
#[derive(Clone)]
pub struct Desk {
    pub(crate) store: Store,
    pub(crate) read_only: bool,
    pub(crate) accounts: Arc<Accounts>,
    pub(crate) names: Arc<Names>,
    pub(crate) clock: Arc<dyn Fn() -> String + Send + Sync>,
    pub(crate) reader: Arc<dyn Reader>,
    pub(crate) exports: Arc<tokio::sync::Semaphore>,
    pub(crate) program: Arc<str>,
    pub(crate) watch: Arc<watch::Watch>,
    pub(crate) answered: Arc<api::decisions::Answered>,
}

impl Desk {
    /// Opens the case file; a program that may write brings its tables up to date.
    ///
    /// # Errors
    /// There is no such file, or it is no case file.
    pub fn open(options: Options) -> Result<Desk, blotter_case::Error> {
        let store = Store::open(options.db, options.read_only)?;
        let seq = store.now(|case| case.last())?;
        Ok(Desk {
            store,
            read_only: options.read_only,
            accounts: Arc::new(options.accounts),
            names: Arc::new(options.names),
            clock: options.clock,
            reader: options.reader,
            exports: Arc::new(tokio::sync::Semaphore::new(options.exports)),
            program: options.program.into(),
            watch: Arc::new(watch::Watch::from(seq)),
            answered: Arc::default(),
        })
    }
}

/// Serves a desk until the program ends.
///
/// # Errors
/// The socket failed.
pub async fn serve(listener: tokio::net::TcpListener, desk: Desk) -> std::io::Result<()> {
    axum::serve(listener, router(desk)).await
}
