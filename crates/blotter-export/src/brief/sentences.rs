//! The sentences of a brief, each with the words it rests on.

use blotter_case::Field;
use blotter_case::derive::brief;
use blotter_case::record::{Entry, ReportLine, Said};
use blotter_core::facts::{Party, Value};

use super::phrases::{day, is_one, list, of_field, people as counted, place, sentence, staged, value, when};
use super::{Note, Sentence, people};
use crate::error::Error;
use crate::item::{Item, quote, quoted};

/// So many origins are quoted for one value at most.
const QUOTED: usize = 3;

type Made = Result<Vec<Sentence>, Error>;

/// What is told of an incident, the best values alone.
pub fn told(item: &Item<'_>) -> Made {
    let mut found = vec![lead(item)?];
    for (field, one, many) in [
        (Field::Killed, "was killed", "were killed"),
        (Field::Wounded, "was wounded", "were wounded"),
        (Field::Casualties, "was killed or wounded", "were killed or wounded"),
        (Field::Missing, "was missing", "were missing"),
        (Field::Abducted, "was abducted", "were abducted"),
        (Field::Arrested, "was arrested", "were arrested"),
        (Field::Displaced, "was driven from home", "were driven from their homes"),
    ] {
        let Some(entry) = item.best(field) else { continue };
        let Value::Toll(toll) = &entry.value else { continue };
        let verb = if is_one(toll.count) { one } else { many };
        let open = item.record.disagreements.iter().any(|d| d.field == field);
        let open = if open && entry.pinned.is_none() { "; reports differ" } else { "" };
        let words = format!("{} {verb}{}{open}.", sentence(&counted(toll.count)), according(entry));
        found.push(cited(item, words, &[entry])?);
    }
    for (field, words) in [
        (Field::Victim, "Named among those harmed"),
        (Field::Target, "The target"),
        (Field::Perpetrator, "Named as perpetrator"),
        (Field::Suspect, "Suspected"),
        (Field::Participant, "Taking part"),
        (Field::Responder, "Responding"),
    ] {
        let entries = match field {
            Field::Victim | Field::Target => people::once(item, item.bests(field)),
            _ => item.bests(field),
        };
        let names: Vec<String> = entries.iter().filter_map(|e| party(&e.value, field)).collect();
        if !names.is_empty() {
            found.push(cited(item, format!("{words}: {}.", list(&names)), &entries)?);
        }
    }
    for (field, words) in [(Field::Weapon, "Means"), (Field::Damage, "Damage")] {
        let entries = item.bests(field);
        let names: Vec<String> = entries
            .iter()
            .map(|e| match &e.value {
                Value::Damage { name, extent, .. } => format!("{name} ({extent})"),
                other => brief(other),
            })
            .collect();
        if !names.is_empty() {
            found.push(cited(item, format!("{words}: {}.", list(&names)), &entries)?);
        }
    }
    for entry in item.bests(Field::Responsibility) {
        let Value::Responsibility { party, stance } = &entry.value else { continue };
        let words = match (party, *stance) {
            (Some((_, name)), "claimed") => format!("{} claimed responsibility{}.", sentence(name), according(entry)),
            (Some((_, name)), "denied") => format!("{} denied responsibility{}.", sentence(name), according(entry)),
            (Some((_, name)), _) => format!("Responsibility was laid on {name}{}.", according(entry)),
            (None, _) => format!("Who was responsible was not known{}.", according(entry)),
        };
        found.push(cited(item, words, &[entry])?);
    }
    for entry in item.bests(Field::Reaction) {
        let Value::Reaction { name, stance, .. } = &entry.value else { continue };
        let did = match *stance {
            "condemns" => "condemned it",
            "praises" => "praised it",
            "mourns" => "mourned",
            "offers-help" => "offered help",
            "demands" => "made demands",
            "threatens" => "made threats",
            "welcomes" => "welcomed it",
            _ => "reacted",
        };
        found.push(cited(item, format!("{} {did}.", sentence(name)), &[entry])?);
    }
    Ok(found)
}

