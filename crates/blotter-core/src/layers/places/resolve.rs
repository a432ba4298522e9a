//! Which place a name means: every name's candidates vote for each other by country, division and nearness, one sense
//! a name and report. Weights by hand on LGL, GeoWebNews and GeoVirus together, each change kept where it helped both
//! the even and the odd reports (share of names within 161 km).

use std::collections::BTreeMap;

use super::detect::{Mention, Sort};
use super::gazetteer::{Kind, Record};
use super::geo::kilometres;
use super::lexicon::Atlas;

/// Candidates of a name beyond these are not weighed.
const MOST_CANDIDATES: usize = 40;
const ROUNDS: usize = 4;
/// A point of score for each e-fold of population.
const POPULATION: f64 = 0.5;
const SAME_COUNTRY: f64 = 6.0;
const SAME_ADMIN1: f64 = 6.0;
const NEAR: f64 = 6.0;
const NEAR_KM: f64 = 100.0;
const CONTAINED: f64 = 9.0;

/// A candidate with its score.
#[derive(Clone, Copy, Debug)]
pub struct Scored<'a> {
    /// Number in the atlas.
    pub number: u32,
    /// The place.
    pub place: Record<'a>,
    /// What speaks for it without the other names.
    pub prior: f64,
    /// Its share of belief, 0 to 1.
    pub share: f64,
}

/// A name of the report with all its mentions: one sense.
#[derive(Clone, Debug)]
pub struct Sense<'a> {
    /// Candidates, likeliest first once resolved.
    pub candidates: Vec<Scored<'a>>,
    /// How much it says about the others.
    weight: f64,
    /// The sense that it stands before, as "Paris" before "Texas".
    container: Option<usize>,
}

/// A hint from outside the text: a place and how much it counts.
pub type Hint = (u32, f64);

/// The senses of the mentions, and the sense of each mention.
pub fn resolve<'a>(
    atlas: &'a Atlas,
    mentions: &[Mention],
    pairs: &[Option<usize>],
    hints: &[Hint],
) -> (Vec<Sense<'a>>, Vec<usize>) {
    let (mut senses, of) = group(atlas, mentions, pairs);
    for (number, weight) in hints {
        let Some(place) = atlas.place(*number) else { continue };
        let candidate = Scored { number: *number, place, prior: 0.0, share: 1.0 };
        senses.push(Sense { candidates: vec![candidate], weight: *weight, container: None });
    }
    for sense in &mut senses {
        spread(sense, |c| c.prior);
    }
    for _ in 0..ROUNDS {
        let before = senses.clone();
        for (at, sense) in senses.iter_mut().enumerate() {
            let context = Context::new(&before, at);
            spread(sense, |c| c.prior + context.speaks_for(c));
        }
    }
    for sense in &mut senses {
        sense.candidates.sort_by(|a, b| b.share.total_cmp(&a.share));
    }
    (senses, of)
}

/// Mentions of one name are one sense, unless they stand before different larger places.
fn group<'a>(atlas: &'a Atlas, mentions: &[Mention], pairs: &[Option<usize>]) -> (Vec<Sense<'a>>, Vec<usize>) {
    let mut senses: Vec<Sense> = Vec::new();
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut of = vec![usize::MAX; mentions.len()];
    let mut order: Vec<usize> = (0..mentions.len()).collect();
    // Those with a larger place behind them found the senses that the bare ones join.
    order.sort_by_key(|m| pairs[*m].is_none());
    for m in order {
        let mention = &mentions[m];
        let larger = pairs[m].map_or("", |h| mentions[h].key.as_str());
        let bare = larger.is_empty().then(|| known.iter().find(|((k, _), _)| *k == mention.key)).flatten();
        let sense = match bare.map(|(_, s)| *s).or_else(|| known.get(&(mention.key.as_str(), larger)).copied()) {
            Some(sense) => sense,
            None => {
                known.insert((&mention.key, larger), senses.len());
                senses.push(Sense { candidates: candidates(atlas, mention), weight: 0.0, container: None });
                senses.len() - 1
            }
        };
        senses[sense].weight += 1.0;
        of[m] = sense;
    }
    for (m, pair) in pairs.iter().enumerate() {
        if let Some(larger) = pair {
            senses[of[m]].container = Some(of[*larger]);
        }
    }
    for sense in &mut senses {
        sense.weight = sense.weight.min(4.0).sqrt();
    }
    (senses, of)
}

fn candidates<'a>(atlas: &'a Atlas, mention: &Mention) -> Vec<Scored<'a>> {
    let mut found: Vec<Scored> = mention
        .hits
        .iter()
        .filter_map(|hit| {
            let place = atlas.place(hit.place)?;
            let preferred =
                atlas.preferred(&mention.key).filter(|(n, _)| *n == hit.place).map_or(0.0, |(_, points)| points);
            let prior = prior(atlas, mention, &place, hit.alternate) + preferred;
            Some(Scored { number: hit.place, place, prior, share: 0.0 })
        })
        .collect();
    found.sort_by(|a, b| b.prior.total_cmp(&a.prior));
    found.truncate(MOST_CANDIDATES);
    found
}

