//! MISP (<https://www.misp-project.org/>): an event an incident, with objects by MISP's own templates, as MISP imports and hands out
//! several events at once (`{"response": [{"Event": ..}]}`).

pub mod feed;

use blotter_case::Tlp;
use blotter_case::{Field, derive};
use blotter_core::facts::Value;
use blotter_core::layers::entities::EntityKind;
use serde_json::{Value as Json, json};

use crate::error::Error;
use crate::item::{Item, quote, quoted};
use crate::options::{Options, Out};
use crate::selection::Selection;
use crate::stable::{Ids, moment};

/// A template: its name, the id and the version that MISP gives it (misp-objects, `objects/*/definition.json`).
struct Template(&'static str, &'static str, &'static str);

const INCIDENT: Template = Template("incident", "38597424-f9bb-4865-9b4b-819172df0334", "1");
const GEOLOCATION: Template = Template("geolocation", "cd6f2238-ba55-4888-82c4-104e6e1acf21", "8");
const NEWS_MEDIA: Template = Template("news-media", "691463c5-5302-4847-9bec-4c56ccfec677", "3");
const PERSON: Template = Template("person", "a15b0477-e9d1-4b9c-9546-abe78a4f4248", "21");
const ORGANIZATION: Template = Template("organization", "f750e12b-127a-432c-b022-b3f9153c4e2a", "9");
const ANNOTATION: Template = Template("annotation", "5d8dc046-15a1-4ca3-a09f-ed4ede7c4487", "3");

/// What the objects of one event share.
struct Making {
    ids: Ids,
    incident: String,
    /// Seconds since 1970 of the last change.
    changed: String,
}

impl Making {
    /// An object; parts are relation, type, value, those without a value are left out.
    fn object(&self, template: &Template, key: &str, comment: &str, parts: &[(&str, &str, Option<String>)]) -> Json {
        let Template(name, template_id, version) = template;
        let given = parts.iter().filter_map(|(relation, kind, value)| Some((relation, kind, value.as_ref()?)));
        let given = given.filter(|(_, _, value)| !value.trim().is_empty());
        let attributes: Vec<Json> = given
            .map(|(relation, kind, value)| {
                let id = self.ids.id("misp attribute", &[&self.incident, name, key, relation, value]);
                attribute(&id.to_string(), relation, kind, value, "", &self.changed)
            })
            .collect();
        json!({
            "name": name, "meta-category": "misc", "template_uuid": template_id, "template_version": version,
            "uuid": self.ids.id("misp object", &[&self.incident, name, key]).to_string(), "timestamp": self.changed,
            "distribution": "5", "comment": comment, "Attribute": attributes,
        })
    }
}

fn attribute(id: &str, relation: &str, kind: &str, value: &str, comment: &str, changed: &str) -> Json {
    let category = match kind {
        "link" => "External analysis",
        "full-name" | "gender" => "Person",
        _ => "Other",
    };
    let mut found = json!({
        "uuid": id, "type": kind, "category": category, "value": value, "comment": comment, "to_ids": false,
        "disable_correlation": !matches!(kind, "link" | "full-name"), "timestamp": changed, "distribution": "5",
    });
    if !relation.is_empty() {
        found["object_relation"] = json!(relation);
    }
    found
}

/// Writes the events.
pub(crate) fn write(selection: &Selection<'_>, options: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    let mut first = true;
    write!(out, "{{\"response\":[")?;
    each(selection, options, &mut |event: &Json| {
        let between = if std::mem::take(&mut first) { "\n" } else { ",\n" };
        Ok(write!(out, "{between}{}", json!({ "Event": event }))?)
    })?;
    Ok(out.write_all(b"\n]}\n")?)
}

/// Hands every event to `put`: of the incidents, then of those withdrawn, then of those that are part of others now.
fn each(selection: &Selection<'_>, options: &Options, put: &mut Put<'_>) -> Result<(), Error> {
    let ids = Ids::of(selection)?.by(options.producer.as_deref());
    selection.each(&mut |item| put(&event(selection, options, ids, item)?))?;
    let withheld = selection.withheld();
    selection.each_withdrawn(&mut |item| put(&event(selection, options, ids, item)?))?;
    selection.each_merged(&mut |was, is| {
        let span = selection.snapshot().span(was)?;
        let marked = selection.snapshot().marking(was)?.map_or(Tlp::Clear, |m| m.level);
        let level = selection.policy().tlp.unwrap_or(marked);
        put(&bare(options, ids, was, &format!("{was} is part of {is} now."), "2", &span.last, &span.first, level))
    })?;
    selection.note_withheld(withheld);
    Ok(())
}

/// Takes an event.
type Put<'p> = dyn FnMut(&Json) -> Result<(), Error> + 'p;

/// Seconds since 1970.
fn seconds(time: &str) -> String {
    time.parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_second).to_string()
}

