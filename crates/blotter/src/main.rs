//! The program: arguments, files and clock at the rim; everything else is `blotter-core`.

mod builtin;
mod case;
mod cli;
mod clock;
mod desk;
mod follow;
mod inputs;
mod pdf;
mod progress;
mod read;
mod resume;
mod steps;
mod take;
mod views;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use cli::{Cli, Color, Command};

/// Exit code: some inputs could not be read.
const FAILED: u8 = 1;
/// Exit code: nothing was read, or the command line is wrong (clap's own code, too).
const NOTHING: u8 = 2;
/// Exit code: the incident was not known yet at the moment asked for.
const NOT_YET: u8 = 3;

fn main() -> ExitCode {
    // Before anything else, since its panics are nobody's business and its memory is bounded.
    if std::env::args_os().nth(1).is_some_and(|command| command == pdf::COMMAND) {
        std::panic::set_hook(Box::new(|_| {}));
        return pdf::child();
    }
    read::quiet_panics();
    let cli = Cli::parse();
    match cli.global.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    match &cli.command {
        Command::Read(options) => read::run(options, &cli.global),
        Command::Case(command) => case::run(command, &cli.global),
        Command::Desk(options) => desk::run(options),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "blotter", &mut script);
            print(&script)
        }
        Command::Man => {
            let mut page = Vec::new();
            match manual(&mut page) {
                Ok(()) => print(&page),
                Err(error) => {
                    eprintln!("blotter: {error}");
                    ExitCode::from(NOTHING)
                }
            }
        }
    }
}

/// The manual: the program's page, then that of each command for users.
fn manual(page: &mut Vec<u8>) -> std::io::Result<()> {
    let command = Cli::command();
    clap_mangen::Man::new(command.clone()).render(page)?;
    for sub in command.get_subcommands().filter(|c| !c.is_hide_set()) {
        clap_mangen::Man::new(sub.clone()).title(format!("blotter-{}", sub.get_name())).render(page)?;
    }
    Ok(())
}

fn print(bytes: &[u8]) -> ExitCode {
    match std::io::stdout().write_all(bytes) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("blotter: {error}");
            ExitCode::from(NOTHING)
        }
        _ => ExitCode::SUCCESS,
    }
}
