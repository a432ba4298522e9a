//! Which reports tell of one incident: profiles, their comparison, a learned judgement of pairs, and clusters.

pub mod cluster;
pub mod compare;
pub mod copies;
pub mod keys;
pub mod model;
pub mod profile;
pub mod words;

/// A key under which more incidents than this are filed brings no candidates: it tells nothing ("word covid"). The only way
/// in which the order of arrival could matter: a pair that met by such a key alone, before it grew so common.
pub const COMMON_KEY: usize = 150;