/// An event without objects.
#[allow(clippy::too_many_arguments, reason = "the parts of an event, each used once")]
fn bare(
    options: &Options,
    ids: Ids,
    incident: &str,
    info: &str,
    analysis: &str,
    changed: &str,
    date: &str,
    level: Tlp,
) -> Json {
    let name = options.producer.as_deref().unwrap_or("Blotter");
    let (uuid, orgc) = (ids.id("misp event", &[incident]), ids.id("misp organisation", &[name]));
    json!({
        "uuid": uuid.to_string(), "info": info, "date": date.get(..10).unwrap_or(date), "threat_level_id": "4", "analysis": analysis,
        "distribution": "0", "published": false, "timestamp": seconds(changed),
        "Orgc": { "name": name, "uuid": orgc.to_string() },
        "Tag": [{ "name": format!("tlp:{}", level.name()) }, { "name": format!("blotter:incident=\"{incident}\"") }],
        "Attribute": [], "Object": [],
    })
}

fn event(selection: &Selection<'_>, options: &Options, ids: Ids, item: &Item<'_>) -> Result<Json, Error> {
    let record = &item.record;
    let span = item.span()?;
    let level = selection.policy().tlp.unwrap_or(item.tlp());
    let analysis = match record.status.as_str() {
        "reviewed" => "1",
        "closed" | "withdrawn" => "2",
        _ => "0",
    };
    // An event must have a day: that of the incident, else that on which it was learned.
    let day = item.when().and_then(|w| w.start.filter(|s| s.len() >= 10 && !s.contains('X')).map(str::to_owned));
    let info = if record.status == "withdrawn" {
        format!("{}: {}", record.incident, record.summary)
    } else {
        record.summary.clone()
    };
    let mut event =
        bare(options, ids, &record.incident, &info, analysis, &span.last, day.as_deref().unwrap_or(&span.first), level);
    if record.status == "withdrawn" {
        return Ok(event);
    }
    let making = Making { ids, incident: record.incident.clone(), changed: seconds(&span.last) };
    if let Some(code) = item.code(Field::Type)
        && let Some(tags) = event["Tag"].as_array_mut()
    {
        tags.push(json!({ "name": format!("blotter:type=\"{code}\"") }));
    }
    event["Attribute"] = tolls(&making, item).into();
    let mut objects = vec![incident(&making, item)];
    objects.extend(place(&making, item));
    objects.extend(parties(&making, item));
    for line in &record.reports {
        objects.push(report(&making, item, line)?);
    }
    objects.extend(annotations(&making, item));
    event["Object"] = objects.into();
    Ok(event)
}

fn incident(making: &Making, item: &Item<'_>) -> Json {
    let record = &item.record;
    let status = if record.status == "closed" { "closed" } else { "open" };
    let text = |words: &str| Some(words.to_owned());
    let details = format!("Revision {} as of {}; status {}", record.revision, record.as_of, record.status);
    making.object(
        &INCIDENT,
        "",
        &details,
        &[
            ("name", "text", text(&record.summary)),
            ("description", "text", text(&details)),
            ("investigation_status", "text", text(status)),
        ],
    )
}

/// Numbers, means, damage, responsibility and reactions as attributes, each with the words it rests on.
fn tolls(making: &Making, item: &Item<'_>) -> Vec<Json> {
    use Field::{
        Abducted, Arrested, Casualties, Damage, Displaced, Killed, Missing, Reaction, Responsibility, Stage, Type,
        Weapon, Wounded,
    };
    let fields = [
        Type,
        Stage,
        Killed,
        Wounded,
        Casualties,
        Missing,
        Abducted,
        Arrested,
        Displaced,
        Weapon,
        Damage,
        Responsibility,
        Reaction,
    ];
    let entries = fields.into_iter().flat_map(|field| item.bests(field).into_iter().map(move |e| (field, e)));
    let made = entries.map(|(field, entry)| {
        let value = format!("{}: {}", field.name(), derive::brief(&entry.value));
        let said = quoted(entry);
        let words = said.and_then(quote).unwrap_or_default();
        let report = said.map(|s| s.report.to_string()).unwrap_or_default();
        let comment = format!("{}; \"{words}\" ({report})", entry.status.name());
        let id = making.ids.id("misp attribute", &[&making.incident, &entry.fact]);
        attribute(&id.to_string(), "", "text", &value, &comment, &making.changed)
    });
    made.collect()
}

