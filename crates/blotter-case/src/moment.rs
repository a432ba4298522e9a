//! The record of an incident at a row of the ledger: the gists of what tells of it, origins, decisions.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use blotter_core::facts::{Field, Relation};
use rusqlite::{Connection, OptionalExtension, params};

use crate::contract::{self, Told};
use crate::derive::{self, Input, Pin, Telling};
use crate::gist::{self, Gist};
use crate::ledger::{self, Row};
use crate::memory::Memory;
use crate::record::{Comment, Decided, Record};
use crate::state::{NODES, incident_at, incident_name, nodes_at, reading, retraction};
use crate::{Error, pack, state};

/// The retracted reports of an incident, each with why.
fn retractions(db: &Connection, incident: i64, seq: i64) -> Result<HashMap<i64, String>, Error> {
    let sql = format!(
        "WITH mine AS ({NODES}) SELECT n.report, r.seq FROM mine m JOIN node n ON n.id = m.node
         JOIN retraction r ON r.report = n.report WHERE r.seq <= ?2
         AND NOT EXISTS (SELECT 1 FROM undone u WHERE u.seq = r.seq AND u.by_seq <= ?2)"
    );
    let mut rows = db.prepare_cached(&sql)?;
    let mut last: BTreeMap<i64, i64> = BTreeMap::new();
    for row in rows.query_map([incident, seq], |r| Ok((r.get(0)?, r.get(1)?)))? {
        let (report, found): (i64, i64) = row?;
        let known = last.entry(report).or_insert(found);
        *known = found.max(*known);
    }
    last.into_iter().map(|(report, found)| Ok((report, retraction(db, found)?))).collect()
}

/// The outlet that first published each report's text, for the reports of one incident, each with its last gist.
fn origins(
    db: &Connection,
    (incident, seq): (i64, i64),
    told: &BTreeMap<i64, Rc<Option<Gist>>>,
) -> Result<HashMap<i64, String>, Error> {
    // A copy of a copy may reach the incident's reports by one that is not among them. Twice the same query, since a table of
    // the incident's reports made for both would cost more than the rest.
    let mut copies: Vec<(i64, i64)> = Vec::new();
    for side in ["a", "b"] {
        let sql = format!(
            "SELECT c.a, c.b FROM ({NODES}) m JOIN node n ON n.id = m.node
             JOIN copied c ON c.{side} = n.report AND c.seq <= ?2"
        );
        let mut rows = db.prepare_cached(&sql)?;
        let found = rows.query_map([incident, seq], |r| Ok((r.get(0)?, r.get(1)?)))?;
        copies.extend(found.collect::<Result<Vec<_>, _>>()?);
    }
    let mut group: HashMap<i64, i64> = told.keys().map(|r| (*r, *r)).collect();
    group.extend(copies.iter().flat_map(|(a, b)| [(*a, *a), (*b, *b)]));
    let root = |group: &HashMap<i64, i64>, mut r: i64| {
        while group[&r] != r {
            r = group[&r];
        }
        r
    };
    for (a, b) in copies {
        let (a, b) = (root(&group, a), root(&group, b));
        group.insert(a.max(b), a.min(b));
    }
    let mut first: HashMap<i64, (&str, &str, &Gist)> = HashMap::new();
    // A wire's text is the wire's, whoever prints it.
    let mut wire: HashMap<i64, &str> = HashMap::new();
    for (report, gist) in told {
        let Some(gist) = gist.as_ref() else { continue };
        let when = gist.published.as_deref().filter(|p| !p.starts_with('X')).unwrap_or("9999");
        let head = root(&group, *report);
        let known = first.entry(head).or_insert((when, gist.report.as_str(), gist));
        if (when, gist.report.as_str()) < (known.0, known.1) {
            *known = (when, gist.report.as_str(), gist);
        }
        if let Some(credit) = &gist.wire {
            wire.entry(head).or_insert(credit);
        }
    }
    let name = |report: &i64| {
        let head = root(&group, *report);
        let credit = wire.get(&head).map(|w| (*w).to_owned());
        let earliest = first.get(&head).map(|(_, _, gist)| *gist);
        let outlet = || earliest.map(|gist| gist.outlet.clone().unwrap_or_else(|| gist.report.clone()));
        credit.or_else(outlet).unwrap_or_default()
    };
    Ok(told.keys().map(|r| (*r, name(r))).collect())
}

