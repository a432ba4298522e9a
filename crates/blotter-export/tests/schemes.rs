//! Schemes of event data: their columns by the schemes' own lists, what is filled, and what stays open.

mod common;

use std::collections::BTreeMap;

use blotter_core::codebook::Codebook;
use blotter_export::Options;
use common::{case, export, incident};
use serde_json::Value as Json;

// As the schemes' documents list them: ACLED codebook and API of 2024; UCDP GED codebook 24.1; GTD codebook of 2021; POLECAT's
// files of 2023.
const ACLED: &str = "event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1 inter1 \
    actor2 assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3 location \
    latitude longitude geo_precision source source_scale notes fatalities tags timestamp";
const UCDP: &str = "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name \
    dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b \
    number_of_sources source_article source_office source_date source_headline source_original where_prec \
    where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id \
    region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high \
    low gwnoa gwnob";
const GTD: &str = "eventid iyear imonth iday approxdate extended resolution country country_txt region region_txt provstate city \
    latitude longitude specificity vicinity location summary crit1 crit2 crit3 doubtterr alternative alternative_txt \
    multiple success suicide attacktype1 attacktype1_txt attacktype2 attacktype2_txt attacktype3 attacktype3_txt \
    targtype1 targtype1_txt targsubtype1 targsubtype1_txt corp1 target1 natlty1 natlty1_txt targtype2 targtype2_txt \
    targsubtype2 targsubtype2_txt corp2 target2 natlty2 natlty2_txt targtype3 targtype3_txt targsubtype3 \
    targsubtype3_txt corp3 target3 natlty3 natlty3_txt gname gsubname gname2 gsubname2 gname3 gsubname3 motive \
    guncertain1 guncertain2 guncertain3 individual nperps nperpcap claimed claimmode claimmode_txt claim2 claimmode2 \
    claimmode2_txt claim3 claimmode3 claimmode3_txt compclaim weaptype1 weaptype1_txt weapsubtype1 weapsubtype1_txt \
    weaptype2 weaptype2_txt weapsubtype2 weapsubtype2_txt weaptype3 weaptype3_txt weapsubtype3 weapsubtype3_txt \
    weaptype4 weaptype4_txt weapsubtype4 weapsubtype4_txt weapdetail nkill nkillus nkillter nwound nwoundus nwoundte \
    property propextent propextent_txt propvalue propcomment ishostkid nhostkid nhostkidus nhours ndays divert \
    kidhijcountry ransom ransomamt ransomamtus ransompaid ransompaidus ransomnote hostkidoutcome hostkidoutcome_txt \
    nreleased addnotes scite1 scite2 scite3 dbsource INT_LOG INT_IDEO INT_MISC INT_ANY related";
const POLECAT: &str = "Event ID|Event Date|Event Type|Event Mode|Intensity|Quad Code|Contexts|Actor Name|Actor Country|Actor \
    COW|Primary Actor Sector|Actor Sectors|Actor Title|Actor Name Raw|Wikipedia Actor ID|Recipient Name|Recipient \
    Country|Recipient COW|Primary Recipient Sector|Recipient Sectors|Recipient Title|Recipient Name Raw|Wikipedia \
    Recipient ID|Placename|City|District|Province|Country|Latitude|Longitude|GeoNames ID|Raw Placename|Feature \
    Type|Source|Publication Date|Story People|Story Organizations|Story Locations|Language|Version";

/// The names of the columns and the rows by them.
fn read(bytes: &[u8], delimiter: u8) -> (Vec<String>, Vec<BTreeMap<String, String>>) {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(bytes);
    let names: Vec<String> = reader.headers().expect("names").iter().map(str::to_owned).collect();
    let rows =
        reader.records().map(|r| names.iter().cloned().zip(r.expect("a row").iter().map(str::to_owned)).collect());
    let rows = rows.collect();
    (names, rows)
}

#[test]
fn columns_are_the_schemes_own_in_their_order() {
    let (_folder, case) = case();
    for (format, columns, count) in [("acled", ACLED, 31), ("ucdp", UCDP, 49), ("gtd", GTD, 135)] {
        let (names, _) = read(&export(&case, format, &Options::default()), b',');
        assert_eq!(names, columns.split(' ').collect::<Vec<_>>(), "{format}");
        assert_eq!(names.len(), count, "{format}");
    }
    let (names, _) = read(&export(&case, "polecat", &Options::default()), b'\t');
    assert_eq!(names, POLECAT.split('|').collect::<Vec<_>>());
    assert_eq!(names.len(), 40);
}

