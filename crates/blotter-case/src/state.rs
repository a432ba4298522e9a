//! The state of the case file at a row of its ledger: names, which nodes an incident holds, stored texts and Readings.

use std::collections::BTreeMap;

use crate::db::{Connection, Optional};
use serde_json::Value as Json;

use crate::contract::Told;
use crate::{Error, ledger, pack};

/// One stored version of a report.
#[derive(Clone, Debug)]
pub struct ReportVersion {
    /// The report's id.
    pub report: String,
    /// The version, from 1.
    pub version: i64,
    /// How many versions there are.
    pub versions: i64,
    /// When the case file learned it.
    pub learned: String,
    /// Which program made the Reading.
    pub reader: String,
    /// The Reading, with the text.
    pub reading: Json,
    /// Incidents of the case file that it is a part of now.
    pub incidents: Vec<String>,
}

/// The id of a report's row.
pub fn report_row(db: &Connection, name: &str) -> Result<i64, Error> {
    let found = db.prepare("SELECT id FROM report WHERE name = ?")?.query_row([name], |r| r.get(0)).optional()?;
    found.ok_or_else(|| Error::Missing(format!("no report {name} is filed")))
}

/// A report's id.
pub fn report_name(db: &Connection, report: i64) -> Result<String, Error> {
    Ok(db.prepare("SELECT name FROM report WHERE id = ?")?.query_row([report], |r| r.get(0))?)
}

/// An incident's id.
pub fn incident_name(db: &Connection, incident: i64) -> Result<String, Error> {
    Ok(db.prepare("SELECT name FROM incident WHERE id = ?")?.query_row([incident], |r| r.get(0))?)
}

/// The row of an incident, by its id in any case, with or without "B-".
pub fn incident_row(db: &Connection, name: &str) -> Result<i64, Error> {
    let upper = name.trim().to_uppercase();
    let full = if upper.starts_with("B-") { upper } else { format!("B-{upper}") };
    let found = db.prepare("SELECT id FROM incident WHERE name = ?")?.query_row([&full], |r| r.get(0)).optional()?;
    found.ok_or_else(|| Error::Missing(format!("there is no incident {full}")))
}

/// The incidents that a report is a part of now.
pub fn incidents_of_report(db: &Connection, report: i64) -> Result<Vec<String>, Error> {
    let sql = "SELECT i.name FROM node n JOIN incident i ON i.id = n.incident WHERE n.report = ?
               GROUP BY i.id, i.name ORDER BY max(n.main) DESC, min(n.id)";
    let mut rows = db.prepare(sql)?;
    let found = rows.query_map([report], |r| r.get(0))?.collect::<Result<_, _>>()?;
    Ok(found)
}

/// Incidents by name, with whether the row opened them; those that are empty now are left out.
pub fn named(db: &Connection, incidents: &[i64], seq: i64) -> Result<Vec<(String, bool)>, Error> {
    let mut found = Vec::new();
    for incident in incidents {
        let row = db
            .prepare("SELECT name, seq FROM incident WHERE id = ?")?
            .query_row([incident], |r| Ok((r.get::<String>(0)?, r.get::<i64>(1)?)))?;
        if !is_empty_at(db, *incident, seq)? {
            found.push((row.0, row.1 == seq));
        }
    }
    Ok(found)
}

/// The nodes that were an incident's at a row of the ledger.
pub fn nodes_at(db: &Connection, incident: i64, seq: i64) -> Result<Vec<i64>, Error> {
    let mut rows = db.prepare(NODES)?;
    let found = rows.query_map([incident, seq], |r| r.get(0))?.collect::<Result<_, _>>()?;
    Ok(found)
}

/// Whether an incident held any report at a row of the ledger.
pub fn is_empty_at(db: &Connection, incident: i64, seq: i64) -> Result<bool, Error> {
    Ok(db.prepare(&format!("{NODES} LIMIT 1"))?.query_row([incident, seq], |_| Ok(())).optional()?.is_none())
}

/// The nodes of incident `?1` at row `?2`: those whose last move up to then led there.
pub const NODES: &str = "SELECT m.node FROM membership m WHERE m.incident = ?1 AND m.seq <= ?2 AND NOT EXISTS
    (SELECT 1 FROM membership x WHERE x.node = m.node AND x.seq > m.seq AND x.seq <= ?2)";

/// The incident that a node was part of at a row of the ledger.
pub fn incident_at(db: &Connection, node: i64, seq: i64) -> Result<Option<i64>, Error> {
    let sql = "SELECT incident FROM membership WHERE node = ? AND seq <= ? ORDER BY seq DESC LIMIT 1";
    Ok(db.prepare(sql)?.query_row([node, seq], |r| r.get(0)).optional()?)
}

