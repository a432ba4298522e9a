//! A stored Reading (the contract's JSON) → what the case file needs of it, typed.
//!
//! The contract, not the reader's own types, is what a case file keeps: a Reading made by an older reader stays as readable
//! as one made today. What cannot be understood of a Reading is left out, never guessed.

use std::sync::{Arc, OnceLock};

use blotter_core::facts::{
    Count, Field, Harm, Party, PlacePrecision, Relation, Scope, Status, Toll, TollSummary, Value, Where,
};
use blotter_core::layers::entities::{EntityKind, Gender};
use blotter_core::layers::times::Precision;
use serde_json::Value as Json;

/// One Reading, as far as a case file looks into it.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The report's id.
    pub id: String,
    /// Its address.
    pub url: Option<String>,
    /// Its outlet.
    pub publisher: Option<String>,
    /// Its headline.
    pub headline: Option<String>,
    /// "PORT KESH, Sudan (AP) —".
    pub dateline: Option<String>,
    /// When it was published, ISO 8601 as far as known.
    pub published: Option<String>,
    /// When it was updated, likewise.
    pub updated: Option<String>,
    /// Whether its wire item says that it is canceled.
    pub canceled: bool,
    /// The number that the wire gives this version of the item; a higher one replaces a lower one.
    pub edition: Option<u64>,
    /// Its text.
    pub text: String,
    /// SHA-256 of the text, in hex.
    pub sha256: String,
    /// Sentences: code points, end exclusive.
    pub sentences: Vec<(usize, usize)>,
    /// Full names of people anywhere in the report.
    pub people: Vec<String>,
    /// The incidents it tells.
    pub incidents: Vec<ToldIncident>,
}

/// One incident of one Reading.
#[derive(Clone, Debug)]
pub struct ToldIncident {
    /// How it stands to the report.
    pub relation: Relation,
    /// Its facts.
    pub facts: Vec<ToldFact>,
    /// Its toll, everyone counted.
    pub toll: TollSummary,
}

/// One fact of one Reading.
#[derive(Clone, Debug)]
pub struct ToldFact {
    /// Which field.
    pub field: Field,
    /// Its value, typed; entities are left out (they mean nothing outside their Reading).
    pub value: Value,
    /// Its value as the Reading has it.
    pub raw: Arc<Json>,
    /// How it stands.
    pub status: Status,
    /// Who says so, as the Reading has it.
    pub sources: Arc<Vec<Json>>,
    /// Who denies it, likewise.
    pub denied_by: Arc<Vec<Json>>,
    /// The words that carry it, likewise.
    pub evidence: Arc<Vec<Json>>,
    /// 0 to 1.
    pub confidence: f64,
    /// Under which its value is looked up among others of its field; made when first asked for.
    pub keys: OnceLock<Vec<String>>,
}

impl Told {
    /// Reads a Reading. Facts of unknown fields or shapes are left out.
    ///
    /// # Errors
    /// A sentence, where it is no Reading at all or one of a later contract.
    pub fn read(reading: &Json) -> Result<Told, String> {
        match reading["schema"].as_u64() {
            Some(1) => {}
            Some(other) => return Err(format!("is a Reading of schema {other}; this program knows schema 1")),
            None => return Err("is no Reading".to_owned()),
        }
        let report = &reading["report"];
        let text = report["text"].as_str().ok_or("is a Reading without a text")?;
        let people = list(&reading["entities"]).filter(|e| e["kind"] == "person").filter_map(|e| string(&e["name"]));
        Ok(Told {
            id: string(&report["id"]).ok_or("is a Reading without an id")?,
            url: string(&report["url"]),
            publisher: string(&report["publisher"]),
            headline: string(&report["headline"]["quote"]),
            dateline: string(&report["dateline"]["quote"]),
            published: string(&report["published"]),
            updated: string(&report["updated"]),
            canceled: report["wire"]["pubstatus"] == "canceled",
            edition: report["wire"]["version"].as_str().and_then(|v| v.trim().parse().ok()),
            text: text.to_owned(),
            sha256: string(&report["sha256"]).unwrap_or_default(),
            sentences: list(&reading["sentences"])
                .filter_map(|s| Some((index(&s["start"])?, index(&s["end"])?)))
                .collect(),
            people: people.collect(),
            incidents: list(&reading["incidents"]).map(incident).collect(),
        })
    }
}

