//! Values that cannot be true together.

use blotter_core::facts::{Field, PlacePrecision, Value};

use super::{Order, values};
use crate::record::{Disagreement, Entry, Said, is_total};

/// A value needs this much support to be worth somebody's time.
const LEAST: f64 = 0.35;
/// Places that are this far apart, beyond their radii, are two: less is a suburb or a county.
const APART_KM: f64 = 40.0;

/// The disagreements of a field.
pub fn find(field: Field, entries: &[Entry], order: &Order) -> Vec<Disagreement> {
    let mut found = Vec::new();
    let live = |e: &Entry| e.stands() && (e.support >= LEAST || e.pinned.is_some()) && is_total(&e.value);
    for rivals in values::rivalries(field, entries) {
        let rivals: Vec<(usize, Vec<Moment>)> =
            rivals.into_iter().filter(|i| live(&entries[*i])).map(|i| (i, moments(&entries[i], order))).collect();
        for (at, (i, of_a)) in rivals.iter().enumerate() {
            for (j, of_b) in &rivals[at + 1..] {
                let (a, b) = (&entries[*i], &entries[*j]);
                if values::compete(field, &a.value, &b.value)
                    && let Some(kind) = kind(a, b)
                    && (a.pinned.is_some() || b.pinned.is_some() || of_one_moment((a, of_a), (b, of_b)))
                {
                    let note =
                        format!("{} ({}), {} ({})", values::brief(&a.value), who(a), values::brief(&b.value), who(b));
                    let weight = a.support.min(b.support);
                    found.push(Disagreement { field, entries: [*i, *j], kind, note, weight });
                }
            }
        }
    }
    found.sort_by_key(|d| d.entries);
    for (i, entry) in entries.iter().enumerate().filter(|(_, e)| e.rejected.is_none() && e.superseded_by.is_none()) {
        let standing = |supports: bool| entry.said.iter().find(|s| s.stands && s.supports == supports);
        if let Some((says, denies)) = standing(true).zip(standing(false))
            && entry.pinned.is_none()
        {
            let note = format!("{}: said by {}, denied by {}", values::brief(&entry.value), voice(says), voice(denies));
            let weight = says.confidence.min(denies.confidence);
            found.push(Disagreement { field, entries: [i, i], kind: "status", note, weight });
        }
    }
    found
}

/// Why both cannot be true; `None` where they can.
fn kind(a: &Entry, b: &Entry) -> Option<&'static str> {
    match (&a.value, &b.value) {
        (Value::Toll(x), Value::Toll(y)) => {
            let (x, y) = (values::bounds(x.count), values::bounds(y.count));
            (x.1 < y.0 || y.1 < x.0).then_some("number")
        }
        (Value::When { .. }, Value::When { .. }) => {
            let (x, y) = values::days(&a.value).zip(values::days(&b.value))?;
            (x.1 < y.0 || y.1 < x.0).then_some("date")
        }
        (Value::Where(x), Value::Where(y)) => {
            let exact = |p: PlacePrecision| p <= PlacePrecision::Settlement;
            let far = exact(x.precision) && exact(y.precision) && values::apart(x, y)? > APART_KM;
            far.then_some("place")
        }
        (
            Value::Responsibility { party: Some(_), stance: "claimed" },
            Value::Responsibility { party: Some(_), stance: "claimed" },
        ) => Some("party"),
        _ => None,
    }
}

/// Day, origin and report of a statement that stands.
type Moment = (Option<i32>, u32, u32);

/// When and by whom a value is said, each once.
fn moments(entry: &Entry, order: &Order) -> Vec<Moment> {
    let standing = entry.said.iter().filter(|s| s.supports && s.stands);
    let mut found: Vec<Moment> =
        standing.map(|s| s.telling).map(|t| (order.day[t], order.origin[t], order.report[t])).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether two values are said of about the same moment by different origins, or by one that takes back what it said. A
/// toll that another origin gives as larger two days later or more is news, no disagreement.
fn of_one_moment((a, of_a): (&Entry, &[Moment]), (b, of_b): (&Entry, &[Moment])) -> bool {
    let (of_one, of_other) = (values::size(&a.value), values::size(&b.value));
    if let Some((x, y)) = of_one.zip(of_other) {
        let (early, late) = if x < y { (of_a, of_b) } else { (of_b, of_a) };
        // In order of their days, those of unknown days first.
        let apart = |(last, first): (i32, i32)| first - last >= 2;
        let known = late.first().and_then(|m| m.0).and(early.first().and_then(|m| m.0)).is_some();
        if x != y && known && early.last().and_then(|m| m.0).zip(late[0].0).is_some_and(apart) {
            return false;
        }
    }
    of_a.iter().any(|x| {
        of_b.iter().any(|y| {
            let (Some(at_x), Some(at_y)) = (x.0, y.0) else { return x.1 != y.1 };
            let (first, last, early, late) =
                if at_x <= at_y { (at_x, at_y, of_one, of_other) } else { (at_y, at_x, of_other, of_one) };
            let rises = late > early && early.is_some();
            if x.1 == y.1 {
                // The same report tells both: parts of one story that its reader could not tell apart.
                return x.2 != y.2 && early.is_some() && !rises;
            }
            !(rises && last - first >= 2)
        })
    })
}

/// Who says a value: its surest statement's source, or the origin that speaks itself.
fn who(entry: &Entry) -> String {
    if let Some(pinned) = &entry.pinned {
        return format!("pinned by {}", pinned.by);
    }
    let surest =
        entry.said.iter().filter(|s| s.supports && s.stands).max_by(|a, b| a.confidence.total_cmp(&b.confidence));
    surest.map(voice).unwrap_or_default()
}

/// The name of the source, else of the origin.
fn voice(said: &Said) -> String {
    let own = |name: &&str| values::plain(name) != values::plain(&said.origin);
    let name = said.sources.first().and_then(|s| s["name"].as_str()).filter(own);
    name.map_or_else(|| said.origin.to_string(), |name| format!("{name}, in {}", said.origin))
}
