//! What changed in a record, row by row of the ledger: the difference of the records before and after.

use blotter_core::facts::Field;
use serde_json::{Value as Json, json};

use crate::file::CaseFile;
use crate::ledger::{self, Row};
use crate::record::{Comment, Disagreement, Entry, Record, ReportLine, is_single};
use crate::tale::Tale;
use crate::{Error, derive, moment, state};

/// One change of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// When the case file learned it.
    pub when: String,
    /// Why, in words.
    pub why: String,
    /// "killed", "reports", "status", "disagreement", "comment".
    pub field: String,
    /// What stood there, in words.
    pub before: Option<String>,
    /// What stands there now.
    pub after: Option<String>,
    /// The report that brought it.
    pub report: Option<String>,
    /// The decision that brought it.
    pub decision: Option<i64>,
}

/// What changed in a record with one row of the ledger.
#[derive(Clone, Debug)]
pub struct Step {
    /// The number of the row.
    pub row: i64,
    /// Its time.
    pub at: String,
    /// The record's revision after it.
    pub revision: usize,
    /// The record's status after it; empty where the incident holds no report any more.
    pub status: String,
    /// Its summary after it.
    pub summary: String,
    /// The incident that it has become part of with this row.
    pub became: Option<String>,
    /// What changed.
    pub changes: Vec<Change>,
}

impl Change {
    /// The line that `history --json` and `diff --json` print.
    pub fn json(&self) -> Json {
        json!({
            "when": self.when, "why": self.why, "field": self.field, "before": self.before, "after": self.after,
            "report": self.report, "decision": self.decision.map(|d| format!("D{d}")),
        })
    }
}

impl CaseFile {
    /// Every change of an incident's record, the first first.
    ///
    /// # Errors
    /// There is no such incident.
    pub fn history(&self, incident: &str) -> Result<Vec<Change>, Error> {
        let row = state::incident_row(&self.db, incident)?;
        self.changes(row, 0, i64::MAX)
    }

    /// The changes between two moments, the later included.
    ///
    /// # Errors
    /// There is no such incident.
    pub fn diff(&self, incident: &str, from: &str, to: &str) -> Result<Vec<Change>, Error> {
        let row = state::incident_row(&self.db, incident)?;
        let (from, to) = (ledger::at_time(&self.db, from)?, ledger::at_time(&self.db, to)?);
        if from > to {
            return Err(Error::Refused("--from lies after --to".to_owned()));
        }
        let row = state::resolve(&self.db, row, to)?;
        let at = |seq: i64| moment::bare(&self.db, &self.memory, row, seq);
        let (before, after) = (at(from)?, at(to)?);
        let between = self.changes(row, from, to)?;
        // What brought the last change of a field brought the value that stands there now.
        let mut found = Vec::new();
        for mut change in compared(&before, &after) {
            let same = |c: &Change| c.field == change.field && c.after == change.after;
            let last = between.iter().rposition(same);
            change.when.clone_from(&after.as_of);
            if let Some(last) = last.map(|at| &between[at]) {
                (change.when, change.why) = (last.when.clone(), last.why.clone());
                (change.report, change.decision) = (last.report.clone(), last.decision);
            }
            found.push((last.map(|at| first_of(&between, at)), change));
        }
        found.sort_by_key(|(at, _)| *at);
        Ok(found.into_iter().map(|(_, change)| change).collect())
    }

    fn changes(&self, incident: i64, from: i64, to: i64) -> Result<Vec<Change>, Error> {
        self.memory.refresh(&self.db)?;
        Ok(steps(self, incident, (from, to))?.into_iter().flat_map(|step| step.changes).collect())
    }

    fn became_part_of(&self, incident: i64, seq: i64) -> Result<Option<String>, Error> {
        let there = state::resolve(&self.db, incident, seq)?;
        if there == incident { Ok(None) } else { state::incident_name(&self.db, there).map(Some) }
    }
}

/// What changed with each row of the ledger after the first of two rows, up to the second.
pub(crate) fn steps(case: &CaseFile, incident: i64, (from, to): (i64, i64)) -> Result<Vec<Step>, Error> {
    let db = &case.db;
    let mut rows = db.prepare("SELECT seq FROM touched WHERE incident = ? AND seq > ? AND seq <= ? ORDER BY seq")?;
    let rows: Vec<i64> = rows.query_map([incident, from, to], |r| r.get(0))?.collect::<Result<_, _>>()?;
    let tale = Tale::of(db, &case.memory, incident)?;
    let name = state::incident_name(db, incident)?;
    let at = |seq: i64, as_of: &str| match tale.is_empty_at(seq) {
        true => Record { incident: name.clone(), ..Record::default() },
        false => derive::record(tale.input(seq, as_of)),
    };
    let mut before = at(from, "");
    let mut found = Vec::new();
    for seq in rows {
        let row = ledger::row(db, seq)?;
        let after = at(seq, &row.at);
        let mut changes = compared(&before, &after);
        let became = if after.status.is_empty() { case.became_part_of(incident, seq)? } else { None };
        if let Some(there) = &became {
            changes = vec![change("incident", Some(name.clone()), Some(format!("now part of {there}")))];
        }
        for change in &mut changes {
            change.when.clone_from(&row.at);
            change.why = why(&row);
            change.report = row.body["report"].as_str().or(row.body["retracts"].as_str()).map(str::to_owned);
            change.decision = row.is_decision().then_some(row.seq);
        }
        found.push(Step {
            row: seq,
            at: row.at,
            revision: tale.revision(seq),
            status: after.status.clone(),
            summary: after.summary.clone(),
            became,
            changes,
        });
        before = after;
    }
    Ok(found)
}

