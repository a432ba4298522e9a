//! Clusters → which incident each is: ids that stay, however the clusters change.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::db::{Connection, Optional, params};

use crate::Error;
use crate::ids::short_hash;

/// The incident that each cluster is. A cluster keeps the oldest of the incidents most of whose members it has; one that has
/// none takes up an incident that its members once were and that stands empty, else it is a new one. `heirs`: the clusters with
/// which the `silent` members of a crowd stay, which are not among the clusters.
pub fn incidents(
    db: &Connection,
    clusters: &[Vec<i64>],
    before: &HashMap<i64, Option<i64>>,
    heirs: &HashMap<i64, usize>,
    silent: usize,
    seq: i64,
) -> Result<Vec<i64>, Error> {
    let mut sizes: BTreeMap<i64, BTreeMap<usize, usize>> = BTreeMap::new();
    for (c, members) in clusters.iter().enumerate() {
        for incident in members.iter().filter_map(|n| before[n]) {
            *sizes.entry(incident).or_default().entry(c).or_default() += 1;
        }
    }
    for (incident, heir) in heirs {
        *sizes.entry(*incident).or_default().entry(*heir).or_default() += silent;
    }
    let mut of: Vec<Option<i64>> = vec![None; clusters.len()];
    // Incidents in the order in which they were opened.
    for (incident, parts) in sizes {
        let largest = parts.into_iter().max_by_key(|(c, size)| (*size, std::cmp::Reverse(*c)));
        if let Some((c, _)) = largest
            && of[c].is_none()
        {
            of[c] = Some(incident);
        }
    }
    let mut taken: HashSet<i64> = of.iter().flatten().copied().collect();
    let mut named = Vec::new();
    for (c, members) in clusters.iter().enumerate() {
        let incident = match of[c] {
            Some(incident) => incident,
            None => match dormant(db, members, &taken, before)? {
                Some(incident) => incident,
                None => open(db, members, seq)?,
            },
        };
        taken.insert(incident);
        named.push(incident);
    }
    Ok(named)
}

/// An incident that the members once were and that has none left.
fn dormant(
    db: &Connection,
    members: &[i64],
    taken: &HashSet<i64>,
    before: &HashMap<i64, Option<i64>>,
) -> Result<Option<i64>, Error> {
    let mut once = BTreeSet::new();
    for node in members.iter().filter(|n| before[n].is_some()) {
        let mut rows = db.prepare("SELECT incident FROM membership WHERE node = ?")?;
        for incident in rows.query_map([*node], |r| r.get::<i64>(0))? {
            once.insert(incident?);
        }
    }
    for incident in once.into_iter().filter(|i| !taken.contains(i)) {
        let sql = "SELECT 1 FROM node WHERE incident = ? LIMIT 1";
        if db.prepare(sql)?.query_row([incident], |_| Ok(())).optional()?.is_none() {
            return Ok(Some(incident));
        }
    }
    Ok(None)
}

/// Opens an incident. Its id is made from what founds it (the report and which of its incidents), so that the same reports in
/// the same order have the same ids in every case file; four characters, more where those are taken.
fn open(db: &Connection, members: &[i64], seq: i64) -> Result<i64, Error> {
    let founder = members.iter().min().copied().unwrap_or(0);
    let (report, ordinal): (String, i64) = db
        .prepare("SELECT r.name, n.ordinal FROM node n JOIN report r ON r.id = n.report WHERE n.id = ?")?
        .query_row([founder], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let hash = short_hash(&format!("{report}\n{ordinal}"));
    for length in 4..=hash.len() {
        let name = format!("B-{}", &hash[..length]);
        let sql = "INSERT INTO incident (name, seq) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING id";
        if let Some(incident) = db.query_row(sql, params![name, seq], |r| r.get(0)).optional()? {
            return Ok(incident);
        }
    }
    Err(Error::Damaged(format!("no id is free for incident {ordinal} of {report}")))
}
