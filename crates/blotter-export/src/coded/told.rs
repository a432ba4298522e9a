//! An incident of a case file as codebooks look at it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use blotter_case::record::{Entry, ReportLine, is_single, is_total};
use blotter_case::{Field, ReportHead};
use blotter_core::codebook::{Subject, age_in_days};
use blotter_core::facts::{Count, Fact, Relation, Scope, Source, Toll, TollSummary, Value};
use serde_json::{Value as Json, json};

use crate::error::Error;
use crate::item::Item;

/// The groups of people that a Reading tells apart.
const GROUPS: [&str; 7] = ["civilian", "government", "police", "military", "armed-group", "criminal", "media"];

/// An incident, with its best values as facts and its reports at hand.
pub struct Told<'i> {
    item: &'i Item<'i>,
    facts: Vec<Fact>,
    /// What each fact is in the record.
    entries: Vec<&'i Entry>,
    /// The reports that still support something.
    reports: Vec<Report<'i>>,
}

/// A report of the record.
struct Report<'i> {
    line: &'i ReportLine,
    head: Arc<ReportHead>,
    /// The bytes of its sentences.
    sentences: Vec<Range<usize>>,
}

impl<'i> Told<'i> {
    /// Of an incident.
    ///
    /// # Errors
    /// The database refused.
    pub fn of(item: &'i Item<'i>) -> Result<Told<'i>, Error> {
        let (mut facts, mut entries) = (Vec::new(), Vec::new());
        for field in Field::ALL {
            for entry in counting(item, field) {
                facts.push(fact(field, entry));
                entries.push(entry);
            }
        }
        let mut reports = Vec::new();
        for line in item.record.reports.iter().filter(|line| line.retracted.is_none()) {
            let head = item.report(&line.id, line.version)?;
            let sentences = bytes(&head.text, &head.sentences);
            reports.push(Report { line, head, sentences });
        }
        Ok(Told { item, facts, entries, reports })
    }

    fn entry(&self, fact: &Fact) -> Option<&'i Entry> {
        self.facts.iter().position(|f| std::ptr::eq(f, fact)).map(|at| self.entries[at])
    }

    /// What all reports have of something, each once, "; " between.
    fn each(&self, part: impl Fn(&ReportLine, &ReportHead) -> Option<String>) -> Json {
        let mut found: Vec<String> = Vec::new();
        for Report { line, head, .. } in &self.reports {
            found.extend(part(line, head).filter(|p| !found.contains(p)));
        }
        if found.is_empty() { Json::Null } else { json!(found.join("; ")) }
    }

    /// The n-th report as a reference, from 0.
    fn article(&self, n: usize) -> Json {
        let Some(Report { line, head, .. }) = self.reports.get(n) else { return Json::Null };
        let headline = head.headline.as_ref().map(|h| format!("\"{h}\""));
        let day = head.published.as_deref().map(|p| p.chars().take(10).collect());
        let parts: Vec<String> = [headline, outlet(line, head), day].into_iter().flatten().collect();
        json!(parts.join(", "))
    }

    /// The totals of a field that may be right, the attackers' or the others'.
    fn totals(&self, field: Field, attackers: bool) -> impl Iterator<Item = (&'i Entry, &'i Toll)> {
        self.item.record.of(field).iter().filter(|e| e.stands()).filter_map(move |e| match &e.value {
            Value::Toll(toll) if toll.attackers == attackers && toll.scope == Scope::Total => Some((e, &**toll)),
            _ => None,
        })
    }

    /// Everyone's toll: the best of the others, and the attackers beside it that a report which says that best value tells of: of
    /// another report nobody knows whether its total holds them.
    fn count(&self, field: Field) -> Option<Count> {
        let others = self.item.toll(field).map(|t| t.count);
        let likely = |e: &Entry| e.confidence >= 0.5 || e.pinned.is_some();
        let together = |e: &Entry| {
            self.item
                .best(field)
                .is_none_or(|best| best.said.iter().any(|s| e.said.iter().any(|t| t.report == s.report)))
        };
        let attackers = self.totals(field, true).find(|(e, _)| likely(e) && together(e)).map(|(_, t)| t.count);
        let add = |x: Option<u64>, y: Option<u64>| x.zip(y).map(|(x, y)| x + y);
        match (others, attackers) {
            (Some(a), Some(b)) => {
                Some(Count { min: add(a.min, b.min), best: add(a.best, b.best), max: add(a.max, b.max) })
            }
            (a, b) => a.or(b),
        }
    }
}

