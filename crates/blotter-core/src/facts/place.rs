//! `where`: the incident's place among those of the report, and the site inside it.

use std::sync::LazyLock;

use regex::Regex;

use super::near::{model, nearness};
use super::sites::{Site, Sites};
use super::{Fact, Field, PlacePrecision, Relation, Status, Value, Where, relative};
use crate::incidents::{Draft, Parts};
use crate::layers::places::Place;
use crate::text::Span;

/// A place of a sentence that tells of no incident counts this much less.
const ELSEWHERE: f64 = 1.0;
/// The dateline counts this much less than a place named beside the act.
const DATELINE: f64 = 0.5;
/// A name that no gazetteer has and that the text puts into no larger place.
const UNKNOWN: f64 = 0.3;
/// The place from which another is measured ("Kesh, 15 km north of Tarn") counts this much less.
const REFERENCE: f64 = 1.0;

/// So many mentions of the place are cited.
const MOST_EVIDENCE: usize = 3;
/// A finer place inside the likeliest one may count this much less than it and still be the place.
const FINER: f64 = 2.0;
/// Bytes between a site and the place that is named for it ("the market in Tarn").
const BESIDE: usize = 14;

/// The place of the incident: the surest of the places that its sentences name, with the site they name.
pub(super) fn facts(sites: &Sites, parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
    let ranked = ranked(parts, draft);
    let site = sites.site(parts, draft);
    let place = site.and_then(|site| named_for(parts, site, &ranked)).or_else(|| finest(parts, draft, &ranked));
    if place.is_none() && site.is_none() {
        return Vec::new();
    }
    let mut value = place.map_or_else(nowhere, |(_, p)| value(parts, p));
    let mut evidence: Vec<Span> = place.map(|(_, p)| mentions(parts, draft, p)).unwrap_or_default();
    let mut why = place
        .map_or_else(|| "no settlement named".to_owned(), |(_, p)| format!("nearest place to a trigger, {}", p.rule));
    // A site inside a country would be a pin in its middle: the site's own words say more than such a point.
    if let Some(Site { span, precision, .. }) = site
        && place.is_none_or(|(_, p)| !p.span.overlaps(span) || says_more(span, precision, p))
    {
        let name = span.of(parts.input.text()).to_owned();
        let part_of_name = place.is_some_and(|(_, p)| p.chosen.is_none() && p.span.overlaps(span));
        if !value.name.is_empty() && !part_of_name {
            value.within.insert(0, std::mem::take(&mut value.name));
        }
        value.name = name;
        value.precision = precision;
        evidence.retain(|cited| !cited.overlaps(span));
        evidence.insert(0, span);
        why = format!("site near a trigger; {why}");
    } else if let Some((_, place)) = place
        && let Some(relative) = relative::read(parts.input.text(), place.span, place_before(parts, place))
        && !relative.reference
    {
        relative.shift(parts.input.text(), &mut value);
        evidence[0] = relative.span.join(place.span);
        why = format!("measured from a place; {why}");
    }
    evidence.truncate(MOST_EVIDENCE);
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

/// Whether a site that a place's name is part of says more than the place: "Gorse Hill mobile home park" does, "Arghan
/// district" does not where the gazetteer has that district.
fn says_more(site: Span, precision: PlacePrecision, place: &Place) -> bool {
    site.contains(place.span) && (precision == PlacePrecision::Site || place.chosen.is_none())
}

/// The place's own mention first, then the other mentions of its name, nearest to the act first.
fn mentions(parts: Parts<'_>, draft: &Draft, place: &Place) -> Vec<Span> {
    let same = |p: &&Place| p.span != place.span && p.name.eq_ignore_ascii_case(&place.name);
    let mut others: Vec<(bool, f64, Span)> = parts
        .places
        .iter()
        .filter(same)
        .map(|p| (!draft.tells(parts.input.sentence_at(p.span)), nearness(parts, draft, p.span), p.span))
        .collect();
    others.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    std::iter::once(place.span).chain(others.into_iter().map(|(.., span)| span)).collect()
}

/// The place named right behind a site is the one it is in.
fn named_for<'a>(parts: Parts<'a>, site: Site, ranked: &[(f64, &'a Place)]) -> Option<(f64, &'a Place)> {
    let text = parts.input.text();
    let behind = |p: &Place| {
        let gap = text.get(site.span.end..p.span.start).unwrap_or("-");
        let open = ["", "in", "of", "near", "on", "outside"].contains(&gap.trim_matches([' ', ',', '(']).trim());
        p.span.start >= site.span.end && p.span.start - site.span.end <= BESIDE && open
    };
    ranked.iter().find(|(_, p)| behind(p)).copied()
}

/// The likeliest place, or where that is a country or a division, a finer one in it that the act's sentences name.
fn finest<'a>(parts: Parts<'a>, draft: &Draft, ranked: &[(f64, &'a Place)]) -> Option<(f64, &'a Place)> {
    let &(score, best) = ranked.first()?;
    let chosen = best.chosen.as_ref();
    let inside = |p: &Place| match (chosen, p.chosen.as_ref()) {
        (Some(large), Some(small)) => {
            large.country == small.country && rank(p) > rank(best) && (rank(best) == 0 || large.admin1 == small.admin1)
        }
        (Some(_), None) => true,
        _ => false,
    };
    if rank(best) > 1 {
        return Some((score, best));
    }
    let near = |p: &Place| draft.act().any(|a| a.sentence.abs_diff(parts.input.sentence_at(p.span)) <= 1);
    let finer = ranked
        .iter()
        .find(|(s, p)| score - s < FINER && near(p) && draft.tells(parts.input.sentence_at(p.span)) && inside(p));
    Some(finer.copied().unwrap_or((score, best)))
}

/// How fine a place is: a country 0, a division 1, a district 2, anything else 3.
fn rank(place: &Place) -> u8 {
    match place.chosen.as_ref().map(|c| c.kind) {
        Some("country" | "continent" | "region") => 0,
        Some("admin1") => 1,
        Some("admin2") => 2,
        _ => 3,
    }
}

/// The places that may be the incident's, likeliest first. A main incident may also be where the dateline says or at a
/// place that stands in a sentence between its own.
fn ranked<'a>(parts: Parts<'a>, draft: &Draft) -> Vec<(f64, &'a Place)> {
    let dateline = parts.input.report.dateline;
    let main = draft.relation == Relation::Main;
    let mut ranked: Vec<(f64, &Place)> = parts
        .places
        .iter()
        .filter(|p| !p.demonym)
        .filter_map(|p| {
            let score = score(parts, draft, p);
            if dateline.is_some_and(|d| d.overlaps(p.span)) {
                return main.then_some((score - DATELINE, p));
            }
            if draft.tells(parts.input.sentence_at(p.span)) {
                return Some((score, p));
            }
            main.then_some((score - ELSEWHERE, p))
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.span.cmp(&b.1.span)));
    ranked
}

/// What may stand between a place and the words that say how far it is from another.
static APPOSITION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^,?\s*(?:which (?:is|lies)|located|situated|lying|just|an? [\w-]+(?: [\w-]+){0,3}?)?\s*$")
        .expect("a pattern")
});
/// Bytes between the two at most.
const APPOSITION_REACH: usize = 45;

