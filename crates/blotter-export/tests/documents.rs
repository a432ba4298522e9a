//! STIX, feeds and bundles, read back; what is withheld, withheld from every format.

mod common;

use std::io::{Cursor, Write};

use blotter_case::Tlp;
use blotter_case::decide::Decision;
use blotter_case::{CaseFile, Filter};
use blotter_export::{FORMATS, Options, Policy, Redaction, Selection, bundle};
use common::{case, export, incident, plain, stamp, under, unpacked};
use serde_json::{Value as Json, json};
use zip::write::SimpleFileOptions;

fn stix(case: &CaseFile) -> Vec<Json> {
    let bundle: Json = serde_json::from_slice(&export(case, "stix", &Options::default())).expect("JSON");
    bundle["objects"].as_array().expect("objects").clone()
}

fn id_of(objects: &[Json], incident: &str) -> Json {
    let is = |o: &&Json| o["type"] == "incident" && o["external_references"][0]["external_id"] == incident;
    objects.iter().find(is).cloned().unwrap_or_else(|| panic!("{incident}"))
}

#[test]
fn an_incident_keeps_its_id_and_changes_with_modified() {
    let (_folder, mut case) = case();
    let bomb = incident(&case, "press-1");
    let before = stix(&case);
    assert_eq!(before, stix(&case));
    let was = id_of(&before, &bomb);
    case.decide(&Decision::Comment(bomb.clone(), "call the clinic".to_owned()), None, &stamp("2024-08-01T00:00:00Z"))
        .expect("noted");
    let after = stix(&case);
    let is = id_of(&after, &bomb);
    assert_eq!((&was["id"], &was["created"]), (&is["id"], &is["created"]));
    assert_eq!(is["modified"], "2024-08-01T00:00:00.000Z");
    assert!(was["modified"].as_str() < is["modified"].as_str());
    // What an incident refers to is there, and nothing is there twice.
    let mut ids: Vec<&str> = after.iter().map(|o| o["id"].as_str().expect("an id")).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
    for object in &after {
        for name in ["source_ref", "target_ref", "sighting_of_ref", "created_by_ref"] {
            if let Some(to) = object[name].as_str() {
                assert!(ids.binary_search(&to).is_ok(), "{name} {to}");
            }
        }
        for to in ["object_refs", "where_sighted_refs", "object_marking_refs"]
            .iter()
            .flat_map(|n| object[n].as_array())
            .flatten()
        {
            assert!(ids.binary_search(&to.as_str().expect("an id")).is_ok(), "{to}");
        }
    }
    let kinds =
        ["incident", "report", "location", "identity", "relationship", "sighting", "note", "marking-definition"];
    for kind in kinds {
        assert!(after.iter().any(|o| o["type"] == kind), "{kind}");
    }
    let gone = id_of(&after, &incident(&case, "radio-2"));
    assert_eq!(gone["revoked"], true);
    let note = after.iter().find(|o| o["type"] == "note" && o["content"] == "call the clinic").expect("a note");
    assert_eq!(note["authors"][0], "Ann");
}