#[test]
fn acled_is_filled_from_the_record() {
    let (_folder, case) = case();
    let (_, rows) = read(&export(&case, "acled", &Options::default()), b',');
    assert_eq!(rows.len(), 2);
    let (bomb, march) = (&rows[0], &rows[1]);
    let summary = case.show(&incident(&case, "press-1"), None).expect("a record").0.summary;
    for (column, value) in [
        ("event_id_cnty", incident(&case, "press-1").as_str()),
        ("event_date", "2024-03-12"),
        ("year", "2024"),
        ("time_precision", "1"),
        ("disorder_type", "Political violence"),
        ("event_type", "Explosions/Remote violence"),
        ("sub_event_type", "Remote explosive/landmine/IED"),
        ("actor1", "Nórthern Front"),
        ("inter1", ""),
        ("actor2", "'=cmd|' /C calc'!A0"),
        ("inter2", "Civilians"),
        ("interaction", ""),
        ("civilian_targeting", "Civilian targeting"),
        ("iso", "729"),
        ("region", "Northern Africa"),
        ("country", "Sudan"),
        ("location", "Port Kesh"),
        ("latitude", "19.6"),
        ("geo_precision", "1"),
        ("source", "Kesh Press; Radio Kesh"),
        ("notes", summary.as_str()),
        ("timestamp", "1710244800"),
    ] {
        assert_eq!(bomb[column], value, "{column}");
    }
    assert_eq!((march["event_type"].as_str(), march["inter1"].as_str()), ("Protests", "Protesters"));
    assert_eq!(march["interaction"], "Protesters only");
    assert_eq!((march["latitude"].as_str(), march["country"].as_str()), ("", ""));
}

#[test]
fn ucdp_gives_the_range_of_what_is_said() {
    let (_folder, case) = case();
    let (_, rows) = read(&export(&case, "ucdp", &Options::default()), b',');
    // Nobody was killed at the march.
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!((row["low"].as_str(), row["high"].as_str()), ("5", "7"));
    let number = |column: &str| row[column].parse::<i64>().unwrap_or_else(|_| panic!("{column}: {}", row[column]));
    assert_eq!(
        number("deaths_a") + number("deaths_b") + number("deaths_civilians") + number("deaths_unknown"),
        number("best")
    );
    assert!((5..=7).contains(&number("best")));
    // 19.6 N, 37.2 W: the 220th row and the 286th cell.
    assert_eq!(number("priogrid_gid"), 219 * 720 + 285 + 1);
    assert_eq!(row["geom_wkt"], "POINT (-37.2 19.6)");
    assert_eq!(
        (row["date_prec"].as_str(), row["where_prec"].as_str(), row["number_of_sources"].as_str()),
        ("1", "1", "2")
    );
    assert_eq!(row["type_of_violence"], "");
}

#[test]
fn gtd_does_not_judge_and_says_what_is_unknown() {
    let (_folder, case) = case();
    let (_, rows) = read(&export(&case, "gtd", &Options::default()), b',');
    assert_eq!(rows.len(), 1);
    for (column, value) in [
        ("iyear", "2024"),
        ("imonth", "3"),
        ("iday", "12"),
        ("country_txt", "Sudan"),
        ("region_txt", "Sub-Saharan Africa"),
        ("attacktype1", "3"),
        ("weaptype1_txt", "Explosives"),
        ("targtype1", "14"),
        ("gname", "Nórthern Front"),
        ("claimed", "-9"),
        ("nperps", "-99"),
        ("crit1", ""),
        ("doubtterr", ""),
        ("scite1", "\"Bomb kills five in Port Kesh\", Kesh Press, 2024-03-12"),
    ] {
        assert_eq!(rows[0][column], value, "{column}");
    }
    assert!(rows[0]["addnotes"].contains('5') && rows[0]["addnotes"].contains('7'), "{}", rows[0]["addnotes"]);
}

