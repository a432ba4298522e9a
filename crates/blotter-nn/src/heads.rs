//! Linear heads on the encoder's vectors.

use crate::linear::{Kernels, Linear, Scratch};
use crate::scores::{DocumentScores, Head, HeadKind, PairScores, Scores, TokenScores};
use crate::weights::{WeightError, WeightFile};

/// A head with its weights.
pub(crate) struct LoadedHead {
    name: String,
    labels: Vec<String>,
    map: Map,
}

enum Map {
    Token(Linear),
    Document(Linear),
    Pair(Box<PairMap>),
}

struct PairMap {
    query: Linear,
    key: Linear,
    width: usize,
    bias: Vec<f32>,
}

/// What the heads say of one window.
pub(crate) struct WindowScores {
    /// One a head, in the order of the heads.
    heads: Vec<HeadRows>,
}

enum HeadRows {
    /// Logits, `tokens × labels`.
    Token(Vec<f32>),
    /// Logits of the window.
    Document(Vec<f32>),
    /// Query and key, `tokens × labels × width` each.
    Pair(Vec<f32>, Vec<f32>),
}

impl LoadedHead {
    /// Loads one head, checking every shape.
    pub(crate) fn load(
        file: &WeightFile<'_>,
        kernels: &Kernels,
        hidden: usize,
        head: &Head,
    ) -> Result<LoadedHead, WeightError> {
        let labels = head.labels.len();
        let map = |part: &str, bias: &str, outputs: usize, inputs: usize| {
            let name = |part: &str| format!("heads.{}.{part}", head.name);
            let weights = file.floats(&name(part), &[outputs, inputs])?;
            let bias = file.floats(&name(bias), &[outputs])?;
            Ok(Linear::float(kernels, &weights, bias, inputs))
        };
        let map = match head.kind {
            HeadKind::Token => Map::Token(map("weight", "bias", labels, hidden)?),
            HeadKind::Document => Map::Document(map("weight", "bias", labels, 2 * hidden)?),
            HeadKind::Pair => {
                let width = head.width.unwrap_or(0);
                Map::Pair(Box::new(PairMap {
                    query: map("query", "query.bias", labels * width, hidden)?,
                    key: map("key", "key.bias", labels * width, hidden)?,
                    width,
                    bias: file.floats(&format!("heads.{}.bias", head.name), &[labels])?,
                }))
            }
        };
        Ok(LoadedHead { name: head.name.clone(), labels: head.labels.clone(), map })
    }

    fn rows(&self, kernels: &Kernels, vectors: &[f32], hidden: usize, scratch: &mut Scratch) -> HeadRows {
        let mut apply = |map: &Linear, x: &[f32], rows: usize| {
            let mut out = vec![0.0; rows * map.outputs()];
            map.apply(kernels, x, &mut out, scratch);
            out
        };
        let tokens = vectors.len() / hidden;
        match &self.map {
            Map::Token(map) => HeadRows::Token(apply(map, vectors, tokens)),
            Map::Document(map) => HeadRows::Document(apply(map, &pooled(vectors, hidden), 1)),
            Map::Pair(map) => HeadRows::Pair(apply(&map.query, vectors, tokens), apply(&map.key, vectors, tokens)),
        }
    }
}

/// The vector of the first token and the mean of all, one after the other.
fn pooled(vectors: &[f32], hidden: usize) -> Vec<f32> {
    let mut pooled = vectors[..hidden].to_vec();
    pooled.resize(2 * hidden, 0.0);
    let tokens = (vectors.len() / hidden) as f32;
    let mean = &mut pooled[hidden..];
    for row in vectors.chunks_exact(hidden) {
        for (sum, value) in mean.iter_mut().zip(row) {
            *sum += value;
        }
    }
    for sum in mean {
        *sum /= tokens;
    }
    pooled
}

/// Applies every head to the vectors of one window.
pub(crate) fn score(heads: &[LoadedHead], kernels: &Kernels, vectors: &[f32], hidden: usize) -> WindowScores {
    let mut scratch = Scratch::default();
    WindowScores { heads: heads.iter().map(|head| head.rows(kernels, vectors, hidden, &mut scratch)).collect() }
}

/// Puts the windows' rows together. `source` says for each token of the text which window decides on it, and the
/// token's row there.
pub(crate) fn gather(heads: &[LoadedHead], windows: &[WindowScores], source: &[(usize, usize)], scores: &mut Scores) {
    for (index, head) in heads.iter().enumerate() {
        let labels = head.labels.clone();
        let name = head.name.clone();
        let rows = |part: fn(&HeadRows) -> &[f32], length: usize| {
            let mut all = Vec::with_capacity(source.len() * length);
            for &(window, row) in source {
                all.extend_from_slice(&part(&windows[window].heads[index])[row * length..][..length]);
            }
            all
        };
        match &head.map {
            Map::Token(map) => {
                let logits = rows(HeadRows::first, map.outputs());
                scores.token.insert(name, TokenScores { labels, logits });
            }
            Map::Document(_) => {
                let windows = windows.iter().map(|window| window.heads[index].first().to_vec()).collect();
                scores.document.insert(name, DocumentScores { labels, windows });
            }
            Map::Pair(map) => {
                let length = map.query.outputs();
                let (width, bias) = (map.width, map.bias.clone());
                let (query, key) = (rows(HeadRows::first, length), rows(HeadRows::second, length));
                scores.pair.insert(name, PairScores { labels, width, query, key, bias });
            }
        }
    }
}

impl HeadRows {
    /// Logits, or queries.
    fn first(&self) -> &[f32] {
        match self {
            HeadRows::Token(rows) | HeadRows::Document(rows) | HeadRows::Pair(rows, _) => rows,
        }
    }

    /// Keys.
    fn second(&self) -> &[f32] {
        match self {
            HeadRows::Pair(_, rows) => rows,
            HeadRows::Token(_) | HeadRows::Document(_) => &[],
        }
    }
}
