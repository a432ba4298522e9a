//! Values of facts in words for people.

use blotter_core::facts::{Count, Fact, Incident, Party, PlacePrecision, Scope, Source, Status, Toll, Value, Where};
use blotter_core::layers::small_number;
use blotter_core::layers::times::Precision;
use jiff::civil::Date;

/// The first value of a code field ("attack/drone").
pub fn code(fact: &Fact) -> Option<&str> {
    match &fact.value {
        Value::Code(code) => Some(code),
        _ => None,
    }
}

/// A fact's value in a few words.
pub fn value(fact: &Fact) -> String {
    match &fact.value {
        Value::Code(code) => code.clone(),
        Value::When { start, end, precision, timex } => when(start.as_deref(), end.as_deref(), *precision, timex),
        Value::Where(place) => place_name(place),
        Value::Party(party) => self::party(party),
        Value::Weapon { name, number, .. } => counted(*number, name),
        Value::Toll(toll) => self::toll(toll),
        Value::Damage { name, extent, .. } if *extent == "none" => format!("{name}: no damage"),
        Value::Damage { name, extent, .. } => format!("{name} {extent}"),
        Value::Responsibility { party: None, stance } => (*stance).to_owned(),
        Value::Responsibility { party: Some((_, name)), stance } => match *stance {
            "claimed" => format!("claimed by {name}"),
            "denied" => format!("denied by {name}"),
            stance => format!("{name} {stance}"),
        },
        Value::Reaction { name, stance, .. } => format!("{name} {}", stance.replace('-', " ")),
    }
}

/// "4", "at least 4", "3 to 5", "24 or more".
pub fn count(count: Count) -> String {
    match (count.min, count.best, count.max) {
        (Some(min), Some(best), None) if min == best => format!("at least {min}"),
        (min, Some(best), max) if min == max || (min.is_none() && max.is_none()) => best.to_string(),
        (Some(min), None, None) => format!("{min} or more"),
        (None, None, Some(max)) => format!("up to {max}"),
        (Some(min), None, Some(max)) if min == max => min.to_string(),
        (Some(min), None, Some(max)) => format!("{min} to {max}"),
        (Some(min), Some(best), Some(max)) => format!("{best} ({min} to {max})"),
        (Some(min), Some(best), None) => format!("{best} (at least {min})"),
        (None, Some(best), Some(max)) => format!("{best} (up to {max})"),
        _ => "unknown number".to_owned(),
    }
}

/// Words that say a number without naming it.
const VAGUE: [&str; 6] = ["several", "dozens", "scores", "hundreds", "thousands", "both"];

/// Whether a word, in lower case, already says a number.
fn says_number(word: &str) -> bool {
    VAGUE.contains(&word) || small_number(word).is_some()
}

/// A name with its number, where the name does not begin with one itself.
fn counted(number: Option<Count>, name: &str) -> String {
    let first = name.split(' ').next().unwrap_or_default().to_lowercase();
    let said = says_number(&first) || name.contains(|c: char| c.is_ascii_digit());
    match number {
        Some(number) if !said => format!("{name} ({})", count(number)),
        _ => name.to_owned(),
    }
}

fn party(party: &Party) -> String {
    let mut words = counted(party.number, &party.name);
    words.extend(party.age.map(|age| format!(", {age}")));
    words.extend(party.harm.map(|harm| format!(", {}", harm.name())));
    words
}

fn toll(toll: &Toll) -> String {
    let mut words = count(toll.count);
    words.extend(toll.who.as_ref().and_then(|who| uncounted(who)).map(|who| format!(" {who}")));
    words.push_str(match (toll.attackers, toll.scope) {
        (true, _) => " (attackers)",
        (_, Scope::Part) => " (a part)",
        (_, Scope::Series) => " (several incidents together)",
        _ => "",
    });
    words
}

/// The words for those counted without the number that is given anyway: "at least 12 guards" → "guards"; `None` where
/// nothing is left.
fn uncounted(who: &str) -> Option<&str> {
    const BOUNDS: [&str; 14] = [
        "at", "least", "most", "more", "than", "or", "about", "some", "nearly", "around", "up", "to", "dozens",
        "scores",
    ];
    let number = |word: &str| {
        let lower = word.to_lowercase();
        says_number(&lower) || BOUNDS.contains(&lower.as_str()) || lower.starts_with(|c: char| c.is_ascii_digit())
    };
    let mut rest = who.trim();
    while let Some(word) = rest.split(' ').next().filter(|w| !w.is_empty() && number(w)) {
        rest = rest[word.len()..].trim_start();
    }
    (!rest.is_empty()).then_some(rest)
}

