//! `blotter export`: arguments → a selection of the case file → a file, which stands in its place once it is whole.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use blotter_case::Tlp;
use blotter_case::{Access, CaseFile};
use blotter_export::{Error, Format, Options, Policy, Selection, Writer, misp, tables};
use tempfile::NamedTempFile;

use super::{Done, Stop};
use crate::cli::Export;
use crate::{clock, read};

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        match error {
            Error::Case(error) => Stop::Case(error),
            // A closed pipe, too: half an export is none.
            other => Stop::Said(other.to_string()),
        }
    }
}

pub fn run(options: &Export) -> Done {
    let as_of = options.as_of.as_deref().map(clock::end_of).transpose().map_err(|e| format!("--as-of {e}"))?;
    let filter = super::filter(&options.filters)?;
    let format = blotter_export::format(&options.format).ok_or_else(|| format!("no format {}", options.format))?;
    let tidy = matches!(format.writer, Writer::Tables(_));
    let refuse = |given: bool, what: &str, of: &str| match given {
        true => Err(Stop::Said(format!("{what} is for the formats {of}, not for {}", format.name))),
        false => Ok(()),
    };
    refuse(options.table.is_some() && !tidy, "--table", "that write tables")?;
    refuse(options.excel && format.extension != "csv", "--excel", "that are CSV")?;
    let tells_of_changes = ["feed", "feed-json", "brief", "brief-md"].contains(&format.name);
    refuse(options.new_since.is_some() && !tells_of_changes, "--new-since", "feed, feed-json, brief and brief-md")?;
    refuse(options.with_texts && format.name != "bundle", "--with-texts", "that hold texts: bundle")?;
    let coded = matches!(format.writer, Writer::Coded(_));
    refuse(options.codebook.is_some() && !coded, "--codebook", "of event data schemes")?;
    let out = options.out.as_deref();
    let folder = out.filter(|path| path.is_dir() || path.as_os_str().to_string_lossy().ends_with(['/', '\\']));
    let feed = matches!(format.writer, Writer::Feed(_));
    refuse(folder.is_some() && !tidy && !feed, "a folder", "that write tables or a feed")?;
    let zip = tidy && out.is_some_and(|path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("zip")));
    if (zip || folder.is_some()) && options.table.is_some() {
        return Err(Stop::Said("--table asks for one table; a zip or folder holds all of them".to_owned()));
    }
    let written = Options {
        table: options.table.clone(),
        zip,
        mark: options.excel,
        codebook: options.codebook.as_deref().map(read::codebook).transpose()?,
        new_since: options
            .new_since
            .as_deref()
            .map(clock::moment)
            .transpose()
            .map_err(|e| format!("--new-since {e}"))?,
        producer: options.producer.clone(),
        made: Some(clock::now()),
        with_texts: options.with_texts,
    };
    let policy = Policy { tlp: options.tlp, redact: options.redact.clone() };
    let case = CaseFile::open(&options.db, Access::Read)?;
    let selection = Selection::under(case.snapshot(as_of.as_deref())?, filter, policy);
    match (out, folder) {
        (_, Some(folder)) if feed => every_event(&selection, &written, folder)?,
        (_, Some(folder)) => every_table(&selection, &written, format, folder)?,
        (Some(path), None) => {
            let mut out = BufWriter::new(Target::new(beside(path)?));
            let done = format.write(&selection, &written, &mut out);
            done.map_err(|e| refused(e, &out, &path.display().to_string()))?;
            let file = out.into_inner().map_err(|e| said(path, e.error()))?;
            keep(file.out, path)?;
        }
        (None, None) => {
            let mut out = BufWriter::new(Target::new(io::stdout()));
            let done = format.write(&selection, &written, &mut out);
            done.map_err(|e| refused(e, &out, "standard output"))?;
        }
    }
    told(&selection);
    Ok(0)
}

/// Says what was left out, and what is marked.
fn told(selection: &Selection<'_>) {
    let (withheld, strictest) = (selection.withheld(), selection.strictest());
    match selection.policy().tlp {
        Some(level) if withheld > 0 => {
            let are = if withheld == 1 { "incident is" } else { "incidents are" };
            eprintln!("blotter: {withheld} {are} marked above TLP:{} and left out", level.name().to_uppercase());
        }
        None if strictest > Tlp::Clear => {
            let level = strictest.name().to_uppercase();
            eprintln!(
                "blotter: the export holds incidents marked up to TLP:{level}; --tlp leaves out those above a level"
            );
        }
        _ => {}
    }
}

/// What is written to; it remembers having refused, since what fails otherwise are temporary files, which lie elsewhere.
struct Target<W> {
    out: W,
    refused: bool,
}

