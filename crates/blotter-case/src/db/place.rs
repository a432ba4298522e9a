//! Where a case file is.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A SQLite file, or a database of a PostgreSQL server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The file.
    File(PathBuf),
    /// `postgres://name:password@host:port/database`.
    Postgres(String),
}

impl Place {
    /// Its name, without what leads to it.
    pub fn name(&self) -> String {
        match self {
            Place::File(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            Place::Postgres(_) => {
                let shown = self.to_string();
                let path = shown.split('?').next().unwrap_or_default();
                path.rsplit('/').next().unwrap_or_default().to_owned()
            }
        }
    }

    /// What tells it from all others.
    pub fn key(&self) -> Vec<u8> {
        match self {
            Place::File(path) => {
                path.canonicalize().unwrap_or_else(|_| path.clone()).into_os_string().into_encoded_bytes()
            }
            Place::Postgres(_) => self.to_string().into_bytes(),
        }
    }
}

impl From<&Path> for Place {
    fn from(path: &Path) -> Place {
        Place::File(path.to_owned())
    }
}

impl From<PathBuf> for Place {
    fn from(path: PathBuf) -> Place {
        Place::File(path)
    }
}

impl From<&PathBuf> for Place {
    fn from(path: &PathBuf) -> Place {
        Place::File(path.clone())
    }
}

impl From<&Place> for Place {
    fn from(place: &Place) -> Place {
        place.clone()
    }
}

impl FromStr for Place {
    type Err = std::convert::Infallible;

    fn from_str(words: &str) -> Result<Place, Self::Err> {
        let server = words.starts_with("postgres://") || words.starts_with("postgresql://");
        Ok(if server { Place::Postgres(words.to_owned()) } else { Place::File(PathBuf::from(words)) })
    }
}

/// Without the password.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::File(path) => write!(f, "{}", path.display()),
            Place::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
                let (head, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
                let (user, host) = head.rsplit_once('@').unwrap_or(("", head));
                let user = user.split(':').next().unwrap_or_default();
                let at = if user.is_empty() { "" } else { "@" };
                // A password may also stand among the parameters.
                let (path, asked) = tail.split_once('?').unwrap_or((tail, ""));
                let asked: Vec<&str> =
                    asked.split('&').filter(|a| !a.is_empty() && !a.starts_with("password=")).collect();
                let mark = if asked.is_empty() { "" } else { "?" };
                write!(f, "{scheme}://{user}{at}{host}{path}{mark}{}", asked.join("&"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        let shown = |url: &str| url.parse::<Place>().expect("a place").to_string();
        assert_eq!(shown("postgres://ann:pa:ss@db.example:5432/news"), "postgres://ann@db.example:5432/news");
        assert_eq!(shown("postgresql://db.example/news"), "postgresql://db.example/news");
        let asked = "postgres:///news?host=/run/pg&password=secret&connect_timeout=3";
        assert_eq!(shown(asked), "postgres:///news?host=/run/pg&connect_timeout=3");
        assert_eq!(shown("a/case.db"), "a/case.db");
    }

    #[test]
    fn a_place_has_a_name() {
        let name = |words: &str| words.parse::<Place>().expect("a place").name();
        assert_eq!(name("postgres://ann@db.example/news?host=/run/pg"), "news");
        assert_eq!(name("a/case.db"), "case.db");
    }
}
