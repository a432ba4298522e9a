//! What a reader of one kind found → a Report, with what all kinds have in common.

use blotter_core::Report;
use blotter_core::ingest::{finish, set_text};
use blotter_core::text::{DateSource, ReportDate, WireFacts};

/// Parts of a report as they were found.
#[derive(Debug, Default)]
pub struct Draft {
    /// Its name where it came from.
    pub id: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// The body.
    pub paragraphs: Vec<String>,
    /// Names of authors.
    pub byline: Vec<String>,
    /// Outlet.
    pub publisher: Option<String>,
    /// As written.
    pub published: Option<String>,
    /// As written.
    pub updated: Option<String>,
    /// How the dates are known.
    pub source: Option<DateSource>,
    /// As written ("en", "en-US").
    pub language: Option<String>,
    /// Texts below pictures.
    pub captions: Vec<String>,
    /// What a wire says.
    pub wire: Option<WireFacts>,
    /// What was odd.
    pub warnings: Vec<String>,
    /// The name of its file, for a report that has no other name.
    pub name: Option<String>,
}

impl Draft {
    /// The report.
    ///
    /// # Errors
    /// A sentence, where it has neither title nor text.
    pub fn report(self) -> Result<Report, String> {
        let mut report = Report { warnings: self.warnings, captions: self.captions, ..Report::default() };
        report.id = self.id.filter(|id| !id.trim().is_empty()).unwrap_or_default();
        report.url = self.url;
        report.publisher = self.publisher.filter(|p| !p.trim().is_empty());
        report.byline = self.byline.into_iter().map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()).collect();
        let title = self.title.map(|t| crate::xml::squeeze(&t)).filter(|t| !t.is_empty());
        let mut paragraphs = self.paragraphs;
        if title.is_some() && paragraphs.first() == title.as_ref() {
            paragraphs.remove(0);
        }
        match (&title, paragraphs.is_empty()) {
            (None, true) => return Err("has neither title nor text".to_owned()),
            (Some(title), true) => {
                report.text = title.clone();
                report.headline = Some(blotter_core::Span::new(0, title.len()));
                report.warnings.push("it has a title alone".to_owned());
            }
            (title, false) => set_text(&mut report, title.as_deref(), &paragraphs.join("\n\n")),
        }
        let source = self.source.unwrap_or(DateSource::Input);
        let mut date = |field: &str, value: Option<String>| {
            let value = value.filter(|v| !v.trim().is_empty())?;
            let found = crate::page::any_date(&value);
            if found.is_none() {
                report.warnings.push(format!("{field}: {value:?} is not a date that can be read; left out"));
            }
            found.map(|value| ReportDate { value, source })
        };
        let (published, updated) = (date("published", self.published), date("updated", self.updated));
        report.published = published;
        report.updated = updated.filter(|u| report.published.as_ref().is_none_or(|p| p.value != u.value));
        report.wire = self.wire.filter(|w| *w != WireFacts::default()).map(Box::new);
        // Feeds often say the language of the site, not of the item: what the words say wins.
        finish(&mut report, self.name.as_deref())?;
        if report.language.is_none() {
            report.language = self.language.and_then(|l| code(&l));
        }
        Ok(report)
    }
}

/// Leaves out dates after the capture, which cannot be; a day is left for zones. What the user or a wire says stands: a wire
/// may be sent ahead of its time.
pub fn no_later_than_capture(report: &mut Report) {
    let Some(captured) = report.captured.clone() else { return };
    for (field, date) in [("published", &mut report.published), ("updated", &mut report.updated)] {
        let late = |d: &mut ReportDate| {
            !matches!(d.source, DateSource::Input | DateSource::Wire) && crate::page::is_after(&d.value, &captured)
        };
        if let Some(late) = date.take_if(late) {
            report
                .warnings
                .push(format!("{field}: {} is after the report was fetched ({captured}); left out", late.value));
        }
    }
}

/// "en-US" → "en"; nothing that is no language code.
fn code(language: &str) -> Option<String> {
    let first = language.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    (first.len() == 2 && first.bytes().all(|b| b.is_ascii_lowercase())).then_some(first)
}

/// The paragraphs of a plain text: parted by blank lines, lines joined; one a line where there are no blank lines.
pub fn paragraphs(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let blank = text.split('\n').any(|l| l.trim().is_empty()) && text.trim().contains("\n");
    let mut found: Vec<String> = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    for line in text.split('\n').map(str::trim) {
        if line.is_empty() || !blank {
            found.extend((!open.is_empty()).then(|| open.join(" ")));
            open.clear();
        }
        if !line.is_empty() {
            open.push(line);
        }
    }
    found.extend((!open.is_empty()).then(|| open.join(" ")));
    found
}
