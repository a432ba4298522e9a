//! Our own lists beside the gazetteer: regions, nationalities, abbreviations and the words around place names.

use std::collections::{HashMap, HashSet};

use super::gazetteer::{Entry, Gazetteer, Kind, Record};
use super::geo::kilometres;
use super::tokens::normalize;
use crate::data::DataError;

const COUNTRIES: &str = include_str!("../../../data/places/countries.tsv");
const DEMONYMS: &str = include_str!("../../../data/places/demonyms.tsv");
const PEOPLE: &str = include_str!("../../../data/places/people.txt");
const REGIONS: &str = include_str!("../../../data/places/regions.tsv");
const SENSES: &str = include_str!("../../../data/places/senses.tsv");
const STATES: &str = include_str!("../../../data/places/states.tsv");
const WORDS: &str = include_str!("../../../data/places/words.txt");

/// Within this many kilometres a listed region is the division of the same name.
const SAME_REGION_KM: f64 = 400.0;

/// A place of the regions list.
#[derive(Clone, Debug)]
struct Region {
    name: String,
    kind: Kind,
    lat: f64,
    lon: f64,
    country: Option<u32>,
    id: u32,
}

/// An abbreviation, as written.
#[derive(Clone, Copy, Debug)]
pub struct Abbreviation {
    /// The place it stands for.
    pub place: u32,
    /// It counts only behind a place ("Dover, Del.").
    pub behind: bool,
}

/// The gazetteer and our own lists as one: places by number, numbers by name.
#[derive(Debug, Default)]
pub struct Atlas {
    /// The gazetteer.
    pub gazetteer: Gazetteer,
    regions: Vec<Region>,
    names: HashMap<String, Vec<u32>>,
    demonyms: HashMap<String, Vec<u32>>,
    abbreviations: HashMap<String, Abbreviation>,
    senses: HashMap<String, (u32, f64)>,
    words: HashMap<&'static str, HashSet<&'static str>>,
    people: HashSet<&'static str>,
}

impl Atlas {
    /// Reads the lists against a gazetteer.
    ///
    /// # Errors
    /// The list, line and reason of a malformed line.
    pub fn load(gazetteer: &[u8]) -> Result<Atlas, DataError> {
        let mut atlas = Atlas { gazetteer: Gazetteer::load(gazetteer)?, ..Atlas::default() };
        atlas.words = sections(WORDS);
        atlas.people = rows(PEOPLE).flat_map(|(_, line)| line.split_whitespace()).collect();
        for (line, row) in rows(REGIONS) {
            atlas.add_region(row).ok_or_else(|| DataError::new("places/regions.tsv", line, "six columns wanted"))?;
        }
        for (line, row) in rows(COUNTRIES) {
            atlas
                .add_country(row)
                .ok_or_else(|| DataError::new("places/countries.tsv", line, "three columns wanted"))?;
        }
        for (line, row) in rows(STATES) {
            atlas.add_state(row).ok_or_else(|| DataError::new("places/states.tsv", line, "two columns wanted"))?;
        }
        for (line, row) in rows(SENSES) {
            atlas.add_sense(row).ok_or_else(|| DataError::new("places/senses.tsv", line, "four columns wanted"))?;
        }
        for (line, row) in rows(DEMONYMS) {
            let fault = || DataError::new("places/demonyms.tsv", line, "a code or a listed region, then words, wanted");
            atlas.add_demonyms(row).ok_or_else(fault)?;
        }
        Ok(atlas)
    }

    fn add_region(&mut self, row: &str) -> Option<()> {
        let fields: Vec<&str> = row.split('\t').collect();
        let [names, kind, lat, lon, country, id] = fields[..] else { return None };
        let region = Region {
            name: names.split('|').next()?.to_owned(),
            kind: Kind::of(kind)?,
            lat: lat.parse().ok()?,
            lon: lon.parse().ok()?,
            country: self.gazetteer.by_code(country),
            id: id.parse().unwrap_or(0),
        };
        let own = self.division_of_region(&region);
        let place = own.unwrap_or_else(|| {
            self.regions.push(region);
            self.gazetteer.len() + self.regions.len() as u32 - 1
        });
        for name in names.split('|') {
            if name.chars().any(char::is_lowercase) {
                self.names.entry(normalize(name)).or_default().push(place);
            } else {
                self.abbreviations.insert(name.to_owned(), Abbreviation { place, behind: false });
            }
        }
        Some(())
    }

    fn add_sense(&mut self, row: &str) -> Option<()> {
        let fields: Vec<&str> = row.split('\t').collect();
        let [name, id, points, abbreviations] = fields[..] else { return None };
        let id = id.parse().ok()?;
        let points = points.parse().ok()?;
        let Some(place) = self.gazetteer.by_id(id) else { return Some(()) };
        self.senses.insert(name.to_owned(), (place, points));
        for short in abbreviations.split('|').filter(|s| !s.is_empty()) {
            let behind = short.ends_with('*');
            self.abbreviations.insert(short.trim_end_matches('*').to_owned(), Abbreviation { place, behind });
        }
        Some(())
    }

