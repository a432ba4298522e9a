//! What exports need of a report beside its facts: who published it where and when, its text, its hash.

use crate::db::{Connection, Optional};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::{Error, ledger, pack, state};

/// One version of a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportHead {
    /// The report's id.
    pub id: String,
    /// The version, from 1.
    pub version: i64,
    /// How many versions there were.
    pub versions: i64,
    /// When the case file learned the version.
    pub learned: String,
    /// Which program made the Reading.
    pub reader: String,
    /// Its address.
    pub url: Option<String>,
    /// Its outlet.
    pub publisher: Option<String>,
    /// Its headline.
    pub headline: Option<String>,
    /// Its authors, "; " between them.
    pub byline: Option<String>,
    /// When it was published, ISO 8601 as far as known (unknown parts `X`).
    pub published: Option<String>,
    /// When it was updated, likewise.
    pub updated: Option<String>,
    /// Its language (ISO 639-1).
    pub language: Option<String>,
    /// SHA-256 of its text in UTF-8, in hex.
    pub sha256: String,
    /// Its text. The places of evidence count code points into it.
    pub text: String,
    /// Its sentences: code points, end exclusive.
    pub sentences: Vec<(usize, usize)>,
    /// Whom and what it names, as the Reading has them.
    pub entities: Vec<Json>,
    /// Why it no longer supported anything.
    pub retracted: Option<String>,
}

/// The parts of a Reading that are looked at; the rest is passed over without being kept.
#[derive(Deserialize)]
struct Parts {
    report: Json,
    #[serde(default)]
    sentences: Vec<Place>,
    #[serde(default)]
    entities: Vec<Json>,
}

#[derive(Deserialize)]
struct Place {
    start: usize,
    end: usize,
}

/// A version of a report, at a row of the ledger.
///
/// # Errors
/// There is none, or the database refused.
pub fn of(db: &Connection, id: &str, version: i64, seq: i64) -> Result<ReportHead, Error> {
    let report = state::report_row(db, id)?;
    let sql = "SELECT g.reader, g.body, v.text, l.at FROM reading g
               JOIN version v ON v.report = g.report AND v.version = g.version JOIN ledger l ON l.seq = v.seq
               WHERE g.report = ? AND g.version = ? AND g.seq <= ? ORDER BY g.seq DESC LIMIT 1";
    let row: Option<(String, Vec<u8>, String, String)> = db
        .prepare(sql)?
        .query_row([report, version, seq], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
        .optional()?;
    let (reader, body, sha256, learned) =
        row.ok_or_else(|| Error::Missing(format!("report {id} had no version {version} then")))?;
    let Parts { report: told, sentences, entities } =
        serde_json::from_slice(&pack::unpack(&body, &format!("the Reading of report {id}, version {version}"))?)?;
    let versions = db
        .prepare("SELECT max(version) FROM version WHERE report = ? AND seq <= ?")?
        .query_row([report, seq], |r| r.get(0))?;
    let string = |value: &Json| value.as_str().filter(|s| !s.trim().is_empty()).map(str::to_owned);
    let text = state::text(db, &sha256)?;
    Ok(ReportHead {
        id: id.to_owned(),
        version,
        versions,
        learned,
        reader,
        url: string(&told["url"]),
        publisher: string(&told["publisher"]),
        headline: string(&told["headline"]["quote"]),
        byline: byline(&told["byline"]),
        published: string(&told["published"]),
        updated: string(&told["updated"]),
        language: string(&told["language"]),
        sha256: ledger::sha256(text.as_bytes()),
        text,
        sentences: sentences.into_iter().map(|s| (s.start, s.end)).collect(),
        entities,
        retracted: state::retracted(db, report, seq)?,
    })
}

/// The names of the authors.
fn byline(names: &Json) -> Option<String> {
    let names: Vec<&str> = names.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    (!names.is_empty()).then(|| names.join("; "))
}
