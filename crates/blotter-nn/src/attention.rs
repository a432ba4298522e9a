//! Self-attention over one window.

use rten_gemm::{GemmInputA, GemmInputB};
use rten_simd::SimdOp;
use rten_tensor::NdTensorView;
use rten_vecmath::Softmax;

use crate::linear::Kernels;

/// Queries that are scored at a time, so that their scores stay in the cache.
const BLOCK: usize = 64;

/// Attends within one window. `qkv` holds for every token its query, key and value, `hidden` long each, with
/// 1/sqrt(head length) folded into the query; `context` gets `hidden` values a token. All tokens see each other.
pub(crate) fn attend(kernels: &Kernels, qkv: &[f32], hidden: usize, heads: usize, context: &mut [f32]) {
    let tokens = context.len() / hidden;
    let view = NdTensorView::from_data([tokens, 3 * hidden], qkv);
    let length = hidden / heads;
    let mut scores = vec![0.0; BLOCK.min(tokens) * tokens];
    let mut mixed = vec![0.0; BLOCK.min(tokens) * length];
    for head in 0..heads {
        let part = |which: usize| {
            let start = which * hidden + head * length;
            start..start + length
        };
        let keys = kernels.float.prepack_b(view.slice((.., part(1))).transposed());
        let values = kernels.float.prepack_b(view.slice((.., part(2))));
        for first in (0..tokens).step_by(BLOCK) {
            let rows = BLOCK.min(tokens - first);
            let scores = &mut scores[..rows * tokens];
            let queries = GemmInputA::Unpacked(view.slice((first..first + rows, part(0))));
            let result = kernels.float.gemm(scores, queries, GemmInputB::Packed(&keys), Default::default());
            result.expect("queries and keys have one length");
            for row in scores.chunks_exact_mut(tokens) {
                Softmax::new_mut(row).dispatch();
            }
            let mixed = &mut mixed[..rows * length];
            let weights = GemmInputA::Unpacked(NdTensorView::from_data([rows, tokens], &*scores));
            let result = kernels.float.gemm(mixed, weights, GemmInputB::Packed(&values), Default::default());
            result.expect("one weight a token");
            for (row, token) in mixed.chunks_exact(length).zip(first..) {
                context[token * hidden + head * length..][..length].copy_from_slice(row);
            }
        }
    }
}
