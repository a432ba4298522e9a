//! The record of an incident at a row of the ledger, and what it is related to.

use std::collections::BTreeSet;

use crate::db::Connection;
use blotter_core::facts::{Field, Relation};

use crate::memory::Memory;
use crate::record::Record;
use crate::state::{incident_at, incident_name, nodes_at};
use crate::tale::{self, Tale};
use crate::{Error, derive, ledger, marking};

/// The record of an incident at a row of the ledger, without what it is related to.
pub fn bare(db: &Connection, memory: &Memory, incident: i64, seq: i64) -> Result<Record, Error> {
    let as_of = if seq > 0 { ledger::row(db, seq)?.at } else { String::new() };
    Ok(derive::record(Tale::of(db, memory, incident)?.input(seq, &as_of)))
}

/// The record of an incident at a row of the ledger.
pub fn record(db: &Connection, memory: &Memory, incident: i64, seq: i64) -> Result<Record, Error> {
    let mut record = bare(db, memory, incident, seq)?;
    record.tlp = marking::in_force(db, incident, seq)?;
    record.related = related(db, memory, incident, seq)?;
    Ok(record)
}

/// Incidents told by the same reports: "this incident is .. that one", each with its summary of that moment.
///
/// # Errors
/// The database refused.
pub fn related(
    db: &Connection,
    memory: &Memory,
    incident: i64,
    seq: i64,
) -> Result<Vec<(String, String, &'static str)>, Error> {
    let mut found: BTreeSet<(i64, &'static str)> = BTreeSet::new();
    for node in nodes_at(db, incident, seq)? {
        let mut rows =
            db.prepare("SELECT id FROM node WHERE report = (SELECT report FROM node WHERE id = ?1) AND id <> ?1")?;
        let beside: Vec<i64> = rows.query_map([node], |r| r.get(0))?.collect::<Result<_, _>>()?;
        if beside.is_empty() {
            continue;
        }
        let Some(mine) = relation_of(db, memory, node, seq)? else { continue };
        for other in beside {
            let Some(there) = incident_at(db, other, seq)?.filter(|i| *i != incident) else { continue };
            let Some(theirs) = relation_of(db, memory, other, seq)? else { continue };
            // Days of the two, where both are known: `related` is tied by cause or by series.
            let later = mine.1.as_ref().zip(theirs.1.as_ref()).map(|(x, y)| x > y);
            let relation = match (mine.0, theirs.0) {
                (Relation::Background, Relation::Main) => "background-of",
                (Relation::Main, Relation::Background) => "follows",
                (Relation::Related, Relation::Main) | (Relation::Main, Relation::Related) if later == Some(true) => {
                    "follows"
                }
                (Relation::Related, Relation::Main) if later.is_some() => "part-of",
                _ => continue,
            };
            found.insert((there, relation));
        }
    }
    let line = |(other, relation): (i64, &'static str)| {
        Ok((incident_name(db, other)?, bare(db, memory, other, seq)?.summary, relation))
    };
    found.into_iter().map(line).collect()
}

/// How a node's incident stands to its report, in the last version that tells of it, and its day as told there.
fn relation_of(
    db: &Connection,
    memory: &Memory,
    node: i64,
    seq: i64,
) -> Result<Option<(Relation, Option<String>)>, Error> {
    let last = tale::last_gist(db, memory, node, seq)?;
    let Some(gist) = last.as_ref().and_then(|gist| gist.as_ref().as_ref()) else { return Ok(None) };
    let times = gist.facts.iter().filter(|(f, _)| f.field == Field::When);
    let surest = times.max_by(|a, b| a.0.confidence.total_cmp(&b.0.confidence));
    let day = surest.and_then(|(f, _)| f.raw["start"].as_str()?.get(..10).map(str::to_owned));
    Ok(Some((gist.relation, day)))
}
