//! Nodes and the keys that they are filed under.

use crate::db::{Connection, params};

use crate::join::keys::{self, Key};
use crate::join::profile::Profile;
use crate::{Error, join, pack};

/// A profile as it is kept.
pub fn packed(profile: &Profile) -> Result<Vec<u8>, Error> {
    pack::pack(&serde_json::to_vec(profile)?)
}

/// Of what is kept.
pub fn unpacked(bytes: &[u8]) -> Result<Profile, Error> {
    Ok(serde_json::from_slice(&pack::unpack(bytes, "a profile")?)?)
}

/// Files a node under all its keys.
pub fn file(db: &Connection, node: i64, profile: &Profile) -> Result<(), Error> {
    for key in keys::of_profile(profile).0 {
        under(db, node, key)?;
    }
    Ok(())
}

fn under(db: &Connection, node: i64, key: Key) -> Result<(), Error> {
    db.prepare("INSERT INTO filed (key, node) VALUES (?, ?) ON CONFLICT DO NOTHING")?.execute(params![key, node])?;
    Ok(())
}

/// Takes a node out from under its keys; `copies_stay`: but for those by which copies are found.
pub fn take_out(db: &Connection, node: i64, profile: &Profile, copies_stay: bool) -> Result<(), Error> {
    let stay = if copies_stay { keys::of_copies(profile) } else { Vec::new() };
    for key in keys::of_profile(profile).0.into_iter().filter(|k| !stay.contains(k)) {
        db.prepare("DELETE FROM filed WHERE key = ? AND node = ?")?.execute(params![key, node])?;
    }
    Ok(())
}

/// The nodes filed under a key; none where there are too many to tell anything.
pub fn found_under(db: &Connection, key: Key) -> Result<Vec<i64>, Error> {
    let mut rows = db.prepare("SELECT node FROM filed WHERE key = ? LIMIT ?")?;
    let most = join::COMMON_KEY;
    let found: Vec<i64> = rows.query_map(params![key, most as i64 + 1], |r| r.get(0))?.collect::<Result<_, _>>()?;
    Ok(if found.len() > most { Vec::new() } else { found })
}

/// The earliest nodes filed under a key, so many at most.
pub fn first_under(db: &Connection, key: Key, most: usize) -> Result<Vec<i64>, Error> {
    let mut rows = db.prepare("SELECT node FROM filed WHERE key = ? ORDER BY node LIMIT ?")?;
    let found = rows.query_map(params![key, most as i64], |r| r.get(0))?.collect::<Result<_, _>>()?;
    Ok(found)
}

/// Files all nodes anew: the keys of an earlier program were others. What was filed for copies alone is again.
///
/// # Errors
/// A profile cannot be read, or the database refused.
pub fn file_anew(db: &Connection) -> Result<(), Error> {
    let mut rows =
        db.prepare("SELECT n.id, n.profile, (SELECT count(*) FROM filed_before f WHERE f.node = n.id) FROM node n")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let (node, bytes, before): (i64, Vec<u8>, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let profile = unpacked(&bytes)?;
        let copies = keys::of_copies(&profile);
        let filed = if before > copies.len() as i64 { keys::of_profile(&profile).0 } else { copies };
        for key in filed {
            under(db, node, key)?;
        }
    }
    Ok(())
}
