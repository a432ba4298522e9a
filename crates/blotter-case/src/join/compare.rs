//! Two profiles → what speaks for and against their being one incident.
//!
//! Every feature is a pure function of the two profiles, and the same with the two exchanged: what else a case file holds,
//! and which came first, changes nothing.

use super::copies;
use super::profile::{Person, Place, Profile, same_name};
use super::words;

/// A feature's name and value. The names are those of the weight file.
pub type Feature = (&'static str, f64);

/// What was compared: the features, and the words for people.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// What the model weighs.
    pub features: Vec<Feature>,
    /// People in both.
    pub people: Vec<String>,
    /// Rare words in both.
    pub rare: Vec<String>,
    /// Kilometres between the places.
    pub km: Option<f64>,
    /// Days between the days on which they happened; 0 where the intervals meet.
    pub days: Option<i32>,
}

/// Compares two incidents.
pub fn compare(a: &Profile, b: &Profile) -> Compared {
    let mut c = Compared::default();
    text(a, b, &mut c);
    people(a, b, &mut c);
    let place = place(a, b, &mut c);
    let time = time(a, b, &mut c);
    numbers(a, b, &mut c);
    figures(a, b, &mut c);
    kinds(a, b, &mut c);
    let text = c.features.iter().find(|(n, _)| *n == "text").map_or(0.0, |(_, v)| *v);
    if place && time {
        c.features.push(("day and place", 1.0));
        c.features.push(("text, day and place", text));
    }
    if !a.main || !b.main {
        c.features.push(("not main", 1.0));
        c.features.push(("text, not main", text));
    }
    c.features.push(("bias", 1.0));
    c
}

fn text(a: &Profile, b: &Profile, c: &mut Compared) {
    let (cosine, rare) = words::likeness(&a.words, &b.words);
    c.rare = rare.iter().map(|w| (*w).to_owned()).collect();
    c.rare.sort();
    c.features.push(("text", cosine));
    c.features.push(("text, squared", cosine * cosine));
    c.features.push(("rare words", (1.0 + rare.len() as f64).ln()));
    let shared = copies::shared(&a.signature, &b.signature);
    if shared >= 0.1 {
        c.features.push(("rewrite", shared));
    }
    if a.outlet.is_some() && a.outlet == b.outlet {
        c.features.push(("same outlet", 1.0));
    }
}

fn people(a: &Profile, b: &Profile, c: &mut Compared) {
    let is = |x: &Person, y: &Person| x.name.as_ref().zip(y.name.as_ref()).is_some_and(|(x, y)| same_name(x, y));
    let named = |p: &Profile| p.people.iter().filter(|p| p.name.is_some()).count();
    // Those of one side whom the other has; the smaller number of both, so that a name told twice counts once.
    let both = |same: &dyn Fn(&Person, &Person) -> bool| {
        let found = |p: &Profile, q: &Profile| p.people.iter().filter(|x| q.people.iter().any(|y| same(x, y))).count();
        found(a, b).min(found(b, a))
    };
    let same = both(&is);
    let swapped = same - both(&|x, y| is(x, y) && x.accused == y.accused);
    for x in &a.people {
        c.people.extend(b.people.iter().filter(|y| is(x, y)).filter_map(|y| x.name.clone().max(y.name.clone())));
    }
    let all = |p: &Profile| p.names().cloned().collect::<Vec<String>>();
    let of_b = all(b);
    let known = |name: &str, c: &Compared| c.people.iter().any(|known| same_name(known, name));
    let mut others: Vec<String> = Vec::new();
    for x in all(a) {
        others.extend(of_b.iter().filter(|y| same_name(&x, y)).map(|y| x.clone().max(y.clone())));
    }
    others.retain(|name| !known(name, c));
    others.sort();
    others.dedup();
    let some = |n: usize| (n.min(3)) as f64;
    if same > 0 {
        c.features.push(("same person", 1.0));
        c.features.push(("same people", some(same) - 1.0));
        c.features.push(("same person, other part", some(swapped)));
    } else if named(a) > 0 && named(b) > 0 {
        c.features.push(("other people", 1.0));
    }
    // Two accused, or two who were harmed, and none the same; one report may name the one and another the other.
    for (name, accused) in [("other accused", true), ("other harmed", false)] {
        let of = |p: &Profile| p.people.iter().filter(|x| x.accused == accused && x.name.is_some()).count();
        if same == 0 && of(a) > 0 && of(b) > 0 {
            c.features.push((name, 1.0));
        }
    }
    if !others.is_empty() {
        c.features.push(("same name", 1.0));
        c.features.push(("same names", some(others.len()) - 1.0));
    }
    c.people.extend(others);
    c.people.sort();
    c.people.dedup();
    ages(a, b, c);
}