fn incident(incident: &Json) -> ToldIncident {
    let toll = &incident["toll"];
    ToldIncident {
        relation: relation(&incident["relation"]),
        facts: list(&incident["facts"]).filter_map(fact).collect(),
        toll: TollSummary {
            killed: count(&toll["killed"]),
            wounded: count(&toll["wounded"]),
            missing: count(&toll["missing"]),
            abducted: count(&toll["abducted"]),
            arrested: count(&toll["arrested"]),
        },
    }
}

/// A relation; `Main` for what is none.
pub fn relation(name: &Json) -> Relation {
    match name.as_str() {
        Some("background") => Relation::Background,
        Some("related") => Relation::Related,
        _ => Relation::Main,
    }
}

/// A fact of a Reading; `None` where its field or shape is not known.
pub fn fact(fact: &Json) -> Option<ToldFact> {
    let field = field(fact["field"].as_str()?)?;
    Some(ToldFact {
        field,
        value: value(field, &fact["value"])?,
        raw: Arc::new(fact["value"].clone()),
        status: status(fact["status"].as_str()?)?,
        sources: Arc::new(list(&fact["sources"]).cloned().collect()),
        denied_by: Arc::new(list(&fact["denied_by"]).cloned().collect()),
        evidence: Arc::new(list(&fact["evidence"]).cloned().collect()),
        confidence: fact["confidence"].as_f64().unwrap_or(0.0),
        keys: OnceLock::new(),
    })
}

/// The field of a name in JSON.
pub fn field(name: &str) -> Option<Field> {
    Field::ALL.into_iter().find(|f| f.name() == name)
}

fn status(name: &str) -> Option<Status> {
    [Status::Reported, Status::Confirmed, Status::Alleged, Status::Denied, Status::Unknown]
        .into_iter()
        .find(|s| s.name() == name)
}

/// The value of a field, typed.
pub fn value(field: Field, raw: &Json) -> Option<Value> {
    let name = || string(&raw["name"]);
    Some(match field {
        Field::Type | Field::Stage => Value::Code(string(&raw["code"])?),
        Field::When => Value::When {
            start: string(&raw["start"]),
            end: string(&raw["end"]),
            precision: precision(raw["precision"].as_str()?)?,
            timex: string(&raw["timex"]).unwrap_or_default(),
        },
        Field::Where => Value::Where(Box::new(Where {
            name: name()?,
            within: list(&raw["within"]).filter_map(string).collect(),
            geonames_id: raw["geonames_id"].as_u64().and_then(|n| u32::try_from(n).ok()),
            lat: raw["lat"].as_f64(),
            lon: raw["lon"].as_f64(),
            country: string(&raw["country"]),
            admin1: string(&raw["admin1"]),
            precision: place_precision(raw["precision"].as_str()?)?,
            radius_km: raw["radius_km"].as_f64(),
            settlement: string(&raw["settlement"]),
            inferred: raw["inferred"].as_bool().unwrap_or(false),
        })),
        Field::Target | Field::Victim | Field::Perpetrator | Field::Suspect | Field::Participant | Field::Responder => {
            Value::Party(Box::new(Party {
                entity: None,
                name: name()?,
                kind: kind(raw["kind"].as_str().unwrap_or("other")),
                number: count(&raw["number"]),
                age: raw["age"].as_u64().and_then(|n| u32::try_from(n).ok()),
                gender: match raw["gender"].as_str() {
                    Some("male") => Some(Gender::Male),
                    Some("female") => Some(Gender::Female),
                    _ => None,
                },
                harm: raw["harm"].as_str().and_then(harm),
                group: None,
            }))
        }
        Field::Killed
        | Field::Wounded
        | Field::Casualties
        | Field::Missing
        | Field::Abducted
        | Field::Arrested
        | Field::Displaced => Value::Toll(Box::new(Toll {
            count: count(raw)?,
            who: string(&raw["who"]),
            entity: None,
            group: None,
            scope: match raw["scope"].as_str() {
                Some("part") => Scope::Part,
                Some("series") => Scope::Series,
                _ => Scope::Total,
            },
            attackers: raw["attackers"].as_bool().unwrap_or(false),
            beside: false,
        })),
        Field::Weapon => Value::Weapon {
            entity: None,
            name: name()?,
            kind: one_of(&WEAPONS, raw["kind"].as_str()?).unwrap_or("other"),
            number: count(&raw["number"]),
        },
        Field::Damage => {
            Value::Damage { entity: None, name: name()?, extent: one_of(&EXTENTS, raw["extent"].as_str()?)? }
        }
        Field::Responsibility => Value::Responsibility {
            party: string(&raw["party"]["name"]).map(|name| (None, name)),
            stance: one_of(&CLAIMS, raw["stance"].as_str()?)?,
        },
        Field::Reaction => {
            Value::Reaction { entity: None, name: name()?, stance: one_of(&REACTIONS, raw["stance"].as_str()?)? }
        }
    })
}

