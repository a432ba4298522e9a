//! A loaded weight file, ready to read texts.

use std::ops::Range;

use rayon::prelude::*;

use crate::encoder::Encoder;
use crate::heads::{self, LoadedHead, WindowScores};
use crate::linear::{Kernels, Precision};
use crate::scores::Scores;
use crate::weights::{Manifest, WeightError, WeightFile};
use crate::windows::{self, Plan, Tokenized};
use crate::wordpiece::{CaseShape, WordPiece};

/// Tokenizer, encoder and heads.
pub struct Model {
    manifest: Manifest,
    words: WordPiece,
    encoder: Encoder,
    heads: Vec<LoadedHead>,
}

impl Model {
    /// Loads a weight file to compute in 8-bit integers.
    ///
    /// # Errors
    /// Where the file is damaged, or a tensor is missing or has not the shape that the manifest promises.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, WeightError> {
        Model::with_precision(bytes, Precision::Int8)
    }

    /// Loads a weight file to compute in `precision`.
    ///
    /// # Errors
    /// As [`Model::from_bytes`].
    pub fn with_precision(bytes: &[u8], precision: Precision) -> Result<Model, WeightError> {
        let file = WeightFile::open(bytes)?;
        let kernels = Kernels::default();
        let vocabulary = file.vocabulary()?;
        let words = WordPiece::new(vocabulary)?;
        let encoder = Encoder::load(&file, &kernels, precision, vocabulary.lines().count())?;
        let load = |entry| LoadedHead::load(&file, &kernels, encoder.hidden(), entry);
        let heads = file.manifest.heads.iter().map(load).collect::<Result<_, _>>()?;
        Ok(Model { manifest: file.manifest.clone(), words, encoder, heads })
    }

    /// What the weight file says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The tokenizer.
    pub fn words(&self) -> &WordPiece {
        &self.words
    }

    /// Reads a text with every head.
    ///
    /// `headline` and `units` (the sentences, in order) are byte ranges of `text`. The headline stands in front of
    /// every window; what is in no unit and not in the headline is not read. Every token of the rest is in the
    /// result once, in the order of the text, however long the text is.
    ///
    /// The windows of a long text are spread over rayon's current pool; the result is the same, bit for bit, with
    /// any number of threads.
    pub fn read(&self, text: &str, headline: Option<Range<usize>>, units: &[Range<usize>]) -> Scores {
        let text = windows::tokenize(&self.words, text, headline, units, self.manifest.headline);
        let plan = Plan::new(&text, self.capacity(&text));
        let read: Vec<WindowScores> =
            plan.windows.par_iter().map(|window| self.read_window(&text, &plan.body[window.clone()])).collect();
        let mut scores = Scores { tokens: text.pieces.iter().map(|piece| piece.token).collect(), ..Scores::default() };
        heads::gather(&self.heads, &read, &sources(&text, &plan), &mut scores);
        scores
    }

    /// Body tokens that fit a window beside the headline and the special tokens.
    fn capacity(&self, text: &Tokenized) -> usize {
        self.manifest.window - body_start(text) - 1
    }

    fn read_window(&self, text: &Tokenized, body: &[usize]) -> WindowScores {
        let begin = (self.words.begin, CaseShape::Special);
        let end = (self.words.end, CaseShape::Special);
        let input = |index: usize| (text.pieces[index].id, text.pieces[index].case);
        let mut window = vec![begin];
        if !text.headline.is_empty() {
            window.extend(text.headline.clone().map(input));
            window.push(end);
        }
        window.extend(body.iter().map(|&index| input(index)));
        window.push(end);
        // Made anew for each window: the kernels may not move between threads, and choosing them costs nothing.
        let kernels = Kernels::default();
        let vectors = self.encoder.encode(&kernels, &window);
        heads::score(&self.heads, &kernels, &vectors, self.encoder.hidden())
    }
}

/// The row of a window's first body token: after `[CLS]`, and after the headline with its `[SEP]`.
fn body_start(text: &Tokenized) -> usize {
    match text.headline.len() {
        0 => 1,
        headline => headline + 2,
    }
}

/// For each token of the text, the window that decides on it and its row there.
fn sources(text: &Tokenized, plan: &Plan) -> Vec<(usize, usize)> {
    let mut sources = vec![(0, 0); text.pieces.len()];
    for (row, token) in text.headline.clone().enumerate() {
        sources[token] = (0, row + 1);
    }
    for (place, window) in plan.deciders().into_iter().enumerate() {
        sources[plan.body[place]] = (window, place - plan.windows[window].start + body_start(text));
    }
    sources
}
