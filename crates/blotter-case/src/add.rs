//! Filing a Reading: report, version, copies, nodes; all in one transaction.

use std::collections::BTreeSet;

use crate::db::{Connection, Optional, params};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value as Json, json};

use crate::contract::Told;
use crate::file::CaseFile;
use crate::gist::{self, Gist};
use crate::join::profile::{Profile, outlet};
use crate::join::{copies, keys, model};
use crate::ledger::{self, Stamp};
use crate::memory::Memory;
use crate::{Error, current, filing, group, pack, state, trace, wording, writing};

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The case file had not seen it.
    New,
    /// It had, with another text.
    NewVersion,
    /// It had, and this is an earlier version of a wire's item than one that is filed: it replaces nothing.
    LateVersion,
    /// It had, with this text.
    Unchanged,
    /// New, and a copy or light rewrite of another report.
    Copy,
    /// A kill notice or a canceled wire item: the report that it names, or is, no longer supports anything.
    Retracted,
}

impl Outcome {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::New => "new",
            Outcome::NewVersion => "new version",
            Outcome::LateVersion => "late version",
            Outcome::Unchanged => "unchanged",
            Outcome::Copy => "copy",
            Outcome::Retracted => "retracted",
        }
    }
}

/// What filing a report did.
#[derive(Clone, Debug, PartialEq)]
pub struct Added {
    /// The report's id.
    pub report: String,
    /// Its version, from 1.
    pub version: i64,
    /// What became of it.
    pub outcome: Outcome,
    /// Of what it is a copy, or what it retracted.
    pub of: Option<String>,
    /// The incidents that it opened or touched, with whether it opened them.
    pub incidents: Vec<(String, bool)>,
    /// The number by which a retraction is undone.
    pub decision: Option<i64>,
}

impl Added {
    /// The line that `add --json` prints.
    pub fn json(&self) -> Json {
        let incidents: Vec<&String> = self.incidents.iter().map(|(name, _)| name).collect();
        json!({
            "report": self.report, "version": self.version, "outcome": self.outcome.name(), "of": self.of,
            "incidents": incidents, "decision": self.decision.map(|d| format!("D{d}")),
        })
    }
}

