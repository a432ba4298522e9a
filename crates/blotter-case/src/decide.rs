//! Decisions of people. Each is a row of the ledger with who and why; it wins over what was derived, stays, and is undone by
//! another row.

use crate::db::{Connection, params};
use blotter_core::facts::Field;
use serde_json::{Value as Json, json};

use crate::file::CaseFile;
use crate::ledger::{self, Stamp};
use crate::memory::Memory;
use crate::tlp::Tlp;
use crate::{Error, current, derive, group, moment, state, trace};

/// What a person decides.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Two incidents are one.
    Link(String, String),
    /// Two incidents are not one, however alike they are.
    Apart(String, String),
    /// Some reports of an incident tell of another one.
    Split {
        /// The incident.
        incident: String,
        /// The reports that leave it, together.
        reports: Vec<String>,
    },
    /// A field has this value, whatever is read later.
    Pin {
        /// The incident.
        incident: String,
        /// The field.
        field: Field,
        /// The value, as [`derive::parse`] takes it.
        value: String,
    },
    /// A value is wrong.
    Reject(String),
    /// Where the work on an incident stands: "open", "reviewed", "closed", "withdrawn".
    Status(String, String),
    /// With whom an incident may be shared.
    Tlp(String, Tlp),
    /// A comment.
    Comment(String, String),
    /// A report supports nothing any more.
    Retract(String),
    /// An earlier decision no longer holds.
    Undo(i64),
}

/// The statuses that people give.
pub const STATUSES: [&str; 4] = ["open", "reviewed", "closed", "withdrawn"];

impl Decision {
    fn kind(&self) -> &'static str {
        match self {
            Decision::Link(..) => "link",
            Decision::Apart(..) => "apart",
            Decision::Split { .. } => "split",
            Decision::Pin { .. } => "pin",
            Decision::Reject(_) => "reject",
            Decision::Status(..) => "status",
            Decision::Tlp(..) => "tlp",
            Decision::Comment(..) => "comment",
            Decision::Retract(_) => "retract",
            Decision::Undo(_) => "undo",
        }
    }
}

impl CaseFile {
    /// Files a decision; its number, and the incidents that it touches.
    ///
    /// # Errors
    /// It names something that is not there, or the database refused.
    pub fn decide(
        &mut self,
        decision: &Decision,
        why: Option<&str>,
        stamp: &Stamp,
    ) -> Result<(i64, Vec<String>), Error> {
        self.decide_on(decision, why, stamp, None)
    }

    /// The same, for one who decides on what was there at a row of the ledger: where an incident that the decision touches has
    /// changed since, otherwise than by decisions of their own, nothing is filed.
    ///
    /// # Errors
    /// [`Error::Changed`], and those of [`CaseFile::decide`].
    pub fn decide_on(
        &mut self,
        decision: &Decision,
        why: Option<&str>,
        stamp: &Stamp,
        seen: Option<i64>,
    ) -> Result<(i64, Vec<String>), Error> {
        let done = self.filed(decision, why, stamp, seen);
        if done.is_err() {
            self.memory.clear();
        }
        done
    }

    fn filed(
        &mut self,
        decision: &Decision,
        why: Option<&str>,
        stamp: &Stamp,
        seen: Option<i64>,
    ) -> Result<(i64, Vec<String>), Error> {
        let tx = self.db.writing()?;
        self.memory.refresh(&tx)?;
        let (seq, at) = ledger::next(&tx, stamp)?;
        let (mut body, touched) = carry_out(&tx, &self.memory, decision, seq)?;
        if let Some(why) = why {
            body["why"] = why.into();
        }
        for incident in &touched {
            if let Some(seen) = seen {
                unchanged(&tx, *incident, (seen, seq), stamp.by.as_deref())?;
            }
            group::touch(&tx, *incident, seq)?;
        }
        body["wrote"] = trace::wrote(&tx, seq)?;
        ledger::append(&tx, seq, &at, stamp.by.as_deref(), decision.kind(), &body)?;
        for incident in &touched {
            current::refresh(&tx, &self.memory, *incident, seq)?;
        }
        let names = touched.iter().map(|i| state::incident_name(&tx, *i)).collect::<Result<_, _>>()?;
        tx.commit()?;
        Ok((seq, names))
    }
}

/// Whether nothing changed an incident between two rows of the ledger but what the same person decided.
fn unchanged(db: &Connection, incident: i64, (seen, seq): (i64, i64), by: Option<&str>) -> Result<(), Error> {
    let sql = "SELECT max(t.seq) FROM touched t JOIN ledger l ON l.seq = t.seq WHERE t.incident = ?1 AND t.seq > ?2
               AND t.seq < ?3 AND NOT (l.by IS NOT DISTINCT FROM ?4 AND l.kind NOT IN ('version', 'reread'))";
    let later: Option<i64> = db.prepare(sql)?.query_row(params![incident, seen, seq, by], |r| r.get(0))?;
    let Some(later) = later else { return Ok(()) };
    let row = ledger::row(db, later)?;
    let by = row.by.map(|by| format!(" by {by}")).unwrap_or_default();
    let name = state::incident_name(db, incident)?;
    Err(Error::Changed(format!("{name} has changed since you looked ({} at {}{by})", row.kind, row.at)))
}

