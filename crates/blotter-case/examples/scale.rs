//! What adding one report and listing cost as a case file grows: builds synthetic incidents (one to three reports each) and
//! prints, at each size, milliseconds a report over the last thousand, and of the lists. Beside the time that passes (most
//! of it waits for the disk) stands the time of the processor, where the system tells it (Linux).
//!
//! `cargo run --release -p blotter-case --example scale -- CASE.db 1000 10000 100000`

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use blotter_case::{Access, CaseFile, Filter, Stamp};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

/// Milliseconds that this thread has had of a processor.
fn processor() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split_whitespace().next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e6
}

/// Knuth's MMIX generator: the same incidents on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    /// A made-up word of some syllables.
    fn word(&mut self, syllables: u64) -> String {
        const FIRST: &[u8] = b"bdfgklmnprstvz";
        const SECOND: &[u8] = b"aeiou";
        let mut word = String::new();
        for _ in 0..syllables {
            word.push(FIRST[self.below(14) as usize] as char);
            word.push(SECOND[self.below(5) as usize] as char);
        }
        word
    }
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

/// One incident: what its reports have in common.
struct Event {
    number: u64,
    day: String,
    town: (String, f64, f64),
    victim: String,
    age: u64,
    killed: u64,
    words: Vec<String>,
}

fn event(number: u64, random: &mut Random) -> Event {
    // 4,000 towns, each with its own name and place.
    let mut town = Random(random.below(4_000));
    let name = capital(&town.word(4));
    let (lat, lon) = (town.below(120) as f64 - 50.0, town.below(340) as f64 - 170.0);
    Event {
        number,
        day: format!("{}-{:02}-{:02}", 2000 + random.below(24), 1 + random.below(12), 1 + random.below(28)),
        town: (name, lat, lon),
        victim: format!("{} {}", capital(&random.word(3)), capital(&random.word(4))),
        age: 18 + random.below(60),
        killed: 1 + random.below(9),
        words: (0..30).map(|_| random.word(4)).collect(),
    }
}

fn reading(e: &Event, copy: u64, random: &mut Random) -> Json {
    let (town, lat, lon) = &e.town;
    let own: Vec<String> = (0..20).map(|_| random.word(4)).collect();
    let text = format!(
        "{} killed in {town}\n\n{}, {}, was killed in {town}. {} {}.",
        e.killed,
        e.victim,
        e.age,
        e.words.join(" "),
        own.join(" ")
    );
    let span = |words: &str| {
        let start = text.find(words).unwrap_or(0);
        json!([{ "start": start, "end": start + words.len(), "quote": words }])
    };
    let fact = |field: &str, value: Json, words: &str| {
        json!({
            "field": field, "value": value, "status": "reported", "sources": [], "denied_by": [], "evidence": span(words),
            "confidence": 0.8, "why": "made up",
        })
    };
    let killed = json!({ "min": e.killed, "best": e.killed, "max": e.killed });
    let hash: String = Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    json!({
        "schema": 1,
        "report": {
            "id": format!("r{}-{copy}", e.number), "publisher": format!("Outlet {}", random.below(300)), "published": e.day,
            "published_by": "input", "headline": null, "text": text, "sha256": hash,
        },
        "sentences": [{ "start": 0, "end": text.len(), "paragraph": 0 }],
        "entities": [{ "id": "e1", "kind": "person", "name": e.victim, "mentions": [] }],
        "incidents": [{
            "id": "i1", "relation": "main", "summary": "", "toll": { "killed": killed },
            "facts": [
                fact("type", json!({ "code": "attack/shooting" }), "killed"),
                fact("when", json!({ "start": e.day, "end": e.day, "precision": "day", "timex": e.day }), "killed"),
                fact("where", json!({
                    "name": town, "within": [], "lat": lat, "lon": lon, "country": "XX", "precision": "settlement",
                    "radius_km": 5, "settlement": town, "inferred": false,
                }), town),
                fact("victim", json!({ "name": e.victim, "kind": "person", "age": e.age, "harm": "killed" }), &e.victim),
                fact("killed", json!({ "min": e.killed, "best": e.killed, "max": e.killed, "scope": "total" }), "killed"),
            ],
        }],
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let (path, sizes) = given.split_first().ok_or("usage: scale CASE.db SIZE..")?;
    let mut case = CaseFile::open(Path::new(path), Access::Create)?;
    let stamp = Stamp { at: "2024-01-01T00:00:00Z".to_owned(), set: true, by: None };
    let mut random = Random(7);
    let (mut number, mut reports) = (0, 0_u64);
    let (mut last, mut busy): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    for size in sizes {
        let size: u64 = size.parse()?;
        while number < size {
            number += 1;
            let e = event(number, &mut random);
            for copy in 0..[1, 1, 1, 2, 3][random.below(5) as usize] {
                let reading = reading(&e, copy, &mut random);
                let (began, had) = (Instant::now(), processor());
                case.add(&reading, "example", &stamp)?;
                last.push(began.elapsed().as_secs_f64() * 1e3);
                busy.push(processor() - had);
                reports += 1;
            }
        }
        let recent = &last[last.len().saturating_sub(1000)..];
        let mut sorted = recent.to_vec();
        sorted.sort_by(f64::total_cmp);
        let used = &busy[busy.len().saturating_sub(1000)..];
        let mean = |times: &[f64]| times.iter().sum::<f64>() / times.len() as f64;
        let (passed, used, median) = (mean(recent), mean(used), sorted[sorted.len() / 2]);
        print!("{size} incidents, {reports} reports: add {passed:.2} ms (median {median:.2}), processor {used:.2} ms");
        let some = |words: &str| Some(words.to_owned());
        let day = Filter { since: some("2010-06-01"), until: some("2010-06-03"), ..Filter::default() };
        let near = Filter {
            near: Some((10.5, 20.5, 100.0)),
            since: some("2010-01-01"),
            until: some("2010-12-31"),
            ..Filter::default()
        };
        let newest = Filter { limit: Some(20), min_killed: Some(3), ..Filter::default() };
        let words = Filter { text: some(&e_words(number)), ..Filter::default() };
        for (name, filter) in [("three days", day), ("near, one year", near), ("newest 20", newest), ("words", words)] {
            let began = Instant::now();
            let found = case.list(&filter)?.len();
            print!("; {name} {:.2} ms ({found})", began.elapsed().as_secs_f64() * 1e3);
        }
        println!();
    }
    Ok(())
}

/// The victim of an incident, whom a search should find.
fn e_words(number: u64) -> String {
    let mut random = Random(7);
    for n in 1..number {
        let e = event(n, &mut random);
        for copy in 0..[1, 1, 1, 2, 3][random.below(5) as usize] {
            reading(&e, copy, &mut random);
        }
    }
    event(number, &mut random).victim
}