fn ages(a: &Profile, b: &Profile, c: &mut Compared) {
    let of = |p: &Profile| {
        let mut ages: Vec<u32> = p.people.iter().filter_map(|p| p.age).collect();
        ages.sort_unstable();
        ages
    };
    let (of_a, mut of_b) = (of(a), of(b));
    if of_a.is_empty() || of_b.is_empty() {
        return;
    }
    let least = of_a.len().min(of_b.len());
    let mut same = 0;
    for age in &of_a {
        if let Some(at) = of_b.iter().position(|x| x == age) {
            of_b.remove(at);
            same += 1;
        }
    }
    match same {
        0 => c.features.push(("other ages", 1.0)),
        n => {
            c.features.push(("same age", 1.0));
            c.features.push(("same ages", (n.min(4) - 1) as f64));
            c.features.push(("all ages", f64::from(u8::from(n == least && n > 1))));
        }
    }
}

/// Whether the places are one.
fn place(a: &Profile, b: &Profile, c: &mut Compared) -> bool {
    let (Some(x), Some(y)) = (&a.place, &b.place) else {
        c.features.push(("no place", 1.0));
        return false;
    };
    let differ = |x: &Option<String>, y: &Option<String>| x.is_some() && y.is_some() && x != y;
    if differ(&x.country, &y.country) {
        c.features.push(("other country", 1.0));
    } else if differ(&x.admin1, &y.admin1) {
        c.features.push(("other province", 1.0));
    } else if x.admin1.is_some() && x.admin1 == y.admin1 {
        c.features.push(("same province", 1.0));
    }
    let same_name = x.name == y.name;
    if x.exact && y.exact {
        c.km = x.point.zip(y.point).map(|(p, q)| kilometres(p, q));
        let far = c.km.is_some_and(|km| km > 50.0);
        if (same_name && !far) || x.id.is_some() && x.id == y.id {
            c.features.push(("same place", 1.0));
            return true;
        }
        if x.names.contains(&y.name) || y.names.contains(&x.name) {
            c.features.push(("place in place", 1.0));
            return true;
        }
        c.features.push(match c.km {
            Some(km) if km <= 12.0 => ("places near", 1.0),
            Some(km) if km <= 40.0 => ("places 40 km", 1.0),
            Some(km) if km <= 150.0 => ("places 150 km", 1.0),
            Some(_) => ("places far", 1.0),
            None => ("other place", 1.0),
        });
        return c.km.is_some_and(|km| km <= 12.0);
    }
    let within = |x: &Place, y: &Place| y.names.contains(&x.name);
    c.features.push(if within(x, y) || within(y, x) { ("place within", 1.0) } else { ("other area", 1.0) });
    false
}

/// The earth's radius in kilometres, as of a sphere.
pub const EARTH: f64 = 6371.0;

