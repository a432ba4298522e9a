//! What of one told incident is compared with others: its profile.

use blotter_core::facts::{Field, PlacePrecision, Relation, Value, Where};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{copies, words};
use crate::contract::{Told, ToldIncident};

/// What of one told incident is compared with others. Days are counted from 1 January 1970.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The report's id.
    pub report: String,
    /// Which incident of the report, from 0.
    pub ordinal: usize,
    /// Whether it is what the report is about.
    pub main: bool,
    /// The outlet, where known.
    pub outlet: Option<String>,
    /// The day the report was published.
    pub published: Option<i32>,
    /// First and last day it may have happened on.
    pub when: Option<(i32, i32)>,
    /// Where.
    pub place: Option<Place>,
    /// The people who were harmed or are accused.
    pub people: Vec<Person>,
    /// The other people named in the report.
    pub named: Vec<String>,
    /// How many were killed.
    pub killed: Option<u64>,
    /// How many were wounded.
    pub wounded: Option<u64>,
    /// "attack/shooting".
    pub types: Vec<String>,
    /// "firearm".
    pub weapons: Vec<String>,
    /// The words that set it apart.
    pub words: Vec<(String, f32)>,
    /// The years that are named.
    #[serde(default)]
    pub years: Vec<u32>,
    /// The other numbers of two figures or more, in figures.
    #[serde(default)]
    pub figures: Vec<u32>,
    /// The text's signature, of a main incident.
    pub signature: Vec<u32>,
    /// The hash of the text's words.
    pub text: String,
}

/// A place, as compared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The settlement, else the place's own name; lower case.
    pub name: String,
    /// It and all that it lies in; lower case.
    pub names: Vec<String>,
    /// GeoNames id.
    pub id: Option<u32>,
    /// Degrees north and east.
    pub point: Option<(f64, f64)>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// First-order division.
    pub admin1: Option<String>,
    /// Whether it is a settlement or something in one.
    pub exact: bool,
}

/// A person, as compared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The name, where one is known ("amal idris"): two words at least, lower case.
    pub name: Option<String>,
    /// Years.
    pub age: Option<u32>,
    /// Whether accused (else harmed or aimed at).
    pub accused: bool,
}

impl Profile {
    /// The profile of the incident of that number.
    pub fn of(told: &Told, ordinal: usize) -> Profile {
        let incident = &told.incidents[ordinal];
        let mains = told.incidents.iter().filter(|i| i.relation == Relation::Main).count();
        let main = incident.relation == Relation::Main;
        // The whole report tells of its only main incident; of others, the sentences with their evidence alone.
        let whole = main && mains == 1;
        let text = if whole { told.text.clone() } else { sentences_of(told, incident) };
        let people = people(incident);
        let known = |name: &String| people.iter().any(|p| p.name.as_ref() == Some(name));
        let mut named: Vec<String> = told.people.iter().filter_map(|n| full_name(n)).filter(|n| !known(n)).collect();
        named.retain(|n| whole || text.to_lowercase().contains(n.rsplit(' ').next().unwrap_or(n)));
        named.sort();
        named.dedup();
        Profile {
            report: told.id.clone(),
            ordinal,
            main,
            outlet: outlet(told),
            published: told.published.as_deref().and_then(day),
            when: when(incident),
            place: surest(incident, Field::Where).and_then(|v| match v {
                Value::Where(place) => Some(Place::of(place)),
                _ => None,
            }),
            people,
            named,
            killed: incident.toll.killed.and_then(|c| c.best),
            wounded: incident.toll.wounded.and_then(|c| c.best),
            types: codes(incident, |v| match v {
                Value::Code(code) => Some(code.clone()),
                _ => None,
            }),
            weapons: codes(incident, |v| match v {
                Value::Weapon { kind, .. } => Some((*kind).to_owned()),
                _ => None,
            }),
            words: words::vector(&text),
            years: words::figures(&text).into_iter().filter(|n| is_year(*n)).collect(),
            figures: words::figures(&text).into_iter().filter(|n| !is_year(*n)).collect(),
            signature: if whole { copies::signature(&told.text) } else { Vec::new() },
            text: copies::words_hash(&told.text),
        }
    }

    /// The day that stands for it in time: that on which it happened, where that is known to a week, else the day of the
    /// report.
    pub fn day(&self) -> Option<i32> {
        self.when.filter(|(first, last)| last - first <= 7).map(|(first, _)| first).or(self.published)
    }

    /// The names of all people in it.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.people.iter().filter_map(|p| p.name.as_ref()).chain(&self.named)
    }
}

impl Place {
    fn of(place: &Where) -> Place {
        let name = place.settlement.as_ref().unwrap_or(&place.name).to_lowercase();
        let mut names: Vec<String> =
            [&place.name].into_iter().chain(&place.settlement).chain(&place.within).map(|n| n.to_lowercase()).collect();
        names.sort();
        names.dedup();
        Place {
            name,
            names,
            id: place.geonames_id,
            point: place.lat.zip(place.lon),
            country: place.country.clone(),
            admin1: place.admin1.clone(),
            exact: matches!(place.precision, PlacePrecision::Site | PlacePrecision::Settlement),
        }
    }
}

fn is_year(number: u32) -> bool {
    (1900..2100).contains(&number)
}

