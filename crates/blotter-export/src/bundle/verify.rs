//! Checks a bundle by itself: no case file, no network.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{BufRead, BufReader, Read, Seek};

use blotter_case::{Fault, Link, link_hash};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::agree::Flags;
use super::{MEMBERS, VERSION};
use crate::error::Error;

/// What was checked, and what is wrong.
#[derive(Debug, Default)]
pub struct Checked {
    /// How many members the manifest names.
    pub members: u64,
    /// How many incidents there are.
    pub incidents: u64,
    /// How many quotes were compared with the records, and how many of them with a text.
    pub quotes: [u64; 2],
    /// How many rows of the ledger were followed, and how many of them came with their body.
    pub rows: [u64; 2],
    /// What is wrong.
    pub faults: Vec<Fault>,
}

/// No manifest, line or text is longer, in bytes: whatever a zip packs, memory stays bounded.
const LONGEST: u64 = 64 << 20;

impl Checked {
    pub(super) fn fault(&mut self, what: impl Into<String>, reason: impl Into<String>) {
        // A bundle that is wrong everywhere is told of by its first faults.
        if self.faults.len() < 100 {
            self.faults.push(Fault { what: what.into(), reason: reason.into() });
        }
    }
}

/// Checks a bundle.
///
/// # Errors
/// It is no bundle at all, or one of a later program.
pub fn verify(file: impl Read + Seek) -> Result<Checked, Error> {
    let refused = |e: zip::result::ZipError| Error::Refused(format!("this is no bundle: {e}"));
    let mut zip = ZipArchive::new(file).map_err(refused)?;
    // One reader would see the first of two members, another the last.
    if zip.has_duplicate_names() || zip.has_overlapping_entries().map_err(refused)? {
        return Err(Error::Refused("this is no bundle: members lie on one another, or share a name".to_owned()));
    }
    let mut text = String::new();
    let manifest = zip
        .by_name("manifest.json")
        .map_err(|_| Error::Refused("this is no bundle: it holds no manifest.json".to_owned()))?;
    let manifest = manifest.take(LONGEST).read_to_string(&mut text).map(|_| serde_json::from_str::<Json>(&text));
    let manifest = match manifest {
        Ok(Ok(manifest)) if manifest["format"] == "blotter-bundle" => manifest,
        _ => return Err(Error::Refused("this is no bundle: its manifest.json cannot be read".to_owned())),
    };
    if manifest["version"].as_u64().is_none_or(|v| v > VERSION) {
        return Err(Error::Refused(format!("the bundle's format {} is of a later program", manifest["version"])));
    }
    let mut found = Checked::default();
    let mut sums: BTreeMap<String, String> = BTreeMap::new();
    for member in manifest["members"].as_array().into_iter().flatten() {
        let (name, sum) = (member["name"].as_str().unwrap_or_default(), member["sha256"].as_str().unwrap_or_default());
        if sums.insert(name.to_owned(), sum.to_owned()).is_some() {
            found.fault(name, "is named twice in the manifest");
        }
    }
    found.members = sums.len() as u64;
    for (name, _) in MEMBERS {
        if !sums.contains_key(name) {
            found.fault(name, "is not named in the manifest");
        }
    }
    checksums(&mut zip, &sums, &mut found);
    let mut flags = Flags::of(&manifest, &mut found);
    let reports = reports(&mut zip, &mut found);
    let spans = records(&mut zip, &reports, &mut flags, &mut found);
    found.incidents = spans.incidents;
    if manifest["incidents"].as_u64() != Some(found.incidents) {
        found.fault(
            "manifest.json",
            format!("counts {} incidents; there are {}", manifest["incidents"], found.incidents),
        );
    }
    let texts: BTreeSet<String> = names(&zip)
        .into_iter()
        .filter_map(|n| Some(n.strip_prefix("texts/")?.strip_suffix(".txt")?.to_owned()))
        .collect();
    quotes(&mut zip, &reports, &texts, spans.quotes, flags.is_whole(), &mut found);
    ledger(&mut zip, &manifest, &reports, &flags, &mut found);
    flags.finish(&manifest, &reports, &texts, &mut found);
    Ok(found)
}

