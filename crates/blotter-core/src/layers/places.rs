//! Place names → points on the map, chosen by everything the report says, alternatives kept.

mod detect;
mod gazetteer;
mod geo;
mod lexicon;
mod model;
mod people;
mod resolve;
mod stated;
#[cfg(test)]
mod tests;
mod tokens;

use std::collections::HashSet;

use super::Input;
use crate::data::DataError;
use crate::text::Span;
use detect::{Detector, Mention, Sort};
use gazetteer::{Kind, Record};
pub(crate) use geo::kilometres;
use lexicon::Atlas;
use people::People;
use resolve::{Hint, Scored, Sense};
use tokens::{Gap, Word};

/// A place a name may mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Name in the gazetteer.
    pub name: String,
    /// GeoNames id; 0 for a place of our own list without one.
    pub geonames_id: u32,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// ISO 3166-1 alpha-2; empty for a place in no country or in several.
    pub country: String,
    /// First-order division: for the United States the postal code ("TX"), elsewhere its name.
    pub admin1: Option<String>,
    /// "country", "admin1", "admin2", "settlement", "continent", "region", "site".
    pub kind: &'static str,
    /// 0 to 1.
    pub confidence: f64,
    /// Its number in the atlas, for questions to [`Places`].
    pub number: u32,
}

/// A place name in the report.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Where it stands.
    pub span: Span,
    /// The words as the report has them, normalised ("the U.S." → "U.S.").
    pub name: String,
    /// A demonym or adjective ("Russian") rather than the place's own name.
    pub demonym: bool,
    /// The name of a street, a building or a ground, by its words.
    pub site: bool,
    /// What it means; `None` where the gazetteer has nothing.
    pub chosen: Option<Candidate>,
    /// Other readings, likeliest first, five at most.
    pub alternatives: Vec<Candidate>,
    /// The larger places that the text itself names around it ("Paris, Texas" → "Texas"), as indices into the result.
    pub within: Vec<usize>,
    /// How it was found and chosen.
    pub rule: String,
}

/// How many other readings are kept.
const ALTERNATIVES: usize = 5;
/// A reading below this share of belief is not kept.
const LEAST_SHARE: f64 = 0.01;
/// The place that a line below a heading begins with stands in so many bytes ("In the town of Kesh").
const LONGEST_OPENING: usize = 16;
/// How much the outlet's name counts beside the names in the text.
const OUTLET: f64 = 1.5;

/// The places layer, with its gazetteer.
pub struct Places {
    atlas: Atlas,
}

impl Places {
    /// Loads the word lists and the gazetteer (empty bytes: no name is resolved).
    ///
    /// # Errors
    /// The file, line and reason of a fault in the data.
    pub fn load(gazetteer: &[u8]) -> Result<Places, DataError> {
        Ok(Places { atlas: Atlas::load(gazetteer)? })
    }

    /// The place names of the report, in order, without overlap.
    pub fn read(&self, input: Input<'_>) -> Vec<Place> {
        let words = tokens::words(input);
        let people = People::read(&self.atlas, &words);
        let case = detect::case(&words);
        let (text, confirmed) = (input.text(), HashSet::new());
        let mut detector = Detector { atlas: &self.atlas, text, words: &words, people: &people, case, confirmed };
        detector.confirm();
        let (mentions, stated) = stated::apply(&detector, input.report, model::merge(&detector, input));
        let mut pairs = pairs(&words, &mentions);
        for (mention, pair) in mentions.iter().zip(&mut pairs) {
            // What the dateline says of a name holds wherever it stands.
            let larger = stated.get(&mention.key).filter(|_| pair.is_none() && mention.sort == Sort::Unknown);
            *pair = larger.and_then(|span| mentions.iter().position(|m| m.span == *span)).or(*pair);
        }
        self.headed(input, &mentions, &mut pairs);
        let (senses, of) = resolve::resolve(&self.atlas, &mentions, &pairs, &self.hints(input));
        let place = |(n, m): (usize, &Mention)| self.place(input, m, &senses[of[n]], pairs[n]);
        mentions.iter().enumerate().map(place).collect()
    }

    /// A line that is a country's or division's name and nothing else holds the places that the lines below it begin with.
    fn headed(&self, input: Input<'_>, mentions: &[Mention], pairs: &mut [Option<usize>]) {
        let large = |m: &Mention| {
            let place = m.hits.iter().find(|hit| !hit.alternate).and_then(|hit| self.atlas.place(hit.place));
            place.is_some_and(|p| matches!(p.kind, Kind::Country | Kind::Admin1))
        };
        let mut heading = None;
        for sentence in input.sentences {
            let words = sentence.span.of(input.text());
            let first = mentions.iter().position(|m| sentence.span.contains(m.span)).filter(|m| {
                let mention = &mentions[*m];
                mention.span.start - sentence.span.start <= LONGEST_OPENING && mention.sort != Sort::Demonym
            });
            let alone = |m: &usize| mentions[*m].span.len() >= words.trim_end_matches([':', '.']).trim_end().len();
            if let Some(alone) = first.filter(alone) {
                heading = Some(alone).filter(|m| large(&mentions[*m]));
            } else if let (Some(heading), Some(m)) = (heading, first) {
                pairs[m] = pairs[m].or(Some(heading));
            } else {
                heading = None;
            }
        }
    }

