//! Layer normalisation.

use rten_simd::SimdOp;
use rten_vecmath::{Normalize, NormalizeOptions};

use crate::weights::{WeightError, WeightFile};

/// BERT's addition to the variance.
const EPSILON: f32 = 1e-12;

/// Values added side by side: enough for the compiler to use vector registers, and one fixed order of addition.
const LANES: usize = 16;

/// A layer normalisation with its weights.
pub(crate) struct LayerNorm {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl LayerNorm {
    pub(crate) fn load(file: &WeightFile<'_>, name: &str, size: usize) -> Result<LayerNorm, WeightError> {
        let weight = file.floats(&format!("{name}.weight"), &[size])?;
        let bias = file.floats(&format!("{name}.bias"), &[size])?;
        Ok(LayerNorm { weight, bias })
    }

    /// Normalises every row in place.
    pub(crate) fn apply(&self, rows: &mut [f32]) {
        for row in rows.chunks_exact_mut(self.weight.len()) {
            let size = row.len() as f32;
            let mean = sum(row, |x| x) / size;
            let variance = sum(row, |x| (x - mean) * (x - mean)) / size;
            // The option named `pre_scale_bias` is subtracted, in spite of its name.
            let options = NormalizeOptions {
                pre_scale_bias: mean,
                scale: 1.0 / (variance + EPSILON).sqrt(),
                element_scale: Some(&self.weight),
                element_bias: Some(&self.bias),
                ..Default::default()
            };
            Normalize::new_mut(row, options).dispatch();
        }
    }

    /// Adds `residual`, then normalises every row in place.
    pub(crate) fn apply_to_sum(&self, rows: &mut [f32], residual: &[f32]) {
        for (value, other) in rows.iter_mut().zip(residual) {
            *value += other;
        }
        self.apply(rows);
    }
}

fn sum(values: &[f32], term: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0f32; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane += term(value);
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().map(|&value| term(value)).sum::<f32>()
}
