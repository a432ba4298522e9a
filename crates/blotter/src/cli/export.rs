//! `blotter export`: its options; its help lists the formats from their table.

use std::fmt::Write;
use std::path::PathBuf;

use blotter_case::{Place, Tlp};
use blotter_export::Redaction;
use clap::Args;
use clap::builder::PossibleValuesParser;

use super::case::Filters;

/// `blotter export`.
#[derive(Args)]
pub struct Export {
    /// The format; `blotter export --help` lists them
    #[arg(short, long, value_name = "F", value_parser = formats(), hide_possible_values = true)]
    pub format: String,
    /// Write to this file instead of standard output: beside it at first, and in its place once it is whole. A .zip holds all
    /// tables of csv, jsonl and parquet, a folder (FOLDER/) a file for each; of misp a folder is a feed
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Of csv, jsonl and parquet: this table alone
    #[arg(long, value_name = "TABLE", value_parser = tables())]
    pub table: Option<String>,
    /// Of csv: begin with the mark by which Excel knows UTF-8 when a file is opened with a double click
    #[arg(long)]
    pub excel: bool,
    /// Of coded formats: this mapping instead of the built-in one (a name, or a file of your own)
    #[arg(long, value_name = "NAME|PATH")]
    pub codebook: Option<String>,
    /// Hand it out at this level (Traffic Light Protocol: clear, green, amber, amber+strict, red): formats with a place for it are marked so, and
    /// incidents marked above it (blotter tlp) are left out. An incident that nobody has marked is clear. Without this
    /// everything is written, each incident as it is marked
    #[arg(long, value_name = "LEVEL", value_parser = super::case::tlp)]
    pub tlp: Option<Tlp>,
    /// Hide, in whatever format, victims (names and ages of people harmed or aimed at) or addresses (places finer than a
    /// settlement), and every word of the reports with them
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_parser = redaction)]
    pub redact: Vec<Redaction>,
    /// Of feed and brief: what the case file has learned since this time is new (--since asks for days of incidents)
    #[arg(long, value_name = "TIME")]
    pub new_since: Option<String>,
    /// Who hands it out, where a format names its maker
    #[arg(long, value_name = "NAME")]
    pub producer: Option<String>,
    /// Of bundle: with the texts of the reports
    #[arg(long)]
    pub with_texts: bool,
    /// As the case file knew it at this time (2024-03-12: at the end of that day; times are UTC)
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    #[command(flatten)]
    pub filters: Filters,
    /// The case file
    #[arg(long, env = "BLOTTER_DB", value_name = "CASE", default_value = "blotter.db")]
    pub db: Place,
}

fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(blotter_export::FORMATS.iter().map(|f| f.name))
}

fn redaction(words: &str) -> Result<Redaction, String> {
    let names = || Redaction::ALL.map(Redaction::name).join(", ");
    Redaction::ALL.into_iter().find(|r| r.name() == words).ok_or_else(|| format!("there are {}", names()))
}

fn tables() -> PossibleValuesParser {
    PossibleValuesParser::new(blotter_export::tables::TABLES.iter().map(|t| t.name))
}

/// The formats, and examples.
pub fn help() -> String {
    const WIDTH: usize = 100;
    let mut help = "Formats:\n".to_owned();
    for format in blotter_export::FORMATS {
        let mut line = format!("  {:<10}", format.name);
        for word in format.help.split_whitespace() {
            if line.len() + word.len() + 1 > WIDTH {
                let _ = writeln!(help, "{line}");
                line = " ".repeat(12);
            }
            line.push(' ');
            line.push_str(word);
        }
        let _ = writeln!(help, "{line}");
    }
    help + EXAMPLES
}

const EXAMPLES: &str = "
Examples:
  blotter export -f csv > incidents.csv        a row an incident, on standard output
  blotter export -f csv --out tables.zip       incidents, facts, sources and reports
  blotter export -f csv --table facts --since 2024-01-01
                                               every value of this year's incidents, with its quote
  blotter export -f jsonl --as-of 2024-03-12   the record as it was known on that day
  blotter export -f brief --new-since 2024-03-11T06:00 --out brief.html
                                               what is new, what changed, what is disputed, since that morning
  blotter export -f stix --tlp green --redact victims,addresses --out incidents.json
                                               what may go to the community, without names of victims and addresses
  blotter export -f bundle --out case.zip      to be checked elsewhere: blotter verify case.zip

Incidents come in the order in which they were opened, in one state of the case file, also while others add to it.

Exit codes:
  0  the export is whole
  2  it is not: the reason is on stderr, and FILE is as it was";