/// Whether a settlement stands right before the words that measure from this one ("Kesh, 15 km north of").
fn place_before(parts: Parts<'_>, place: &Place) -> impl Fn(usize) -> bool {
    move |at| {
        let fine = |p: &&Place| !matches!(p.chosen.as_ref().map(|c| c.kind), Some("country" | "continent" | "region"));
        let close = |p: &Place| p.span != place.span && p.span.end <= at && at - p.span.end <= APPOSITION_REACH;
        let between = |p: &Place| Span::new(p.span.end, at).of(parts.input.text());
        parts.places.iter().filter(fine).any(|p| !p.demonym && close(p) && APPOSITION.is_match(between(p)))
    }
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
    // A name that no gazetteer has still lies in the country that the text says.
    let around = place.within.iter().filter_map(|i| parts.places.get(*i)?.chosen.as_ref()).next();
    let unknown = || around.filter(|_| chosen.is_none());
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
        name: written(parts, place),
        inferred: within.len() > said,
        within,
        geonames_id: chosen.map(|c| c.geonames_id).filter(|id| *id > 0),
        lat: chosen.map(|c| c.lat),
        lon: chosen.map(|c| c.lon),
        country: chosen.or_else(unknown).map(|c| c.country.clone()).filter(|c| !c.is_empty()),
        admin1: chosen.or_else(unknown).and_then(|c| c.admin1.clone()),
        precision,
        radius_km: chosen.map(|_| match precision {
            PlacePrecision::Site | PlacePrecision::Settlement => 10.0,
            PlacePrecision::District => 40.0,
            PlacePrecision::Admin1 => 150.0,
            PlacePrecision::Country => 500.0,
        }),
        settlement: (precision == PlacePrecision::Settlement).then(|| written(parts, place)),
    }
}

/// The name as the report writes it in running text ("PORT KESH" in the dateline is "Port Kesh").
fn written(parts: Parts<'_>, place: &Place) -> String {
    let shouted = !place.name.chars().any(char::is_lowercase);
    let mut same = parts.places.iter().filter(|p| shouted && p.name.to_lowercase() == place.name.to_lowercase());
    let plain = same.find(|p| p.name.chars().any(char::is_lowercase));
    plain.unwrap_or(place).name.clone()
}

/// Nearness to a trigger, exactness, the model's head `where`, the lead and how often it is named speak for a place.
fn score(parts: Parts<'_>, draft: &Draft, place: &Place) -> f64 {
    let sentence = parts.input.sentence_at(place.span);
    let near = nearness(parts, draft, place.span);
    let fine = match place.chosen.as_ref().map(|c| c.kind) {
        None if !place.within.is_empty() => 0.6,
        None => UNKNOWN,
        Some("settlement" | "site") => 0.6,
        Some("admin2") => 0.4,
        Some("admin1") => 0.2,
        _ => 0.0,
    };
    let again = parts.places.iter().filter(|p| p.name == place.name).count().min(5) as f64 * 0.06;
    let lead = if sentence < 4 { 0.15 } else { 0.0 };
    let measured = relative::read(parts.input.text(), place.span, place_before(parts, place));
    let reference = if measured.is_some_and(|r| r.reference) { REFERENCE } else { 0.0 };
    model(parts, "where", place.span) * 3.0 + near + fine + again + lead + at_home(parts, place) - reference
}

/// Up to half a point for a place in the country of the report's other places.
fn at_home(parts: Parts<'_>, place: &Place) -> f64 {
    let countries = |p: &Place| p.chosen.as_ref().map(|c| c.country.clone()).filter(|c| !c.is_empty());
    let Some(own) = countries(place) else { return 0.0 };
    let others = parts.places.iter().filter(|p| p.name != place.name).filter_map(countries);
    let (same, all) = others.fold((0, 0), |(same, all), c| (same + usize::from(c == own), all + 1));
    if all == 0 { 0.25 } else { 0.5 * same as f64 / all as f64 }
}
