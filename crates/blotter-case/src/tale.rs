//! All rows that tell of an incident, loaded once, and what its record is made from at any row of the ledger.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::db::{Connection, DbError, Optional, params};

use crate::contract::{self, Told};
use crate::derive::{Input, Pin, Telling};
use crate::gist::{self, Gist};
use crate::ledger::{self, Row};
use crate::memory::Memory;
use crate::record::{Comment, Decided, Marking};
use crate::state::{self, incident_name, reading, retraction};
use crate::{Error, pack};

/// A version that tells, or told, of an incident.
#[derive(Clone)]
struct Part {
    node: i64,
    report: i64,
    version: i64,
    /// The row by which it tells of it.
    told_at: i64,
    ordinal: i64,
    /// When the version was filed.
    learned: Arc<str>,
    gist: Arc<Option<Gist>>,
}

/// All rows from which the records of an incident are made, of any moment: loaded once, however many of its records are asked
/// for.
pub struct Tale {
    name: String,
    /// By node, version and row.
    parts: Vec<Part>,
    /// When each node went where.
    moves: BTreeMap<i64, Vec<(i64, bool)>>,
    /// The rows of the Readings of each version.
    readings: HashMap<(i64, i64), Vec<i64>>,
    copies: Vec<(i64, i64, i64)>,
    /// Report, row, the row that undid it, why.
    retractions: Vec<(i64, i64, Option<i64>, Arc<str>)>,
    touched: Vec<i64>,
    /// Decisions, each with the row that undid it.
    decisions: Vec<(Row, Option<i64>)>,
}

impl Tale {
    /// Loads an incident's rows.
    ///
    /// # Errors
    /// The database refused, or a Reading cannot be read.
    pub fn of(db: &Connection, memory: &Memory, incident: i64) -> Result<Tale, Error> {
        // A node that came more than once is found more than once; what is found is put in order and rid of doubles here: a
        // sorter, or a table, of the database costs more to set up than most incidents have rows.
        let mut moves: BTreeMap<i64, Vec<(i64, bool)>> = BTreeMap::new();
        let sql = "SELECT x.node, x.seq, x.incident FROM membership m JOIN membership x ON x.node = m.node WHERE m.incident = ?";
        for (node, seq, to) in rows(db, sql, incident, |r| Ok((r.get(0)?, r.get(1)?, r.get::<i64>(2)?)))? {
            moves.entry(node).or_default().push((seq, to == incident));
        }
        for path in moves.values_mut() {
            path.sort_unstable();
            path.dedup();
        }
        let told = "FROM membership m JOIN node n ON n.id = m.node JOIN telling t ON t.node = m.node";
        let sql = format!(
            "SELECT t.node, n.report, t.version, t.seq, t.ordinal, l.at {told} JOIN version v ON v.report = n.report
             AND v.version = t.version JOIN ledger l ON l.seq = v.seq WHERE m.incident = ?"
        );
        let mut parts = rows(db, &sql, incident, |r| {
            Ok(Part {
                node: r.get(0)?,
                report: r.get(1)?,
                version: r.get(2)?,
                told_at: r.get(3)?,
                ordinal: r.get(4)?,
                learned: r.get(5)?,
                gist: Arc::new(None),
            })
        })?;
        parts.sort_by_key(|p| (p.node, p.version, p.told_at));
        parts.dedup_by_key(|p| (p.node, p.version, p.told_at));
        for part in &mut parts {
            part.gist = gist_of(db, memory, part)?;
        }
        let sql = format!(
            "SELECT g.report, g.version, g.seq {told} JOIN reading g ON g.report = n.report AND g.version = t.version
             WHERE m.incident = ?"
        );
        let mut readings: HashMap<(i64, i64), Vec<i64>> = HashMap::new();
        for (report, version, seq) in rows(db, &sql, incident, |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))? {
            readings.entry((report, version)).or_default().push(seq);
        }
        // A copy of a copy may reach the incident's reports by one that is not among them.
        let mut copies = Vec::new();
        for side in ["a", "b"] {
            let sql = format!(
                "SELECT c.a, c.b, c.seq FROM membership m JOIN node n ON n.id = m.node JOIN copied c ON c.{side} = n.report
                 WHERE m.incident = ?"
            );
            copies.extend(rows(db, &sql, incident, |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?);
        }
        copies.sort_unstable();
        copies.dedup();
        let sql = "SELECT n.report, r.seq, u.by_seq FROM membership m JOIN node n ON n.id = m.node
                   JOIN retraction r ON r.report = n.report LEFT JOIN undone u ON u.seq = r.seq WHERE m.incident = ?";
        let mut found = rows(db, sql, incident, |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
        found.sort_unstable();
        found.dedup();
        let why =
            |(report, seq, undone): (i64, i64, Option<i64>)| Ok((report, seq, undone, Arc::from(retraction(db, seq)?)));
        let retractions = found.into_iter().map(why).collect::<Result<_, Error>>()?;
        // No list of kinds with IN: the database would make a table of it each time.
        let sql =
            "SELECT t.seq, (l.kind = 'pin' OR l.kind = 'reject' OR l.kind = 'status' OR l.kind = 'comment' OR l.kind = 'tlp'), u.by_seq
                   FROM touched t JOIN ledger l ON l.seq = t.seq LEFT JOIN undone u ON u.seq = t.seq
                   WHERE t.incident = ? ORDER BY t.seq";
        let (mut touched, mut decisions) = (Vec::new(), Vec::new());
        for (seq, decided, undone) in rows(db, sql, incident, |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))? {
            touched.push(seq);
            if decided {
                decisions.push((ledger::row(db, seq)?, undone));
            }
        }
        let name = incident_name(db, incident)?;
        Ok(Tale { name, parts, moves, readings, copies, retractions, touched, decisions })
    }

