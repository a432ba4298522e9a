//! Nodes → incidents: candidates by the filing keys, judged pairs, clusters, and which incident each cluster is.
//!
//! **Crowds.** An incident of more than [`CROWD`] reports is grouped no more: the first [`VOICES`] of its reports speak for
//! all, so that one more report costs the same whether it is the hundredth or the ten thousandth. A report that joins a
//! crowd is filed under no keys but those of copies; newcomers find the crowd by its first reports.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::db::{Connection, params};

use crate::join::cluster::{Problem, clusters};
use crate::join::profile::Profile;
use crate::join::{keys, model};
use crate::memory::{Filed, Memory};
use crate::{Error, file, filing, identity};

/// Pairs below this are not kept: as good as not compared.
const LEAST: f64 = 0.02;

/// An incident of more reports than this is a crowd. Below [`crate::join::COMMON_KEY`], so that no incident alone makes a key useless.
const CROWD: usize = 100;
/// So many of a crowd's reports speak for it: the first.
const VOICES: usize = 32;

/// Files a new node.
pub fn insert(db: &Connection, memory: &Memory, report: i64, profile: &Profile) -> Result<i64, Error> {
    let sql = "INSERT INTO node (report, ordinal, main, profile) VALUES (?, ?, ?, ?) RETURNING id";
    let given = params![report, profile.ordinal as i64, profile.main, filing::packed(profile)?];
    let node = db.query_row(sql, given, |r| r.get(0))?;
    memory.keep_profile(node, &Arc::new((report, profile.clone())));
    filing::file(db, node, profile)?;
    Ok(node)
}

/// Gives a node another profile.
pub fn replace(
    db: &Connection,
    memory: &Memory,
    (node, report): (i64, i64),
    old: &Profile,
    new: &Profile,
) -> Result<(), Error> {
    filing::take_out(db, node, old, false)?;
    memory.keep_profile(node, &Arc::new((report, new.clone())));
    db.prepare("DELETE FROM pair WHERE a = ?")?.execute([node])?;
    db.prepare("DELETE FROM pair WHERE b = ?")?.execute([node])?;
    db.prepare("UPDATE node SET main = ?, profile = ? WHERE id = ?")?.execute(params![
        new.main,
        filing::packed(new)?,
        node
    ])?;
    filing::file(db, node, new)
}

/// A report's nodes with their profiles.
pub fn nodes_of(db: &Connection, memory: &Memory, report: i64) -> Result<Vec<(i64, Filed)>, Error> {
    let nodes = ids(db, "SELECT id FROM node WHERE report = ? ORDER BY id", report)?;
    nodes.into_iter().map(|node| Ok((node, profile(db, memory, node)?))).collect()
}