/// The sentences in which the incident's evidence stands.
fn sentences_of(told: &Told, incident: &ToldIncident) -> String {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for evidence in incident.facts.iter().flat_map(|f| f.evidence.iter()) {
        if let Some(start) = evidence["start"].as_u64().and_then(|s| usize::try_from(s).ok()) {
            spans.extend(told.sentences.iter().filter(|(first, end)| *first <= start && start < *end));
        }
    }
    spans.sort_unstable();
    spans.dedup();
    let letters: Vec<char> = told.text.chars().collect();
    let one = |(start, end): &(usize, usize)| letters.get(*start..*end).map(|s| s.iter().collect::<String>());
    spans.iter().filter_map(one).collect::<Vec<_>>().join("\n")
}

fn people(incident: &ToldIncident) -> Vec<Person> {
    let mut found: Vec<Person> = Vec::new();
    for fact in &incident.facts {
        let accused = match fact.field {
            Field::Victim | Field::Target => false,
            Field::Suspect | Field::Perpetrator => true,
            _ => continue,
        };
        let Value::Party(party) = &fact.value else { continue };
        let person = Person { name: full_name(&party.name), age: party.age, accused };
        if (person.name.is_some() || person.age.is_some()) && !found.contains(&person) {
            found.push(person);
        }
    }
    found
}

/// Words that are no part of a name.
const TITLES: [&str; 34] = [
    "mr",
    "mrs",
    "ms",
    "dr",
    "jr",
    "sr",
    "ii",
    "iii",
    "iv",
    "president",
    "governor",
    "mayor",
    "senator",
    "minister",
    "police",
    "chief",
    "sheriff",
    "officer",
    "detective",
    "sergeant",
    "sgt",
    "lieutenant",
    "lt",
    "captain",
    "capt",
    "colonel",
    "col",
    "general",
    "gen",
    "deputy",
    "judge",
    "attorney",
    "spokesman",
    "spokeswoman",
];

/// A person's name as compared: two words or more that begin with capitals, lower case, without titles and initials.
fn full_name(name: &str) -> Option<String> {
    if name.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let mut parts = Vec::new();
    for word in name.split_whitespace() {
        if !word.starts_with(char::is_uppercase)
            && !["de", "la", "del", "al", "bin", "van", "von", "da", "dos"].contains(&word)
        {
            return None;
        }
        let word: String = word.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
        if word.chars().count() > 1 && !TITLES.contains(&word.as_str()) {
            parts.push(word);
        }
    }
    (parts.len() >= 2).then(|| parts.join(" "))
}

/// Whether two names are likely one person's: the last words agree and another does.
pub fn same_name(a: &str, b: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    match (&a[..], &b[..]) {
        ([a @ .., last], [b @ .., same]) if last == same => a.iter().any(|part| b.contains(part)),
        _ => false,
    }
}

/// The value of the field's surest fact that is not denied.
fn surest(incident: &ToldIncident, field: Field) -> Option<&Value> {
    let facts = incident.facts.iter().filter(|f| f.field == field && f.status.name() != "denied");
    facts.max_by(|a, b| a.confidence.total_cmp(&b.confidence)).map(|f| &f.value)
}

fn codes(incident: &ToldIncident, code: impl Fn(&Value) -> Option<String>) -> Vec<String> {
    let fields = [Field::Type, Field::Weapon];
    let mut found: Vec<String> =
        incident.facts.iter().filter(|f| fields.contains(&f.field)).filter_map(|f| code(&f.value)).collect();
    found.sort();
    found.dedup();
    found
}

fn when(incident: &ToldIncident) -> Option<(i32, i32)> {
    match surest(incident, Field::When)? {
        Value::When { start: Some(start), end, .. } => {
            let first = day(start)?;
            Some((first, end.as_deref().and_then(day).unwrap_or(first).max(first)))
        }
        _ => None,
    }
}

/// Days since 1 January 1970 of an ISO 8601 date or date-time.
pub fn day(text: &str) -> Option<i32> {
    let date: Date = text.get(..10)?.parse().ok()?;
    Some((date - Date::constant(1970, 1, 1)).get_days())
}

/// The outlet as compared: the publisher's name, else the host of the address; `None` where neither is known.
pub fn outlet(told: &Told) -> Option<String> {
    told.publisher.clone().or_else(|| told.url.as_deref().and_then(host))
}

/// The host of an address, without "www."; an archive's copy counts as the page that it is of.
pub fn host(url: &str) -> Option<String> {
    let inner = url.rfind("http").map_or(url, |at| &url[at..]);
    let rest = inner.split_once("://")?.1;
    let host = rest.split(['/', '?', '#', ':']).next()?.trim_start_matches("www.").to_lowercase();
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(full_name("Governor Amal K. Idris").as_deref(), Some("amal idris"));
        assert_eq!(full_name("a 16-year-old girl"), None);
        assert_eq!(full_name("Idris"), None);
        assert!(same_name("danielle lucero", "danielle marie lucero"));
        assert!(!same_name("danielle lucero", "marie lucero"));
    }

    #[test]
    fn hosts() {
        let archived = "http://web.archive.org/web/2016/http://www.kesh-news.example:80/a";
        assert_eq!(host(archived).as_deref(), Some("kesh-news.example"));
        assert_eq!(host("no address"), None);
    }

    #[test]
    fn days() {
        assert_eq!(day("1970-01-02"), Some(1));
        assert_eq!(day("1970-01-02T10:00:00"), Some(1));
        assert_eq!(day("XXXX-01-02"), None);
    }
}