impl Subject for Told<'_> {
    fn facts(&self) -> &[Fact] {
        &self.facts
    }

    fn relation(&self) -> Relation {
        let has = |name: &str| self.item.record.reports.iter().any(|line| line.relation == name);
        if has("main") {
            Relation::Main
        } else if has("related") {
            Relation::Related
        } else {
            Relation::Background
        }
    }

    fn toll(&self) -> TollSummary {
        TollSummary {
            killed: self.count(Field::Killed),
            wounded: self.count(Field::Wounded),
            missing: self.count(Field::Missing),
            abducted: self.count(Field::Abducted),
            arrested: self.count(Field::Arrested),
        }
    }

    fn range(&self, field: Field) -> Option<(u64, u64)> {
        let of = |attackers: bool| {
            let bounds = self.totals(field, attackers).filter_map(|(_, t)| {
                let low = t.count.min.or(t.count.best)?;
                Some((low, t.count.max.or(t.count.best).unwrap_or(low).max(low)))
            });
            bounds.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
        };
        match (of(false), of(true)) {
            (Some(a), Some(b)) => Some((a.0 + b.0, a.1 + b.1)),
            (a, b) => a.or(b),
        }
    }

    fn sentences(&self, facts: &[&Fact]) -> Vec<&str> {
        let mut cited: BTreeSet<(usize, usize)> = BTreeSet::new();
        let entries = facts.iter().filter_map(|f| self.entry(f));
        for said in entries.flat_map(|e| &e.said).filter(|s| s.supports && s.stands) {
            let report = self.reports.iter().position(|r| r.line.id == said.report && r.line.version == said.version);
            let Some(report) = report else { continue };
            for evidence in said.evidence.iter() {
                let (Some(start), Some(end)) = (evidence["start"].as_u64(), evidence["end"].as_u64()) else { continue };
                let sentences = self.reports[report].head.sentences.iter().enumerate();
                let over = sentences.filter(|(_, (from, to))| (*from as u64) < end && start < *to as u64);
                cited.extend(over.map(|(sentence, _)| (report, sentence)));
            }
        }
        let words = |(report, sentence): (usize, usize)| {
            let Report { head, sentences, .. } = &self.reports[report];
            &head.text[sentences[sentence].clone()]
        };
        cited.into_iter().map(words).collect()
    }

    fn texts(&self) -> Vec<&str> {
        self.reports.iter().map(|r| r.head.text.as_str()).collect()
    }

    fn quote(&self, fact: &Fact) -> Option<String> {
        let said = crate::item::quoted(self.entry(fact)?)?;
        crate::item::evidence(said).map(|(words, _, _)| words.to_owned())
    }

    fn country_of(&self, fact: &Fact) -> Option<String> {
        let entry = self.entry(fact)?;
        // A value's entity is numbered in the Reading that first told it.
        let id = entry.raw["entity"].as_str().or_else(|| entry.raw["party"]["entity"].as_str())?;
        let said = entry.said.first()?;
        let from = |r: &&Report<'_>| r.line.id == said.report && r.line.version == said.version;
        let head = &self.reports.iter().find(from)?.head;
        head.entities.iter().find(|e| e["id"] == id)?["country"].as_str().map(str::to_owned)
    }

    fn part(&self, part: &str) -> Json {
        let record = &self.item.record;
        let dates = || self.reports.iter().filter_map(|r| r.line.published.as_deref());
        match part {
            "relation" => json!(self.relation().name()),
            "summary" => json!(record.summary),
            "incident" => json!(record.incident),
            "revision" => json!(record.revision),
            "status" => json!(record.status),
            "as-of" => json!(record.as_of),
            "disputed" => {
                let notes: Vec<&str> = record.disagreements.iter().map(|d| d.note.as_str()).collect();
                if notes.is_empty() { Json::Null } else { json!(notes.join("; ")) }
            }
            "report-count" => json!(self.reports.len()),
            "origin-count" => json!(self.reports.iter().map(|r| &r.line.origin).collect::<BTreeSet<_>>().len()),
            "publishers" => self.each(outlet),
            "urls" => self.each(|_, head| head.url.clone()),
            "headlines" => self.each(|_, head| head.headline.clone()),
            "report-dates" => self.each(|_, head| head.published.as_deref().map(|p| p.chars().take(10).collect())),
            "articles" => {
                let all: Vec<String> =
                    (0..self.reports.len()).filter_map(|n| self.article(n).as_str().map(str::to_owned)).collect();
                if all.is_empty() { Json::Null } else { json!(all.join("; ")) }
            }
            "article-1" => self.article(0),
            "article-2" => self.article(1),
            "article-3" => self.article(2),
            "first-published" => json!(dates().min()),
            "last-published" => json!(dates().max()),
            "learned-unix" => {
                let last = self.reports.iter().map(|r| r.head.learned.as_str()).max();
                json!(last.and_then(|at| at.parse::<jiff::Timestamp>().ok()).map(|t| t.as_second()))
            }
            _ => Json::Null,
        }
    }

    fn report(&self, part: &str) -> Json {
        let Some(Report { head, .. }) = self.reports.first() else { return Json::Null };
        match part {
            "id" => json!(head.id),
            "url" => json!(head.url),
            "publisher" => json!(head.publisher),
            "headline" => json!(head.headline),
            "published" => json!(head.published),
            "updated" => json!(head.updated),
            "language" => json!(head.language),
            _ => Json::Null,
        }
    }

    fn age_in_days(&self) -> Option<i64> {
        let first = self.reports.iter().filter_map(|r| r.head.published.as_deref()).min()?;
        age_in_days(&self.facts, first)
    }
}

