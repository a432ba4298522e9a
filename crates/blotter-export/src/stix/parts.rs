//! What stands beside an incident in a bundle: place, parties, outlets, reports, sightings, notes, opinions.

use std::collections::BTreeMap;

use blotter_case::Field;
use blotter_case::derive::brief;
use blotter_case::record::{Entry, Said};
use blotter_core::facts::{Status, Value, Where};
use blotter_core::layers::entities::EntityKind;
use serde_json::{Value as Json, json};

use super::{Export, Stamp, incident_id};
use crate::error::Error;
use crate::item::{Item, quote};
use crate::stable::{moment, thousandths, uri};

/// Every value of the record with who says so.
pub fn facts(item: &Item<'_>) -> Json {
    let record = item.record.json();
    let lists = record["fields"].as_object().into_iter().flatten();
    let facts = lists.flat_map(|(field, list)| {
        list.as_array().into_iter().flatten().map(move |entry| {
            let mut entry = entry.clone();
            entry["field"] = json!(field);
            entry
        })
    });
    facts.collect()
}

/// Puts all of it into the bundle.
pub fn beside(export: &mut Export<'_, '_, '_>, item: &Item<'_>, stamp: &Stamp) -> Result<(), Error> {
    let id = incident_id(export.ids, &item.record.incident);
    place(export, item, stamp, &id)?;
    parties(export, item, stamp, &id)?;
    outlets(export, item, stamp, &id)?;
    reports(export, item, stamp)?;
    notes(export, item, stamp, &id)?;
    opinions(export, item, stamp, &id)?;
    // What the other incident is, stands in it alone: its words change at other times than this one's.
    for (other, _, relation) in item.related()? {
        let keys = [item.record.incident.as_str(), other.as_str(), relation];
        let words = format!("{} {other}", relation.replace('-', " "));
        let ends = (id.clone(), export.to(&other));
        export.relate("related-to", &keys, ends, &words, stamp)?;
    }
    Ok(())
}

fn place(export: &mut Export<'_, '_, '_>, item: &Item<'_>, stamp: &Stamp, id: &str) -> Result<(), Error> {
    let Some(place) = item.place() else { return Ok(()) };
    // The standard wants a point, a country or a region: a place of which none is known stays in the extension alone.
    if place.country.is_none() && item.point().is_none() {
        return Ok(());
    }
    let key = item.best(Field::Where).map(|e| blotter_case::derive::key(&e.value)).unwrap_or_default();
    let mut object = export.object("location", &[&item.record.incident, &key], stamp)?;
    object.insert("name".to_owned(), json!(place.name));
    for (name, value) in location(place) {
        object.insert(name.to_owned(), value);
    }
    let location = object["id"].as_str().unwrap_or_default().to_owned();
    export.put(&Json::Object(object))?;
    let keys = [item.record.incident.as_str(), "where", &key];
    export.relate("related-to", &keys, (id.to_owned(), location), "Where it happened.", stamp)
}

fn location(place: &Where) -> Vec<(&'static str, Json)> {
    let mut found = Vec::new();
    if let Some((lat, lon)) = place.lat.zip(place.lon) {
        found.extend([("latitude", json!(lat)), ("longitude", json!(lon))]);
        found.extend(place.radius_km.map(|km| ("precision", json!((km * 1000.0).round()))));
    }
    found.extend(place.country.as_ref().map(|c| ("country", json!(c))));
    found.extend(place.admin1.as_ref().map(|a| ("administrative_area", json!(a))));
    found.extend(place.settlement.as_ref().map(|s| ("city", json!(s))));
    found
}

/// The class of an identity.
fn class(kind: EntityKind, several: bool) -> &'static str {
    match kind {
        EntityKind::Person if several => "group",
        EntityKind::Person => "individual",
        EntityKind::Organization => "organization",
        _ => "unknown",
    }
}

