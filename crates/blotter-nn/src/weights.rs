//! The weight file: one safetensors file that holds the tensors, the vocabulary and a manifest.

use std::fmt;

use half::f16;
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

use crate::scores::{Head, HeadKind};

/// What is wrong with a weight file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WeightError {
    /// It is not a safetensors file, or a damaged one.
    Container(String),
    /// Its manifest (the metadata entry `manifest`) is missing, cannot be read, or contradicts itself.
    Manifest(String),
    /// One of its tensors is missing or has another type or shape than the manifest says.
    Tensor {
        /// Name of the tensor.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl WeightError {
    pub(crate) fn tensor(name: &str, reason: impl Into<String>) -> WeightError {
        WeightError::Tensor { name: name.to_owned(), reason: reason.into() }
    }
}

impl fmt::Display for WeightError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WeightError::Container(reason) => write!(f, "not a weight file: {reason}"),
            WeightError::Manifest(reason) => write!(f, "manifest: {reason}"),
            WeightError::Tensor { name, reason } => write!(f, "tensor `{name}`: {reason}"),
        }
    }
}

impl std::error::Error for WeightError {}

/// What the weight file says of itself.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Manifest {
    /// Name and version of the weights.
    pub version: String,
    /// Number of encoder layers.
    pub layers: usize,
    /// Length of a token's vector.
    pub hidden: usize,
    /// Attention heads of a layer; divides `hidden`.
    pub attention_heads: usize,
    /// Most tokens in one window, special tokens and headline included.
    pub window: usize,
    /// Most headline tokens in front of a window.
    pub headline: usize,
    /// The heads on top.
    pub heads: Vec<Head>,
}

/// A weight file whose container and manifest have been read.
pub(crate) struct WeightFile<'a> {
    tensors: SafeTensors<'a>,
    pub(crate) manifest: Manifest,
}

impl<'a> WeightFile<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<WeightFile<'a>, WeightError> {
        let container = |e: safetensors::SafeTensorError| WeightError::Container(e.to_string());
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(container)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(container)?;
        let manifest = header
            .metadata()
            .as_ref()
            .and_then(|m| m.get("manifest"))
            .ok_or_else(|| WeightError::Manifest("missing".to_owned()))?;
        let manifest: Manifest = serde_json::from_str(manifest).map_err(|e| WeightError::Manifest(e.to_string()))?;
        check(&manifest)?;
        Ok(WeightFile { tensors, manifest })
    }

    fn view(&self, name: &str) -> Result<TensorView<'a>, WeightError> {
        self.tensors.tensor(name).map_err(|_| WeightError::tensor(name, "missing"))
    }

    fn shaped(&self, name: &str, shape: &[usize]) -> Result<TensorView<'a>, WeightError> {
        let view = self.view(name)?;
        if view.shape() != shape {
            let reason = format!("shape {:?}, expected {shape:?}", view.shape());
            return Err(WeightError::tensor(name, reason));
        }
        Ok(view)
    }

    /// Number of rows of a matrix, for the sizes that the manifest leaves to the tensors.
    pub(crate) fn rows(&self, name: &str) -> Result<usize, WeightError> {
        match self.view(name)?.shape() {
            [rows, ..] if *rows > 0 => Ok(*rows),
            other => Err(WeightError::tensor(name, format!("shape {other:?}, expected at least one row"))),
        }
    }

    /// A tensor of F32 or F16 values.
    pub(crate) fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, WeightError> {
        let view = self.shaped(name, shape)?;
        match view.dtype() {
            Dtype::F32 => {
                Ok(view.data().chunks_exact(4).map(|c| f32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect())
            }
            Dtype::F16 => Ok(view.data().chunks_exact(2).map(|c| f16::from_le_bytes([c[0], c[1]]).to_f32()).collect()),
            other => Err(WeightError::tensor(name, format!("type {other:?}, expected F32 or F16"))),
        }
    }

    /// A matrix of I8 values with the F32 scale of each row (`name.scale`): a weight is value times scale.
    pub(crate) fn int8(&self, name: &str, rows: usize, columns: usize) -> Result<Int8Matrix, WeightError> {
        let view = self.shaped(name, &[rows, columns])?;
        if view.dtype() != Dtype::I8 {
            return Err(WeightError::tensor(name, format!("type {:?}, expected I8", view.dtype())));
        }
        let values = view.data().iter().map(|&byte| byte as i8).collect();
        let scales = self.floats(&format!("{name}.scale"), &[rows])?;
        Ok(Int8Matrix { rows, columns, values, scales })
    }

    /// The vocabulary: one piece a line, its line is its id.
    pub(crate) fn vocabulary(&self) -> Result<&'a str, WeightError> {
        let view = self.view("vocab")?;
        if view.dtype() != Dtype::U8 {
            return Err(WeightError::tensor("vocab", format!("type {:?}, expected U8", view.dtype())));
        }
        std::str::from_utf8(view.data()).map_err(|e| WeightError::tensor("vocab", e.to_string()))
    }
}

fn check(manifest: &Manifest) -> Result<(), WeightError> {
    let fault = |reason: String| Err(WeightError::Manifest(reason));
    let Manifest { hidden, attention_heads, window, headline, .. } = *manifest;
    if hidden == 0 || attention_heads == 0 || hidden % attention_heads != 0 {
        return fault(format!("{attention_heads} attention heads do not divide {hidden} hidden values"));
    }
    // Half a window at least must be left for the body, or reading a long text would not get on.
    if window < 16 || headline > window / 2 {
        return fault(format!("a headline of {headline} tokens does not fit a window of {window}"));
    }
    let mut names = std::collections::BTreeSet::new();
    for head in &manifest.heads {
        if head.labels.is_empty() {
            return fault(format!("head `{}` has no labels", head.name));
        }
        if !names.insert(head.name.as_str()) {
            return fault(format!("head `{}` is there twice", head.name));
        }
        if head.kind == HeadKind::Pair && head.width.unwrap_or(0) == 0 {
            return fault(format!("pair head `{}` has no width", head.name));
        }
    }
    Ok(())
}

/// A matrix of row-scaled 8-bit weights.
pub(crate) struct Int8Matrix {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// Row-major, within ±127.
    pub(crate) values: Vec<i8>,
    /// One a row.
    pub(crate) scales: Vec<f32>,
}

impl Int8Matrix {
    /// The weights as 32-bit floats, row-major.
    pub(crate) fn dequantised(&self) -> Vec<f32> {
        let rows = self.values.chunks_exact(self.columns).zip(&self.scales);
        rows.flat_map(|(row, &scale)| row.iter().map(move |&v| f32::from(v) * scale)).collect()
    }
}