/// What speaks for a place without the rest of the report.
fn prior(atlas: &Atlas, mention: &Mention, place: &Record<'_>, alternate: bool) -> f64 {
    let size = POPULATION * (place.population + 1.0).ln();
    let united_states = atlas.country_code(place) == "US";
    let kind = match place.kind {
        Kind::Country => 6.0,
        Kind::Continent => 12.0,
        Kind::Region => 12.0,
        Kind::Site => 7.0,
        Kind::Admin1 if united_states => 2.0,
        Kind::Admin1 if matches!(atlas.country_code(place), "AU" | "BR" | "CA" | "DE" | "GB" | "IN" | "MX" | "NG") => {
            1.0
        }
        Kind::Admin1 => -1.0,
        Kind::Admin2 if mention.sort == Sort::Division => 4.0,
        Kind::Admin2 => -2.0,
        Kind::Settlement => [-1.5, 0.0, 0.2, 0.4, 0.7, 1.5].get(usize::from(place.feature)).copied().unwrap_or(0.0),
    };
    size + kind - if alternate { 3.0 } else { 0.0 }
}

/// Shares of belief from scores (softmax).
fn spread(sense: &mut Sense<'_>, score: impl Fn(&Scored<'_>) -> f64) {
    let scores: Vec<f64> = sense.candidates.iter().map(score).collect();
    let top = scores.iter().copied().fold(f64::MIN, f64::max);
    let total: f64 = scores.iter().map(|s| (s - top).exp()).sum();
    for (candidate, score) in sense.candidates.iter_mut().zip(scores) {
        candidate.share = (score - top).exp() / total;
    }
}

/// What the other names of the report say about one.
struct Context<'s, 'a> {
    all: f64,
    countries: BTreeMap<u32, f64>,
    divisions: BTreeMap<u32, f64>,
    /// Places of some precision and how much each counts.
    points: Vec<(f64, f64, f64)>,
    larger: Option<&'s Sense<'a>>,
    smaller: Vec<&'s Sense<'a>>,
}

impl<'s, 'a> Context<'s, 'a> {
    fn new(senses: &'s [Sense<'a>], own: usize) -> Context<'s, 'a> {
        let mut context = Context {
            all: 0.0,
            countries: BTreeMap::new(),
            divisions: BTreeMap::new(),
            points: Vec::new(),
            larger: senses[own].container.map(|c| &senses[c]),
            smaller: senses.iter().filter(|s| s.container == Some(own)).collect(),
        };
        for (_, sense) in senses.iter().enumerate().filter(|(n, s)| *n != own && !s.candidates.is_empty()) {
            context.all += sense.weight;
            for candidate in sense.candidates.iter().filter(|c| c.share > 0.02) {
                context.take(candidate, sense.weight * candidate.share);
            }
        }
        context
    }

    fn take(&mut self, candidate: &Scored<'_>, weight: f64) {
        let place = &candidate.place;
        if let Some(country) = place.country {
            *self.countries.entry(country).or_default() += weight;
        }
        if let Some(division) = place.admin1 {
            *self.divisions.entry(division).or_default() += weight;
        }
        if matches!(place.kind, Kind::Settlement | Kind::Admin2 | Kind::Site) {
            self.points.push((place.lat, place.lon, weight));
        }
    }

    fn speaks_for(&self, candidate: &Scored<'_>) -> f64 {
        let place = &candidate.place;
        let share = |votes: &BTreeMap<u32, f64>, of: Option<u32>| {
            of.and_then(|n| votes.get(&n)).map_or(0.0, |votes| votes / (self.all + 1.0))
        };
        let near: f64 = self
            .points
            .iter()
            .map(|(lat, lon, weight)| weight * (-kilometres(*lat, *lon, place.lat, place.lon) / NEAR_KM).exp())
            .sum();
        let near = if matches!(place.kind, Kind::Country | Kind::Continent) { 0.0 } else { near };
        let contained: f64 = self
            .larger
            .into_iter()
            .flat_map(|l| &l.candidates)
            .filter(|larger| contains(larger, place))
            .map(|larger| larger.share)
            .sum();
        let containing: f64 = self
            .smaller
            .iter()
            .map(|s| s.candidates.iter().filter(|c| contains(candidate, &c.place)).map(|c| c.share).sum::<f64>())
            .fold(0.0, f64::max);
        SAME_COUNTRY * share(&self.countries, place.country)
            + SAME_ADMIN1 * share(&self.divisions, place.admin1)
            + NEAR * near.min(1.0)
            + CONTAINED * contained
            + CONTAINED / 2.0 * containing
    }
}

/// Whether the candidate is a country or division in which the place lies.
fn contains(larger: &Scored<'_>, place: &Record<'_>) -> bool {
    let number = Some(larger.number);
    match larger.place.kind {
        Kind::Country => place.country == number && place.kind != Kind::Country,
        Kind::Admin1 => place.admin1 == number && place.kind != Kind::Admin1,
        Kind::Admin2 => place.admin2 == number && place.kind != Kind::Admin2,
        _ => false,
    }
}
