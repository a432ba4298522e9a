//! FollowTheMoney (<https://followthemoney.tech/>): entities as lines of JSON, for Aleph, OpenSanctions' tools and others.
//!
//! An incident is an Event with its Address, the Persons and Organizations in it (each tied to it by an UnknownLink that names the
//! role), the Articles that tell of it (each tied by a Documentation with a quote) and Notes of what is disputed or was noted.

use std::collections::HashSet;

use blotter_case::record::ReportLine;
use blotter_case::{Field, derive};
use blotter_core::facts::{Value, Where};
use blotter_core::layers::entities::{EntityKind, Gender};
use serde_json::{Map, json};
use uuid::Uuid;

use crate::error::Error;
use crate::item::{Item, quote, quoted};
use crate::options::{Options, Out};
use crate::selection::Selection;
use crate::stable::{Ids, moment};

/// One entity as it is filled.
struct Entity {
    id: String,
    schema: &'static str,
    properties: Map<String, serde_json::Value>,
}

impl Entity {
    fn new(id: Uuid, schema: &'static str) -> Entity {
        Entity { id: named(id), schema, properties: Map::new() }
    }

    /// Adds a value; an empty one is none.
    fn add(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if value.trim().is_empty() {
            return;
        }
        let list = self.properties.entry(name).or_insert_with(|| json!([]));
        if let Some(list) = list.as_array_mut()
            && !list.contains(&json!(value))
        {
            list.push(json!(value));
        }
    }

    fn write(self, out: &mut Out<'_>) -> Result<(), Error> {
        let line =
            json!({ "id": self.id, "schema": self.schema, "properties": self.properties, "datasets": ["blotter"] });
        Ok(writeln!(out, "{line}")?)
    }
}

fn named(id: Uuid) -> String {
    format!("blotter-{id}")
}

/// Writes the entities.
pub(crate) fn write(selection: &Selection<'_>, options: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    let ids = Ids::of(selection)?;
    // Articles that are written: sixteen bytes each.
    let mut written: HashSet<Uuid> = HashSet::new();
    selection.each(&mut |item| incident(selection, options, ids, item, &mut written, out))
}

fn incident(
    selection: &Selection<'_>,
    options: &Options,
    ids: Ids,
    item: &Item<'_>,
    written: &mut HashSet<Uuid>,
    out: &mut Out<'_>,
) -> Result<(), Error> {
    let record = &item.record;
    let id = record.incident.as_str();
    let mut event = Entity::new(ids.id("incident", &[id]), "Event");
    event.add("name", &record.summary);
    event.add("recordId", id);
    event.add("keywords", item.code(Field::Type).unwrap_or_default());
    event.add("keywords", format!("TLP:{}", selection.policy().tlp.unwrap_or(item.tlp()).name().to_uppercase()));
    event.add("modifiedAt", item.span()?.last);
    event.add("publisher", options.producer.as_deref().unwrap_or("Blotter"));
    if let Some(when) = item.when() {
        event.add("startDate", date(when.start));
        event.add("endDate", date(when.end));
    }
    for field in [
        Field::Killed,
        Field::Wounded,
        Field::Casualties,
        Field::Missing,
        Field::Abducted,
        Field::Arrested,
        Field::Displaced,
    ] {
        if let Some(entry) = item.best(field) {
            event.add("description", format!("{}: {}", field.name(), derive::brief(&entry.value)));
        }
    }
    for field in [Field::Weapon, Field::Damage, Field::Responsibility, Field::Reaction] {
        for entry in item.bests(field) {
            event.add("description", format!("{}: {}", field.name(), derive::brief(&entry.value)));
        }
    }
    record.disagreements.iter().for_each(|d| event.add("notes", format!("Disputed: {}: {}", d.field.name(), d.note)));
    if let Some(place) = item.place() {
        address(ids, id, place, &mut event, out)?;
    }
    for line in record.reports.iter().filter(|l| l.retracted.is_none()) {
        event.add("proof", article(ids, item, line, &event.id, written, out)?);
    }
    parties(ids, item, &mut event, out)?;
    for comment in &record.comments {
        let mut note = Entity::new(ids.id("note", &[id, &comment.decision.to_string()]), "Note");
        note.add("entity", &event.id);
        note.add("description", &comment.text);
        note.add("publisher", &comment.by);
        note.add("modifiedAt", &comment.at);
        note.write(out)?;
    }
    event.write(out)
}

/// As much of an ISO date as is known.
fn date(iso: Option<&str>) -> String {
    let iso = iso.unwrap_or_default();
    iso.split('X').next().unwrap_or_default().trim_end_matches('-').chars().take(19).collect()
}

