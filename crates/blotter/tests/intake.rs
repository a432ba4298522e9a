//! What becomes of inputs on their way to the reader: a stop and a second run, other languages, the gate, hostile PDFs.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

const GUARDS: &str = "Four guards were hurt in Port Kesh late on Tuesday, two officials said.";
const QUIET: &str = "The company said that its sales rose in the third quarter as new models came on the market. Analysts had \
                     expected less, and the share price went up.";
const GERMAN: &str = "Zwei Beamte sagten, der Hafen sei seit Dienstag geschlossen, als das Feuer in einer Halle ausbrach und zwei \
                      Wächter verletzte.";

fn blotter(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("blotter").expect("the program");
    for name in ["THREADS", "COLOR", "STATS", "QUIET", "JSON", "CODEBOOK", "VERBOSE", "DB", "BY", "NO_GATE"] {
        command.env_remove(format!("BLOTTER_{name}"));
    }
    command.current_dir(folder);
    command
}

/// Exit code, stdout, stderr.
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let run = blotter(folder).args(args).output().expect("run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (run.status.code().expect("no signal"), text(run.stdout), text(run.stderr))
}

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn reports(texts: &[&str]) -> String {
    let line = |(i, text): (usize, &&str)| format!("{}\n", serde_json::json!({ "id": format!("r{i}"), "text": text }));
    texts.iter().enumerate().map(line).collect()
}

#[test]
fn a_stopped_run_goes_on_where_it_was() {
    let folder = TempDir::new().expect("folder");
    let path = |name: &str| folder.path().join(name);
    // One report stands there twice, and does so in the output.
    fs::write(path("in.jsonl"), reports(&[GUARDS, QUIET, "It burned.", GUARDS]).replace("r3", "r0")).expect("file");
    let (code, whole, _) = run(folder.path(), &["read", "--json", "in.jsonl"]);
    assert_eq!((code, lines(&whole).len()), (0, 4));
    let args = ["read", "--json", "--resume", "out.jsonl", "in.jsonl"];
    assert_eq!(run(folder.path(), &args).1, "");
    assert_eq!(fs::read_to_string(path("out.jsonl")).expect("file"), whole);
    // Stopped in its second line.
    let first = whole.find('\n').expect("a line") + 1;
    for end in [0, 5, first, first + 40, whole.len() - 1] {
        fs::write(path("out.jsonl"), &whole[..end]).expect("file");
        let (code, _, said) = run(folder.path(), &args);
        assert_eq!(fs::read_to_string(path("out.jsonl")).expect("file"), whole);
        assert_eq!((code, said.contains("known from before")), (0, end >= first), "{said}");
    }
    let (code, _, said) = run(folder.path(), &args);
    assert_eq!((code, said.as_str()), (0, "blotter: 4 reports known from before\n"));
}

#[test]
fn what_is_no_output_of_read_is_not_written_on() {
    let folder = TempDir::new().expect("folder");
    fs::write(folder.path().join("in.jsonl"), reports(&[GUARDS])).expect("file");
    for other in ["a line\n", "no line end", "{\"text\": \"a report\"}\n"] {
        fs::write(folder.path().join("out.jsonl"), other).expect("file");
        let (code, _, said) = run(folder.path(), &["read", "--json", "--resume", "out.jsonl", "in.jsonl"]);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("out.jsonl: line 1 is no Reading"), "{said}");
        assert_eq!(fs::read_to_string(folder.path().join("out.jsonl")).expect("file"), other);
    }
}

#[test]
fn another_language_is_said_and_kept_unread() {
    let folder = TempDir::new().expect("folder");
    fs::write(folder.path().join("in.jsonl"), reports(&[GERMAN, GUARDS])).expect("file");
    let (code, out, said) = run(folder.path(), &["read", "--json", "in.jsonl"]);
    let readings = lines(&out);
    assert_eq!((code, readings.len()), (0, 2));
    assert_eq!(readings[0]["report"]["warnings"], serde_json::json!(["is not English (de); it was not read"]));
    assert_eq!(readings[0]["report"]["text"], GERMAN);
    for layer in ["sentences", "entities", "times", "places", "attributions", "events", "incidents"] {
        assert_eq!(readings[0][layer], serde_json::json!([]), "{layer}");
    }
    assert_ne!(readings[1]["sentences"], serde_json::json!([]));
    assert!(said.contains("1 report not English, not read"), "{said}");
    let (_, out, _) = run(folder.path(), &["read", "in.jsonl"]);
    assert!(out.contains("This report is not English (de); it was not read."), "{out}");
    let (code, out, _) = run(folder.path(), &["add", "in.jsonl"]);
    assert_eq!(code, 0);
    assert!(out.lines().next().is_some_and(|l| l.starts_with("new") && l.contains("is not English (de)")), "{out}");
    let (_, out, _) = run(folder.path(), &["report", "r0"]);
    assert!(out.contains("Zwei Beamte"), "{out}");
    let (code, out, said) = run(folder.path(), &["add", "in.jsonl"]);
    assert!(code == 0 && out.lines().all(|l| l.starts_with("unchanged")), "{out}");
    assert!(said.contains("2 reports known from before"), "{said}");
    let (code, out, _) = run(folder.path(), &["reread"]);
    assert_eq!((code, out.as_str()), (0, "0 versions changed, 2 did not\n"));
}