/// The parties of an incident. One name in two incidents may be two people: an identity is of one incident.
fn parties(export: &mut Export<'_, '_, '_>, item: &Item<'_>, stamp: &Stamp, id: &str) -> Result<(), Error> {
    use Field::{Participant, Perpetrator, Responder, Suspect, Target, Victim};
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for field in [Target, Victim, Perpetrator, Suspect, Participant, Responder] {
        for entry in item.bests(field) {
            let Value::Party(party) = &entry.value else { continue };
            // Several that may not be named are several.
            let number = numbers.entry(party.name.clone()).or_default();
            *number += 1;
            let several = party.number.is_some_and(|n| n.min.or(n.best).or(n.max).is_none_or(|n| n > 1));
            let mut object = export.object("identity", &[&item.record.incident, &entry.fact], stamp)?;
            object.insert("name".to_owned(), json!(party.name));
            object.insert("identity_class".to_owned(), json!(class(party.kind, several)));
            if let Some(group) = party.group {
                object.insert("roles".to_owned(), json!([group]));
            }
            let to = object["id"].as_str().unwrap_or_default().to_owned();
            export.put(&Json::Object(object))?;
            let harm = party.harm.map(|h| format!(", {}", h.name())).unwrap_or_default();
            let words = format!("{}{harm} ({}): \"{}\"", field.name(), entry.status.name(), words(entry));
            export.relate("related-to", &[&item.record.incident, &entry.fact], (id.to_owned(), to), &words, stamp)?;
        }
    }
    Ok(())
}

/// The words that carry a value.
fn words(entry: &Entry) -> &str {
    crate::item::quoted(entry).and_then(quote).unwrap_or_default()
}

/// The outlets that tell of it, each with a sighting.
fn outlets(export: &mut Export<'_, '_, '_>, item: &Item<'_>, stamp: &Stamp, id: &str) -> Result<(), Error> {
    let mut told: BTreeMap<&str, Vec<&blotter_case::record::ReportLine>> = BTreeMap::new();
    for line in item.record.reports.iter().filter(|l| l.retracted.is_none()) {
        told.entry(&line.origin).or_default().push(line);
    }
    for (origin, lines) in told {
        let outlet = outlet(export, origin)?;
        let mut dates: Vec<String> = lines.iter().filter_map(|l| moment(l.published.as_deref()?)).collect();
        dates.sort_unstable();
        let mut object = export.object("sighting", &[&item.record.incident, origin], stamp)?;
        object.insert("sighting_of_ref".to_owned(), json!(id));
        object.insert("where_sighted_refs".to_owned(), json!([outlet]));
        object.insert("count".to_owned(), json!(lines.len()));
        if let (Some(first), Some(last)) = (dates.first(), dates.last()) {
            object.insert("first_seen".to_owned(), json!(thousandths(first, 0)));
            object.insert("last_seen".to_owned(), json!(thousandths(last, 0)));
        }
        let told = lines.iter().map(|l| format!("{} ({})", l.id, l.relation)).collect::<Vec<_>>().join(", ");
        object.insert("description".to_owned(), json!(format!("Told by {origin}: {told}")));
        export.put(&Json::Object(object))?;
    }
    Ok(())
}

/// An outlet, which is the same in all incidents.
fn outlet(export: &mut Export<'_, '_, '_>, name: &str) -> Result<String, Error> {
    let key = export.ids.id("identity", &["outlet", name]);
    let id = format!("identity--{key}");
    if export.once(key) {
        let object = json!({
            "type": "identity", "spec_version": "2.1", "id": id, "created_by_ref": export.creator, "created": export.begun,
            "modified": export.begun, "name": name, "identity_class": "organization", "sectors": ["communications"],
            "description": "Publishes news reports.",
        });
        export.put(&object)?;
    }
    Ok(id)
}