fn address(ids: Ids, id: &str, place: &Where, event: &mut Entity, out: &mut Out<'_>) -> Result<(), Error> {
    let mut address = Entity::new(ids.id("address", &[id, &place.name]), "Address");
    let parts = [
        Some(&place.name),
        place.settlement.as_ref().filter(|s| **s != place.name),
        place.admin1.as_ref(),
        place.country.as_ref(),
    ];
    let full = parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(", ");
    address.add("full", &full);
    address.add("city", place.settlement.as_deref().unwrap_or_default());
    address.add("state", place.admin1.as_deref().unwrap_or_default());
    let country = place.country.as_deref().unwrap_or_default().to_lowercase();
    address.add("country", &country);
    if let Some((lat, lon)) = place.lat.zip(place.lon) {
        address.add("latitude", lat.to_string());
        address.add("longitude", lon.to_string());
    }
    address.add(
        "remarks",
        place
            .radius_km
            .map(|km| format!("within {km} km; known to the {}", place.precision.name()))
            .unwrap_or_default(),
    );
    event.add("country", country);
    event.add("location", full);
    event.add("addressEntity", &address.id);
    address.write(out)
}

/// The id of a report's article, which is written where it is first named.
fn article(
    ids: Ids,
    item: &Item<'_>,
    line: &ReportLine,
    event: &str,
    written: &mut HashSet<Uuid>,
    out: &mut Out<'_>,
) -> Result<String, Error> {
    let id = ids.id("article", &[&line.id]);
    let head = item.report(&line.id, line.version)?;
    if written.insert(id) {
        let mut article = Entity::new(id, "Article");
        article.add("title", head.headline.as_deref().unwrap_or(&head.id));
        article.add("author", head.byline.as_deref().unwrap_or_default());
        article.add("publisher", head.publisher.as_deref().unwrap_or(&line.origin));
        article.add("publishedAt", date(head.published.as_deref().filter(|p| moment(p).is_some())));
        article.add("retrievedAt", &head.learned);
        // Its languages have three letters; only that which is read is known here.
        article.add("language", if head.language.as_deref() == Some("en") { "eng" } else { "" });
        article.add("sourceUrl", head.url.as_deref().filter(|u| u.starts_with("http")).unwrap_or_default());
        article.add("notes", format!("{}, version {}; SHA-256 of the text: {}", head.id, head.version, head.sha256));
        article.write(out)?;
    }
    let mut link = Entity::new(ids.id("documentation", &[&item.record.incident, &line.id]), "Documentation");
    link.add("document", named(id));
    link.add("entity", event);
    link.add("role", line.relation);
    let said = item.record.fields.iter().flat_map(|(_, entries)| entries).flat_map(|e| &e.said);
    link.add("summary", said.filter(|s| s.report == line.id).find_map(quote).unwrap_or_default());
    link.write(out)?;
    Ok(named(id))
}

/// Single people, and organizations; several who are not named one by one are told of in the event.
fn parties(ids: Ids, item: &Item<'_>, event: &mut Entity, out: &mut Out<'_>) -> Result<(), Error> {
    use Field::{Participant, Perpetrator, Responder, Suspect, Target, Victim};
    for field in [Target, Victim, Perpetrator, Suspect, Participant, Responder] {
        for entry in item.bests(field) {
            let Value::Party(party) = &entry.value else { continue };
            let schema = match party.kind {
                EntityKind::Person if party.number.is_none() => "Person",
                EntityKind::Organization => "Organization",
                _ => {
                    event.add("description", format!("{}: {}", field.name(), derive::brief(&entry.value)));
                    continue;
                }
            };
            let mut entity = Entity::new(ids.id("party", &[&entry.fact]), schema);
            entity.add("name", &party.name);
            if schema == "Person" {
                entity.add("gender", party.gender.map(gender).unwrap_or_default());
            }
            let age = party.age.map(|a| format!("aged {a}")).unwrap_or_default();
            entity.add("notes", age);
            let mut link = Entity::new(ids.id("role", &[&entry.fact]), "UnknownLink");
            link.add("subject", &entity.id);
            link.add("object", &event.id);
            let harm = party.harm.map(|h| format!(", {}", h.name())).unwrap_or_default();
            link.add("role", format!("{}{harm}", field.name()));
            link.add("status", entry.status.name());
            link.add("summary", quoted(entry).and_then(quote).unwrap_or_default());
            if let Some(said) = quoted(entry).filter(|s| s.version > 0) {
                link.add("proof", named(ids.id("article", &[&said.report])));
            }
            event.add("involved", &entity.id);
            entity.write(out)?;
            link.write(out)?;
        }
    }
    Ok(())
}

fn gender(gender: Gender) -> &'static str {
    match gender {
        Gender::Male => "male",
        Gender::Female => "female",
    }
}
