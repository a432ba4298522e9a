//! The state of the case file at a row of its ledger: what an incident holds, and its record.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use blotter_core::facts::Relation;
use rusqlite::{Connection, OptionalExtension};
use serde_json::Value as Json;

use crate::contract::{self, Told};
use crate::derive::{self, Input, Pin, Telling};
use crate::join::profile::outlet;
use crate::ledger::{self, Row};
use crate::record::{Comment, Decided, Record};
use crate::{Error, wording};

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
    let found =
        db.prepare_cached("SELECT id FROM report WHERE name = ?")?.query_row([name], |r| r.get(0)).optional()?;
    found.ok_or_else(|| Error::Missing(format!("no report {name} is filed")))
}

/// A report's id.
pub fn report_name(db: &Connection, report: i64) -> Result<String, Error> {
    Ok(db.prepare_cached("SELECT name FROM report WHERE id = ?")?.query_row([report], |r| r.get(0))?)
}

/// An incident's id.
pub fn incident_name(db: &Connection, incident: i64) -> Result<String, Error> {
    Ok(db.prepare_cached("SELECT name FROM incident WHERE id = ?")?.query_row([incident], |r| r.get(0))?)
}

/// The row of an incident, by its id in any case, with or without "B-".
pub fn incident_row(db: &Connection, name: &str) -> Result<i64, Error> {
    let upper = name.trim().to_uppercase();
    let full = if upper.starts_with("B-") { upper } else { format!("B-{upper}") };
    let found =
        db.prepare_cached("SELECT id FROM incident WHERE name = ?")?.query_row([&full], |r| r.get(0)).optional()?;
    found.ok_or_else(|| Error::Missing(format!("there is no incident {full}")))
}

/// The incidents that a report is a part of now.
pub fn incidents_of_report(db: &Connection, report: i64) -> Result<Vec<String>, Error> {
    let sql = "SELECT DISTINCT i.name FROM node n JOIN incident i ON i.id = n.incident WHERE n.report = ?
               ORDER BY n.main DESC, n.id";
    let mut rows = db.prepare_cached(sql)?;
    let found = rows.query_map([report], |r| r.get(0))?.collect::<Result<_, _>>()?;
    Ok(found)
}

/// Incidents by name, with whether the row opened them; those that are empty now are left out.
pub fn named(db: &Connection, incidents: &[i64], seq: i64) -> Result<Vec<(String, bool)>, Error> {
    let mut found = Vec::new();
    for incident in incidents {
        let row = db
            .prepare_cached("SELECT name, seq FROM incident WHERE id = ?")?
            .query_row([incident], |r| Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?)))?;
        if !nodes_at(db, *incident, seq)?.is_empty() {
            found.push((row.0, row.1 == seq));
        }
    }
    Ok(found)
}

/// The nodes that were an incident's at a row of the ledger.
pub fn nodes_at(db: &Connection, incident: i64, seq: i64) -> Result<Vec<i64>, Error> {
    let sql = "SELECT DISTINCT m.node FROM membership m WHERE m.incident = ?1 AND m.seq <= ?2 AND NOT EXISTS
               (SELECT 1 FROM membership x WHERE x.node = m.node AND x.seq > m.seq AND x.seq <= ?2 AND x.incident <> ?1)";
    let mut rows = db.prepare_cached(sql)?;
    let found = rows.query_map([incident, seq], |r| r.get(0))?.collect::<Result<_, _>>()?;
    Ok(found)
}

/// The incident that a node was part of at a row of the ledger.
pub fn incident_at(db: &Connection, node: i64, seq: i64) -> Result<Option<i64>, Error> {
    let sql = "SELECT incident FROM membership WHERE node = ? AND seq <= ? ORDER BY seq DESC LIMIT 1";
    Ok(db.prepare_cached(sql)?.query_row([node, seq], |r| r.get(0)).optional()?)
}

/// The incident that another one has become part of: where most of its nodes went. Itself while it has any.
pub fn resolve(db: &Connection, incident: i64, seq: i64) -> Result<i64, Error> {
    if !nodes_at(db, incident, seq)?.is_empty() {
        return Ok(incident);
    }
    let mut rows = db.prepare_cached("SELECT DISTINCT node FROM membership WHERE incident = ? AND seq <= ?")?;
    let once: Vec<i64> = rows.query_map([incident, seq], |r| r.get(0))?.collect::<Result<_, _>>()?;
    let mut went: BTreeMap<i64, usize> = BTreeMap::new();
    for node in once {
        if let Some(other) = incident_at(db, node, seq)? {
            *went.entry(other).or_default() += 1;
        }
    }
    Ok(went.into_iter().max_by_key(|(other, n)| (*n, -other)).map_or(incident, |(other, _)| other))
}

