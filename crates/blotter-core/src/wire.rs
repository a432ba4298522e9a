//! Reading → JSON, the public contract: schema number, offsets in Unicode code points.

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::facts::{Count, Fact, Incident, Scope, Source, Value};
use crate::layers::entities::{Form, Gender};
use crate::layers::places::Candidate;
use crate::layers::times::{Precision, TimeKind};
use crate::reading::Reading;
use crate::text::{DateSource, Span, WireFacts};

/// The version of the contract.
pub const SCHEMA: u32 = 1;

/// Byte offsets → code point offsets of one text.
struct Places<'t> {
    text: &'t str,
    /// Code points before every 64th byte.
    every: Vec<usize>,
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Places<'t> {
        let mut every = Vec::with_capacity(text.len() / 64 + 1);
        let mut points = 0;
        for (at, byte) in text.bytes().enumerate() {
            if at % 64 == 0 {
                every.push(points);
            }
            points += usize::from(byte & 0xC0 != 0x80);
        }
        every.push(points);
        Places { text, every }
    }

    fn point(&self, byte: usize) -> usize {
        let block = byte / 64;
        let rest = &self.text.as_bytes()[block * 64..byte];
        self.every[block] + rest.iter().filter(|b| **b & 0xC0 != 0x80).count()
    }

    fn span(&self, span: Span) -> Json {
        json!({ "start": self.point(span.start), "end": self.point(span.end), "quote": span.of(self.text) })
    }

    fn spans(&self, spans: &[Span]) -> Vec<Json> {
        spans.iter().map(|s| self.span(*s)).collect()
    }

    /// The span's own keys with others beside them.
    fn with(&self, span: Span, more: Json) -> Json {
        let mut object = self.span(span);
        if let (Some(object), Json::Object(more)) = (object.as_object_mut(), more) {
            object.extend(more);
        }
        object
    }
}