fn place_name(place: &Where) -> String {
    let mut names = vec![place.name.as_str()];
    let larger = place.settlement.iter().chain(&place.within).map(String::as_str);
    for name in larger {
        if names.len() < 3 && !names.iter().any(|known| known.contains(name)) {
            names.push(name);
        }
    }
    let country = place.country.as_ref().map(|c| format!(" ({c})")).unwrap_or_default();
    format!("{}{country}{}", names.join(", "), if place.inferred { ", partly inferred" } else { "" })
}

/// "19.62 N 37.22 E ± 1 km".
pub fn point(place: &Where) -> Option<String> {
    let (lat, lon) = (place.lat?, place.lon?);
    let (north, east) = (if lat < 0.0 { 'S' } else { 'N' }, if lon < 0.0 { 'W' } else { 'E' });
    let radius = match place.radius_km {
        // No-break spaces: the radius stays on one line.
        Some(km) if km < 10.0 && km.fract() > 0.04 => format!(" ±\u{a0}{km:.1}\u{a0}km"),
        Some(km) => format!(" ±\u{a0}{km:.0}\u{a0}km"),
        None => String::new(),
    };
    Some(format!("{:.2} {north} {:.2} {east}{radius}", lat.abs(), lon.abs()))
}

/// A time in words: no more exact than it is known.
fn when(start: Option<&str>, end: Option<&str>, precision: Precision, timex: &str) -> String {
    let Some(start) = start else { return undated(timex) };
    let day = |text: &str| text.get(..10).and_then(|d| d.parse::<Date>().ok());
    let long = |date: Date| date.strftime("%a %-d %b %Y").to_string();
    let Some(first) = day(start) else {
        return match format!("{}-01", start.get(..7).unwrap_or_default()).parse::<Date>() {
            Ok(month) => month.strftime("%B %Y").to_string(),
            Err(_) => start.to_owned(),
        };
    };
    let last = end.and_then(day).filter(|last| *last != first);
    match precision {
        Precision::Minute => format!("{}, {}", long(first), start.get(11..16).unwrap_or_default()),
        Precision::Hour => format!("{}, about {}", long(first), start.get(11..16).unwrap_or_default()),
        Precision::PartOfDay => format!("{}, {}", long(first), part_of_day(timex)),
        Precision::Month => first.strftime("%B %Y").to_string(),
        Precision::Year => first.strftime("%Y").to_string(),
        Precision::Season => match timex.get(5..) {
            Some("SP") => first.strftime("spring %Y").to_string(),
            Some("SU") => first.strftime("summer %Y").to_string(),
            Some("FA") => first.strftime("autumn %Y").to_string(),
            Some("WI") => first.strftime("winter %Y").to_string(),
            _ => last.map_or_else(|| long(first), |last| format!("{} to {}", long(first), long(last))),
        },
        Precision::Day | Precision::Days | Precision::Week => match last {
            Some(last) if (first.year(), first.month()) == (last.year(), last.month()) => {
                format!("{} to {}", first.day(), last.strftime("%-d %b %Y"))
            }
            Some(last) => format!("{} to {}", first.strftime("%-d %b %Y"), last.strftime("%-d %b %Y")),
            None => long(first),
        },
    }
}

fn part_of_day(timex: &str) -> &'static str {
    match timex.split_once('T').map(|(_, part)| part) {
        Some("MO") => "morning",
        Some("MI") => "midday",
        Some("AF") => "afternoon",
        Some("EV") => "evening",
        Some("NI") => "night",
        _ => "part of the day",
    }
}

/// A date of which the year or the day is not fixed by anything.
fn undated(timex: &str) -> String {
    let known = timex.strip_prefix("XXXX-").and_then(|rest| format!("2024-{}", rest.get(..5)?).parse::<Date>().ok());
    match known {
        Some(date) => date.strftime("%-d %B, year not said").to_string(),
        None => "date not said".to_owned(),
    }
}

