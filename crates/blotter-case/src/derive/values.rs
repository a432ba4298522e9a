//! Values of facts as they are compared: which are the same, which compete, which lie in one another.

use std::collections::{BTreeMap, HashMap};

use blotter_core::facts::{Count, Field, Harm, PlacePrecision, Scope, Toll, Value, Where};
use blotter_core::layers::entities::EntityKind;
use serde_json::{Value as Json, json};

use crate::contract;
use crate::join::compare::kilometres;
use crate::join::profile::{day, same_name};
use crate::record::{Entry, Record};
use crate::wording::normal;

/// A name as compared: lower case, without articles.
pub fn plain(name: &str) -> String {
    let name = normal(name);
    let words: Vec<&str> = name.split(' ').filter(|w| !["the", "a", "an"].contains(w)).collect();
    words.join(" ")
}

/// What makes a value what it is, as a text: equal for equal values, stable from one version of the program to the next.
pub fn key(value: &Value) -> String {
    let number = |c: &Count| format!("{:?} {:?} {:?}", c.min, c.best, c.max);
    match value {
        Value::Code(code) => code.clone(),
        Value::When { start, end, timex, .. } => match start {
            Some(start) => format!("{start} {}", end.as_ref().unwrap_or(start)),
            None => timex.clone(),
        },
        Value::Where(w) => match w.geonames_id.filter(|_| w.precision != PlacePrecision::Site) {
            Some(id) => format!("geonames {id}"),
            None => format!("{} {}", plain(&w.name), w.country.as_deref().unwrap_or("")),
        },
        Value::Party(p) => format!("{} {}", plain(&p.name), p.harm.map_or("", Harm::name)),
        Value::Weapon { name, kind, .. } => format!("{kind} {}", plain(name)),
        Value::Toll(t) => {
            let of = if t.scope == Scope::Total { "" } else { t.who.as_deref().unwrap_or("") };
            format!("{} {:?} {} {}", number(&t.count), t.scope, t.attackers, plain(of))
        }
        Value::Damage { name, extent, .. } => format!("{} {extent}", plain(name)),
        Value::Responsibility { party, stance } => {
            format!("{stance} {}", party.as_ref().map(|(_, n)| plain(n)).unwrap_or_default())
        }
        Value::Reaction { name, stance, .. } => format!("{} {stance}", plain(name)),
    }
}

/// How much is known in a value, of those that stand for the same.
pub fn known(value: &Value) -> usize {
    match value {
        Value::Party(p) => {
            4 * usize::from(p.age.is_some())
                + 2 * usize::from(p.harm.is_some())
                + usize::from(p.gender.is_some())
                + usize::from(p.number.is_some())
        }
        Value::Toll(t) => usize::from(t.who.is_some()),
        Value::Where(w) => {
            4 * usize::from(w.geonames_id.is_some())
                + 2 * usize::from(w.country.is_some())
                + usize::from(w.settlement.is_some())
        }
        _ => 0,
    }
}

/// Whether two values of one field are the same.
pub fn same(a: &Value, b: &Value) -> bool {
    if a == b {
        return true;
    }
    match (a, b) {
        (Value::Party(x), Value::Party(y)) => {
            let (n, m) = (normal(&x.name), normal(&y.name));
            let people =
                x.kind == EntityKind::Person && y.kind == EntityKind::Person && is_name(&x.name) && is_name(&y.name);
            let names = plain(&x.name) == plain(&y.name) || people && same_name(&n, &m);
            names && (x.harm == y.harm || x.harm.is_none() || y.harm.is_none())
        }
        (Value::Where(x), Value::Where(y)) => {
            let id = |w: &Where| w.geonames_id.filter(|_| w.precision != PlacePrecision::Site);
            match id(x).zip(id(y)) {
                Some((x, y)) => x == y,
                None => plain(&x.name) == plain(&y.name) && agree(&x.country, &y.country),
            }
        }
        _ => key(a) == key(b),
    }
}

/// Whether two countries are one, as far as both are known.
fn agree(x: &Option<String>, y: &Option<String>) -> bool {
    x.is_none() || y.is_none() || x == y
}

/// Whether words look like a person's name: two capitalised words, no digits.
fn is_name(name: &str) -> bool {
    name.split_whitespace().filter(|w| w.starts_with(char::is_uppercase)).count() >= 2
        && !name.contains(|c: char| c.is_ascii_digit())
}