/// A version that tells of an incident.
struct Part {
    node: i64,
    report: i64,
    version: i64,
    /// The row by which it tells of it, and that of the Reading in effect.
    told_at: i64,
    read_at: i64,
    ordinal: i64,
    /// When the version was filed.
    learned: String,
}

/// The versions that tell of an incident, or did until they were read again.
fn parts(db: &Connection, incident: i64, seq: i64) -> Result<Vec<Part>, Error> {
    let sql = format!(
        "WITH mine AS ({NODES}) SELECT t.node, n.report, t.version, t.seq, t.ordinal, l.at,
         (SELECT max(g.seq) FROM reading g WHERE g.report = n.report AND g.version = t.version AND g.seq <= ?2)
         FROM mine m JOIN node n ON n.id = m.node JOIN telling t ON t.node = m.node AND t.seq <= ?2
         JOIN version v ON v.report = n.report AND v.version = t.version JOIN ledger l ON l.seq = v.seq"
    );
    let mut rows = db.prepare_cached(&sql)?;
    let rows = rows.query_map([incident, seq], |r| {
        Ok(Part {
            node: r.get(0)?,
            report: r.get(1)?,
            version: r.get(2)?,
            told_at: r.get(3)?,
            ordinal: r.get(4)?,
            learned: r.get(5)?,
            read_at: r.get::<_, Option<i64>>(6)?.unwrap_or(0),
        })
    })?;
    // Sorted here: a sorter of the database costs more to set up than most incidents have rows.
    let mut rows: Vec<Part> = rows.collect::<Result<_, _>>()?;
    rows.sort_by_key(|p| (p.node, p.version, p.told_at));
    let mut found: Vec<Part> = Vec::new();
    for part in rows {
        // Of several Readings of one version the last that tells of it counts.
        if found.last().is_some_and(|p| (p.node, p.version) == (part.node, part.version)) {
            found.pop();
        }
        found.push(part);
    }
    Ok(found)
}

/// The gist of a telling: as it is kept, else made from its Reading.
fn gist_of(db: &Connection, memory: &Memory, part: &Part) -> Result<Rc<Option<Gist>>, Error> {
    memory.gist((part.node, part.version, part.told_at), || {
        let sql = "SELECT body FROM gist WHERE node = ? AND version = ? AND seq = ? AND form = ?";
        let kept: Option<Vec<u8>> = db
            .prepare_cached(sql)?
            .query_row(params![part.node, part.version, part.told_at, gist::FORM], |r| r.get(0))
            .optional()?;
        if let Some(kept) = kept {
            return Ok(Some(Gist::read(&serde_json::from_slice(&pack::unpack(&kept, "a gist")?)?)));
        }
        let (_, _, json) = reading(db, part.report, part.version, part.told_at)?;
        let told = Told::read(&json).map_err(Error::Damaged)?;
        Ok(Gist::of(&told, usize::try_from(part.ordinal).unwrap_or(usize::MAX)))
    })
}

/// The place of each version among those of its report, from 1, by report and version.
fn editions(told: &[(Part, Rc<Option<Gist>>)]) -> HashMap<(i64, i64), i64> {
    let mut of: BTreeMap<i64, BTreeMap<i64, Option<u64>>> = BTreeMap::new();
    for (part, gist) in told {
        let edition = gist.as_ref().as_ref().and_then(|g| g.edition);
        of.entry(part.report).or_default().insert(part.version, edition);
    }
    let mut found = HashMap::new();
    for (report, versions) in of {
        let versions: Vec<(i64, Option<u64>)> = versions.into_iter().collect();
        found
            .extend(state::in_order(&versions).into_iter().zip(1..).map(|(version, place)| ((report, version), place)));
    }
    found
}

