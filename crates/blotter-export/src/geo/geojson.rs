//! GeoJSON (RFC 7946): one feature an incident, longitude first, WGS 84; without a point its geometry is null. How far from
//! the point it may have been is the property `radius_km`; the words that carry the values are under `evidence`.

use serde_json::{Value as Json, json};

use super::{properties, values};
use crate::error::Error;
use crate::options::{Options, Out};
use crate::selection::Selection;

/// Writes a feature collection, a line a feature.
pub(crate) fn write(selection: &Selection<'_>, _: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    let as_of = json!(selection.as_of()?);
    write!(out, "{{\"type\":\"FeatureCollection\",\"as_of\":{as_of},\"features\":[")?;
    let mut first = true;
    selection.each(&mut |item| {
        let mut properties = properties(item)?;
        properties.insert("evidence".to_owned(), Json::Array(values(item)));
        let reports: Vec<Json> = item
            .reports()?
            .iter()
            .map(|r| json!({ "id": r.id, "version": r.version, "publisher": r.publisher, "url": r.url, "published": r.published, "headline": r.headline }))
            .collect();
        properties.insert("report_list".to_owned(), Json::Array(reports));
        let point = item.point().map(|(lat, lon)| json!({ "type": "Point", "coordinates": [lon, lat] }));
        let feature = json!({ "type": "Feature", "id": item.record.incident, "geometry": point, "properties": properties });
        let before = if std::mem::take(&mut first) { "" } else { "," };
        Ok(write!(out, "{before}\n{feature}")?)
    })?;
    Ok(writeln!(out, "\n]}}")?)
}
