//! What the encoder says of a text: the scores of every head, over tokens, pairs of tokens and the whole text.

use std::collections::BTreeMap;

/// One WordPiece token of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte in the text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Whether the token continues the word that the token before it began.
    pub continues: bool,
}

/// What a head scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HeadKind {
    /// Every token, one logit a label.
    Token,
    /// The whole text, one logit a label.
    Document,
    /// Ordered pairs of tokens, one logit a label.
    Pair,
}

/// The name, kind and labels of a head, as the weight file's manifest gives them.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Head {
    /// Name, the same in training and here.
    pub name: String,
    /// What it scores.
    pub kind: HeadKind,
    /// Labels in the order of the logits.
    pub labels: Vec<String>,
    /// Pair heads: length of one projected vector.
    #[serde(default)]
    pub width: Option<usize>,
}

/// Logits of one token head: `tokens × labels`, row-major.
#[derive(Clone, Debug, Default)]
pub struct TokenScores {
    /// Labels in the order of the columns.
    pub labels: Vec<String>,
    /// `tokens × labels` logits.
    pub logits: Vec<f32>,
}

impl TokenScores {
    /// The logits of one token, in the order of `labels`.
    pub fn row(&self, token: usize) -> &[f32] {
        let n = self.labels.len();
        &self.logits[token * n..(token + 1) * n]
    }
}

/// Logits of one document head: the first window's row is the head of the report, so that a
/// reader may weigh the beginning more than the rest.
#[derive(Clone, Debug, Default)]
pub struct DocumentScores {
    /// Labels in the order of the logits.
    pub labels: Vec<String>,
    /// One row of logits per window, in the order of the text.
    pub windows: Vec<Vec<f32>>,
}

/// Projections of one pair head: the logit of label `l` for the ordered pair (i, j) is
/// `query[i, l] · key[j, l] / sqrt(width) + bias[l]`.
#[derive(Clone, Debug, Default)]
pub struct PairScores {
    /// Labels.
    pub labels: Vec<String>,
    /// Length of one projected vector.
    pub width: usize,
    /// `tokens × labels × width`.
    pub query: Vec<f32>,
    /// `tokens × labels × width`.
    pub key: Vec<f32>,
    /// One bias a label.
    pub bias: Vec<f32>,
}

impl PairScores {
    /// The logit of `label` for the ordered pair of tokens (`from`, `to`).
    pub fn logit(&self, label: usize, from: usize, to: usize) -> f32 {
        let (n, w) = (self.labels.len(), self.width);
        let q = &self.query[(from * n + label) * w..][..w];
        let k = &self.key[(to * n + label) * w..][..w];
        q.iter().zip(k).map(|(a, b)| a * b).sum::<f32>() / (w as f32).sqrt() + self.bias[label]
    }
}

/// The scores of every head for one text. Heads are found by name.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    /// The tokens of the text, in order, without overlap.
    pub tokens: Vec<Token>,
    /// Token heads by name.
    pub token: BTreeMap<String, TokenScores>,
    /// Document heads by name.
    pub document: BTreeMap<String, DocumentScores>,
    /// Pair heads by name.
    pub pair: BTreeMap<String, PairScores>,
}