impl CaseFile {
    /// What `add` would print for a report that is already filed with this very text (its SHA-256 in hex), so that it need
    /// not be read again.
    ///
    /// # Errors
    /// The database refused.
    pub fn unchanged(&self, report: &str, text: &str) -> Result<Option<Added>, Error> {
        let latest = "SELECT r.id, v.version, v.text FROM report r JOIN version v ON v.report = r.id
                      WHERE r.name = ? ORDER BY v.version DESC LIMIT 1";
        let row: Option<(i64, i64, String)> =
            self.db.prepare(latest)?.query_row([report], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional()?;
        let Some((id, version, _)) = row.filter(|(_, _, known)| known == text) else { return Ok(None) };
        self.as_it_is(report, id, version).map(Some)
    }

    /// The same for a version of a wire's item that came before, be it not the last: wires deliver again what they have sent.
    fn delivered_before(&self, told: &Told) -> Result<Option<Added>, Error> {
        if told.edition.is_none() || told.canceled {
            return Ok(None);
        }
        let sql =
            "SELECT r.id, v.version FROM report r JOIN version v ON v.report = r.id WHERE r.name = ? AND v.text = ?";
        let mut rows = self.db.prepare(sql)?;
        let rows = rows.query_map([&told.id, &told.sha256], |r| Ok((r.get(0)?, r.get(1)?)))?;
        for row in rows {
            let (id, version) = row?;
            if state::edition(&self.db, id, version)? == told.edition {
                return self.as_it_is(&told.id, id, version).map(Some);
            }
        }
        Ok(None)
    }

    fn as_it_is(&self, report: &str, id: i64, version: i64) -> Result<Added, Error> {
        let incidents = state::incidents_of_report(&self.db, id)?.into_iter().map(|name| (name, false)).collect();
        Ok(Added {
            report: report.to_owned(),
            version,
            outcome: Outcome::Unchanged,
            of: None,
            incidents,
            decision: None,
        })
    }

    /// Files a Reading. It is filed when this returns, whatever happens to the program afterwards; before that, nothing is.
    ///
    /// `reader` names the program that made the Reading.
    ///
    /// # Errors
    /// It is no Reading, the time lies before the last one, or the database refused.
    pub fn add(&mut self, reading: &Json, reader: &str, stamp: &Stamp) -> Result<Added, Error> {
        let told = Told::read(reading).map_err(|reason| Error::Refused(format!("the Reading {reason}")))?;
        if let Some(added) = self.unchanged(&told.id, &told.sha256)?
            && (!told.canceled || self.taken_back(&told.id)?)
        {
            return Ok(added);
        }
        if let Some(added) = self.delivered_before(&told)? {
            return Ok(added);
        }
        let done = self.file(&told, reading, reader, stamp);
        if done.is_err() {
            self.memory.clear();
        }
        done
    }

    /// Whether the report no longer supports anything.
    fn taken_back(&self, report: &str) -> Result<bool, Error> {
        let id: i64 = self.db.prepare("SELECT id FROM report WHERE name = ?")?.query_row([report], |r| r.get(0))?;
        Ok(state::retracted(&self.db, id, i64::MAX)?.is_some())
    }

    fn file(&mut self, told: &Told, reading: &Json, reader: &str, stamp: &Stamp) -> Result<Added, Error> {
        let tx = writing::begin(&self.db)?;
        self.memory.refresh(&tx)?;
        let (seq, at) = ledger::next(&tx, stamp)?;
        let (report, version) = version(&tx, told, seq)?;
        let stored = store(&tx, reading, told, (report, version, seq), reader)?;
        let last = state::newest(&tx, report, version, told.edition)? == version;
        let copy = if version == 1 { copy_of(&tx, &self.memory, told, report, seq)? } else { None };
        let mut body = json!({
            "report": told.id, "version": version, "text": told.sha256, "reading": stored, "reader": reader,
        });
        let mut added = Added {
            report: told.id.clone(),
            version,
            outcome: match (version, &copy) {
                (1, None) => Outcome::New,
                (1, Some(_)) => Outcome::Copy,
                _ if last => Outcome::NewVersion,
                _ => Outcome::LateVersion,
            },
            of: copy.as_ref().map(|(_, name, _)| name.clone()),
            incidents: Vec::new(),
            decision: None,
        };
        let mut touched = Vec::new();
        if told.canceled && !last {
            // A later version that is filed already was sent after this one was canceled: that one stands.
        } else if told.canceled || wording::is_kill_notice(told) {
            body["kill"] = Json::Bool(true);
            // A canceled item is the report that it takes back; a notice in words names another.
            let itself = || (version > 1).then(|| (report, told.id.clone()));
            let named = if told.canceled { itself() } else { killed_by(&tx, told, report)? };
            if let Some((killed, name)) = named {
                body["retracts"] = name.clone().into();
                added.outcome = Outcome::Retracted;
                added.of = Some(name);
                added.decision = Some(seq);
                touched = group::retract(&tx, killed, seq)?;
            }
        } else {
            let nodes = nodes(&tx, &self.memory, told, (report, version, seq), last)?;
            let same = copy.filter(|(_, _, exact)| *exact).map(|(other, _, _)| other);
            touched = group::regroup(&tx, &self.memory, &nodes, same, seq)?;
            // Two reports that it is a copy of have one origin from now on, wherever they tell.
            for incident in group::incidents_of_copies(&tx, seq)? {
                if !touched.contains(&incident) {
                    group::touch(&tx, incident, seq)?;
                    touched.push(incident);
                }
            }
            touched.sort_unstable();
        }
        body["wrote"] = trace::wrote(&tx, seq)?;
        ledger::append(&tx, seq, &at, stamp.by.as_deref(), "version", &body)?;
        for incident in &touched {
            current::refresh(&tx, &self.memory, *incident, seq)?;
        }
        added.incidents = state::named(&tx, &touched, seq)?;
        tx.commit()?;
        Ok(added)
    }
}

/// The report's row and the number of this version.
fn version(db: &Connection, told: &Told, seq: i64) -> Result<(i64, i64), Error> {
    let headline = told.headline.as_deref().map(wording::normal);
    db.prepare("INSERT INTO report (name, outlet, headline) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")?
        .execute(params![told.id, outlet(told), headline])?;
    let report: i64 = db.prepare("SELECT id FROM report WHERE name = ?")?.query_row([&told.id], |r| r.get(0))?;
    let version: i64 = db
        .prepare("SELECT coalesce(max(version), 0) + 1 FROM version WHERE report = ?")?
        .query_row([report], |r| r.get(0))?;
    db.prepare("INSERT INTO version (report, version, seq, text, words) VALUES (?, ?, ?, ?, ?)")?.execute(params![
        report,
        version,
        seq,
        told.sha256,
        copies::words_hash(&told.text)
    ])?;
    Ok((report, version))
}

/// Keeps text and Reading; the hash of the Reading's bytes.
pub(crate) fn store(
    db: &Connection,
    reading: &Json,
    told: &Told,
    (report, version, seq): (i64, i64, i64),
    reader: &str,
) -> Result<String, Error> {
    db.prepare("INSERT INTO text (sha256, body) VALUES (?, ?) ON CONFLICT DO NOTHING")?
        .execute(params![told.sha256, pack::pack(told.text.as_bytes())?])?;
    let bytes = serde_json::to_vec(&Bare(reading))?;
    let hash = ledger::sha256(&bytes);
    db.prepare("INSERT INTO reading (report, version, seq, reader, sha256, body) VALUES (?, ?, ?, ?, ?, ?)")?
        .execute(params![report, version, seq, reader, hash, pack::pack(&bytes)?])?;
    Ok(hash)
}

/// A Reading without its text, which is kept once, beside it.
struct Bare<'a>(&'a Json);