const WEAPONS: [&str; 10] =
    ["firearm", "explosive", "drone", "rocket", "mortar", "blade", "fire", "vehicle", "chemical", "other"];
const EXTENTS: [&str; 3] = ["damaged", "destroyed", "none"];
const CLAIMS: [&str; 4] = ["claimed", "accused", "denied", "unknown"];
const REACTIONS: [&str; 7] = ["condemns", "praises", "mourns", "offers-help", "demands", "threatens", "welcomes"];

fn one_of(names: &[&'static str], name: &str) -> Option<&'static str> {
    names.iter().find(|n| **n == name).copied()
}

fn precision(name: &str) -> Option<Precision> {
    use Precision::{Day, Days, Hour, Minute, Month, PartOfDay, Season, Week, Year};
    [Minute, Hour, PartOfDay, Day, Days, Week, Month, Season, Year]
        .into_iter()
        .find(|p| blotter_core::wire::precision(*p) == name)
}

fn place_precision(name: &str) -> Option<PlacePrecision> {
    use PlacePrecision::{Admin1, Country, District, Settlement, Site};
    [Site, Settlement, District, Admin1, Country].into_iter().find(|p| p.name() == name)
}

fn kind(name: &str) -> EntityKind {
    use EntityKind::{Facility, Organization, Other, Person, Place, Vehicle, Weapon};
    let known = [Person, Organization, Place, Facility, Weapon, Vehicle];
    known.into_iter().find(|k| k.name() == name).unwrap_or(Other)
}

fn harm(name: &str) -> Option<Harm> {
    use Harm::{Abducted, Arrested, Killed, Missing, Released, Unharmed, Wounded};
    [Killed, Wounded, Abducted, Released, Missing, Arrested, Unharmed].into_iter().find(|h| h.name() == name)
}

/// A count; `None` for null.
pub fn count(raw: &Json) -> Option<Count> {
    raw.is_object().then(|| Count { min: raw["min"].as_u64(), best: raw["best"].as_u64(), max: raw["max"].as_u64() })
}

fn string(value: &Json) -> Option<String> {
    value.as_str().filter(|s| !s.trim().is_empty()).map(str::to_owned)
}

fn index(value: &Json) -> Option<usize> {
    value.as_u64().and_then(|n| usize::try_from(n).ok())
}

fn list(value: &Json) -> impl Iterator<Item = &Json> {
    value.as_array().into_iter().flatten()
}
