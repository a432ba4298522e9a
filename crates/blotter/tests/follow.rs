//! `--follow` as its users call it, against a server of this machine.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

mod served;
use served::{Server, feed, response};

const GUARDS: &str = "Four guards were hurt in Port Kesh late on Tuesday, two officials said.";
const RAIN: &str = "Heavy rain fell on Port Kesh on Tuesday, the weather office said.";

/// Exit code, stdout, stderr.
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("blotter").expect("the program");
    for name in ["THREADS", "COLOR", "STATS", "QUIET", "JSON", "CODEBOOK", "VERBOSE", "DB", "BY"] {
        command.env_remove(format!("BLOTTER_{name}"));
    }
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(name).env_remove(name.to_ascii_lowercase());
    }
    // Of a server that encrypts: who vouches for it.
    if folder.join("authority.pem").exists() {
        command.env("SSL_CERT_FILE", folder.join("authority.pem"));
    }
    let done = command.current_dir(folder).env("USER", "ann").args(args).output().expect("run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (done.status.code().expect("no signal"), text(done.stdout), text(done.stderr))
}

fn readings(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn server() -> Server {
    Server::new(|path, _, before| match (path, before) {
        ("/robots.txt", _) => response("200 OK", &[], "User-agent: *\nDisallow: /private\n"),
        ("/feed", _) => response("200 OK", &[], &feed(&[("a", GUARDS), ("b", RAIN)])),
        ("/growing", 0) => response("200 OK", &[], &feed(&[("a", GUARDS), ("b", RAIN)])),
        ("/growing", _) => {
            let corrected = GUARDS.replace("Four", "Five");
            response(
                "200 OK",
                &[],
                &feed(&[("c", "A man was shot dead in Millbrook on Friday."), ("a", &corrected), ("b", RAIN)]),
            )
        }
        ("/gone", _) => response("410 Gone", &[], ""),
        _ => response("404 Not Found", &[], ""),
    })
}

#[test]
fn a_feed_gives_the_same_reports_as_its_file() {
    let (server, folder) = (server(), TempDir::new().expect("folder"));
    let (code, out, said) = run(folder.path(), &["read", "--json", "--once", "--follow", &server.url("/feed")]);
    assert_eq!((code, said.as_str()), (0, ""));
    let mut followed = readings(&out);
    std::fs::write(folder.path().join("feed.xml"), feed(&[("a", GUARDS), ("b", RAIN)])).expect("file");
    let (_, out, _) = run(folder.path(), &["read", "--json", "feed.xml"]);
    for reading in &mut followed {
        let captured = reading["report"]["captured"].take();
        assert!(captured.as_str().is_some_and(|time| time.ends_with('Z')), "{captured}");
    }
    assert_eq!(followed, readings(&out));
    let named = concat!("user-agent: blotter/", env!("CARGO_PKG_VERSION"));
    assert!(server.heads()[0].contains(named), "{:?}", server.heads());
}

/// A certificate for `localhost`, and who vouches for it.
fn certificate() -> (rustls::ServerConfig, String) {
    let key = || rcgen::KeyPair::generate().expect("a key");
    let mut authority = rcgen::CertificateParams::default();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let issuer_key = key();
    let pem = authority.self_signed(&issuer_key).expect("an authority").pem();
    let issuer = rcgen::Issuer::new(authority, issuer_key);
    let own = key();
    let names = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    let certificate = names.signed_by(&own, &issuer).expect("a certificate");
    let private = rustls::pki_types::PrivateKeyDer::try_from(own.serialize_der()).expect("a key");
    let config = rustls::ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("protocols")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private);
    (config.expect("a configuration"), pem)
}

#[test]
fn an_encrypted_feed_is_read_from_a_server_that_proves_its_name() {
    let (config, authority) = certificate();
    let server = Server::encrypted(config, |path, _, _| match path {
        "/feed" => response("200 OK", &[], &feed(&[("a", GUARDS)])),
        _ => response("404 Not Found", &[], ""),
    });
    let folder = TempDir::new().expect("folder");
    let url = server.url("/feed").replace("http://127.0.0.1", "https://localhost");
    let ask = |url: &str| run(folder.path(), &["read", "--json", "--once", "--follow", url]);
    let (code, out, said) = ask(&url);
    assert_eq!((code, out.as_str()), (2, ""), "nobody vouches for it");
    assert!(said.contains("certificate"), "{said}");
    std::fs::write(folder.path().join("authority.pem"), authority).expect("file");
    let (code, out, said) = ask(&url);
    assert_eq!((code, said.as_str(), readings(&out).len()), (0, "", 1));
    let (code, _, said) = ask(&url.replace("localhost", "127.0.0.1"));
    assert_eq!(code, 2, "it is vouched for under another name");
    assert!(said.contains("certificate"), "{said}");
}

