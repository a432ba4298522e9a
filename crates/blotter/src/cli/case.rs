//! The commands of the case file.

use std::path::PathBuf;

use clap::{ArgAction, Args, Subcommand};

use blotter_case::{Place, Tlp};

use super::{Desk, Export, Follow};

/// The commands that keep many reports as one record.
#[derive(Subcommand)]
pub enum Case {
    /// Read reports and file them in a case file, where many reports make one record
    #[command(after_long_help = ADD_HELP)]
    Add(Add),
    /// List the incidents of a case file, the newest first
    List(List),
    /// Write the record for other tools: spreadsheets, R, pandas, DuckDB, maps, event data schemes
    #[command(after_long_help = super::export::help())]
    Export(Box<Export>),
    /// Show the record of an incident: every value with who said it, what disagrees, what is best
    Show {
        /// The incident ("B-7K3Q", or 7K3Q)
        #[arg(value_name = "INCIDENT")]
        id: String,
        /// As the case file knew it at this time (2024-03-12: at the end of that day; times are UTC)
        #[arg(long, value_name = "TIME")]
        as_of: Option<String>,
        /// Add the ids of facts (for reject), confidence, and why the reports were joined
        #[arg(short, long, env = "BLOTTER_VERBOSE", action = ArgAction::SetTrue)]
        verbose: bool,
        #[command(flatten)]
        file: File,
    },
    /// Every change of an incident's record: when, why, what stood there before and after
    History {
        /// The incident
        #[arg(value_name = "INCIDENT")]
        id: String,
        #[command(flatten)]
        file: File,
    },
    /// What changed in an incident's record between two moments
    Diff {
        /// The incident
        #[arg(value_name = "INCIDENT")]
        id: String,
        /// The first moment (2024-03-12: the end of that day)
        #[arg(long, value_name = "TIME")]
        from: String,
        /// The second moment
        #[arg(long, value_name = "TIME")]
        to: String,
        #[command(flatten)]
        file: File,
    },
    /// What a person should look at first: pairs that may be one incident, values that conflict or are unsure
    Doubts {
        /// So many at most
        #[arg(short = 'n', long, default_value_t = 50, value_name = "N")]
        limit: usize,
        #[command(flatten)]
        file: File,
    },
    /// The stored text of a report and what was read in it
    Report {
        /// The report's id
        #[arg(value_name = "REPORT")]
        id: String,
        /// The version, from 1; the last without it
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..))]
        version: Option<i64>,
        #[command(flatten)]
        file: File,
    },
    /// One line an incident: its reports, and those that are about it
    Clusters {
        #[command(flatten)]
        file: File,
    },
    /// Say that two incidents are one
    Link {
        /// The incident that stays
        #[arg(value_name = "INCIDENT")]
        a: String,
        /// The one that becomes part of it
        #[arg(value_name = "OTHER")]
        b: String,
        #[command(flatten)]
        decide: Decide,
    },
    /// Say that two incidents are not one, however alike they are
    Apart {
        /// The incident
        #[arg(value_name = "INCIDENT")]
        a: String,
        /// The other one
        #[arg(value_name = "OTHER")]
        b: String,
        #[command(flatten)]
        decide: Decide,
    },
    /// Say that some reports of an incident tell of another one
    Split {
        /// The incident
        #[arg(value_name = "INCIDENT")]
        id: String,
        /// The reports that leave it, together
        #[arg(long, required = true, num_args = 1.., value_name = "REPORT")]
        reports: Vec<String>,
        #[command(flatten)]
        decide: Decide,
    },
    /// Fix the value of a field, whatever is read later
    Pin {
        /// The incident
        #[arg(value_name = "INCIDENT")]
        id: String,
        /// The field ("killed", "when", "where", ...)
        #[arg(value_name = "FIELD")]
        field: String,
        /// The value: 12, 12-15, 12+; 2024-03-12, 2024-03-12/2024-03-14; a code or name; or JSON as in the record
        #[arg(value_name = "VALUE")]
        value: String,
        #[command(flatten)]
        decide: Decide,
    },
    /// Say that a value is wrong
    Reject {
        /// The fact's id ("B-7K3Q:8XWPM"; show -v and show --json give it)
        #[arg(value_name = "FACT")]
        fact: String,
        #[command(flatten)]
        decide: Decide,
    },
    /// Say where the work on an incident stands
    Status {
        /// The incident
        #[arg(value_name = "INCIDENT")]
        id: String,
        /// open, reviewed, closed, withdrawn
        #[arg(value_name = "STATUS", value_parser = blotter_case::decide::STATUSES)]
        status: String,
        /// Why
        #[arg(long, value_name = "REASON")]
        why: Option<String>,
        #[command(flatten)]
        stamped: Stamped,
    },
    /// Say with whom an incident may be shared (Traffic Light Protocol 2.0); one that nobody has marked is clear
    Tlp {
        /// The incident
        #[arg(value_name = "INCIDENT")]
        id: String,
        /// clear, green, amber, amber+strict, red; `export --tlp` leaves out what is marked above its level
        #[arg(value_name = "LEVEL", value_parser = tlp)]
        level: Tlp,
        #[command(flatten)]
        decide: Decide,
    },
    /// Add a comment to an incident
    Comment {
        /// The incident
        #[arg(value_name = "INCIDENT")]
        id: String,
        /// The comment
        #[arg(value_name = "TEXT")]
        text: String,
        #[command(flatten)]
        stamped: Stamped,
    },
    /// Say that a report no longer supports anything
    Retract {
        /// The report's id
        #[arg(value_name = "REPORT")]
        id: String,
        #[command(flatten)]
        decide: Decide,
    },
    /// Take a decision back
    Undo {
        /// Its number ("D12"), which it printed and history shows
        #[arg(value_name = "DECISION")]
        decision: String,
        /// Why
        #[arg(long, value_name = "REASON")]
        why: Option<String>,
        #[command(flatten)]
        stamped: Stamped,
    },
    /// Read all filed reports again with this program's reader, and print what changed
    Reread {
        #[command(flatten)]
        stamped: Stamped,
    },
    /// Check that ledger, texts, readings and quotes of a case file are what was written; or a bundle, by itself
    Verify {
        /// A bundle (export --format bundle), which needs no case file
        #[arg(value_name = "BUNDLE")]
        bundle: Option<PathBuf>,
        #[command(flatten)]
        file: File,
    },
    /// Write a consistent copy of the case file, also while others use it; from a file to a server or back
    Backup {
        /// The file to write, or the database of a server: there must be none, or nothing in it
        #[arg(value_name = "CASE")]
        to: Place,
        #[command(flatten)]
        file: File,
    },
}