/// The first of the changes that came with one of them: those of one row stay together.
fn first_of(changes: &[Change], at: usize) -> usize {
    let here = |c: &Change| (c.when == changes[at].when) && (c.why == changes[at].why);
    changes[..at].iter().rposition(|c| !here(c)).map_or(0, |before| before + 1)
}

/// Why a row of the ledger is there.
fn why(row: &Row) -> String {
    let text = |name: &str| row.body[name].as_str().unwrap_or_default().to_owned();
    let by = row.by.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
    let reason = row.body["why"].as_str().map(|why| format!(": {why}")).unwrap_or_default();
    match row.kind.as_str() {
        "version" if row.body["retracts"].is_string() => {
            format!("D{} kill notice {} for {}", row.seq, text("report"), text("retracts"))
        }
        "version" => match row.body["version"].as_i64() {
            Some(1) | None => format!("report {}", text("report")),
            Some(n) => format!("report {}, version {n}", text("report")),
        },
        "reread" => format!("report {} read again", text("report")),
        "retract" => format!("D{} retracted {}{by}{reason}", row.seq, text("retracts")),
        "undo" => format!("D{} undid {} ({}){by}{reason}", row.seq, text("decision"), text("of")),
        kind => format!("D{} {kind}{by}{reason}", row.seq),
    }
}

fn change(field: &str, before: Option<String>, after: Option<String>) -> Change {
    let field = field.to_owned();
    Change { when: String::new(), why: String::new(), field, before, after, report: None, decision: None }
}

/// What differs between two records: reports, best values, disagreements, comments, status.
fn compared(before: &Record, after: &Record) -> Vec<Change> {
    let mut found = Vec::new();
    let report = |l: &ReportLine| {
        let gone = if l.retracted.is_some() { ", retracted" } else { "" };
        let version = if l.version > 1 { format!(" version {}", l.version) } else { String::new() };
        format!("{}{version} ({}, {}{gone})", l.id, l.relation, l.origin)
    };
    // What is the same is put in words for nothing, thousands of times in a long history.
    let as_it_was = |a: &ReportLine, b: &ReportLine| {
        (a.version, a.relation, &a.origin, a.retracted.is_some())
            == (b.version, b.relation, &b.origin, b.retracted.is_some())
    };
    paired("reports", (&before.reports, &after.reports), |a, b| a.id == b.id, as_it_was, report, &mut found);
    for field in Field::ALL {
        let words = |e: &&Entry| {
            let pinned = if e.pinned.is_some() { " (pinned)" } else { "" };
            format!("{}{pinned}", derive::brief(&e.value))
        };
        let as_it_was = |a: &&Entry, b: &&Entry| a.value == b.value && a.pinned.is_some() == b.pinned.is_some();
        let lists = (&before.bests(field)[..], &after.bests(field)[..]);
        if is_single(field) {
            paired(field.name(), lists, |_, _| true, as_it_was, words, &mut found);
        } else {
            paired(field.name(), lists, |a, b| derive::same(&a.value, &b.value), as_it_was, words, &mut found);
        }
    }
    let note = |d: &Disagreement| format!("{}: {}", d.field.name(), d.note);
    let same = |a: &Disagreement, b: &Disagreement| a.field == b.field && a.note == b.note;
    paired("disagreement", (&before.disagreements, &after.disagreements), same, |_, _| true, note, &mut found);
    let comment = |c: &Comment| format!("{} ({})", c.text, c.by);
    let same = |a: &Comment, b: &Comment| a.decision == b.decision;
    paired("comment", (&before.comments, &after.comments), same, |_, _| true, comment, &mut found);
    let level = |r: &Record| r.tlp.as_ref().map(|m| m.level.name().to_owned());
    if level(before) != level(after) {
        found.push(change("tlp", level(before), level(after)));
    }
    if before.status != after.status {
        let said = |status: &str| (!status.is_empty()).then(|| status.to_owned());
        found.push(change("status", said(&before.status), said(&after.status)));
    }
    found
}

/// The changes of a list: what became something else, what went, what came. `same`: which of the new is which of the old;
/// `as_it_was`: whether such two read alike.
fn paired<T>(
    field: &str,
    (before, after): (&[T], &[T]),
    same: impl Fn(&T, &T) -> bool,
    as_it_was: impl Fn(&T, &T) -> bool,
    words: impl Fn(&T) -> String,
    found: &mut Vec<Change>,
) {
    let mut taken = vec![false; after.len()];
    // The first that is not taken: most lists differ in few places.
    let mut free = 0;
    for old in before {
        match (free..after.len()).find(|i| !taken[*i] && same(old, &after[*i])) {
            Some(at) => {
                taken[at] = true;
                while taken.get(free) == Some(&true) {
                    free += 1;
                }
                if !as_it_was(old, &after[at]) {
                    let (said, now) = (words(old), words(&after[at]));
                    if now != said {
                        found.push(change(field, Some(said), Some(now)));
                    }
                }
            }
            None => found.push(change(field, Some(words(old)), None)),
        }
    }
    let new = after.iter().zip(taken).filter(|(_, taken)| !taken);
    found.extend(new.map(|(n, _)| change(field, None, Some(words(n)))));
}
