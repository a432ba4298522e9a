//! The command line: one place that names every option.

mod case;
mod desk;
mod export;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

pub use case::{Add, Case, Decide, File, Filters, List, Stamped};
pub use desk::Open;
pub use export::Export;

/// Reads news reports of violence and unrest into a cited, attributed record of incidents. Offline but for feeds it is told to
/// follow, in one binary.
#[derive(Parser)]
#[command(
    name = "blotter",
    version,
    about,
    after_help = "Try: blotter read samples/harbour.txt",
    arg_required_else_help = true
)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command. Each has an environment variable.
#[derive(Args)]
pub struct Global {
    /// Reports read at the same time; the output is the same with any number
    #[arg(long, global = true, env = "BLOTTER_THREADS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// When to use colour (NO_COLOR is heeded too)
    #[arg(long, global = true, env = "BLOTTER_COLOR", value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Print words per second and peak memory to stderr at the end
    #[arg(long, global = true, env = "BLOTTER_STATS", action = ArgAction::SetTrue)]
    pub stats: bool,
    /// Print no progress
    #[arg(short, long, global = true, env = "BLOTTER_QUIET", action = ArgAction::SetTrue)]
    pub quiet: bool,
}

/// When to use colour.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    Auto,
    /// Also into pipes and files
    Always,
    /// Nowhere
    Never,
}

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Read reports and print what they tell
    #[command(after_long_help = READ_HELP)]
    Read(Box<Read>),
    /// The case file.
    #[command(flatten)]
    Case(Box<Case>),
    /// Open a page on this machine where people check the record against the words
    #[command(after_long_help = desk::HELP)]
    Desk(Box<Open>),
    /// Print a completion script for a shell
    #[command(hide = true)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(hide = true)]
    Man,
}

/// `blotter read`.
#[derive(Args)]
pub struct Read {
    /// Text, pages, feeds, wire items, mail, PDF, DOCX, JSONL, CSV, WARC, zip, tar; folders are read with all that is in them; - is standard input
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Print one JSON object a report and line instead of the record for people
    #[arg(long, env = "BLOTTER_JSON", action = ArgAction::SetTrue, conflicts_with = "text")]
    pub json: bool,
    /// Map the record onto a codebook (a built-in one such as muc4, acled, plover, or a file of your own): print its rows, one
    /// JSON object a line; with --json add them to each Reading as "coded"
    #[arg(long, env = "BLOTTER_CODEBOOK", value_name = "NAME|PATH")]
    pub codebook: Option<String>,
    /// Print the report's text with the evidence marked in it
    #[arg(long)]
    pub text: bool,
    /// Add confidence, and which rule or model head found each fact
    #[arg(short, long, env = "BLOTTER_VERBOSE", action = ArgAction::SetTrue)]
    pub verbose: bool,
    #[command(flatten)]
    pub feeds: Follow,
    /// Write the Readings to this file; reports that it holds from a run that was stopped are passed over (with --json)
    #[arg(long, value_name = "FILE", requires = "json")]
    pub resume: Option<PathBuf>,
    #[command(flatten)]
    pub desk: Desk,
}

/// Feeds that are asked again and again.
#[derive(Args)]
pub struct Follow {
    /// Fetch this feed (RSS, Atom, JSON Feed) and ask it again and again for what is new, as its host's robots.txt allows; may
    /// be given several times. Nothing else ever uses the network
    #[arg(long, value_name = "URL", value_parser = crate::follow::address)]
    pub follow: Vec<url::Url>,
    /// Minutes between two visits to a feed; more where the feed or its host asks for more
    #[arg(long, value_name = "MINUTES", default_value_t = 15, requires = "follow", value_parser = clap::value_parser!(u32).range(1..=10080))]
    pub every: u32,
    /// Ask each feed once and end
    #[arg(long, requires = "follow")]
    pub once: bool,
}

/// What a desk says of its inputs.
#[derive(Args)]
pub struct Desk {
    /// When the report was published, for what does not carry a date (2024-03-12, 2024-03-12T21:40); fixes "on Tuesday"
    #[arg(long, value_name = "DATE")]
    pub published: Option<String>,
    /// The report's title, for text and pages that do not carry it; put above the text
    #[arg(long, value_name = "TITLE")]
    pub title: Option<String>,
    /// The outlet, for reports that do not name one
    #[arg(long, value_name = "NAME")]
    pub publisher: Option<String>,
    /// Pass over reports that were last published or updated before this day; those without a date are taken
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Take no more than so many reports
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Read every report of a folder, archive or WARC, also those whose words show no incident
    #[arg(long, env = "BLOTTER_NO_GATE", action = ArgAction::SetTrue)]
    pub no_gate: bool,
    /// List what would be taken, one JSON object a report, and read nothing
    #[arg(long)]
    pub dry_run: bool,
}

const READ_HELP: &str = "\
Examples:
  blotter read report.txt                      the record, for people
  blotter read --published 2024-03-12 report.txt
                                               the same with \"on Tuesday\" on its date
  blotter read -v page.html                    with confidence and why
  blotter read --text report.txt               the text with the evidence marked
  blotter read --json reports.jsonl > out.jsonl
                                               one JSON object a report, in input order
  blotter read --json folder/                  every file in the folder
  blotter read --json --resume out.jsonl folder/
                                               the same into a file; run it again after a stop
  blotter read --codebook acled report.txt     the rows that ACLED would have
  curl -s https://gazette.example/fire | blotter read -
  blotter read --json --follow https://gazette.example/feed.xml
                                               what a feed brings, until it is stopped

Report JSONL has one report a line:
  {\"id\": \"...\", \"text\": \"...\", \"title\"?, \"published\"?, \"updated\"?, \"publisher\"?, \"url\"?}

Exit codes:
  0  every report was read
  1  some were not: each is named on stderr with the reason, the others are printed
  2  nothing could be read, or the command line is wrong";
