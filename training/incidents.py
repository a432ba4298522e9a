"""Learns whether a draft with its facts is an incident that the report tells (data/incidents/told.txt of the core).

    cargo run --release -p blotter-core --example incidents -- REPORTS.jsonl WEIGHTS GAZETTEER > DRAFTS.jsonl
    python incidents.py --scorers EVAL --data DATA --reports REPORTS.jsonl --features DRAFTS.jsonl --relevance LOGITS.json --out told.txt

REPORTS.jsonl and LOGITS.json are those of relevance.py; the features `relevance` are replaced by the held-out logits, as the
head has seen these reports. What is right: in whole records made by hand, drafts that records.py pairs with an incident (the
others are wrong); in reports labelled N none; in those labelled M, and of gun violence, the main draft that promises most
(nothing is said of the others there). An L2 regularised logistic regression; penalty and threshold by cross-validation over
reports: the threshold gives the best F1 of incidents of the records, the highest of equals, unless `--threshold` says.
"""
import argparse
import json
import random
import sys
from pathlib import Path

import numpy as np

from relevance import FOLDS, area, regression

PENALTIES = (1, 3, 10, 30)
THRESHOLDS = np.arange(0.05, 0.75, 0.05)
LEAST = 1.2         # facts that a draft promised to be told before; printed for comparison


def logit(x):
    return float(np.clip(x, np.log(0.02 / 0.98), np.log(0.98 / 0.02)))


def paired(reading, report, record, records):
    """index of a draft -> whether the record has it; None where the record leaves it open."""
    found, _ = records.readings([reading], {report["id"]: records.full_text(report)})
    found = found[report["id"]]
    right = {i: False for i in range(len(found))}
    for i, j, _ in records.pair_incidents(found, record["incidents"]):
        right[i] = None if record["incidents"][j].get("optional") else True
    return right


def examples(args):
    """[(report id, where from, label of the report, features, right or None)]"""
    sys.path.insert(0, str(args.scorers))
    import records
    given = {r["id"]: r for r in map(json.loads, open(args.reports, encoding="utf-8"))}
    held_out = json.load(open(args.relevance))
    gold = {report["id"]: (report, record) for split in ("train", "dev")
            for report, record in records.load(args.scorers / f"records-{split}.jsonl", args.data)}
    made, asked = [], {}
    for row in map(json.loads, open(args.features, encoding="utf-8")):
        id = row["reading"]["report"]["id"]
        label, source = given[id]["label"], given[id]["from"]
        drafts, features = row["reading"]["incidents"], row["features"]
        for f in features:
            f["relevance"], f["relevance of the beginning"] = logit(max(held_out[id])), logit(held_out[id][0])
        if source.startswith("records"):
            report, record = gold[id]
            right = paired(row["reading"], report, record, records)
            asked[source] = asked.get(source, 0) + sum(not i.get("optional") for i in record["incidents"])
        else:
            main = [i for i, d in enumerate(drafts) if d["relation"] == "main"]
            best = max(main, key=lambda i: features[i]["promised"], default=None)
            right = {i: False if label == "N" else True if label == "M" and i == best else None for i in range(len(drafts))}
        made += [(id, source, label, f, right[i]) for i, f in enumerate(features)]
    return made, asked


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("scorers", "data", "reports", "features", "relevance", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--threshold", type=float, help="instead of the one that cross-validation finds")
    args = parser.parse_args()
    rows, asked = examples(args)
    names = sorted({name for r in rows for name in r[3]} - {"bias"})
    x = np.array([[r[3].get(name, 0.0) for name in names] for r in rows])
    learn = np.array([r[4] is not None and r[1] != "records-dev" for r in rows])
    y = np.array([bool(r[4]) for r in rows])
    fold = np.array([random.Random(r[0]).randrange(FOLDS) for r in rows])
    tried = {}
    for penalty in PENALTIES:
        p = np.zeros(len(rows))
        for k in range(FOLDS):
            use = learn & (fold != k)
            w = regression(x[use], y[use].astype(float), np.ones(use.sum()), penalty)
            p[fold == k] = 1 / (1 + np.exp(-(x[fold == k] @ w[:-1] + w[-1])))
        loss = -np.mean(np.log(np.where(y, p, 1 - p)[learn] + 1e-9))
        print(f"penalty {penalty}: held-out loss {loss:.4f}, area {area(p[learn], y[learn]):.4f}")
        tried[penalty] = (loss, p)
    penalty = min(tried, key=lambda k: tried[k][0])
    p = tried[penalty][1]

    def f1(source, told):
        mine = np.array([r[1] == source and r[4] is not None for r in rows])
        return 200 * (y & told & mine).sum() / ((told & mine).sum() + asked[source])

    def telling(source, label, told):
        return len({r[0] for r, t in zip(rows, told) if t and r[1] == source and r[2] == label})

    def report(name, told):
        print(f"{name}: F1 of incidents, records-train {f1('records-train', told):.1f}, records-dev {f1('records-dev', told):.1f}; reports that tell of one: "
              + ", ".join(f"{label} {telling('labelled', label, told)}" for label in "MBN"))

    before = np.array([np.exp(r[3]["promised"]) - 0.1 >= LEAST for r in rows])
    report("promises as before", before)
    for t in THRESHOLDS:
        report(f"threshold {t:.2f}", p >= t)
    threshold = args.threshold or max(THRESHOLDS, key=lambda t: (round(f1("records-train", p >= t), 1), t))
    w = regression(x[learn], y[learn].astype(float), np.ones(learn.sum()), penalty)
    lines = ["# Weights of whether a draft is an incident that the report tells. Written by training/incidents.py.", "#",
             "# feature<TAB>weight; `threshold` is the least probability at which it is told.",
             f"threshold\t{threshold:.2f}", f"bias\t{w[-1]:.4f}"]
    lines += [f"{name}\t{value:.4f}" for name, value in zip(names, w) if abs(value) >= 5e-3]
    args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"penalty {penalty}, threshold {threshold:.2f} -> {args.out}")


if __name__ == "__main__":
    main()