/// Whether two values that are not the same claim one place in the record, so that at most one of them is right (or lies in the
/// other).
pub fn compete(field: Field, a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Toll(x), Value::Toll(y)) => {
            let of = |t: &Toll| plain(t.who.as_deref().unwrap_or(""));
            x.attackers == y.attackers && x.scope == y.scope && (x.scope == Scope::Total || of(x) == of(y))
        }
        (Value::Party(x), Value::Party(y)) => {
            is_name(&x.name) && is_name(&y.name) && same_name(&normal(&x.name), &normal(&y.name))
        }
        (Value::Responsibility { stance: "unknown", .. }, Value::Responsibility { .. })
        | (Value::Responsibility { .. }, Value::Responsibility { stance: "unknown", .. }) => true,
        (Value::Responsibility { stance: "claimed", .. }, Value::Responsibility { stance: "claimed", .. }) => true,
        (Value::When { .. }, Value::When { .. }) | (Value::Where(_), Value::Where(_)) => true,
        (Value::Code(_), Value::Code(_)) => field == Field::Stage,
        _ => false,
    }
}

/// Whether one value may take the place of another, of two that are not the same: they compete, or are two types.
pub fn rivals(field: Field, a: &Value, b: &Value) -> bool {
    field == Field::Type || compete(field, a, b)
}

/// Under what a value competes: values of two such keys never do; `None` where it competes with none.
fn rivalry(field: Field, value: &Value) -> Option<String> {
    match value {
        Value::Toll(t) => Some(match t.scope {
            Scope::Total => format!("{}", t.attackers),
            scope => format!("{} {scope:?} {}", t.attackers, plain(t.who.as_deref().unwrap_or(""))),
        }),
        Value::Party(p) if is_name(&p.name) => normal(&p.name).rsplit(' ').next().map(str::to_owned),
        Value::Responsibility { .. } | Value::When { .. } | Value::Where(_) => Some(String::new()),
        Value::Code(_) if matches!(field, Field::Stage | Field::Type) => Some(String::new()),
        _ => None,
    }
}

/// The numbers of the entries by what they compete under, each list in order; those that compete with none are left out.
pub fn rivalries(field: Field, entries: &[Entry]) -> Vec<Vec<usize>> {
    let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, entry) in entries.iter().enumerate() {
        if let Some(key) = rivalry(field, &entry.value) {
            found.entry(key).or_default().push(i);
        }
    }
    found.into_values().filter(|list| list.len() > 1).collect()
}

/// Under which keys a value is looked up among others: two values that are [`same`] have one in common.
pub fn lookup(value: &Value) -> Vec<String> {
    match value {
        Value::Party(p) => {
            let (plain, normal) = (plain(&p.name), normal(&p.name));
            let last = |name: &str| name.rsplit(' ').next().unwrap_or_default().to_owned();
            let mut keys = vec![last(&plain), last(&normal)];
            keys.dedup();
            keys
        }
        Value::Where(w) => {
            let id = w.geonames_id.filter(|_| w.precision != PlacePrecision::Site);
            id.map(|id| format!("geonames {id}")).into_iter().chain([plain(&w.name)]).collect()
        }
        _ => vec![key(value)],
    }
}

/// A date's number in its field, its days, and how exact it is.
type Dated = (usize, (i32, i32), (i32, usize));

/// Which days and places lie in which others: they are more exact, and both can be true.
pub struct Lies(Vec<Vec<usize>>);

impl Lies {
    /// Of the values of a field; of a field whose values lie in none, nothing (`asked` says whether they may).
    pub fn of(asked: bool, entries: &[Entry]) -> Lies {
        let mut found = vec![Vec::new(); entries.len()];
        if !asked || entries.len() < 2 {
            return Lies(found);
        }
        let mut named: HashMap<String, Vec<usize>> = HashMap::new();
        let mut dated: Vec<Dated> = Vec::new();
        for (i, entry) in entries.iter().enumerate() {
            match &entry.value {
                Value::Where(place) => named.entry(plain(&place.name)).or_default().push(i),
                value => dated.extend(days(value).map(|days| (i, days, exact(value)))),
            }
        }
        for (i, x, of_x) in &dated {
            let holds = |(_, y, of_y): &&Dated| y.0 <= x.0 && x.1 <= y.1 && of_x > of_y;
            found[*i] = dated.iter().filter(holds).map(|(j, ..)| *j).collect();
        }
        for (i, entry) in entries.iter().enumerate() {
            let Value::Where(x) = &entry.value else { continue };
            let holds = |j: &usize| match &entries[*j].value {
                Value::Where(y) => x.precision < y.precision && agree(&x.country, &y.country),
                _ => false,
            };
            let names = x.within.iter().chain(&x.settlement);
            found[i] = names.filter_map(|n| named.get(&plain(n))).flatten().copied().filter(holds).collect();
            found[i].sort_unstable();
            found[i].dedup();
        }
        Lies(found)
    }

