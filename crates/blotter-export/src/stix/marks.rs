//! What every bundle shares: the markings of the Traffic Light Protocol, and the extension that carries a record.

use blotter_case::Tlp;
use serde_json::{Value as Json, json};

use crate::stable;

/// When the extension was defined.
pub const DEFINED: &str = "2026-11-30T00:00:00Z";

/// The extension of markings by TLP 2.0 (OASIS cti-stix-common-objects).
const TLP_2: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/// The ids that OASIS gave the levels of TLP 2.0 (cti-stix-common-objects).
pub fn marking_id(level: Tlp) -> &'static str {
    match level {
        Tlp::Clear => "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
        Tlp::Green => "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
        Tlp::Amber => "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
        Tlp::AmberStrict => "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
        Tlp::Red => "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
    }
}

/// The marking of a level, as OASIS publishes it.
pub fn marking(level: Tlp) -> Json {
    json!({
        "type": "marking-definition", "spec_version": "2.1", "id": marking_id(level), "created": "2022-10-01T00:00:00.000Z",
        "name": format!("TLP:{}", level.name().to_uppercase()),
        "extensions": { TLP_2: { "extension_type": "property-extension", "tlp_2_0": level.name() } },
    })
}

/// The id of the extension of incidents.
pub fn extension_id() -> String {
    format!("extension-definition--{}", stable::own("stix record extension"))
}

fn definer_id() -> String {
    format!("identity--{}", stable::own("stix definer"))
}

/// Who defined the extension: the program.
pub fn definer() -> Json {
    let at = stable::thousandths(DEFINED, 0);
    json!({
        "type": "identity", "spec_version": "2.1", "id": definer_id(), "created": at, "modified": at, "name": "Blotter (program)",
        "identity_class": "system", "description": "Defines the extension that carries a record.",
    })
}

/// The extension of incidents by the record.
pub fn definition() -> Json {
    let at = stable::thousandths(DEFINED, 0);
    json!({
        "type": "extension-definition", "spec_version": "2.1", "id": extension_id(), "created_by_ref": definer_id(), "created": at,
        "modified": at, "name": "Record of an incident",
        "description": "What is known of an incident from news reports: `revision`, how many times the record has changed; `status`, \
                        open, reviewed, closed or withdrawn; `as_of`, the moment of the record; `best`, the values that count, as \
                        `blotter show --json` prints them; `facts`, every value of every field with its status, confidence and the \
                        statements for and against it, each with source, report and quoted words.",
        "schema": "docs/exports.md, in Blotter's sources: section stix", "version": "1.0.0", "extension_types": ["property-extension"],
    })
}