/// The contract's JSON object of a Reading.
pub fn json(reading: &Reading) -> Json {
    let report = &reading.report;
    let at = Places::new(&report.text);
    let source = |d: &crate::text::ReportDate| date_source(d.source);
    let entity = |index: Option<usize>| index.map(|i| format!("e{}", i + 1));
    json!({
        "schema": SCHEMA,
        "report": {
            "id": report.id,
            "url": report.url,
            "publisher": report.publisher,
            "headline": report.headline.map(|s| at.span(s)),
            "byline": report.byline,
            "dateline": report.dateline.map(|s| at.span(s)),
            "published": report.published.as_ref().map(|d| d.value.clone()),
            "updated": report.updated.as_ref().map(|d| d.value.clone()),
            "published_by": report.published.as_ref().map(source),
            "updated_by": report.updated.as_ref().map(source),
            "captured": report.captured,
            "captions": report.captions,
            "entries": report.entries.iter().map(|e| json!({ "at": e.at, "title": e.title, "text": e.text })).collect::<Vec<_>>(),
            "wire": report.wire.as_deref().map(wire_facts),
            "language": report.language,
            "warnings": report.warnings,
            "text": report.text,
            "sha256": hex(&Sha256::digest(report.text.as_bytes())),
        },
        "sentences": reading.sentences.iter().map(|s| json!({
            "start": at.point(s.span.start), "end": at.point(s.span.end), "paragraph": s.paragraph,
        })).collect::<Vec<_>>(),
        "entities": reading.entities.iter().enumerate().map(|(i, e)| json!({
            "id": format!("e{}", i + 1),
            "kind": e.kind.name(),
            "name": e.name,
            "title": e.title,
            "country": e.country,
            "group": e.group,
            "age": e.age,
            "gender": e.gender.map(gender),
            "number": e.number.map(|(min, best, max)| json!({ "min": min, "best": best, "max": max })),
            "mentions": e.mentions.iter().map(|m| at.with(m.span, json!({ "form": form(m.form) }))).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "times": reading.times.iter().map(|t| at.with(t.span, json!({
            "type": time_kind(t.kind), "value": t.value, "rule": t.rule,
        }))).collect::<Vec<_>>(),
        "places": reading.places.iter().map(|p| {
            let mut object = at.with(p.span, json!({
                "name": p.name, "demonym": p.demonym, "rule": p.rule,
                "geonames_id": null, "lat": null, "lon": null, "country": null, "admin1": null, "kind": null, "confidence": null,
                "alternatives": p.alternatives.iter().map(candidate).collect::<Vec<_>>(),
            }));
            if let (Some(object), Some(chosen)) = (object.as_object_mut(), &p.chosen) {
                let Json::Object(mut value) = candidate(chosen) else { unreachable!("a candidate is an object") };
                value.remove("name");
                object.extend(value);
            }
            object
        }).collect::<Vec<_>>(),
        "attributions": reading.attributions.iter().enumerate().map(|(i, a)| json!({
            "id": format!("a{}", i + 1),
            "source": at.spans(&a.source),
            "cue": at.spans(&a.cue),
            "content": at.spans(&a.content),
            "speaker": entity(a.speaker),
            "via": a.via.iter().map(|v| format!("a{}", v + 1)).collect::<Vec<_>>(),
            "relay": a.relay.map(|r| at.span(r)),
            "form": a.form,
            "stance": a.stance,
            "confidence": rounded(a.confidence),
        })).collect::<Vec<_>>(),
        "events": reading.events.iter().enumerate().map(|(i, e)| at.with(e.span, json!({
            "id": format!("v{}", i + 1),
            "type": e.kind,
            "factuality": rounded(e.factuality),
            "confidence": rounded(e.confidence),
            "args": e.args.iter().map(|a| at.with(a.span, json!({ "role": a.role, "entity": entity(a.entity) }))).collect::<Vec<_>>(),
        }))).collect::<Vec<_>>(),
        "incidents": reading.incidents.iter().enumerate().map(|(i, incident)| self::incident(i, incident, &at)).collect::<Vec<_>>(),
    })
}

/// The contract's JSON object of a Reading, with `coded`: the rows of a codebook.
pub fn json_coded(reading: &Reading, coded: &[Json]) -> Json {
    let mut object = json(reading);
    object["coded"] = Json::Array(coded.to_vec());
    object
}

fn incident(index: usize, incident: &Incident, at: &Places<'_>) -> Json {
    let toll = &incident.toll;
    json!({
        "id": format!("i{}", index + 1),
        "relation": incident.relation.name(),
        "summary": incident.summary,
        "facts": incident.facts.iter().map(|f| fact(f, at)).collect::<Vec<_>>(),
        "toll": {
            "killed": toll.killed.map(count),
            "wounded": toll.wounded.map(count),
            "missing": toll.missing.map(count),
            "abducted": toll.abducted.map(count),
            "arrested": toll.arrested.map(count),
        },
    })
}

fn fact(fact: &Fact, at: &Places<'_>) -> Json {
    json!({
        "field": fact.field.name(),
        "value": value(&fact.value),
        "status": fact.status.name(),
        "sources": fact.sources.iter().map(self::source).collect::<Vec<_>>(),
        "denied_by": fact.denied_by.iter().map(self::source).collect::<Vec<_>>(),
        "evidence": at.spans(&fact.evidence),
        "confidence": rounded(fact.confidence),
        "why": fact.why,
    })
}

fn source(source: &Source) -> Json {
    json!({ "attribution": source.attribution.map(|i| format!("a{}", i + 1)), "name": source.name, "via": source.via })
}

fn value(value: &Value) -> Json {
    let entity = |index: &Option<usize>| index.map(|i| format!("e{}", i + 1));
    match value {
        Value::Code(code) => json!({ "code": code }),
        Value::When { start, end, precision, timex } => {
            json!({ "start": start, "end": end, "precision": self::precision(*precision), "timex": timex })
        }
        Value::Where(w) => json!({
            "name": w.name, "within": w.within, "geonames_id": w.geonames_id, "lat": w.lat, "lon": w.lon,
            "country": w.country, "admin1": w.admin1, "precision": w.precision.name(), "radius_km": w.radius_km,
            "settlement": w.settlement, "inferred": w.inferred,
        }),
        Value::Party(p) => json!({
            "entity": entity(&p.entity), "name": p.name, "kind": p.kind.name(), "number": p.number.map(count),
            "age": p.age, "gender": p.gender.map(gender), "harm": p.harm.map(|h| h.name()), "group": p.group,
        }),
        Value::Weapon { entity: e, name, kind, number } => {
            json!({ "entity": entity(e), "name": name, "kind": kind, "number": number.map(count) })
        }
        Value::Toll(t) => json!({
            "min": t.count.min, "best": t.count.best, "max": t.count.max, "who": t.who, "entity": entity(&t.entity),
            "group": t.group, "attackers": t.attackers,
            "scope": match t.scope { Scope::Total => "total", Scope::Part => "part", Scope::Series => "series" },
        }),
        Value::Damage { entity: e, name, extent } => json!({ "entity": entity(e), "name": name, "extent": extent }),
        Value::Responsibility { party, stance } => json!({
            "party": party.as_ref().map(|(e, name)| json!({ "entity": entity(e), "name": name })), "stance": stance,
        }),
        Value::Reaction { entity: e, name, stance } => json!({ "entity": entity(e), "name": name, "stance": stance }),
    }
}

fn count(count: Count) -> Json {
    json!({ "min": count.min, "best": count.best, "max": count.max })
}

fn candidate(c: &Candidate) -> Json {
    json!({
        "name": c.name, "geonames_id": c.geonames_id, "lat": c.lat, "lon": c.lon, "country": c.country,
        "admin1": c.admin1, "kind": c.kind, "confidence": rounded(c.confidence),
    })
}

/// Four decimals: more is noise, and the same on every machine.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn gender(gender: Gender) -> &'static str {
    match gender {
        Gender::Male => "male",
        Gender::Female => "female",
    }
}

fn form(form: Form) -> &'static str {
    match form {
        Form::Name => "name",
        Form::Nominal => "nominal",
        Form::Pronoun => "pronoun",
    }
}

fn time_kind(kind: TimeKind) -> &'static str {
    match kind {
        TimeKind::Date => "DATE",
        TimeKind::Time => "TIME",
        TimeKind::Duration => "DURATION",
        TimeKind::Set => "SET",
    }
}

/// The contract's name.
pub fn precision(precision: Precision) -> &'static str {
    match precision {
        Precision::Minute => "minute",
        Precision::Hour => "hour",
        Precision::PartOfDay => "part-of-day",
        Precision::Day => "day",
        Precision::Days => "days",
        Precision::Week => "week",
        Precision::Month => "month",
        Precision::Season => "season",
        Precision::Year => "year",
    }
}

fn wire_facts(wire: &WireFacts) -> Json {
    json!({
        "guid": wire.guid, "version": wire.version, "pubstatus": wire.pubstatus, "embargoed": wire.embargoed,
        "signal": wire.signal, "urgency": wire.urgency, "located": wire.located, "credits": wire.credits,
        "ednote": wire.ednote,
    })
}

fn date_source(source: DateSource) -> &'static str {
    match source {
        DateSource::Input => "input",
        DateSource::Meta => "meta",
        DateSource::Byline => "byline",
        DateSource::UpdateLine => "update-line",
        DateSource::Url => "url",
        DateSource::Feed => "feed",
        DateSource::Mail => "mail",
        DateSource::Wire => "wire",
        DateSource::Inferred => "inferred",
    }
}