impl<W> Target<W> {
    fn new(out: W) -> Target<W> {
        Target { out, refused: false }
    }

    fn noted<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        self.refused |= done.is_err();
        done
    }
}

impl<W: Write> Write for Target<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let done = self.out.write(bytes);
        self.noted(done)
    }

    fn flush(&mut self) -> io::Result<()> {
        let done = self.out.flush();
        self.noted(done)
    }
}

/// Why an export was not written, with the name of what refused.
fn refused<W: Write>(error: Error, out: &BufWriter<Target<W>>, name: &str) -> Stop {
    match error {
        Error::Output(_) if out.get_ref().refused => Stop::Said(format!("{name}: {error}")),
        Error::Output(_) => Stop::Said(format!("temporary files in {}: {error}", std::env::temp_dir().display())),
        other => other.into(),
    }
}

/// Each table in a file of its own; the files stand in their places once all are whole.
fn every_table(selection: &Selection<'_>, options: &Options, format: &Format, folder: &Path) -> Result<(), Stop> {
    let Writer::Tables(encoding) = format.writer else { return Ok(()) };
    fs::create_dir_all(folder).map_err(|e| said(folder, &e))?;
    let mut files = Vec::new();
    let done = tables::files::write_each(selection, options, encoding, &mut |table| {
        let path = folder.join(format!("{table}.{}", format.extension));
        let file = partial(&path)?;
        let out = file.reopen()?;
        files.push((file, path));
        Ok(BufWriter::new(out))
    });
    done.map_err(|error| at(folder, error))?;
    for (file, path) in files {
        keep(file, &path)?;
    }
    Ok(())
}

/// A feed: its events first, then the manifest that names them, so that whoever fetches it finds what it names.
fn every_event(selection: &Selection<'_>, options: &Options, folder: &Path) -> Result<(), Stop> {
    fs::create_dir_all(folder).map_err(|e| said(folder, &e))?;
    let [manifest_path, hashes_path] = ["manifest.json", "hashes.csv"].map(|name| folder.join(name));
    let [mut manifest, mut hashes] = [BufWriter::new(beside(&manifest_path)?), BufWriter::new(beside(&hashes_path)?)];
    let mut written = 0;
    let mut put = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        let mut file = partial(&path)?;
        file.write_all(bytes)?;
        file.persist(&path).map_err(|e| e.error)?;
        written += 1;
        Ok(())
    };
    let done = misp::feed::write(selection, options, &mut put, &mut manifest, &mut hashes);
    done.map_err(|error| at(folder, error))?;
    for (file, path) in [(hashes, &hashes_path), (manifest, &manifest_path)] {
        keep(file.into_inner().map_err(|e| said(path, e.error()))?, path)?;
    }
    // What an earlier export left there is fetched by nobody who goes by the manifest, and may hold what this one hides.
    let there = fs::read_dir(folder).map_err(|e| said(folder, &e))?.filter_map(Result::ok);
    let events = there.filter(|entry| entry.path().extension().is_some_and(|e| e == "json")).count();
    let others = events.saturating_sub(written + 1);
    if others > 0 {
        eprintln!("blotter: {} holds {others} more .json files that this feed does not name", folder.display());
    }
    Ok(())
}

fn at(folder: &Path, error: Error) -> Stop {
    match error {
        Error::Output(_) => Stop::Said(format!("{}: {error}", folder.display())),
        other => other.into(),
    }
}

fn said(path: &Path, error: &io::Error) -> Stop {
    Stop::Said(format!("{}: {error}", path.display()))
}

fn beside(path: &Path) -> Result<NamedTempFile, Stop> {
    partial(path).map_err(|e| said(path, &e))
}

/// A file beside another, in its folder, so that it can take its place at once; it is gone where that fails.
fn partial(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&name).suffix(".partial");
    // As any file that a program makes: what others may do is for the user's mask to say.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Puts a whole file in its place, once it is on the disk.
fn keep(file: NamedTempFile, path: &Path) -> Result<(), Stop> {
    file.as_file().sync_all().map_err(|e| said(path, &e))?;
    // What a link points to is replaced, not the link; what is no file (a device, a pipe) is written to.
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if std::fs::metadata(path).is_ok_and(|m| !m.is_file()) {
        let mut from = file.reopen().map_err(|e| said(path, &e))?;
        let mut to = std::fs::OpenOptions::new().write(true).open(path).map_err(|e| said(path, &e))?;
        std::io::copy(&mut from, &mut to).map_err(|e| said(path, &e))?;
        return Ok(());
    }
    file.persist(path).map_err(|e| said(path, &e.error))?;
    Ok(())
}
