//! Codebooks over hand-made readings: what counts, what it is called, which fields are filled.

use blotter_core::codebook::Codebook;
use blotter_core::data::Data;
use blotter_core::facts::{Count, Fact, Field, Harm, Incident, Party, Relation, Status, TollSummary, Value};
use blotter_core::layers::entities::{Entity, EntityKind, Form, Mention};
use blotter_core::text::{DateSource, ReportDate};
use blotter_core::{Reader, Reading, Report, Span};
use serde_json::json;

const TEXT: &str = "A bomb wrecked the customs house of Puerto Alba on Monday and hurt the clerk Ines Ravel. \
The Red Lantern Front said it had planted the bomb. Ravel was treated at home.";

fn read(text: &str) -> Reading {
    let reader = Reader::load(Data { weights: &[], gazetteer: &[] }).expect("built-in data");
    let published = Some(ReportDate { value: "2024-05-07".to_owned(), source: DateSource::Input });
    let mut reading =
        reader.read(Report { id: "r1".to_owned(), text: text.to_owned(), published, ..Report::default() });
    // The fixtures below bring their own.
    reading.entities.clear();
    reading.events.clear();
    reading.attributions.clear();
    reading.incidents.clear();
    reading
}

fn span(text: &str, words: &str) -> Span {
    let start = text.find(words).expect("words of the text");
    Span::new(start, start + words.len())
}

fn entity(kind: EntityKind, name: &str, mentions: &[(&str, Form)]) -> Entity {
    let mentions = mentions.iter().map(|(words, form)| Mention { span: span(TEXT, words), form: *form }).collect();
    Entity {
        kind,
        name: name.to_owned(),
        title: None,
        country: None,
        group: None,
        age: None,
        gender: None,
        number: None,
        mentions,
    }
}

fn fact(field: Field, value: Value, words: &str) -> Fact {
    Fact {
        field,
        value,
        status: Status::Reported,
        sources: Vec::new(),
        denied_by: Vec::new(),
        evidence: vec![span(TEXT, words)],
        confidence: 0.9,
        why: "by hand".to_owned(),
    }
}

fn party(entity: usize, name: &str, kind: EntityKind, harm: Option<Harm>) -> Value {
    Value::Party(Box::new(Party {
        entity: Some(entity),
        name: name.to_owned(),
        kind,
        number: None,
        age: None,
        gender: None,
        harm,
        group: None,
    }))
}

fn incident(type_code: &str, day: &str) -> Incident {
    let when = Value::When {
        start: Some(day.to_owned()),
        end: Some(day.to_owned()),
        precision: blotter_core::layers::times::Precision::Day,
        timex: day.to_owned(),
    };
    Incident {
        relation: Relation::Main,
        summary: "A bomb wrecked the customs house.".to_owned(),
        facts: vec![
            fact(Field::Type, Value::Code(type_code.to_owned()), "bomb"),
            fact(Field::When, when, "on Monday"),
            fact(Field::Target, party(0, "customs house", EntityKind::Facility, None), "customs house"),
            fact(Field::Victim, party(1, "Ines Ravel", EntityKind::Person, Some(Harm::Wounded)), "Ines Ravel"),
            fact(
                Field::Responsibility,
                Value::Responsibility { party: Some((Some(2), "Red Lantern Front".to_owned())), stance: "claimed" },
                "Red Lantern Front",
            ),
            fact(
                Field::Weapon,
                Value::Weapon { entity: None, name: "bomb".to_owned(), kind: "explosive", number: None },
                "bomb",
            ),
        ],
        toll: TollSummary { killed: None, wounded: Some(Count::exactly(1)), ..TollSummary::default() },
    }
}

