//! `where`: the incident's place among those of the report, and the site inside it.

use super::sites::{Site, site};
use super::{Fact, Field, PlacePrecision, Status, Value, Where};
use crate::encode::{softmax, tokens_in};
use crate::incidents::{Draft, Parts};
use crate::layers::places::Place;
use crate::text::Span;

/// The place of the incident: the surest of the places that its sentences name, with the site they name.
pub fn facts(parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
    let mut ranked: Vec<(f64, &Place)> = parts
        .places
        .iter()
        .filter(|p| !p.demonym && draft.tells(parts.input.sentence_at(p.span)))
        .map(|p| (score(parts, draft, p), p))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.span.cmp(&b.1.span)));
    let site = site(parts, draft);
    let place = ranked.first().copied();
    if place.is_none() && site.is_none() {
        return Vec::new();
    }
    let mut value = place.map_or_else(nowhere, |(_, p)| value(parts, p));
    let mut evidence: Vec<Span> = place.iter().map(|(_, p)| p.span).collect();
    let mut why = place
        .map_or_else(|| "no settlement named".to_owned(), |(_, p)| format!("nearest place to a trigger, {}", p.rule));
    // A site inside a country would be a pin in its middle: the site's own words say more than such a point.
    if let Some(Site { span, .. }) = site
        && !place.is_some_and(|(_, p)| p.span.overlaps(span))
    {
        let name = span.of(parts.input.text()).to_owned();
        if !value.name.is_empty() {
            value.within.insert(0, std::mem::take(&mut value.name));
        }
        value.name = name;
        value.precision = PlacePrecision::Site;
        evidence.insert(0, span);
        why = format!("site near a trigger; {why}");
    }
    let score = place.map_or(0.5, |(score, _)| score);
    vec![Fact {
        field: Field::Where,
        value: Value::Where(Box::new(value)),
        status: Status::Reported,
        sources: Vec::new(),
        denied_by: Vec::new(),
        evidence,
        confidence: (score / (1.0 + score.abs())).clamp(0.05, 0.95),
        why,
    }]
}

fn nowhere() -> Where {
    Where {
        name: String::new(),
        within: Vec::new(),
        geonames_id: None,
        lat: None,
        lon: None,
        country: None,
        admin1: None,
        precision: PlacePrecision::Site,
        radius_km: None,
        settlement: None,
        inferred: false,
    }
}

/// The value of a named place; the larger places that only geography gives are marked as inferred.
fn value(parts: Parts<'_>, place: &Place) -> Where {
    let chosen = place.chosen.as_ref();
    let mut within: Vec<String> =
        place.within.iter().filter_map(|i| parts.places.get(*i)).map(|p| p.name.clone()).collect();
    let said = within.len();
    for larger in chosen.map(|c| parts.geography.containing(c)).unwrap_or_default() {
        if !within.iter().any(|w| w.eq_ignore_ascii_case(&larger)) && !larger.eq_ignore_ascii_case(&place.name) {
            within.push(larger);
        }
    }
    let precision = match chosen.map(|c| c.kind) {
        Some("country" | "continent" | "region") => PlacePrecision::Country,
        Some("admin1") => PlacePrecision::Admin1,
        Some("admin2") => PlacePrecision::District,
        _ => PlacePrecision::Settlement,
    };
    Where {
        name: place.name.clone(),
        inferred: within.len() > said,
        within,
        geonames_id: chosen.map(|c| c.geonames_id).filter(|id| *id > 0),
        lat: chosen.map(|c| c.lat),
        lon: chosen.map(|c| c.lon),
        country: chosen.map(|c| c.country.clone()).filter(|c| !c.is_empty()),
        admin1: chosen.and_then(|c| c.admin1.clone()),
        precision,
        radius_km: chosen.map(|_| match precision {
            PlacePrecision::Site | PlacePrecision::Settlement => 10.0,
            PlacePrecision::District => 40.0,
            PlacePrecision::Admin1 => 150.0,
            PlacePrecision::Country => 500.0,
        }),
        settlement: (precision == PlacePrecision::Settlement).then(|| place.name.clone()),
    }
}

/// Nearness to a trigger, exactness, the model's head `where`, the lead and how often it is named speak for a place.
fn score(parts: Parts<'_>, draft: &Draft, place: &Place) -> f64 {
    let sentence = parts.input.sentence_at(place.span);
    let near = draft
        .act()
        .filter(|a| a.sentence == sentence)
        .map(|a| a.span.start.abs_diff(place.span.start))
        .min()
        .map_or(0.0, |gap| 1.0 / (1.0 + gap as f64 / 60.0));
    let fine = match place.chosen.as_ref().map(|c| c.kind) {
        Some("settlement") => 0.6,
        Some("admin2") => 0.4,
        Some("admin1") => 0.2,
        _ => 0.0,
    };
    let again = parts.places.iter().filter(|p| p.name == place.name).count().min(5) as f64 * 0.06;
    let lead = if sentence < 4 { 0.15 } else { 0.0 };
    model(parts, place.span) * 3.0 + near + fine + again + lead
}

/// The model's probability that the words are the place of an incident; 0 without a model.
pub(super) fn model(parts: Parts<'_>, span: Span) -> f64 {
    let scores = parts.input.scores;
    let Some(head) = scores.token.get("where") else { return 0.0 };
    tokens_in(&scores.tokens, span).map(|token| 1.0 - f64::from(softmax(head.row(token))[0])).fold(0.0, f64::max)
}
