//! Tellings and decisions → the record. Pure: the same input gives the same record, in any order of arrival.
//!
//! **Which value is best.** A value's support is the sum, over the origins that say it, of the confidence of their surest fact
//! (half where they mention the incident in passing): one origin counts once, however often it is printed. A date or place
//! is supported also by the less exact ones that it lies in. The pinned value comes first; then, of those that stand, that of
//! the greatest support, of the last said, of the smaller key. Never an average. Its confidence is the chance that not all of
//! its origins are wrong, times its share of the support of all values that compete with it.
//!
//! **What no longer stands.** What a retracted report says. What an origin said before it said something else: in a later
//! version of the report, in a later report with a larger toll, or in one with a correction note. What any origin said
//! before a later, larger toll that explains itself, or that a correction note names as wrong.

mod disagree;
mod supersede;
mod values;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use blotter_core::facts::{Field, Relation, Status, Value};
use serde_json::Value as Json;

use crate::contract::ToldFact;
use crate::ids::short_hash;
use crate::record::{Comment, Decided, Entry, Marking, Record, ReportLine, Said, is_total};
pub use values::{brief, key, parse, same, sentence, size};

/// One incident as one version of one report tells it.
#[derive(Clone, Debug)]
pub struct Telling {
    /// The report's id.
    pub report: Arc<str>,
    /// The version, from 1.
    pub version: i64,
    /// Its place among the report's versions, from 1: that of the wire's own number, which may arrive late; else the version.
    pub edition: i64,
    /// Its own date.
    pub published: Option<Arc<str>>,
    /// When it was said: its own date, else when the case file learned it.
    pub when: Arc<str>,
    /// The outlet that first published the text.
    pub origin: Arc<str>,
    /// How the incident stands to the report.
    pub relation: Relation,
    /// Its headline.
    pub headline: Option<Arc<str>>,
    /// Why the report no longer supports anything.
    pub retracted: Option<Arc<str>>,
    /// Its correction note.
    pub correction: Option<Arc<str>>,
    /// Its facts, each with whether the words around it explain a rise.
    pub facts: Arc<Vec<(ToldFact, bool)>>,
}

/// A value that a person fixed.
#[derive(Clone, Debug)]
pub struct Pin {
    /// The field.
    pub field: Field,
    /// The value.
    pub value: Value,
    /// The value as JSON.
    pub raw: Arc<Json>,
    /// By whom, when and why.
    pub decided: Decided,
}

/// All that a record is made from.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The incident's id.
    pub incident: String,
    /// How many times it has changed.
    pub revision: usize,
    /// The moment.
    pub as_of: String,
    /// What is told.
    pub tellings: Vec<Telling>,
    /// What people fixed; of several on a field the last counts.
    pub pins: Vec<Pin>,
    /// Facts that people rejected, by id.
    pub rejected: HashMap<String, Decided>,
    /// What people set the status to.
    pub status: Option<String>,
    /// With whom people said it may be shared, the last of them.
    pub tlp: Option<Marking>,
    /// Comments.
    pub comments: Vec<Comment>,
}

/// Makes the record; what it is related to is left to the caller, who knows the other incidents.
pub fn record(mut input: Input) -> Record {
    input.tellings.sort_by(|a, b| (&a.when, &a.report, a.edition).cmp(&(&b.when, &b.report, b.edition)));
    let mut fields = Vec::new();
    let mut disagreements = Vec::new();
    let order = Order::of(&input.tellings);
    let mut facts: BTreeMap<Field, Vec<(usize, &ToldFact)>> = BTreeMap::new();
    for (i, telling) in input.tellings.iter().enumerate() {
        for (fact, _) in telling.facts.iter() {
            facts.entry(fact.field).or_default().push((i, fact));
        }
    }
    for field in Field::ALL {
        let mut entries = entries(facts.get(&field).map_or(&[], Vec::as_slice), &input.tellings);
        supersede::apply(field, &mut entries, &input.tellings, &order);
        pin(field, &mut entries, &input.pins);
        for entry in &mut entries {
            entry.fact =
                format!("{}:{}", input.incident, &short_hash(&format!("{} {}", field.name(), key(&entry.value)))[..5]);
            entry.rejected = input.rejected.get(&entry.fact).cloned();
        }
        weigh(field, &mut entries, &order);
        if !entries.is_empty() {
            disagreements.extend(disagree::find(field, &entries, &order));
            fields.push((field, entries));
        }
    }
    let reports = reports(&input.tellings);
    let supported = fields.iter().any(|(_, entries)| entries.iter().any(Entry::stands));
    let status = match (input.status, supported) {
        (_, false) => "withdrawn".to_owned(),
        (Some(set), _) => set,
        (None, _) => "open".to_owned(),
    };
    let mut record = Record {
        incident: input.incident,
        revision: input.revision,
        as_of: input.as_of,
        status,
        tlp: input.tlp,
        summary: String::new(),
        fields,
        disagreements,
        reports,
        related: Vec::new(),
        comments: input.comments,
    };
    record.summary = values::sentence(&record);
    record
}