/// A node's report and profile.
pub fn profile(db: &Connection, memory: &Memory, node: i64) -> Result<Filed, Error> {
    memory.profile(node, || {
        let mut row = db.prepare("SELECT report, profile FROM node WHERE id = ?")?;
        let (report, bytes): (i64, Vec<u8>) = row.query_row([node], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok((report, filing::unpacked(&bytes)?))
    })
}

/// The nodes that speak for an incident: all, of a crowd the first.
pub fn voices(db: &Connection, incident: i64) -> Result<Vec<i64>, Error> {
    let mut found = ids_up_to(db, incident, CROWD + 1)?;
    if found.len() > CROWD {
        found.truncate(VOICES);
    }
    Ok(found)
}

/// All nodes of an incident, those that their reports are about first.
pub fn members(db: &Connection, incident: i64) -> Result<Vec<i64>, Error> {
    ids(db, "SELECT id FROM node WHERE incident = ? ORDER BY main DESC, id", incident)
}

/// Of an incident's nodes those that speak for it.
pub fn speaking(mut nodes: Vec<i64>) -> Vec<i64> {
    if nodes.len() > CROWD {
        nodes.sort_unstable();
        nodes.truncate(VOICES);
    }
    nodes
}

/// Whether an incident is a crowd.
pub fn is_crowd(db: &Connection, incident: i64) -> Result<bool, Error> {
    Ok(ids_up_to(db, incident, CROWD + 1)?.len() > CROWD)
}

fn ids_up_to(db: &Connection, incident: i64, most: usize) -> Result<Vec<i64>, Error> {
    let mut rows = db.prepare("SELECT id FROM node WHERE incident = ? ORDER BY id LIMIT ?")?;
    let found = rows.query_map(params![incident, most as i64], |r| r.get(0))?.collect::<Result<_, _>>()?;
    Ok(found)
}

/// Judges a node's pairs with all candidates, and keeps those that are not hopeless.
fn judge(db: &Connection, memory: &Memory, node: i64, copy_of: Option<i64>) -> Result<(), Error> {
    let mine = profile(db, memory, node)?;
    let (report, mine) = (mine.0, &mine.1);
    let mut candidates = BTreeSet::new();
    for key in keys::of_profile(mine).1 {
        candidates.extend(filing::found_under(db, key)?);
    }
    if let Some(other) = copy_of {
        candidates.extend(ids(db, "SELECT id FROM node WHERE report = ?", other)?);
    }
    // Of a crowd all voices are heard, whichever of its reports was found.
    let mut incidents = BTreeSet::new();
    for other in &candidates {
        let sql = "SELECT incident FROM node WHERE id = ?";
        incidents.extend(db.prepare(sql)?.query_row([*other], |r| r.get::<Option<i64>>(0))?);
    }
    for incident in incidents {
        if is_crowd(db, incident)? {
            candidates.extend(voices(db, incident)?);
        }
    }
    candidates.remove(&node);
    for other in candidates {
        let theirs = profile(db, memory, other)?;
        let (of, theirs) = (theirs.0, &theirs.1);
        if of == report {
            continue;
        }
        let mut p = model::judge(mine, theirs).p;
        // The same words tell of the same incidents, in the same order.
        if mine.text == theirs.text && mine.ordinal == theirs.ordinal {
            p = p.max(COPY);
        }
        if p >= LEAST {
            db.prepare("INSERT INTO pair (a, b, p) VALUES (?, ?, ?) ON CONFLICT (a, b) DO UPDATE SET p = excluded.p")?
                .execute(params![node.min(other), node.max(other), p])?;
        }
    }
    Ok(())
}

/// The probability that an exact copy tells of the same.
const COPY: f64 = 0.999;

/// Compares nodes anew with all others, and puts them and those around them into incidents; the incidents whose record may
/// have changed. `copy_of`: a report with the very same words.
pub fn regroup(
    db: &Connection,
    memory: &Memory,
    nodes: &[i64],
    copy_of: Option<i64>,
    seq: i64,
) -> Result<Vec<i64>, Error> {
    for node in nodes {
        judge(db, memory, *node, copy_of)?;
    }
    let mut touched = cluster(db, memory, nodes, nodes, seq)?;
    // The record of an incident changes with any of its reports' versions, moved or not.
    for node in nodes {
        let incident: i64 = db.prepare("SELECT incident FROM node WHERE id = ?")?.query_row([node], |r| r.get(0))?;
        touched.push(incident);
        if is_crowd(db, incident)? && !voices(db, incident)?.contains(node) {
            let mine = profile(db, memory, *node)?;
            filing::take_out(db, *node, &mine.1, true)?;
            let sql = "DELETE FROM pair WHERE a = ?1 AND (SELECT incident FROM node WHERE id = b) = ?2";
            db.prepare(sql)?.execute([*node, incident])?;
            let sql = "DELETE FROM pair WHERE b = ?1 AND (SELECT incident FROM node WHERE id = a) = ?2";
            db.prepare(sql)?.execute([*node, incident])?;
        }
    }
    touched.sort_unstable();
    touched.dedup();
    for incident in &touched {
        touch(db, *incident, seq)?;
    }
    Ok(touched)
}

/// Notes that a row of the ledger changed an incident's record.
pub fn touch(db: &Connection, incident: i64, seq: i64) -> Result<(), Error> {
    db.prepare("INSERT INTO touched (incident, seq) VALUES (?, ?) ON CONFLICT DO NOTHING")?.execute([incident, seq])?;
    Ok(())
}

/// Puts the nodes, and all that could share a cluster with them, into incidents; those whose record may have changed. `free`:
/// nodes that no crowd holds.
pub fn cluster(db: &Connection, memory: &Memory, nodes: &[i64], free: &[i64], seq: i64) -> Result<Vec<i64>, Error> {
    let threshold = file::thresholds(db)?.join;
    let (around, crowds) = around(db, nodes, threshold)?;
    let problem = problem(db, &around, &crowds, free)?;
    let found = clusters(&problem, threshold);
    let heirs: HashMap<i64, usize> =
        crowds.iter().filter_map(|c| Some((*c, heir(*c, &found, &around, free)?))).collect();
    let found: Vec<Vec<i64>> = found.iter().map(|c| c.iter().map(|i| around[*i].id).collect()).collect();
    let before: HashMap<i64, Option<i64>> = around.iter().map(|n| (n.id, n.incident)).collect();
    let mut touched: BTreeSet<i64> = BTreeSet::new();
    let named = identity::incidents(db, &found, &before, &heirs, CROWD, seq)?;
    for (members, incident) in found.iter().zip(&named) {
        for node in members {
            if before[node] != Some(*incident) {
                touched.extend(before[node]);
                touched.insert(*incident);
                put(db, *node, *incident, seq)?;
                // Out of a crowd, where it was filed under few keys.
                if before[node].is_some_and(|was| heirs.contains_key(&was)) {
                    filing::file(db, *node, &profile(db, memory, *node)?.1)?;
                }
            }
        }
    }
    // The others of a crowd go where its voices go.
    for (crowd, heir) in &heirs {
        if named[*heir] != *crowd {
            let silent = ids(db, "SELECT id FROM node WHERE incident = ?", *crowd)?;
            for node in silent.into_iter().filter(|n| !before.contains_key(n)) {
                put(db, node, named[*heir], seq)?;
            }
        }
    }
    Ok(touched.into_iter().collect())
}

/// Puts a node into an incident.
pub fn put(db: &Connection, node: i64, incident: i64, seq: i64) -> Result<(), Error> {
    db.prepare("UPDATE node SET incident = ? WHERE id = ?")?.execute([incident, node])?;
    db.prepare(
        "INSERT INTO membership (node, seq, incident) VALUES (?, ?, ?)
         ON CONFLICT (node, seq) DO UPDATE SET incident = excluded.incident",
    )?
    .execute([node, seq, incident])?;
    Ok(())
}

/// A node as clustering sees it.
struct Node {
    id: i64,
    report: String,
    ordinal: i64,
    incident: Option<i64>,
}

/// The cluster in which most of a crowd's voices are: the others of the crowd stay with it.
fn heir(crowd: i64, clusters: &[Vec<usize>], around: &[Node], free: &[i64]) -> Option<usize> {
    let of = |i: &&usize| around[**i].incident == Some(crowd) && !free.contains(&around[**i].id);
    (0..clusters.len()).max_by_key(|c| (clusters[*c].iter().filter(of).count(), std::cmp::Reverse(*c)))
}

/// The nodes, those that speak for their incidents, and all that likely pairs or people's links lead to; sorted by report and
/// number, so that the order of arrival decides nothing. And the crowds among their incidents.
fn around(db: &Connection, nodes: &[i64], threshold: f64) -> Result<(Vec<Node>, Vec<i64>), Error> {
    let mut found: HashMap<i64, Node> = HashMap::new();
    let (mut crowds, mut speaking) = (Vec::new(), HashSet::new());
    let mut waiting: Vec<i64> = nodes.to_vec();
    let mut incidents: HashSet<i64> = HashSet::new();
    while let Some(id) = waiting.pop() {
        if found.contains_key(&id) {
            continue;
        }
        let sql = "SELECT r.name, n.ordinal, n.incident FROM node n JOIN report r ON r.id = n.report WHERE n.id = ?";
        let node = db
            .prepare(sql)?
            .query_row([id], |r| Ok(Node { id, report: r.get(0)?, ordinal: r.get(1)?, incident: r.get(2)? }))?;
        if let Some(incident) = node.incident.filter(|i| incidents.insert(*i)) {
            let voices = voices(db, incident)?;
            if is_crowd(db, incident)? {
                crowds.push(incident);
                speaking.extend(voices.iter().copied());
            }
            waiting.extend(voices);
        }
        let likely = db
            .prepare(
                "SELECT b FROM pair WHERE a = ?1 AND p >= ?2 UNION ALL SELECT a FROM pair WHERE b = ?1 AND p >= ?2",
            )?
            .query_map(params![id, threshold], |r| r.get(0))?
            .collect::<Result<Vec<i64>, _>>()?;
        waiting.extend(likely);
        waiting.extend(ids(
            db,
            "SELECT b FROM tie WHERE a = ?1 AND must = 1 UNION ALL SELECT a FROM tie WHERE b = ?1 AND must = 1",
            id,
        )?);
        found.insert(id, node);
    }
    // What a likely pair found of a crowd and does not speak for it is left where it is, unless it is asked about.
    let speaks = |n: &Node| n.incident.is_none_or(|i| !crowds.contains(&i)) || speaking.contains(&n.id);
    let mut found: Vec<Node> = found.into_values().filter(|n| nodes.contains(&n.id) || speaks(n)).collect();
    found.sort_by(|a, b| (&a.report, a.ordinal).cmp(&(&b.report, b.ordinal)));
    Ok((found, crowds))
}

fn ids(db: &Connection, sql: &str, of: i64) -> Result<Vec<i64>, Error> {
    let mut rows = db.prepare(sql)?;
    let found = rows.query_map([of], |r| r.get(0))?.collect::<Result<_, _>>()?;
    Ok(found)
}

/// What clustering is asked. Two incidents of one report are not compared, so they count as unlike; other reports can still
/// bring them together, where the reader took one incident for two (held apart for good, 8 more pairs in 100 were missed on
/// the development reports).
///
/// The voices of a crowd stay together, but for those whose place is open.
fn problem(db: &Connection, around: &[Node], crowds: &[i64], free: &[i64]) -> Result<Problem, Error> {
    let at: HashMap<i64, usize> = around.iter().enumerate().map(|(i, n)| (n.id, i)).collect();
    let mut problem = Problem { size: around.len(), ..Problem::default() };
    let mut ties: BTreeMap<(usize, usize), (i64, Option<bool>)> = BTreeMap::new();
    for (i, node) in around.iter().enumerate() {
        let mut pairs = db.prepare("SELECT b, p FROM pair WHERE a = ?")?;
        for row in pairs.query_map([node.id], |r| Ok((r.get::<i64>(0)?, r.get(1)?)))? {
            let (other, p) = row?;
            if let Some(&j) = at.get(&other) {
                problem.pairs.push((i.min(j), i.max(j), p));
            }
        }
        let sql = "SELECT b, seq, must FROM tie WHERE a = ? AND seq NOT IN (SELECT seq FROM undone)";
        let mut rows = db.prepare(sql)?;
        for row in rows.query_map([node.id], |r| Ok((r.get::<i64>(0)?, r.get(1)?, r.get(2)?)))? {
            let (other, seq, must) = row?;
            if let Some(&j) = at.get(&other) {
                let tie = ties.entry((i.min(j), i.max(j))).or_insert((seq, must));
                if seq >= tie.0 {
                    *tie = (seq, must);
                }
            }
        }
    }
    problem.pairs.sort_by_key(|(a, b, _)| (*a, *b));
    for (pair, (_, must)) in ties {
        match must {
            Some(true) => problem.must.push(pair),
            Some(false) => problem.cannot.push(pair),
            None => {}
        }
    }
    for crowd in crowds {
        let voices: Vec<usize> = (0..around.len())
            .filter(|i| around[*i].incident == Some(*crowd) && !free.contains(&around[*i].id))
            .collect();
        problem.must.extend(voices.iter().skip(1).map(|i| (voices[0], *i)));
    }
    Ok(problem)
}

/// Notes that a report supports nothing any more; the incidents that this touches.
pub fn retract(db: &Connection, report: i64, seq: i64) -> Result<Vec<i64>, Error> {
    db.prepare("INSERT INTO retraction (report, seq) VALUES (?, ?)")?.execute([report, seq])?;
    let touched = incidents_of(db, report)?;
    for incident in &touched {
        touch(db, *incident, seq)?;
    }
    Ok(touched)
}

/// The incidents that a report is a part of.
pub fn incidents_of(db: &Connection, report: i64) -> Result<Vec<i64>, Error> {
    let sql = "SELECT DISTINCT incident FROM node WHERE report = ? AND incident IS NOT NULL ORDER BY incident";
    let mut rows = db.prepare(sql)?;
    let found = rows.query_map([report], |r| r.get(0))?.collect::<Result<_, _>>()?;
    Ok(found)
}

/// The incidents of the reports that a row of the ledger noted as copies, each perhaps more than once.
pub fn incidents_of_copies(db: &Connection, seq: i64) -> Result<Vec<i64>, Error> {
    let mut found = ids(db, "SELECT n.incident FROM copied c JOIN node n ON n.report = c.a WHERE c.seq = ?", seq)?;
    found.extend(ids(db, "SELECT n.incident FROM copied c JOIN node n ON n.report = c.b WHERE c.seq = ?", seq)?);
    Ok(found)
}
