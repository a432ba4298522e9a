//! A report and places in its text. The text is never altered; everything points into it.

use std::ops::Range;

/// A place in a report's text: bytes, end exclusive, on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span from `start` to `end`, in bytes.
    pub fn new(start: usize, end: usize) -> Span {
        debug_assert!(start <= end);
        Span { start, end }
    }

    /// The words under the span.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.end]
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether nothing is under it.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Whether the two share at least one byte.
    pub fn overlaps(&self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(&self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that holds both.
    pub fn join(&self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Span {
        Span::new(range.start, range.end)
    }
}

/// How a date of the report is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateSource {
    /// Given with the report (the field of a JSONL line, a command-line flag).
    Input,
    /// The page's metadata.
    Meta,
    /// A byline or dateline in the text.
    Byline,
    /// A line such as "Updated on 12 March 2024 at 21:40".
    UpdateLine,
    /// The page's address.
    Url,
    /// The item of a feed.
    Feed,
    /// The header of a mail.
    Mail,
    /// The management part of a wire item.
    Wire,
    /// Worked out from the text.
    Inferred,
}

/// A date or date-time of the report: ISO 8601 as far as it is known ("2024-03-12", "2024-03-12T21:40:00",
/// "XXXX-03-12T21:40" where the year is not said), and how it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportDate {
    /// ISO 8601, `X` for digits that nothing says.
    pub value: String,
    /// How it is known.
    pub source: DateSource,
}

/// What a wire service says of an item, as it writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WireFacts {
    /// The item's lasting name, the same in all its versions.
    pub guid: Option<String>,
    /// Its version; a higher one replaces a lower one.
    pub version: Option<String>,
    /// `usable`, `withheld` or `canceled`.
    pub pubstatus: Option<String>,
    /// Not to be published before this moment.
    pub embargoed: Option<String>,
    /// What the version is for (`update`, `correction`, `kill`), where it says so.
    pub signal: Option<String>,
    /// 1 (most urgent) to 9.
    pub urgency: Option<String>,
    /// Where it was written.
    pub located: Option<String>,
    /// Agencies and people it is credited to.
    pub credits: Vec<String>,
    /// The note to editors.
    pub ednote: Option<String>,
}

/// An entry of a live blog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveEntry {
    /// When it was published: ISO 8601.
    pub at: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its text.
    pub text: String,
}

/// One report: its text and what is known about it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Name of the report: its URL, wire id or a hash.
    pub id: String,
    /// Address.
    pub url: Option<String>,
    /// Outlet.
    pub publisher: Option<String>,
    /// The headline, where known: for a report that came with a title, the first line of `text`.
    pub headline: Option<Span>,
    /// Names of the authors.
    pub byline: Vec<String>,
    /// "PORT KESH, Sudan (AP) —" at the beginning of the body.
    pub dateline: Option<Span>,
    /// Lines that tell of the report and not of the world: section labels, byline, publication and update lines.
    pub own_lines: Vec<Span>,
    /// When it was published.
    pub published: Option<ReportDate>,
    /// When it was last updated.
    pub updated: Option<ReportDate>,
    /// When it was fetched or received: no report is published after that.
    pub captured: Option<String>,
    /// The texts below its pictures; they are no part of `text`.
    pub captions: Vec<String>,
    /// The entries of a live blog, in the order of the page; they are no part of `text`.
    pub entries: Vec<LiveEntry>,
    /// What a wire service says of it.
    pub wire: Option<Box<WireFacts>>,
    /// ISO 639-1 code; `None` where the text is too short to tell.
    pub language: Option<String>,
    /// Title, blank line, body; with no title the input text, character for character.
    pub text: String,
    /// What went wrong on the way in, each a sentence for the user (such as mangled characters).
    pub warnings: Vec<String>,
}

impl Report {
    /// Paragraphs: stretches of text between blank lines, trimmed, in order. A text without blank lines but with
    /// line ends is one paragraph a line.
    pub fn paragraphs(&self) -> Vec<Span> {
        let text = &self.text;
        let blank_lines = text.contains("\n\n") || text.contains("\r\n\r\n") || text.contains("\n \n");
        let mut found = Vec::new();
        let mut start: Option<usize> = None;
        let mut end = 0;
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let words = line.trim();
            if words.is_empty() {
                found.extend(start.take().map(|s| Span::new(s, end)));
            } else {
                let first = offset + line.find(words).unwrap_or(0);
                start.get_or_insert(first);
                end = first + words.len();
                if !blank_lines {
                    found.extend(start.take().map(|s| Span::new(s, end)));
                }
            }
            offset += line.len();
        }
        found.extend(start.map(|s| Span::new(s, end)));
        found
    }

    /// Whether the words tell of the report itself: they stand in one of its own lines or in the dateline.
    pub fn is_of_report(&self, span: Span) -> bool {
        self.own_lines.iter().chain(&self.dateline).any(|own| own.overlaps(span))
    }

    /// The text under a span.
    pub fn words(&self, span: Span) -> &str {
        span.of(&self.text)
    }
}
