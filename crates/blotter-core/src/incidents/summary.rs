//! The derived parts of an incident: its toll and one sentence made from its facts.

use crate::facts::{Count, Fact, Field, Scope, Status, Toll, TollSummary, Value};

/// The toll of everyone, attackers too.
pub fn toll(facts: &[Fact]) -> TollSummary {
    TollSummary {
        killed: of(facts, Field::Killed),
        wounded: of(facts, Field::Wounded),
        missing: of(facts, Field::Missing),
        abducted: of(facts, Field::Abducted),
        arrested: of(facts, Field::Arrested),
    }
}

/// The surest total of the others and the attackers' beside it.
fn of(facts: &[Fact], field: Field) -> Option<Count> {
    let tolls = |attackers: bool| {
        facts
            .iter()
            .filter(move |f| f.field == field && f.status != Status::Denied)
            .filter_map(move |f| match &f.value {
                Value::Toll(t) if t.scope == Scope::Total && !t.beside && t.attackers == attackers => {
                    Some((f.confidence, t.as_ref()))
                }
                _ => None,
            })
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, t): (f64, &Toll)| t.count)
    };
    match (tolls(false), tolls(true)) {
        (Some(a), Some(b)) => {
            let add = |x: Option<u64>, y: Option<u64>| x.zip(y).map(|(x, y)| x + y);
            Some(Count { min: add(a.min, b.min), best: add(a.best, b.best), max: add(a.max, b.max) })
        }
        (a, b) => a.or(b),
    }
}

/// One sentence: what, where, when, at what cost.
pub fn sentence(facts: &[Fact]) -> String {
    let mut words = Vec::new();
    let first = |field: Field| facts.iter().find(|f| f.field == field).map(|f| &f.value);
    if let Some(Value::Code(code)) = first(Field::Type) {
        let last = code.rsplit('/').next().unwrap_or(code).replace('-', " ");
        let name = match code.as_str() {
            "attack/other" => "attack".to_owned(),
            // The means alone name no act.
            "attack/drone" | "attack/vehicle" | "attack/chemical" | "attack/mine" | "attack/grenade" => {
                format!("{last} attack")
            }
            _ => last,
        };
        words.push(match first(Field::Stage) {
            Some(Value::Code(stage)) if stage != "accomplished" => format!("{stage} {name}"),
            _ => name,
        });
    }
    if let Some(Value::Where(place)) = first(Field::Where) {
        let country = place.country.as_ref().map(|c| format!(" ({c})")).unwrap_or_default();
        words.push(format!("at {}{country}", place.name));
    }
    if let Some(Value::When { start: Some(start), .. }) = first(Field::When) {
        words.push(format!("on {}", start.get(..10).unwrap_or(start)));
    }
    let mut text = words.join(" ");
    for (field, verb) in [(Field::Killed, "killed"), (Field::Wounded, "wounded"), (Field::Abducted, "abducted")] {
        if let Some(Count { best: Some(best), .. }) = of(facts, field) {
            text.push_str(&format!(", {best} {verb}"));
        }
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect::<String>() + ".")
}
