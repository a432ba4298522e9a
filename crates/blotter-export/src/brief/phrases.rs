//! Values in the words of a brief.

use blotter_case::Field;
use blotter_case::derive::brief;
use blotter_core::facts::{Count, PlacePrecision, Value, Where};
use blotter_core::layers::times::Precision;

use crate::item::Item;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const SMALL: [&str; 11] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/// "12 April 2024" of an ISO date or moment; what cannot be read stays as it is.
pub fn day(iso: &str) -> String {
    let part = |from: usize, to: usize| iso.get(from..to).and_then(|p| p.parse::<usize>().ok());
    let month = part(5, 7).and_then(|m| MONTHS.get(m.wrapping_sub(1)));
    match (part(0, 4), month, part(8, 10)) {
        (Some(year), Some(month), Some(day)) => format!("{day} {month} {year}"),
        (Some(year), Some(month), None) => format!("{month} {year}"),
        (Some(year), None, None) => year.to_string(),
        _ => iso.to_owned(),
    }
}

/// "12 April 2024, 21:40".
pub fn moment(iso: &str) -> String {
    match iso.split_once('T').and_then(|(_, time)| time.get(..5)) {
        Some(time) => format!("{}, {time}", day(iso)),
        None => day(iso),
    }
}

/// "on 12 April 2024 at night".
pub fn when(value: &Value) -> Option<String> {
    let Value::When { start: Some(start), end, precision, timex } = value else { return None };
    let end = end.as_deref().unwrap_or(start);
    let one_day = start.get(..10) == end.get(..10);
    Some(match precision {
        Precision::Year | Precision::Season => format!("in {}", start.get(..4).unwrap_or(start)),
        Precision::Month => format!("in {}", day(start.get(..7).unwrap_or(start))),
        _ if !one_day => format!("between {} and {}", day(start), day(end)),
        // Midnight tells no hour, as in the words of the case file.
        Precision::Minute | Precision::Hour if start.contains('T') && !start.contains("T00:00") => {
            let about = if *precision == Precision::Hour { "about" } else { "at" };
            format!("on {} {about} {}", day(start), start.get(11..16).unwrap_or_default())
        }
        Precision::PartOfDay => {
            let part = match timex.rsplit('T').next() {
                Some("MO") => " in the morning",
                Some("AF") => " in the afternoon",
                Some("EV") => " in the evening",
                Some("NI") => " at night",
                _ => "",
            };
            format!("on {}{part}", day(start))
        }
        _ => format!("on {}", day(start)),
    })
}

/// "at the central bus station in Port Kesh (SD)".
pub fn place(place: &Where) -> String {
    let country = place.country.as_ref().map(|c| format!(" ({c})")).unwrap_or_default();
    let lower = place.name.to_lowercase();
    let own =
        ["near ", "north ", "south ", "east ", "west ", "outside ", "between "].iter().any(|w| lower.starts_with(w));
    let preposition = match place.precision {
        _ if own || lower.starts_with(|c: char| c.is_ascii_digit()) => "",
        PlacePrecision::Site => "at ",
        _ => "in ",
    };
    let larger = place.settlement.as_ref().filter(|s| !lower.contains(&s.to_lowercase()));
    let larger = larger.map(|s| format!(" in {s}")).unwrap_or_default();
    format!("{preposition}{}{larger}{country}", place.name)
}

/// "a bombing".
pub fn kind(code: Option<&str>) -> &'static str {
    match code.unwrap_or_default() {
        "attack/shooting" => "a shooting",
        "attack/stabbing" => "a stabbing",
        "attack/bombing" => "a bombing",
        "attack/suicide-bombing" => "a suicide bombing",
        "attack/grenade" => "a grenade attack",
        "attack/mine" => "a mine explosion",
        "attack/shelling" => "shelling",
        "attack/air-strike" => "an air strike",
        "attack/drone" => "a drone attack",
        "attack/arson" => "an arson attack",
        "attack/vehicle" => "a vehicle attack",
        "attack/chemical" => "a chemical attack",
        "attack/beating" => "a beating",
        "attack/sexual-violence" => "sexual violence",
        "clash" => "a clash",
        "abduction" => "an abduction",
        "robbery" => "a robbery",
        "sabotage" => "an act of sabotage",
        "threat" => "a threat",
        "protest/peaceful" => "a peaceful protest",
        "protest/blocked" => "a protest that blocked the way",
        "protest/strike" => "a strike",
        "riot" => "a riot",
        "crackdown" => "a crackdown",
        "arrest" => "an arrest",
        "accident" => "an accident",
        "disaster" => "a disaster",
        "crime/other" => "a crime",
        other if other.starts_with("attack") => "an attack",
        other if other.starts_with("protest") => "a protest",
        _ => "an incident",
    }
}