/// "two officials → Coast News Agency; state radio".
pub fn sources(sources: &[Source]) -> String {
    let one = |s: &Source| std::iter::once(&s.name).chain(&s.via).cloned().collect::<Vec<_>>().join(" → ");
    sources.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The status, where it is not plain.
pub fn status(fact: &Fact) -> Option<String> {
    let denied = (!fact.denied_by.is_empty()).then(|| format!("denied by {}", sources(&fact.denied_by)));
    match (fact.status, denied) {
        (Status::Denied, Some(denied)) => Some(denied),
        (Status::Reported, denied) => denied,
        // "unknown" is the value itself there.
        (Status::Unknown, denied) if matches!(fact.value, Value::Responsibility { .. }) => denied,
        (status, Some(denied)) => Some(format!("{}, {denied}", status.name())),
        (status, None) => Some(status.name().to_owned()),
    }
}

/// A title made from the facts: "HARBOUR OFFICE DRONE ATTACK, PORT KESH".
pub fn title(incident: &Incident) -> String {
    let kind = incident.facts.iter().find_map(|f| code(f).filter(|c| !is_stage(c))).map_or("incident", kind);
    let place = incident.facts.iter().find_map(|f| match &f.value {
        Value::Where(place) => Some(place),
        _ => None,
    });
    let Some(place) = place else { return kind.to_uppercase() };
    let larger = place.settlement.as_ref().or(place.within.first());
    let name = place.name.trim_start_matches("the ").trim_start_matches("The ");
    let title = match larger {
        Some(larger) if place.precision == PlacePrecision::Site && name.split(' ').count() <= 3 && larger != name => {
            format!("{name} {kind}, {larger}")
        }
        Some(larger) if place.precision == PlacePrecision::Site => format!("{kind}, {larger}"),
        _ => format!("{kind}, {name}"),
    };
    title.to_uppercase()
}

fn is_stage(code: &str) -> bool {
    ["accomplished", "attempted", "foiled", "threatened", "planned"].contains(&code)
}

/// An incident type in words.
fn kind(code: &str) -> &str {
    match code {
        "attack/drone" => "drone attack",
        "attack/suicide-bombing" => "suicide bombing",
        "attack/grenade" => "grenade attack",
        "attack/mine" => "mine explosion",
        "attack/air-strike" => "air strike",
        "attack/vehicle" => "vehicle attack",
        "attack/chemical" => "chemical attack",
        "attack/sexual-violence" => "sexual violence",
        "attack/other" | "attack" => "attack",
        "protest/blocked" => "blocked protest",
        "protest/peaceful" | "protest" => "protest",
        "crime/other" | "crime" => "crime",
        "other" => "incident",
        other => other.rsplit('/').next().unwrap_or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        use Precision::{Day, Days, Hour, Minute, Month, PartOfDay, Season, Year};
        for (start, end, precision, timex, words) in [
            (Some("2024-03-12"), Some("2024-03-12"), Day, "2024-03-12", "Tue 12 Mar 2024"),
            (Some("2024-03-12"), Some("2024-03-12"), PartOfDay, "2024-03-12TEV", "Tue 12 Mar 2024, evening"),
            (Some("2024-03-12T21:40"), None, Minute, "2024-03-12T21:40", "Tue 12 Mar 2024, 21:40"),
            (Some("2024-03-12T21:00"), None, Hour, "2024-03-12T21", "Tue 12 Mar 2024, about 21:00"),
            (Some("2024-03-09"), Some("2024-03-12"), Days, "", "9 to 12 Mar 2024"),
            (Some("2024-02-28"), Some("2024-03-02"), Days, "", "28 Feb 2024 to 2 Mar 2024"),
            (Some("2024-03-01"), Some("2024-03-31"), Month, "2024-03", "March 2024"),
            (Some("2024-03"), None, Month, "2024-03", "March 2024"),
            (Some("2024-01-01"), Some("2024-12-31"), Year, "2024", "2024"),
            (Some("2024-03-01"), Some("2024-05-31"), Season, "2024-SP", "spring 2024"),
            (None, None, Day, "XXXX-03-12", "12 March, year not said"),
            (None, None, Day, "XXXX-WXX-2", "date not said"),
        ] {
            assert_eq!(when(start, end, precision, timex), words);
        }
    }

    #[test]
    fn counts() {
        let of = |min, best, max| count(Count { min, best, max });
        assert_eq!(of(Some(4), Some(4), Some(4)), "4");
        assert_eq!(of(Some(4), Some(4), None), "at least 4");
        assert_eq!(of(Some(24), None, None), "24 or more");
        assert_eq!(of(Some(3), None, Some(5)), "3 to 5");
        assert_eq!(of(None, Some(7), None), "7");
    }
}