/// All that the record of an incident is made from, at a row of the ledger.
pub fn input(db: &Connection, memory: &Memory, incident: i64, seq: i64) -> Result<Input, Error> {
    let mut told: Vec<(Part, Rc<Option<Gist>>)> = Vec::new();
    for part in parts(db, incident, seq)? {
        let gist = gist_of(db, memory, &part)?;
        told.push((part, gist));
    }
    let editions = editions(&told);
    let mut latest: BTreeMap<i64, (i64, Rc<Option<Gist>>)> = BTreeMap::new();
    for (part, gist) in &told {
        let edition = editions[&(part.report, part.version)];
        let known = latest.entry(part.report).or_insert((edition, Rc::clone(gist)));
        if edition >= known.0 && gist.is_some() {
            *known = (edition, Rc::clone(gist));
        }
    }
    // A later Reading of the same version no longer tells of it.
    told.retain(|(part, _)| part.read_at == part.told_at);
    let latest = latest.into_iter().map(|(report, (_, gist))| (report, gist)).collect();
    let origins = origins(db, (incident, seq), &latest)?;
    let retracted = retractions(db, incident, seq)?;
    let mut tellings = Vec::new();
    for (part, gist) in &told {
        let Some(gist) = gist.as_ref() else { continue };
        tellings.push(Telling {
            report: gist.report.clone(),
            version: part.version,
            edition: editions[&(part.report, part.version)],
            published: gist.published.clone(),
            when: gist.said.clone().unwrap_or_else(|| part.learned.clone()),
            origin: origins[&part.report].clone(),
            relation: gist.relation,
            headline: gist.headline.clone(),
            retracted: retracted.get(&part.report).cloned(),
            correction: gist.correction.clone(),
            facts: Arc::clone(&gist.facts),
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
    // No list of kinds with IN: the database would make a table of it each time.
    let sql = "SELECT t.seq FROM touched t JOIN ledger l ON l.seq = t.seq WHERE t.incident = ?1 AND t.seq <= ?2
               AND (l.kind = 'pin' OR l.kind = 'reject' OR l.kind = 'status' OR l.kind = 'comment')
               AND NOT EXISTS (SELECT 1 FROM undone u WHERE u.seq = t.seq AND u.by_seq <= ?2) ORDER BY t.seq";
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
                input.pins.push(Pin { field, value, raw: Arc::new(row.body["value"].clone()), decided });
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

/// The record of an incident at a row of the ledger, without what it is related to.
pub fn bare(db: &Connection, memory: &Memory, incident: i64, seq: i64) -> Result<Record, Error> {
    Ok(derive::record(input(db, memory, incident, seq)?))
}

/// The record of an incident at a row of the ledger.
pub fn record(db: &Connection, memory: &Memory, incident: i64, seq: i64) -> Result<Record, Error> {
    let mut record = bare(db, memory, incident, seq)?;
    record.related = related(db, memory, incident, seq)?;
    Ok(record)
}

/// Incidents told by the same reports: "this incident is .. that one", each with its summary of that moment.
fn related(
    db: &Connection,
    memory: &Memory,
    incident: i64,
    seq: i64,
) -> Result<Vec<(String, String, &'static str)>, Error> {
    let mut found: BTreeSet<(i64, &'static str)> = BTreeSet::new();
    for node in nodes_at(db, incident, seq)? {
        let mut rows = db.prepare_cached(
            "SELECT id FROM node WHERE report = (SELECT report FROM node WHERE id = ?1) AND id <> ?1",
        )?;
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
    let sql = "SELECT n.report, t.version, t.seq, t.ordinal FROM telling t JOIN node n ON n.id = t.node
               WHERE t.node = ? AND t.seq <= ? ORDER BY t.version, t.seq";
    let mut rows = db.prepare_cached(sql)?;
    let rows = rows.query_map([node, seq], |r| {
        Ok(Part {
            node,
            report: r.get(0)?,
            version: r.get(1)?,
            told_at: r.get(2)?,
            read_at: 0,
            ordinal: r.get(3)?,
            learned: String::new(),
        })
    })?;
    let mut told: Vec<(Part, Rc<Option<Gist>>)> = Vec::new();
    for part in rows {
        let part = part?;
        let gist = gist_of(db, memory, &part)?;
        told.push((part, gist));
    }
    let editions = editions(&told);
    let last = told.iter().max_by_key(|(part, _)| (editions[&(part.report, part.version)], part.told_at));
    let Some((_, gist)) = last else { return Ok(None) };
    let Some(gist) = gist.as_ref() else { return Ok(None) };
    let times = gist.facts.iter().filter(|(f, _)| f.field == Field::When);
    let surest = times.max_by(|a, b| a.0.confidence.total_cmp(&b.0.confidence));
    let day = surest.and_then(|(f, _)| f.raw["start"].as_str()?.get(..10).map(str::to_owned));
    Ok(Some((gist.relation, day)))
}