/// What, where, when.
fn lead(item: &Item<'_>) -> Result<Sentence, Error> {
    let what = staged(item.code(Field::Type), item.code(Field::Stage));
    let at = item.place().map(|p| format!(" {}", place(p))).unwrap_or_default();
    let time = item.best(Field::When).and_then(|e| when(&e.value)).map(|w| format!(" {w}")).unwrap_or_default();
    let entries: Vec<&Entry> =
        [Field::Type, Field::Where, Field::When].into_iter().filter_map(|field| item.best(field)).collect();
    let words = format!("{} was reported{at}{time}.", sentence(&what));
    let mut found = cited(item, words, &entries)?;
    if found.notes.is_empty() {
        // Nothing is known but that it is told of.
        found.notes = item.record.reports.iter().take(1).map(|line| headline(item, line)).collect::<Result<_, _>>()?;
    }
    Ok(found)
}

/// A party with what happened to it.
fn party(value: &Value, field: Field) -> Option<String> {
    let Value::Party(party) = value else { return None };
    let Party { name, age, harm, .. } = &**party;
    let age = age.map(|a| format!(", {a}")).unwrap_or_default();
    let harm = harm.filter(|_| field != Field::Responder).map(|h| format!(" ({})", h.name())).unwrap_or_default();
    Some(format!("{name}{age}{harm}"))
}

/// ", according to police (Meridian Press)".
fn according(entry: &Entry) -> String {
    match quoted(entry) {
        Some(said) => format!(", according to {}", who(said)),
        None => String::new(),
    }
}

/// "police (Meridian Press)".
fn who(said: &Said) -> String {
    let names: Vec<String> = said.sources.iter().filter_map(|s| s["name"].as_str()).map(str::to_owned).collect();
    if names.is_empty() { said.origin.to_string() } else { format!("{} ({})", list(&names), said.origin) }
}