    /// In which others a value lies, by their numbers.
    pub fn of_one(&self, i: usize) -> &[usize] {
        &self.0[i]
    }

    /// Whether the first value lies in the second.
    pub fn in_other(&self, i: usize, j: usize) -> bool {
        self.0[i].contains(&j)
    }
}

/// How exact a time is: the length of what is said of it.
fn exact(value: &Value) -> (i32, usize) {
    let Value::When { start, timex, .. } = value else { return (0, 0) };
    let length = days(value).map_or(i32::MAX, |(first, last)| last - first);
    (-length, timex.len().max(start.as_ref().map_or(0, String::len)))
}

/// First and last day.
pub fn days(value: &Value) -> Option<(i32, i32)> {
    let Value::When { start, end, .. } = value else { return None };
    let first = day(start.as_deref()?)?;
    Some((first, end.as_deref().and_then(day).unwrap_or(first).max(first)))
}

/// Least and greatest number that a count allows.
pub fn bounds(count: Count) -> (u64, u64) {
    let least = count.min.or(count.best).unwrap_or(0);
    (least, count.max.unwrap_or(u64::MAX))
}

/// The number that stands for a count.
pub fn size(value: &Value) -> Option<u64> {
    match value {
        Value::Toll(t) => t.count.best.or(t.count.min),
        _ => None,
    }
}

/// Kilometres between two places beyond what their radii explain; `None` where a point is not known.
pub fn apart(x: &Where, y: &Where) -> Option<f64> {
    let (from, to) = ((x.lat?, x.lon?), (y.lat?, y.lon?));
    if from == to {
        return Some(0.0);
    }
    let km = kilometres(from, to);
    Some((km - x.radius_km.unwrap_or(0.0) - y.radius_km.unwrap_or(0.0)).max(0.0))
}

/// A value in the fewest words.
pub fn brief(value: &Value) -> String {
    match value {
        Value::Code(code) => code.clone(),
        Value::When { start, end, timex, .. } => match (start, end) {
            (Some(start), Some(end)) if start != end => format!("{} to {}", moment(start), moment(end)),
            (Some(start), _) => moment(start),
            _ => timex.clone(),
        },
        Value::Where(place) => place.name.clone(),
        Value::Party(p) => match p.harm {
            Some(harm) => format!("{}, {}", p.name, harm.name()),
            None => p.name.clone(),
        },
        Value::Weapon { name, .. } => name.clone(),
        Value::Toll(t) => number(t.count),
        Value::Damage { name, extent, .. } => format!("{name}: {extent}"),
        Value::Responsibility { party: Some((_, name)), stance } => format!("{name}: {stance}"),
        Value::Responsibility { party: None, stance } => (*stance).to_owned(),
        Value::Reaction { name, stance, .. } => format!("{name} {stance}"),
    }
}

/// "2024-03-12 21:40" of a date-time, whose seconds no report tells; midnight, of either side, tells no hour.
fn moment(iso: &str) -> String {
    match iso.split_once('T') {
        Some((date, time)) if !time.starts_with("00:00") && !time.starts_with("24:00") => {
            format!("{date} {}", time.get(..5).unwrap_or(time))
        }
        Some((date, _)) => date.to_owned(),
        None => iso.to_owned(),
    }
}

fn number(c: Count) -> String {
    match (c.min, c.best, c.max) {
        (Some(min), Some(best), None) if min == best => format!("at least {min}"),
        (_, Some(best), _) => best.to_string(),
        (Some(min), None, Some(max)) => format!("{min} to {max}"),
        (Some(min), None, None) => format!("{min} or more"),
        (None, None, Some(max)) => format!("up to {max}"),
        (None, None, None) => "an unknown number".to_owned(),
    }
}

