//! The tables of a case file.
//!
//! **Kept for ever**: `ledger` (every change in order, each row chained to the one before), `text`, `version`, `reading`,
//! `membership`, `telling`, `touched`, `tie`, `retraction`, `undone`, `copied`. **Made from those**, and replaced as they
//! grow: `node`, `filed`, `pair`, `gist`, `current`, `area`, `words`, `tally`.

mod postgres;
mod sqlite;

use crate::Error;
use crate::db::Connection;

/// Brings the tables up to date, and makes those of a new file where `create` allows. `file_anew` fills the table `filed` from
/// the nodes, reading `filed_before`.
///
/// # Errors
/// The file was written by a later program, is no case file, or cannot be written.
pub fn migrate(
    db: &Connection,
    create: bool,
    file_anew: impl Fn(&Connection) -> Result<(), Error>,
) -> Result<(), Error> {
    if db.sqlite().is_some() { sqlite::migrate(db, file_anew) } else { postgres::migrate(db, create) }
}

/// Whether this program knows the file's tables.
///
/// # Errors
/// It does not.
pub fn check(db: &Connection) -> Result<(), Error> {
    let (found, latest) = if db.sqlite().is_some() {
        (sqlite::version(db)?, sqlite::LATEST)
    } else {
        (postgres::version(db)?, postgres::LATEST)
    };
    match found.cmp(&latest) {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => {
            Err(Error::Refused(format!("was written by a later version of this program (tables of version {found})")))
        }
        std::cmp::Ordering::Less if found == 0 => Err(Error::Refused("is not a case file".to_owned())),
        std::cmp::Ordering::Less => Err(Error::Refused(format!(
            "has the tables of an earlier version ({found}): any command that writes, such as `add`, brings them up to date"
        ))),
    }
}
