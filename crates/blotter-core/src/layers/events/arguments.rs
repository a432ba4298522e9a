//! Who takes part in an event, and as what: mentions near a trigger → arguments with a role.
//!
//! A softmax over the roles and "none", linear in what the report says of a mention: what it is, where it stands to the
//! trigger and behind which preposition, the trigger's type and voice. The weights (data/events/arguments.txt) are learned
//! by `training/arguments.py`; that a mention takes no part weighs nothing. The head `argument` only says which words
//! that end no mention are looked at: it has seen the texts that the weights are learned from, and they would trust it.

use std::collections::HashMap;

use super::Argument;
use crate::data::DataError;
use crate::encode::{bio, sigmoid};
use crate::layers::Input;
use crate::layers::entities::{Entity, EntityKind, Form, Mention};
use crate::layers::words::{self, Word};
use crate::text::Span;

const WEIGHTS: &str = include_str!("../../../data/events/arguments.txt");
const WEIGHTS_FILE: &str = "data/events/arguments.txt";

/// How far from its trigger an argument is looked for, in bytes: as in the training of the head.
const REACH: usize = 300;
/// A word that ends no mention is looked at where the head gives some role this probability.
const ALONE: f32 = 0.1;
/// Words between trigger and mention that are told one by one.
const SHORT: usize = 3;

/// What stands near a trigger and may be an argument.
pub struct Candidate {
    /// The mention, or the word alone.
    pub span: Span,
    /// Its last word.
    pub head: Span,
    /// Index of its entity.
    pub entity: Option<usize>,
    /// What is known of it, by name; each speaks for and against roles.
    pub features: Vec<String>,
}

/// A trigger as the arguments see it.
#[derive(Clone, Copy)]
pub struct Trigger<'t> {
    /// Where it stands.
    pub span: Span,
    /// Its type.
    pub kind: &'t str,
}

/// The learned weights.
pub struct Arguments {
    roles: Vec<&'static str>,
    /// The least probability of an argument.
    least: f64,
    /// By feature: role (an index) and weight.
    weights: HashMap<&'static str, Vec<(usize, f64)>>,
}

/// What all triggers of a report share.
pub struct Surroundings<'a> {
    input: Input<'a>,
    entities: &'a [Entity],
    words: Vec<Word<'a>>,
    /// Words of the model's tokens: first token and place.
    tokens: Vec<(usize, Span)>,
    /// Every mention in order of its end, the shortest first, with its entity.
    mentions: Vec<(Mention, usize)>,
    /// Where the triggers stand.
    triggers: Vec<Span>,
}

impl Arguments {
    /// Reads the weights that come with the program: roles and the least probability first, then
    /// `feature<TAB>role weight, role weight` a line.
    ///
    /// # Errors
    /// The line that is none of these.
    pub fn load() -> Result<Arguments, DataError> {
        let mut loaded = Arguments { roles: Vec::new(), least: 1.0, weights: HashMap::new() };
        for (number, line) in WEIGHTS.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')) {
            let fault = || DataError::new(WEIGHTS_FILE, number + 1, "expected `feature<TAB>role weight, role weight`");
            let (name, rest) = line.split_once('\t').ok_or_else(fault)?;
            match name {
                "roles" => loaded.roles = rest.split(' ').collect(),
                "least" => loaded.least = rest.parse().map_err(|_| fault())?,
                _ => {
                    let weight = |entry: &'static str| {
                        let (role, weight) = entry.split_once(' ')?;
                        Some((loaded.roles.iter().position(|r| *r == role)?, weight.parse().ok()?))
                    };
                    let list: Option<Vec<(usize, f64)>> = rest.split(", ").map(weight).collect();
                    loaded.weights.insert(name, list.ok_or_else(fault)?);
                }
            }
        }
        Ok(loaded)
    }

    /// The arguments of a trigger, in order of the text.
    pub fn of(&self, around: &Surroundings<'_>, trigger: Trigger<'_>) -> Vec<Argument> {
        let mut found: Vec<Argument> = Vec::new();
        for candidate in around.candidates(trigger) {
            let Some(role) = self.role(&candidate.features) else { continue };
            if !found.iter().any(|a| a.role == role && a.span == candidate.span) {
                found.push(Argument { role: role.to_owned(), span: candidate.span, entity: candidate.entity });
            }
        }
        found
    }

    /// The likeliest role, if it is likely enough.
    fn role(&self, features: &[String]) -> Option<&'static str> {
        let mut sums = vec![0.0f64; self.roles.len()];
        for (role, weight) in features.iter().filter_map(|name| self.weights.get(name.as_str())).flatten() {
            sums[*role] += weight;
        }
        let (best, top) = sums.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
        let all: f64 = sums.iter().map(|s| (s - top).exp()).sum::<f64>() + (-top).exp();
        (1.0 / all >= self.least).then(|| self.roles[best])
    }
}

