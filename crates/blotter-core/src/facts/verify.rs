//! How likely each fact is right: the last decision, learned from whole records made by hand.
//!
//! A logistic regression, with weights that all fields share and weights of each field's own, over what is known when
//! all facts of an incident stand: the confidence of the rule or head that made the fact, the heads' probabilities at
//! its words, how it lies to the words that tell of the incident, and what stands beside it. Its probability becomes
//! the fact's confidence; facts below the threshold are left out. `training/verifier.py` learns the weights.

use std::collections::BTreeMap;

use super::weights::{Feature, logit, probability};
use super::{Fact, Field, Relation, Value};
use crate::data::DataError;
use crate::encode::{softmax, tokens_in};
use crate::incidents::{Draft, Parts};
use crate::layers::entities::Form;
use crate::text::Span;

const WEIGHTS: &str = include_str!("../../data/facts/verifier.txt");
const WEIGHTS_FILE: &str = "data/facts/verifier.txt";

const CALIBRATION: &str = include_str!("../../data/facts/calibration.txt");
const CALIBRATION_FILE: &str = "data/facts/calibration.txt";

/// Numbers by field and name.
type Table = BTreeMap<String, BTreeMap<String, f64>>;

/// The weights, by field and feature, and what their sums are multiplied by and moved by to be confidences.
pub struct Verifier {
    weights: Table,
    calibration: Table,
}

impl Verifier {
    /// Loads the weights.
    ///
    /// # Errors
    /// The line of the file that is not `field feature weight`.
    pub fn load() -> Result<Verifier, DataError> {
        Verifier::parse(WEIGHTS, CALIBRATION)
    }

    fn parse(weights: &str, calibration: &str) -> Result<Verifier, DataError> {
        let (weights, calibration) = (table(weights, WEIGHTS_FILE)?, table(calibration, CALIBRATION_FILE)?);
        Ok(Verifier { weights, calibration })
    }

    /// Gives every fact its probability as confidence and leaves out those below the threshold.
    ///
    /// Without weights, or without a model's scores, the facts stay as they are.
    pub fn verify(&self, parts: Parts<'_>, draft: &Draft, facts: Vec<Fact>) -> Vec<Fact> {
        // The weights were learned with the model's scores and say nothing without them.
        if self.weights.is_empty() || parts.input.scores.token.is_empty() {
            return facts;
        }
        let verdicts: Vec<(f64, f64)> = (0..facts.len())
            .map(|index| {
                let owner = owner(&facts[index]);
                let number = |owner: &str, name: &str| self.weights.get(owner).and_then(|w| w.get(name)).copied();
                let weight = |owner: &str, name: &str| number(owner, name).unwrap_or(0.0);
                let speaks = |(name, x): &Feature| (weight(SHARED, name) + weight(owner, name)) * x;
                let sum: f64 = features(parts, draft, &facts, index).iter().map(speaks).sum();
                let least = number(owner, THRESHOLD).unwrap_or_else(|| weight(SHARED, THRESHOLD));
                (probability(sum), least)
            })
            .collect();
        let judged = facts.into_iter().zip(verdicts).filter(|(_, (probability, threshold))| probability >= threshold);
        judged.map(|(fact, (p, _))| Fact { confidence: self.calibrated(owner(&fact), p), ..fact }).collect()
    }

    /// The verifier is learned from records that the heads have seen and so trusts them too much: its chance as the share
    /// of such facts that is right in other reports.
    fn calibrated(&self, owner: &str, chance: f64) -> f64 {
        let number = |of: &str, name: &str| self.calibration.get(of).and_then(|t| t.get(name)).copied();
        let chance = chance.clamp(LEAST, MOST);
        let odds = (chance / (1.0 - chance)).ln();
        let moved = number(SHARED, "offset").unwrap_or(0.0) + number(owner, "offset").unwrap_or(0.0);
        probability(odds * number(SHARED, "slope").unwrap_or(1.0) + moved).clamp(LEAST, MOST)
    }
}