/// A stored text.
pub fn text(db: &Connection, sha256: &str) -> Result<String, Error> {
    let bytes: Option<Vec<u8>> =
        db.prepare_cached("SELECT body FROM text WHERE sha256 = ?")?.query_row([sha256], |r| r.get(0)).optional()?;
    let bytes = bytes.ok_or_else(|| Error::Damaged(format!("the text {sha256} is missing")))?;
    let bytes = zstd::decode_all(&bytes[..]).map_err(|e| Error::Damaged(format!("the text {sha256}: {e}")))?;
    String::from_utf8(bytes).map_err(|e| Error::Damaged(format!("the text {sha256}: {e}")))
}

/// The Reading of a version in effect at a row of the ledger: its row there, the reader, and the Reading.
pub fn reading(db: &Connection, report: i64, version: i64, seq: i64) -> Result<(i64, String, Json), Error> {
    let sql = "SELECT g.seq, g.reader, g.body, v.text FROM reading g
               JOIN version v ON v.report = g.report AND v.version = g.version
               WHERE g.report = ? AND g.version = ? AND g.seq <= ? ORDER BY g.seq DESC LIMIT 1";
    let row: Option<(i64, String, Vec<u8>, String)> = db
        .prepare_cached(sql)?
        .query_row([report, version, seq], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
        .optional()?;
    let (at, reader, bytes, sha256) =
        row.ok_or_else(|| Error::Damaged(format!("the Reading of report {report}, version {version} is missing")))?;
    let bytes =
        zstd::decode_all(&bytes[..]).map_err(|e| Error::Damaged(format!("a Reading cannot be unpacked ({e})")))?;
    let mut reading: Json = serde_json::from_slice(&bytes)?;
    reading["report"]["text"] = text(db, &sha256)?.into();
    Ok((at, reader, reading))
}

/// Why a report no longer supports anything at a row of the ledger: a person's `retract` or a kill notice, not undone.
pub fn retracted(db: &Connection, report: i64, seq: i64) -> Result<Option<String>, Error> {
    let sql = "SELECT max(seq) FROM retraction WHERE report = ?1 AND seq <= ?2
               AND seq NOT IN (SELECT seq FROM undone WHERE by_seq <= ?2)";
    let found: Option<i64> = db.prepare_cached(sql)?.query_row([report, seq], |r| r.get(0))?;
    let Some(found) = found else { return Ok(None) };
    let row = ledger::row(db, found)?;
    Ok(Some(match row.kind.as_str() {
        "retract" => format!("{} ({})", row.body["why"].as_str().unwrap_or_default(), row.by.unwrap_or_default()),
        _ => format!("kill notice {}", row.body["report"].as_str().unwrap_or_default()),
    }))
}

/// The outlet that first published each report's text, for the reports of one incident.
fn origins(db: &Connection, told: &BTreeMap<i64, Told>, seq: i64) -> Result<HashMap<i64, String>, Error> {
    let mut group: HashMap<i64, i64> = told.keys().map(|r| (*r, *r)).collect();
    let root = |group: &HashMap<i64, i64>, mut r: i64| {
        while group[&r] != r {
            r = group[&r];
        }
        r
    };
    for report in told.keys() {
        let mut rows = db.prepare_cached("SELECT b FROM copied WHERE a = ? AND seq <= ?")?;
        let copies: Vec<i64> = rows.query_map([*report, seq], |r| r.get(0))?.collect::<Result<_, _>>()?;
        for other in copies.into_iter().filter(|o| told.contains_key(o)) {
            let (a, b) = (root(&group, *report), root(&group, other));
            group.insert(a.max(b), a.min(b));
        }
    }
    let mut first: HashMap<i64, (&str, &str, i64)> = HashMap::new();
    for (report, t) in told {
        let when = t.published.as_deref().filter(|p| !p.starts_with('X')).unwrap_or("9999");
        let candidate = (when, t.id.as_str(), *report);
        let known = first.entry(root(&group, *report)).or_insert(candidate);
        *known = (*known).min(candidate);
    }
    // A wire's text is the wire's, whoever prints it.
    let credit = |head: i64| told.keys().filter(|r| root(&group, **r) == head).find_map(|r| wording::wire(&told[r]));
    let name = |report: &i64| {
        let head = root(&group, *report);
        let earliest = &told[&first[&head].2];
        credit(head).map(str::to_owned).or_else(|| outlet(earliest)).unwrap_or_else(|| earliest.id.clone())
    };
    Ok(told.keys().map(|r| (*r, name(r))).collect())
}

/// When a report was said: its update, else its publication, else when it was learned.
fn said_at(told: &Told, learned: &str) -> String {
    let known = |date: &Option<String>| date.clone().filter(|d| !d.contains('X'));
    let (published, updated) = (known(&told.published), known(&told.updated));
    published.clone().max(updated).or(published).unwrap_or_else(|| learned.to_owned())
}

/// All that the record of an incident is made from, at a row of the ledger.
pub fn input(db: &Connection, incident: i64, seq: i64) -> Result<Input, Error> {
    let nodes = nodes_at(db, incident, seq)?;
    let mut parts: Vec<(i64, i64, Told, usize, String)> = Vec::new();
    let mut latest: BTreeMap<i64, Told> = BTreeMap::new();
    for node in &nodes {
        let sql = "SELECT n.report, t.version, max(t.seq), t.ordinal, l.at FROM telling t JOIN node n ON n.id = t.node
                   JOIN version v ON v.report = n.report AND v.version = t.version JOIN ledger l ON l.seq = v.seq
                   WHERE t.node = ? AND t.seq <= ? GROUP BY t.version ORDER BY t.version";
        let mut rows = db.prepare_cached(sql)?;
        let rows = rows.query_map([*node, seq], |r| {
            Ok((
                r.get::<_, i64>(0)?,
                r.get::<_, i64>(1)?,
                r.get::<_, i64>(2)?,
                r.get::<_, i64>(3)?,
                r.get::<_, String>(4)?,
            ))
        })?;
        for row in rows {
            let (report, version, told_at, ordinal, learned) = row?;
            let (read_at, _, json) = reading(db, report, version, seq)?;
            let told = Told::read(&json).map_err(Error::Damaged)?;
            latest.insert(report, told.clone());
            // A later Reading of the same version no longer tells of it.
            let ordinal = usize::try_from(ordinal).unwrap_or(usize::MAX);
            if read_at == told_at && ordinal < told.incidents.len() {
                parts.push((report, version, told, ordinal, learned));
            }
        }
    }
    let origins = origins(db, &latest, seq)?;
    let mut tellings = Vec::new();
    for (report, version, told, ordinal, learned) in parts {
        let incident = &told.incidents[ordinal];
        let letters: Vec<char> = told.text.chars().collect();
        let rises = told.headline.as_deref().is_some_and(wording::explains_rise);
        let around = |fact: &contract::ToldFact| {
            let start = fact.evidence.first().and_then(|e| e["start"].as_u64()).and_then(|s| usize::try_from(s).ok());
            let span = start.and_then(|s| told.sentences.iter().find(|(a, b)| *a <= s && s < *b));
            span.and_then(|(a, b)| letters.get(*a..*b)).map(|w| w.iter().collect::<String>()).unwrap_or_default()
        };
        let facts = incident.facts.iter().map(|f| (f.clone(), rises || wording::explains_rise(&around(f)))).collect();
        tellings.push(Telling {
            report: told.id.clone(),
            version,
            published: told.published.clone(),
            when: said_at(&told, &learned),
            origin: origins[&report].clone(),
            relation: incident.relation,
            headline: told.headline.clone(),
            retracted: retracted(db, report, seq)?,
            correction: wording::correction(&told),
            facts,
        });
    }
    let revision: i64 = db
        .prepare_cached("SELECT count(*) FROM touched WHERE incident = ? AND seq <= ?")?
        .query_row([incident, seq], |r| r.get(0))?;
    let mut input = Input {
        incident: incident_name(db, incident)?,
        revision: usize::try_from(revision).unwrap_or(0),
        as_of: if seq > 0 { ledger::row(db, seq)?.at } else { String::new() },
        tellings,
        ..Input::default()
    };
    for row in decisions(db, incident, seq)? {
        apply(&mut input, &row)?;
    }
    Ok(input)
}

/// The decisions about an incident in effect at a row of the ledger, the first first.
pub fn decisions(db: &Connection, incident: i64, seq: i64) -> Result<Vec<Row>, Error> {
    let sql = "SELECT t.seq FROM touched t JOIN ledger l ON l.seq = t.seq WHERE t.incident = ?1 AND t.seq <= ?2
               AND l.kind IN ('pin', 'reject', 'status', 'comment')
               AND t.seq NOT IN (SELECT seq FROM undone WHERE by_seq <= ?2) ORDER BY t.seq";
    let mut rows = db.prepare_cached(sql)?;
    let found: Vec<i64> = rows.query_map([incident, seq], |r| r.get(0))?.collect::<Result<_, _>>()?;
    found.into_iter().map(|seq| ledger::row(db, seq)).collect()
}

fn apply(input: &mut Input, row: &Row) -> Result<(), Error> {
    let text = |name: &str| row.body[name].as_str().unwrap_or_default().to_owned();
    let by = row.by.clone().unwrap_or_default();
    let decided = Decided { decision: row.seq, by: by.clone(), at: row.at.clone(), why: text("why") };
    match row.kind.as_str() {
        "pin" => {
            let field = contract::field(&text("field"));
            if let Some((field, value)) = field.and_then(|f| Some((f, contract::value(f, &row.body["value"])?))) {
                input.pins.push(Pin { field, value, raw: row.body["value"].clone(), decided });
            }
        }
        "reject" => {
            input.rejected.insert(text("fact"), decided);
        }
        "status" => input.status = Some(text("status")),
        "comment" => {
            input.comments.push(Comment { decision: row.seq, by, at: row.at.clone(), text: text("text") });
        }
        _ => {}
    }
    Ok(())
}

/// The record of an incident at a row of the ledger.
pub fn record(db: &Connection, incident: i64, seq: i64) -> Result<Record, Error> {
    let mut record = derive::record(input(db, incident, seq)?);
    record.related = related(db, incident, seq)?;
    Ok(record)
}

/// Incidents told by the same reports: "this incident is .. that one".
fn related(db: &Connection, incident: i64, seq: i64) -> Result<Vec<(String, String, &'static str)>, Error> {
    let mut found: BTreeSet<(i64, &'static str)> = BTreeSet::new();
    for node in nodes_at(db, incident, seq)? {
        let mine = relation_of(db, node, seq)?;
        let mut rows = db.prepare_cached(
            "SELECT id FROM node WHERE report = (SELECT report FROM node WHERE id = ?1) AND id <> ?1",
        )?;
        let beside: Vec<i64> = rows.query_map([node], |r| r.get(0))?.collect::<Result<_, _>>()?;
        for other in beside {
            let Some(there) = incident_at(db, other, seq)?.filter(|i| *i != incident) else { continue };
            match (mine, relation_of(db, other, seq)?) {
                (Some(Relation::Background), Some(Relation::Main)) => found.insert((there, "background-of")),
                (Some(Relation::Main), Some(Relation::Background)) => found.insert((there, "follows")),
                _ => false,
            };
        }
    }
    let line = |(other, relation): (i64, &'static str)| {
        let sql = "SELECT i.name, coalesce(c.summary, '') FROM incident i LEFT JOIN current c ON c.incident = i.id WHERE i.id = ?";
        let (name, summary) = db.prepare_cached(sql)?.query_row([other], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok((name, summary, relation))
    };
    found.into_iter().map(line).collect()
}

/// How a node's incident stands to its report, in the last version that tells of it.
fn relation_of(db: &Connection, node: i64, seq: i64) -> Result<Option<Relation>, Error> {
    let sql = "SELECT n.report, t.version, t.ordinal FROM telling t JOIN node n ON n.id = t.node
               WHERE t.node = ? AND t.seq <= ? ORDER BY t.version DESC, t.seq DESC LIMIT 1";
    let row: Option<(i64, i64, i64)> =
        db.prepare_cached(sql)?.query_row([node, seq], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional()?;
    let Some((report, version, ordinal)) = row else { return Ok(None) };
    let (_, _, json) = reading(db, report, version, seq)?;
    let ordinal = usize::try_from(ordinal).unwrap_or(usize::MAX);
    Ok(Told::read(&json).ok().and_then(|t| t.incidents.get(ordinal).map(|i| i.relation)))
}
