//! Who may come in: keys, the names of the host, the origin of a request; and the headers that hold the page down.
//!
//! A key travels in the `Authorization` header alone, never in a cookie: browsers send cookies of 127.0.0.1 to every port, and
//! along with requests that other pages make.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::Desk;
use crate::problem::Problem;

/// A secret that lets one person in: 32 random bytes in hex, long enough that a plain hash of it may lie in a file.
pub struct Key(String);

impl Key {
    /// A new one.
    ///
    /// # Errors
    /// The system has no random bytes.
    pub fn random() -> Result<Key, String> {
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes).map_err(|e| format!("the system gives no random bytes: {e}"))?;
        Ok(Key(hex(&bytes)))
    }

    /// As it stands in an address.
    pub fn written(&self) -> &str {
        &self.0
    }

    /// Its SHA-256 in hex.
    pub fn hash(&self) -> String {
        hash(&self.0)
    }
}

fn hash(key: &str) -> String {
    hex(&Sha256::digest(key.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// One who may come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Who decides, as the case file will say.
    pub name: String,
    /// The SHA-256 of the key, in hex.
    pub hash: String,
    /// May look, not decide.
    pub read_only: bool,
}

/// All who may come in.
#[derive(Clone, Debug, Default)]
pub struct Accounts(pub Vec<Account>);

impl Accounts {
    /// The accounts of a file: one a line, name, hash of the key and where wanted `read-only`, between them tabs; lines that
    /// begin with `#` and empty ones are passed over.
    ///
    /// # Errors
    /// The line and what is wrong with it.
    pub fn parse(text: &str) -> Result<Accounts, String> {
        let mut found = Vec::new();
        for (i, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#')) {
            let parts: Vec<&str> = line.split('\t').map(str::trim).collect();
            let read_only = parts.get(2) == Some(&"read-only");
            let hashed = |hash: &str| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
            match parts[..] {
                [name, hash] | [name, hash, "read-only"] if !name.is_empty() && hashed(hash) => {
                    found.push(Account { name: name.to_owned(), hash: hash.to_lowercase(), read_only });
                }
                _ => return Err(format!("line {}: not a name, a tab and the SHA-256 of a key", i + 1)),
            }
        }
        Ok(Accounts(found))
    }

    /// The account of a key. Every hash is compared in full, so that the time tells nothing.
    fn of(&self, key: &str) -> Option<&Account> {
        let hash = hash(key);
        let same = |a: &Account| bool::from(a.hash.as_bytes().ct_eq(hash.as_bytes()));
        self.0.iter().fold(None, |found, account| if same(account) { Some(account) } else { found })
    }
}

/// By which names the desk may be called: what is not among them came by a name that somebody else points at this machine.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Names of the host, beside `localhost` and addresses of loopback.
    pub hosts: Vec<String>,
    /// Whether any address in numbers will do (a desk that listens beyond loopback).
    pub any_address: bool,
}

impl Names {
    fn allow(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => host,
        };
        let name = name.trim_start_matches('[').trim_end_matches(']');
        match name.parse::<IpAddr>() {
            Ok(address) => address.is_loopback() || self.any_address,
            Err(_) => name.eq_ignore_ascii_case("localhost") || self.hosts.iter().any(|h| h.eq_ignore_ascii_case(name)),
        }
    }
}

/// Who makes a request; the handlers find it among its extensions.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// May look, not decide.
    pub read_only: bool,
}

/// What every request must hold to: a name of ours, an origin of ours. Then the headers of every answer.
pub async fn guard(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let mut response = match checked(&desk, &request) {
        Ok(()) => next.run(request).await,
        Err(problem) => axum::response::IntoResponse::into_response(problem),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

fn checked(desk: &Desk, request: &Request) -> Result<(), Problem> {
    let refused = |why: &str| Err(Problem::new(StatusCode::FORBIDDEN, "origin", why));
    let headers = request.headers();
    let host = text(headers, &header::HOST).unwrap_or_default();
    if !desk.names.allow(host) {
        return refused("the desk is not called by that name");
    }
    // A browser says where a request comes from; other programs say nothing, and must have the key.
    if let Some(site) = headers.get("sec-fetch-site").and_then(|v| v.to_str().ok())
        && request.uri().path().starts_with("/api")
        && !matches!(site, "same-origin" | "none")
    {
        return refused("the request comes from another site");
    }
    if let Some(origin) = text(headers, &header::ORIGIN) {
        let own = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        if own != Some(host) {
            return refused("the request comes from another origin");
        }
    }
    Ok(())
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// What every request of the API must have: a key; and one that changes anything the right to.
pub async fn keyed(State(desk): State<Desk>, mut request: Request, next: Next) -> Result<Response, Problem> {
    let key = text(request.headers(), &header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    let Some(account) = key.and_then(|key| desk.accounts.of(key.trim())) else {
        let words = "the desk needs its key: open the address that `blotter desk` printed";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "key", words));
    };
    let person = Person { name: account.name.clone(), read_only: account.read_only || desk.read_only };
    // Reading a report changes nothing; whatever else is posted does.
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD) && request.uri().path() != "/api/read";
    if changes && person.read_only {
        return Err(Problem::new(StatusCode::FORBIDDEN, "read-only", "this desk is read-only"));
    }
    request.extensions_mut().insert(person);
    Ok(next.run(request).await)
}

/// No script, style, picture or connection but our own; no page around ours; nothing kept by others.
const HEADERS: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];
