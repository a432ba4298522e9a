//! Places measured from others: "15 km north of Tarn" is a point away from Tarn, and no better known than that.

use std::sync::LazyLock;

use regex::Regex;

use super::{PlacePrecision, Where};
use crate::text::Span;

/// The words before the place that is measured from.
static MEASURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:(?:about|around|some|roughly|nearly|approximately) )?(\d{1,4}(?:\.\d+)?)[ -]?(km|kms|kilomet(?:er|re)s?|miles?|mi)\.? (?:\(\d[^)]{0,20}\) )?(?:to the )?(?:(due )?((?:north|south)[ -]?(?:east|west)(?:ern)?|north|south|east|west) (?:of|from)|from|outside|away from|off)\s+(?:the (?:city|town|village|capital) of )?$",
    )
    .expect("a pattern")
});

/// Bytes before a place in which its measure is looked for.
const REACH: usize = 90;
const KM_A_MILE: f64 = 1.609;
/// Degrees of latitude in a kilometre.
const DEGREES_A_KM: f64 = 1.0 / 111.2;
/// A direction of the eight winds is right to this share of the distance (sine of 22.5 degrees, and the distance's own
/// rounding).
const SPREAD: f64 = 0.4;
/// Where a town itself ends, in kilometres.
const TOWN_KM: f64 = 5.0;

/// A measure that ends before a place.
pub(super) struct Relative {
    /// The measure's words.
    pub span: Span,
    /// It describes another place named before it ("Kesh, 15 km north of Tarn").
    pub reference: bool,
    km: f64,
    /// Degrees clockwise from north; `None` where no direction is said.
    bearing: Option<f64>,
    place: Span,
}

/// The measure that ends right before the place; `named_before` says whether another place ends at that byte.
pub(super) fn read(text: &str, place: Span, named_before: impl Fn(usize) -> bool) -> Option<Relative> {
    let before = super::snap(text, Span::new(place.start.saturating_sub(REACH), place.start));
    let found = MEASURE.captures(before.of(text))?;
    let whole = found.get(0)?;
    let span = Span::new(before.start + whole.start(), before.start + whole.end());
    let number: f64 = found[1].parse().ok()?;
    let km = if found[2].to_lowercase().starts_with('m') { number * KM_A_MILE } else { number };
    let bearing = found.get(4).and_then(|d| bearing(d.as_str()));
    Some(Relative { span, reference: named_before(span.start), km, bearing, place })
}

fn bearing(direction: &str) -> Option<f64> {
    let plain: String = direction.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
    let winds = ["north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"];
    winds.iter().position(|w| *w == plain).map(|n| n as f64 * 45.0)
}

impl Relative {
    /// Turns the value of the place that is measured from into that of the place meant.
    pub fn shift(&self, text: &str, value: &mut Where) {
        let name = self.span.join(self.place).of(text).split_whitespace().collect::<Vec<_>>().join(" ");
        let from = std::mem::replace(&mut value.name, name);
        value.within.insert(0, from);
        value.geonames_id = None;
        value.settlement = None;
        value.precision = PlacePrecision::District;
        let (Some(lat), Some(lon)) = (value.lat, value.lon) else { return };
        let Some(bearing) = self.bearing else {
            // All that is known is the ring around the place.
            value.radius_km = Some((self.km + TOWN_KM).round());
            return;
        };
        let (north, east) = (self.km * bearing.to_radians().cos(), self.km * bearing.to_radians().sin());
        let parallel = lat.to_radians().cos().abs().max(0.01);
        value.lat = Some((lat + north * DEGREES_A_KM).clamp(-90.0, 90.0));
        value.lon = Some((lon + east * DEGREES_A_KM / parallel + 540.0).rem_euclid(360.0) - 180.0);
        value.radius_km = Some((self.km * SPREAD + TOWN_KM).round());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(text: &str, name: &str) -> Option<Relative> {
        let start = text.find(name)?;
        read(text, Span::new(start, start + name.len()), |at| text[..at].ends_with("Kesh, "))
    }

    fn tarn() -> Where {
        Where {
            name: "Tarn".to_owned(),
            within: vec!["Chad".to_owned()],
            geonames_id: Some(1),
            lat: Some(10.0),
            lon: Some(20.0),
            country: Some("TD".to_owned()),
            admin1: None,
            precision: PlacePrecision::Settlement,
            radius_km: Some(10.0),
            settlement: Some("Tarn".to_owned()),
            inferred: false,
        }
    }

    #[test]
    fn a_measure_shifts_the_point() {
        let text = "The bus was burnt about 20 km north-east of Tarn.";
        let mut value = tarn();
        measured(text, "Tarn").expect("a measure").shift(text, &mut value);
        assert_eq!(value.name, "about 20 km north-east of Tarn");
        assert_eq!(value.within, ["Tarn", "Chad"]);
        assert!((value.lat.unwrap_or(0.0) - 10.127).abs() < 0.01 && (value.lon.unwrap_or(0.0) - 20.129).abs() < 0.01);
        assert_eq!((value.radius_km, value.precision, value.settlement), (Some(13.0), PlacePrecision::District, None));
    }

    #[test]
    fn without_a_direction_the_ring_is_known() {
        let text = "He was held 10 miles from Tarn.";
        let mut value = tarn();
        measured(text, "Tarn").expect("a measure").shift(text, &mut value);
        assert_eq!((value.lat, value.radius_km), (Some(10.0), Some(21.0)));
    }

    #[test]
    fn a_measure_may_describe_the_place_before_it() {
        assert!(measured("It fell in Kesh, 15 km west of Tarn.", "Tarn").expect("a measure").reference);
        assert!(measured("It fell in Tarn.", "Tarn").is_none());
    }
}