#[test]
fn feeds_tell_of_every_change_once() {
    let (_folder, mut case) = case();
    let [bomb, march, guard] = ["press-1", "press-2", "radio-2"].map(|r| incident(&case, r));
    let items = |case: &CaseFile, since: Option<&str>| -> Vec<(String, String, String)> {
        let options = Options { new_since: since.map(str::to_owned), ..Options::default() };
        let feed: Json = serde_json::from_slice(&export(case, "feed-json", &options)).expect("JSON");
        let text = |v: &Json| v.as_str().expect("text").to_owned();
        let items = feed["items"].as_array().expect("items").iter();
        items.map(|i| (text(&i["id"]), text(&i["_blotter"]["incident"]), text(&i["_blotter"]["change"]))).collect()
    };
    let first = items(&case, None);
    let told: Vec<(&str, &str)> = first.iter().map(|(_, i, what)| (i.as_str(), what.as_str())).collect();
    let expected =
        [(&guard, "withdrawn"), (&march, "added"), (&bomb, "updated"), (&bomb, "added")].map(|(i, w)| (i.as_str(), w));
    assert_eq!(told, expected);
    case.decide(&Decision::Link(bomb.clone(), march.clone()), Some("one"), &stamp("2024-08-01T00:00:00Z"))
        .expect("one");
    let later = items(&case, Some("2024-07-15T00:00:00Z"));
    let told: Vec<(&str, &str)> = later.iter().map(|(_, i, what)| (i.as_str(), what.as_str())).collect();
    assert_eq!(told.len(), 2);
    assert!(told.contains(&(march.as_str(), "merged")) && told.contains(&(bomb.as_str(), "updated")), "{told:?}");
    // What was told before keeps its id.
    let all = items(&case, None);
    for known in first.iter().filter(|(_, i, _)| *i != march) {
        assert!(all.contains(known), "{known:?}");
    }
    let atom = String::from_utf8(export(&case, "feed", &Options::default())).expect("UTF-8");
    assert_eq!(atom.matches("<entry>").count(), all.len());
    assert!(all.iter().all(|(id, ..)| atom.contains(&format!("<id>{id}</id>"))));
    let mut reader = quick_xml::Reader::from_str(&atom);
    while reader.read_event().expect("well-formed") != quick_xml::events::Event::Eof {}
}

fn packed(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).expect("a member");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("whole").into_inner()
}

fn faults(bytes: &[u8]) -> Vec<String> {
    let found = bundle::verify(Cursor::new(bytes)).expect("a bundle").faults;
    found.into_iter().map(|f| format!("{}: {}", f.what, f.reason)).collect()
}

/// The checksum of a member as the manifest should have it now.
fn rehashed(members: &mut [(String, Vec<u8>)], name: &str) {
    let sum = blotter_case::sha256(&members.iter().find(|(n, _)| n == name).expect("a member").1);
    let (_, manifest) = members.iter_mut().find(|(n, _)| n == "manifest.json").expect("a manifest");
    let mut json: Json = serde_json::from_slice(manifest).expect("JSON");
    for member in json["members"].as_array_mut().expect("members") {
        if member["name"] == name {
            member["sha256"] = sum.clone().into();
        }
    }
    *manifest = json.to_string().into_bytes();
}

fn changed(members: &mut [(String, Vec<u8>)], name: &str, from: &str, to: &str) {
    let (_, bytes) = members.iter_mut().find(|(n, _)| n == name).expect("a member");
    let text = String::from_utf8(bytes.clone()).expect("UTF-8");
    assert!(text.contains(from), "{name} holds no {from}");
    *bytes = text.replacen(from, to, 1).into_bytes();
}