fn names<R: Read + Seek>(zip: &ZipArchive<R>) -> Vec<String> {
    // One whose name cannot be read is named by no manifest.
    zip.file_names().map(|name| name.map_or_else(|_| "a member without a name".to_owned(), Cow::into_owned)).collect()
}

/// Every member is named, is there, and has its checksum.
fn checksums<R: Read + Seek>(zip: &mut ZipArchive<R>, sums: &BTreeMap<String, String>, found: &mut Checked) {
    let there: BTreeSet<String> = names(zip).into_iter().collect();
    for name in &there {
        if name != "manifest.json" && !sums.contains_key(name) {
            found.fault(name, "is not named in the manifest");
        }
    }
    for (name, sum) in sums {
        if !there.contains(name) {
            found.fault(name, "is missing");
            continue;
        }
        match hashed(zip, name) {
            Ok(hash) if hash == *sum => {}
            Ok(_) => found.fault(name, "is not what its checksum says"),
            Err(reason) => found.fault(name, format!("cannot be read: {reason}")),
        }
    }
}

fn hashed<R: Read + Seek>(zip: &mut ZipArchive<R>, name: &str) -> Result<String, String> {
    let mut member = zip.by_name(name).map_err(|e| e.to_string())?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 64 << 10]);
    loop {
        match member.read(&mut buffer).map_err(|e| e.to_string())? {
            0 => return Ok(hex(&hash.finalize())),
            n => hash.update(&buffer[..n]),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Hands every line of a member to `visit`; what is no JSON is a fault.
fn lines<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    name: &str,
    found: &mut Checked,
    visit: &mut dyn FnMut(Json, &mut Checked),
) {
    let Ok(member) = zip.by_name(name) else { return };
    let mut member = BufReader::new(member);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        // A damaged member has its fault already.
        match member.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(n) if n as u64 == LONGEST => return found.fault(format!("{name}, line {number}"), "is too long"),
            Ok(_) => {}
        }
        match serde_json::from_slice(&line) {
            Ok(json) => visit(json, found),
            Err(_) => found.fault(format!("{name}, line {number}"), "is no JSON"),
        }
    }
}

/// Report and version → the hash of its text.
pub(super) type Texts = HashMap<(String, i64), String>;

fn reports<R: Read + Seek>(zip: &mut ZipArchive<R>, found: &mut Checked) -> Texts {
    let mut texts = Texts::new();
    lines(zip, "reports.jsonl", found, &mut |line, found| {
        let (id, version) = key(&line, "id");
        let sum = line["sha256"].as_str().unwrap_or_default().to_owned();
        if texts.insert((id.clone(), version), sum).is_some() {
            found.fault(format!("report {id}, version {version}"), "is told of twice in reports.jsonl");
        }
    });
    texts
}

fn key(line: &Json, name: &str) -> (String, i64) {
    (line[name].as_str().unwrap_or_default().to_owned(), line["version"].as_i64().unwrap_or(0))
}

/// What a quote is, as a hash: incident, fact, report, version, place, words.
fn quote_hash(incident: &Json, fact: &Json, report: &Json, version: &Json, span: &Json) -> [u8; 16] {
    let words = format!("{incident} {fact} {report} {version} {} {} {}", span["start"], span["end"], span["quote"]);
    let mut short = [0; 16];
    short.copy_from_slice(&Sha256::digest(words.as_bytes())[..16]);
    short
}

struct Spans {
    incidents: u64,
    quotes: HashSet<[u8; 16]>,
}

