//! Where and when an incident was, read without a model from our own sentences about invented towns.

use blotter_core::data::Data;
use blotter_core::facts::{Field, PlacePrecision, Value, Where};
use blotter_core::layers::times::Precision;
use blotter_core::text::{DateSource, ReportDate};
use blotter_core::{Reader, Reading, Report, Span};

static GAZETTEER: &[u8] = include_bytes!("../../../data/gazetteer.bin");

/// A report published on Wednesday 13 March 2024, with its dateline where it begins with one.
fn read(text: &str, dateline: Option<&str>) -> Reading {
    let reader = Reader::load(Data { weights: &[], gazetteer: GAZETTEER }).expect("the data");
    let report = Report {
        text: text.to_owned(),
        dateline: dateline.map(|words| Span::new(0, words.len())),
        published: Some(ReportDate { value: "2024-03-13".to_owned(), source: DateSource::Input }),
        ..Report::default()
    };
    reader.read(report)
}

fn values(reading: &Reading, field: Field) -> Vec<&Value> {
    reading.incidents.iter().flat_map(|i| &i.facts).filter(|f| f.field == field).map(|f| &f.value).collect()
}

fn place(reading: &Reading) -> Where {
    match values(reading, Field::Where)[..] {
        [Value::Where(place), ..] => (**place).clone(),
        _ => panic!("no place"),
    }
}

fn time(reading: &Reading) -> (Option<String>, Precision, String) {
    match values(reading, Field::When)[..] {
        [Value::When { start, precision, timex, .. }, ..] => (start.clone(), *precision, timex.clone()),
        _ => panic!("no time"),
    }
}

#[test]
fn a_dateline_names_a_place_that_no_gazetteer_has() {
    let dateline = "PORT VARROW, Sudan (Coast Wire) —";
    let text = format!("{dateline} Gunmen killed two guards in Port Varrow on Tuesday. Port Varrow is calm now.");
    let reading = read(&text, Some(dateline));
    let place = place(&reading);
    assert_eq!((place.name.as_str(), place.country.as_deref()), ("Port Varrow", Some("SD")));
    assert_eq!((place.lat, place.lon, place.geonames_id), (None, None, None));
    assert_eq!(place.precision, PlacePrecision::Settlement);
    assert_eq!(place.within, ["Sudan"]);
    let whole = reading.places.iter().filter(|p| p.name.to_lowercase() == "port varrow").count();
    assert_eq!(whole, 3);
}

#[test]
fn a_namesake_in_another_country_is_not_chosen() {
    let place = place(&read("Two men were shot dead near Dallas, Mongolia, on Monday.", None));
    assert_eq!((place.name.as_str(), place.country.as_deref(), place.lat), ("Dallas", Some("MN"), None));
}

#[test]
fn a_site_takes_in_its_building_and_not_its_preposition() {
    let text = "A man was shot dead at a home on Larkspur Road in Topeka, Kansas, on Monday.";
    let place = place(&read(text, None));
    assert_eq!(place.name, "a home on Larkspur Road");
    assert_eq!(place.within[0], "Topeka");
    assert_eq!((place.precision, place.settlement.as_deref()), (PlacePrecision::Site, Some("Topeka")));
}

#[test]
fn a_distance_shifts_the_place() {
    let place = place(&read("Gunmen killed two drivers 40 km north of Khartoum on Monday.", None));
    assert_eq!((place.name.as_str(), place.within[0].as_str()), ("40 km north of Khartoum", "Khartoum"));
    assert_eq!((place.precision, place.settlement), (PlacePrecision::District, None));
    assert!(place.lat.is_some_and(|lat| (15.8..16.0).contains(&lat)));
}

#[test]
fn the_hour_joins_the_day() {
    let said = |text: &str| time(&read(text, None));
    let monday = (Some("2024-03-11T22:30:00".to_owned()), Precision::Minute, "2024-03-11T22:30".to_owned());
    assert_eq!(
        said("A man was shot dead in Topeka on Monday night. The shooting began at about 10:30 p.m., police said."),
        monday
    );
    assert_eq!(said("On Monday night, at around 10:30 p.m., two men were shot dead in Topeka."), monday);
    assert_eq!(said("Two men were shot dead in Topeka around 10:30 p.m. Monday."), monday);
}

#[test]
fn an_edge_of_a_day_is_a_part_of_it() {
    let late = time(&read("Two guards were shot dead in Topeka late on Tuesday.", None));
    assert_eq!(late, (Some("2024-03-12".to_owned()), Precision::PartOfDay, "2024-03-12TNI".to_owned()));
}

#[test]
fn the_day_of_saying_or_of_court_is_not_the_acts() {
    let text = "Police said Tuesday that a man was shot dead on Saturday in Topeka.";
    assert_eq!(time(&read(text, None)).0.as_deref(), Some("2024-03-09"));
    let text = "A clerk was shot dead in Topeka on Saturday. A man was arrested on Monday over the killing.";
    assert_eq!(time(&read(text, None)).0.as_deref(), Some("2024-03-09"));
}

#[test]
fn an_hour_on_no_day_is_not_dated_by_the_publication() {
    let (start, _, timex) = time(&read("A man was shot dead in Topeka at about 10:30 p.m., police said.", None));
    assert_eq!((start, timex.as_str()), (None, "XXXX-XX-XXT22:30"));
}