#[test]
fn a_bundle_tells_of_whatever_was_changed_in_it() {
    let (_folder, mut case) = case();
    let noted = Decision::Comment(incident(&case, "press-1"), "call the clinic".to_owned());
    case.decide(&noted, None, &stamp("2024-08-01T00:00:00Z")).expect("noted");
    let options = Options { with_texts: true, made: Some("2024-09-01T00:00:00Z".to_owned()), ..Options::default() };
    let whole = export(&case, "bundle", &options);
    let checked = bundle::verify(Cursor::new(&whole[..])).expect("a bundle");
    assert_eq!(checked.faults, []);
    assert_eq!(checked.incidents, 2);
    assert!(checked.quotes[0] > 10 && checked.quotes[0] == checked.quotes[1], "{:?}", checked.quotes);
    assert!(checked.rows[0] >= 3 && checked.rows[0] == checked.rows[1]);
    let bare = bundle::verify(Cursor::new(export(&case, "bundle", &Options::default()))).expect("a bundle");
    assert_eq!((bare.faults.len(), bare.quotes[1]), (0, 0));
    let members = unpacked(&whole);

    // A byte flipped in any member, whatever it is.
    for (at, (name, bytes)) in members.iter().enumerate() {
        let mut members = members.clone();
        members[at].1[bytes.len() / 2] ^= 1;
        match bundle::verify(Cursor::new(packed(&members))) {
            Ok(checked) => assert!(!checked.faults.is_empty(), "{name}"),
            Err(error) => assert_eq!(name, "manifest.json", "{error}"),
        }
    }
    // A byte flipped in the zip itself.
    let mut flipped = whole.clone();
    flipped[200] ^= 1;
    assert!(bundle::verify(Cursor::new(&flipped[..])).map_or(true, |c| !c.faults.is_empty()));
    // A member dropped, one added.
    for at in 0..members.len() {
        let mut members = members.clone();
        let (name, _) = members.remove(at);
        match bundle::verify(Cursor::new(packed(&members))) {
            Ok(checked) => {
                assert!(checked.faults.iter().any(|f| f.what == name && f.reason.contains("missing")), "{name}")
            }
            Err(_) => assert_eq!(name, "manifest.json"),
        }
    }
    let mut more = members.clone();
    more.push(("extra.txt".to_owned(), b"x".to_vec()));
    assert!(faults(&packed(&more)).iter().any(|f| f.starts_with("extra.txt")));
    // Changed in one place, with the checksum made to fit.
    for (name, from, to, told) in [
        ("quotes.jsonl", "Five people died", "Nine people died", "is not what the record holds"),
        ("records.jsonl", "Five people died", "Nine people died", "is not what the record holds"),
        ("reports.jsonl", "\"sha256\":\"", "\"sha256\":\"0", "names another text"),
        ("decisions.jsonl", "call the clinic", "call the police", "is not what its row of the ledger says"),
        ("decisions.jsonl", "\"decision\":\"D", "\"decision\":\"D9", "has no row of the ledger"),
        ("ledger.jsonl", "press-1", "press-9", "is not what its hash says"),
        ("ledger.jsonl", "\"hash\":\"", "\"hash\":\"0", "is not what its hash says"),
    ] {
        let mut members = members.clone();
        changed(&mut members, name, from, to);
        rehashed(&mut members, name);
        let found = faults(&packed(&members));
        assert!(found.iter().any(|f| f.contains(told)), "{name}: {found:?}");
    }
    // Record and quotes changed together: the text knows better.
    let mut both = members.clone();
    for name in ["quotes.jsonl", "records.jsonl"] {
        changed(&mut both, name, "Five people died", "Nine people died");
        rehashed(&mut both, name);
    }
    assert!(faults(&packed(&both)).iter().any(|f| f.contains("does not stand where it says")));
    assert!(bundle::verify(Cursor::new(b"no zip")).is_err());
}

/// Changes a JSON member as `change` does, line by line, and its checksum with it.
fn altered(members: &[(String, Vec<u8>)], name: &str, change: &dyn Fn(&mut Json)) -> Vec<String> {
    let mut members = members.to_vec();
    let (_, bytes) = members.iter_mut().find(|(n, _)| n == name).expect("a member");
    let text = String::from_utf8(bytes.clone()).expect("UTF-8");
    let parts: Vec<&str> = if name == "manifest.json" { vec![&text] } else { text.lines().collect() };
    let lines = parts.into_iter().map(|part| {
        let mut json: Json = serde_json::from_str(part).expect("JSON");
        change(&mut json);
        format!("{json}\n")
    });
    *bytes = lines.collect::<String>().into_bytes();
    if name != "manifest.json" {
        rehashed(&mut members, name);
    }
    faults(&packed(&members))
}