/// The quotes that the records hold; every report that they name is there.
fn records<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    reports: &Texts,
    flags: &mut Flags<'_>,
    found: &mut Checked,
) -> Spans {
    let mut spans = Spans { incidents: 0, quotes: HashSet::new() };
    lines(zip, "records.jsonl", found, &mut |record, found| {
        spans.incidents += 1;
        flags.record(&record, found);
        let incident = &record["incident"];
        let entries = record["fields"]
            .as_object()
            .into_iter()
            .flatten()
            .flat_map(|(_, list)| list.as_array().into_iter().flatten());
        for entry in entries {
            for said in entry["said"].as_array().into_iter().flatten().filter(|s| s["version"].as_i64() > Some(0)) {
                let (id, version) = key(said, "report");
                if !reports.contains_key(&(id.clone(), version)) {
                    found.fault(
                        format!("record {}", plain(incident)),
                        format!("rests on report {id}, version {version}, which is missing"),
                    );
                }
                for span in said["evidence"].as_array().into_iter().flatten() {
                    spans.quotes.insert(quote_hash(incident, &entry["fact"], &said["report"], &said["version"], span));
                }
            }
        }
    });
    spans
}

pub(super) fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Every quote is one of a record and every quote of a record is there; with a text, it stands where it says.
fn quotes<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    reports: &Texts,
    texts: &BTreeSet<String>,
    mut known: HashSet<[u8; 16]>,
    whole: bool,
    found: &mut Checked,
) {
    for sum in texts {
        let name = format!("texts/{sum}.txt");
        if hashed(zip, &name).is_ok_and(|hash| hash != *sum) {
            found.fault(name, "is not the text whose hash it is named by");
        }
    }
    let mut by_text: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    let mut seen = HashSet::new();
    lines(zip, "quotes.jsonl", found, &mut |line, found| {
        found.quotes[0] += 1;
        let hash = quote_hash(&line["incident"], &line["fact"], &line["report"], &line["version"], &line);
        let what = || format!("quote of {} in report {}", plain(&line["fact"]), plain(&line["report"]));
        if !known.contains(&hash) {
            found.fault(what(), format!("{} is not what the record holds", line["quote"]));
        }
        seen.insert(hash);
        let sum = line["text_sha256"].as_str().unwrap_or_default();
        if reports.get(&key(&line, "report")).is_none_or(|text| text != sum) {
            found.fault(what(), "names another text than its report has");
        }
        if texts.contains(sum) && whole {
            by_text.entry(sum.to_owned()).or_default().push(line);
        }
    });
    known.retain(|hash| !seen.contains(hash));
    if !known.is_empty() {
        found.fault("quotes.jsonl", format!("lacks {} quotes that the records hold", known.len()));
    }
    for (sum, list) in by_text {
        let mut text = String::new();
        let read =
            zip.by_name(&format!("texts/{sum}.txt")).map(|member| member.take(LONGEST).read_to_string(&mut text));
        if !matches!(read, Ok(Ok(_))) {
            found.fault(format!("texts/{sum}.txt"), "cannot be read");
            continue;
        }
        let letters: Vec<char> = text.chars().collect();
        for line in list {
            let place = |name: &str| line[name].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
            let words: Option<String> = letters.get(place("start")..place("end")).map(|w| w.iter().collect());
            found.quotes[1] += 1;
            if words.as_deref() != line["quote"].as_str() {
                let what = format!("quote of {} in report {}", plain(&line["fact"]), plain(&line["report"]));
                found.fault(what, format!("{} does not stand where it says", line["quote"]));
            }
        }
    }
}

/// The decisions that the bundle tells of, by the row of the ledger that holds each.
fn decisions<R: Read + Seek>(zip: &mut ZipArchive<R>, found: &mut Checked) -> BTreeMap<i64, Vec<Json>> {
    let mut told: BTreeMap<i64, Vec<Json>> = BTreeMap::new();
    lines(zip, "decisions.jsonl", found, &mut |line, found| {
        let row = line["decision"].as_str().and_then(|d| d.strip_prefix('D')?.parse().ok());
        match row {
            // One that concerns two incidents stands once for each.
            Some(row) => told.entry(row).or_default().push(line),
            None => found.fault("decisions.jsonl", format!("{} is no decision", line["decision"])),
        }
    });
    told
}

