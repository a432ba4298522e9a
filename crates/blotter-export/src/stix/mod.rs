//! STIX 2.1 (OASIS, <https://docs.oasis-open.org/cti/stix/v2.1/stix-v2.1.html>): a bundle of incidents with what they rest on.
//!
//! The standard's incident has a name and little more; what the record knows is in a property extension, with its definition
//! in the bundle. Everything of one incident is `created` when the case file learned it and `modified` when its record last
//! changed; a withdrawn incident, and one that has become part of another, is `revoked`.

mod marks;
mod parts;

use std::collections::{BTreeSet, HashSet};

use blotter_case::Tlp;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::error::Error;
use crate::item::Item;
use crate::options::{Options, Out};
use crate::selection::Selection;
use crate::stable::{self, Ids, thousandths};

/// What an export's objects share.
pub(crate) struct Export<'e, 'o, 'w> {
    pub selection: &'e Selection<'e>,
    pub ids: Ids,
    pub creator: String,
    /// When the case file was begun: what several incidents share is as old as the file.
    pub begun: String,
    out: &'o mut Out<'w>,
    first: bool,
    /// What is in the bundle already, of what several incidents share: sixteen bytes an outlet or report.
    seen: HashSet<Uuid>,
    /// Incidents that others refer to: those that the filter leaves out come at the end, without what stands beside them, so
    /// that nothing refers to what is not there.
    wanted: BTreeSet<String>,
}

/// The times and the marking of the objects of one incident.
#[derive(Clone)]
pub(crate) struct Stamp {
    pub created: String,
    pub modified: String,
    pub tlp: Tlp,
}

/// Writes the bundle.
pub(crate) fn write(selection: &Selection<'_>, options: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    let ids = Ids::of(selection)?.by(options.producer.as_deref());
    let begun = Some(selection.snapshot().begun()?).filter(|t| !t.is_empty());
    let begun = thousandths(begun.as_deref().unwrap_or(marks::DEFINED), 0);
    let producer = options.producer.as_deref().unwrap_or("Blotter");
    let creator = format!("identity--{}", ids.id("creator", &[producer]));
    let of = [selection.as_of()?, format!("{:?} {:?}", selection.filter(), selection.policy())];
    let bundle = ids.id("bundle", &[&of[0], &of[1]]);
    write!(out, "{{\"type\":\"bundle\",\"id\":\"bundle--{bundle}\",\"objects\":[")?;
    let mut export =
        Export { selection, ids, creator, begun, out, first: true, seen: HashSet::new(), wanted: BTreeSet::new() };
    let class = if options.producer.is_some() { "organization" } else { "system" };
    let (created, id) = (export.begun.clone(), export.creator.clone());
    export.put(&json!({
        "type": "identity", "spec_version": "2.1", "id": id, "created": created, "modified": created, "name": producer,
        "identity_class": class, "description": "Made these objects from news reports with Blotter.",
    }))?;
    export.put(&marks::definer())?;
    export.put(&marks::definition())?;
    selection.each(&mut |item| incident(&mut export, item, true))?;
    let withheld = selection.withheld();
    selection.each_withdrawn(&mut |item| incident(&mut export, item, false))?;
    selection.each_merged(&mut |was, is| merged(&mut export, was, is))?;
    for name in std::mem::take(&mut export.wanted) {
        if !export.seen.contains(&export.ids.id("incident", &[&name]))
            && let Some(item) = selection.item(&name)?
        {
            incident(&mut export, &item, false)?;
        }
    }
    selection.note_withheld(withheld);
    Ok(writeln!(export.out, "]}}")?)
}

/// The id of an incident.
pub(crate) fn incident_id(ids: Ids, incident: &str) -> String {
    format!("incident--{}", ids.id("incident", &[incident]))
}

