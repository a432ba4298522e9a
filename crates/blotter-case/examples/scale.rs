//! What adding one report and listing cost as a case file grows, and what one more report of one incident costs.
//!
//! `cargo run --release -p blotter-case --example scale -- CASE 1000 10000 100000` (a file, or `postgres://..`) builds synthetic incidents of one or two
//! reports each, quickly (a hundred in one transaction), and files a thousand reports more at each size as the program does
//! (a transaction each, flushed). It prints milliseconds a report, of the lists, and beside the time that passes (most of it
//! waits for the disk) the time of the processor, where the system tells it (Linux).
//!
//! `... --example scale -- CASE.db crowd 100 1000 2000` files that many reports of a single incident.

use std::error::Error;
use std::time::Instant;

use blotter_case::{Access, CaseFile, Filter, Place, Stamp};
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
    // Two reports share two of three words of the incident, in another order.
    let mut shared: Vec<&String> = e.words.iter().filter(|_| random.below(3) > 0).collect();
    for i in (1..shared.len()).rev() {
        shared.swap(i, random.below(i as u64 + 1) as usize);
    }
    let shared: Vec<&str> = shared.into_iter().map(String::as_str).collect();
    let text = format!(
        "{} killed in {town}\n\n{}, {}, was killed in {town}. {} {}.",
        e.killed,
        e.victim,
        e.age,
        shared.join(" "),
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
    let (path, sizes) = given.split_first().ok_or("usage: scale CASE.db [crowd] SIZE..")?;
    let mut case = CaseFile::open(path.parse::<Place>()?, Access::Create)?;
    match sizes.split_first() {
        Some((word, sizes)) if word == "crowd" => crowd(&mut case, &numbers(sizes)?),
        _ => growth(&mut case, &numbers(sizes)?),
    }
}

fn numbers(words: &[String]) -> Result<Vec<u64>, std::num::ParseIntError> {
    words.iter().map(|w| w.parse()).collect()
}

/// Milliseconds that passed and of the processor, a report each.
#[derive(Default)]
struct Times {
    passed: Vec<f64>,
    busy: Vec<f64>,
}

impl Times {
    fn file(&mut self, case: &mut CaseFile, reading: &Json) -> Result<(), blotter_case::Error> {
        let stamp = Stamp { at: "2024-01-01T00:00:00Z".to_owned(), set: true, by: None };
        let (began, had) = (Instant::now(), processor());
        case.add(reading, "example", &stamp)?;
        self.passed.push(began.elapsed().as_secs_f64() * 1e3);
        self.busy.push(processor() - had);
        Ok(())
    }

