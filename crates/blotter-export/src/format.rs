//! The formats: the one list that the command line, the desk and the documentation follow.

use crate::error::Error;
use crate::options::{Options, Out};
use crate::selection::Selection;
use crate::tables::{self, files::Encoding};
use crate::{brief, bundle, coded, feed, ftm, geo, misp, stix};

/// A format of exports.
pub struct Format {
    /// By which it is asked for ("geojson").
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// How the names of its files end, without the dot.
    pub extension: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// How it is written.
    pub writer: Writer,
}

/// How a format is written.
#[derive(Clone, Copy)]
pub enum Writer {
    /// From the first byte to the last.
    Stream(fn(&Selection<'_>, &Options, &mut Out<'_>) -> Result<(), Error>),
    /// The same; or, into a folder, a feed of MISP's.
    Feed(fn(&Selection<'_>, &Options, &mut Out<'_>) -> Result<(), Error>),
    /// From the first byte to the last, by a codebook, which a user may replace.
    Coded(fn(&Selection<'_>, &Options, &mut Out<'_>) -> Result<(), Error>),
    /// One file a table: one of them, or all in a zip or a folder.
    Tables(Encoding),
}

/// Every format, in the order in which they are listed.
pub const FORMATS: &[Format] = &[
    Format {
        name: "csv",
        media_type: "text/csv",
        extension: "csv",
        help: "Tidy tables: incidents, facts, sources, reports. A file holds one table, the incidents unless --table names \
               another; a .zip or a folder (FOLDER/) holds all four",
        writer: Writer::Tables(Encoding::Csv),
    },
    Format {
        name: "jsonl",
        media_type: "application/x-ndjson",
        extension: "jsonl",
        help: "The same tables, one JSON object a row; a file holds the rows of all four, each with its \"table\", or those of \
               --table alone",
        writer: Writer::Tables(Encoding::Jsonl),
    },
    Format {
        name: "parquet",
        media_type: "application/vnd.apache.parquet",
        extension: "parquet",
        help: "The same tables as Parquet, in files as csv has them",
        writer: Writer::Tables(Encoding::Parquet),
    },
    Format {
        name: "sqlite",
        media_type: "application/vnd.sqlite3",
        extension: "sqlite",
        help: "The same tables in one SQLite database, with a table of what the columns mean",
        writer: Writer::Stream(tables::sqlite::write),
    },
    Format {
        name: "geojson",
        media_type: "application/geo+json",
        extension: "geojson",
        help: "GeoJSON (RFC 7946): a point an incident, with radius and evidence; null geometry where there is no point",
        writer: Writer::Stream(geo::geojson::write),
    },
    Format {
        name: "kml",
        media_type: "application/vnd.google-earth.kml+xml",
        extension: "kml",
        help: "KML 2.2: a placemark an incident, with its time",
        writer: Writer::Stream(geo::kml::write),
    },
    Format {
        name: "georss",
        media_type: "application/atom+xml",
        extension: "xml",
        help: "An Atom feed whose entries carry GeoRSS points",
        writer: Writer::Stream(geo::georss::write),
    },
    Format {
        name: "acled",
        media_type: "text/csv",
        extension: "csv",
        help: "The 31 columns of ACLED, by the codebook acled-export",
        writer: Writer::Coded(coded::acled),
    },
    Format {
        name: "ucdp",
        media_type: "text/csv",
        extension: "csv",
        help: "The 49 columns of UCDP's Georeferenced Event Dataset, by the codebook ucdp-export; only incidents with dead",
        writer: Writer::Coded(coded::ucdp),
    },
    Format {
        name: "gtd",
        media_type: "text/csv",
        extension: "csv",
        help: "The 135 columns of the Global Terrorism Database, by the codebook gtd-export; attacks, abductions, sabotage",
        writer: Writer::Coded(coded::gtd),
    },
    Format {
        name: "plover",
        media_type: "application/x-ndjson",
        extension: "jsonl",
        help: "PLOVER records, one JSON object a line, by the codebook plover-export",
        writer: Writer::Coded(coded::plover),
    },
    Format {
        name: "polecat",
        media_type: "text/tab-separated-values",
        extension: "tsv",
        help: "The 40 columns of POLECAT, by the codebook polecat-export",
        writer: Writer::Coded(coded::polecat),
    },
    Format {
        name: "hxl",
        media_type: "text/csv",
        extension: "csv",
        help: "CSV with HXL's row of hashtags, by the codebook hxl",
        writer: Writer::Coded(coded::hxl),
    },
    Format {
        name: "stix",
        media_type: "application/stix+json;version=2.1",
        extension: "json",
        help: "A STIX 2.1 bundle: incidents with reports, locations, identities, sightings, notes and opinions, for OpenCTI and others",
        writer: Writer::Stream(stix::write),
    },
    Format {
        name: "misp",
        media_type: "application/json",
        extension: "json",
        help: "MISP events, one an incident, with objects by MISP's templates, to be imported as MISP JSON; a folder (FOLDER/) is a \
               feed that MISP fetches: manifest.json, hashes.csv, a file an event",
        writer: Writer::Feed(misp::write),
    },
    Format {
        name: "ftm",
        media_type: "application/x-ndjson",
        extension: "jsonl",
        help: "FollowTheMoney entities, one JSON object a line, for Aleph and others",
        writer: Writer::Stream(ftm::write),
    },
    Format {
        name: "feed",
        media_type: "application/atom+xml",
        extension: "atom",
        help: "An Atom feed of changes, the newest first: added, updated, merged, withdrawn; --new-since TIME for what is new",
        writer: Writer::Stream(feed::atom::write),
    },
    Format {
        name: "feed-json",
        media_type: "application/feed+json",
        extension: "json",
        help: "The same as JSON Feed 1.1",
        writer: Writer::Stream(feed::json::write),
    },
    Format {
        name: "bundle",
        media_type: "application/zip",
        extension: "zip",
        help: "A zip that another desk can check without the case file (blotter verify BUNDLE): records, quotes, hashes and versions \
               of reports, decisions, rows of the ledger, a manifest of checksums; --with-texts adds the reports' texts",
        writer: Writer::Stream(bundle::write),
    },
    Format {
        name: "brief",
        media_type: "text/html",
        extension: "html",
        help: "A situation brief as one HTML page: new, changed, disputed, background, a map, every sentence with a note that quotes \
               a report; --new-since TIME for what is new",
        writer: Writer::Stream(brief::html),
    },
    Format {
        name: "brief-md",
        media_type: "text/markdown",
        extension: "md",
        help: "The same in Markdown, without the map",
        writer: Writer::Stream(brief::markdown),
    },
];

/// The format of a name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|f| f.name == name)
}

impl Format {
    /// Writes an export.
    ///
    /// # Errors
    /// The case file or the output refused; what was written by then is no export.
    pub fn write(&self, selection: &Selection<'_>, options: &Options, out: &mut Out<'_>) -> Result<(), Error> {
        match self.writer {
            Writer::Stream(write) | Writer::Feed(write) | Writer::Coded(write) => write(selection, options, out)?,
            Writer::Tables(encoding) => tables::files::write(selection, options, encoding, self.extension, out)?,
        }
        Ok(out.flush()?)
    }

    /// The media type of what [`Format::write`] writes with these options, and how the names of its files end.
    pub fn written(&self, options: &Options) -> (&'static str, &'static str) {
        match self.writer {
            Writer::Tables(_) if options.zip => ("application/zip", "zip"),
            _ => (self.media_type, self.extension),
        }
    }
}