/// Which case file, and how to print.
#[derive(Args)]
pub struct File {
    /// The case file, or postgres://name@host/database
    #[arg(long, env = "BLOTTER_DB", value_name = "CASE", default_value = "blotter.db")]
    pub db: Place,
    /// Print JSON, one object a line
    #[arg(long, env = "BLOTTER_JSON", action = ArgAction::SetTrue)]
    pub json: bool,
}

/// What every command that writes takes.
#[derive(Args)]
pub struct Stamped {
    #[command(flatten)]
    pub file: File,
    /// When the case file learns it (UTC; for imports of old archives); never before what is filed already
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Who files or decides; the login name without it
    #[arg(long, env = "BLOTTER_BY", value_name = "NAME")]
    pub by: Option<String>,
}

/// What a decision takes that changes the record.
#[derive(Args)]
pub struct Decide {
    /// Why
    #[arg(long, required = true, value_name = "REASON")]
    pub why: String,
    #[command(flatten)]
    pub stamped: Stamped,
}

/// `blotter add`.
#[derive(Args)]
pub struct Add {
    /// Text, pages, feeds, wire items, mail, PDF, DOCX, JSONL, CSV, WARC, zip, tar; folders are read with all that is in them; - is standard input
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub feeds: Follow,
    #[command(flatten)]
    pub desk: Desk,
    /// From now on, join reports whose pairs reach this probability on average (kept in the case file)
    #[arg(long, value_name = "P")]
    pub join: Option<f64>,
    /// From now on, list pairs from this probability on that are not joined under doubts (kept in the case file)
    #[arg(long, value_name = "P")]
    pub doubt: Option<f64>,
    #[command(flatten)]
    pub stamped: Stamped,
}

/// `blotter list`.
#[derive(Args)]
pub struct List {
    #[command(flatten)]
    pub filters: Filters,
    #[command(flatten)]
    pub file: File,
}

/// Which incidents.
#[derive(Args)]
pub struct Filters {
    /// Not before this day of the incident
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Not after this day of the incident
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Type ("attack/drone"), or all types of a group ("attack")
    #[arg(long = "type", value_name = "TYPE")]
    pub kind: Option<String>,
    /// Country, two letters (ISO 3166-1)
    #[arg(long, value_name = "CC")]
    pub country: Option<String>,
    /// Within so many kilometres of a point
    #[arg(long, value_name = "LAT,LON,KM", allow_hyphen_values = true)]
    pub near: Option<String>,
    /// So many killed at least
    #[arg(long, value_name = "N")]
    pub min_killed: Option<u64>,
    /// Words that all stand in the summary, a headline or a name
    #[arg(long, value_name = "QUERY")]
    pub text: Option<String>,
    /// open, reviewed, closed, withdrawn; without it all but those withdrawn
    #[arg(long, value_name = "STATUS", value_parser = blotter_case::decide::STATUSES)]
    pub status: Option<String>,
    /// Also incidents that reports only recall as background
    #[arg(long)]
    pub all: bool,
    /// So many at most
    #[arg(short = 'n', long, value_name = "N")]
    pub limit: Option<u64>,
}

/// A level of the Traffic Light Protocol.
pub fn tlp(words: &str) -> Result<Tlp, String> {
    let names = || Tlp::ALL.map(Tlp::name).join(", ");
    Tlp::of(words).ok_or_else(|| format!("there are {}", names()))
}

const ADD_HELP: &str = "\
Examples:
  blotter add reports.jsonl                    file the reports in blotter.db
  blotter add --db case.db folder/             in another case file
  blotter add --at 2024-03-12 archive.jsonl    as if learned on that day
  blotter add --follow https://gazette.example/feed.xml
                                               what a feed brings, until it is stopped
  blotter list; blotter show B-7K3Q; blotter doubts

A report is filed when its line is printed. A run that was interrupted is simply started again: what is filed
already is recognised and left as it is.

Exit codes:
  0  every report was filed
  1  some were not: each is named on stderr with the reason
  2  nothing could be filed, or the command line is wrong";