/// Does what was decided: the row's body, and the incidents touched.
fn carry_out(db: &Connection, memory: &Memory, decision: &Decision, seq: i64) -> Result<(Json, Vec<i64>), Error> {
    match decision {
        Decision::Link(a, b) => {
            let (a, b) = (living(db, a)?, living(db, b)?);
            if a == b {
                return Err(Error::Refused("the two are one incident already".to_owned()));
            }
            // Whatever kept two of them apart holds no longer; the two that founded them are one.
            for (x, y) in apart(db, a, b)? {
                tie(db, x, y, seq, None)?;
            }
            let (of_a, of_b) = (members(db, a)?, members(db, b)?);
            tie(db, of_a[0], of_b[0], seq, Some(true))?;
            let names = json!({ "incidents": [state::incident_name(db, a)?, state::incident_name(db, b)?] });
            Ok((names, regroup(db, memory, &[&of_a[..], &of_b[..]].concat(), &[], vec![a, b], seq)?))
        }
        Decision::Apart(a, b) => {
            let (a, b) = (living(db, a)?, living(db, b)?);
            if a == b {
                return Err(Error::Refused("the two are one incident: split it".to_owned()));
            }
            for x in members(db, a)? {
                for y in members(db, b)? {
                    tie(db, x, y, seq, Some(false))?;
                }
            }
            let names = json!({ "incidents": [state::incident_name(db, a)?, state::incident_name(db, b)?] });
            Ok((names, vec![a, b]))
        }
        Decision::Split { incident, reports } => {
            let incident = living(db, incident)?;
            let all = group::members(db, incident)?;
            let mut leaving = Vec::new();
            for name in reports {
                let report = state::report_row(db, name)?;
                let theirs: Vec<i64> = group::nodes_of(db, memory, report)?.into_iter().map(|(n, _)| n).collect();
                let theirs: Vec<i64> = theirs.into_iter().filter(|n| all.contains(n)).collect();
                if theirs.is_empty() {
                    let id = state::incident_name(db, incident)?;
                    return Err(Error::Refused(format!("report {name} is no part of {id}")));
                }
                leaving.extend(theirs);
            }
            let staying: Vec<i64> = all.into_iter().filter(|n| !leaving.contains(n)).collect();
            if staying.is_empty() {
                return Err(Error::Refused("no report would be left".to_owned()));
            }
            let staying = group::speaking(staying);
            for x in &leaving {
                for y in &staying {
                    tie(db, *x, *y, seq, Some(false))?;
                }
            }
            for two in leaving.windows(2) {
                tie(db, two[0], two[1], seq, Some(true))?;
            }
            let names = json!({ "incident": state::incident_name(db, incident)?, "reports": reports });
            let nodes = [&leaving[..], &staying[..]].concat();
            Ok((names, regroup(db, memory, &nodes, &leaving, vec![incident], seq)?))
        }
        Decision::Pin { incident, field, value } => {
            let incident = living(db, incident)?;
            let (_, raw) =
                derive::parse(*field, value).map_err(|reason| Error::Refused(format!("{value:?} {reason}")))?;
            let name = state::incident_name(db, incident)?;
            Ok((json!({ "incident": name, "field": field.name(), "value": raw }), vec![incident]))
        }
        Decision::Reject(fact) => {
            let fact = fact.trim().to_uppercase();
            let incident = living(db, fact.split(':').next().unwrap_or_default())?;
            let record = moment::bare(db, memory, incident, ledger::last(db)?)?;
            let known = record.fields.iter().flat_map(|(_, entries)| entries).find(|e| e.fact == fact);
            if known.is_none() {
                return Err(Error::Missing(format!(
                    "{} holds no fact {fact} (show --json names them)",
                    record.incident
                )));
            }
            Ok((json!({ "incident": record.incident, "fact": fact }), vec![incident]))
        }
        Decision::Status(incident, status) => {
            let incident = living(db, incident)?;
            if !STATUSES.contains(&status.as_str()) {
                return Err(Error::Refused(format!("{status} is no status (there are {})", STATUSES.join(", "))));
            }
            Ok((json!({ "incident": state::incident_name(db, incident)?, "status": status }), vec![incident]))
        }
        Decision::Tlp(incident, level) => {
            let incident = living(db, incident)?;
            Ok((json!({ "incident": state::incident_name(db, incident)?, "tlp": level.name() }), vec![incident]))
        }
        Decision::Comment(incident, text) => {
            let incident = living(db, incident)?;
            Ok((json!({ "incident": state::incident_name(db, incident)?, "text": text }), vec![incident]))
        }
        Decision::Retract(report) => {
            let row = state::report_row(db, report)?;
            if state::retracted(db, row, seq)?.is_some() {
                return Err(Error::Refused(format!("report {report} is retracted already")));
            }
            Ok((json!({ "retracts": report }), group::retract(db, row, seq)?))
        }
        Decision::Undo(number) => undo(db, memory, *number, seq),
    }
}