/// Great-circle distance in kilometres.
pub fn kilometres((lat1, lon1): (f64, f64), (lat2, lon2): (f64, f64)) -> f64 {
    let (lat1, lon1, lat2, lon2) = (lat1.to_radians(), lon1.to_radians(), lat2.to_radians(), lon2.to_radians());
    let h = ((lat2 - lat1) / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * ((lon2 - lon1) / 2.0).sin().powi(2);
    2.0 * EARTH * h.sqrt().min(1.0).asin()
}

/// Whether the days are one, or a day off.
fn time(a: &Profile, b: &Profile, c: &mut Compared) -> bool {
    if let Some((x, y)) = a.published.zip(b.published) {
        c.features.push(match (x - y).abs() {
            0 => ("published same day", 1.0),
            1 => ("published a day off", 1.0),
            2..=3 => ("published 3 days off", 1.0),
            4..=7 => ("published a week off", 1.0),
            8..=30 => ("published a month off", 1.0),
            _ => ("published far off", 1.0),
        });
    }
    let (Some(x), Some(y)) = (a.when, b.when) else {
        c.features.push(("no day", 1.0));
        // A report of the day it tells of, and an undated one of about that day.
        return a.day().zip(b.day()).is_some_and(|(x, y)| (x - y).abs() <= 2);
    };
    let gap = (x.0 - y.1).max(y.0 - x.1).max(0);
    c.days = Some(gap);
    let exact = |w: (i32, i32)| w.1 - w.0 <= 1;
    if !exact(x) || !exact(y) {
        c.features.push(match gap {
            0 => ("days may meet", 1.0),
            1..=7 => ("days a week off", 1.0),
            _ => ("days far off", 1.0),
        });
        return gap == 0 && x.1 - x.0 <= 7 && y.1 - y.0 <= 7;
    }
    c.features.push(match gap {
        0 => ("same day", 1.0),
        1 => ("a day off", 1.0),
        2..=3 => ("days 3 off", 1.0),
        4..=10 => ("days a week off", 1.0),
        _ => ("days far off", 1.0),
    });
    gap <= 1
}

fn numbers(a: &Profile, b: &Profile, c: &mut Compared) {
    let names =
        [("same killed", "one more killed", "other killed"), ("same wounded", "one more wounded", "other wounded")];
    for ((same, one, other), (x, y)) in names.into_iter().zip([(a.killed, b.killed), (a.wounded, b.wounded)]) {
        let Some((x, y)) = x.zip(y) else { continue };
        c.features.push(match x.abs_diff(y) {
            0 => (same, (x.min(6) as f64).sqrt()),
            1 => (one, 1.0),
            _ => (other, 1.0),
        });
    }
}

/// The numbers that stand anywhere in the two texts, whatever they count; of reports without a day, the years.
fn figures(a: &Profile, b: &Profile, c: &mut Compared) {
    let both = |x: &[u32], y: &[u32]| x.iter().filter(|n| y.contains(n)).count();
    match both(&a.figures, &b.figures) {
        0 if a.figures.len().min(b.figures.len()) >= 3 => c.features.push(("no figure in common", 1.0)),
        0 => {}
        n => c.features.push(("same figures", (1.0 + n.min(6) as f64).ln())),
    }
    if (a.when.is_none() || b.when.is_none()) && !a.years.is_empty() && !b.years.is_empty() {
        let same = both(&a.years, &b.years) > 0;
        c.features.push(if same { ("same year named", 1.0) } else { ("other years named", 1.0) });
    }
}

fn kinds(a: &Profile, b: &Profile, c: &mut Compared) {
    let group = |code: &String| code.split('/').next().unwrap_or(code).to_owned();
    if !a.types.is_empty() && !b.types.is_empty() {
        let meet = a.types.iter().any(|t| b.types.contains(t));
        let near = a.types.iter().any(|t| b.types.iter().any(|u| group(t) == group(u)));
        c.features.push(match (meet, near) {
            (true, _) => ("same type", 1.0),
            (_, true) => ("near type", 1.0),
            _ => ("other type", 1.0),
        });
    }
    if !a.weapons.is_empty() && !b.weapons.is_empty() {
        let meet = a.weapons.iter().any(|w| b.weapons.contains(w));
        c.features.push(if meet { ("same weapon", 1.0) } else { ("other weapon", 1.0) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(report: &str) -> Profile {
        let person = Person { name: Some("amal idris".into()), age: Some(51), accused: false };
        Profile {
            report: report.to_owned(),
            main: true,
            published: Some(100),
            when: Some((99, 99)),
            place: Some(Place {
                name: "port kesh".into(),
                names: vec!["port kesh".into()],
                point: Some((19.6, 37.2)),
                country: Some("SD".into()),
                exact: true,
                ..Place::default()
            }),
            people: vec![person],
            killed: Some(2),
            types: vec!["attack/drone".into()],
            words: words::vector("drones struck the harbour of Port Kesh"),
            ..Profile::default()
        }
    }

    fn names(a: &Profile, b: &Profile) -> Vec<&'static str> {
        compare(a, b).features.into_iter().filter(|(_, v)| *v != 0.0).map(|(n, _)| n).collect()
    }

    #[test]
    fn what_agrees_speaks_for_it() {
        let found = names(&profile("a"), &profile("b"));
        for name in ["same person", "same age", "same place", "same day", "same killed", "same type", "day and place"] {
            assert!(found.contains(&name), "{name}: {found:?}");
        }
    }

    #[test]
    fn what_differs_speaks_against_it() {
        let mut b = profile("b");
        b.people = vec![Person { name: Some("omar said".into()), age: Some(40), accused: false }];
        b.place = b.place.map(|p| Place { name: "elsewhere".into(), names: vec![], point: Some((30.0, 31.0)), ..p });
        b.when = Some((60, 60));
        b.killed = Some(9);
        let found = names(&profile("a"), &b);
        for name in ["other people", "other ages", "places far", "days far off", "other killed"] {
            assert!(found.contains(&name), "{name}: {found:?}");
        }
    }

    #[test]
    fn the_order_of_the_two_changes_nothing() {
        let (a, mut b) = (profile("a"), profile("b"));
        b.people.push(Person { name: Some("amal k idris".into()), age: None, accused: true });
        b.place = None;
        assert_eq!(compare(&a, &b).features, compare(&b, &a).features);
        assert_eq!(compare(&a, &b).people, compare(&b, &a).people);
    }

    #[test]
    fn distance() {
        // Berlin to Paris is 878 km.
        assert!((kilometres((52.52, 13.405), (48.8566, 2.3522)) - 878.0).abs() < 2.0);
    }
}