/// An incident, and what stands beside it where that is asked for.
fn incident(export: &mut Export<'_, '_, '_>, item: &Item<'_>, beside: bool) -> Result<(), Error> {
    let record = &item.record;
    export.once(export.ids.id("incident", &[&record.incident]));
    let span = item.span()?;
    let stamp = Stamp {
        created: thousandths(&span.first, 0),
        modified: thousandths(&span.last, span.within),
        tlp: export.selection.policy().tlp.unwrap_or(item.tlp()),
    };
    let mut object = export.object("incident", &[&record.incident], &stamp)?;
    let withdrawn = record.status == "withdrawn";
    object.insert("name".to_owned(), json!(record.summary));
    if withdrawn {
        object.insert("revoked".to_owned(), json!(true));
    }
    object.insert(
        "external_references".to_owned(),
        json!([{ "source_name": "blotter", "external_id": record.incident, "description": "The incident in the case file." }]),
    );
    if let Some(code) = item.code(blotter_case::Field::Type) {
        object.insert("labels".to_owned(), json!([code]));
    }
    let mut extension = json!({
        "extension_type": "property-extension", "revision": record.revision, "status": record.status, "as_of": span.last,
    });
    // The standard knows no empty lists and objects.
    for (name, value) in [("best", record.best_json()), ("facts", parts::facts(item))] {
        if !withdrawn
            && value.as_array().is_none_or(|v| !v.is_empty())
            && value.as_object().is_none_or(|v| !v.is_empty())
        {
            extension[name] = value;
        }
    }
    object.insert("extensions".to_owned(), json!({ marks::extension_id(): extension }));
    export.put(&Json::Object(object))?;
    if withdrawn || !beside { Ok(()) } else { parts::beside(export, item, &stamp) }
}

/// An incident that has become part of another: revoked, and a duplicate of it.
fn merged(export: &mut Export<'_, '_, '_>, was: &str, is: &str) -> Result<(), Error> {
    let span = export.selection.snapshot().span(was)?;
    let marked = export.selection.snapshot().marking(was)?.map_or(Tlp::Clear, |m| m.level);
    let stamp = Stamp {
        created: thousandths(&span.first, 0),
        modified: thousandths(&span.last, span.within),
        tlp: export.selection.policy().tlp.unwrap_or(marked),
    };
    let mut object = export.object("incident", &[was], &stamp)?;
    object.insert("name".to_owned(), json!(format!("Part of {is} now.")));
    object.insert("revoked".to_owned(), json!(true));
    object.insert("external_references".to_owned(), json!([{ "source_name": "blotter", "external_id": was }]));
    export.put(&Json::Object(object))?;
    export.once(export.ids.id("incident", &[was]));
    let ends = (incident_id(export.ids, was), export.to(is));
    export.relate("duplicate-of", &[was, is], ends, "Has become part of it.", &stamp)
}

impl Export<'_, '_, '_> {
    /// What every object of an incident has.
    pub fn object(&mut self, kind: &str, keys: &[&str], stamp: &Stamp) -> Result<Map<String, Json>, Error> {
        let mark = self.mark(stamp.tlp)?;
        let id = format!("{kind}--{}", self.ids.id(kind, keys));
        let object = json!({
            "type": kind, "spec_version": "2.1", "id": id, "created_by_ref": self.creator, "created": stamp.created,
            "modified": stamp.modified, "object_marking_refs": [mark],
        });
        match object {
            Json::Object(map) => Ok(map),
            _ => Ok(Map::new()),
        }
    }

    /// A relationship between two objects.
    pub fn relate(
        &mut self,
        kind: &str,
        keys: &[&str],
        (from, to): (String, String),
        words: &str,
        stamp: &Stamp,
    ) -> Result<(), Error> {
        let keys: Vec<&str> = std::iter::once(kind).chain(keys.iter().copied()).collect();
        let mut object = self.object("relationship", &keys, stamp)?;
        object.insert("relationship_type".to_owned(), json!(kind));
        object.insert("source_ref".to_owned(), json!(from));
        object.insert("target_ref".to_owned(), json!(to));
        object.insert("description".to_owned(), json!(words));
        self.put(&Json::Object(object))
    }

    /// The id of an incident that is referred to.
    pub fn to(&mut self, incident: &str) -> String {
        self.wanted.insert(incident.to_owned());
        incident_id(self.ids, incident)
    }

    /// The marking of a level, which is put in the bundle where it is first used.
    fn mark(&mut self, level: Tlp) -> Result<String, Error> {
        let id = marks::marking_id(level);
        if self.once(stable::own(id)) {
            self.put(&marks::marking(level))?;
        }
        Ok(id.to_owned())
    }

    /// Whether this is the first time of an id.
    pub fn once(&mut self, id: Uuid) -> bool {
        self.seen.insert(id)
    }

    /// Puts an object into the bundle.
    pub fn put(&mut self, object: &Json) -> Result<(), Error> {
        if !self.first {
            self.out.write_all(b",\n")?;
        }
        self.first = false;
        Ok(write!(self.out, "{object}")?)
    }
}