#[test]
fn plover_and_polecat_code_incidents() {
    let (_folder, case) = case();
    let text = String::from_utf8(export(&case, "plover", &Options::default())).expect("UTF-8");
    let rows: Vec<Json> = text.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0]["event"][0], &rows[0]["mode"][0]), (&Json::from("ASSAULT"), &Json::from("explosives")));
    assert_eq!(rows[0]["source"][0]["actor_text"], "Nórthern Front");
    assert_eq!((&rows[0]["event_loc"]["latitude"], &rows[0]["quad_code"]), (&Json::from(19.6), &Json::from(4)));
    assert_eq!((rows[1]["event"][0].as_str(), rows[1]["mode"][0].as_str()), (Some("PROTEST"), Some("demo")));
    // Nobody it was aimed at is told: a list, of nobody.
    assert_eq!(rows[1]["recipient"], Json::Array(Vec::new()));
    let text = export(&case, "polecat", &Options::default());
    assert_eq!(String::from_utf8_lossy(&text).lines().count(), 3, "a line a record");
    let (_, rows) = read(&text, b'\t');
    assert_eq!((rows[0]["Quad Code"].as_str(), rows[0]["Recipient Country"].as_str()), ("MATERIAL CONFLICT", "None"));
}

#[test]
fn a_part_of_those_killed_is_no_number_of_theirs() {
    let (_folder, mut case) = case();
    let toll = |n: u64, group: Option<&str>, scope: &str, attackers: bool| {
        let mut toll = common::count(n);
        (toll["group"], toll["scope"], toll["attackers"]) = (group.into(), scope.into(), attackers.into());
        toll
    };
    let told = common::Told {
        id: "press-9",
        publisher: "Kesh Press",
        published: "2024-09-01T10:00:00",
        text: "Gunmen kill nine in Tolmar\n\nGunmen killed nine people in Tolmar. Two guards died at the gate. One gunman was shot.",
        facts: vec![
            ("type", serde_json::json!({ "code": "attack/shooting" }), "Gunmen killed", ""),
            ("when", common::day("2024-09-01"), "Tolmar", ""),
            ("killed", toll(9, None, "total", false), "nine people", ""),
            ("killed", toll(2, Some("military"), "part", false), "Two guards", ""),
            ("killed", toll(1, None, "total", true), "One gunman", ""),
        ],
    };
    case.add(&common::reading(&told), "test", &common::stamp("2024-09-01T10:00:00Z")).expect("filed");
    // The whole toll counts the gunman, too.
    let text = "[about]\nlike = acled-export\n[columns]\nid = incident\nall = toll killed best\n\
                guards = toll killed best only military\npart = toll killed best only part\ngunmen = toll killed best only attackers\n";
    let codebook = Some(Codebook::parse("mine", text).expect("a codebook"));
    let (_, rows) = read(&export(&case, "acled", &Options { codebook, ..Options::default() }), b',');
    let row = rows.iter().find(|row| row["id"] == incident(&case, "press-9")).expect("a row");
    assert_eq!([&row["all"], &row["guards"], &row["part"], &row["gunmen"]], ["10", "", "2", "1"]);
}

#[test]
fn hxl_has_a_row_of_hashtags() {
    let (_folder, case) = case();
    let (_, rows) = read(&export(&case, "hxl", &Options::default()), b',');
    assert_eq!(rows.len(), 3);
    assert!(rows[0].values().all(|tag| tag.starts_with('#')), "{:?}", rows[0]);
    assert_eq!(rows[0]["killed"], "#affected+killed");
    assert_eq!(rows[1]["location"], "Port Kesh");
}

#[test]
fn a_desk_changes_a_mapping_without_code() {
    let (_folder, case) = case();
    let text = "[about]\nlike = acled-export\n[values]\none = 2 if says \"nórthern front\" or 3\ntwo = 0\n\
                [columns]\nid = incident\nwho = value one as 2=Rebel group\npair = pair one two\nhurt = toll wounded or \"n/a\"\n";
    let codebook = Some(Codebook::parse("mine", text).expect("a codebook"));
    let (names, rows) = read(&export(&case, "acled", &Options { codebook, ..Options::default() }), b',');
    assert_eq!(names, ["id", "who", "pair", "hurt"]);
    let of = |row: &BTreeMap<String, String>| [row["who"].clone(), row["pair"].clone(), row["hurt"].clone()];
    assert_eq!(of(&rows[0]), ["Rebel group", "20", "n/a"]);
    assert_eq!(of(&rows[1]), ["3", "30", "n/a"]);
    let dangling = Codebook::parse("mine", "[about]\nlike = acled-export\n[values]\nother = 1\n");
    assert!(dangling.expect_err("columns name values that are gone").to_string().contains("no value `one`"));
}
