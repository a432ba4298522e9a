//! The encoder: text and a weight file in, token spans and label scores out. Knows nothing of news.
//!
//! A text goes through [`Model::read`]: WordPiece tokens with the case shape of their words (`wordpiece`), windows of
//! whole sentences (`windows`), a BERT-style encoder (`encoder`, over `attention`, `linear`, `excess` and `norm`), and linear
//! heads (`heads`). All that can go wrong is in loading ([`WeightError`]); reading takes any text.

mod attention;
mod encoder;
mod excess;
mod heads;
mod linear;
mod model;
mod norm;
mod scores;
mod weights;
mod windows;
mod wordpiece;

pub use linear::Precision;
pub use model::Model;
pub use scores::{DocumentScores, Head, HeadKind, PairScores, Scores, Token, TokenScores};
pub use weights::{Manifest, WeightError};
pub use wordpiece::{CaseShape, Piece, WordPiece};
