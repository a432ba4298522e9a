//! The commands of the case file: arguments → calls of `blotter-case` → views.

mod add;
mod bundle;
mod export;
mod reread;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use blotter_case::decide::Decision;
use blotter_case::{Access, CaseFile, Error, Filter, Place, Stamp};
use blotter_core::facts::Field;

use crate::cli::{Case, Decide, File, Filters, Global, List, Stamped};
use crate::views::{self, Look, case as view};
use crate::{FAILED, NOT_YET, NOTHING, clock, read};

/// Which program makes the Readings: what a later one compares itself with.
pub const READER: &str = concat!("blotter ", env!("CARGO_PKG_VERSION"));

/// Why a command ends.
pub enum Stop {
    /// With a sentence for the user.
    Said(String),
    /// By the case file.
    Case(Error),
    /// Nobody reads the output any more.
    Closed,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Case(error)
    }
}

impl From<String> for Stop {
    fn from(words: String) -> Stop {
        Stop::Said(words)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        if error.kind() == io::ErrorKind::BrokenPipe { Stop::Closed } else { Stop::Said(error.to_string()) }
    }
}

/// Runs a command.
pub fn run(command: &Case, global: &Global) -> ExitCode {
    let (file, done) = match command {
        Case::Export(options) => return ended(&options.db, export::run(options)),
        Case::Add(options) => (&options.stamped.file, add::run(options, global)),
        Case::Reread { stamped } => (&stamped.file, reread::run(stamped, global)),
        Case::List(options) => (&options.file, list(options, global)),
        Case::Link { a, b, decide } => decision(Decision::Link(a.clone(), b.clone()), decide),
        Case::Apart { a, b, decide } => decision(Decision::Apart(a.clone(), b.clone()), decide),
        Case::Split { id, reports, decide } => {
            decision(Decision::Split { incident: id.clone(), reports: reports.clone() }, decide)
        }
        Case::Pin { id, field, value, decide } => {
            let known = Field::ALL.into_iter().find(|f| f.name() == field);
            match known {
                Some(field) => decision(Decision::Pin { incident: id.clone(), field, value: value.clone() }, decide),
                None => {
                    let names: Vec<&str> = Field::ALL.into_iter().map(Field::name).collect();
                    let words = format!("there is no field {field} (there are {})", names.join(", "));
                    (&decide.stamped.file, Err(Stop::Said(words)))
                }
            }
        }
        Case::Reject { fact, decide } => decision(Decision::Reject(fact.clone()), decide),
        Case::Retract { id, decide } => decision(Decision::Retract(id.clone()), decide),
        Case::Status { id, status, why, stamped } => {
            (&stamped.file, filed(&Decision::Status(id.clone(), status.clone()), why.as_deref(), stamped))
        }
        Case::Tlp { id, level, decide } => decision(Decision::Tlp(id.clone(), *level), decide),
        Case::Comment { id, text, stamped } => {
            (&stamped.file, filed(&Decision::Comment(id.clone(), text.clone()), None, stamped))
        }
        Case::Undo { decision, why, stamped } => {
            let number = decision.trim_start_matches(['D', 'd']).parse();
            let done = match number {
                Ok(number) => filed(&Decision::Undo(number), why.as_deref(), stamped),
                Err(_) => Err(Stop::Said(format!("{decision} is no decision: write D12"))),
            };
            (&stamped.file, done)
        }
        Case::Show { id, as_of, verbose, file } => (file, show(id, as_of.as_deref(), *verbose, file, global)),
        Case::History { id, file } => (file, history(id, None, file, global)),
        Case::Diff { id, from, to, file } => (file, history(id, Some((from, to)), file, global)),
        Case::Doubts { limit, file } => (file, doubts(*limit, file, global)),
        Case::Report { id, version, file } => (file, report(id, *version, file)),
        Case::Clusters { file } => (file, clusters(file)),
        Case::Verify { bundle: Some(bundle), file } => return ended(&bundle.display(), bundle::run(bundle, file.json)),
        Case::Verify { bundle: None, file } => (file, verify(file)),
        Case::Backup { to, file } => (file, backup(to, file)),
    };
    ended(&file.db, done)
}

