//! What a person should look at first.

use std::collections::BTreeSet;

use crate::db::params;
use blotter_core::facts::Field;
use serde_json::{Value as Json, json};

use crate::file::{self, CaseFile};
use crate::join::model;
use crate::join::profile::Profile;
use crate::record::Record;
use crate::{Error, group, ledger, moment, state};

/// One doubt.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// "same?", "conflict", "unsure", "kill notice".
    pub kind: &'static str,
    /// The incidents.
    pub incidents: Vec<String>,
    /// The report, of a kill notice.
    pub report: Option<String>,
    /// The field, of a conflict or an unsure value.
    pub field: Option<Field>,
    /// In words.
    pub why: String,
    /// How much there is to be gained: pairs by their probability, values by what is at stake.
    pub weight: f64,
}

impl Doubt {
    /// The line that `doubts --json` prints.
    pub fn json(&self) -> Json {
        let weight = (self.weight * 1e3).round() / 1e3;
        match &self.report {
            Some(report) => json!({ "kind": self.kind, "report": report, "why": self.why, "weight": weight }),
            None => json!({
                "kind": self.kind, "incidents": self.incidents, "field": self.field.map(Field::name), "why": self.why,
                "weight": weight,
            }),
        }
    }
}

/// Why two reports of an incident are together.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// The reports.
    pub reports: [String; 2],
    /// The probability that they tell of one incident.
    pub p: f64,
    /// What speaks for it and against it, the weightiest first.
    pub reasons: Vec<String>,
}

/// A value surer than this is no doubt by itself.
const UNSURE: f64 = 0.5;

/// What is at stake in a record: more, the more people were killed (1 for none, 2 for ten, 3 for a hundred).
fn stakes(record: &Record) -> f64 {
    let killed = record.best(Field::Killed).and_then(|e| crate::derive::size(&e.value)).unwrap_or(0);
    1.0 + ((killed as f64) + 1.0).log10()
}

/// The weight of a record's greatest doubt; 0 without one.
pub fn weight(record: &Record) -> f64 {
    of_record(record).iter().map(|d| d.weight).fold(0.0, f64::max)
}

/// Conflicts, and values that are unsure while much is at stake.
fn of_record(record: &Record) -> Vec<Doubt> {
    let stakes = stakes(record);
    let doubt = |kind, field, why, weight| Doubt {
        kind,
        incidents: vec![record.incident.clone()],
        report: None,
        field: Some(field),
        why,
        weight,
    };
    if record.status == "withdrawn" || record.status == "closed" {
        return Vec::new();
    }
    // One doubt a field, told by its weightiest conflict: who settles that has mostly settled the others.
    let mut found: Vec<Doubt> = Vec::new();
    for field in Field::ALL {
        let of_field = record.disagreements.iter().filter(|d| d.field == field);
        // Of equal ones the first.
        let weightiest = of_field.clone().rev().max_by(|a, b| a.weight.total_cmp(&b.weight));
        if let Some(conflict) = weightiest {
            let more = match of_field.count() {
                1 => String::new(),
                n => format!(" · and {} more", n - 1),
            };
            found.push(doubt("conflict", field, format!("{}{more}", conflict.note), conflict.weight * stakes));
        }
    }
    for field in [Field::Type, Field::When, Field::Where, Field::Killed] {
        if let Some(entry) =
            record.best(field).filter(|e| e.confidence < UNSURE && !found.iter().any(|d| d.field == Some(field)))
        {
            let why = format!("{} is {:.0} % sure", crate::derive::brief(&entry.value), entry.confidence * 100.0);
            found.push(doubt("unsure", field, why, (1.0 - entry.confidence) * (stakes - 1.0)));
        }
    }
    found
}