    /// Whether a node was the incident's at a row of the ledger.
    fn held(&self, node: i64, seq: i64) -> bool {
        let path = self.moves.get(&node).map_or(&[][..], Vec::as_slice);
        path.iter().rfind(|(at, _)| *at <= seq).is_some_and(|(_, here)| *here)
    }

    /// Whether the incident held no report at a row of the ledger.
    pub fn is_empty_at(&self, seq: i64) -> bool {
        !self.moves.keys().any(|node| self.held(*node, seq))
    }

    /// How many rows of the ledger had changed its record, at one of them.
    pub fn revision(&self, seq: i64) -> usize {
        self.touched.iter().filter(|at| **at <= seq).count()
    }

    /// The versions that tell of it at a row of the ledger, or did until they were read again; of several Readings of one
    /// version the last that tells of it.
    fn parts_at(&self, seq: i64) -> Vec<&Part> {
        let mut found: Vec<&Part> = Vec::new();
        for part in self.parts.iter().filter(|p| p.told_at <= seq && self.held(p.node, seq)) {
            if found.last().is_some_and(|p| (p.node, p.version) == (part.node, part.version)) {
                found.pop();
            }
            found.push(part);
        }
        found
    }

    /// All that the record is made from, at a row of the ledger, `as_of` being its time.
    pub fn input(&self, seq: i64, as_of: &str) -> Input {
        let mut told = self.parts_at(seq);
        let editions = editions(&told);
        let mut latest: BTreeMap<i64, (i64, &Option<Gist>)> = BTreeMap::new();
        for part in &told {
            let edition = editions.of(part);
            let known = latest.entry(part.report).or_insert((edition, &*part.gist));
            if edition >= known.0 && part.gist.is_some() {
                *known = (edition, &*part.gist);
            }
        }
        // A later Reading of the same version no longer tells of it.
        let in_effect = |p: &Part| {
            let read = self.readings.get(&(p.report, p.version)).into_iter().flatten();
            read.copied().filter(|at| *at <= seq).max().unwrap_or(0)
        };
        told.retain(|part| in_effect(part) == part.told_at);
        let latest: BTreeMap<i64, &Gist> =
            latest.into_iter().filter_map(|(report, (_, gist))| Some((report, gist.as_ref()?))).collect();
        let origins = self.origins(seq, &latest);
        let mut retracted: HashMap<i64, &Arc<str>> = HashMap::new();
        for (report, at, undone, why) in &self.retractions {
            if *at <= seq && undone.is_none_or(|by| by > seq) {
                retracted.insert(*report, why);
            }
        }
        let mut tellings = Vec::with_capacity(told.len());
        for part in told {
            let Some(gist) = part.gist.as_ref() else { continue };
            tellings.push(Telling {
                report: Arc::clone(&gist.report),
                version: part.version,
                edition: editions.of(part),
                published: gist.published.clone(),
                when: gist.said.clone().unwrap_or_else(|| Arc::clone(&part.learned)),
                origin: Arc::clone(&origins[&part.report]),
                relation: gist.relation,
                headline: gist.headline.clone(),
                retracted: retracted.get(&part.report).map(|why| Arc::clone(why)),
                correction: gist.correction.clone(),
                facts: Arc::clone(&gist.facts),
            });
        }
        let mut input = Input {
            incident: self.name.clone(),
            revision: self.revision(seq),
            as_of: as_of.to_owned(),
            tellings,
            ..Input::default()
        };
        for (row, undone) in &self.decisions {
            if row.seq <= seq && undone.is_none_or(|by| by > seq) {
                apply(&mut input, row);
            }
        }
        input
    }

