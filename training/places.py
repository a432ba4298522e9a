"""Learns which of a report's places is the incident's (crates/blotter-core/data/facts/places.txt).

    cargo run --release -p blotter-core --example choices -- reports.jsonl WEIGHTS GAZETTEER > choices.jsonl
    python3 training/places.py --scorers EVAL --data DATA --towns towns.jsonl --records records.jsonl --out FILE [--folds 5]

`towns.jsonl`: the example's output for reports whose town is on record (`gunviolence.py inputs`, training split).
`records.jsonl`: its output for the reports of `records-train.jsonl`. The model is that of `softmax.py`. With --folds,
reports are dealt out in turn and the share of choices that are right is printed for each of PENALTIES, measured on the fold
left out.
"""
import json

import softmax

PENALTY = 1e-3
PENALTIES = [1e-3, 3e-3]
RECORD = 2.0       # an incident of the whole records counts this many times


def towns(path, scorer, data):
    """[(incident's candidates, right ones, weight)] of reports with one town on record."""
    found = []
    filed = {report["id"]: scorer.record_cities(record) for report, record in scorer.load(data / "gun-violence", "train")}
    for line in open(path, encoding="utf-8"):
        report = json.loads(line)
        if not report["incidents"] or report["id"] not in filed:
            continue
        places = max(report["incidents"], key=lambda i: len(i["anchors"]))["places"]
        cities = filed[report["id"]]
        named = [bool({scorer.plain(n) for n in (p["name"], p["chosen"]) if n} & cities) for p in places]
        held = [bool({scorer.plain(n) for n in p["within"]} & cities) for p in places]
        found.append((places, named if any(named) else held, 1.0))
    return found


def records(path, scorer, gold, data):
    """The same of incidents in whole records."""
    found = []
    for places, golds in matched(path, scorer, gold, data, "where", "places"):
        names = {n for g in golds for n in (*(g.get("name") or "").split("|"), g.get("settlement")) if n}
        named = [any(scorer.same_place(n, m) for n in (p["name"], p["chosen"]) if n for m in names) for p in places]
        held = [any(scorer.same_place(n, m) for n in p["within"] for m in names) for p in places]
        found.append((places, named if any(named) else held, RECORD))
    return found


def matched(path, scorer, gold, data, field, choices):
    """(candidates, gold values of the field) of each draft with the gold incident whose evidence lies nearest to its words."""
    right = {report["id"]: record["incidents"] for report, record in scorer.load(gold, data)}
    for line in open(path, encoding="utf-8"):
        report = json.loads(line)
        told = [i for i in right.get(report["id"], []) if any(f["field"] == field for f in i["facts"])]
        for incident in report["incidents"]:
            def cited(gold):
                spans = [(e["start"], e["end"]) for f in gold["facts"] for e in f.get("evidence", [])]
                return sum(any(s - 40 < b and a < e + 40 for s, e in spans) for a, b in incident["anchors"])
            best = max(told, key=cited, default=None)
            if best is not None and cited(best):
                yield incident[choices], [f["value"] for f in best["facts"] if f["field"] == field]


if __name__ == "__main__":
    heading = "Weights of the choice of an incident's place: feature, weight. Made by training/places.py; not edited by hand."
    softmax.main(__doc__, "towns", towns, records, heading, PENALTY, PENALTIES)