/// The reports, each once in a bundle: it refers to every incident of the case file that it tells of and that may be shown.
fn reports(export: &mut Export<'_, '_, '_>, item: &Item<'_>, stamp: &Stamp) -> Result<(), Error> {
    for line in &item.record.reports {
        let key = export.ids.id("report", &[&line.id]);
        if !export.once(key) {
            continue;
        }
        let first = item.report(&line.id, 1)?;
        // The last version of it, whichever incident comes first: incidents rest on different ones.
        let head = item.report(&line.id, first.versions)?;
        let mut refs = Vec::new();
        let mut modified = stamp.modified.clone();
        let mut tlp = stamp.tlp;
        for incident in item.of_report(&line.id)? {
            let Some(level) = export.selection.level(&incident)? else { continue };
            let span = export.selection.snapshot().span(&incident)?;
            modified = modified.max(thousandths(&span.last, span.within));
            tlp = tlp.max(if export.selection.policy().tlp.is_some() { tlp } else { level });
            refs.push(export.to(&incident));
        }
        let created = thousandths(&first.learned, 0);
        let modified = modified.max(thousandths(&head.learned, 0));
        let mut object = export.object("report", &[&line.id], &Stamp { created: created.clone(), modified, tlp })?;
        object.insert("name".to_owned(), json!(head.headline.as_deref().unwrap_or(&head.id)));
        let published = head.published.as_deref().and_then(moment);
        object.insert("published".to_owned(), json!(published.map_or(created, |p| thousandths(&p, 0))));
        object.insert("object_refs".to_owned(), json!(refs));
        if let Some(why) = &head.retracted {
            object.insert("revoked".to_owned(), json!(true));
            object.insert("description".to_owned(), json!(format!("Retracted: {why}")));
        }
        let publisher = head.publisher.as_deref().unwrap_or(&line.origin);
        let mut reference = json!({ "source_name": publisher, "external_id": head.id });
        if let Some(url) = head.url.as_deref().and_then(uri) {
            reference["url"] = json!(url);
            reference["description"] = json!(format!("Version {}; SHA-256 of its text: {}", head.version, head.sha256));
        }
        object.insert("external_references".to_owned(), json!([reference]));
        export.put(&Json::Object(object))?;
    }
    Ok(())
}

/// What is disputed, and what people noted.
fn notes(export: &mut Export<'_, '_, '_>, item: &Item<'_>, stamp: &Stamp, id: &str) -> Result<(), Error> {
    let incident = &item.record.incident;
    for disagreement in &item.record.disagreements {
        let field = disagreement.field.name();
        let mut object = export.object("note", &[incident, "disputed", field, &disagreement.note], stamp)?;
        object.insert("abstract".to_owned(), json!(format!("Disputed: {field}")));
        object.insert("content".to_owned(), json!(disagreement.note));
        object.insert("object_refs".to_owned(), json!([id]));
        export.put(&Json::Object(object))?;
    }
    for comment in &item.record.comments {
        let mut object = export.object("note", &[incident, "comment", &comment.decision.to_string()], stamp)?;
        object.insert("content".to_owned(), json!(comment.text));
        if !comment.by.is_empty() {
            object.insert("authors".to_owned(), json!([comment.by]));
        }
        object.insert("object_refs".to_owned(), json!([id]));
        export.put(&Json::Object(object))?;
    }
    Ok(())
}

/// Who denies and who confirms what.
fn opinions(export: &mut Export<'_, '_, '_>, item: &Item<'_>, stamp: &Stamp, id: &str) -> Result<(), Error> {
    for (field, entries) in &item.record.fields {
        for entry in entries {
            let confirmed = entry.status == Status::Confirmed;
            for (number, said) in entry.said.iter().enumerate().filter(|(_, s)| s.stands && (!s.supports || confirmed))
            {
                let keys = [
                    item.record.incident.as_str(),
                    &entry.fact,
                    &said.report,
                    &said.version.to_string(),
                    &number.to_string(),
                ];
                let mut object = export.object("opinion", &keys, stamp)?;
                let (opinion, verb) = if said.supports { ("agree", "confirmed") } else { ("disagree", "denied") };
                object.insert("opinion".to_owned(), json!(opinion));
                let authors = authors(said);
                let of = brief(&entry.value);
                let quoted = quote(said).unwrap_or_default();
                let words = format!(
                    "{} {verb} by {}: \"{quoted}\" ({})",
                    format_args!("{}: {of}", field.name()),
                    authors.join(", "),
                    said.report
                );
                object.insert("explanation".to_owned(), json!(words));
                object.insert("authors".to_owned(), json!(authors));
                object.insert("object_refs".to_owned(), json!([id]));
                export.put(&Json::Object(object))?;
            }
        }
    }
    Ok(())
}

/// Who says it: the sources, else the outlet.
fn authors(said: &Said) -> Vec<String> {
    let names: Vec<String> = said.sources.iter().filter_map(|s| s["name"].as_str()).map(str::to_owned).collect();
    if names.is_empty() { vec![said.origin.to_string()] } else { names }
}
