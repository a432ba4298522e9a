use super::*;

fn of(text: &str) -> Report {
    let mut report = Report { text: text.to_owned(), ..Report::default() };
    read(&mut report);
    report
}

fn headline(text: &str) -> Option<String> {
    let report = of(text);
    report.headline.map(|h| report.words(h).to_owned())
}

fn dateline(text: &str) -> Option<String> {
    let report = of(text);
    report.dateline.map(|d| report.words(d).to_owned())
}

#[test]
fn headlines() {
    let body = "Four guards were hurt late on Tuesday, two officials said. Nobody was killed in the blast.";
    for (text, found) in [
        (format!("Drones hit harbour office\n\n{body}"), Some("Drones hit harbour office")),
        (format!("Drones hit harbour office\n{body}"), Some("Drones hit harbour office")),
        (format!("World news\n\nDrones hit harbour office\n\n{body}"), Some("Drones hit harbour office")),
        (
            format!("Home > News > Africa\nDrones hit harbour office\nBy Jane Doe\n{body}"),
            Some("Drones hit harbour office"),
        ),
        (format!("12 March 2024\n\nDRONES HIT HARBOUR OFFICE\n\n{body}"), Some("DRONES HIT HARBOUR OFFICE")),
        (format!("World news\n\n{body}"), None),
        (format!("Four guards were hurt late on Tuesday.\n\n{body}"), None),
        ("Four guards were hurt late on Tuesday\nwhen drones hit the harbour office.".to_owned(), None),
        ("Officials from the port of Old Kesh\nGovernor Idris and the union met. They talked.".to_owned(), None),
        ("PORT KESH (AP) - Drones hit the harbour office\n\nFour guards were hurt.".to_owned(), None),
        ("Drones hit harbour office".to_owned(), None),
        (body.to_owned(), None),
        (String::new(), None),
    ] {
        assert_eq!(headline(&text).as_deref(), found, "{text}");
    }
}

#[test]
fn datelines() {
    for (text, found) in [
        ("PORT KESH, Sudan (AP) — Drones hit the harbour office.", Some("PORT KESH, Sudan (AP) —")),
        ("PORT KESH, Sudan — Drones hit the harbour office.", Some("PORT KESH, Sudan —")),
        ("PORT KESH (Reuters) - Drones hit the harbour office.", Some("PORT KESH (Reuters) -")),
        ("OLDBRIDGE, N.Y. -- A man was shot.", Some("OLDBRIDGE, N.Y. --")),
        ("PORT KESH, March 12 (Reuters) - Drones hit it.", Some("PORT KESH, March 12 (Reuters) -")),
        ("EL MARQUES, 3 JAN 90 (EFE) -- [TEXT] A BOMB EXPLODED.", Some("EL MARQUES, 3 JAN 90 (EFE) --")),
        ("Port Kesh (CNN) Drones hit the harbour office.", Some("Port Kesh (CNN)")),
        ("OLDBRIDGE, Ohio: A man was shot.", Some("OLDBRIDGE, Ohio:")),
        ("BREAKING: Drones hit the harbour office.", None),
        ("UPDATE - Drones hit the harbour office.", None),
        ("POLICE SAID -- AND NOBODY DOUBTED IT -- THAT A BOMB EXPLODED.", None),
        ("The union (ABC) said so.", None),
        ("UN-backed forces moved in.", None),
        ("IRA-style bomb found.", None),
    ] {
        assert_eq!(dateline(text).as_deref(), found, "{text}");
    }
}

#[test]
fn what_a_dateline_says() {
    let report = of("EL MARQUES, 3 JAN 90 (EFE) -- A BOMB EXPLODED.");
    assert_eq!(report.published.map(|d| d.value).as_deref(), Some("1990-01-03"));
    assert_eq!(report.publisher.as_deref(), Some("EFE"));
    assert_eq!(of("PORT KESH (Harbour Gazette) — Drones hit it.").publisher, None);
}

#[test]
fn bylines() {
    for (line, names) in [
        ("By Jane Doe", Some(vec!["Jane Doe"])),
        ("BY JANE DOE", Some(vec!["JANE DOE"])),
        ("By Jane Doe and Omar al-Said, Harbour Gazette", Some(vec!["Jane Doe", "Omar al-Said"])),
        ("By Jane Doe, John Roe and Ann van der Poe", Some(vec!["Jane Doe", "John Roe", "Ann van der Poe"])),
        ("By Jane Doe GAZETTE STAFF", Some(vec!["Jane Doe"])),
        ("By Jane Doe | March 12, 2024", Some(vec!["Jane Doe"])),
        ("Jane Doe, Staff Writer", Some(vec!["Jane Doe"])),
        ("By Reuters", Some(vec!["Reuters"])),
        ("By Tuesday", None),
        ("By Tuesday the fire was out.", None),
        ("By Friday Night.", None),
    ] {
        let names = names.map(|n| n.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>());
        assert_eq!(byline(line), names, "{line}");
    }
}

#[test]
fn dates_of_lines() {
    let body = "\n\nFour guards were hurt late on Tuesday, two officials said.";
    for (line, published, updated) in [
        ("By Jane Doe\nPublished 12 March 2024", Some("2024-03-12"), None),
        ("Published: March 12, 2024, updated March 13, 2024 at 10:05", Some("2024-03-12"), Some("2024-03-13T10:05")),
        ("By Jane Doe, March 12, 2024", Some("2024-03-12"), None),
        ("Tuesday 12 March 2024, 21:40 GMT", Some("2024-03-12T21:40Z"), None),
        ("Updated on 12 March at 21:40", None, Some("XXXX-03-12T21:40")),
        ("Last updated: 12 March 2024 9:40 p.m.", None, Some("2024-03-12T21:40")),
        ("Updated at 21:40", None, None),
        ("Updated figures of the harbour union of 12 March show that fewer ships called", None, None),
    ] {
        let report = of(&format!("Drones hit harbour office\n{line}{body}"));
        assert_eq!(report.published.map(|d| d.value).as_deref(), published, "{line}");
        assert_eq!(report.updated.map(|d| d.value).as_deref(), updated, "{line}");
    }
    let tail = of(&format!("Drones hit harbour office{body}\n\nUpdated on 12 March at 21:40."));
    assert_eq!(
        tail.updated.map(|d| (d.value, d.source)),
        Some(("XXXX-03-12T21:40".to_owned(), DateSource::UpdateLine))
    );
}

#[test]
fn lines_of_the_report_itself() {
    let report = of("News\nQuay fire kills two\nBy Jane Doe\n\nIt burned on 9 March.\n\nUpdated on 12 March at 21:40.");
    let lines: Vec<&str> = report.own_lines.iter().map(|l| report.words(*l)).collect();
    assert_eq!(lines, ["News", "By Jane Doe", "Updated on 12 March at 21:40."]);
}

#[test]
fn what_is_given_stays() {
    let given = ReportDate { value: "2024-03-14".to_owned(), source: DateSource::Input };
    let mut report = Report {
        text: "Quay fire\n\nPublished 12 March 2024\n\nIt burned.".to_owned(),
        headline: Some(Span::new(0, 9)),
        published: Some(given.clone()),
        ..Report::default()
    };
    read(&mut report);
    assert_eq!(report.published, Some(given));
    assert_eq!(report.headline, Some(Span::new(0, 9)));
}