/// Who published a report; one of which no outlet is known has its id for an origin, which is no name.
fn outlet(line: &ReportLine, head: &ReportHead) -> Option<String> {
    head.publisher.clone().or_else(|| (line.origin != line.id).then(|| line.origin.to_string()))
}

/// The values of a field that codebooks look at: those that an export prints and, of a toll, the parts and attackers' beside
/// them that are more likely right than not.
fn counting<'i>(item: &'i Item<'i>, field: Field) -> Vec<&'i Entry> {
    let mut found = item.bests(field);
    let toll = |e: &&Entry| matches!(e.value, Value::Toll(_)) && !is_total(&e.value);
    if is_single(field) && item.record.status != "withdrawn" {
        let likely = |e: &&Entry| e.stands() && (e.confidence >= 0.5 || e.pinned.is_some());
        found.extend(item.record.of(field).iter().filter(toll).filter(likely));
    }
    found
}

/// An entry of a record as a fact.
fn fact(field: Field, entry: &Entry) -> Fact {
    let group = entry.raw["group"].as_str().and_then(|g| GROUPS.into_iter().find(|known| *known == g));
    let mut value = entry.value.clone();
    match &mut value {
        Value::Party(party) => party.group = group,
        Value::Toll(toll) => toll.group = group,
        _ => {}
    }
    let said = entry.said.iter().filter(|s| s.supports && s.stands).flat_map(|s| s.sources.iter());
    let source = |s: &Json| {
        let via = s["via"].as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect();
        Some(Source { attribution: None, name: s["name"].as_str()?.to_owned(), via })
    };
    Fact {
        field,
        value,
        status: entry.status,
        sources: said.filter_map(source).collect(),
        denied_by: Vec::new(),
        evidence: Vec::new(),
        confidence: entry.confidence,
        why: String::new(),
    }
}

/// Ranges of code points of a text as ranges of bytes; what lies outside is empty.
fn bytes(text: &str, points: &[(usize, usize)]) -> Vec<Range<usize>> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let byte = |point: usize| starts.get(point).copied().unwrap_or(text.len());
    points.iter().map(|(from, to)| byte(*from)..byte((*to).max(*from))).collect()
}
