//! Report → scores of every head, computed once. The only room that calls `blotter-nn`.

pub use blotter_nn::{DocumentScores, PairScores, Scores, Token, TokenScores};