/// What is asked of tellings again and again, by their numbers: a record of thousands of reports compares texts too often.
struct Order {
    /// Their order by when they were said and by report; the same for versions of one report of one moment.
    rank: Vec<usize>,
    /// The day on which they were said.
    day: Vec<Option<i32>>,
    /// Their reports and origins, numbered by their names.
    report: Vec<u32>,
    origin: Vec<u32>,
}

impl Order {
    /// Of tellings in that order.
    fn of(tellings: &[Telling]) -> Order {
        let mut rank = Vec::with_capacity(tellings.len());
        let mut day: Vec<Option<i32>> = Vec::with_capacity(tellings.len());
        for (i, telling) in tellings.iter().enumerate() {
            let before = i.checked_sub(1).map(|at| &tellings[at]);
            let same = before.is_some_and(|b| b.when == telling.when && b.report == telling.report);
            rank.push(i.checked_sub(1).map_or(0, |at: usize| rank[at] + usize::from(!same)));
            day.push(match before.filter(|b| b.when == telling.when) {
                Some(_) => day[i - 1],
                None => crate::join::profile::day(&telling.when),
            });
        }
        let (report, origin) = (numbered(tellings, |t| &t.report), numbered(tellings, |t| &t.origin));
        Order { rank, day, report, origin }
    }
}

/// The numbers of the tellings' names, in the order of the names.
fn numbered(tellings: &[Telling], name: impl Fn(&Telling) -> &Arc<str>) -> Vec<u32> {
    let mut names: HashMap<&str, u32> = tellings.iter().map(|t| (&**name(t), 0)).collect();
    let mut sorted: Vec<&str> = names.keys().copied().collect();
    sorted.sort_unstable();
    for (name, number) in sorted.into_iter().zip(0..) {
        names.insert(name, number);
    }
    tellings.iter().map(|t| names[&**name(t)]).collect()
}

/// Every value of a field once, with all who say it, of the field's facts with the numbers of their tellings.
fn entries(facts: &[(usize, &ToldFact)], tellings: &[Telling]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    // Entries by the keys of `values::lookup`, in order.
    let mut under: HashMap<&str, Vec<usize>> = HashMap::new();
    for &(number, fact) in facts {
        {
            let keys = fact.keys.get_or_init(|| values::lookup(&fact.value));
            let near = keys.iter().filter_map(|k| under.get(k.as_str())).flatten().copied();
            let at = match near.filter(|at| values::same(&entries[*at].value, &fact.value)).min() {
                Some(at) => at,
                None => {
                    entries.push(Entry {
                        fact: String::new(),
                        value: fact.value.clone(),
                        raw: fact.raw.clone(),
                        status: fact.status,
                        said: Vec::new(),
                        independent: 0,
                        superseded_by: None,
                        pinned: None,
                        rejected: None,
                        confidence: 0.0,
                        support: 0.0,
                    });
                    entries.len() - 1
                }
            };
            let entry = &mut entries[at];
            let fuller = values::known(&fact.value) > values::known(&entry.value);
            if fuller {
                (entry.value, entry.raw) = (fact.value.clone(), fact.raw.clone());
            }
            if fuller || entry.said.is_empty() {
                for key in keys.iter() {
                    let list = under.entry(key).or_default();
                    if !list.contains(&at) {
                        list.push(at);
                    }
                }
            }
            if !entry.said.is_empty() {
                entry.status = stronger(entry.status, fact.status);
            }
            entry.said.push(said((number, &tellings[number]), fact, &fact.sources, true));
            if !fact.denied_by.is_empty() {
                entry.said.push(said((number, &tellings[number]), fact, &fact.denied_by, false));
            }
        }
    }
    entries
}

fn said((number, telling): (usize, &Telling), fact: &ToldFact, sources: &Arc<Vec<Json>>, supports: bool) -> Said {
    Said {
        telling: number,
        report: telling.report.clone(),
        version: telling.version,
        edition: telling.edition,
        when: telling.when.clone(),
        published: telling.published.clone(),
        origin: telling.origin.clone(),
        sources: Arc::clone(sources),
        evidence: fact.evidence.clone(),
        supports,
        confidence: fact.confidence,
        retracted: telling.retracted.is_some(),
        stands: telling.retracted.is_none(),
        main: telling.relation == Relation::Main,
    }
}

/// Of two statuses of one value the one that counts: confirmed, else denied, reported, alleged, unknown.
fn stronger(a: Status, b: Status) -> Status {
    let rank = |s: Status| match s {
        Status::Confirmed => 4,
        Status::Denied => 3,
        Status::Reported => 2,
        Status::Alleged => 1,
        Status::Unknown => 0,
    };
    if rank(b) > rank(a) { b } else { a }
}

