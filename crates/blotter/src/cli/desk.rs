//! The command that opens the desk.

use std::net::IpAddr;
use std::path::PathBuf;

use blotter_case::Place;
use clap::{ArgAction, Args};

/// `blotter desk`.
#[derive(Args)]
pub struct Open {
    /// The case file
    #[arg(long, env = "BLOTTER_DB", value_name = "CASE", default_value = "blotter.db")]
    pub db: Place,
    /// The port; 0 takes any that is free. What the browser keeps (saved filters) belongs to the port
    #[arg(long, env = "BLOTTER_PORT", value_name = "N", default_value_t = 8517)]
    pub port: u16,
    /// The address to listen on; one beyond this machine needs --accounts
    #[arg(long, env = "BLOTTER_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub listen: IpAddr,
    /// A name by which others call this machine ("newsroom.local"), for a desk that listens beyond it; several with commas
    #[arg(long = "host", env = "BLOTTER_HOST", value_name = "NAME", value_delimiter = ',')]
    pub hosts: Vec<String>,
    /// Who may come in: one a line, name, SHA-256 of the key, and where wanted read-only, between them tabs
    #[arg(long, env = "BLOTTER_ACCOUNTS", value_name = "FILE")]
    pub accounts: Option<PathBuf>,
    /// Add somebody to --accounts, print the key, and end
    #[arg(long, value_name = "NAME", requires = "accounts")]
    pub add_account: Option<String>,
    /// Look only: nothing can be decided
    #[arg(long, env = "BLOTTER_READ_ONLY", action = ArgAction::SetTrue)]
    pub read_only: bool,
    /// Open no browser
    #[arg(long, env = "BLOTTER_NO_OPEN", action = ArgAction::SetTrue)]
    pub no_open: bool,
    /// Who decides; the login name without it (with --accounts it is the account's)
    #[arg(long, env = "BLOTTER_BY", value_name = "NAME")]
    pub by: Option<String>,
}

/// What the command says after its options.
pub const HELP: &str = "\
Examples:
  blotter desk --db case.db                    the desk, in the browser of this machine
  blotter desk --db case.db --read-only        to look only
  blotter desk --accounts desk.accounts --add-account Ann
                                               a key for Ann, whose hash is kept in the file
  blotter desk --db case.db --listen 0.0.0.0 --accounts desk.accounts --host newsroom.local
                                               for a team; connections are not encrypted, so put it behind a proxy that
                                               speaks TLS and keeps the Host header (nginx: proxy_set_header
                                               Host $host), or into a network that you trust

The address that it prints holds the key: whoever has it may decide in your name. It ends with Ctrl-C.";