/// No fact is less or more certain than this.
const LEAST: f64 = 0.01;
const MOST: f64 = 0.99;

/// Reads lines of a field, a name and a number.
fn table(lines: &str, file: &'static str) -> Result<Table, DataError> {
    let mut found = Table::new();
    for (number, line) in lines.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let fault = || DataError::new(file, number + 1, "expected `field<TAB>feature<TAB>weight`");
        let [field, feature, weight] = line.split('\t').collect::<Vec<_>>()[..] else { return Err(fault()) };
        let weight: f64 = weight.trim().parse().map_err(|_| fault())?;
        found.entry(field.to_owned()).or_default().insert(feature.to_owned(), weight);
    }
    Ok(found)
}

/// The owner of the weights that all fields share.
const SHARED: &str = "*";
/// The owner of the weights of tolls told beside a total.
const BESIDE: &str = "beside";
/// The line that holds the threshold: the owner's own, or else the shared one.
const THRESHOLD: &str = "threshold";

/// Whose own weights judge the fact: its field's, or those of tolls beside a total, which are far less often right.
fn owner(fact: &Fact) -> &'static str {
    match &fact.value {
        Value::Toll(toll) if toll.beside => BESIDE,
        _ => fact.field.name(),
    }
}

/// What speaks for and against the fact at `index` of its incident's facts.
pub fn features(parts: Parts<'_>, draft: &Draft, facts: &[Fact], index: usize) -> Vec<Feature> {
    let fact = &facts[index];
    let mut found = Features(Vec::new());
    found.add("bias", 1.0);
    found.add("owner beside", f64::from(u8::from(owner(fact) == BESIDE)));
    found.add("confidence", logit(fact.confidence));
    found.flag(&format!("why {}", reason(&fact.why)));
    found.flag(&format!("relation {}", draft.relation.name()));
    found.flag(&format!("status {}", fact.status.name()));
    found.add("sourced", f64::from(u8::from(!fact.sources.is_empty())));
    found.add("repeated", (fact.evidence.len() as f64 - 1.0).min(2.0) / 2.0);
    let same: Vec<usize> = (0..facts.len()).filter(|i| facts[*i].field == fact.field).collect();
    let better = same.iter().filter(|i| facts[**i].confidence > fact.confidence).count();
    found.add("rank", (better as f64).min(4.0) / 2.0);
    found.add("rivals", (same.len() as f64).ln());
    found.add("facts", (facts.len() as f64).ln());
    place_in_text(&mut found, parts, draft, fact);
    heads(&mut found, parts, fact);
    value(&mut found, parts, draft, facts, fact);
    found.0
}

struct Features(Vec<Feature>);

impl Features {
    fn add(&mut self, name: &str, value: f64) {
        if value.is_finite() && value != 0.0 {
            self.0.push((name.to_owned(), value));
        }
    }

    fn flag(&mut self, name: &str) {
        self.add(name, 1.0);
    }
}

/// The rule's name out of `why`, figures left out.
fn reason(why: &str) -> String {
    let words = why.split(|c: char| c.is_ascii_digit() || c == '(' || c == '"').next().unwrap_or("");
    words.trim_end_matches(|c: char| !c.is_alphanumeric()).chars().take(40).collect()
}

/// How the evidence lies to the report and to the words that tell of the incident.
fn place_in_text(found: &mut Features, parts: Parts<'_>, draft: &Draft, fact: &Fact) {
    let Some(first) = fact.evidence.first() else { return };
    let sentence = parts.input.sentence_at(*first);
    let count = parts.input.sentences.len().max(1);
    found.add("late", sentence as f64 / count as f64);
    found.add("lead", f64::from(u8::from(sentence <= 1)));
    let away = draft.act().map(|a| a.sentence.abs_diff(sentence)).min().unwrap_or(9).min(6);
    found.add("away", away as f64 / 3.0);
    found.add("beside", f64::from(u8::from(away == 0)));
    let bytes = draft.act().filter(|a| a.sentence == sentence).map(|a| a.span.start.abs_diff(first.start)).min();
    found.add("near", bytes.map_or(0.0, |b| 1.0 / (1.0 + b as f64 / 40.0)));
    found.add("anchors", (draft.anchors.len() as f64).ln());
    let certain = draft.anchors.iter().map(|a| f64::from(a.certainty())).fold(0.0, f64::max);
    found.add("certainty", logit(certain));
    let strong = draft.anchors.iter().filter(|a| !a.weak).count();
    found.add("strong", f64::from(u8::from(strong > 0)));
    found.add("sentences", (draft.sentences.len() as f64).ln());
}

