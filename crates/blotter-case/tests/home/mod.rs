//! Case files for tests, each of its own: in a folder, or on a server.

#![allow(dead_code, reason = "each test uses some of it")]

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use blotter_case::{Access, CaseFile, Place};
use tempfile::TempDir;

/// Names a PostgreSQL server on which databases may be made: `postgres:///postgres?host=/run/postgresql&user=postgres`. With it the
/// tests of what a case file does run there, without it in SQLite.
const SERVER: &str = "BLOTTER_TEST_POSTGRES";

/// Where a test's case file lives; it goes with it.
pub struct Home {
    folder: TempDir,
    /// The server, and the name of a database there.
    database: Option<(String, String)>,
}

impl Home {
    /// A folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Of the case file.
    pub fn place(&self) -> Place {
        match &self.database {
            Some((server, name)) => Place::Postgres(of_database(server, name)),
            None => Place::File(self.folder.path().join("case.db")),
        }
    }

    /// In a folder.
    pub fn folder() -> Home {
        Home { folder: TempDir::new().expect("folder"), database: None }
    }

    /// On the server, if one is named.
    pub fn server() -> Option<Home> {
        let server = std::env::var(SERVER).ok()?;
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("blotter_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        client(&server).batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).expect("a database");
        Some(Home { folder: TempDir::new().expect("folder"), database: Some((server, name)) })
    }

    /// The database, past the case file.
    pub fn client(&self) -> postgres::Client {
        let (server, name) = self.database.as_ref().expect("a server");
        client(&of_database(server, name))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.database {
            let _ = client(server).batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn client(url: &str) -> postgres::Client {
    postgres::Client::connect(url, postgres::NoTls).expect("the server")
}

/// The address with another database.
fn of_database(server: &str, name: &str) -> String {
    let (scheme, rest) = server.split_once("://").expect("an address");
    let (host, path) = rest.split_once('/').expect("a database");
    let asked = path.split_once('?').map(|(_, asked)| format!("?{asked}")).unwrap_or_default();
    format!("{scheme}://{host}/{name}{asked}")
}

/// An empty case file of its own: on the server that is named, else in a folder.
pub fn case() -> (Home, CaseFile) {
    made(Home::server().unwrap_or_else(Home::folder))
}

/// An empty case file in SQLite.
pub fn file() -> (Home, CaseFile) {
    made(Home::folder())
}

fn made(home: Home) -> (Home, CaseFile) {
    let case = CaseFile::open(home.place(), Access::Create).expect("case file");
    (home, case)
}
