//! A BERT-style encoder: embeddings with case shapes, then layers of attention and feed-forward, normalised after.

use half::f16;
use rten_simd::SimdUnaryOp;
use rten_vecmath::Gelu;

use crate::attention::attend;
use crate::linear::{Kernels, Linear, Precision, Scratch};
use crate::norm::LayerNorm;
use crate::weights::{Int8Matrix, WeightError, WeightFile};
use crate::wordpiece::CaseShape;

/// The encoder with its weights.
pub(crate) struct Encoder {
    words: Int8Matrix,
    /// One row a position. Kept short: they are read once a token.
    positions: Vec<f16>,
    cases: Vec<f32>,
    norm: LayerNorm,
    layers: Vec<Layer>,
    hidden: usize,
    attention_heads: usize,
}

struct Layer {
    /// Queries, keys and values as one map.
    qkv: Linear,
    attention_out: Linear,
    norm1: LayerNorm,
    up: Linear,
    down: Linear,
    norm2: LayerNorm,
}

impl Encoder {
    /// Loads embeddings and layers, checking every shape.
    pub(crate) fn load(
        file: &WeightFile<'_>,
        kernels: &Kernels,
        precision: Precision,
        vocabulary: usize,
    ) -> Result<Encoder, WeightError> {
        let manifest = &file.manifest;
        let hidden = manifest.hidden;
        let rows = file.rows("embeddings.position")?;
        if rows < manifest.window {
            let reason = format!("{rows} positions, the window has {}", manifest.window);
            return Err(WeightError::tensor("embeddings.position", reason));
        }
        let positions = file.floats("embeddings.position", &[rows, hidden])?;
        Ok(Encoder {
            words: file.int8("embeddings.word", vocabulary, hidden)?,
            positions: positions.into_iter().map(f16::from_f32).collect(),
            cases: file.floats("embeddings.case", &[CaseShape::COUNT, hidden])?,
            norm: LayerNorm::load(file, "embeddings.norm", hidden)?,
            layers: (0..manifest.layers)
                .map(|index| Layer::load(file, kernels, precision, index, hidden))
                .collect::<Result<_, _>>()?,
            hidden,
            attention_heads: manifest.attention_heads,
        })
    }

    /// Length of a token's vector.
    pub(crate) fn hidden(&self) -> usize {
        self.hidden
    }

    /// The last layer's vectors, `tokens × hidden`, of one window given as ids and case shapes.
    pub(crate) fn encode(&self, kernels: &Kernels, window: &[(u32, CaseShape)]) -> Vec<f32> {
        let (hidden, tokens) = (self.hidden, window.len());
        let mut x = self.embed(window);
        let mut y = vec![0.0; tokens * hidden];
        let mut qkv = vec![0.0; tokens * 3 * hidden];
        let mut inner = Vec::new();
        let mut scratch = Scratch::default();
        for layer in &self.layers {
            layer.qkv.apply(kernels, &x, &mut qkv, &mut scratch);
            attend(kernels, &qkv, hidden, self.attention_heads, &mut y);
            let attended = &mut qkv[..tokens * hidden];
            layer.attention_out.apply(kernels, &y, attended, &mut scratch);
            layer.norm1.apply_to_sum(attended, &x);
            x.copy_from_slice(attended);
            inner.resize(tokens * layer.up.outputs(), 0.0);
            layer.up.apply(kernels, &x, &mut inner, &mut scratch);
            Gelu {}.map_mut(&mut inner);
            layer.down.apply(kernels, &inner, &mut y, &mut scratch);
            layer.norm2.apply_to_sum(&mut y, &x);
            std::mem::swap(&mut x, &mut y);
        }
        x
    }

    fn embed(&self, window: &[(u32, CaseShape)]) -> Vec<f32> {
        let hidden = self.hidden;
        let mut x = vec![0.0; window.len() * hidden];
        for (position, (row, &(id, case))) in x.chunks_exact_mut(hidden).zip(window).enumerate() {
            let word = &self.words.values[id as usize * hidden..][..hidden];
            let scale = self.words.scales[id as usize];
            let place = &self.positions[position * hidden..][..hidden];
            let shape = &self.cases[case as usize * hidden..][..hidden];
            for (((value, &word), place), shape) in row.iter_mut().zip(word).zip(place).zip(shape) {
                *value = f32::from(word) * scale + place.to_f32() + shape;
            }
        }
        self.norm.apply(&mut x);
        x
    }
}

impl Layer {
    fn load(
        file: &WeightFile<'_>,
        kernels: &Kernels,
        precision: Precision,
        index: usize,
        hidden: usize,
    ) -> Result<Layer, WeightError> {
        let name = |part: &str| format!("layers.{index}.{part}");
        let linear = |part: &str, shape| Linear::load(file, kernels, precision, &name(part), shape);
        let inner = file.rows(&name("up"))?;
        Ok(Layer {
            qkv: linear("qkv", [3 * hidden, hidden])?,
            attention_out: linear("attention_out", [hidden, hidden])?,
            norm1: LayerNorm::load(file, &name("norm1"), hidden)?,
            up: linear("up", [inner, hidden])?,
            down: linear("down", [hidden, inner])?,
            norm2: LayerNorm::load(file, &name("norm2"), hidden)?,
        })
    }
}