impl CaseFile {
    /// The doubts, the weightiest first, at most `limit`.
    ///
    /// # Errors
    /// The database refused.
    pub fn doubts(&self, limit: usize) -> Result<Vec<Doubt>, Error> {
        self.memory.refresh(&self.db)?;
        let mut found = self.pairs(limit)?;
        found.extend(self.notices()?);
        let seq = ledger::last(&self.db)?;
        let sql = "SELECT incident FROM current WHERE weight > 0 ORDER BY weight DESC LIMIT ?";
        let mut rows = self.db.prepare(sql)?;
        let incidents: Vec<i64> = rows.query_map([limit as i64], |r| r.get(0))?.collect::<Result<_, _>>()?;
        for incident in incidents {
            found.extend(
                of_record(&moment::bare(&self.db, &self.memory, incident, seq)?).into_iter().filter(|d| d.weight > 0.0),
            );
        }
        found.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.incidents.cmp(&b.incidents)));
        found.truncate(limit);
        Ok(found)
    }

    /// Pairs of incidents that may be one: of their reports, the likeliest pair; those that people split are settled,
    /// and a retracted report tells of nothing.
    fn pairs(&self, limit: usize) -> Result<Vec<Doubt>, Error> {
        let least = file::thresholds(&self.db)?.doubt;
        let sql = "SELECT p, a, b, x, y FROM (SELECT p.p, p.a, p.b, x.incident AS x, y.incident AS y, row_number() OVER (PARTITION BY
                   CASE WHEN x.incident < y.incident THEN x.incident ELSE y.incident END,
                   CASE WHEN x.incident < y.incident THEN y.incident ELSE x.incident END ORDER BY p.p DESC, p.a, p.b) AS place
                   FROM pair p JOIN node x ON x.id = p.a JOIN node y ON y.id = p.b WHERE p.p >= ? AND x.incident <> y.incident AND x.main = 1 AND y.main = 1
                   AND NOT EXISTS (SELECT 1 FROM tie t WHERE t.a = p.a AND t.b = p.b AND t.must = 0
                                   AND t.seq NOT IN (SELECT seq FROM undone))
                   AND NOT EXISTS (SELECT 1 FROM retraction r WHERE r.report IN (x.report, y.report)
                                   AND r.seq NOT IN (SELECT seq FROM undone))
                   ) AS ranked WHERE place = 1 ORDER BY p DESC, a, b LIMIT ?";
        let mut rows = self.db.prepare(sql)?;
        let rows = rows.query_map(params![least, limit as i64], |r| {
            Ok((r.get::<f64>(0)?, r.get::<i64>(1)?, r.get::<i64>(2)?, r.get::<i64>(3)?, r.get::<i64>(4)?))
        })?;
        let mut found = Vec::new();
        for row in rows {
            let (p, a, b, x, y) = row?;
            let of = |node: i64| group::profile(&self.db, &self.memory, node);
            let (a, b) = (of(a)?, of(b)?);
            let (a, b) = (&a.1, &b.1);
            let reasons = model::judge(a, b).reasons.join(", ");
            found.push(Doubt {
                kind: "same?",
                incidents: vec![state::incident_name(&self.db, x)?, state::incident_name(&self.db, y)?],
                report: None,
                field: None,
                why: format!("{:.0} % that {} and {} tell of one: {reasons}", p * 100.0, a.report, b.report),
                weight: p,
            });
        }
        Ok(found)
    }

    /// Kill notices that named no report that is filed.
    fn notices(&self) -> Result<Vec<Doubt>, Error> {
        let sql = self.db.either(
            "SELECT body FROM ledger WHERE kind = 'version' AND json_extract(body, '$.kill') = 1 ORDER BY seq",
            // As words: PostgreSQL reads no JSON with a zero byte in it.
            r#"SELECT body FROM ledger WHERE kind = 'version' AND body LIKE '%"kill":true%' ORDER BY seq"#,
        );
        let bodies: Vec<String> = self.db.prepare(sql)?.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
        let doubt = |report: String| Doubt {
            kind: "kill notice",
            incidents: Vec::new(),
            why: "it names no report of the same outlet that is filed".to_owned(),
            report: Some(report),
            field: None,
            weight: 2.0,
        };
        let mut found = Vec::new();
        for body in bodies {
            let body: Json = serde_json::from_str(&body)?;
            if body["kill"] == true && body["retracts"].is_null() {
                found.push(doubt(body["report"].as_str().unwrap_or_default().to_owned()));
            }
        }
        Ok(found)
    }

    /// Why the reports of an incident are together: for each that is about it, the surest pair with another of its reports.
    ///
    /// # Errors
    /// There is no such incident.
    pub fn joins(&self, incident: &str) -> Result<Vec<Join>, Error> {
        let seq = ledger::last(&self.db)?;
        self.memory.refresh(&self.db)?;
        let row = state::resolve(&self.db, state::incident_row(&self.db, incident)?, seq)?;
        let nodes: BTreeSet<i64> = state::nodes_at(&self.db, row, seq)?.into_iter().collect();
        let voices = group::voices(&self.db, row)?;
        let mut found = Vec::new();
        for node in &nodes {
            let sql = "SELECT b, p FROM pair WHERE a = ?1 UNION ALL SELECT a, p FROM pair WHERE b = ?1 ORDER BY p DESC";
            let mut rows = self.db.prepare(sql)?;
            let pairs: Vec<(i64, f64)> =
                rows.query_map([*node], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
            let mine = group::profile(&self.db, &self.memory, *node)?;
            let join = |theirs: &Profile, p: f64, reasons: Vec<String>| Join {
                reports: [mine.1.report.clone(), theirs.report.clone()],
                p,
                reasons,
            };
            if let Some((other, p)) = pairs.into_iter().find(|(other, _)| nodes.contains(other)) {
                let theirs = group::profile(&self.db, &self.memory, other)?;
                found.push(join(&theirs.1, p, model::judge(&mine.1, &theirs.1).reasons));
                continue;
            }
            // Of a crowd no pairs are kept but those of its voices.
            let mut surest: Option<Join> = None;
            for other in voices.iter().filter(|v| *v != node && nodes.len() > voices.len()) {
                let theirs = group::profile(&self.db, &self.memory, *other)?;
                let judged = model::judge(&mine.1, &theirs.1);
                if surest.as_ref().is_none_or(|known| judged.p > known.p) {
                    surest = Some(join(&theirs.1, judged.p, judged.reasons));
                }
            }
            found.extend(surest);
        }
        Ok(found)
    }
}
