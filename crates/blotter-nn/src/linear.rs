//! Linear maps, in 8-bit integers or 32-bit floats.

use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix, QuantParams};
use rten_tensor::NdTensorView;

use crate::excess::{Columns, Excess};
use crate::weights::{Int8Matrix, WeightError, WeightFile};

/// Rows that go through a map at a time: small enough for the caches, and a limit on scratch memory.
const BLOCK: usize = 128;

/// The code of zero in quantised activations, which are unsigned bytes.
const ZERO: u8 = 128;

/// In which numbers the encoder computes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// 8-bit weights and activations: about twice as fast, within some thousandths of the other.
    #[default]
    Int8,
    /// 32-bit floats over the same (8-bit) weights.
    Float32,
}

/// The matrix kernels of this processor.
#[derive(Default)]
pub(crate) struct Kernels {
    pub(crate) float: GemmExecutor<f32, f32, f32>,
    int8: GemmExecutor<u8, i8, i32>,
}

enum Weights {
    Float(PackedBMatrix<f32>),
    Int8 { packed: PackedBMatrix<i8>, excess: Option<Excess>, scales: Vec<f32>, zeros: Vec<i8> },
}

/// `y = W x + b` for rows `x` of length `inputs`.
pub(crate) struct Linear {
    weights: Weights,
    bias: Vec<f32>,
    inputs: usize,
}

/// Working memory of [`Linear::apply`], kept between calls.
#[derive(Default)]
pub(crate) struct Scratch {
    quantised: Vec<u8>,
    scales: Vec<f32>,
    sums: Vec<i32>,
    columns: Columns,
}

impl Linear {
    /// A map of 8-bit weights: `name` `[outputs, inputs]`, `name.scale` and `name.bias` `[outputs]`.
    pub(crate) fn load(
        file: &WeightFile<'_>,
        kernels: &Kernels,
        precision: Precision,
        name: &str,
        [outputs, inputs]: [usize; 2],
    ) -> Result<Linear, WeightError> {
        let matrix = file.int8(name, outputs, inputs)?;
        let bias = file.floats(&format!("{name}.bias"), &[outputs])?;
        Ok(match precision {
            Precision::Float32 => Linear::float(kernels, &matrix.dequantised(), bias, inputs),
            Precision::Int8 => Linear::int8(kernels, matrix, bias),
        })
    }

    /// A map of float weights, row-major, one row of length `inputs` for each value of `bias`.
    pub(crate) fn float(kernels: &Kernels, weights: &[f32], bias: Vec<f32>, inputs: usize) -> Linear {
        let view = NdTensorView::from_data([bias.len(), inputs], weights);
        Linear { weights: Weights::Float(kernels.float.prepack_b(view.transposed())), bias, inputs }
    }

    fn int8(kernels: &Kernels, mut matrix: Int8Matrix, bias: Vec<f32>) -> Linear {
        let excess = kernels.int8.may_saturate().then(|| Excess::take(&mut matrix));
        let view = NdTensorView::from_data([matrix.rows, matrix.columns], matrix.values.as_slice());
        let packed = kernels.int8.prepack_b(view.transposed());
        let zeros = vec![0; matrix.rows];
        Linear { weights: Weights::Int8 { packed, excess, scales: matrix.scales, zeros }, bias, inputs: matrix.columns }
    }

    /// Length of an output row.
    pub(crate) fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// Maps every row of `x` into a row of `out`. Each row's result depends on that row alone.
    pub(crate) fn apply(&self, kernels: &Kernels, x: &[f32], out: &mut [f32], scratch: &mut Scratch) {
        let blocks = x.chunks(BLOCK * self.inputs).zip(out.chunks_mut(BLOCK * self.outputs()));
        for (x, out) in blocks {
            match &self.weights {
                Weights::Float(packed) => self.apply_float(kernels, packed, x, out),
                Weights::Int8 { packed, excess, scales, zeros } => {
                    let rows = x.len() / self.inputs;
                    scratch.quantise(x, self.inputs);
                    scratch.sums.resize(rows * self.outputs(), 0);
                    let options = GemmOptions {
                        a_quant: Some(QuantParams { zero_point: &[ZERO; BLOCK][..rows] }),
                        b_quant: Some(QuantParams { zero_point: zeros }),
                        ..Default::default()
                    };
                    let a = NdTensorView::from_data([rows, self.inputs], scratch.quantised.as_slice());
                    let b = GemmInputB::Packed(packed);
                    let result = kernels.int8.gemm(&mut scratch.sums, GemmInputA::Unpacked(a), b, options);
                    result.expect("shapes are fixed when the weights are loaded");
                    if let Some(excess) = excess {
                        excess.add(&scratch.quantised, ZERO, self.inputs, &mut scratch.sums, &mut scratch.columns);
                    }
                    self.scale_back(scratch, scales, out);
                }
            }
        }
    }

    fn apply_float(&self, kernels: &Kernels, packed: &PackedBMatrix<f32>, x: &[f32], out: &mut [f32]) {
        let options = GemmOptions { bias: Some(BiasVector::Row(&self.bias)), ..Default::default() };
        let a = NdTensorView::from_data([x.len() / self.inputs, self.inputs], x);
        let result = kernels.float.gemm(out, GemmInputA::Unpacked(a), GemmInputB::Packed(packed), options);
        result.expect("shapes are fixed when the weights are loaded");
    }

    /// Integer sums to floats: times the scales of the token and of the output, plus the bias.
    fn scale_back(&self, scratch: &Scratch, scales: &[f32], out: &mut [f32]) {
        let outputs = self.outputs();
        let rows = out.chunks_exact_mut(outputs).zip(scratch.sums.chunks_exact(outputs)).zip(&scratch.scales);
        for ((row, sums), &of_token) in rows {
            for (((value, &sum), &scale), &bias) in row.iter_mut().zip(sums).zip(scales).zip(&self.bias) {
                *value = sum as f32 * (of_token * scale) + bias;
            }
        }
    }
}

impl Scratch {
    /// Quantises each row by its own largest absolute value.
    fn quantise(&mut self, x: &[f32], inputs: usize) {
        self.scales.clear();
        self.quantised.resize(x.len(), 0);
        for (row, codes) in x.chunks_exact(inputs).zip(self.quantised.chunks_exact_mut(inputs)) {
            // Never zero, so that a row of zeros has a scale too.
            let largest = largest(row).max(1e-20);
            self.scales.push(largest / 127.0);
            let inverse = 127.0 / largest;
            for (code, &value) in codes.iter_mut().zip(row) {
                // The half rounds to the nearest code, as the conversion drops the fraction.
                *code = (value * inverse + (f32::from(ZERO) + 0.5)) as u8;
            }
        }
    }
}

fn largest(values: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 16];
    let (chunks, rest) = values.as_chunks::<16>();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = lane.max(value.abs());
        }
    }
    lanes.iter().chain(rest).fold(0.0, |most, value| most.max(value.abs()))
}
