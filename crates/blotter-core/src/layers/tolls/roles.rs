//! Who of the people told of is a victim, and who a suspect.

use std::collections::BTreeMap;

use super::TollMention;
use crate::facts::{Field, Harm};
use crate::layers::Input;
use crate::layers::entities::{Entity, EntityKind, Form};
use crate::text::Span;

/// A person's part in what the report tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Role {
    /// Index of the entity.
    pub entity: usize,
    /// `Field::Victim` or `Field::Suspect`.
    pub field: Field,
    /// What befell them, the gravest first.
    pub harm: Option<Harm>,
    /// 0 to 1.
    pub confidence: f64,
}

/// Words about somebody that make a suspect of him, and their weight.
pub(super) const SUSPECT_WORDS: [&str; 30] = [
    "suspect",
    "suspects",
    "suspected",
    "arrest",
    "arrested",
    "arrests",
    "charged",
    "charges",
    "charge",
    "accused",
    "custody",
    "jail",
    "jailed",
    "gunman",
    "shooter",
    "convicted",
    "sentenced",
    "warrant",
    "warrants",
    "bond",
    "bail",
    "pleaded",
    "fired",
    "indicted",
    "alleged",
    "allegedly",
    "defendant",
    "manslaughter",
    "detained",
    "guilty",
];
pub(super) const VICTIM_WORDS: [&str; 29] = [
    "fatal",
    "fatally",
    "wounding",
    "survivor",
    "surgery",
    "survive",
    "gunfire",
    "victim",
    "victims",
    "killed",
    "died",
    "dead",
    "wounded",
    "injured",
    "wound",
    "wounds",
    "injuries",
    "hospital",
    "hospitalized",
    "condition",
    "pronounced",
    "shot",
    "struck",
    "identified",
    "hit",
    "deceased",
    "killing",
    "death",
    "murder",
];

/// The roles of the persons of one incident, in order of the entities.
pub fn roles(input: Input<'_>, mentions: &[TollMention], entities: &[Entity]) -> Vec<Role> {
    let mut evidence: BTreeMap<usize, Evidence> = BTreeMap::new();
    for mention in mentions.iter().filter(|m| !m.negated && m.rule != "series") {
        for entity in &mention.entities {
            evidence.entry(*entity).or_default().take(mention);
        }
    }
    inherit(input, entities, &mut evidence);
    let mut found = Vec::new();
    for (index, entity) in entities.iter().enumerate().filter(|(_, e)| e.kind == EntityKind::Person) {
        let mut evidence = evidence.remove(&index).unwrap_or_default();
        let official = matches!(entity.group, Some("police" | "government" | "media")) && entity.age.is_none();
        evidence.context(input, entity);
        if let Some((field, confidence)) = evidence.role().filter(|r| !official || r.0 == Field::Victim) {
            found.push(Role { entity: index, field, harm: evidence.harm(), confidence });
        }
    }
    found
}

/// People told of one by one behind a plural ("the victims, Orlin Maddow and Ilka Brandt") share in what it tells.
fn inherit(input: Input<'_>, entities: &[Entity], evidence: &mut BTreeMap<usize, Evidence>) {
    let plural: Vec<(usize, Span)> = entities
        .iter()
        .enumerate()
        .filter(|(i, e)| e.kind == EntityKind::Person && several(e) && evidence.contains_key(i))
        .flat_map(|(i, e)| e.mentions.iter().map(move |m| (i, m.span)))
        .collect();
    for (index, entity) in entities.iter().enumerate().filter(|(_, e)| e.age.is_some() && !several(e)) {
        if evidence.contains_key(&index) {
            continue;
        }
        let Some(first) = entity.mentions.first() else { continue };
        let sentence = input.sentence_at(first.span);
        let before = plural.iter().filter(|(_, s)| s.end <= first.span.start && input.sentence_at(*s) == sentence);
        if let Some(shared) = before.max_by_key(|(_, s)| s.end).and_then(|(i, _)| evidence.get(i)).cloned() {
            evidence.insert(index, shared);
        }
    }
}