/// The incident that another one has become part of: where most of its nodes went. Itself while it has any.
pub fn resolve(db: &Connection, incident: i64, seq: i64) -> Result<i64, Error> {
    if !is_empty_at(db, incident, seq)? {
        return Ok(incident);
    }
    let mut rows = db.prepare("SELECT DISTINCT node FROM membership WHERE incident = ? AND seq <= ?")?;
    let once: Vec<i64> = rows.query_map([incident, seq], |r| r.get(0))?.collect::<Result<_, _>>()?;
    let mut went: BTreeMap<i64, usize> = BTreeMap::new();
    for node in once {
        if let Some(other) = incident_at(db, node, seq)? {
            *went.entry(other).or_default() += 1;
        }
    }
    Ok(went.into_iter().max_by_key(|(other, n)| (*n, -other)).map_or(incident, |(other, _)| other))
}

/// Versions of one report in the order in which they replace one another: that of arrival, but that one of a lower wire number
/// than another's stands before it, however late it came. Given in the order of arrival, each with its wire number.
pub fn in_order(versions: &[(i64, Option<u64>)]) -> Vec<i64> {
    let mut order: Vec<(i64, Option<u64>)> = Vec::new();
    for (version, edition) in versions {
        let higher = |(_, of): &(i64, Option<u64>)| edition.is_some() && *of > *edition;
        let at = order.iter().position(higher).unwrap_or(order.len());
        order.insert(at, (*version, *edition));
    }
    order.into_iter().map(|(version, _)| version).collect()
}

/// Which version of a report replaces all others, `version` being the last that came, of this wire number.
pub fn newest(db: &Connection, report: i64, version: i64, of: Option<u64>) -> Result<i64, Error> {
    if of.is_none() || version == 1 {
        return Ok(version);
    }
    let mut versions = Vec::new();
    for earlier in 1..version {
        versions.push((earlier, edition(db, report, earlier)?));
    }
    versions.push((version, of));
    Ok(in_order(&versions).last().copied().unwrap_or(version))
}

/// The number that a wire gave a filed version.
pub fn edition(db: &Connection, report: i64, version: i64) -> Result<Option<u64>, Error> {
    let (_, _, reading) = reading(db, report, version, i64::MAX)?;
    Ok(Told::read(&reading).map_err(Error::Damaged)?.edition)
}

/// A stored text.
pub fn text(db: &Connection, sha256: &str) -> Result<String, Error> {
    let bytes: Option<Vec<u8>> =
        db.prepare("SELECT body FROM text WHERE sha256 = ?")?.query_row([sha256], |r| r.get(0)).optional()?;
    let bytes = bytes.ok_or_else(|| Error::Damaged(format!("the text {sha256} is missing")))?;
    let bytes = pack::unpack(&bytes, &format!("the text {sha256}"))?;
    String::from_utf8(bytes).map_err(|e| Error::Damaged(format!("the text {sha256}: {e}")))
}

/// The Reading of a version in effect at a row of the ledger: its row there, the reader, and the Reading.
pub fn reading(db: &Connection, report: i64, version: i64, seq: i64) -> Result<(i64, String, Json), Error> {
    let sql = "SELECT g.seq, g.reader, g.body, v.text FROM reading g
               JOIN version v ON v.report = g.report AND v.version = g.version
               WHERE g.report = ? AND g.version = ? AND g.seq <= ? ORDER BY g.seq DESC LIMIT 1";
    let row: Option<(i64, String, Vec<u8>, String)> = db
        .prepare(sql)?
        .query_row([report, version, seq], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
        .optional()?;
    let (at, reader, bytes, sha256) =
        row.ok_or_else(|| Error::Damaged(format!("the Reading of report {report}, version {version} is missing")))?;
    let bytes = pack::unpack(&bytes, &format!("the Reading of report {report}, version {version}"))?;
    let mut reading: Json = serde_json::from_slice(&bytes)?;
    reading["report"]["text"] = text(db, &sha256)?.into();
    Ok((at, reader, reading))
}

/// Why a report no longer supports anything at a row of the ledger: a person's `retract` or a kill notice, not undone.
pub fn retracted(db: &Connection, report: i64, seq: i64) -> Result<Option<String>, Error> {
    let sql = "SELECT max(seq) FROM retraction WHERE report = ?1 AND seq <= ?2
               AND seq NOT IN (SELECT seq FROM undone WHERE by_seq <= ?2)";
    let found: Option<i64> = db.prepare(sql)?.query_row([report, seq], |r| r.get(0))?;
    found.map(|found| retraction(db, found)).transpose()
}

/// A retraction in words, with the number by which it is undone.
pub fn retraction(db: &Connection, seq: i64) -> Result<String, Error> {
    let row = ledger::row(db, seq)?;
    Ok(match row.kind.as_str() {
        "retract" => {
            let why = row.body["why"].as_str().unwrap_or_default();
            format!("{why} ({}, D{seq})", row.by.unwrap_or_default())
        }
        _ => format!("kill notice {} (D{seq})", row.body["report"].as_str().unwrap_or_default()),
    })
}
