//! `blotter desk`: arguments, clock, login name and the reader → an open desk.

use std::io::{Cursor, ErrorKind, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use blotter_core::ingest::Given;
use blotter_core::wire;
use blotter_desk::{Account, Accounts, Desk, Handed, Key, Names, Options, Reader};
use blotter_intake::{Source, pieces};
use serde_json::Value as Json;

use crate::cli::Open;
use crate::{NOTHING, builtin, case, clock, pdf, read};

/// So many reports of one file are read for the page: whoever has more wants `blotter add`.
const REPORTS: usize = 50;
/// So many exports run at once.
const EXPORTS: usize = 2;

/// Runs the command.
pub fn run(options: &Open) -> ExitCode {
    // Nobody is added without the file: the command line asks for both.
    let done = match (&options.add_account, &options.accounts) {
        (Some(name), Some(path)) => add_account(path, name, options.read_only),
        _ => open(options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            eprintln!("blotter: {words}");
            ExitCode::from(NOTHING)
        }
    }
}

fn open(options: &Open) -> Result<(), String> {
    let local = options.listen.is_loopback();
    let (accounts, key) = match &options.accounts {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|e| format!("--accounts {}: {e}", path.display()))?;
            let accounts = Accounts::parse(&text).map_err(|e| format!("--accounts {}: {e}", path.display()))?;
            if accounts.0.is_empty() {
                return Err(format!("--accounts {} names nobody: --add-account does", path.display()));
            }
            (accounts, None)
        }
        None if !local => {
            return Err(format!("--listen {} lets others in: name them with --accounts", options.listen));
        }
        None => {
            let key = Key::random()?;
            let name = case::author(options.by.as_deref()).unwrap_or_else(|| "unknown".to_owned());
            (Accounts(vec![Account { name, hash: key.hash(), read_only: false }]), Some(key))
        }
    };
    let desk = Desk::open(Options {
        db: options.db.clone(),
        read_only: options.read_only,
        accounts,
        names: Names { hosts: options.hosts.clone(), any_address: !local },
        clock: Arc::new(clock::now),
        reader: Arc::new(Live),
        exports: EXPORTS,
        program: concat!("blotter ", env!("CARGO_PKG_VERSION")).to_owned(),
    })
    .map_err(|e| format!("{}: {e}", options.db))?;
    // Loaded while the page is looked at, so that the first report is read at once.
    std::thread::spawn(|| builtin::reader().map(drop));
    let runtime = tokio::runtime::Runtime::new().map_err(|e| e.to_string())?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind((options.listen, options.port)).await;
        let listener = listener.map_err(|e| format!("port {}: {e} (--port 0 takes a free one)", options.port))?;
        let address = listener.local_addr().map_err(|e| e.to_string())?;
        announce(options, address, key.as_ref())?;
        tokio::select! {
            done = blotter_desk::serve(listener, desk) => done.map_err(|e| e.to_string()),
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    })?;
    // A decision on its way is a transaction: it is filed whole or not at all.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    Ok(())
}

/// Prints where the desk is, and opens it.
fn announce(options: &Open, address: SocketAddr, key: Option<&Key>) -> Result<(), String> {
    let host = match address.ip() {
        IpAddr::V6(ip) => format!("[{ip}]"),
        IpAddr::V4(ip) => ip.to_string(),
    };
    let place = format!("http://{host}:{}/", address.port());
    // After the #, so that no server and no log sees it.
    let place = key.map_or(place.clone(), |key| format!("{place}#key={}", key.written()));
    let mut out = std::io::stdout().lock();
    writeln!(out, "The desk is open at {place}").and_then(|()| out.flush()).map_err(|e| e.to_string())?;
    if !options.no_open && key.is_some() {
        browse(&place);
    }
    Ok(())
}

/// Opens the browser of the system, where there is one; who has none has the address.
fn browse(place: &str) {
    let (program, before): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("explorer", &[]),
        _ => ("xdg-open", &[]),
    };
    let null = std::process::Stdio::null;
    let child = std::process::Command::new(program).args(before).arg(place).stdout(null()).stderr(null()).spawn();
    if let Ok(mut child) = child {
        std::thread::spawn(move || child.wait());
    }
}

/// Adds somebody to the file of accounts, which is made where there is none; prints the key, which is kept nowhere.
fn add_account(path: &Path, name: &str, read_only: bool) -> Result<(), String> {
    let name = name.trim();
    if name.is_empty() || name.contains(['\t', '\n', '\r']) || name.starts_with('#') {
        return Err("--add-account: that is no name".to_owned());
    }
    let known = match std::fs::read_to_string(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => String::new(),
        known => known.map_err(|e| format!("{}: {e}", path.display()))?,
    };
    let accounts = Accounts::parse(&known).map_err(|e| format!("{}: {e}", path.display()))?;
    if accounts.0.iter().any(|a| a.name == name) {
        return Err(format!("{name} has an account already: take the line out of {} first", path.display()));
    }
    let key = Key::random()?;
    let role = if read_only { "\tread-only" } else { "" };
    // Editors may leave the last line open.
    let before = if known.is_empty() || known.ends_with('\n') { "" } else { "\n" };
    let mut create = std::fs::OpenOptions::new();
    create.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut create, 0o600);
    let written = create.open(path).and_then(|mut file| writeln!(file, "{before}{name}\t{}{role}", key.hash()));
    written.map_err(|e| format!("{}: {e}", path.display()))?;
    println!("{name} comes in by the desk's address with #key={}", key.written());
    Ok(())
}

/// The reader of this program, for the page.
struct Live;

impl Reader for Live {
    fn read(&self, handed: Handed) -> Vec<Result<Json, String>> {
        let given = Given { name: None, title: handed.title, published: handed.published };
        let source = Source::Stream(Box::new(Cursor::new(handed.bytes)));
        let mut found = Vec::new();
        for piece in pieces(handed.name.as_deref(), source) {
            for mut one in piece.reports_with(&given, &pdf::text) {
                if found.len() == REPORTS {
                    found.push(Err(format!("only the first {REPORTS} reports are read here")));
                    return found;
                }
                if let (Ok(report), Some(publisher)) = (&mut one.report, &handed.publisher) {
                    report.publisher.get_or_insert_with(|| publisher.clone());
                }
                let label = one.label;
                let reading = read::caught(|| {
                    let reader = builtin::reader().map_err(|e| format!("built-in data: {e}"))?;
                    Ok(wire::json(&reader.read(one.report?)))
                });
                found.push(reading.map_err(|reason| format!("{label}: {reason}")));
            }
        }
        found
    }
}
