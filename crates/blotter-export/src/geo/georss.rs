//! GeoRSS: an Atom feed (RFC 4287) whose entries carry `georss:point` (latitude first) and, in metres, `georss:radius`.

use serde_json::Value as Json;

use super::{changed, values};
use crate::error::Error;
use crate::options::{Options, Out};
use crate::selection::Selection;
use crate::stable::{Ids, SCHEME};
use crate::xml::Xml;

/// Writes a feed.
pub(crate) fn write(selection: &Selection<'_>, _: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    let (as_of, ids) = (selection.as_of()?, Ids::of(selection)?);
    // A feed must have a time; one of an empty case file has the first.
    let updated = if as_of.is_empty() { "1970-01-01T00:00:00Z" } else { &as_of };
    let mut xml = Xml::new(out)?;
    let spaces = [("xmlns", "http://www.w3.org/2005/Atom"), ("xmlns:georss", "http://www.georss.org/georss")];
    xml.open("feed", &spaces)?;
    xml.text("id", &[], &format!("urn:uuid:{}", ids.id("georss", &[])))?;
    xml.text("title", &[], "Incidents")?;
    xml.text("updated", &[], updated)?;
    xml.open("author", &[])?;
    xml.text("name", &[], "Blotter")?;
    xml.close("author")?;
    selection.each(&mut |item| {
        xml.open("entry", &[])?;
        xml.text("id", &[], &format!("urn:uuid:{}", ids.id("georss", &[&item.record.incident])))?;
        xml.text("title", &[], &item.record.summary)?;
        xml.text("updated", &[], &changed(item)?)?;
        if let Some(code) = item.code(blotter_case::Field::Type) {
            xml.empty("category", &[("term", code)])?;
        }
        xml.empty("category", &[("scheme", &format!("{SCHEME}incident")), ("term", &item.record.incident)])?;
        if let Some(mark) = item.mark() {
            xml.empty("category", &[("scheme", &format!("{SCHEME}tlp")), ("term", mark.name())])?;
            xml.text("rights", &[], &format!("TLP:{}", mark.name().to_uppercase()))?;
        }
        for report in item.reports()?.iter().filter(|r| r.retracted.is_none()) {
            if let Some(url) = &report.url {
                xml.empty(
                    "link",
                    &[("rel", "related"), ("href", url), ("title", report.headline.as_deref().unwrap_or(url))],
                )?;
            }
        }
        let quotes: Vec<String> = values(item)
            .iter()
            .filter_map(|v| {
                Some(format!(
                    "{}: {} (\"{}\", {})",
                    v["field"].as_str()?,
                    v["value"].as_str()?,
                    v["quote"].as_str()?,
                    v["report"].as_str()?
                ))
            })
            .collect();
        xml.text("content", &[("type", "text")], &quotes.join("\n"))?;
        if let Some((lat, lon)) = item.point() {
            xml.text("georss:point", &[], &format!("{} {}", Json::from(lat), Json::from(lon)))?;
            if let Some(place) = item.place() {
                xml.text("georss:featurename", &[], &place.name)?;
                if let Some(km) = place.radius_km {
                    xml.text("georss:radius", &[], &(km * 1000.0).round().to_string())?;
                }
            }
        }
        xml.close("entry")
    })?;
    xml.close("feed")
}