fn place(making: &Making, item: &Item<'_>) -> Option<Json> {
    let place = item.place()?;
    let number = |n: Option<f64>| n.map(|n| n.to_string());
    let parts = [
        ("latitude", "float", number(place.lat)),
        ("longitude", "float", number(place.lon)),
        // In kilometres, as the template has it.
        ("accuracy-radius", "float", number(place.radius_km)),
        ("city", "text", place.settlement.clone()),
        ("region", "text", place.admin1.clone()),
        ("countrycode", "text", place.country.clone()),
        ("text", "text", Some(format!("{} (known to the {})", place.name, place.precision.name()))),
    ];
    // The template wants one of the first parts; a place that is a name alone is in the summary.
    let known = parts.iter().any(|(name, _, value)| value.is_some() && !["text", "accuracy-radius"].contains(name));
    known.then(|| making.object(&GEOLOCATION, "", "Where it happened", &parts))
}

fn parties(making: &Making, item: &Item<'_>) -> Vec<Json> {
    use Field::{Participant, Perpetrator, Responder, Suspect, Target, Victim};
    let fields = [Target, Victim, Perpetrator, Suspect, Participant, Responder];
    let entries = fields.into_iter().flat_map(|field| item.bests(field).into_iter().map(move |e| (field, e)));
    let made = entries.filter_map(|(field, entry)| {
        let Value::Party(party) = &entry.value else { return None };
        let harm = party.harm.map(|h| format!(", {}", h.name())).unwrap_or_default();
        let role = Some(format!("{}{harm}", field.name()));
        let words = quoted(entry).and_then(quote).unwrap_or_default();
        let comment = format!("{}; \"{words}\"", entry.status.name());
        Some(match party.kind {
            EntityKind::Person => making.object(
                &PERSON,
                &entry.fact,
                &comment,
                &[
                    ("full-name", "full-name", Some(party.name.clone())),
                    ("role", "text", role),
                    ("text", "text", party.age.map(|a| format!("aged {a}"))),
                ],
            ),
            _ => making.object(
                &ORGANIZATION,
                &entry.fact,
                &comment,
                &[
                    ("name", "text", Some(party.name.clone())),
                    ("role", "text", role),
                    ("type-of-organization", "text", Some(party.kind.name().to_owned())),
                ],
            ),
        })
    });
    made.collect()
}

fn report(making: &Making, item: &Item<'_>, line: &blotter_case::record::ReportLine) -> Result<Json, Error> {
    let head = item.report(&line.id, line.version)?;
    let source = head.publisher.clone().unwrap_or_else(|| line.origin.to_string());
    let gone = head.retracted.as_ref().map(|why| format!("; retracted: {why}")).unwrap_or_default();
    let published = head.published.as_deref().unwrap_or("undated");
    let comment = format!(
        "{}, version {}, {published}, {}; SHA-256 of its text: {}{gone}",
        head.id, head.version, line.relation, head.sha256
    );
    Ok(making.object(
        &NEWS_MEDIA,
        &line.id,
        &comment,
        &[
            ("source", "text", Some(source)),
            ("title", "text", head.headline.clone()),
            ("link", "link", head.url.clone().filter(|u| u.starts_with("http"))),
        ],
    ))
}

/// What is disputed, and what people noted.
fn annotations(making: &Making, item: &Item<'_>) -> Vec<Json> {
    let disputes = item.record.disagreements.iter().map(|d| {
        let text = format!("Disputed: {}: {}", d.field.name(), d.note);
        making.object(
            &ANNOTATION,
            &text,
            "Disputed",
            &[("text", "text", Some(text.clone())), ("format", "text", Some("text".to_owned()))],
        )
    });
    let comments = item.record.comments.iter().map(|c| {
        let parts = [
            ("text", "text", Some(c.text.clone())),
            ("format", "text", Some("text".to_owned())),
            ("creation-date", "datetime", moment(&c.at)),
        ];
        making.object(&ANNOTATION, &c.decision.to_string(), &format!("By {}", c.by), &parts)
    });
    disputes.chain(comments).collect()
}
