//! How incidents are marked: the decisions about it that are in force.

use crate::db::Connection;

use crate::record::{Decided, Marking};
use crate::tlp::Tlp;
use crate::{Error, ledger, state};

/// How an incident is marked at a row of the ledger: the strictest of its own marking and of those of the incidents that its
/// reports were part of before, so that what was marked stays marked when incidents are joined or split. A decision about the
/// incident itself that was made after its reports came from there settles the matter.
///
/// # Errors
/// The database refused.
pub fn in_force(db: &Connection, incident: i64, seq: i64) -> Result<Option<Marking>, Error> {
    let own = latest(db, incident, seq)?;
    let settled = own.as_ref().map_or(0, |marking| marking.decided.decision);
    // Where the nodes have been, and when the last of them came from there.
    let sql = "SELECT x.incident, max(m.seq) FROM membership m JOIN membership x ON x.node = m.node
               WHERE m.incident = ?1 AND m.seq <= ?2 AND x.incident <> ?1 AND x.seq <= ?2 GROUP BY x.incident";
    let mut rows = db.prepare(sql)?;
    let before: Vec<(i64, i64)> =
        rows.query_map([incident, seq], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
    let mut found = own;
    for (other, came) in before {
        let Some(theirs) = latest(db, other, seq)? else { continue };
        let open = came > settled || theirs.decided.decision > settled;
        if open && found.as_ref().is_none_or(|f| f.level < theirs.level) {
            found = Some(theirs);
        }
    }
    Ok(found)
}

/// What was last decided about an incident's marking and not undone.
fn latest(db: &Connection, incident: i64, seq: i64) -> Result<Option<Marking>, Error> {
    let sql = "SELECT max(t.seq) FROM touched t JOIN ledger l ON l.seq = t.seq WHERE t.incident = ?1 AND t.seq <= ?2
               AND l.kind = 'tlp' AND t.seq NOT IN (SELECT seq FROM undone WHERE by_seq <= ?2)";
    let found: Option<i64> = db.prepare(sql)?.query_row([incident, seq], |r| r.get(0))?;
    found.map(|found| Ok(Marking::of(&ledger::row(db, found)?))).transpose().map(Option::flatten)
}

impl Marking {
    /// What a row of the ledger says; `None` where it is of another kind.
    pub(crate) fn of(row: &ledger::Row) -> Option<Marking> {
        let level = Tlp::of(row.body["tlp"].as_str()?)?;
        let decided = Decided {
            decision: row.seq,
            by: row.by.clone().unwrap_or_default(),
            at: row.at.clone(),
            why: row.body["why"].as_str().unwrap_or_default().to_owned(),
        };
        Some(Marking { level, decided })
    }
}

/// How an incident is marked by the last row of the ledger; of one that has become part of another, the stricter of the two.
///
/// # Errors
/// The database refused.
pub fn now(db: &Connection, incident: i64) -> Result<Option<Marking>, Error> {
    let own = in_force(db, incident, i64::MAX)?;
    let there = state::resolve(db, incident, i64::MAX)?;
    let theirs = if there == incident { None } else { in_force(db, there, i64::MAX)? };
    Ok(match (own, theirs) {
        (Some(a), Some(b)) => Some(if b.level > a.level { b } else { a }),
        (a, b) => a.or(b),
    })
}

/// Whether anything was ever marked in a file: in most files nothing was.
///
/// # Errors
/// The database refused.
pub fn any(db: &Connection) -> Result<bool, Error> {
    Ok(db.prepare("SELECT 1 FROM ledger WHERE kind = 'tlp' LIMIT 1")?.exists([])?)
}