fn undo(db: &Connection, memory: &Memory, number: i64, seq: i64) -> Result<(Json, Vec<i64>), Error> {
    let missing = || Error::Missing(format!("there is no decision D{number}"));
    let row = if number > 0 && number < seq { ledger::row(db, number)? } else { return Err(missing()) };
    if row.kind == "undo" {
        return Err(Error::Refused("an undo is not undone: decide again".to_owned()));
    }
    if !row.is_decision() {
        return Err(missing());
    }
    let done =
        db.prepare("INSERT INTO undone (seq, by_seq) VALUES (?, ?) ON CONFLICT DO NOTHING")?.execute([number, seq])?;
    if done == 0 {
        return Err(Error::Refused(format!("D{number} is undone already")));
    }
    let body = json!({ "decision": format!("D{number}"), "of": row.kind });
    let mut rows = db.prepare("SELECT incident FROM touched WHERE seq = ?")?;
    let touched: Vec<i64> = rows.query_map([number], |r| r.get(0))?.collect::<Result<_, _>>()?;
    if row.kind != "link" && row.kind != "split" {
        return Ok((body, touched));
    }
    let mut crowd = false;
    for incident in &touched {
        crowd |= group::is_crowd(db, *incident)?;
    }
    if crowd {
        return Ok((body, put_back(db, number, touched, seq)?));
    }
    let mut rows = db.prepare("SELECT a FROM tie WHERE seq = ?1 UNION SELECT b FROM tie WHERE seq = ?1")?;
    let nodes: Vec<i64> = rows.query_map([number], |r| r.get(0))?.collect::<Result<_, _>>()?;
    Ok((body, regroup(db, memory, &nodes, &[], touched, seq)?))
}

/// Puts the nodes that a row moved, and that nothing moved since, back where they were: a crowd is not grouped anew.
fn put_back(db: &Connection, number: i64, mut touched: Vec<i64>, seq: i64) -> Result<Vec<i64>, Error> {
    let sql = "SELECT m.node, m.incident FROM membership m JOIN node n ON n.id = m.node
               WHERE m.seq = ? AND n.incident = m.incident";
    let mut rows = db.prepare(sql)?;
    let moved: Vec<(i64, i64)> = rows.query_map([number], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
    for (node, incident) in moved {
        if let Some(before) = state::incident_at(db, node, number - 1)? {
            group::put(db, node, before, seq)?;
            touched.extend([before, incident]);
        }
    }
    touched.sort_unstable();
    touched.dedup();
    Ok(touched)
}

/// The incident of that id, or the one that it has become part of.
fn living(db: &Connection, name: &str) -> Result<i64, Error> {
    state::resolve(db, state::incident_row(db, name)?, i64::MAX)
}

/// The nodes that speak for an incident, those that their reports are about first.
fn members(db: &Connection, incident: i64) -> Result<Vec<i64>, Error> {
    let found = group::speaking(group::members(db, incident)?);
    if found.is_empty() {
        return Err(Error::Missing(format!("{} holds no report", state::incident_name(db, incident)?)));
    }
    Ok(found)
}

fn tie(db: &Connection, a: i64, b: i64, seq: i64, must: Option<bool>) -> Result<(), Error> {
    let sql = "INSERT INTO tie (a, b, seq, must) VALUES (?, ?, ?, ?)
               ON CONFLICT (a, b, seq) DO UPDATE SET must = excluded.must";
    db.prepare(sql)?.execute(params![a.min(b), a.max(b), seq, must])?;
    Ok(())
}

/// The pairs of nodes of two incidents that people keep apart.
fn apart(db: &Connection, a: i64, b: i64) -> Result<Vec<(i64, i64)>, Error> {
    let sql = "SELECT t.a, t.b, t.must FROM node x JOIN tie t ON t.a = x.id JOIN node y ON y.id = t.b
               WHERE x.incident = ?1 AND y.incident = ?2 AND t.seq =
               (SELECT max(l.seq) FROM tie l WHERE l.a = t.a AND l.b = t.b AND l.seq NOT IN (SELECT seq FROM undone))";
    let mut found = Vec::new();
    for (x, y) in [(a, b), (b, a)] {
        let mut rows = db.prepare(sql)?;
        for row in rows.query_map([x, y], |r| Ok((r.get(0)?, r.get(1)?, r.get::<Option<bool>>(2)?)))? {
            let (a, b, must) = row?;
            if must == Some(false) {
                found.push((a, b));
            }
        }
    }
    Ok(found)
}

fn regroup(
    db: &Connection,
    memory: &Memory,
    nodes: &[i64],
    free: &[i64],
    mut touched: Vec<i64>,
    seq: i64,
) -> Result<Vec<i64>, Error> {
    touched.extend(group::cluster(db, memory, nodes, free, seq)?);
    touched.sort_unstable();
    touched.dedup();
    Ok(touched)
}