    /// The outlet that first published each report's text, of reports each with its last gist.
    fn origins(&self, seq: i64, told: &BTreeMap<i64, &Gist>) -> HashMap<i64, Arc<str>> {
        let mut group: HashMap<i64, i64> = HashMap::new();
        let root = |group: &HashMap<i64, i64>, mut r: i64| {
            while let Some(above) = group.get(&r).filter(|above| **above != r) {
                r = *above;
            }
            r
        };
        // Only edges that touch a report of that moment: the others' texts are no part of the record.
        let counts = |(a, b, at): &&(i64, i64, i64)| *at <= seq && (told.contains_key(a) || told.contains_key(b));
        for (a, b, _) in self.copies.iter().filter(counts) {
            let (a, b) = (root(&group, *a), root(&group, *b));
            group.insert(a.max(b), a.min(b));
        }
        let mut first: HashMap<i64, (&str, &Gist)> = HashMap::new();
        // A wire's text is the wire's, whoever prints it.
        let mut wire: HashMap<i64, &Arc<str>> = HashMap::new();
        for (report, gist) in told {
            let when = gist.published.as_deref().filter(|p| !p.starts_with('X')).unwrap_or("9999");
            let head = root(&group, *report);
            let known = first.entry(head).or_insert((when, gist));
            if (when, &gist.report) < (known.0, &known.1.report) {
                *known = (when, gist);
            }
            if let Some(credit) = &gist.wire {
                wire.entry(head).or_insert(credit);
            }
        }
        let name = |report: &i64| {
            let head = root(&group, *report);
            let outlet = |gist: &Gist| Arc::clone(gist.outlet.as_ref().unwrap_or(&gist.report));
            wire.get(&head).map(|credit| Arc::clone(credit)).or_else(|| first.get(&head).map(|(_, gist)| outlet(gist)))
        };
        told.keys().filter_map(|report| Some((*report, name(report)?))).collect()
    }
}

/// All rows that a query finds of an incident.
fn rows<T>(
    db: &Connection,
    sql: &str,
    incident: i64,
    read: impl FnMut(&crate::db::Row<'_>) -> Result<T, DbError>,
) -> Result<Vec<T>, Error> {
    let mut statement = db.prepare(sql)?;
    let found = statement.query_map([incident], read)?.collect::<Result<_, _>>()?;
    Ok(found)
}

/// The place of each version among those of its report, from 1; reports of one version alone are left out.
struct Editions(HashMap<(i64, i64), i64>);

impl Editions {
    fn of(&self, part: &Part) -> i64 {
        self.0.get(&(part.report, part.version)).copied().unwrap_or(1)
    }
}

fn editions(told: &[&Part]) -> Editions {
    let mut first: HashMap<i64, i64> = HashMap::with_capacity(told.len());
    let several: BTreeSet<i64> =
        told.iter().filter(|p| *first.entry(p.report).or_insert(p.version) != p.version).map(|p| p.report).collect();
    let mut found = HashMap::new();
    for report in several {
        let of = told.iter().filter(|p| p.report == report);
        let versions: BTreeMap<i64, Option<u64>> =
            of.map(|p| (p.version, p.gist.as_ref().as_ref().and_then(|g| g.edition))).collect();
        let versions: Vec<(i64, Option<u64>)> = versions.into_iter().collect();
        found
            .extend(state::in_order(&versions).into_iter().zip(1..).map(|(version, place)| ((report, version), place)));
    }
    Editions(found)
}

/// The gist of a telling: as it is kept, else made from its Reading.
fn gist_of(db: &Connection, memory: &Memory, part: &Part) -> Result<Arc<Option<Gist>>, Error> {
    memory.gist((part.node, part.version, part.told_at), || {
        let sql = "SELECT body FROM gist WHERE node = ? AND version = ? AND seq = ? AND form = ?";
        let kept: Option<Vec<u8>> = db
            .prepare(sql)?
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

/// Adds a decision to what a record is made from.
fn apply(input: &mut Input, row: &Row) {
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
        "tlp" => input.tlp = Marking::of(row),
        "comment" => {
            input.comments.push(Comment { decision: row.seq, by, at: row.at.clone(), text: text("text") });
        }
        _ => {}
    }
}

/// What a node tells at a row of the ledger, in the version that replaces all others; `None` of a node that was not there yet.
///
/// # Errors
/// The database refused, or a Reading cannot be read.
pub fn last_gist(db: &Connection, memory: &Memory, node: i64, seq: i64) -> Result<Option<Arc<Option<Gist>>>, Error> {
    let sql = "SELECT n.report, t.version, t.seq, t.ordinal FROM telling t JOIN node n ON n.id = t.node
               WHERE t.node = ? AND t.seq <= ? ORDER BY t.version, t.seq";
    let mut rows = db.prepare(sql)?;
    let rows = rows.query_map([node, seq], |r| {
        Ok(Part {
            node,
            report: r.get(0)?,
            version: r.get(1)?,
            told_at: r.get(2)?,
            ordinal: r.get(3)?,
            learned: Arc::from(""),
            gist: Arc::new(None),
        })
    })?;
    let mut told: Vec<Part> = rows.collect::<Result<_, _>>()?;
    for part in &mut told {
        part.gist = gist_of(db, memory, part)?;
    }
    let told: Vec<&Part> = told.iter().collect();
    let editions = editions(&told);
    let last = told.iter().max_by_key(|part| (editions.of(part), part.told_at));
    Ok(last.map(|part| Arc::clone(&part.gist)))
}
