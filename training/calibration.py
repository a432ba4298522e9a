"""Fits what a fact's chance says to how often such facts are right in reports the verifier was not learned from.

    cargo run --release -p blotter-core --example facts -- REPORTS.jsonl WEIGHTS GAZETTEER > FEATURES.jsonl
    python calibration.py --scorers EVAL --data DATA --features FEATURES.jsonl --gold records-dev.jsonl --verifier verifier.txt --out calibration.txt

The verifier is learned from records that the model's heads have seen, so it trusts the heads too much. Its log-odds are
multiplied by one slope and moved by an offset of each field (or "beside"), shrunk to that of all fields (Platt 1999, with a ridge):
which facts are given, and their order within a field, stays the same. Facts under the verifier's threshold are left out.
Prints the expected calibration error before, and after by cross-validation over reports.
"""
import argparse
import json
import random
import sys
from pathlib import Path

import numpy as np

from verifier import FOLDS, SHARED, calibration_error, owner, weights_of

RIDGE = 15.0       # of a field's offset; 3 to 30 are alike, held out
LIMIT = (0.01, 0.99)


def chances(row, weights):
    """The reading's incidents as they are given, and each fact's chance."""
    given, kept = [], []
    for incident, features in zip(row["reading"]["incidents"], row["features"]):
        facts, mine = [], []
        for fact, found in zip(incident["facts"], features):
            own = weights[owner(fact["field"], found)]
            total = sum((weights[SHARED].get(n, 0.0) + own.get(n, 0.0)) * x for n, x in found.items())
            p = 1 / (1 + np.exp(-total))
            if p >= own.get("threshold", weights[SHARED]["threshold"]):
                facts.append(fact)
                mine.append((owner(fact["field"], found), float(np.clip(p, *LIMIT))))
        given.append({**incident, "facts": facts})
        kept.append(mine)
    return {**row["reading"], "incidents": given}, kept


def examples(args, records):
    """[(report, field, chance, credit)] of the facts that the gold judges."""
    weights = weights_of(args.verifier)
    rows = {r["reading"]["report"]["id"]: r for r in map(json.loads, args.features.read_text(encoding="utf-8").splitlines())}
    made = []
    for report, record in records.load(args.gold, args.data):
        reading, kept = chances(rows[report["id"]], weights)
        found, _ = records.readings([reading], {report["id"]: records.full_text(report)})
        predicted, credit = found[report["id"]], {}
        pairs = records.pair_incidents(predicted, record["incidents"])
        aside = {i for i, j, _ in pairs if record["incidents"][j].get("optional")}
        for i, _, facts in pairs:
            for fact, right, share in facts:
                credit[id(fact)] = None if right.get("optional") else share
        for i, (incident, raw) in enumerate(zip(predicted, reading["incidents"])):
            judged = [p for p, fact in zip(kept[i], raw["facts"]) if fact["field"] in records.FIELDS]
            for fact, (own, p) in zip(incident["facts"], judged):
                share = None if i in aside else credit.get(id(fact), 0.0)
                if share is not None:
                    made.append((report["id"], own, p, share))
    return made


def fit(rows, fields):
    """Slope, offset of all, offsets of the fields."""
    p = np.array([r[2] for r in rows])
    x = np.stack([np.log(p / (1 - p)), np.ones(len(rows)), *(np.array([r[1] == f for r in rows], float) for f in fields)], 1)
    y, ridge = np.array([r[3] for r in rows]), np.array([0.5, 0.5] + [RIDGE] * len(fields))
    start = np.array([1.0] + [0.0] * (len(fields) + 1))
    w = start.copy()
    for _ in range(30):
        q = 1 / (1 + np.exp(-x @ w))
        w -= np.linalg.solve((x * (q * (1 - q))[:, None]).T @ x + np.diag(ridge), x.T @ (q - y) + ridge * (w - start))
    return w


def applied(rows, fields, w):
    p = np.array([r[2] for r in rows])
    moved = np.array([w[1] + (w[2 + fields.index(r[1])] if r[1] in fields else 0.0) for r in rows])
    return 1 / (1 + np.exp(-(w[0] * np.log(p / (1 - p)) + moved)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("scorers", "data", "features", "gold", "verifier", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    sys.path.insert(0, str(args.scorers))
    import records
    rows = examples(args, records)
    y, fields = np.array([r[3] for r in rows]), sorted({r[1] for r in rows})
    print(f"{len(rows)} facts, expected calibration error {calibration_error(np.array([r[2] for r in rows]), y):.3f}")
    order = sorted({r[0] for r in rows})
    random.Random(5).shuffle(order)
    fold, held = {report: i % FOLDS for i, report in enumerate(order)}, np.zeros(len(rows))
    for k in range(FOLDS):
        w = fit([r for r in rows if fold[r[0]] != k], fields)
        test = [i for i, r in enumerate(rows) if fold[r[0]] == k]
        held[test] = applied([rows[i] for i in test], fields, w)
    print(f"held out: {calibration_error(held, y):.3f}")
    w = fit(rows, fields)
    lines = ["# What the verifier's log-odds are multiplied by and moved by. Written by training/calibration.py.",
             f"{SHARED}\tslope\t{w[0]:.3f}", f"{SHARED}\toffset\t{w[1]:.3f}"]
    lines += [f"{f}\toffset\t{w[2 + i]:.3f}" for i, f in enumerate(fields)]
    args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
