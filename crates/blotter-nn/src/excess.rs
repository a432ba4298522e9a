//! Exact sums of 8-bit products on processors that add them in 16 bits.
//!
//! Without VNNI, unsigned bytes are multiplied by signed ones with `vpmaddubsw`, which adds the products of two
//! neighbouring inputs in 16 bits and stops at their ends. Of a code of at most 255 that happens where two neighbouring
//! weights of one sign add up to more than 128: fewer than one pair in a hundred. What such pairs have too much is
//! taken out of the matrix, kept in a list and added in 32 bits, so that every processor comes to the same sums.

use crate::weights::Int8Matrix;

/// Tokens that go through the list together: their sums stay in registers.
const LANES: usize = 32;

/// The largest sum of two weights of one sign whose products with codes of up to 255 fit 16 bits.
const FITS: i16 = 128;

/// What was taken out of a matrix `[outputs, inputs]`.
pub(crate) struct Excess {
    /// For every output, how many of `taken` are of it and of those before.
    ends: Vec<usize>,
    /// Input and weight, output by output.
    taken: Vec<(usize, i16)>,
}

/// One [`LANES`] tokens' values of every input, kept between calls.
pub(crate) type Columns = Vec<[i16; LANES]>;

impl Excess {
    /// Takes out of the matrix what does not fit: matrix and excess add up to what it was.
    pub(crate) fn take(matrix: &mut Int8Matrix) -> Excess {
        let mut excess = Excess { ends: Vec::with_capacity(matrix.rows), taken: Vec::new() };
        for row in matrix.values.chunks_exact_mut(matrix.columns) {
            for (pair, weights) in row.chunks_exact_mut(2).enumerate() {
                let larger = usize::from(weights[1].unsigned_abs() > weights[0].unsigned_abs());
                let over = match (i16::from(weights[0]), i16::from(weights[1])) {
                    (a, b) if a > 0 && b > 0 => (a + b - FITS).max(0),
                    (a, b) if a < 0 && b < 0 => (a + b + FITS).min(0),
                    _ => 0,
                };
                if over != 0 {
                    excess.taken.push((2 * pair + larger, over));
                    // The larger of two keeps at least what the other has, so that this stays within a byte.
                    weights[larger] -= over as i8;
                }
            }
            excess.ends.push(excess.taken.len());
        }
        excess
    }

    /// Adds to `sums` `[tokens, outputs]` what the list makes of `codes` `[tokens, inputs]`, of which `zero` means zero.
    pub(crate) fn add(&self, codes: &[u8], zero: u8, inputs: usize, sums: &mut [i32], columns: &mut Columns) {
        let outputs = self.ends.len();
        columns.resize(inputs, [0; LANES]);
        for (codes, sums) in codes.chunks(LANES * inputs).zip(sums.chunks_mut(LANES * outputs)) {
            for (token, row) in codes.chunks_exact(inputs).enumerate() {
                for (column, &code) in columns.iter_mut().zip(row) {
                    column[token] = i16::from(code) - i16::from(zero);
                }
            }
            let mut start = 0;
            for (output, &end) in self.ends.iter().enumerate() {
                let mut totals = [0i32; LANES];
                for &(input, weight) in &self.taken[start..end] {
                    for (total, &value) in totals.iter_mut().zip(&columns[input]) {
                        *total += i32::from(value) * i32::from(weight);
                    }
                }
                for (row, total) in sums.chunks_exact_mut(outputs).zip(totals) {
                    row[output] += total;
                }
                start = end;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weights up to ±127 that clash often.
    fn matrix(rows: usize, columns: usize) -> Int8Matrix {
        let value = |i: usize| ((i * i * 31 + i * 17) % 255) as i16 - 127;
        let values = (0..rows * columns).map(|i| value(i) as i8).collect();
        Int8Matrix { rows, columns, values, scales: vec![1.0; rows] }
    }

    #[test]
    fn what_is_left_fits_16_bits() {
        let mut left = matrix(40, 24);
        Excess::take(&mut left);
        for pair in left.values.chunks_exact(2) {
            let products = |code: i32, other: i32| code * i32::from(pair[0]) + other * i32::from(pair[1]);
            for (a, b) in [(1, 1), (1, 255), (255, 1), (255, 255)] {
                assert!(i16::try_from(products(a, b)).is_ok(), "{pair:?}");
            }
        }
    }

    #[test]
    fn both_parts_add_up() {
        let (inputs, outputs, tokens) = (24, 40, 70);
        let whole = matrix(outputs, inputs);
        let mut left = matrix(outputs, inputs);
        let excess = Excess::take(&mut left);
        assert!(!excess.taken.is_empty());
        let codes: Vec<u8> = (0..tokens * inputs).map(|i| (i * 7 % 255 + 1) as u8).collect();
        let product = |matrix: &Int8Matrix| -> Vec<i32> {
            let dot = |row: &[u8], weights: &[i8]| {
                row.iter().zip(weights).map(|(&c, &w)| (i32::from(c) - 128) * i32::from(w)).sum()
            };
            let of_token = |row| matrix.values.chunks_exact(inputs).map(move |weights| dot(row, weights));
            codes.chunks_exact(inputs).flat_map(of_token).collect()
        };
        let mut sums = product(&left);
        excess.add(&codes, 128, inputs, &mut sums, &mut Columns::new());
        assert_eq!(sums, product(&whole));
    }
}
