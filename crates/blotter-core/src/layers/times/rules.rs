//! The rules of `data/times/rules.txt`, and the automaton that finds where they match.

use super::TimeKind;
use super::forms::Form;
use super::lexicon::{Coded, Lexicon, Match, Slot, slot_of};
use super::pattern::{self, Step};
use crate::data::DataError;
use crate::words::{Kind, Words};
use std::collections::{HashMap, HashSet};

const NAME: &str = "times/rules.txt";
const SOURCE: &str = include_str!("../../../data/times/rules.txt");

/// How deep groups may hold groups; a bound on the recursion.
const DEEPEST: usize = 8;

/// How far a rule is trusted without the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// Read only where the model sees a time too.
    Weak,
    /// Read unless the model sees none.
    Doubtful,
    /// Read always.
    Firm,
}

/// A rule: its patterns are in the automaton.
pub(super) struct Rule {
    pub name: &'static str,
    pub kind: TimeKind,
    pub form: Form,
    pub trust: Trust,
    /// Slots that the rule itself fills.
    pub fixed: Vec<(&'static str, Slot)>,
    groups: Vec<&'static str>,
    guards: Vec<Guard>,
    patterns: Vec<(usize, &'static str)>,
}

/// Words that must, or must not, stand before or after a match.
struct Guard {
    wanted: bool,
    before: bool,
    words: Vec<&'static str>,
}

/// All rules, and a trie over their patterns for the text and for each group.
pub(super) struct Rules {
    pub list: Vec<Rule>,
    lexicon: Lexicon,
    groups: Vec<&'static str>,
    /// The first for the whole grammar, then one for each group.
    tries: Vec<Vec<Node>>,
    /// The words that some pattern begins with.
    first_words: HashSet<&'static str>,
}

#[derive(Default)]
struct Node {
    words: HashMap<&'static str, usize>,
    classes: Vec<(Class, &'static str, usize)>,
    rules: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Listed(usize),
    Coded(Coded),
    Group(usize),
}

impl Rules {
    /// Loads the rules and the word lists.
    pub fn load() -> Result<Rules, DataError> {
        let (list, lets) = parse()?;
        let mut groups: Vec<&'static str> = Vec::new();
        for group in list.iter().flat_map(|rule: &Rule| &rule.groups) {
            if !groups.contains(group) {
                groups.push(group);
            }
        }
        let tries = (0..=groups.len()).map(|_| vec![Node::default()]).collect();
        let mut rules = Rules { list, lexicon: Lexicon::load()?, groups, tries, first_words: HashSet::new() };
        for rule in 0..rules.list.len() {
            for (line, text) in rules.list[rule].patterns.clone() {
                let fault = |reason: String| DataError::new(NAME, line, reason);
                for sequence in pattern::sequences(text, &lets).map_err(fault)? {
                    rules.insert(0, rule, &sequence).map_err(fault)?;
                    for group in rules.list[rule].groups.clone() {
                        let trie = 1 + rules.groups.iter().position(|g| *g == group).unwrap_or(0);
                        rules.insert(trie, rule, &sequence).map_err(fault)?;
                    }
                }
            }
        }
        rules.first_words = rules.tries.iter().flat_map(|trie| trie[0].words.keys().copied()).collect();
        Ok(rules)
    }

    fn insert(&mut self, trie: usize, rule: usize, steps: &[Step]) -> Result<(), String> {
        let mut at = 0;
        for step in steps {
            let fresh = self.tries[trie].len();
            let next = match *step {
                Step::Word(word) => *self.tries[trie][at].words.entry(word).or_insert(fresh),
                Step::Class(class, slot) => {
                    let class = self.class(class).ok_or(format!("no class {class}"))?;
                    let edges = &mut self.tries[trie][at].classes;
                    match edges.iter().find(|(c, s, _)| *c == class && *s == slot) {
                        Some((_, _, next)) => *next,
                        None => {
                            edges.push((class, slot, fresh));
                            fresh
                        }
                    }
                }
            };
            if next == fresh {
                self.tries[trie].push(Node::default());
            }
            at = next;
        }
        // Nothing at all matches nothing.
        if at != 0 {
            self.tries[trie][at].rules.push(rule);
        }
        Ok(())
    }

    fn class(&self, name: &str) -> Option<Class> {
        let group = || self.groups.iter().position(|group| *group == name).map(|i| Class::Group(i + 1));
        let listed = || self.lexicon.class(name).map(Class::Listed);
        Lexicon::coded(name).map(Class::Coded).or_else(listed).or_else(group)
    }

    /// The longest matches of the text, from its beginning, without overlap.
    pub fn scan(&self, words: &Words<'_>) -> Vec<Match> {
        let (mut found, mut at) = (Vec::new(), 0);
        while at < words.len() {
            if !self.may_begin(words, at) {
                at += 1;
                continue;
            }
            match self.longest(words, 0, at, 0) {
                Some(hit) => {
                    at = hit.to;
                    found.push(hit);
                }
                None => at += 1,
            }
        }
        found
    }

    /// Whether any pattern may begin at `at`: most words are in no list, and need no walk.
    fn may_begin(&self, words: &Words<'_>, at: usize) -> bool {
        match words.get(at).map(|word| word.kind) {
            Some(Kind::Word) => self.lexicon.knows(words.lower(at)) || self.begins(words.lower(at)),
            Some(Kind::Mark | Kind::Dash) => self.begins(literal(words, at)),
            _ => true,
        }
    }

    fn begins(&self, word: &str) -> bool {
        self.first_words.contains(word)
    }

    fn longest(&self, words: &Words<'_>, trie: usize, from: usize, depth: usize) -> Option<Match> {
        if depth > DEEPEST {
            return None;
        }
        let mut walk = Walk { rules: self, words, trie, from, depth, slots: Vec::new(), best: None };
        walk.step(0, from);
        walk.best
    }
}

/// One walk down a trie, from one word.
struct Walk<'r, 't> {
    rules: &'r Rules,
    words: &'r Words<'t>,
    trie: usize,
    from: usize,
    depth: usize,
    slots: Vec<(&'static str, Slot)>,
    best: Option<Match>,
}

impl Walk<'_, '_> {
    fn step(&mut self, node: usize, at: usize) {
        let rules = self.rules;
        let node = &rules.tries[self.trie][node];
        for rule in node.rules.iter().copied() {
            let better = self.best.as_ref().is_none_or(|b| at > b.to || (at == b.to && rule < b.rule));
            if better && self.guarded(rule, at) {
                let mut slots = self.slots.clone();
                slots.extend_from_slice(&rules.list[rule].fixed);
                self.best = Some(Match { rule, from: self.from, to: at, slots });
            }
        }
        if at >= self.words.len() || (at > self.from && self.words.parted(at)) {
            return;
        }
        if let Some(next) = node.words.get(literal(self.words, at)) {
            self.step(*next, at + 1);
        }
        for (class, slot, next) in &node.classes {
            let read = match *class {
                Class::Listed(class) => rules.lexicon.listed(self.words, at, class).map(|s| (s.clone(), at + 1)),
                Class::Coded(class) => rules.lexicon.read(self.words, at, class),
                Class::Group(trie) => rules.longest(self.words, trie, at, self.depth + 1).map(|hit| {
                    let to = hit.to;
                    (Slot::Sub(Box::new(hit)), to)
                }),
            };
            if let Some((value, end)) = read {
                self.slots.push((slot, value));
                self.step(*next, end);
                self.slots.pop();
            }
        }
    }

    /// Whether the words around a match that ends at `to` allow it.
    fn guarded(&self, rule: usize, to: usize) -> bool {
        self.rules.list[rule].guards.iter().all(|guard| {
            let word = match guard.before {
                true => self.from.checked_sub(1).map_or("", |i| literal(self.words, i)),
                false => literal(self.words, to),
            };
            guard.words.contains(&word) == guard.wanted
        })
    }
}

/// The word at `at` as patterns write it: a dash inside words is "-", any other "--", any apostrophe "'".
fn literal<'w>(words: &'w Words<'_>, at: usize) -> &'w str {
    match words.lower(at) {
        dash if words.is(at, Kind::Dash) => match dash {
            "-" | "\u{2010}" | "\u{2011}" | "\u{2013}" => "-",
            _ => "--",
        },
        "\u{2019}" | "\u{2018}" | "`" => "'",
        word => word,
    }
}

type Lets = Vec<(&'static str, &'static str)>;

/// The rules and the shorthands, in the order of the file.
fn parse() -> Result<(Vec<Rule>, Lets), DataError> {
    let (mut list, mut lets): (Vec<Rule>, Lets) = (Vec::new(), Vec::new());
    for (i, line) in SOURCE.lines().enumerate() {
        let fault = |reason: &str| DataError::new(NAME, i + 1, reason);
        let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
        match (mark, list.last_mut()) {
            ("", _) | ("#", _) => {}
            ("let", _) => lets.push(rest.split_once(" = ").ok_or_else(|| fault("a let is: let NAME = pattern"))?),
            ("rule", _) => list.push(header(rest).ok_or_else(|| fault("a rule needs a name"))?),
            ("=", Some(rule)) => rule.patterns.push((i + 1, rest)),
            ("?" | "!", Some(rule)) => rule.guards.push(guard(mark == "?", rest).map_err(fault)?),
            (">", Some(rule)) => gives(rule, rest).map_err(|reason| fault(&reason))?,
            ("+" | "-", Some(_)) => {}
            _ => return Err(fault("a line begins with let, rule, =, ?, !, >, +, - or #")),
        }
    }
    Ok((list, lets))
}

fn header(line: &'static str) -> Option<Rule> {
    let mut words = line.split_whitespace();
    let name = words.next()?;
    let mut rule = Rule {
        name,
        kind: TimeKind::Date,
        form: Form::Nothing,
        trust: Trust::Firm,
        fixed: Vec::new(),
        groups: Vec::new(),
        guards: Vec::new(),
        patterns: Vec::new(),
    };
    for word in words {
        match word {
            "in" => {}
            "weak" => rule.trust = Trust::Weak,
            "doubtful" => rule.trust = Trust::Doubtful,
            group => rule.groups.push(group),
        }
    }
    Some(rule)
}

fn guard(wanted: bool, line: &'static str) -> Result<Guard, &'static str> {
    let mut words = line.split_whitespace();
    let before = match words.next() {
        Some("before") => true,
        Some("after") => false,
        _ => return Err("a guard is: before or after, then words"),
    };
    Ok(Guard { wanted, before, words: words.collect() })
}

fn gives(rule: &mut Rule, line: &'static str) -> Result<(), String> {
    let mut words = line.split_whitespace();
    rule.kind = match words.next() {
        Some("DATE") => TimeKind::Date,
        Some("TIME") => TimeKind::Time,
        Some("DURATION") => TimeKind::Duration,
        Some("SET") => TimeKind::Set,
        _ => return Err("a value is DATE, TIME, DURATION or SET".into()),
    };
    let form = words.next().unwrap_or("");
    rule.form = Form::named(form).ok_or(format!("no form {form}"))?;
    for word in words {
        let (slot, value) = word.split_once('=').ok_or(format!("{word} is not slot=value"))?;
        rule.fixed.push((slot, slot_of(value)));
    }
    Ok(())
}

/// The examples of the rules: line, and the text with what it means.
#[cfg(test)]
pub(super) fn examples() -> Vec<(usize, &'static str)> {
    let lines = SOURCE.lines().enumerate();
    lines.filter(|(_, line)| line.starts_with("+ ") || line.starts_with("- ")).map(|(i, l)| (i + 1, l)).collect()
}