fn reading(type_code: &str, day: &str) -> Reading {
    let mut reading = read(TEXT);
    reading.entities = vec![
        entity(EntityKind::Facility, "customs house", &[("the customs house of Puerto Alba", Form::Nominal)]),
        entity(EntityKind::Person, "Ines Ravel", &[("the clerk Ines Ravel", Form::Name), ("Ravel was", Form::Name)]),
        entity(
            EntityKind::Organization,
            "Red Lantern Front",
            &[("The Red Lantern Front", Form::Name), ("it", Form::Pronoun)],
        ),
    ];
    reading.incidents = vec![incident(type_code, day)];
    reading
}

#[test]
fn built_in_codebooks_parse() {
    for name in Codebook::builtin_names() {
        let path = format!("{}/data/codebooks/{name}.codebook", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("the codebook's file");
        if let Err(fault) = Codebook::parse(name, &text) {
            panic!("{fault}");
        }
        assert!(Codebook::builtin(name).is_some(), "{name}");
    }
}

#[test]
fn muc4_lists_every_string_of_each_entity() {
    let rows = Codebook::builtin("muc4").expect("muc4").apply(&reading("attack/bombing", "2024-05-06"));
    assert_eq!(
        rows,
        [json!({
            "incident_type": "bombing",
            "PerpInd": [],
            "PerpOrg": [["The Red Lantern Front"]],
            "Target": [["the customs house of Puerto Alba"]],
            "Victim": [["the clerk Ines Ravel", "Ravel was"]],
            "Weapon": [["bomb"]],
        })]
    );
}

#[test]
fn muc4_leaves_out_what_is_irrelevant() {
    let muc4 = Codebook::builtin("muc4").expect("muc4");
    assert!(muc4.apply(&reading("accident", "2024-05-06")).is_empty());
    assert!(muc4.apply(&reading("clash", "2024-05-06")).is_empty());
    assert!(muc4.apply(&reading("attack/bombing", "2024-01-06")).is_empty(), "older than two months");
    let mut background = reading("attack/bombing", "2024-05-06");
    background.incidents[0].relation = Relation::Background;
    assert!(muc4.apply(&background).is_empty());
}

#[test]
fn acled_fills_its_columns() {
    let mut reading = reading("attack/bombing", "2024-05-06");
    let acled = |reading: &Reading| Codebook::builtin("acled").expect("acled").apply(reading).remove(0);
    let row = acled(&reading);
    assert_eq!(row["event_type"], "Explosions/Remote violence");
    assert_eq!(row["sub_event_type"], "REM_EXPLOS");
    assert_eq!(row["actor1"], "Red Lantern Front");
    assert_eq!(row["actor2"], "customs house");
    assert_eq!(row["event_date"], "2024-05-06");
    assert_eq!(row["fatalities"], 0);
    reading.incidents[0].toll.killed = Some(Count { min: Some(2), best: None, max: None });
    assert_eq!(acled(&reading)["fatalities"], 2);
    let export = Codebook::builtin("acled-export").expect("acled-export").apply(&reading).remove(0);
    assert_eq!(export["sub_event_type"], "Remote explosive/landmine/IED");
    assert_eq!(export["time_precision"], 1);
}

/// Texts without incidents of the record, and what the words alone make of them.
#[test]
fn acled_reads_words_where_there_is_no_incident() {
    for (text, label) in [
        ("On 3 May, farmers held a sit-in at the gate of the dairy in Velo.", "PEACE_PROTEST"),
        ("Police fired tear gas at demonstrators on the bridge of Velo.", "PROTEST_WITH_INTER"),
        ("Soldiers recaptured the town of Velo from the rebels.", "GOV_REGAINS_TERIT"),
        ("Two brothers were kidnapped on the road to Velo.", "ABDUCT_DISSAP"),
        ("Warplanes struck a market in Velo.", "AIR_STRIKE"),
        ("An earthquake shook Velo.", "NATURAL_DISASTER"),
        ("The two groups signed a truce in Velo.", "AGREEMENT"),
    ] {
        let rows = Codebook::builtin("acled").expect("acled").apply(&read(text));
        assert_eq!(rows.first().map(|r| r["sub_event_type"].clone()), Some(json!(label)), "{text}");
    }
}

#[test]
fn plover_codes_who_did_what_to_whom() {
    for (text, event, actor, recipient) in [
        ("Lundia has accused Maravel of smuggling grain.", "ACCUSE", "Lundia", "Maravel"),
        ("Maravel was accused by Lundia.", "ACCUSE", "Lundia", "Maravel"),
        ("Lundia agreed to withdraw its troops from Maravel.", "AGREE", "Lundia", "Maravel"),
        ("The council of Lundia refused to release the sailors.", "REJECT", "The council of Lundia", "the sailors"),
        (
            "On Tuesday President Orla Venn met the king of Maravel in Velo.",
            "CONSULT",
            "On Tuesday President Orla Venn",
            "the king of Maravel",
        ),
        ("Lundia threatened to bomb Maravel.", "THREATEN", "Lundia", "Maravel"),
        ("Lundia called on Maravel to free the pilots.", "REQUEST", "Lundia", "Maravel"),
    ] {
        let rows = Codebook::builtin("plover").expect("plover").apply(&read(text));
        let first = rows.first().unwrap_or_else(|| panic!("no row: {text}"));
        assert_eq!(
            (&first["event"], &first["actor"], &first["recipient"]),
            (&json!(event), &json!(actor), &json!(recipient)),
            "{text}"
        );
    }
    assert!(Codebook::builtin("plover").expect("plover").apply(&read("The lake froze early this year.")).is_empty());
}

#[test]
fn faults_name_their_line() {
    for (text, fault) in [
        ("incident = label", "mine:1: a codebook begins with a section such as [about] or [types]"),
        (
            "[kinds]",
            "mine:1: [kinds] is no section; there are about, count, heads, phrases, types, events, stances, verbs, leads, values, columns",
        ),
        ("[types]\n# a comment\nattack/* if has foe = x", "mine:3: `foe` is no field of the record"),
        ("[types]\nattack/* if says $SHOTS = x", "mine:2: no list `SHOTS` above in [phrases]"),
        ("[types]\nattack/* = x", "mine:2: no [columns]: a row needs at least one"),
        ("[columns]\ndead = toll weapon", "mine:2: `weapon` has no toll"),
        (
            "[columns]\ndead = toll killed most",
            "mine:2: `most` is no part of toll; there are best, min, max, low, high",
        ),
        (
            "[about]\nlike = cameo",
            "mine:2: no built-in codebook `cameo`; there are muc4, acled, acled-export, plover, plover-export, \
             polecat-export, ucdp-export, gtd-export, hxl",
        ),
        ("[values]\na = 1\n[columns]\nb = value c", "mine:4: no value `c` above in [values]"),
        (
            "[columns]\nb = 1 if maybe",
            "mine:2: `maybe` is no condition; there are `has FIELD WORDS`, `says PHRASES`, \
             `report says PHRASES`, `is LABEL`, `killed > N`",
        ),
        ("[count]\nrelation = main, minor", "mine:2: `minor` is no relation"),
        ("[verbs]\nHIT = (a b", "mine:2: `(a b`: a bracket is not closed"),
    ] {
        assert_eq!(Codebook::parse("mine", text).expect_err(text).to_string(), fault);
    }
}

#[test]
fn a_codebook_may_change_a_built_in_one() {
    let text =
        "[about]\nlike = muc4\n[columns]\nkind = label\nvictims = joined victim\ndead = toll killed or \"unknown\"\n";
    let rows = Codebook::parse("mine", text).expect("a codebook").apply(&reading("attack/bombing", "2024-05-06"));
    assert_eq!(rows, [json!({ "kind": "bombing", "victims": "Ines Ravel", "dead": "unknown" })]);
}

#[test]
fn any_text_is_coded_without_a_fault() {
    for text in
        ["", ".", "\u{301}", "by by by was was", "’s", "was accused by", "agreed to", "...:;,—", "a\n\nb\0c\u{2028}d"]
    {
        for name in Codebook::builtin_names() {
            let _ = Codebook::builtin(name).expect("built in").apply(&read(text));
        }
    }
}
