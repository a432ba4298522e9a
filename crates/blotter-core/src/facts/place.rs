//! `where`: the incident's place among those of the report.

use super::{Fact, Field, PlacePrecision, Status, Value, Where};
use crate::encode::{softmax, tokens_in};
use crate::incidents::{Draft, Parts};
use crate::layers::places::Place;

/// The place of the incident: the surest of the places that its sentences name.
pub fn facts(parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
    let mut ranked: Vec<(f64, &Place)> = parts
        .places
        .iter()
        .filter(|p| !p.demonym && draft.tells(parts.input.sentence_at(p.span)))
        .map(|p| (score(parts, draft, p), p))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.span.cmp(&b.1.span)));
    let Some(&(score, place)) = ranked.first() else { return Vec::new() };
    let chosen = place.chosen.as_ref();
    let within: Vec<String> =
        place.within.iter().filter_map(|i| parts.places.get(*i)).map(|p| p.name.clone()).collect();
    let precision = match chosen.map(|c| c.kind) {
        Some("country" | "continent" | "region") => PlacePrecision::Country,
        Some("admin1") => PlacePrecision::Admin1,
        Some("admin2") => PlacePrecision::District,
        _ => PlacePrecision::Settlement,
    };
    vec![Fact {
        field: Field::Where,
        value: Value::Where(Box::new(Where {
            name: place.name.clone(),
            within,
            geonames_id: chosen.map(|c| c.geonames_id),
            lat: chosen.map(|c| c.lat),
            lon: chosen.map(|c| c.lon),
            country: chosen.map(|c| c.country.clone()),
            admin1: chosen.and_then(|c| c.admin1.clone()),
            precision,
            radius_km: chosen.map(|_| match precision {
                PlacePrecision::Site => 1.0,
                PlacePrecision::Settlement => 10.0,
                PlacePrecision::District => 40.0,
                PlacePrecision::Admin1 => 150.0,
                PlacePrecision::Country => 500.0,
            }),
            settlement: (precision == PlacePrecision::Settlement).then(|| place.name.clone()),
            inferred: false,
        })),
        status: Status::Reported,
        sources: Vec::new(),
        denied_by: Vec::new(),
        evidence: vec![place.span],
        confidence: (score / (1.0 + score.abs())).clamp(0.05, 0.95),
        why: format!("nearest place to a trigger, {}", place.rule),
    }]
}

fn score(parts: Parts<'_>, draft: &Draft, place: &Place) -> f64 {
    let sentence = parts.input.sentence_at(place.span);
    let near = draft
        .anchors
        .iter()
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
    model(parts, place) * 3.0 + near + fine
}

/// The model's probability that the words are the place of an incident; 0 without a model.
fn model(parts: Parts<'_>, place: &Place) -> f64 {
    let scores = parts.input.scores;
    let Some(head) = scores.token.get("where") else { return 0.0 };
    tokens_in(&scores.tokens, place.span).map(|token| 1.0 - f64::from(softmax(head.row(token))[0])).fold(0.0, f64::max)
}