impl<'a> Surroundings<'a> {
    /// Looks the report over once for all its triggers.
    pub fn new(input: Input<'a>, entities: &'a [Entity], triggers: Vec<Span>) -> Surroundings<'a> {
        let each = entities.iter().enumerate().flat_map(|(i, e)| e.mentions.iter().map(move |m| (*m, i)));
        let mut mentions: Vec<(Mention, usize)> = each.collect();
        mentions.sort_by_key(|(m, _)| (m.span.end, m.span.len()));
        mentions.dedup_by_key(|(m, _)| m.span.end);
        let tokens = &input.scores.tokens;
        let place =
            |word: std::ops::Range<usize>| (word.start, Span::new(tokens[word.start].start, tokens[word.end - 1].end));
        let tokens = bio::words_in(tokens, 0..tokens.len()).map(place).collect();
        Surroundings { input, entities, words: words::read(input), tokens, mentions, triggers }
    }

    /// What stands near a trigger, in order of the text, each with what is known of it.
    pub fn candidates(&self, trigger: Trigger<'_>) -> Vec<Candidate> {
        let head = self.input.scores.pair.get("argument");
        let token = self.tokens.partition_point(|(_, span)| span.end <= trigger.span.start);
        let Some(&(token, _)) = self.tokens.get(token) else { return Vec::new() };
        let likely =
            |word: usize| head.is_some_and(|h| (0..h.labels.len()).any(|l| sigmoid(h.logit(l, token, word)) > ALONE));
        let voice = self.voice(trigger);
        let near = |span: Span| span.start + REACH >= trigger.span.start && span.end <= trigger.span.end + REACH;
        let from = self.tokens.partition_point(|(_, span)| span.start + REACH < trigger.span.start);
        let mut ranks: HashMap<(&'static str, bool), usize> = HashMap::new();
        let mut found = Vec::new();
        for &(word, head_span) in self.tokens[from..].iter().take_while(|(_, span)| near(*span)) {
            if trigger.span.overlaps(head_span) {
                continue;
            }
            let ends = self.mentions.partition_point(|(m, _)| m.span.end < head_span.end);
            let mention = self.mentions.get(ends).filter(|(m, _)| m.span.end == head_span.end);
            if mention.is_none() && !likely(word) {
                continue;
            }
            let span = mention.map_or(head_span, |(m, _)| m.span);
            if trigger.span.overlaps(span) {
                continue;
            }
            let kind = mention.map_or("word", |(_, entity)| kind(&self.entities[*entity]));
            let mut features = Vec::new();
            let rank = ranks.entry((kind, head_span.start > trigger.span.start)).or_default();
            self.describe(&mut features, trigger, voice, Seen { span, head: head_span, kind, mention, rank: *rank });
            *rank += 1;
            found.push(Candidate { span, head: head_span, entity: mention.map(|(_, e)| *e), features });
        }
        found
    }

    fn describe(&self, features: &mut Vec<String>, trigger: Trigger<'_>, voice: &str, seen: Seen<'_>) {
        let mut add = |name: String| features.push(name);
        let t = trigger.kind;
        let k = seen.kind;
        let first = self.words.partition_point(|w| w.span.end <= seen.span.start);
        let last = self.words.partition_point(|w| w.span.start < seen.span.end);
        let (open, close) = (
            self.words.partition_point(|w| w.span.end <= trigger.span.start),
            self.words.partition_point(|w| w.span.start < trigger.span.end),
        );
        let after = seen.span.start > trigger.span.start;
        let between = if after { close..first } else { last..open };
        let between = self.words.get(between).unwrap_or_default();
        let side = if after { 'a' } else { 'b' };
        let sentences = self.input.sentence_at(seen.span).abs_diff(self.input.sentence_at(trigger.span));
        let far = match between.len() {
            0 => "0",
            1 => "1",
            2..=3 => "3",
            4..=6 => "6",
            7..=11 => "11",
            _ => "far",
        };
        let place = format!("{side}{far}{}", if sentences == 0 { "" } else { "/" });
        let near = format!(
            "{side}{}",
            if sentences > 0 {
                "/"
            } else if between.len() < 7 {
                "n"
            } else {
                "f"
            }
        );
        let form = seen.mention.map_or("word", |(m, _)| match m.form {
            Form::Name => "name",
            Form::Nominal => "noun",
            Form::Pronoun => "pronoun",
        });
        let before = first.checked_sub(1).and_then(|at| self.words.get(at));
        let before = before.filter(|w| w.sentence == self.input.sentence_at(seen.span)).map_or("^", |w| &w.lower);
        let next = self.words.get(last).map_or("$", |w| &w.lower);
        let word = seen.head.of(self.input.text()).to_lowercase();
        let acts = between.iter().filter(|w| self.triggers.iter().any(|t| t.overlaps(w.span))).count().min(2);
        let commas = between.iter().filter(|w| w.is(&[",", ";", "\"", "“", "”"])).count().min(2);
        let passed = self.passed(trigger, &seen, k);
        let spoken = trigger.span.of(self.input.text()).to_lowercase();
        add("all".into());
        add(format!("t:{t}"));
        add(format!("k:{k}"));
        add(format!("f:{form}"));
        add(format!("tk:{t}:{k}"));
        add(format!("tkn:{t}:{k}:{near}"));
        add(format!("d:{place}"));
        add(format!("kd:{k}:{place}"));
        add(format!("tn:{t}:{near}"));
        add(format!("p:{before}"));
        add(format!("tp:{t}:{before}"));
        add(format!("kp:{k}:{before}"));
        add(format!("sp:{side}:{before}"));
        add(format!("n:{next}"));
        add(format!("w:{word}"));
        add(format!("tw:{t}:{word}"));
        add(format!("vn:{voice}:{near}"));
        add(format!("tvn:{t}:{voice}:{near}"));
        add(format!("vkn:{voice}:{k}:{near}"));
        add(format!("s:{spoken}:{k}:{side}"));
        add(format!("sv:{spoken}:{voice}:{near}"));
        add(format!("x:{side}:{acts}"));
        add(format!("tx:{t}:{side}:{acts}"));
        add(format!("c:{side}:{commas}"));
        add(format!("r:{side}:{passed}"));
        add(format!("kr:{k}:{side}:{passed}"));
        add(format!("tkr:{t}:{k}:{side}:{passed}"));
        if between.len() <= SHORT && sentences == 0 {
            let joined: Vec<&str> = between.iter().map(|w| w.lower.as_str()).collect();
            add(format!("b:{side}:{}", joined.join("_")));
            add(format!("bv:{side}:{voice}:{}", joined.join("_")));
        }
        if let Some((_, entity)) = seen.mention {
            let entity = &self.entities[*entity];
            if let Some(group) = entity.group {
                add(format!("g:{group}"));
                add(format!("tg:{t}:{group}"));
            }
            add(format!("m:{}", entity.mentions.len().min(4)));
        }
        add(format!("rank:{k}:{side}:{}", seen.rank.min(3)));
    }

    /// How many mentions of the same kind stand nearer to the trigger on the same side, three at most.
    fn passed(&self, trigger: Trigger<'_>, seen: &Seen<'_>, k: &str) -> usize {
        let nearer = |span: Span| {
            if seen.span.start > trigger.span.start {
                span.start > trigger.span.start && span.end < seen.span.start
            } else {
                span.end <= trigger.span.start && span.start > seen.span.end
            }
        };
        self.mentions.iter().filter(|(m, e)| nearer(m.span) && kind(&self.entities[*e]) == k).count().min(3)
    }

    /// How the trigger stands in its clause: a verb in the passive or not, a noun, or after "to".
    fn voice(&self, trigger: Trigger<'_>) -> &'static str {
        let at = self.words.partition_point(|w| w.span.end <= trigger.span.start);
        let before: Vec<&Word<'_>> = self.words[..at].iter().rev().take(3).collect();
        let is = |n: usize, list: &[&str]| before.get(n).is_some_and(|w| w.is(list));
        let be = ["was", "were", "is", "are", "been", "being", "be", "got", "gets"];
        let word = self.words.get(at).map_or("", |w| w.lower.as_str());
        let adverb = before.first().is_some_and(|w| w.lower.ends_with("ly") || w.is(&["also", "not", "later"]));
        if is(0, &be) || adverb && is(1, &be) {
            return if word.ends_with("ing") { "going on" } else { "passive" };
        }
        if is(0, &["to", "will", "would", "could", "can", "may", "might", "must", "should", "did", "not"]) {
            return "infinitive";
        }
        if is(0, &["has", "have", "had", "having"]) {
            return "perfect";
        }
        let determiners =
            ["the", "a", "an", "this", "that", "his", "her", "their", "its", "of", "'s", "in", "for", "no", "any"];
        if is(0, &determiners) {
            return "noun";
        }
        match word {
            w if w.ends_with("ing") => "ing",
            w if w.ends_with("ed") => "ed",
            w if w.ends_with('s') => "s",
            _ => "plain",
        }
    }
}

/// A mention, or a word alone, beside a trigger.
struct Seen<'s> {
    span: Span,
    head: Span,
    kind: &'static str,
    mention: Option<&'s (Mention, usize)>,
    /// How many of its kind were met on this side before it.
    rank: usize,
}

/// What an entity is; several people are another kind than one.
fn kind(entity: &Entity) -> &'static str {
    match entity.kind {
        EntityKind::Person if entity.number.is_some() => "people",
        kind => kind.name(),
    }
}
