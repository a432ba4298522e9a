//! What the reading model says about place names, beside the rules: its head "toponym" (labels O, B-.., I-..) is the
//! main evidence where there is one, the rules add names that the gazetteer is sure of and take away what they know
//! better. Without the head the rules decide alone.

use super::detect::{Detector, Mention, Sort};
use super::tokens::Word;
use crate::encode::{Scores, TokenScores};
use crate::layers::Input;
use crate::text::Span;

const HEAD: &str = "toponym";
/// Without the model a mention needs this score.
const FLOOR: f32 = 0.0;
/// With it, a mention of this score may still be one.
const WEAK: f32 = -3.0;
/// How much the rules' and the model's log-odds count where both speak. By hand, to be set when the model is there.
const RULES: f32 = 0.6;
const MODEL: f32 = 0.0;
/// Log-odds of the model beyond this count no more.
const SUREST: f32 = 5.0;

/// What the model thinks of each word.
struct Belief {
    /// It is in a place name.
    inside: f32,
    /// A place name begins with it.
    begins: f32,
}

/// The mentions that rules and model together find, in order, without overlap.
pub fn merge(detector: &Detector<'_>, input: Input<'_>) -> Vec<Mention> {
    // Measured on development sets, the first weights lower detection (GeoWebNews 90.1 to 81.9): not heard as long as
    // `MODEL` is 0.
    let head = input.scores.token.get(HEAD).filter(|h| !h.labels.is_empty() && MODEL > 0.0);
    let Some(head) = head else {
        return detector.mentions(FLOOR);
    };
    let beliefs = beliefs(input.scores, head, detector.words);
    let mut found: Vec<Mention> = detector
        .mentions(WEAK)
        .into_iter()
        .map(|mut mention| {
            mention.score = RULES * mention.score + MODEL * log_odds(&beliefs[mention.first..=mention.last]);
            mention
        })
        .filter(|mention| mention.score > 0.0)
        .collect();
    for (first, last) in spans(&beliefs) {
        take(detector, &beliefs, (first, last), &mut found);
    }
    found.sort_by_key(|m| m.span.start);
    found
}

/// Adds the model's span, unless the rules have it already; where it holds one of theirs, the span is the model's.
fn take(detector: &Detector<'_>, beliefs: &[Belief], (first, last): (usize, usize), found: &mut Vec<Mention>) {
    let touching = |m: &&Mention| m.first <= last && first <= m.last;
    let inside = |m: &&Mention| first <= m.first && m.last <= last;
    let theirs: Vec<&Mention> = found.iter().filter(touching).collect();
    let known = match theirs[..] {
        [] => None,
        [one] if inside(&one) && (one.first, one.last) != (first, last) && one.sort == Sort::Name => Some(one.clone()),
        _ => return,
    };
    let span = Span::new(detector.words[first].start, detector.words[last].end);
    let score = MODEL * log_odds(&beliefs[first..=last]);
    let named = detector.named(first, last).or_else(|| known.clone());
    let mention = match named {
        Some(mention) => Mention { span: mention.span.join(span), first, last, score, rule: "model, name", ..mention },
        None => Mention {
            span,
            first,
            last,
            key: super::tokens::normalize(span.of(detector.text)),
            hits: Vec::new(),
            sort: Sort::Unknown,
            score,
            rule: "model",
        },
    };
    if let Some(known) = known {
        found.retain(|m| m.span != known.span);
    }
    found.push(mention);
}

/// The model's own spans, as first and last word.
fn spans(beliefs: &[Belief]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (at, belief) in beliefs.iter().enumerate().filter(|(_, b)| b.inside > 0.5) {
        match found.last_mut() {
            Some((_, last)) if *last + 1 == at && belief.begins <= 0.5 => *last = at,
            _ => found.push((at, at)),
        }
    }
    found
}

/// Each word's belief: the mean over its tokens, the beginning from its first.
fn beliefs(scores: &Scores, head: &TokenScores, words: &[Word]) -> Vec<Belief> {
    let outside: Vec<bool> = head.labels.iter().map(|l| l == "O").collect();
    let begin: Vec<bool> = head.labels.iter().map(|l| l.starts_with("B-")).collect();
    let mut from = 0;
    words
        .iter()
        .map(|word| {
            from += scores.tokens[from..].iter().take_while(|t| t.end <= word.start).count();
            let own = scores.tokens[from..].iter().take_while(|t| t.start < word.end).count();
            let rows: Vec<Vec<f32>> = (from..from + own).map(|t| softmax(head.row(t))).collect();
            let sum =
                |row: &Vec<f32>, of: &[bool]| row.iter().zip(of).filter(|(_, o)| **o).map(|(p, _)| p).sum::<f32>();
            let out: f32 = rows.iter().map(|row| sum(row, &outside)).sum::<f32>() / rows.len().max(1) as f32;
            let inside = if rows.is_empty() { 0.0 } else { 1.0 - out };
            Belief { inside, begins: rows.first().map_or(0.0, |row| sum(row, &begin)) }
        })
        .collect()
}

fn softmax(logits: &[f32]) -> Vec<f32> {
    let top = logits.iter().copied().fold(f32::MIN, f32::max);
    let raised: Vec<f32> = logits.iter().map(|l| (l - top).exp()).collect();
    let total: f32 = raised.iter().sum();
    raised.into_iter().map(|r| r / total).collect()
}

/// The mean belief that the words are in a place name, as log-odds.
fn log_odds(beliefs: &[Belief]) -> f32 {
    let mean = beliefs.iter().map(|b| b.inside).sum::<f32>() / beliefs.len().max(1) as f32;
    (mean / (1.0 - mean)).ln().clamp(-SUREST, SUREST)
}
