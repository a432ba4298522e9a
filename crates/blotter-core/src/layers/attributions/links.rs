//! Which cue carries which content, and who speaks it: the model's pair scores weighed with where the spans stand.
//!
//! Two logistic regressions, one for cue and content, one for cue and source, with the weights of
//! `data/attributions/links.txt`.

use super::borders::{Piece, Words};
use super::{Attribution, lists};
use crate::data::DataError;
use crate::encode::PairScores;
use crate::layers::Input;

const LINKS: &str = include_str!("../../../data/attributions/links.txt");
const LINKS_FILE: &str = "data/attributions/links.txt";
/// The features in the order in which `features` gives them; the weight of the first is the bias.
const NAMES: [&str; 16] = [
    "bias",
    "link",
    "gap",
    "sentence",
    "paragraph",
    "before",
    "before_sentence",
    "before_paragraph",
    "cues",
    "same",
    "other",
    "quoted",
    "touch",
    "touch_after",
    "inside",
    "cue_inside",
];
/// Spans further apart than this many bytes, about three paragraphs, are not linked.
const REACH: usize = 1200;
/// From this score (a log-odds, here 0.6) every link holds; without one, the best does.
const SURE: f64 = 0.405;
/// A best link below this score is none.
const LEAST: f64 = -8.0;
/// The logit of the model is kept within this, either way.
const LARGEST: f32 = 6.0;
/// So many first words of a content or source are asked for their link: a mended span may begin before the model's.
const FIRST_WORDS: usize = 3;
/// Counts of spans between two stop here.
const MANY: usize = 3;

/// The weights of a link, by `NAMES`.
type Weights = [f64; NAMES.len()];

/// The linking rules.
pub(super) struct Links {
    contents: Weights,
    sources: Weights,
}

/// All spans that were found.
pub(super) struct Found<'a> {
    pub(super) words: &'a Words,
    pub(super) cues: &'a [Piece],
    pub(super) sources: &'a [Piece],
    pub(super) contents: &'a [Piece],
}

/// One of the two links: its pair head, its weights, the spans it goes to, the others.
struct Link<'a> {
    pair: Option<&'a PairScores>,
    weights: &'a Weights,
    same: &'a [Piece],
    other: &'a [Piece],
    contents: bool,
}

impl Links {
    /// Loads the weights.
    ///
    /// # Errors
    /// The line and reason of a fault in them.
    pub(super) fn load() -> Result<Links, DataError> {
        let mut links = Links { contents: [0.0; NAMES.len()], sources: [0.0; NAMES.len()] };
        for (line, name, values) in lists(LINKS, LINKS_FILE)? {
            let fault = |reason: &'static str| DataError::new(LINKS_FILE, line, reason);
            let at = NAMES.iter().position(|n| *n == name).ok_or_else(|| fault("no such feature"))?;
            let [content, source] = values.as_slice() else { return Err(fault("expected two weights")) };
            links.contents[at] = content.parse().map_err(|_| fault("not a number"))?;
            links.sources[at] = source.parse().map_err(|_| fault("not a number"))?;
        }
        Ok(links)
    }

    /// Joins every cue that has a content with its contents and sources, in order of the cues.
    pub(super) fn join(&self, input: Input<'_>, found: &Found<'_>) -> Vec<Attribution> {
        let pairs = &input.scores.pair;
        let Found { cues, sources, contents, words } = *found;
        let to_content = Link {
            pair: pairs.get("content_of"),
            weights: &self.contents,
            same: contents,
            other: sources,
            contents: true,
        };
        let to_source = Link {
            pair: pairs.get("source_of"),
            weights: &self.sources,
            same: sources,
            other: contents,
            contents: false,
        };
        let mut owned: Vec<Vec<(usize, f64)>> = vec![Vec::new(); cues.len()];
        for (index, content) in contents.iter().enumerate() {
            let scores: Vec<f64> = cues.iter().map(|cue| to_content.score(found, cue, content)).collect();
            for cue in chosen(&scores) {
                owned[cue].push((index, scores[cue]));
            }
        }
        let mut joined = Vec::new();
        for (cue, owned) in cues.iter().zip(owned) {
            let Some(sure) = owned.iter().map(|(_, score)| *score).reduce(f64::max) else { continue };
            let scores: Vec<f64> = sources.iter().map(|source| to_source.score(found, cue, source)).collect();
            let certain = owned.iter().map(|(i, _)| contents[*i].confidence).fold(0.0, f32::max);
            joined.push(Attribution {
                source: chosen(&scores).into_iter().map(|i| sources[i].span(words)).collect(),
                cue: vec![cue.span(words)],
                content: owned.iter().map(|(i, _)| contents[*i].span(words)).collect(),
                confidence: f64::from(cue.confidence) * f64::from(certain) / (1.0 + (-sure).exp()),
                ..Attribution::default()
            });
        }
        joined
    }
}