#[test]
fn a_record_agrees_with_itself_and_the_manifest_with_all() {
    let (_folder, mut case) = case();
    let bomb = incident(&case, "press-1");
    let marked = Decision::Tlp(bomb.clone(), Tlp::Green);
    case.decide(&marked, Some("for the community"), &stamp("2024-08-01T00:00:00Z")).expect("marked");
    let members = unpacked(&export(&case, "bundle", &Options { with_texts: true, ..Options::default() }));
    assert_eq!(faults(&packed(&members)), [""; 0]);
    let is_bomb = |record: &Json| record["incident"] == bomb.as_str();
    for (name, change, told) in [
        ("best", json!({ "killed": { "min": 9, "best": 9, "max": 9 } }), "has under best killed"),
        ("best", json!({ "victim": [] }), "has under best victim"),
        ("best", json!({ "weapon": null }), "has under best weapon"),
        ("best", json!({ "missing": { "min": 1, "best": 1, "max": 1 } }), "has under best missing"),
        ("tlp", json!({ "level": "red" }), "is marked red, above the manifest's tlp"),
        ("as_of", json!("2024-01-01T00:00:00Z"), "not of the moment that the manifest names"),
    ] {
        let found = altered(&members, "records.jsonl", &|record| {
            if !is_bomb(record) {
                return;
            }
            match change.as_object() {
                Some(parts) => parts.iter().for_each(|(part, value)| record[name][part] = value.clone()),
                None => record[name] = change.clone(),
            }
        });
        assert!(
            found.iter().any(|f| f.starts_with(&format!("record {bomb}")) && f.contains(told)),
            "{told}: {found:?}"
        );
    }
    // A value that is taken back, with what is best left as it was.
    let found = altered(&members, "records.jsonl", &|record| {
        if is_bomb(record) {
            record["fields"]["type"][0]["status"] = json!("denied");
        }
    });
    assert!(found.iter().any(|f| f.contains("has under best type")), "{found:?}");
    for (flag, value, told) in [
        ("as_of", json!("2024-01-01T00:00:00Z"), "(as_of)"),
        ("tlp", json!("clear"), "above the manifest's tlp"),
        ("tlp", json!("red"), "its records only green (tlp)"),
        ("tlp", json!("purple"), "names no level of sharing (tlp)"),
        ("redacted", json!(["victims"]), "which the manifest says are redacted"),
        ("redacted", json!(["all"]), "what is no kind of redaction"),
        ("with_bodies", json!(false), "(with_bodies)"),
        ("as_of", json!("2024-03-12T11:00:00Z"), "after the moment that the manifest names (as_of)"),
        ("with_texts", json!(false), "(with_texts)"),
        ("case", json!("00"), "names another case file (case)"),
        ("incidents", json!(7), "counts 7 incidents"),
    ] {
        let found = altered(&members, "manifest.json", &|manifest| manifest[flag] = value.clone());
        assert!(found.iter().any(|f| f.contains(told)), "{flag}: {found:?}");
    }
    let bare = unpacked(&export(&case, "bundle", &Options::default()));
    let found = altered(&bare, "manifest.json", &|manifest| manifest["with_texts"] = json!(true));
    assert!(found.iter().any(|f| f.contains("is missing, though the manifest says")), "{found:?}");
    let policy = Policy { redact: Redaction::ALL.to_vec(), ..Policy::default() };
    let redacted = unpacked(&under(&case, "bundle", &Options::default(), policy).0);
    assert_eq!(faults(&packed(&redacted)), [""; 0]);
    let found = altered(&redacted, "manifest.json", &|manifest| manifest["redacted"] = json!([]));
    assert!(found.iter().any(|f| f.contains("is redacted, which the manifest does not say")), "{found:?}");
    let found = altered(&redacted, "records.jsonl", &|record| {
        if is_bomb(record) {
            record["fields"]["victim"][0]["value"]["name"] = json!("Samira Nour");
        }
    });
    assert!(found.iter().any(|f| f.contains("names a victim, which the manifest says is redacted")), "{found:?}");
}

