//! Whether a record agrees with itself, and the manifest's flags with what the members hold.

use std::collections::{BTreeSet, HashSet};

use blotter_case::record::is_single;
use blotter_case::{Field, Tlp};
use serde_json::{Map, Value as Json, json};

use super::verify::{Checked, Texts, plain};
use crate::policy::{Redaction, VICTIM};

/// What the manifest says of all members.
pub struct Flags<'m> {
    as_of: Option<&'m str>,
    tlp: Option<Tlp>,
    redacted: Vec<&'m str>,
    bodies: bool,
    with_texts: bool,
    strictest: Tlp,
    incidents: HashSet<String>,
}

impl<'m> Flags<'m> {
    /// Of a manifest; a flag that is none is a fault.
    pub fn of(manifest: &'m Json, found: &mut Checked) -> Flags<'m> {
        let tlp = manifest["tlp"].as_str().and_then(Tlp::of);
        if tlp.is_none() {
            found.fault("manifest.json", format!("names no level of sharing (tlp): {}", manifest["tlp"]));
        }
        let redacted: Vec<&str> =
            manifest["redacted"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        for kind in redacted.iter().filter(|kind| Redaction::ALL.iter().all(|known| known.name() != **kind)) {
            found.fault("manifest.json", format!("names as redacted what is no kind of redaction: {kind}"));
        }
        let bodies = manifest["with_bodies"].as_bool().unwrap_or(true);
        if bodies && !redacted.is_empty() {
            found.fault("manifest.json", "is redacted and names rows of the ledger with their bodies (with_bodies)");
        }
        Flags {
            as_of: manifest["as_of"].as_str(),
            tlp,
            redacted,
            bodies,
            with_texts: manifest["with_texts"].as_bool().unwrap_or(false),
            strictest: Tlp::Clear,
            incidents: HashSet::new(),
        }
    }

    /// Whether nothing is redacted.
    pub fn is_whole(&self) -> bool {
        self.redacted.is_empty()
    }

    /// Whether rows of the ledger come with their bodies.
    pub fn has_bodies(&self) -> bool {
        self.bodies
    }

    /// Looks at a record.
    pub fn record(&mut self, record: &Json, found: &mut Checked) {
        let incident = plain(&record["incident"]);
        let what = format!("record {incident}");
        if !self.incidents.insert(incident) {
            found.fault(&what, "is there twice");
        }
        for field in astray(record) {
            found.fault(&what, format!("has under best {field} what its values do not make"));
        }
        if record["as_of"].as_str() != self.as_of {
            found.fault(&what, format!("is of {}, not of the moment that the manifest names (as_of)", record["as_of"]));
        }
        let level = record["tlp"]["level"].as_str();
        match level.map(Tlp::of) {
            Some(Some(level)) => {
                self.strictest = self.strictest.max(level);
                if self.tlp.is_some_and(|ceiling| level > ceiling) {
                    found.fault(&what, format!("is marked {}, above the manifest's tlp", level.name()));
                }
            }
            Some(None) => found.fault(&what, "is marked with what is no level"),
            None => {}
        }
        self.redaction(record, &what, found);
    }

    /// Whether a record shows what is redacted, or is redacted where nothing should be.
    fn redaction(&self, record: &Json, what: &str, found: &mut Checked) {
        let all = record["fields"].as_object().into_iter().flatten();
        let entries =
            all.flat_map(|(field, list)| list.as_array().into_iter().flatten().map(move |e| (field.as_str(), e)));
        for (field, entry) in entries {
            let said = entry["said"].as_array().into_iter().flatten();
            for span in said.flat_map(|s| s["evidence"].as_array().into_iter().flatten()) {
                match (self.is_whole(), span["redacted"] == true) {
                    (true, true) => found.fault(what, "is redacted, which the manifest does not say"),
                    (false, false) => found.fault(what, "holds words of reports, which the manifest says are redacted"),
                    _ => continue,
                }
                return;
            }
            let value = &entry["value"];
            let harmed = matches!(field, "victim" | "target") && value["kind"] == "person";
            let named = value["name"].as_str().is_none_or(|name| !VICTIM.contains(&name)) || !value["age"].is_null();
            if self.hides(Redaction::Victims) && harmed && named {
                return found.fault(what, format!("names a {field}, which the manifest says is redacted"));
            }
            if self.hides(Redaction::Addresses) && field == "where" && value["precision"] == "site" {
                return found.fault(what, "names a site, which the manifest says is redacted");
            }
        }
    }

    fn hides(&self, kind: Redaction) -> bool {
        self.redacted.contains(&kind.name())
    }

    /// Looks at a row of the ledger.
    pub fn row(&self, row: &Json, what: &str, found: &mut Checked) {
        match (self.bodies, row["body"].is_string()) {
            (true, false) => found.fault(what, "lacks its body"),
            (false, true) => found.fault(what, "has a body, which the manifest says rows have not (with_bodies)"),
            _ => {}
        }
        if row["at"].as_str() > self.as_of {
            found.fault(what, format!("is of {}, after the moment that the manifest names (as_of)", row["at"]));
        }
    }

    /// What can be told once all is read: `texts` are the hashes of the texts that are there.
    pub fn finish(&self, manifest: &Json, reports: &Texts, texts: &BTreeSet<String>, found: &mut Checked) {
        // Where nothing was withheld, the level is that of the strictest record.
        if self.bodies && self.tlp.is_some_and(|level| level > self.strictest) {
            let strictest = self.strictest.name();
            found.fault("manifest.json", format!("is marked {}; its records only {strictest} (tlp)", manifest["tlp"]));
        }
        if !self.with_texts && !texts.is_empty() {
            found.fault("manifest.json", "says that there are no texts (with_texts); there are");
        }
        let lacking: BTreeSet<&String> =
            reports.values().filter(|sum| self.with_texts && !texts.contains(*sum)).collect();
        for sum in lacking {
            found.fault(
                format!("texts/{sum}.txt"),
                "is missing, though the manifest says that there are texts (with_texts)",
            );
        }
    }
}

/// The fields under `best` that are not what the values under `fields` make: the rules of a record's best values, put to its JSON.
fn astray(record: &Json) -> Vec<String> {
    let none = Map::new();
    let of = |name: &str| record[name].as_object().unwrap_or(&none);
    let (best, fields) = (of("best"), of("fields"));
    let mut names: Vec<&String> = best.keys().chain(fields.keys()).collect();
    names.sort();
    names.dedup();
    let fits = |name: &str| {
        let field = Field::ALL.into_iter().find(|f| f.name() == name);
        let values = fields.get(name).and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        let standing = values.iter().filter(|entry| record["status"] != "withdrawn" && stands(entry));
        field.is_some_and(|field| is_made(field, best.get(name), standing))
    };
    names.into_iter().filter(|name| !fits(name)).cloned().collect()
}

/// Whether a value under `best` is what those that stand make.
fn is_made<'e>(field: Field, best: Option<&Json>, mut standing: impl Iterator<Item = &'e Json>) -> bool {
    if is_single(field) {
        let made = standing.find(|entry| is_total(&entry["value"]));
        let made = made.map(|entry| match &entry["value"] {
            toll if toll.get("scope").is_some() => {
                json!({ "min": toll["min"], "best": toll["best"], "max": toll["max"] })
            }
            value => value.clone(),
        });
        return best == made.as_ref();
    }
    let mut told = match best {
        None => [].iter(),
        Some(Json::Array(list)) if !list.is_empty() => list.iter(),
        Some(_) => return false,
    }
    .peekable();
    for entry in standing {
        let confidence = entry["confidence"].as_f64().unwrap_or(0.0);
        let same = told.peek().is_some_and(|value| **value == entry["value"]);
        // A half may have been rounded to it from either side.
        let sure = confidence > 0.5 || !entry["pinned"].is_null();
        if sure && !same {
            return false;
        }
        if same && confidence >= 0.5 || sure {
            told.next();
        }
    }
    told.peek().is_none()
}

/// Whether a value may be the best.
fn stands(entry: &Json) -> bool {
    let supports = |said: &Json| said["stance"] == "supports" && said["stands"] == true;
    !entry["pinned"].is_null()
        || entry["superseded_by"].is_null()
            && entry["rejected"].is_null()
            && entry["status"] != "denied"
            && entry["said"].as_array().is_some_and(|said| said.iter().any(supports))
}

/// Whether a value stands for all of the incident.
fn is_total(value: &Json) -> bool {
    value.get("scope").is_none_or(|scope| scope == "total") && value["attackers"] != true
}