/// The heads' probabilities at the words, the highest of all of them.
fn heads(found: &mut Features, parts: Parts<'_>, fact: &Fact) {
    let spans = spans_of(parts, fact);
    let scores = parts.input.scores;
    for head in ["role", "muc4", "when", "where", "relation"] {
        let Some(scored) = scores.token.get(head) else { continue };
        let mut best: BTreeMap<&str, f32> = BTreeMap::new();
        for token in spans.iter().flat_map(|s| tokens_in(&scores.tokens, *s)) {
            for (label, p) in scored.labels.iter().zip(softmax(scored.row(token))) {
                let label = label.strip_prefix("B-").or(label.strip_prefix("I-")).unwrap_or(label);
                let most = best.entry(label).or_insert(0.0);
                *most = most.max(p);
            }
        }
        best.iter().for_each(|(label, p)| found.add(&format!("{head} {label}"), f64::from(*p)));
    }
}

/// The words whose head scores speak for the fact: all mentions of its entity (a few), or else its evidence.
fn spans_of(parts: Parts<'_>, fact: &Fact) -> Vec<Span> {
    const MOST: usize = 8;
    let entity = match &fact.value {
        Value::Party(party) => party.entity,
        Value::Weapon { entity, .. } | Value::Damage { entity, .. } | Value::Reaction { entity, .. } => *entity,
        Value::Toll(toll) => toll.entity,
        _ => None,
    };
    match entity.and_then(|e| parts.entities.get(e)) {
        Some(entity) => entity.mentions.iter().filter(|m| m.form != Form::Pronoun).map(|m| m.span).take(MOST).collect(),
        None => fact.evidence.iter().copied().take(MOST).collect(),
    }
}

