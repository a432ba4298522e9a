//! A Reading, or whatever has facts, and a codebook → rows in another scheme: which incidents and types count there, what they
//! are called, which fields are filled and how.
//!
//! A codebook is one text file. `data/codebooks/muc4.codebook` shows every line it may have, with comments.

mod clauses;
mod columns;
mod conditions;
mod parse;
mod phrases;
mod subject;
mod templates;

use serde_json::{Map, Value as Json};

use crate::data::DataError;
use crate::facts::{Fact, Field, Relation, Status, Value};
use crate::reading::Reading;
use crate::text::Span;
use clauses::{Lead, Verb};
use columns::Column;
use conditions::Condition;
use phrases::Words;
use subject::Read;
pub use subject::{Subject, age_in_days};

/// The built-in codebooks: name and text.
const BUILTIN: [(&str, &str); 9] = [
    ("muc4", include_str!("../../data/codebooks/muc4.codebook")),
    ("acled", include_str!("../../data/codebooks/acled.codebook")),
    ("acled-export", include_str!("../../data/codebooks/acled-export.codebook")),
    ("plover", include_str!("../../data/codebooks/plover.codebook")),
    ("plover-export", include_str!("../../data/codebooks/plover-export.codebook")),
    ("polecat-export", include_str!("../../data/codebooks/polecat-export.codebook")),
    ("ucdp-export", include_str!("../../data/codebooks/ucdp-export.codebook")),
    ("gtd-export", include_str!("../../data/codebooks/gtd-export.codebook")),
    ("hxl", include_str!("../../data/codebooks/hxl.codebook")),
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
    /// Values that columns name.
    values: Vec<Column>,
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
    /// First labels of rows that do not count after all.
    without: Vec<String>,
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
            without: Vec::new(),
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
    subject: &'a dyn Subject,
    /// Whether the row is an incident.
    incident: bool,
    /// The facts that count.
    facts: Vec<&'a Fact>,
    /// Our code: incident type, event type, stance.
    code: &'a str,
    labels: &'a [String],
    /// Who did it, to whom, in which words: of rows that are no incident.
    actor: Option<String>,
    recipient: Option<String>,
    words: Option<String>,
    /// The words of the sentences it stands in.
    says: Words<'a>,
    /// The values that columns name, filled so far.
    values: Vec<(&'a str, Json)>,
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

    /// A built-in codebook: one of [`Codebook::builtin_names`].
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

    /// The names of its columns, in their order.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|c| c.name.as_str())
    }

    /// Its columns, each with its sources as the codebook has them ("none" of one that it leaves open).
    pub fn described(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.iter().map(|c| (c.name.as_str(), c.written.as_str()))
    }

    /// The row of an incident, its cells in the order of the columns; `None` where it does not count. Its type is the surest
    /// that has a label; an incident whose type is not known has the code `none`.
    pub fn row(&self, subject: &dyn Subject) -> Option<Vec<Json>> {
        if !self.counts(subject) {
            return None;
        }
        // What the facts of a record are is decided there, confidence and all.
        let facts: Vec<&Fact> = subject.facts().iter().filter(|f| self.count.statuses.contains(&f.status)).collect();
        self.of_incident(subject, &facts, "none", |item| self.cells(item))
    }

    /// The rows of a reading: its incidents in their order, then what its sentences tell beyond them, in the order
    /// of the text; a row for the whole report (code `none`) where there is no other.
    pub fn apply(&self, reading: &Reading) -> Vec<Json> {
        if let Some(rows) = self.heads.as_ref().and_then(|heads| templates::rows(heads, reading)) {
            return rows;
        }
        let mut rows = Vec::new();
        let mut coded = Vec::new();
        for incident in &reading.incidents {
            let told = Read { reading, incident: Some(incident) };
            if !self.counts(&told) {
                continue;
            }
            let facts = self.usable(&incident.facts);
            let row = self.of_incident(&told, &facts, "", |item| (item.labels.to_vec(), self.fill(item)));
            if let Some((labels, row)) = row {
                coded.extend(incident.facts.iter().flat_map(|f| &f.evidence).map(|e| (*e, labels.clone())));
                rows.push(row);
            }
        }
        let statements = clauses::rows(self, reading);
        // A sentence that an incident's row rests on gives no second row of the same label.
        let told = |row: &clauses::Row| coded.iter().any(|(e, l)| row.sentence.overlaps(*e) && *l == row.labels);
        let text = Read { reading, incident: None };
        rows.extend(statements.iter().filter(|row| !told(row)).map(|row| self.fill(&mut row.item(&text))));
        if rows.is_empty() {
            let whole = Span::new(0, reading.report.text.len());
            let item = Item::of(&text, "none", whole.of(&reading.report.text));
            rows.extend(self.label(&self.types, item).map(|mut item| self.fill(&mut item)));
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

    fn counts(&self, subject: &dyn Subject) -> bool {
        let stage = subject.facts().iter().find_map(|f| match (&f.field, &f.value) {
            (Field::Stage, Value::Code(code)) => Some(code),
            _ => None,
        });
        self.count.relations.contains(&subject.relation())
            && (self.count.stages.is_empty() || stage.is_none_or(|s| self.count.stages.contains(s)))
            && self.count.recent.is_none_or(|days| subject.age_in_days().is_none_or(|age| age <= days))
    }

    fn usable<'a>(&self, facts: &'a [Fact]) -> Vec<&'a Fact> {
        let count = &self.count;
        facts.iter().filter(|f| count.statuses.contains(&f.status) && f.confidence >= count.confidence).collect()
    }

    /// What is made of an incident under the labels of the surest of its types that has any; `unknown` is the code of an
    /// incident without a type, where it has one.
    fn of_incident<'a, T>(
        &'a self,
        subject: &'a dyn Subject,
        facts: &[&'a Fact],
        unknown: &'a str,
        make: impl Fn(&mut Item<'a>) -> T,
    ) -> Option<T> {
        let mut types: Vec<&Fact> = facts.iter().copied().filter(|f| f.field == Field::Type).collect();
        types.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        let mut codes: Vec<&str> =
            types.iter().filter_map(|f| if let Value::Code(c) = &f.value { Some(c.as_str()) } else { None }).collect();
        if codes.is_empty() && !unknown.is_empty() {
            codes.push(unknown);
        }
        codes.into_iter().find_map(|code| {
            let mut says = Words::default();
            for sentence in subject.sentences(facts) {
                says.extend(Words::of(sentence, Span::new(0, sentence.len())));
            }
            let item = Item { incident: true, facts: facts.to_vec(), says, ..Item::new(subject, code) };
            self.label(&self.types, item).map(|mut item| make(&mut item))
        })
    }

    /// The item with the labels of the first rule that fits; `None` where none does or it says "does not count".
    fn label<'a>(&'a self, rules: &'a [Rule], mut item: Item<'a>) -> Option<Item<'a>> {
        let rule = rules.iter().find(|rule| rule.fits(item.code, &item))?;
        item.labels = rule.labels.as_ref()?;
        (!self.count.without.contains(&item.labels[0])).then_some(item)
    }

    fn cells<'a>(&'a self, item: &mut Item<'a>) -> Vec<Json> {
        for value in &self.values {
            let found = value.value(item);
            item.values.push((&value.name, found));
        }
        self.columns.iter().map(|c| c.value(item)).collect()
    }

    fn fill<'a>(&'a self, item: &mut Item<'a>) -> Json {
        let cells = self.cells(item);
        Json::Object(self.columns.iter().map(|c| c.name.clone()).zip(cells).collect::<Map<_, _>>())
    }
}

impl<'a> Item<'a> {
    fn new(subject: &'a dyn Subject, code: &'a str) -> Item<'a> {
        Item {
            subject,
            incident: false,
            facts: Vec::new(),
            code,
            labels: &[],
            actor: None,
            recipient: None,
            words: None,
            says: Words::default(),
            values: Vec::new(),
        }
    }

    /// An item that rests on one stretch of text.
    fn of(subject: &'a dyn Subject, code: &'a str, text: &'a str) -> Item<'a> {
        Item { says: Words::of(text, Span::new(0, text.len())), ..Item::new(subject, code) }
    }
}