/// Whether a decision says what its row of the ledger does.
fn agrees(told: &Json, link: &Link, body: &Json) -> bool {
    let same = |name: &str, in_body: &str| told[name] == body[in_body];
    told["at"] == link.at.as_str()
        && told["by"].as_str() == link.by.as_deref()
        && told["kind"] == link.kind.as_str()
        && ["field", "why", "value", "text", "status", "tlp", "fact"].iter().all(|name| same(name, name))
        && same("report", "retracts")
}

/// Every row is what its hash says and follows the row before it; texts are those that the ledger filed.
fn ledger<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    manifest: &Json,
    reports: &Texts,
    flags: &Flags<'_>,
    found: &mut Checked,
) {
    let mut hashes: BTreeMap<i64, (String, String)> = BTreeMap::new();
    let mut decided = decisions(zip, found);
    lines(zip, "ledger.jsonl", found, &mut |line, found| {
        let text = |name: &str| line[name].as_str().map(str::to_owned);
        let row = line["row"].as_i64().unwrap_or(0);
        let what = format!("ledger row {row}");
        found.rows[0] += 1;
        let (before, hash) = (text("before").unwrap_or_default(), text("hash").unwrap_or_default());
        if hashes.insert(row, (before.clone(), hash.clone())).is_some() {
            found.fault(&what, "is there twice");
        }
        flags.row(&line, &what, found);
        let Some(body) = text("body") else {
            return;
        };
        found.rows[1] += 1;
        let link = Link {
            seq: row,
            at: text("at").unwrap_or_default(),
            by: text("by"),
            kind: text("kind").unwrap_or_default(),
            body,
            before,
            hash,
            undone: None,
            is_decision: false,
        };
        if link_hash(&link) != link.hash {
            found.fault(&what, "is not what its hash says, or the row before it is not");
        }
        let Ok(body) = serde_json::from_str::<Json>(&link.body) else {
            return found.fault(&what, "has a body that is no JSON");
        };
        for told in decided.remove(&row).unwrap_or_default() {
            if !agrees(&told, &link, &body) {
                found.fault(format!("decision D{row}"), "is not what its row of the ledger says");
            }
        }
        let told = reports.get(&key(&body, "report"));
        if let (Some(filed), Some(told)) = (body["text"].as_str(), told)
            && filed != told
        {
            found.fault(
                &what,
                format!("filed another text of report {} than reports.jsonl tells of", plain(&body["report"])),
            );
        }
    });
    for row in decided.keys().filter(|_| flags.has_bodies()) {
        found.fault(format!("decision D{row}"), "has no row of the ledger");
    }
    for (row, (before, _)) in &hashes {
        if let Some((_, hash)) = hashes.get(&(row - 1))
            && hash != before
        {
            found.fault(format!("ledger row {row}"), format!("does not follow row {}", row - 1));
        }
    }
    let (last, hash) = (manifest["ledger"]["row"].as_i64().unwrap_or(0), manifest["ledger"]["hash"].as_str());
    if hashes.keys().next_back().is_some_and(|row| *row > last) {
        found.fault("manifest.json", "names an earlier last row of the ledger than there is");
    }
    let begun = hashes.get(&1).map(|(_, own)| own).or_else(|| hashes.get(&2).map(|(before, _)| before));
    if begun.is_some_and(|hash| manifest["case"].as_str() != Some(hash)) {
        found.fault("manifest.json", "names another case file (case) than its ledger begins");
    }
    if hashes.get(&last).is_some_and(|(_, own)| Some(own.as_str()) != hash) {
        found.fault(format!("ledger row {last}"), "is not the last row that the manifest names");
    }
}