#[test]
fn what_is_marked_above_the_level_is_left_out_everywhere() {
    let (_folder, mut case) = case();
    let [bomb, march] = ["press-1", "press-2"].map(|r| incident(&case, r));
    let marked = |case: &mut CaseFile, id: &str, level, at: &str| {
        case.decide(&Decision::Tlp(id.to_owned(), level), Some("names of witnesses"), &stamp(at)).expect("marked").0
    };
    let decision = marked(&mut case, &bomb, Tlp::Red, "2024-08-01T00:00:00Z");
    for one in FORMATS {
        let amber = Policy { tlp: Some(Tlp::Amber), ..Policy::default() };
        let (bytes, withheld) = under(&case, one.name, &Options::default(), amber);
        // Compressed formats are looked at as they are unpacked.
        let unpacked = plain(one.name, &bytes);
        assert!(!unpacked.contains("Port Kesh") && !unpacked.contains("seven dead"), "{}", one.name);
        assert_eq!(withheld, 1, "{}", one.name);
    }
    // A marking says what may be handed out today, whatever moment is looked at, and follows the reports.
    let policy = Policy { tlp: Some(Tlp::Green), ..Policy::default() };
    let old = Selection::under(
        case.snapshot(Some("2024-03-13T00:00:00Z")).expect("a state"),
        Filter::default(),
        policy.clone(),
    );
    old.each(&mut |item| panic!("{}", item.record.incident)).expect("walked");
    drop(old);
    case.decide(&Decision::Link(march.clone(), bomb.clone()), Some("one"), &stamp("2024-08-02T00:00:00Z"))
        .expect("one");
    assert_eq!(under(&case, "csv", &Options::default(), policy.clone()).1, 1);
    marked(&mut case, &march, Tlp::Clear, "2024-08-03T00:00:00Z");
    assert_eq!(under(&case, "csv", &Options::default(), policy.clone()).1, 0);
    case.decide(&Decision::Undo(decision + 2), None, &stamp("2024-08-04T00:00:00Z")).expect("undone");
    assert_eq!(under(&case, "csv", &Options::default(), policy).1, 1);
    assert_eq!(case.show(&march, None).expect("a record").0.tlp.expect("marked").level, Tlp::Red);
}

#[test]
fn every_sentence_of_a_brief_has_a_note() {
    let (_folder, mut case) = case();
    let bomb = incident(&case, "press-1");
    case.decide(&Decision::Comment(bomb.clone(), "call the <clinic>".to_owned()), None, &stamp("2024-08-01T00:00:00Z"))
        .expect("noted");
    for since in [None, Some("2024-03-12T11:00:00Z"), Some("2024-04-01T00:00:00Z")] {
        let options = Options { new_since: since.map(str::to_owned), ..Options::default() };
        let page = String::from_utf8(export(&case, "brief", &options)).expect("UTF-8");
        let sentences: Vec<&str> =
            page.split("<span class=\"s\">").skip(1).map(|s| s.split("</span>").next().expect("s")).collect();
        assert!(sentences.len() > 3, "{since:?}");
        for sentence in sentences {
            assert!(sentence.contains("<sup><a href=\"#n"), "{since:?}: {sentence}");
        }
        // Every note that is referred to is there, once, and says something.
        for reference in page.split("href=\"#n").skip(1).map(|r| r.split('"').next().expect("a number")) {
            assert_eq!(page.matches(&format!("<li id=\"n{reference}\"")).count(), 1, "{reference}");
        }
        assert!(!page.contains("<q></q>") && !page.contains("<script") && !page.contains("<clinic>"), "{since:?}");
        let paper = String::from_utf8(export(&case, "brief-md", &options)).expect("UTF-8");
        assert_eq!(paper.matches("]: \"").count(), page.matches("<li id=").count(), "{since:?}");
    }
    let page = String::from_utf8(export(&case, "brief", &Options::default())).expect("UTF-8");
    assert!(page.contains("Reports differ about the number killed: "));
    assert!(
        page.contains("5 according to police (Kesh Press)") && page.contains("7 according to a doctor (Radio Kesh)")
    );
    assert!(page.contains("<svg") && page.contains("A bombing was reported in Port Kesh (SD) on 12 March 2024."));
    let options = Options { new_since: Some("2024-03-12T11:00:00Z".to_owned()), ..Options::default() };
    let page = String::from_utf8(export(&case, "brief", &options)).expect("UTF-8");
    assert!(
        page.contains("The number killed is given as 7 now; it was 5.")
            || page.contains("A report came in from Radio Kesh."),
        "{page}"
    );
    assert!(page.contains("<h2>Withdrawn</h2>"));
}