impl Serialize for Bare<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        struct Report<'a>(&'a Json);
        impl Serialize for Report<'_> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let parts = self.0.as_object().into_iter().flatten();
                to.collect_map(parts.map(|(name, value)| (name, if name == "text" { &Json::Null } else { value })))
            }
        }
        let mut map = to.serialize_map(None)?;
        for (name, value) in self.0.as_object().into_iter().flatten() {
            if name == "report" {
                map.serialize_entry(name, &Report(value))?;
            } else {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

/// The report that this one is a copy or light rewrite of, the earliest filed: its row, name, and whether the words are the
/// very same. Both are noted as one origin; of many copies the earliest few are noted, through which all hang together.
fn copy_of(
    db: &Connection,
    memory: &Memory,
    told: &Told,
    report: i64,
    seq: i64,
) -> Result<Option<(i64, String, bool)>, Error> {
    let mut found: Vec<(i64, f64)> = Vec::new();
    let sql = "SELECT DISTINCT report FROM version WHERE words = ? AND report <> ? ORDER BY report LIMIT ?";
    let mut exact = db.prepare(sql)?;
    for other in exact.query_map(params![copies::words_hash(&told.text), report, COPIES as i64], |r| r.get(0))? {
        found.push((other?, 1.0));
    }
    let signature = copies::signature(&told.text);
    let mut near = BTreeSet::new();
    for key in keys::of_signature(&signature) {
        near.extend(filing::first_under(db, key, COPIES)?);
    }
    for node in near {
        let theirs = group::profile(db, memory, node)?;
        let (other, profile) = (theirs.0, &theirs.1);
        if other != report && !found.iter().any(|(known, _)| *known == other) {
            let share = copies::shared(&signature, &profile.signature);
            if share >= copies::REWRITE {
                found.push((other, share));
            }
        }
    }
    found.sort_by_key(|(other, _)| *other);
    found.truncate(COPIES);
    for (other, share) in &found {
        db.prepare("INSERT INTO copied (a, b, seq, share) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")?
            .execute(params![report.min(*other), report.max(*other), seq, share])?;
    }
    let first = found.first();
    first.map(|(other, share)| Ok((*other, state::report_name(db, *other)?, *share >= 1.0))).transpose()
}

/// So many copies of one text are compared and noted.
const COPIES: usize = 20;

/// The report that a kill notice names: the same outlet's, whose headline the notice repeats.
fn killed_by(db: &Connection, notice: &Told, report: i64) -> Result<Option<(i64, String)>, Error> {
    let Some(outlet) = outlet(notice) else { return Ok(None) };
    let words = wording::normal(&notice.text);
    let mut reports = db.prepare("SELECT id, name, headline FROM report WHERE outlet = ? AND id <> ?")?;
    let rows = reports.query_map(params![outlet, report], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    let mut found: Option<(usize, i64, String)> = None;
    for row in rows {
        let (id, name, headline): (i64, String, Option<String>) = row?;
        let Some(headline) = headline.filter(|h| h.split(' ').count() >= 3) else { continue };
        // The longest headline: one may be part of another.
        if words.contains(&headline) && found.as_ref().is_none_or(|(length, ..)| headline.len() > *length) {
            found = Some((headline.len(), id, name));
        }
    }
    Ok(found.map(|(_, id, name)| (id, name)))
}

/// The nodes of a version: those that the report has where they tell of the same, new ones for the rest. The last version
/// gives them their profiles.
pub(crate) fn nodes(
    db: &Connection,
    memory: &Memory,
    told: &Told,
    (report, version, seq): (i64, i64, i64),
    last: bool,
) -> Result<Vec<i64>, Error> {
    let profiles: Vec<Profile> = (0..told.incidents.len()).map(|i| Profile::of(told, i)).collect();
    let known = group::nodes_of(db, memory, report)?;
    let mut known: Vec<(i64, Profile)> = known.into_iter().map(|(node, p)| (node, p.1.clone())).collect();
    // The surest pairs first; two versions of one report tell of the same where little speaks against it.
    let mut offers: Vec<(f64, usize, usize)> = Vec::new();
    for (i, new) in profiles.iter().enumerate() {
        for (k, (_, old)) in known.iter().enumerate() {
            let sole = |p: &Profile, all: &mut dyn Iterator<Item = bool>| p.main && all.filter(|m| *m).count() == 1;
            let both =
                sole(new, &mut profiles.iter().map(|p| p.main)) && sole(old, &mut known.iter().map(|(_, p)| p.main));
            let p = if both { 1.0 } else { model::judge(new, old).p };
            if p >= SAME_REPORT {
                offers.push((p, i, k));
            }
        }
    }
    offers.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let mut of: Vec<Option<usize>> = vec![None; profiles.len()];
    for (_, i, k) in offers {
        if of[i].is_none() && !of.contains(&Some(k)) {
            of[i] = Some(k);
        }
    }
    let mut nodes = Vec::new();
    for (i, mut profile) in profiles.into_iter().enumerate() {
        let node = match of[i] {
            Some(k) => {
                let (node, old) = &mut known[k];
                if last {
                    profile.ordinal = old.ordinal;
                    group::replace(db, memory, (*node, report), old, &profile)?;
                }
                *node
            }
            None => {
                let taken = known.iter().map(|(_, p)| p.ordinal + 1).max().unwrap_or(0);
                profile.ordinal = taken.max(i);
                let node = group::insert(db, memory, report, &profile)?;
                known.push((node, profile));
                node
            }
        };
        db.prepare("INSERT INTO telling (node, version, seq, ordinal) VALUES (?, ?, ?, ?)")?
            .execute(params![node, version, seq, i as i64])?;
        if let Some(gist) = Gist::of(told, i) {
            let bytes = pack::pack(&serde_json::to_vec(&gist.json())?)?;
            db.prepare("INSERT INTO gist (node, version, seq, form, body) VALUES (?, ?, ?, ?, ?)")?
                .execute(params![node, version, seq, gist::FORM, bytes])?;
        }
        nodes.push(node);
    }
    Ok(nodes)
}

/// From this probability on, incidents of two versions of a report are one.
const SAME_REPORT: f64 = 0.1;
