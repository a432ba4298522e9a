//! `blotter reread`: all filed versions read again with this program's reader.

use std::io::{self, Write};

use blotter_case::{Access, CaseFile};
use blotter_core::ingest::reread as stored;
use blotter_core::{Reader, Reading, Report, Unread, wire};

use super::{Done, READER, Stop, print, stamp};
use crate::cli::{Global, Stamped};
use crate::{FAILED, builtin, read};

/// Runs the command.
pub fn run(stamped: &Stamped, _: &Global) -> Done {
    let mut case = CaseFile::open(&stamped.file.db, Access::Write)?;
    let reader = builtin::reader().map_err(|e| format!("built-in data: {e}"))?;
    let (mut same, mut changed, mut failed) = (0, 0, 0);
    for (report, versions) in case.reports()? {
        for version in 1..=versions {
            let found = case.report(&report, Some(version))?;
            let reading = read::caught(|| Ok(wire::json(&again(reader, stored(&found.reading)?))));
            let reading = match reading {
                Ok(reading) => reading,
                Err(reason) => {
                    eprintln!("blotter: {report}, version {version}: {reason}");
                    failed += 1;
                    continue;
                }
            };
            match case.reread(&report, version, &reading, READER, &stamp(stamped)?)? {
                None => same += 1,
                Some(incidents) => {
                    changed += 1;
                    let line = match stamped.file.json {
                        true => serde_json::json!({ "report": report, "version": version, "incidents": incidents })
                            .to_string(),
                        false => format!("changed  {report} version {version}  {}", incidents.join(" ")),
                    };
                    let mut out = io::stdout().lock();
                    writeln!(out, "{line}").map_err(Stop::from)?;
                }
            }
        }
    }
    if !stamped.file.json {
        print(&format!("{changed} versions changed, {same} did not\n"))?;
    }
    Ok(if failed > 0 { FAILED } else { 0 })
}

/// Reads a report again; one that the gate kept out is looked at by the gate again.
fn again(reader: &Reader, report: Report) -> Reading {
    let gated = report.warnings.contains(&Unread::NoIncident.to_string());
    if gated { reader.read_if_told(report) } else { reader.read(report) }
}
