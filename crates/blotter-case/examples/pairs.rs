//! Reads Readings (`blotter read --json`) and prints, for every pair of main incidents that blocking would compare, its
//! features: what `training/linking.py` learns from. One line `{"a", "b", "features"}` a pair.
//!
//! `blotter read --json REPORTS.jsonl | cargo run --release -p blotter-case --example pairs`

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::io::{BufRead, Write};

use blotter_case::contract::Told;
use blotter_case::join::{compare::compare, keys, profile::Profile};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let mut profiles: Vec<Profile> = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let told = Told::read(&serde_json::from_str(&line?)?)?;
        let numbers = 0..told.incidents.len();
        profiles.extend(numbers.map(|i| Profile::of(&told, i)).filter(|p| p.main));
    }
    let keys: Vec<_> = profiles.iter().map(keys::of_profile).collect();
    let mut filed: HashMap<i64, Vec<usize>> = HashMap::new();
    for (i, (filing, _)) in keys.iter().enumerate() {
        for key in filing {
            filed.entry(*key).or_default().push(i);
        }
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (i, (_, sought)) in keys.iter().enumerate() {
        let near: BTreeSet<usize> = sought
            .iter()
            .filter_map(|k| filed.get(k))
            .filter(|found| found.len() <= blotter_case::join::COMMON_KEY)
            .flatten()
            .copied()
            .filter(|j| *j < i)
            .collect();
        for j in near {
            let (a, b) = (&profiles[j], &profiles[i]);
            if a.report == b.report {
                continue;
            }
            let features: BTreeMap<_, _> = compare(a, b).features.into_iter().collect();
            let name = |p: &Profile| json!([p.report, p.ordinal]);
            writeln!(out, "{}", json!({ "a": name(a), "b": name(b), "features": features }))?;
        }
    }
    Ok(())
}