/// What a command leaves: its exit code, after a word where it failed.
fn ended(db: &dyn fmt::Display, done: Done) -> ExitCode {
    match done {
        Ok(code) => ExitCode::from(code),
        Err(Stop::Closed) => ExitCode::SUCCESS,
        Err(Stop::Said(words)) => {
            eprintln!("blotter: {words}");
            ExitCode::from(NOTHING)
        }
        Err(Stop::Case(Error::NotYet(words))) => {
            eprintln!("blotter: {words}");
            ExitCode::from(NOT_YET)
        }
        Err(Stop::Case(error)) => {
            eprintln!("blotter: {}: {error}", db);
            ExitCode::from(NOTHING)
        }
    }
}

type Done = Result<u8, Stop>;

fn reading(file: &File) -> Result<CaseFile, Error> {
    CaseFile::open(&file.db, Access::Read)
}

/// Who files or decides: the name given, else that of the login.
pub fn author(by: Option<&str>) -> Option<String> {
    let login = || ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    by.map(str::to_owned).or_else(login).filter(|by| !by.trim().is_empty())
}

/// The stamp of what is filed now.
pub fn stamp(stamped: &Stamped) -> Result<Stamp, Stop> {
    let by = author(stamped.by.as_deref());
    Ok(match &stamped.at {
        Some(at) => Stamp { at: clock::moment(at).map_err(|e| format!("--at {e}"))?, set: true, by },
        None => Stamp { at: clock::now(), set: false, by },
    })
}

fn look(global: &Global, verbose: bool) -> Look {
    Look { verbose, ..read::look(global.color) }
}

fn print(words: &str) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    out.write_all(words.as_bytes())?;
    Ok(out.flush()?)
}

/// One JSON object a line.
fn print_lines(lines: impl Iterator<Item = serde_json::Value>) -> Result<(), Stop> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in lines {
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}

fn decision(decision: Decision, decide: &Decide) -> (&File, Done) {
    (&decide.stamped.file, filed(&decision, Some(&decide.why), &decide.stamped))
}

fn filed(decision: &Decision, why: Option<&str>, stamped: &Stamped) -> Done {
    if why.is_some_and(|why| why.trim().is_empty()) {
        return Err(Stop::Said("--why must give a reason".to_owned()));
    }
    let mut case = CaseFile::open(&stamped.file.db, Access::Write)?;
    let (number, incidents) = case.decide(decision, why, &stamp(stamped)?)?;
    if stamped.file.json {
        let line = serde_json::json!({ "decision": format!("D{number}"), "incidents": incidents });
        print_lines(std::iter::once(line))?;
    } else {
        print(&format!("D{number}  {}\n", incidents.join(" ")))?;
    }
    Ok(0)
}

fn show(id: &str, as_of: Option<&str>, verbose: bool, file: &File, global: &Global) -> Done {
    let as_of = as_of.map(clock::end_of).transpose().map_err(|e| format!("--as-of {e}"))?;
    let case = reading(file)?;
    let (record, asked) = case.show(id, as_of.as_deref())?;
    if let Some(asked) = asked {
        eprintln!("blotter: {asked} is part of {} now", record.incident);
    }
    if file.json {
        print_lines(std::iter::once(record.json()))?;
    } else {
        let joins = if verbose { case.joins(&record.incident)? } else { Vec::new() };
        print(&view::record(&record, &joins, &look(global, verbose)))?;
    }
    Ok(0)
}

fn history(id: &str, between: Option<(&String, &String)>, file: &File, global: &Global) -> Done {
    let case = reading(file)?;
    let changes = match between {
        Some((from, to)) => {
            let time = |name: &str, words: &str| clock::end_of(words).map_err(|e| format!("{name} {e}"));
            case.diff(id, &time("--from", from)?, &time("--to", to)?)?
        }
        None => case.history(id)?,
    };
    if file.json {
        print_lines(changes.iter().map(blotter_case::Change::json))?;
    } else {
        print(&view::changes(&changes, &look(global, false)))?;
    }
    Ok(0)
}

