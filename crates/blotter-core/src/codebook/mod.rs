//! A Reading and a codebook → rows in another scheme: which incidents and types count there, what they are called,
//! which fields are filled and how.
//!
//! A codebook is one text file. `data/codebooks/muc4.codebook` shows every line it may have, with comments.

mod clauses;
mod columns;
mod conditions;
mod parse;
mod phrases;
mod templates;

use serde_json::{Map, Value as Json};

use crate::data::DataError;
use crate::facts::{Fact, Field, Incident, Relation, Status, Value};
use crate::reading::Reading;
use crate::text::Span;
use clauses::{Lead, Verb};
use columns::Column;
use conditions::Condition;
use phrases::Words;

/// The built-in codebooks: name and text.
const BUILTIN: [(&str, &str); 4] = [
    ("muc4", include_str!("../../data/codebooks/muc4.codebook")),
    ("acled", include_str!("../../data/codebooks/acled.codebook")),
    ("acled-export", include_str!("../../data/codebooks/acled-export.codebook")),
    ("plover", include_str!("../../data/codebooks/plover.codebook")),
];

/// A mapping of the record onto another scheme.
#[derive(Clone, Debug, Default)]
pub struct Codebook {
    /// Its name.
    name: String,
    /// Which incidents count.
    count: Count,
    /// Heads of the model that were trained on the scheme.
    heads: Option<templates::Heads>,
    /// Incident types → labels, first match wins; the code `none` stands for a report that gave no row by then.
    types: Vec<Rule>,
    /// Event types → labels.
    events: Vec<Rule>,
    /// Stances of attributions → labels.
    stances: Vec<Rule>,
    /// Verb phrases → labels.
    verbs: Vec<Verb>,
    /// Phrases before a verb that change what it is coded as ("agreed to", "refused to").
    leads: Vec<Lead>,
    /// What a row holds.
    columns: Vec<Column>,
}

/// Which incidents count.
#[derive(Clone, Debug)]
struct Count {
    relations: Vec<Relation>,
    /// Statuses a fact may have to be used.
    statuses: Vec<Status>,
    /// Codes of `stage`; empty = any.
    stages: Vec<String>,
    /// Least confidence of a fact, 0 to 1.
    confidence: f64,
    /// Oldest age in days at publication; an incident or report without date passes.
    recent: Option<i64>,
    /// Whether equal rows are given once.
    once: bool,
}

impl Default for Count {
    fn default() -> Count {
        Count {
            relations: vec![Relation::Main, Relation::Related, Relation::Background],
            statuses: vec![Status::Reported, Status::Confirmed, Status::Alleged],
            stages: Vec::new(),
            confidence: 0.0,
            recent: None,
            once: true,
        }
    }
}

/// One line of a mapping: these codes, under these conditions, are called so.
#[derive(Clone, Debug)]
struct Rule {
    /// Codes, the last character of each perhaps `*`.
    codes: Vec<String>,
    conditions: Vec<Condition>,
    /// Their names there; `None`: does not count.
    labels: Option<Vec<String>>,
}

impl Rule {
    fn fits(&self, code: &str, item: &Item<'_>) -> bool {
        let named = |pattern: &String| match pattern.strip_suffix('*') {
            Some(prefix) => code.starts_with(prefix) || code == prefix.trim_end_matches('/'),
            None => code == pattern,
        };
        self.codes.iter().any(named) && self.conditions.iter().all(|c| c.holds(item))
    }
}

/// What one row is made of.
struct Item<'a> {
    reading: &'a Reading,
    /// The incident, where the row is one.
    incident: Option<&'a Incident>,
    /// The facts that count.
    facts: Vec<&'a Fact>,
    /// Our code: incident type, event type, stance.
    code: &'a str,
    labels: &'a [String],
    /// Who did it, to whom, in which words: of rows that are no incident.
    actor: Option<String>,
    recipient: Option<String>,
    words: Option<Span>,
    /// The sentences it stands in.
    says: Words<'a>,
}

impl Codebook {
    /// Reads a codebook; `name` names it in messages and is its name where the text gives none.
    ///
    /// # Errors
    /// The line and reason of the first fault.
    ///
    /// # Example
    /// ```
    /// use blotter_core::codebook::Codebook;
    /// let fault = Codebook::parse("mine", "[types]\nattack/* bombing\n").unwrap_err();
    /// assert_eq!(fault.to_string(), "mine:2: a line of [types] needs ` = ` between our code and its label");
    /// ```
    pub fn parse(name: &str, text: &str) -> Result<Codebook, DataError> {
        parse::codebook(name, text)
    }

    /// A built-in codebook: `muc4`, `acled`, `acled-export`, `plover`.
    pub fn builtin(name: &str) -> Option<Codebook> {
        let (name, text) = BUILTIN.iter().find(|(n, _)| *n == name)?;
        // A test parses every built-in codebook, so that `ok` hides nothing.
        Codebook::parse(name, text).ok()
    }