/// One sentence: what, where, when, at what cost.
pub fn sentence(record: &Record) -> String {
    if record.status == "withdrawn" {
        return "Withdrawn: no report supports it any more.".to_owned();
    }
    let best = |field| record.best(field).map(|e| &e.value);
    let mut words = match (best(Field::Type), best(Field::Stage)) {
        (Some(Value::Code(code)), stage) => {
            let kind = match code.as_str() {
                "attack/other" => "attack".to_owned(),
                code => code.rsplit('/').next().unwrap_or(code).replace('-', " "),
            };
            match stage {
                Some(Value::Code(stage)) if stage != "accomplished" => format!("{stage} {kind}"),
                _ => kind,
            }
        }
        _ => "incident".to_owned(),
    };
    if let Some(Value::Where(place)) = best(Field::Where) {
        let larger = place.settlement.as_ref().filter(|s| plain(s) != plain(&place.name));
        words.push_str(&format!(" at {}{}", place.name, larger.map(|s| format!(", {s}")).unwrap_or_default()));
        words.extend(place.country.as_ref().map(|c| format!(" ({c})")));
    }
    if let Some(Value::When { start: Some(start), .. }) = best(Field::When) {
        words.push_str(&format!(" on {}", start.get(..10).unwrap_or(start)));
    }
    for field in [Field::Killed, Field::Wounded, Field::Missing, Field::Abducted] {
        if let Some(Value::Toll(toll)) = best(field).filter(|v| size(v) != Some(0)) {
            words.push_str(&format!(", {} {}", number(toll.count), field.name()));
        }
    }
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect::<String>() + ".")
}

/// The value of a field as a person writes it: JSON, a number ("12", "12-15", "12+") for tolls, a day or an interval
/// ("2024-03-12", "2024-03-12/2024-03-14") for `when`, a code for `type` and `stage`, else a name.
///
/// # Errors
/// A sentence that says what the field takes.
pub fn parse(field: Field, words: &str) -> Result<(Value, Json), String> {
    let words = words.trim();
    let raw = if words.starts_with('{') {
        serde_json::from_str(words).map_err(|e| format!("is not JSON: {e}"))?
    } else {
        written(field, words)?
    };
    let value = contract::value(field, &raw).ok_or_else(|| format!("is no value of {}", field.name()))?;
    Ok((value, raw))
}

fn written(field: Field, words: &str) -> Result<Json, String> {
    use Field::{
        Abducted, Arrested, Casualties, Damage, Displaced, Killed, Missing, Reaction, Responsibility, Stage, Type,
        Weapon, When, Where as Place, Wounded,
    };
    Ok(match field {
        Type | Stage => json!({ "code": words }),
        When => {
            let (start, end) = words.split_once('/').unwrap_or((words, words));
            if day(start).is_none() || day(end).is_none() {
                return Err("is not a day: write 2024-03-12, or 2024-03-12/2024-03-14".to_owned());
            }
            json!({ "start": start, "end": end, "precision": if start == end { "day" } else { "days" }, "timex": start })
        }
        Place => json!({ "name": words, "within": [], "precision": "site", "inferred": false }),
        Killed | Wounded | Casualties | Missing | Abducted | Arrested | Displaced => {
            let number = |text: &str| {
                text.trim()
                    .parse::<u64>()
                    .map_err(|_| "is not a number: write 12, 12-15, or 12+ for at least 12".to_owned())
            };
            let (min, best, max) = if let Some(min) = words.strip_suffix('+') {
                (number(min)?, Some(number(min)?), None)
            } else if let Some((min, max)) = words.split_once('-') {
                (number(min)?, None, Some(number(max)?))
            } else {
                (number(words)?, Some(number(words)?), Some(number(words)?))
            };
            json!({ "min": min, "best": best, "max": max, "who": null, "scope": "total", "attackers": false })
        }
        Weapon => json!({ "name": words, "kind": "other", "number": null }),
        Responsibility => json!({ "party": { "name": words }, "stance": "claimed" }),
        Damage | Reaction => return Err(format!("must be given as JSON for {}", field.name())),
        _ => json!({ "name": words, "kind": "person" }),
    })
}