    /// The first-order division that is the region: the gazetteer's record has an id.
    fn division_of_region(&self, region: &Region) -> Option<u32> {
        let entry = self.gazetteer.lookup(&normalize(&region.name))?;
        entry.hits().map(|(n, _)| n).find(|n| {
            self.gazetteer.record(*n).is_some_and(|r| {
                r.kind == Kind::Admin1
                    && r.country == region.country
                    && kilometres(r.lat, r.lon, region.lat, region.lon) < SAME_REGION_KM
            })
        })
    }

    fn add_country(&mut self, row: &str) -> Option<()> {
        let mut fields = row.split('\t');
        let (code, names) = (fields.next()?, fields.next()?);
        let abbreviations = fields.next()?;
        let Some(place) = self.gazetteer.by_code(code) else { return Some(()) };
        for name in names.split('|') {
            self.names.entry(normalize(name)).or_default().push(place);
        }
        for short in abbreviations.split('|').filter(|s| !s.is_empty()) {
            self.abbreviations.insert(short.to_owned(), Abbreviation { place, behind: false });
        }
        Some(())
    }

    fn add_state(&mut self, row: &str) -> Option<()> {
        let (code, names) = row.split_once('\t')?;
        let Some(place) = self.gazetteer.by_code(code) else { return Some(()) };
        for name in names.split('|') {
            let behind = name.ends_with('*');
            self.abbreviations.insert(name.trim_end_matches('*').to_owned(), Abbreviation { place, behind });
        }
        Some(())
    }

    fn add_demonyms(&mut self, row: &str) -> Option<()> {
        let (code, words) = row.split_once('\t')?;
        let place = match code.strip_prefix('=') {
            Some(region) => Some(*self.names.get(&normalize(region))?.first()?),
            None => self.gazetteer.by_code(code),
        };
        let Some(place) = place else { return Some(()) };
        for word in words.split('|') {
            let key = normalize(word);
            let plural = format!("{key}s");
            let inflects = !["sh", "ch", "se", "ss", "men"].iter().any(|end| key.ends_with(end));
            for key in std::iter::once(key).chain(inflects.then_some(plural)) {
                let places = self.demonyms.entry(key).or_default();
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
        Some(())
    }

    /// The place of that number.
    pub fn place(&self, number: u32) -> Option<Record<'_>> {
        let Some(region) = number.checked_sub(self.gazetteer.len()).map(|n| self.regions.get(n as usize)) else {
            return self.gazetteer.record(number);
        };
        let region = region?;
        Some(Record {
            id: region.id,
            lat: region.lat,
            lon: region.lon,
            name: &region.name,
            code: "",
            country: region.country,
            admin1: None,
            admin2: None,
            population: 0.0,
            kind: region.kind,
            feature: 1,
        })
    }

    /// What speaks for one sense of a normalised name from the start: the place and points of score.
    pub fn preferred(&self, key: &str) -> Option<(u32, f64)> {
        self.senses.get(key).copied()
    }

    /// What the gazetteer has under a normalised name.
    pub fn entry(&self, key: &str) -> Option<Entry<'_>> {
        self.gazetteer.lookup(key)
    }

    /// The places that our own lists have under a normalised name.
    pub fn listed(&self, key: &str) -> &[u32] {
        self.names.get(key).map_or(&[], |v| v)
    }

    /// The places whose people or things a normalised word names.
    pub fn demonym(&self, key: &str) -> &[u32] {
        self.demonyms.get(key).map_or(&[], |v| v)
    }

    /// What an abbreviation, as written, stands for.
    pub fn abbreviation(&self, written: &str) -> Option<Abbreviation> {
        self.abbreviations.get(written).copied()
    }

    /// Whether the normalised word is in that section of the word list.
    pub fn is(&self, section: &str, word: &str) -> bool {
        self.words.get(section).is_some_and(|set| set.contains(word))
    }

    /// How common a first name the normalised word is: 0 none, 1 known, 2 common. An English word counts only where
    /// it is a common first name ("Mark"; "So" and "In" are first names too).
    pub fn first_name(&self, word: &str) -> u8 {
        if self.people.contains(word) {
            return 2;
        }
        let Some(entry) = self.entry(word).filter(|_| !self.is("common", word)) else { return 0 };
        if entry.word() > 1 && entry.first_name() < 2 { 0 } else { entry.first_name() }
    }

    /// ISO code of a place's country.
    pub fn country_code(&self, record: &Record<'_>) -> &str {
        record.country.and_then(|c| self.gazetteer.record(c)).map_or("", |c| c.code)
    }
}

/// The lines of a list that say something, with their numbers from 1.
fn rows(list: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    list.lines().enumerate().map(|(n, line)| (n + 1, line)).filter(|(_, l)| !l.is_empty() && !l.starts_with('#'))
}

fn sections(list: &'static str) -> HashMap<&'static str, HashSet<&'static str>> {
    let mut found: HashMap<&str, HashSet<&str>> = HashMap::new();
    let mut section = "";
    for (_, line) in rows(list) {
        match line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            Some(name) => section = name,
            None => found.entry(section).or_default().extend(line.split_whitespace()),
        }
    }
    found
}
