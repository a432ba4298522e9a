//! The encoder: text and a weight file in, token spans and label scores out. Knows nothing of news.

mod scores;

pub use scores::{DocumentScores, Head, HeadKind, PairScores, Scores, Token, TokenScores};