    fn told(&self) -> String {
        let mean = |times: &[f64]| times.iter().sum::<f64>() / times.len() as f64;
        let (passed, middle, busy) = (mean(&self.passed), median(&self.passed), mean(&self.busy));
        format!("add {passed:.2} ms (median {middle:.2}), processor {busy:.2} ms")
    }
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// So many incidents are filed in one transaction where nothing is measured.
const BATCH: u64 = 100;
/// Reports of the measured part at each size.
const MEASURED: u64 = 1000;

fn growth(case: &mut CaseFile, sizes: &[u64]) -> Result<(), Box<dyn Error>> {
    let mut random = Random(7);
    let (mut number, mut reports) = (0, 0_u64);
    let mut victim = String::new();
    for &size in sizes {
        case.wait_for_disk(false)?;
        let mut left = size.saturating_sub(number + MEASURED * 5 / 8);
        while left > 0 {
            let batch = left.min(BATCH);
            case.together(|case| {
                for _ in 0..batch {
                    number += 1;
                    let e = event(number, &mut random);
                    for copy in 0..1 + random.below(10) / 9 {
                        Times::default().file(case, &reading(&e, copy, &mut random))?;
                        reports += 1;
                    }
                }
                Ok(())
            })?;
            left -= batch;
        }
        case.wait_for_disk(true)?;
        let mut times = Times::default();
        while times.passed.len() < MEASURED as usize {
            number += 1;
            let e = event(number, &mut random);
            for copy in 0..[1, 1, 1, 2, 3][random.below(5) as usize] {
                times.file(case, &reading(&e, copy, &mut random))?;
                reports += 1;
            }
            victim = e.victim;
        }
        println!("{number} incidents, {reports} reports: {}", times.told());
        let some = |words: &str| Some(words.to_owned());
        let since = |since: &str, until: &str| Filter { since: some(since), until: some(until), ..Filter::default() };
        let newest = || Filter { limit: Some(20), ..Filter::default() };
        for (name, filter) in [
            ("three days", since("2010-06-01", "2010-06-03")),
            ("near, one year", Filter { near: Some((10.5, 20.5, 100.0)), ..since("2010-01-01", "2010-12-31") }),
            ("near, any time", Filter { near: Some((10.5, 20.5, 20.0)), ..newest() }),
            ("newest 20", newest()),
            ("newest 20, 3 killed", Filter { min_killed: Some(3), ..newest() }),
            ("newest 20, 10 killed (none)", Filter { min_killed: Some(10), ..newest() }),
            ("newest 20 of a type", Filter { kind: some("attack"), ..newest() }),
            ("newest 20 of a country", Filter { country: some("XX"), ..newest() }),
            ("newest 20 reviewed (none)", Filter { status: some("reviewed"), ..newest() }),
            ("a name", Filter { text: Some(victim.clone()), ..Filter::default() }),
        ] {
            let mut times = Vec::new();
            let mut found = 0;
            for _ in 0..9 {
                let began = Instant::now();
                found = case.list(&filter)?.len();
                times.push(began.elapsed().as_secs_f64() * 1e3);
            }
            println!("    {name}: {:.2} ms, the first time {:.2} ({found} found)", median(&times), times[0]);
        }
    }
    Ok(())
}

fn crowd(case: &mut CaseFile, sizes: &[u64]) -> Result<(), Box<dyn Error>> {
    let mut random = Random(7);
    let e = event(1, &mut random);
    let mut last = 0;
    for &size in sizes {
        let mut times = Times::default();
        for copy in last..size {
            if size - copy <= 100 {
                times.file(case, &told_later(&e, copy, &mut random))?;
            } else {
                Times::default().file(case, &told_later(&e, copy, &mut random))?;
            }
        }
        last = size;
        let clusters = case.clusters()?;
        println!("{size} reports of one incident, {} in the record: {}", clusters[0].main_for.len(), times.told());
        let began = Instant::now();
        let (record, _) = case.show(&clusters[0].incident, None)?;
        let shown = began.elapsed().as_secs_f64() * 1e3;
        println!("    show {shown:.0} ms, {} disagreements", record.disagreements.len());
    }
    let began = Instant::now();
    let incident = case.clusters()?[0].incident.clone();
    let changes = case.history(&incident)?.len();
    println!("    history: {changes} changes, {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}

/// A report of the incident some days later: its own outlet and place in the town, a toll that rises.
fn told_later(e: &Event, copy: u64, random: &mut Random) -> Json {
    let day = 1 + copy / 40 % 28;
    let killed = 1 + copy / 50 + random.below(2);
    let site = format!("{} market", capital(&random.word(3)));
    let town = (if copy.is_multiple_of(3) { site } else { e.town.0.clone() }, e.town.1, e.town.2);
    let event = Event {
        number: e.number,
        day: e.day.clone(),
        town,
        victim: if copy.is_multiple_of(2) {
            e.victim.clone()
        } else {
            format!("{} {}", capital(&random.word(3)), capital(&random.word(4)))
        },
        age: e.age,
        killed,
        words: e.words.clone(),
    };
    let mut reading = reading(&event, copy, random);
    reading["report"]["published"] = json!(format!("{}-{day:02}", &e.day[..7]));
    reading["report"]["publisher"] = json!(format!("Outlet {}", copy % 300));
    reading
}
