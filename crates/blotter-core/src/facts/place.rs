//! `where`: the incident's place among those of the report, and the site inside it.

use std::sync::LazyLock;

use regex::Regex;

use super::sites::{Site, Sites};
use super::{Fact, Field, PlacePrecision, Status, Value, Where, relative};
use crate::incidents::{Draft, Parts};
use crate::layers::places::Place;
use crate::text::Span;

mod rank;

pub use rank::Candidate;
use rank::Ranked;
pub(crate) use rank::{Ranker, candidates};

/// So many mentions of the place are cited.
const MOST_EVIDENCE: usize = 3;
/// A place with a smaller chance than this is not taken to hold a name that no gazetteer has.
const AROUND: f64 = 0.02;
/// How far from the place around it a name without a point may lie, in kilometres.
const UNKNOWN_KM: f64 = 40.0;
/// A reading of a name that is less sure than this gives way where the report is at home elsewhere.
const SURE: f64 = 0.6;
/// A quarter lies in a town of the report within so many kilometres that has so many times its people.
const QUARTER: f64 = 30.0;
const MUCH_LARGER: f64 = 3.0;
/// Bytes between a site and the place that is named for it ("the market in Tarn").
const BESIDE: usize = 14;

/// The place of the incident: the likeliest of the report's places, with the site that its sentences name.
pub(super) fn facts(ranker: &Ranker, sites: &Sites, parts: Parts<'_>, draft: &Draft) -> Vec<Fact> {
    let ranked = ranker.rank(parts, draft);
    let site = sites.site(parts, draft);
    let place = site.and_then(|site| named_for(parts, site, &ranked)).or(ranked.first());
    if place.is_none() && site.is_none() {
        return Vec::new();
    }
    let first = place.map(|ranked| ranked.mentions[0]);
    let mut value = place.map_or_else(nowhere, |place| placed(parts, place, &ranked));
    let mut evidence: Vec<Span> = place.iter().flat_map(|r| &r.mentions).map(|p| p.span).collect();
    let mut why = first.map_or_else(|| "no settlement named".to_owned(), |p| format!("place of the act, {}", p.rule));
    // A site inside a country would be a pin in its middle: the site's own words say more than such a point.
    if let Some(Site { span, precision, .. }) = site
        && first.is_none_or(|p| !p.span.overlaps(span) || says_more(span, precision, p))
    {
        let name = span.of(parts.input.text()).to_owned();
        let part_of_name = first.is_some_and(|p| p.chosen.is_none() && p.span.overlaps(span));
        if !value.name.is_empty() && !part_of_name {
            value.within.insert(0, std::mem::take(&mut value.name));
        }
        value.name = name;
        value.precision = precision;
        evidence.retain(|cited| !cited.overlaps(span));
        evidence.insert(0, span);
        why = format!("site near a trigger; {why}");
    } else if let Some(place) = first
        && let Some(relative) = relative::read(parts.input.text(), place.span, place_before(parts, place))
        && !relative.reference
    {
        relative.shift(parts.input.text(), &mut value);
        evidence[0] = relative.span.join(place.span);
        why = format!("measured from a place; {why}");
    }
    evidence.truncate(MOST_EVIDENCE);
    vec![Fact {
        field: Field::Where,
        value: Value::Where(Box::new(value)),
        status: Status::Reported,
        sources: Vec::new(),
        denied_by: Vec::new(),
        evidence,
        confidence: place.map_or(0.3, |r| r.probability).clamp(0.02, 0.98),
        why,
    }]
}

/// The value of a candidate, put into a place around it where its own name does not say where it lies.
fn placed(parts: Parts<'_>, place: &Ranked<'_>, ranked: &[Ranked<'_>]) -> Where {
    let first = place.mentions[0];
    let mut found = value(parts, first);
    match &first.chosen {
        None if first.within.is_empty() => {
            let known = ranked.iter().find(|r| r.mentions[0].chosen.is_some() && r.probability > AROUND);
            if let Some(around) = known {
                put_into(&mut found, parts, around.mentions[0], first.site);
            }
        }
        Some(chosen) if parts.geography.is_quarter(chosen) => {
            if let Some(town) = larger(parts, first, ranked, |km| km < QUARTER) {
                found.within.insert(0, town.name.clone());
                found.settlement = Some(town.name.clone());
                found.inferred = true;
            }
        }
        // "Madisonville" of a report about Cincinnati is none of the towns of that name.
        Some(chosen) if first.within.is_empty() && chosen.confidence < SURE => {
            let far = |km: f64| km > rank::FAR;
            let lone =
                !ranked.iter().filter_map(|r| rank::away(first, r.mentions[0])).any(|km| km > 0.0 && km < rank::CLOSE);
            if let Some(town) = larger(parts, first, ranked, far).filter(|_| lone) {
                found = value(parts, &Place { chosen: None, ..first.clone() });
                put_into(&mut found, parts, town, false);
            }
        }
        _ => {}
    }
    found
}

/// The likeliest other settlement of the report that is much larger and so far away.
fn larger<'a>(parts: Parts<'_>, place: &Place, ranked: &[Ranked<'a>], fits: impl Fn(f64) -> bool) -> Option<&'a Place> {
    let people = |p: &Place| p.chosen.as_ref().map_or(0.0, |c| parts.geography.population(c));
    let settlement =
        |p: &Place| p.chosen.as_ref().is_some_and(|c| c.kind == "settlement" && !parts.geography.is_quarter(c));
    let others = ranked.iter().map(|r| (r.probability, r.mentions[0]));
    others
        .filter(|(probability, p)| *probability > AROUND && p.span != place.span && settlement(p))
        .map(|(_, p)| p)
        .find(|p| people(p) > MUCH_LARGER * people(place) && rank::away(place, p).is_some_and(&fits))
}

/// Puts a value without a point into the place around it, as something inferred.
fn put_into(inner: &mut Where, parts: Parts<'_>, around: &Place, site: bool) {
    let outer = value(parts, around);
    inner.within = std::iter::once(outer.name).chain(outer.within).collect();
    (inner.country, inner.admin1, inner.settlement) = (outer.country, outer.admin1, outer.settlement);
    (inner.lat, inner.lon, inner.radius_km) = (outer.lat, outer.lon, outer.radius_km);
    inner.inferred = true;
    // A street lies in its town; a village or quarter that no gazetteer has may lie some way off.
    if !site {
        inner.radius_km = inner.radius_km.map(|km| km.max(UNKNOWN_KM));
    }
}

/// Whether a site that a place's name is part of says more than the place: "Gorse Hill mobile home park" does, "Arghan
/// district" does not where the gazetteer has that district.
fn says_more(site: Span, precision: PlacePrecision, place: &Place) -> bool {
    site.contains(place.span) && (precision == PlacePrecision::Site || place.chosen.is_none())
}

/// The place named right behind a site is the one it is in.
fn named_for<'r, 'a>(parts: Parts<'_>, site: Site, ranked: &'r [Ranked<'a>]) -> Option<&'r Ranked<'a>> {
    let text = parts.input.text();
    let behind = |p: &Place| {
        let gap = text.get(site.span.end..p.span.start).unwrap_or("-");
        let open = ["", "in", "of", "near", "on", "outside"].contains(&gap.trim_matches([' ', ',', '(']).trim());
        p.span.start >= site.span.end && p.span.start - site.span.end <= BESIDE && open
    };
    ranked.iter().find(|r| r.mentions.iter().any(|p| behind(p)))
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