    fn place(&self, input: Input<'_>, mention: &Mention, sense: &Sense<'_>, within: Option<usize>) -> Place {
        let mut readings = sense
            .candidates
            .iter()
            .enumerate()
            .filter(|(n, c)| *n == 0 || c.share >= LEAST_SHARE)
            .map(|(_, c)| self.candidate(c));
        let chosen = readings.next();
        Place {
            span: mention.span,
            name: input.report.words(mention.span).split_whitespace().collect::<Vec<_>>().join(" "),
            demonym: mention.sort == Sort::Demonym,
            site: mention.sort == Sort::Site,
            chosen,
            alternatives: readings.take(ALTERNATIVES).collect(),
            within: within.into_iter().collect(),
            rule: format!("{} {:+.1}", mention.rule, mention.score),
        }
    }

    fn candidate(&self, scored: &Scored<'_>) -> Candidate {
        let place = &scored.place;
        Candidate {
            name: place.name.to_owned(),
            geonames_id: place.id,
            lat: place.lat,
            lon: place.lon,
            country: self.atlas.country_code(place).to_owned(),
            admin1: self.admin1(place),
            kind: place.kind.name(),
            confidence: scored.share,
            number: scored.number,
        }
    }

    fn admin1(&self, place: &Record<'_>) -> Option<String> {
        let division = self.atlas.place(place.admin1?)?;
        let american = self.atlas.country_code(place) == "US";
        Some(if american { division.code } else { division.name }.to_owned())
    }

    /// What the outlet's name and address say about where the report is at home.
    fn hints(&self, input: Input<'_>) -> Vec<Hint> {
        let Some(outlet) = &input.report.publisher else { return Vec::new() };
        let words: Vec<String> = outlet.split_whitespace().map(tokens::normalize).collect();
        let found = (0..words.len()).flat_map(|from| (from + 1..=words.len()).rev().map(move |to| (from, to)));
        let best = found
            .filter_map(|(from, to)| {
                let entry = self.atlas.entry(&words[from..to].join(" "))?;
                let (number, alternate) = entry.hits().next()?;
                (!alternate && entry.word() < 2).then_some((to - from, number))
            })
            .max_by_key(|(length, number)| (*length, std::cmp::Reverse(*number)));
        best.map(|(_, number)| (number, OUTLET)).into_iter().collect()
    }

    /// The larger places around a candidate, from the nearest: second-order division, first-order division, country.
    pub fn containing(&self, candidate: &Candidate) -> Vec<String> {
        let Some(place) = self.atlas.place(candidate.number) else { return Vec::new() };
        [place.admin2, place.admin1, place.country]
            .into_iter()
            .flatten()
            .filter(|number| *number != candidate.number)
            .filter_map(|number| Some(self.atlas.place(number)?.name.to_owned()))
            .collect()
    }

    /// Whether the first lies in the second, a country or division, as far as divisions tell.
    pub fn lies_in(&self, small: &Candidate, large: &Candidate) -> bool {
        let record = self.atlas.place(small.number);
        record.is_some_and(|r| [r.admin2, r.admin1, r.country].contains(&Some(large.number)))
    }

    /// Whether it is a part of a settlement (GeoNames PPLX and the like).
    pub fn is_quarter(&self, candidate: &Candidate) -> bool {
        self.atlas.place(candidate.number).is_some_and(|r| r.kind == Kind::Settlement && r.feature == 0)
    }

    /// How many people live there, to about a twentieth; 0 where that is not known.
    pub fn population(&self, candidate: &Candidate) -> f64 {
        self.atlas.place(candidate.number).map_or(0.0, |record| record.population)
    }

    /// The settlement nearest to a point (degrees) and its distance in kilometres; `None` with an empty gazetteer.
    /// Looks at every settlement: some milliseconds.
    pub fn nearest_settlement(&self, lat: f64, lon: f64) -> Option<(Candidate, f64)> {
        let nearest = (0..self.atlas.gazetteer.len())
            .filter_map(|number| Some((number, self.atlas.gazetteer.record(number)?)))
            .filter(|(_, place)| place.kind == Kind::Settlement && place.feature > 0 && (place.lat - lat).abs() < 3.0)
            .map(|(number, place)| (number, place, geo::kilometres(lat, lon, place.lat, place.lon)))
            .min_by(|a, b| a.2.total_cmp(&b.2))?;
        let (number, place, distance) = nearest;
        Some((self.candidate(&Scored { number, place, prior: 0.0, share: 1.0 }), distance))
    }

    /// The English name of a country by its ISO 3166-1 alpha-2 code.
    pub fn country_name(&self, code: &str) -> Option<&str> {
        let number = self.atlas.gazetteer.by_code(code)?;
        self.atlas.gazetteer.record(number).filter(|r| r.kind == Kind::Country).map(|r| r.name)
    }
}

/// For each mention the one behind it that may hold it: "Paris, Texas", "Aleppo in Syria".
fn pairs(words: &[Word], mentions: &[Mention]) -> Vec<Option<usize>> {
    let follows = |n: usize| {
        let (this, next) = (&mentions[n], mentions.get(n + 1)?);
        if this.sort == Sort::Demonym || next.sort == Sort::Demonym {
            return None;
        }
        let between = words.get(this.last + 1..next.first)?;
        let joined = match between {
            [] => matches!(words[next.first].gap, Gap::Comma | Gap::Space),
            [word] => word.key == "in" && matches!(word.gap, Gap::Space | Gap::Comma),
            _ => false,
        };
        joined.then_some(n + 1)
    };
    (0..mentions.len()).map(follows).collect()
}
