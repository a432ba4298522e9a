//! KML 2.2 (OGC 07-147r2): one placemark an incident, with its time and, as extended data, the columns of the table of
//! incidents. `radius_km` says how far from the point it may have been; one without a point has no geometry.

use serde_json::Value as Json;

use super::{properties, values};
use crate::error::Error;
use crate::item::When;
use crate::options::{Options, Out};
use crate::selection::Selection;
use crate::xml::Xml;

/// Writes a document.
pub(crate) fn write(selection: &Selection<'_>, _: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    let as_of = selection.as_of()?;
    let mut xml = Xml::new(out)?;
    xml.open("kml", &[("xmlns", "http://www.opengis.net/kml/2.2")])?;
    xml.open("Document", &[])?;
    xml.text("name", &[], &format!("Incidents as of {as_of}"))?;
    selection.each(&mut |item| {
        // An id of XML: a letter first, no space.
        xml.open("Placemark", &[("id", &item.record.incident)])?;
        xml.text("name", &[], &item.record.summary)?;
        let quotes: Vec<String> = values(item)
            .iter()
            .filter_map(|v| {
                let (field, quote) = (v["field"].as_str()?, v["quote"].as_str()?);
                Some(format!("{field}: {} (\"{quote}\", {})", v["value"].as_str()?, v["report"].as_str()?))
            })
            .collect();
        xml.text("description", &[], &quotes.join("\n"))?;
        if let Some((begin, end)) = item.when().as_ref().and_then(days) {
            xml.open("TimeSpan", &[])?;
            xml.text("begin", &[], begin)?;
            xml.text("end", &[], end)?;
            xml.close("TimeSpan")?;
        }
        xml.open("ExtendedData", &[])?;
        for (name, value) in properties(item)?.iter().filter(|(_, value)| !value.is_null()) {
            xml.open("Data", &[("name", name)])?;
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            xml.text("value", &[], &text)?;
            xml.close("Data")?;
        }
        xml.close("ExtendedData")?;
        if let Some((lat, lon)) = item.point() {
            xml.open("Point", &[])?;
            xml.text("coordinates", &[], &format!("{},{}", Json::from(lon), Json::from(lat)))?;
            xml.close("Point")?;
        }
        xml.close("Placemark")
    })?;
    xml.close("Document")?;
    xml.close("kml")
}

/// The first and last day of a time that is known to days.
fn days<'w>(when: &When<'w>) -> Option<(&'w str, &'w str)> {
    let day = |iso: &'w str| iso.get(..10).filter(|d| d.parse::<jiff::civil::Date>().is_ok());
    let begin = day(when.start?)?;
    Some((begin, when.end.and_then(day).unwrap_or(begin)))
}
