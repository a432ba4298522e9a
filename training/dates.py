"""Learns which of a report's dates is the incident's (crates/blotter-core/data/facts/dates.txt).

    cargo run --release -p blotter-core --example choices -- reports.jsonl WEIGHTS GAZETTEER > choices.jsonl
    python3 training/dates.py --scorers EVAL --data DATA --days days.jsonl --records records.jsonl --out FILE [--folds 5]

`days.jsonl`: the example's output for reports whose day is on record (`gunviolence.py inputs`, training split).
`records.jsonl`: its output for the reports of `records-train.jsonl`. The model is that of `softmax.py`. A day is right where
it is the one on record; where none is, longer times that hold it are. With --folds, reports are dealt out in turn and the
share of choices that are right is printed for each of PENALTIES, measured on the fold left out.
"""
import json
from datetime import date

import softmax
from places import RECORD, matched

PENALTY = 1e-3
PENALTIES = [3e-4, 1e-3, 3e-3]


def parsed(value):
    try:
        return date.fromisoformat((value or "")[:10])
    except ValueError:
        return None


def right(choices, first, last):
    """Which candidates are the days from `first` to `last`; where none is, which hold them."""
    spans = [(parsed(c["start"]), parsed(c["end"])) for c in choices]
    exact = [span == (first, last) for span in spans]
    return exact if any(exact) else [None not in span and span[0] <= first and last <= span[1] for span in spans]


def days(path, scorer, data):
    """[(candidates, right ones, weight)] of the main draft of reports with one day on record."""
    filed = {report["id"]: scorer.record_date(record) for report, record in scorer.load(data / "gun-violence", "train")}
    found = []
    for line in open(path, encoding="utf-8"):
        report = json.loads(line)
        day = filed.get(report["id"])
        if report["incidents"] and day:
            choices = max(report["incidents"], key=lambda i: len(i["anchors"]))["dates"]
            found.append((choices, right(choices, day, day), 1.0))
    return found


def records(path, scorer, gold, data):
    """The same of incidents in whole records."""
    found = []
    for choices, golds in matched(path, scorer, gold, data, "when", "dates"):
        spans = [(parsed(g["start"]), parsed(g["end"]) or parsed(g["start"])) for g in golds]
        each = [right(choices, first, last) for first, last in spans if first and last]
        if each:
            found.append((choices, [any(rights) for rights in zip(*each)], RECORD))
    return found


if __name__ == "__main__":
    heading = "Weights of the choice of an incident's date: feature, weight. Made by training/dates.py; not edited by hand."
    softmax.main(__doc__, "days", days, records, heading, PENALTY, PENALTIES)