/// A sentence with what its values rest on.
fn cited(item: &Item<'_>, text: String, entries: &[&Entry]) -> Result<Sentence, Error> {
    let mut notes = Vec::new();
    for entry in entries {
        for note in notes_of(item, entry, true)? {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    Ok(Sentence { text, notes })
}

/// The words that carry a value, of some origins, and the decision that fixed it.
fn notes_of(item: &Item<'_>, entry: &Entry, supports: bool) -> Result<Vec<Note>, Error> {
    let mut notes: Vec<Note> = Vec::new();
    let mut origins: Vec<&str> = Vec::new();
    let stands = entry.said.iter().filter(|s| s.supports == supports && s.stands);
    let all = entry.said.iter().filter(|s| s.supports == supports);
    for said in stands.chain(all) {
        if origins.len() < QUOTED && !origins.contains(&&*said.origin) {
            origins.push(&said.origin);
            notes.push(words(item, said)?);
        }
    }
    if let Some(decided) = entry.pinned.as_ref().filter(|_| supports) {
        notes.push(Note {
            quote: decided.why.clone(),
            by: decided.by.clone(),
            date: day(&decided.at),
            place: format!("decision D{}", decided.decision),
            url: None,
        });
    }
    Ok(notes)
}

/// A statement's words.
fn words(item: &Item<'_>, said: &Said) -> Result<Note, Error> {
    let head = item.report(&said.report, said.version)?;
    let version = if head.versions > 1 { format!(", version {}", head.version) } else { String::new() };
    Ok(Note {
        quote: quote(said).unwrap_or_default().to_owned(),
        by: head.publisher.clone().unwrap_or_else(|| said.origin.to_string()),
        date: dated(said.published.as_deref(), &said.when),
        place: format!("{}{version}", head.id),
        url: head.url.clone(),
    })
}

/// When it was published; where nobody knows, when it was filed, and that it is that.
fn dated(published: Option<&str>, filed: &str) -> String {
    published.map_or_else(|| format!("filed {}", day(filed)), day)
}

/// A report's headline, where the report itself is meant.
fn headline(item: &Item<'_>, line: &ReportLine) -> Result<Note, Error> {
    let head = item.report(&line.id, line.version)?;
    let version = if head.versions > 1 { format!(", version {}", head.version) } else { String::new() };
    Ok(Note {
        quote: head.headline.clone().unwrap_or_else(|| "(no headline)".to_owned()),
        by: head.publisher.clone().unwrap_or_else(|| line.origin.to_string()),
        date: dated(line.published.as_deref(), &head.learned),
        place: format!("{}{version}", head.id),
        url: head.url.clone(),
    })
}

/// Whether reports differ about it, or somebody denies a value.
pub fn is_disputed(item: &Item<'_>) -> bool {
    let denied = |e: &Entry| e.said.iter().any(|s| !s.supports && s.stands);
    !item.record.disagreements.is_empty() || item.record.fields.iter().any(|(_, entries)| entries.iter().any(denied))
}

/// What reports differ about, a sentence a field; then what is denied.
pub fn disputed(item: &Item<'_>) -> Made {
    let mut found = Vec::new();
    for (field, entries) in &item.record.fields {
        let about = item.record.disagreements.iter().filter(|d| d.field == *field);
        let mut rivals: Vec<usize> = about.flat_map(|d| d.entries).collect();
        rivals.sort_unstable();
        rivals.dedup();
        let rivals: Vec<&Entry> = rivals.into_iter().filter_map(|at| entries.get(at)).collect();
        if !rivals.is_empty() {
            let say = |e: &&Entry| match (quoted(e), &e.pinned) {
                (_, Some(decided)) => format!("{} as {} decided", value(&e.value), decided.by),
                (Some(said), None) => format!("{} according to {}", value(&e.value), who(said)),
                (None, None) => value(&e.value),
            };
            let told: Vec<String> = rivals.iter().map(say).collect();
            found.push(cited(item, format!("Reports differ about {}: {}.", of_field(*field), list(&told)), &rivals)?);
        }
        for entry in entries {
            let denials: Vec<&Said> = entry.said.iter().filter(|s| !s.supports && s.stands).collect();
            if denials.is_empty() {
                continue;
            }
            let mut names: Vec<String> = denials.iter().map(|s| who(s)).collect();
            names.dedup();
            let text = format!(
                "{} denied what was said of {}: {}.",
                sentence(&list(&names)),
                of_field(*field),
                value(&entry.value)
            );
            found.push(Sentence { text, notes: notes_of(item, entry, false)? });
        }
    }
    Ok(found)
}

/// What changed after a row of the ledger, `since` being its time.
pub fn changed(item: &Item<'_>, after: i64, since: &str) -> Made {
    let steps = item.steps(after)?;
    let mut found = Vec::new();
    // New reports, and new versions of known ones.
    let (mut came, mut gone) = (Vec::new(), Vec::new());
    for line in &item.record.reports {
        let told = |words: &Option<String>| words.as_deref().is_some_and(|w| w.starts_with(&*line.id));
        let mut changes = steps
            .iter()
            .flat_map(|s| &s.changes)
            .filter(|c| c.field == "reports" && (told(&c.after) || told(&c.before)));
        if line.retracted.is_some()
            && changes.clone().any(|c| c.after.as_deref().is_some_and(|a| a.contains("retracted")))
        {
            gone.push(line);
        } else if item.report(&line.id, line.version)?.learned.as_str() > since && changes.next().is_some() {
            came.push(line);
        }
    }
    if !came.is_empty() {
        let mut outlets: Vec<String> = came.iter().map(|l| l.origin.to_string()).collect();
        outlets.sort();
        outlets.dedup();
        let what =
            if came.len() == 1 { "A report came in".to_owned() } else { format!("{} reports came in", came.len()) };
        let notes = came.iter().map(|line| headline(item, line)).collect::<Result<_, _>>()?;
        found.push(Sentence { text: format!("{what} from {}.", list(&outlets)), notes });
    }
    for line in gone {
        let why = line.retracted.as_deref().unwrap_or_default();
        let text = format!("A report of {} was retracted: {why}.", line.origin);
        found.push(Sentence { text, notes: vec![headline(item, line)?] });
    }
    for field in Field::ALL {
        let changes: Vec<_> = steps.iter().flat_map(|s| &s.changes).filter(|c| c.field == field.name()).collect();
        let (Some(first), Some(last)) = (changes.first(), changes.last()) else { continue };
        if blotter_case::record::is_single(field) {
            let text = match (&first.before, &last.after) {
                (before, after) if before == after => continue,
                (Some(before), Some(after)) => {
                    format!("{} is given as {after} now; it was {before}.", sentence(&of_field(field)))
                }
                (None, Some(after)) => format!("{} is known now: {after}.", sentence(&of_field(field))),
                (Some(before), None) => format!("{} is no longer known; it was {before}.", sentence(&of_field(field))),
                (None, None) => continue,
            };
            found.push(Sentence { text, notes: change_notes(item, field, last.after.as_deref(), last)? });
            continue;
        }
        for change in changes {
            let text = match (&change.before, &change.after) {
                (None, Some(after)) => format!("Added as {}: {after}.", field.name()),
                (Some(before), None) => format!("No longer held as {}: {before}.", field.name()),
                (Some(before), Some(after)) => format!("As {} now: {after}; before: {before}.", field.name()),
                (None, None) => continue,
            };
            found.push(Sentence { text, notes: change_notes(item, field, change.after.as_deref(), change)? });
        }
    }
    for change in steps.iter().flat_map(|s| &s.changes) {
        let text = match (change.field.as_str(), &change.after) {
            ("comment", Some(after)) => format!("Noted at the desk: {after}."),
            ("status", Some(after)) => format!("The incident is {after} now."),
            _ => continue,
        };
        found.push(Sentence { text, notes: vec![decision(change)] });
    }
    Ok(found)
}

/// The words of the value that stands now; where it does not stand any more, what brought the change.
fn change_notes(
    item: &Item<'_>,
    field: Field,
    after: Option<&str>,
    change: &blotter_case::Change,
) -> Result<Vec<Note>, Error> {
    let after = after.map(|a| a.trim_end_matches(" (pinned)"));
    let entry = item.record.of(field).iter().find(|e| after == Some(brief(&e.value).as_str()));
    let notes = entry.map(|e| notes_of(item, e, true)).transpose()?.unwrap_or_default();
    if !notes.is_empty() {
        return Ok(notes);
    }
    // What brought it: the report's headline, else the decision.
    let line = item.record.reports.iter().find(|line| change.report.as_deref() == Some(&line.id));
    Ok(vec![line.map(|l| headline(item, l)).transpose()?.unwrap_or_else(|| decision(change))])
}

fn decision(change: &blotter_case::Change) -> Note {
    let place = change.decision.map_or_else(|| "the ledger".to_owned(), |d| format!("decision D{d}"));
    Note { quote: change.why.clone(), by: "the desk".to_owned(), date: day(&change.when), place, url: None }
}

/// Why an incident was withdrawn.
pub fn withdrawn(item: &Item<'_>) -> Made {
    let why = item.record.reports.iter().find_map(|line| line.retracted.as_deref());
    let why = why.map(|w| format!(": {w}")).unwrap_or_default();
    let notes = item.record.reports.iter().take(QUOTED).map(|line| headline(item, line)).collect::<Result<_, _>>()?;
    Ok(vec![Sentence { text: format!("No report supports {} any more{why}.", item.record.incident), notes }])
}