#[test]
fn exit_codes() {
    let (server, folder) = (server(), TempDir::new().expect("folder"));
    let once = |paths: &[&str]| {
        let urls: Vec<String> = paths.iter().map(|path| server.url(path)).collect();
        let mut args = vec!["read", "--json", "--once"];
        urls.iter().for_each(|url| args.extend(["--follow", url]));
        run(folder.path(), &args)
    };
    let (code, out, said) = once(&["/feed", "/gone", "/none"]);
    assert_eq!((code, out.lines().count()), (1, 2), "{said}");
    assert!(said.contains("/gone: is gone for good (410 Gone); it is not followed"), "{said}");
    assert!(said.contains("/none: answers 404 Not Found\n"), "{said}");
    let (code, out, said) = once(&["/private/feed"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(said.contains("/private/feed: the robots.txt of 127.0.0.1:"), "{said}");
    assert!(!server.paths().contains(&"/private/feed".to_owned()), "it was not fetched");
    // The command line.
    for args in [
        &["read", "--follow", "ftp://127.0.0.1/feed"][..],
        &["add", "--follow", "feed.xml"],
        &["read", "--follow", "http://ann:secret@127.0.0.1/feed"],
        &["read", "--every", "0", "--follow", "http://127.0.0.1/feed"],
        &["read", "--once", "feed.xml"],
    ] {
        assert_eq!(run(folder.path(), args).0, 2, "{args:?}");
    }
    let (_, _, said) = run(folder.path(), &["read", "--follow", "ftp://127.0.0.1/feed"]);
    assert!(said.contains("only http and https addresses are followed"), "{said}");
}

#[test]
fn what_stands_in_the_output_or_case_file_is_not_read_again() {
    let (server, folder) = (server(), TempDir::new().expect("folder"));
    let url = server.url("/growing");
    let (code, out, said) = run(folder.path(), &["add", "--once", "--follow", &url]);
    assert_eq!((code, out.lines().filter(|line| line.starts_with("new ")).count()), (0, 2), "{out}{said}");
    let (code, out, said) = run(folder.path(), &["add", "--once", "--follow", &url]);
    assert_eq!(code, 0, "{said}");
    let states: Vec<&str> = out.lines().filter_map(|line| line.get(..11)).collect();
    assert_eq!(states, ["new        ", "new version", "unchanged  "], "{out}");
    let args = ["read", "--json", "--resume", "out.jsonl", "--once", "--follow", &server.url("/feed")];
    let held = || std::fs::read_to_string(folder.path().join("out.jsonl")).expect("file");
    assert_eq!(run(folder.path(), &args).0, 0);
    assert_eq!(held().lines().count(), 2);
    let (code, _, said) = run(folder.path(), &args);
    assert_eq!((code, held().lines().count()), (0, 2));
    assert!(said.contains("2 reports known from before"), "{said}");
}

#[test]
fn a_limit_counts_what_is_new() {
    let (server, folder) = (server(), TempDir::new().expect("folder"));
    let (feed, growing) = (server.url("/feed"), server.url("/growing"));
    // Without --once: the limit ends it.
    let args = ["read", "--json", "--limit", "2", "--follow", &feed, "--follow", &growing];
    let (code, out, said) = run(folder.path(), &args);
    assert_eq!((code, out.lines().count()), (0, 2), "{said}");
    let args = ["add", "--dry-run", "--once", "--follow", &feed, "--follow", &growing];
    let (code, out, said) = run(folder.path(), &args);
    assert_eq!((code, out.lines().count()), (0, 2), "what both feeds show is listed once: {out}{said}");
    assert!(!folder.path().join("blotter.db").exists(), "nothing is filed");
}

/// The sources that name any of some words.
fn sources_with(words: &[&str]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let crates =
        ["core", "nn", "intake", "case", "export", "desk"].map(|name| root.join(format!("../blotter-{name}/src")));
    let mut folders = vec![root.join("src")];
    folders.extend(crates);
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.ends_with("tests.rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source");
            if words.iter().any(|outside| text.contains(outside)) {
                let under = path.to_string_lossy().replace('\\', "/");
                found.push(under.rsplit("/crates/").next().unwrap_or_default().replace("blotter/../", ""));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn two_modules_alone_ask_the_network() {
    let asks = ["ureq", "TcpStream", "UdpSocket", "connect("];
    assert_eq!(sources_with(&asks), ["blotter-case/src/db/postgres.rs", "blotter/src/follow/fetch.rs"]);
    // The desk is asked; it alone listens.
    assert_eq!(sources_with(&["TcpListener"]), ["blotter-desk/src/lib.rs", "blotter/src/desk.rs"]);
}
