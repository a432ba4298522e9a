//! What changed in a record, row by row of the ledger: the difference of the records before and after.

use blotter_core::facts::Field;
use serde_json::{Value as Json, json};

use crate::file::CaseFile;
use crate::ledger::{self, Row};
use crate::record::{Comment, Disagreement, Entry, Record, ReportLine, is_single};
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
        let mut rows = self
            .db
            .prepare_cached("SELECT seq FROM touched WHERE incident = ? AND seq > ? AND seq <= ? ORDER BY seq")?;
        let rows: Vec<i64> = rows.query_map([incident, from, to], |r| r.get(0))?.collect::<Result<_, _>>()?;
        let name = state::incident_name(&self.db, incident)?;
        let at = |seq: i64| match state::is_empty_at(&self.db, incident, seq)? {
            true => Ok(Record { incident: name.clone(), ..Record::default() }),
            false => moment::bare(&self.db, &self.memory, incident, seq),
        };
        let mut before = at(from)?;
        let mut found = Vec::new();
        for seq in rows {
            let after = at(seq)?;
            let row = ledger::row(&self.db, seq)?;
            let mut changes = compared(&before, &after);
            if after.status.is_empty()
                && let Some(there) = self.became_part_of(incident, seq)?
            {
                changes = vec![change("incident", Some(name.clone()), Some(format!("now part of {there}")))];
            }
            for mut change in changes {
                change.when.clone_from(&row.at);
                change.why = why(&row);
                change.report = row.body["report"].as_str().or(row.body["retracts"].as_str()).map(str::to_owned);
                change.decision = row.is_decision().then_some(row.seq);
                found.push(change);
            }
            before = after;
        }
        Ok(found)
    }

    fn became_part_of(&self, incident: i64, seq: i64) -> Result<Option<String>, Error> {
        let there = state::resolve(&self.db, incident, seq)?;
        if there == incident { Ok(None) } else { state::incident_name(&self.db, there).map(Some) }
    }
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

/// What differs between two records: reports, best values, disagreements, remarks, status.
fn compared(before: &Record, after: &Record) -> Vec<Change> {
    let mut found = Vec::new();
    let report = |l: &ReportLine| {
        let gone = if l.retracted.is_some() { ", retracted" } else { "" };
        let version = if l.version > 1 { format!(" version {}", l.version) } else { String::new() };
        format!("{}{version} ({}, {}{gone})", l.id, l.relation, l.origin)
    };
    paired("reports", &before.reports, &after.reports, |a, b| a.id == b.id, report, &mut found);
    for field in Field::ALL {
        let words = |e: &&Entry| {
            let pinned = if e.pinned.is_some() { " (pinned)" } else { "" };
            format!("{}{pinned}", derive::brief(&e.value))
        };
        let (old, new) = (before.bests(field), after.bests(field));
        if is_single(field) {
            paired(field.name(), &old, &new, |_, _| true, words, &mut found);
        } else {
            paired(field.name(), &old, &new, |a, b| derive::same(&a.value, &b.value), words, &mut found);
        }
    }
    let note = |d: &Disagreement| format!("{}: {}", d.field.name(), d.note);
    let same = |a: &Disagreement, b: &Disagreement| note(a) == note(b);
    paired("disagreement", &before.disagreements, &after.disagreements, same, note, &mut found);
    let remark = |c: &Comment| format!("{} ({})", c.text, c.by);
    paired("comment", &before.comments, &after.comments, |a, b| a.decision == b.decision, remark, &mut found);
    if before.status != after.status {
        let said = |status: &str| (!status.is_empty()).then(|| status.to_owned());
        found.push(change("status", said(&before.status), said(&after.status)));
    }
    found
}

/// The changes of a list: what became something else, what went, what came.
fn paired<T>(
    field: &str,
    before: &[T],
    after: &[T],
    same: impl Fn(&T, &T) -> bool,
    words: impl Fn(&T) -> String,
    found: &mut Vec<Change>,
) {
    let mut new: Vec<&T> = after.iter().collect();
    for old in before {
        let said = Some(words(old));
        match new.iter().position(|n| same(old, n)) {
            Some(at) => {
                let now = Some(words(new.remove(at)));
                if now != said {
                    found.push(change(field, said, now));
                }
            }
            None => found.push(change(field, said, None)),
        }
    }
    found.extend(new.into_iter().map(|n| change(field, None, Some(words(n)))));
}