#[test]
fn the_gate_keeps_out_what_nobody_picked_and_says_so() {
    let folder = TempDir::new().expect("folder");
    fs::create_dir(folder.path().join("d")).expect("folder");
    fs::write(folder.path().join("d/a.txt"), QUIET).expect("file");
    fs::write(folder.path().join("d/b.txt"), GUARDS).expect("file");
    let (code, out, said) = run(folder.path(), &["read", "--json", "d"]);
    let readings = lines(&out);
    assert_eq!((code, readings.len()), (0, 2));
    assert!(readings[0]["report"]["warnings"][0].as_str().is_some_and(|w| w.contains("no incident")));
    assert_eq!(
        (&readings[0]["sentences"], &readings[0]["incidents"]),
        (&serde_json::json!([]), &serde_json::json!([]))
    );
    assert_ne!(readings[1]["sentences"], serde_json::json!([]));
    assert!(said.contains("1 report without an incident"), "{said}");
    // What is named is read, and everything is with --no-gate.
    for args in [&["read", "--json", "d/a.txt"][..], &["read", "--json", "--no-gate", "d"]] {
        let (_, out, said) = run(folder.path(), args);
        assert_ne!(lines(&out)[0]["sentences"], serde_json::json!([]), "{args:?}");
        assert_eq!(said, "");
    }
    let (code, out, _) = run(folder.path(), &["add", "d"]);
    assert!(code == 0 && out.lines().next().is_some_and(|l| l.contains("tells of no incident by its words")), "{out}");
    let (_, out, _) = run(folder.path(), &["reread"]);
    assert_eq!(out, "0 versions changed, 2 did not\n");
}

/// A PDF of one page whose objects from the fourth on are given.
fn pdf(content: &str, more: &[String]) -> Vec<u8> {
    let stream = |head: &str, body: &str| format!("<< {head} /Length {} >>\nstream\n{body}\nendstream", body.len());
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /X0 6 0 R >> >> >>"
            .to_owned(),
        stream("", content),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    objects.extend_from_slice(more);
    let mut out = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", i + 1));
    }
    let table = out.len();
    out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    out.extend(places.iter().map(|at| format!("{at:010} 00000 n \n")));
    out.push_str(&format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1));
    out.into_bytes()
}

const WORDS: &str = "BT /F1 12 Tf 72 720 Td (Four guards were hurt in Port Kesh, two officials said.) Tj ET";

/// A form that draws `body`, with the object of that number as its own form.
fn form(body: &str, next: usize) -> String {
    let head = "/Type /XObject /Subtype /Form /BBox [0 0 612 792]";
    let resources = format!("/Resources << /Font << /F1 5 0 R >> /XObject << /X0 {next} 0 R >> >>");
    format!("<< {head} {resources} /Length {} >>\nstream\n{body}\nendstream", body.len())
}

#[test]
fn a_hostile_pdf_costs_itself_alone() {
    let folder = TempDir::new().expect("folder");
    let path = |name: &str| folder.path().join(name);
    // It draws itself.
    fs::write(path("a.pdf"), pdf("/X0 Do", &[form("/X0 Do", 6)])).expect("file");
    // Twelve forms that each draw the next ten times.
    let forms: Vec<String> = (7..=18).map(|next| form(&"/X0 Do ".repeat(10), next)).chain([form(WORDS, 18)]).collect();
    fs::write(path("b.pdf"), pdf("/X0 Do", &forms)).expect("file");
    fs::write(path("c.pdf"), pdf(WORDS, &[])).expect("file");
    let args = ["read", "--json", "a.pdf", "b.pdf", "c.pdf"];
    let run = blotter(folder.path()).env("BLOTTER_PDF_SECONDS", "1").args(args).output().expect("run");
    let (out, said) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(said.contains("a.pdf: is a PDF that"), "{said}");
    assert!(said.contains("b.pdf: is a PDF that"), "{said}");
    let readings = lines(&out);
    assert_eq!(readings.len(), 1);
    assert!(
        readings[0]["report"]["text"].as_str().is_some_and(|t| t.contains("Four guards were hurt in Port Kesh")),
        "{out}"
    );
}