/// Whether the entity is more than one person, as its number or the form of its mentions shows.
fn several(entity: &Entity) -> bool {
    entity.number.is_some() || entity.name.ends_with('s') && entity.mentions.iter().all(|m| m.form != Form::Name)
}

/// Leaves as many victims with an age as were killed and wounded in all (`harmed`): those mentioned later belong to other
/// events.
pub fn within(found: &mut Vec<Role>, entities: &[Entity], harmed: u64) {
    let size = |r: &Role| entities[r.entity].number.and_then(|n| n.1).unwrap_or(1);
    let mut room = harmed.saturating_sub(
        found
            .iter()
            .filter(|r| r.field == Field::Suspect && matches!(r.harm, Some(Harm::Killed | Harm::Wounded)))
            .count() as u64,
    );
    let aged = |r: &Role| r.field == Field::Victim && entities[r.entity].age.is_some();
    found.sort_by_key(|r| (r.confidence < 0.3, r.entity));
    found.retain(|r| {
        if !aged(r) {
            return true;
        }
        let fits = size(r) <= room;
        room = room.saturating_sub(size(r));
        fits
    });
    found.sort_by_key(|r| r.entity);
}

/// What the text has of one person.
#[derive(Default, Clone)]
struct Evidence {
    killed: bool,
    wounded: bool,
    arrested: bool,
    harmed: f64,
    suspected: f64,
}

impl Evidence {
    fn take(&mut self, mention: &TollMention) {
        match mention.field {
            Field::Killed => {
                self.killed = true;
                self.harmed += 1.0;
            }
            Field::Wounded | Field::Casualties => {
                self.wounded = true;
                self.harmed += if mention.rule == "care" { 0.6 } else { 1.0 };
            }
            Field::Arrested => {
                self.arrested = true;
                self.suspected += 1.5;
            }
            Field::Suspect => self.suspected += if mention.rule == "actor" { 0.8 } else { 1.5 },
            _ => {}
        }
    }

    /// The words of the sentences in which the person is named or aged, where nothing told more.
    fn context(&mut self, input: Input<'_>, entity: &Entity) {
        if matches!(entity.group, Some("criminal" | "armed-group")) {
            self.suspected += 1.5;
        }
        let called =
            |word: &str| entity.mentions.iter().any(|m| input.report.words(m.span).to_lowercase().ends_with(word));
        if called("victim") || called("victims") {
            self.harmed += 1.0;
        }
        if self.harmed + self.suspected > 0.0 || (entity.age.is_none() && entity.number.is_none()) {
            return;
        }
        for mention in entity.mentions.iter().filter(|m| m.form != Form::Pronoun) {
            let Some(sentence) = input.sentences.get(input.sentence_at(mention.span)) else { continue };
            for word in input.report.words(sentence.span).split(|c: char| !c.is_alphanumeric()) {
                let word = word.to_lowercase();
                self.suspected += if SUSPECT_WORDS.contains(&word.as_str()) { 0.3 } else { 0.0 };
                self.harmed += if VICTIM_WORDS.contains(&word.as_str()) { 0.2 } else { 0.0 };
            }
        }
    }

    fn role(&self) -> Option<(Field, f64)> {
        let told = self.harmed + self.suspected;
        if told < 0.2 {
            return None;
        }
        let suspect = self.suspected >= 0.45 * told;
        let share = if suspect { self.suspected } else { self.harmed } / told;
        Some((if suspect { Field::Suspect } else { Field::Victim }, 0.9 * share * (told / 1.5).min(1.0)))
    }

    fn harm(&self) -> Option<Harm> {
        match (self.killed, self.wounded, self.arrested) {
            (true, _, _) => Some(Harm::Killed),
            (_, true, _) => Some(Harm::Wounded),
            (_, _, true) => Some(Harm::Arrested),
            _ => None,
        }
    }
}
