//! A Reading made by hand, for the tests of the views.

use blotter_core::data::Data;
use blotter_core::facts::{
    Count, Fact, Field, Harm, Incident, Party, PlacePrecision, Relation, Scope, Source, Status, Toll, TollSummary,
    Value, Where,
};
use blotter_core::layers::attributions::Attribution;
use blotter_core::layers::entities::EntityKind;
use blotter_core::layers::times::Precision;
use blotter_core::{Reader, Reading, Report, Span};

const TEXT: &str = "\
Drones hit harbour office

Drones struck the harbour office in Port Kesh late on Tuesday.

Four of her guards were hurt, two officials told Coast News Agency. \"I am well\", she said on state radio.

The drones were packed with explosives. It was not clear who sent them.";

fn span(words: &str) -> Span {
    let start = TEXT.find(words).expect("words of the text");
    Span::new(start, start + words.len())
}

fn fact(field: Field, value: Value, words: &str, sources: &[(&str, &[&str])]) -> Fact {
    let sources = sources.iter().map(|(name, via)| Source {
        attribution: None,
        name: (*name).to_owned(),
        via: via.iter().map(|v| (*v).to_owned()).collect(),
    });
    Fact {
        field,
        value,
        status: Status::Reported,
        sources: sources.collect(),
        denied_by: Vec::new(),
        evidence: vec![span(words)],
        confidence: 0.9,
        why: "made by hand".to_owned(),
    }
}

/// The report of a drone attack with eight facts.
pub fn reading() -> Reading {
    let place = Where {
        name: "harbour office".to_owned(),
        within: vec!["Port Kesh".to_owned()],
        geonames_id: None,
        lat: Some(19.62),
        lon: Some(37.22),
        country: Some("SD".to_owned()),
        admin1: None,
        precision: PlacePrecision::Site,
        radius_km: Some(1.0),
        settlement: Some("Port Kesh".to_owned()),
        inferred: false,
    };
    let when = Value::When {
        start: Some("2024-03-12".to_owned()),
        end: Some("2024-03-12".to_owned()),
        precision: Precision::PartOfDay,
        timex: "2024-03-12TEV".to_owned(),
    };
    let target = Party {
        entity: None,
        name: "Governor Amal Idris".to_owned(),
        kind: EntityKind::Person,
        number: None,
        age: None,
        gender: None,
        harm: Some(Harm::Unharmed),
        group: Some("government"),
    };
    let toll = Toll {
        count: Count::exactly(4),
        who: Some("guards".to_owned()),
        entity: None,
        group: None,
        scope: Scope::Total,
        beside: false,
        attackers: false,
    };
    let weapon =
        Value::Weapon { entity: None, name: "2 drones".to_owned(), kind: "drone", number: Some(Count::exactly(2)) };
    let mut facts = vec![
        fact(Field::Type, Value::Code("attack/drone".to_owned()), "Drones struck", &[]),
        fact(Field::Stage, Value::Code("attempted".to_owned()), "I am well", &[]),
        fact(Field::When, when, "late on Tuesday", &[]),
        fact(Field::Where, Value::Where(Box::new(place)), "the harbour office in Port Kesh", &[]),
        fact(Field::Target, Value::Party(Box::new(target)), "I am well", &[("she said", &["state radio"])]),
        fact(
            Field::Wounded,
            Value::Toll(Box::new(toll)),
            "Four of her guards were hurt",
            &[("two officials", &["Coast News Agency"])],
        ),
        fact(Field::Weapon, weapon, "packed with explosives", &[("the provincial government", &[])]),
        fact(
            Field::Responsibility,
            Value::Responsibility { party: None, stance: "unknown" },
            "It was not clear who sent them",
            &[],
        ),
    ];
    facts[6].status = Status::Alleged;
    facts[7].status = Status::Unknown;
    facts[7].confidence = 0.4;
    // Read without model and gazetteer, so that the layers' own parts need not be made by hand; then replaced.
    let reader = Reader::load(Data { weights: &[], gazetteer: &[] }).expect("rules");
    let report =
        Report { text: TEXT.to_owned(), headline: Some(span("Drones hit harbour office")), ..Report::default() };
    let mut reading = reader.read(report);
    reading.attributions = vec![Attribution::default()];
    reading.incidents =
        vec![Incident { relation: Relation::Main, summary: String::new(), facts, toll: TollSummary::default() }];
    reading
}