/// What the value itself tells.
fn value(found: &mut Features, parts: Parts<'_>, draft: &Draft, facts: &[Fact], fact: &Fact) {
    match &fact.value {
        Value::Code(code) => found.flag(&format!("code {}", code.split('/').next().unwrap_or(code))),
        Value::When { start, precision, .. } => {
            found.flag(&format!("precision {precision:?}"));
            found.add("dated", f64::from(u8::from(start.is_some())));
        }
        Value::Where(place) => {
            found.flag(&format!("precision {}", place.precision.name()));
            found.add("resolved", f64::from(u8::from(place.geonames_id.is_some())));
        }
        Value::Party(party) => {
            found.flag(&format!("kind {:?}", party.kind));
            found.flag(&format!("group {}", party.group.unwrap_or("none")));
            found.flag(&format!("harm {}", party.harm.map_or("none", |h| h.name())));
            found.add("aged", f64::from(u8::from(party.age.is_some())));
            found.add("several", f64::from(u8::from(party.number.is_some())));
            let entity = party.entity.and_then(|e| parts.entities.get(e));
            found.add("entity", f64::from(u8::from(entity.is_some())));
            if let Some(entity) = entity {
                let named = entity.mentions.iter().any(|m| m.form == Form::Name);
                found.add("named", f64::from(u8::from(named)));
                found.add("mentions", (entity.mentions.len() as f64).ln());
                let here = entity.mentions.iter().filter(|m| draft.tells(parts.input.sentence_at(m.span))).count();
                found.add("mentions here", here as f64 / entity.mentions.len().max(1) as f64);
                let acts = |m: Span| draft.act().any(|a| a.sentence == parts.input.sentence_at(m));
                found.add("with an act", f64::from(u8::from(entity.mentions.iter().any(|m| acts(m.span)))));
            }
            for field in [Field::Victim, Field::Target, Field::Perpetrator, Field::Suspect] {
                let twice =
                    |f: &Fact| f.field == field && matches!(&f.value, Value::Party(p) if p.entity == party.entity);
                if field != fact.field && party.entity.is_some() && facts.iter().any(twice) {
                    found.flag(&format!("also {}", field.name()));
                }
            }
        }
        Value::Toll(toll) => {
            let count = toll.count.best.or(toll.count.min);
            found.add("count", count.map_or(0.0, |n| ((n as f64) + 1.0).ln()) / 2.0);
            found.add("vague", f64::from(u8::from(toll.count.best.is_none())));
            found.add("attackers", f64::from(u8::from(toll.attackers)));
            found.flag(&format!("scope {:?}", toll.scope));
        }
        Value::Weapon { kind, .. } => found.flag(&format!("kind {kind}")),
        Value::Responsibility { stance, party } => {
            found.flag(&format!("stance {stance}"));
            found.add("party", f64::from(u8::from(party.is_some())));
        }
        Value::Reaction { stance, .. } => found.flag(&format!("stance {stance}")),
        Value::Damage { extent, .. } => found.flag(&format!("extent {extent}")),
    }
    if draft.relation == Relation::Main && facts.iter().all(|f| f.field != Field::Killed) {
        found.flag("nobody killed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::incidents::Item;
    use crate::reading::Reader;
    use crate::text::Report;

    const SMALL: &[u8] = include_bytes!("../../../blotter-nn/tests/fixtures/small.safetensors");
    const TEXT: &str =
        "A bomb killed four guards at the Marlow depot on Tuesday, police said. Two clerks were wounded.";

    /// The facts of the text's incidents before they are verified, by field, with their probability.
    fn judged(weights: &str, calibration: &str) -> Vec<(Field, f64)> {
        let reader = Reader::load(Data { weights: SMALL, gazetteer: &[] }).expect("loads");
        let verifier = Verifier::parse(weights, calibration).expect("weights");
        let (reading, _) = reader.unverified(Report { text: TEXT.to_owned(), ..Report::default() });
        let parts = reader.parts(&reading);
        let draft = Draft {
            relation: Relation::Main,
            anchors: Vec::new(),
            sentences: vec![0, 1],
            item: Item::None,
            frame: None,
        };
        let facts = reading.incidents.iter().flat_map(|i| i.facts.clone()).collect();
        verifier.verify(parts, &draft, facts).into_iter().map(|f| (f.field, f.confidence)).collect()
    }

    #[test]
    fn weights_shared_and_own_add_up_and_a_threshold_leaves_out() {
        let all = judged("", "");
        assert!(all.iter().any(|(field, _)| *field == Field::Killed), "{all:?}");
        let even = judged("*\tbias\t1\nkilled\tbias\t-1\n", "");
        assert_eq!(even.len(), all.len());
        for (field, p) in &even {
            let expected = if *field == Field::Killed { 0.5 } else { 1.0 / (1.0 + (-1.0f64).exp()) };
            assert!((p - expected).abs() < 1e-9, "{field:?} {p}");
        }
        let strict = judged("*\tbias\t1\n*\tthreshold\t0.6\nkilled\tbias\t-1\n", "");
        assert!(!strict.is_empty() && strict.iter().all(|(field, _)| *field != Field::Killed), "{strict:?}");
        let calm = judged("*\tbias\t1\n", "*\tslope\t0.5\nkilled\toffset\t-0.5\n");
        let killed = calm.iter().find(|(field, _)| *field == Field::Killed).expect("killed");
        assert!((killed.1 - 0.5).abs() < 1e-9, "half the odds of 1, less 0.5: {calm:?}");
    }

    #[test]
    fn a_fault_in_the_weights_names_its_line() {
        let fault = Verifier::parse("# weights\n*\tbias\n", "").err().expect("fault");
        assert_eq!((fault.file.as_str(), fault.line), (WEIGHTS_FILE, 2));
        Verifier::load().expect("the shipped weights");
    }
}