/// Those with a sure score, else the best if it is not too low.
fn chosen(scores: &[f64]) -> Vec<usize> {
    let sure: Vec<usize> = (0..scores.len()).filter(|i| scores[*i] > SURE).collect();
    if !sure.is_empty() {
        return sure;
    }
    let best = (0..scores.len()).filter(|i| scores[*i] > LEAST);
    best.reduce(|a, b| if scores[b] > scores[a] { b } else { a }).into_iter().collect()
}

impl Link<'_> {
    /// The log-odds that the cue and the span belong together; minus infinity where they are too far apart.
    fn score(&self, found: &Found<'_>, cue: &Piece, span: &Piece) -> f64 {
        let (a, b) = (cue.span(found.words), span.span(found.words));
        if !a.overlaps(b) && a.start.max(b.start) - a.end.min(b.end) > REACH {
            return f64::NEG_INFINITY;
        }
        self.features(found, cue, span).iter().zip(self.weights).map(|(value, weight)| value * weight).sum()
    }

    fn features(&self, found: &Found<'_>, cue: &Piece, span: &Piece) -> [f64; NAMES.len()] {
        let words = found.words;
        let (c, x) = (&cue.words, &span.words);
        let (low, high) = if c.end <= x.start { (c.end, x.start) } else { (x.end, c.start) };
        let gap = high.saturating_sub(low);
        let ends = [x.start, x.end - 1];
        let sentence = ends.iter().any(|w| words.sentence[*w] == words.sentence[c.start]);
        let paragraph = ends.iter().any(|w| words.paragraph[*w] == words.paragraph[c.start]);
        let before = x.start < c.start;
        let between = |pieces: &[Piece]| {
            let inside = |p: &&Piece| low <= p.words.start && p.words.end <= high && p.words != *x;
            pieces.iter().filter(inside).take(MANY).count() as f64
        };
        let within = |pieces: &[Piece], inner: &Piece| {
            pieces.iter().any(|p| p.words.start <= inner.words.start && inner.words.end <= p.words.end)
        };
        let mark = ["'", "\"", "“", "”", "’", "‘"].contains(&words.lower[x.start].as_str());
        let flag = |holds: bool| f64::from(u8::from(holds));
        [
            1.0,
            f64::from(self.logit(words, cue, span)),
            (gap as f64).ln_1p(),
            flag(sentence),
            flag(paragraph),
            flag(before),
            flag(before && sentence),
            flag(before && paragraph),
            between(found.cues),
            between(self.same),
            between(self.other),
            flag(mark && paragraph),
            flag(gap <= 1),
            flag(gap <= 1 && !before),
            flag(within(self.other, span)),
            flag(within(if self.contents { self.same } else { self.other }, cue)),
        ]
    }

    /// The largest of the model's logits between words of the cue and the first words of the span.
    fn logit(&self, words: &Words, cue: &Piece, span: &Piece) -> f32 {
        let Some(pair) = self.pair else { return -LARGEST };
        let firsts = span.words.start..span.words.end.min(span.words.start + FIRST_WORDS);
        let pairs = cue.words.clone().flat_map(|a| firsts.clone().map(move |b| (a, b)));
        let logits = pairs.map(|(a, b)| pair.logit(0, words.token(a), words.token(b)));
        logits.fold(-LARGEST, f32::max).min(LARGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_sure_links_hold_or_else_the_best() {
        assert_eq!(chosen(&[1.0, -1.0, 2.0]), [0, 2]);
        assert_eq!(chosen(&[-3.0, -1.0, -2.0]), [1]);
        assert_eq!(chosen(&[-9.0, f64::NEG_INFINITY]), Vec::<usize>::new());
        assert_eq!(chosen(&[]), Vec::<usize>::new());
    }

    #[test]
    fn every_feature_has_its_weights() {
        let links = Links::load().expect("loads");
        assert!(links.contents[0] != 0.0 && links.sources[0] != 0.0);
        let named = |name: &str| LINKS.lines().any(|l| l.starts_with(&format!("{name}:")));
        assert!(NAMES.iter().all(|n| named(n)));
    }
}