    /// The names of the built-in codebooks.
    pub fn builtin_names() -> impl Iterator<Item = &'static str> {
        BUILTIN.iter().map(|(name, _)| *name)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rows of a reading: its incidents in their order, then what its sentences tell beyond them, in the order
    /// of the text; a row for the whole report (code `none`) where there is no other.
    pub fn apply(&self, reading: &Reading) -> Vec<Json> {
        if let Some(rows) = self.heads.as_ref().and_then(|heads| templates::rows(heads, reading)) {
            return rows;
        }
        let mut rows = Vec::new();
        let mut coded = Vec::new();
        for incident in reading.incidents.iter().filter(|i| self.counts(i, reading)) {
            if let Some((labels, row)) = self.incident_row(incident, reading) {
                coded.extend(incident.facts.iter().flat_map(|f| &f.evidence).map(|e| (*e, labels.clone())));
                rows.push(row);
            }
        }
        let statements = clauses::rows(self, reading);
        // A sentence that an incident's row rests on gives no second row of the same label.
        let told = |row: &clauses::Row| coded.iter().any(|(e, l)| row.sentence.overlaps(*e) && *l == row.labels);
        rows.extend(statements.iter().filter(|row| !told(row)).map(|row| self.fill(&row.item(reading))));
        if rows.is_empty() {
            let whole = Span::new(0, reading.report.text.len());
            let item = Item::of(reading, "none", whole);
            rows.extend(self.label(&self.types, item).map(|item| self.fill(&item)));
        }
        if self.count.once {
            let mut seen: Vec<Json> = Vec::new();
            rows.retain(|row| {
                !seen.contains(row) && {
                    seen.push(row.clone());
                    true
                }
            });
        }
        rows
    }

    fn counts(&self, incident: &Incident, reading: &Reading) -> bool {
        let stage = incident.facts.iter().find_map(|f| match (&f.field, &f.value) {
            (Field::Stage, Value::Code(code)) => Some(code),
            _ => None,
        });
        self.count.relations.contains(&incident.relation)
            && (self.count.stages.is_empty() || stage.is_none_or(|s| self.count.stages.contains(s)))
            && self.count.recent.is_none_or(|days| age_in_days(incident, reading).is_none_or(|age| age <= days))
    }

    fn usable<'a>(&self, incident: &'a Incident) -> Vec<&'a Fact> {
        let count = &self.count;
        incident
            .facts
            .iter()
            .filter(|f| count.statuses.contains(&f.status) && f.confidence >= count.confidence)
            .collect()
    }

    /// The labels and the row of an incident: of its types, the surest that has a label.
    fn incident_row(&self, incident: &Incident, reading: &Reading) -> Option<(Vec<String>, Json)> {
        let facts = self.usable(incident);
        let mut types: Vec<&Fact> = facts.iter().copied().filter(|f| f.field == Field::Type).collect();
        types.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        types.iter().find_map(|fact| {
            let Value::Code(code) = &fact.value else { return None };
            let says = sentences_of(reading, &facts);
            let item = Item { incident: Some(incident), facts: facts.clone(), says, ..Item::new(reading, code) };
            self.label(&self.types, item).map(|item| (item.labels.to_vec(), self.fill(&item)))
        })
    }

    /// The item with the labels of the first rule that fits; `None` where none does or it says "does not count".
    fn label<'a>(&'a self, rules: &'a [Rule], mut item: Item<'a>) -> Option<Item<'a>> {
        let rule = rules.iter().find(|rule| rule.fits(item.code, &item))?;
        item.labels = rule.labels.as_ref()?;
        Some(item)
    }

    fn fill(&self, item: &Item<'_>) -> Json {
        Json::Object(self.columns.iter().map(|c| (c.name.clone(), c.value(item))).collect::<Map<_, _>>())
    }
}

impl<'a> Item<'a> {
    fn new(reading: &'a Reading, code: &'a str) -> Item<'a> {
        Item {
            reading,
            incident: None,
            facts: Vec::new(),
            code,
            labels: &[],
            actor: None,
            recipient: None,
            words: None,
            says: Words::default(),
        }
    }

    /// An item that rests on one stretch of text.
    fn of(reading: &'a Reading, code: &'a str, span: Span) -> Item<'a> {
        Item { says: Words::of(&reading.report.text, span), ..Item::new(reading, code) }
    }
}

/// The words of every sentence that carries one of the facts.
fn sentences_of<'a>(reading: &'a Reading, facts: &[&Fact]) -> Words<'a> {
    let cited = |s: Span| facts.iter().any(|f| f.evidence.iter().any(|e| e.overlaps(s)));
    let mut words = Words::default();
    for sentence in reading.sentences.iter().filter(|s| cited(s.span)) {
        words.extend(Words::of(&reading.report.text, sentence.span));
    }
    words
}

/// Days from the incident's last day to the publication; `None` where either is not known to the day.
fn age_in_days(incident: &Incident, reading: &Reading) -> Option<i64> {
    let day = |iso: &str| iso.get(..10).and_then(|d| d.parse::<jiff::civil::Date>().ok());
    let published = day(&reading.report.published.as_ref()?.value)?;
    let happened = incident.facts.iter().find_map(|f| match &f.value {
        Value::When { start, end, .. } => day(end.as_deref().or(start.as_deref())?),
        _ => None,
    })?;
    Some(i64::from((published - happened).get_days()))
}
