//! The text layer of a PDF, taken out by a process of its own.
//!
//! A PDF is a program that draws pages: it can call itself for ever, draw for days, or unpack to more than the machine holds, and
//! none of that can be stopped within one process. So each is read by this program called again, which bounds its own time and
//! memory, and whose end, of whatever kind, costs that report alone.

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::Duration;

use wait_timeout::ChildExt;

use crate::FAILED;

/// The hidden command that the other process is called with.
pub const COMMAND: &str = "pdf-text";
/// A PDF takes no longer; most take a fraction of a second.
const SECONDS: u64 = 20;
/// Memory for one PDF, in bytes: the longest that is read, some times over.
#[cfg(unix)]
const MEMORY: u64 = 2 << 30;
/// More text than this is no report.
const LONGEST: u64 = blotter_intake::LONGEST;

/// Seconds for one PDF: `BLOTTER_PDF_SECONDS`, else 20.
fn seconds() -> u64 {
    let set = std::env::var("BLOTTER_PDF_SECONDS").ok().and_then(|s| s.trim().parse().ok());
    set.filter(|s| *s > 0).unwrap_or(SECONDS)
}

/// The text layer of a PDF.
///
/// # Errors
/// A sentence that says why it cannot be read.
pub fn text(bytes: &[u8]) -> Result<String, String> {
    let program =
        std::env::current_exe().map_err(|e| format!("cannot be read: this program does not find itself ({e})"))?;
    let mut call = Command::new(program);
    call.arg(COMMAND).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = call.spawn().map_err(|e| format!("cannot be read: no process could be started for it ({e})"))?;
    let result = thread::scope(|scope| {
        let (input, output, reasons) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        // It may end before it has read everything.
        scope.spawn(move || input.map(|mut input| input.write_all(bytes)));
        let output = scope.spawn(move || all(output));
        let reasons = scope.spawn(move || all(reasons));
        let ended = ended(&mut child);
        let joined = |thread: thread::ScopedJoinHandle<'_, Vec<u8>>| thread.join().unwrap_or_default();
        (ended, joined(output), joined(reasons))
    });
    match result {
        (Ended::Well, text, _) => String::from_utf8(text).map_err(|_| "is a PDF whose text cannot be read".to_owned()),
        (Ended::Refused, _, reason) => Err(String::from_utf8_lossy(&reason).trim().to_owned()),
        (Ended::Late, ..) => Err(format!("is a PDF that takes longer than {} s to read", seconds())),
        (Ended::Broken, ..) => Err("is a PDF that needs too much memory or breaks its reader".to_owned()),
    }
}

enum Ended {
    Well,
    Refused,
    Late,
    Broken,
}

/// Waits for the process, and ends it where it takes too long.
fn ended(child: &mut Child) -> Ended {
    // Time of the clock, with something on top for a busy machine; the process bounds its own time of the processor.
    let status = child.wait_timeout(Duration::from_secs(seconds() * 3));
    match status {
        Ok(Some(status)) if status.success() => Ended::Well,
        Ok(Some(status)) if status.code() == Some(i32::from(FAILED)) => Ended::Refused,
        Ok(Some(status)) if out_of_time(status) => Ended::Late,
        Ok(Some(_)) => Ended::Broken,
        Ok(None) | Err(_) => {
            let _ = child.kill();
            let _ = child.wait();
            Ended::Late
        }
    }
}

#[cfg(unix)]
fn out_of_time(status: std::process::ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    const SIGKILL: i32 = 9;
    // SIGXCPU has other numbers on some systems; Linux kills at the hard limit, which is the same here.
    matches!(status.signal(), Some(SIGKILL | 24))
}

#[cfg(not(unix))]
fn out_of_time(_: std::process::ExitStatus) -> bool {
    false
}

fn all(from: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(from) = from {
        let _ = from.take(LONGEST).read_to_end(&mut bytes);
    }
    bytes
}

/// What the other process does: a PDF on standard input, its text on standard output.
pub fn child() -> ExitCode {
    bound();
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes).map_err(|e| e.to_string());
    match read.and_then(|_| blotter_intake::pdf_text(&bytes)) {
        Ok(text) => crate::print(text.as_bytes()),
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::from(FAILED)
        }
    }
}

/// Bounds what this process may take. Where the system refuses, the other side's clock is left.
#[cfg(unix)]
fn bound() {
    use rlimit::Resource;
    let _ = Resource::AS.set(MEMORY, MEMORY);
    let _ = Resource::CPU.set(seconds(), seconds());
    let _ = Resource::CORE.set(0, 0);
}

#[cfg(not(unix))]
fn bound() {}