fn pin(field: Field, entries: &mut Vec<Entry>, pins: &[Pin]) {
    let Some(pin) = pins.iter().filter(|p| p.field == field).max_by_key(|p| p.decided.decision) else { return };
    if let Some(entry) = entries.iter_mut().find(|e| values::same(&e.value, &pin.value)) {
        entry.pinned = Some(pin.decided.clone());
        return;
    }
    entries.push(Entry {
        fact: String::new(),
        value: pin.value.clone(),
        raw: pin.raw.clone(),
        status: Status::Confirmed,
        said: Vec::new(),
        independent: 0,
        superseded_by: None,
        pinned: Some(pin.decided.clone()),
        rejected: None,
        confidence: 0.0,
        support: 0.0,
    });
}

/// Support, confidence and independence of each value, and the order: the best first.
fn weigh(field: Field, entries: &mut [Entry], order: &Order) {
    let origins = |entry: &Entry| {
        let standing = entry.said.iter().filter(|s| s.supports && s.stands);
        let weight = |s: &Said| s.confidence * if s.main { 1.0 } else { 0.5 };
        surest(standing.map(|s| (order.origin[s.telling], weight(s))).collect())
    };
    let own: Vec<Vec<(u32, f64)>> = entries.iter().map(origins).collect();
    let stands: Vec<bool> = entries.iter().map(|e| e.stands() && is_total(&e.value) || !is_total(&e.value)).collect();
    // Only days and places lie in others.
    let lies = values::Lies::of(matches!(field, Field::When | Field::Where), entries);
    for i in 0..entries.len() {
        let mut support = own[i].clone();
        for &j in lies.of_one(i) {
            if j != i && stands[j] {
                support.extend(&own[j]);
            }
        }
        let support = surest(support);
        entries[i].support = support.iter().map(|(_, c)| c).sum();
        entries[i].confidence = 1.0 - support.iter().map(|(_, c)| 1.0 - c).product::<f64>();
        entries[i].independent = independent(&entries[i], order);
    }
    let mut against: Vec<f64> = vec![0.0; entries.len()];
    for rivals in values::rivalries(field, entries) {
        let standing: Vec<usize> = rivals.iter().copied().filter(|j| entries[*j].stands()).collect();
        let compatible = |i: usize, j: usize| lies.in_other(i, j) || lies.in_other(j, i);
        for &i in &rivals {
            let of = &entries[i].value;
            let others = standing.iter().filter(|j| **j != i && values::compete(field, of, &entries[**j].value));
            against[i] = others.filter(|j| !compatible(i, **j)).map(|j| entries[*j].support).sum();
        }
    }
    for i in 0..entries.len() {
        let support = entries[i].support;
        if against[i] > 0.0 {
            entries[i].confidence *= support / (support + against[i]);
        }
        if entries[i].pinned.is_some() {
            entries[i].confidence = 1.0;
        }
    }
    entries.sort_by(|a, b| {
        let rank = |e: &Entry| (e.pinned.is_some(), e.stands(), is_total(&e.value));
        rank(b)
            .cmp(&rank(a))
            .then_with(|| b.support.total_cmp(&a.support))
            .then_with(|| b.last_said().cmp(&a.last_said()))
            .then_with(|| key(&a.value).cmp(&key(&b.value)))
    });
}

/// The greatest weight of each origin, in the order of the origins.
fn surest(mut weights: Vec<(u32, f64)>) -> Vec<(u32, f64)> {
    weights.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.total_cmp(&a.1)));
    weights.dedup_by_key(|(origin, _)| *origin);
    weights
}

/// Distinct named sources over all origins, plus one for each origin that speaks in its own voice.
fn independent(entry: &Entry, order: &Order) -> usize {
    let standing = entry.said.iter().filter(|s| s.supports && s.stands);
    let (mut origins, mut sources) = (Vec::new(), BTreeSet::new());
    for said in standing {
        if said.sources.is_empty() {
            origins.push(order.origin[said.telling]);
            continue;
        }
        // "told Radio Kesh": an outlet that names itself speaks in its own voice.
        let own = values::plain(&said.origin);
        for name in said.sources.iter().filter_map(|s| s["name"].as_str()).map(values::plain) {
            if name == own {
                origins.push(order.origin[said.telling]);
            } else {
                sources.insert(name);
            }
        }
    }
    origins.sort_unstable();
    origins.dedup();
    origins.len() + sources.len()
}

fn reports(tellings: &[Telling]) -> Vec<ReportLine> {
    let mut lines: Vec<ReportLine> = Vec::new();
    let mut of: HashMap<&str, (usize, i64)> = HashMap::new();
    for t in tellings {
        let line = ReportLine {
            id: Arc::clone(&t.report),
            version: t.version,
            published: t.published.clone(),
            origin: t.origin.clone(),
            headline: t.headline.clone(),
            relation: t.relation.name(),
            retracted: t.retracted.clone(),
        };
        let (at, edition) = of.entry(&t.report).or_insert((lines.len(), t.edition));
        match lines.get_mut(*at) {
            Some(known) if *edition <= t.edition => (*known, *edition) = (line, t.edition),
            Some(_) => {}
            None => lines.push(line),
        }
    }
    lines
}

#[cfg(test)]
mod tests;