fn list(options: &List, global: &Global) -> Done {
    let filter = filter(&options.filters)?;
    let case = reading(&options.file)?;
    let rows = case.list(&filter)?;
    if options.file.json {
        print_lines(rows.iter().map(blotter_case::Row::json))?;
    } else {
        print(&view::list(&rows, case.left_out()?, &filter, &look(global, false)))?;
    }
    Ok(0)
}

/// The filter that is asked for.
fn filter(filters: &Filters) -> Result<Filter, Stop> {
    let day = |name: &str, words: &Option<String>| match words {
        Some(words) => match clock::moment(words) {
            Ok(time) => Ok(Some(time[..10].to_owned())),
            Err(e) => Err(format!("{name} {e}")),
        },
        None => Ok(None),
    };
    Ok(Filter {
        since: day("--since", &filters.since)?,
        until: day("--until", &filters.until)?,
        kind: filters.kind.clone(),
        country: filters.country.clone(),
        near: filters.near.as_deref().map(near).transpose()?,
        min_killed: filters.min_killed,
        text: filters.text.clone(),
        status: filters.status.clone(),
        all: filters.all,
        limit: filters.limit,
    })
}

fn near(words: &str) -> Result<(f64, f64, f64), String> {
    let parts: Vec<f64> =
        words.split(',').filter_map(|p| p.trim().parse().ok()).filter(|n: &f64| n.is_finite()).collect();
    match parts[..] {
        [lat, lon, km] if lat.abs() <= 90.0 && lon.abs() <= 180.0 && km >= 0.0 => Ok((lat, lon, km)),
        _ => Err(format!("--near {words}: write LAT,LON,KM, such as 19.6,37.2,50")),
    }
}

fn doubts(limit: usize, file: &File, global: &Global) -> Done {
    let doubts = reading(file)?.doubts(limit)?;
    if file.json {
        print_lines(doubts.iter().map(blotter_case::Doubt::json))?;
    } else {
        print(&view::doubts(&doubts, &look(global, false)))?;
    }
    Ok(0)
}

fn report(id: &str, version: Option<i64>, file: &File) -> Done {
    let found = reading(file)?.report(id, version)?;
    if file.json {
        print_lines(std::iter::once(view::report_json(&found)))?;
    } else {
        print(&view::report(&found, views::width()))?;
    }
    Ok(0)
}

fn clusters(file: &File) -> Done {
    let clusters = reading(file)?.clusters()?;
    if file.json {
        print_lines(clusters.iter().map(blotter_case::Cluster::json))?;
    } else {
        let line = |c: &blotter_case::Cluster| {
            let mark = |r: &String| if c.main_for.contains(r) { r.clone() } else { format!("({r})") };
            format!("{}  {}\n", c.incident, c.reports.iter().map(mark).collect::<Vec<_>>().join(" "))
        };
        print(&clusters.iter().map(line).collect::<String>())?;
    }
    Ok(0)
}

fn verify(file: &File) -> Done {
    let ([rows, versions, quotes], faults) = reading(file)?.verify()?;
    if file.json {
        let faults: Vec<_> = faults.iter().map(|f| serde_json::json!({ "what": f.what, "reason": f.reason })).collect();
        let sound = faults.is_empty();
        let line = serde_json::json!({
            "sound": sound, "rows": rows, "versions": versions, "quotes": quotes, "faults": faults,
        });
        print_lines(std::iter::once(line))?;
    } else {
        for fault in &faults {
            print(&format!("{}: {}\n", fault.what, fault.reason))?;
        }
        let sum = format!("{rows} ledger rows, {versions} versions, {quotes} quotes checked");
        let found = if faults.is_empty() { "all as written".to_owned() } else { format!("{} faults", faults.len()) };
        print(&format!("{sum}: {found}\n"))?;
    }
    Ok(if faults.is_empty() { 0 } else { FAILED })
}

fn backup(to: &Place, file: &File) -> Done {
    reading(file)?.backup(to)?;
    Ok(0)
}