/// "an attempted bombing".
pub fn staged(code: Option<&str>, stage: Option<&str>) -> String {
    let kind = kind(code);
    let bare = kind.trim_start_matches("an ").trim_start_matches("a ");
    match stage {
        Some("attempted") => format!("an attempted {bare}"),
        Some("foiled") => format!("a foiled {bare}"),
        Some("planned") => format!("a planned {bare}"),
        Some("threatened") => format!("a threatened {bare}"),
        _ => kind.to_owned(),
    }
}

/// "five people", "at least 12 people", "one person"; "nobody" of none.
pub fn people(count: Count) -> String {
    let number =
        |n: u64| usize::try_from(n).ok().and_then(|n| SMALL.get(n)).map_or_else(|| n.to_string(), |w| (*w).to_owned());
    let noun = |n: u64| if n == 1 { "person" } else { "people" };
    match (count.min, count.best, count.max) {
        (_, Some(0), Some(0)) => "nobody".to_owned(),
        (Some(min), Some(best), None) if min == best => format!("at least {} {}", number(best), noun(best)),
        (_, Some(best), _) => format!("{} {}", number(best), noun(best)),
        (Some(min), None, Some(max)) => format!("between {} and {} people", number(min), number(max)),
        (Some(min), None, None) => format!("{} or more people", number(min)),
        (None, None, Some(max)) => format!("up to {} {}", number(max), noun(max)),
        (None, None, None) => "an unknown number of people".to_owned(),
    }
}

/// Whether a verb after [`people`] is singular.
pub fn is_one(count: Count) -> bool {
    matches!(count, Count { best: Some(0), max: Some(0), .. } | Count { best: Some(1), .. })
}

/// "The number killed".
pub fn of_field(field: Field) -> String {
    match field {
        Field::Killed | Field::Wounded | Field::Missing | Field::Abducted | Field::Arrested | Field::Displaced => {
            format!("the number {}", field.name())
        }
        Field::Casualties => "the number of casualties".to_owned(),
        Field::When => "the time".to_owned(),
        Field::Where => "the place".to_owned(),
        Field::Type => "what kind of incident it was".to_owned(),
        Field::Stage => "how far it went".to_owned(),
        Field::Responsibility => "who was responsible".to_owned(),
        other => format!("the {}", other.name()),
    }
}

/// A value in a sentence.
pub fn value(value: &Value) -> String {
    match value {
        Value::When { .. } => when(value).unwrap_or_else(|| brief(value)),
        Value::Code(code) => code.rsplit('/').next().unwrap_or(code).replace('-', " "),
        _ => brief(value),
    }
}

/// "Bombing, the central bus station, Port Kesh, 12 April 2024".
pub fn title(item: &Item<'_>) -> String {
    let mut parts = vec![sentence(
        staged(item.code(Field::Type), item.code(Field::Stage)).trim_start_matches("an ").trim_start_matches("a "),
    )];
    if let Some(place) = item.place() {
        parts.push(place.name.clone());
        parts.extend(place.settlement.clone().filter(|s| !place.name.to_lowercase().contains(&s.to_lowercase())));
    }
    parts.extend(item.when().and_then(|w| Some(day(known(w.start?, w.precision)))));
    parts.join(", ")
}

/// As much of a date as is known.
fn known(start: &str, precision: Precision) -> &str {
    let digits = match precision {
        Precision::Season | Precision::Year => 4,
        Precision::Month => 7,
        _ => start.len(),
    };
    start.get(..digits).unwrap_or(start)
}

/// With a capital.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

/// "a", "a and b", "a, b and c".
pub fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_days_read_as_words() {
        let count = |min, best, max| Count { min, best, max };
        assert_eq!(people(count(Some(5), Some(5), Some(5))), "five people");
        assert_eq!(people(count(Some(12), Some(12), None)), "at least 12 people");
        assert_eq!(people(count(Some(24), None, None)), "24 or more people");
        assert_eq!(people(count(Some(1), Some(1), Some(1))), "one person");
        assert_eq!(people(count(Some(0), Some(0), Some(0))), "nobody");
        assert_eq!(day("2024-04-12"), "12 April 2024");
        assert_eq!(day(known("2009-01-01", Precision::Year)), "2009");
        assert_eq!(day(known("2009-03-01", Precision::Month)), "March 2009");
        assert_eq!(moment("2024-04-12T09:10:00"), "12 April 2024, 09:10");
        assert_eq!(day("XXXX-04-12"), "XXXX-04-12");
        assert_eq!(staged(Some("attack/bombing"), Some("attempted")), "an attempted bombing");
        assert_eq!(list(&["a".to_owned(), "b".to_owned(), "c".to_owned()]), "a, b and c");
    }
}
