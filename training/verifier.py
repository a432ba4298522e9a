"""Learns the weights of the last decision about each fact: how likely it is right, given all that is known of it.

    cargo run --release -p blotter-core --example facts -- REPORTS.jsonl WEIGHTS GAZETTEER > FEATURES.jsonl
    python verifier.py --scorers EVAL --data DATA --features FEATURES.jsonl --gold records-train.jsonl [--gold ..] --out verifier.txt

    python verifier.py .. --base verifier.txt --only beside --threshold 0.4 --out verifier.txt    one owner's weights alone

One L2 regularised logistic regression by Newton steps, in which every feature has a weight that all fields share (field
`*`) and a weight of each owner's own: its field, or "beside" for tolls told beside a total (`owner`). With --base and
--only the weights of a file stand, and those of one owner are learned beside them, with a threshold of its own. A fact is right by as much as records.py credits it. The
strength of the penalty is chosen by cross-validation over reports, and so is the threshold: the least probability at which
giving the facts raises F1 of all facts (one for all fields: one a field fits the folds and not new reports).
"""
import argparse
import json
import random
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

FOLDS = 8
PENALTIES = (3, 6, 12, 25)
THRESHOLDS = np.arange(0.1, 0.46, 0.05)
SHARED = "*"


def examples(args, records):
    """[(report, field, features, credit)] of the facts that the gold judges, and the number of gold facts."""
    made, asked = [], 0
    gold = [pair for path in args.gold for pair in records.load(path, args.data)]
    rows = {}
    for path in args.features:
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line:
                row = json.loads(line)
                rows[row["reading"]["report"]["id"]] = row
    for report, record in gold:
        row = rows[report["id"]]
        text = records.full_text(report)
        found, _ = records.readings([row["reading"]], {report["id"]: text})
        predicted = found[report["id"]]
        judged = [[f for f, raw in zip(features, incident["facts"]) if raw["field"] in records.FIELDS]
                  for features, incident in zip(row["features"], row["reading"]["incidents"])]
        asked += sum(not f.get("optional") for i in record["incidents"] if not i.get("optional") for f in i["facts"])
        credit = {}
        pairs = records.pair_incidents(predicted, record["incidents"])
        aside = {i for i, j, _ in pairs if record["incidents"][j].get("optional")}
        for i, _, facts in pairs:
            for fact, right, share in facts:
                credit[id(fact)] = None if right.get("optional") else share
        for i, incident in enumerate(predicted):
            for fact, features in zip(incident["facts"], judged[i]):
                share = None if i in aside else credit.get(id(fact), 0.0)
                if share is not None:
                    made.append((report["id"], owner(fact["field"], features), features, share))
    return made, asked


def owner(field, features):
    """Whose own weights judge a fact, as `facts/verify.rs` has it."""
    return "beside" if features.get("owner beside") else field


def weights_of(path):
    """{owner: {feature: weight}}"""
    weights = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("#"):
            mine, name, weight = line.split("\t")
            weights[mine][name] = float(weight)
    return weights


def matrix(rows, columns):
    x = np.zeros((len(rows), len(columns)))
    for i, (_, field, features, _) in enumerate(rows):
        for name, value in features.items():
            for owner in (SHARED, field):
                if (owner, name) in columns:
                    x[i, columns[owner, name]] = value
    return x


def fit(x, y, penalty, base=0.0):
    """Weights of least logistic loss plus penalty/2 · |w|², beside log-odds that stand; the first bias (column 0) is free."""
    w, ridge = np.zeros(x.shape[1]), np.full(x.shape[1], float(penalty))
    ridge[0] = 1e-3
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(x @ w + base, -30, 30)))
        gradient = x.T @ (p - y) + ridge * w
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge) + 1e-9 * np.eye(len(w)), gradient)
        w -= step
        if np.abs(step).max() < 1e-4:
            break
    return w


def columns_of(rows):
    """(field, feature) -> column; those seen in fewer than five facts tell nothing."""
    seen = defaultdict(int)
    for _, field, features, _ in rows:
        for name in features:
            seen[field, name] += 1
            seen[SHARED, name] += 1
    kept = [(SHARED, "bias")] + sorted(n for n, k in seen.items() if k >= 5 and n != (SHARED, "bias"))
    return {name: i for i, name in enumerate(kept)}


def held_out(rows, fold, penalty):
    """Probability of each fact by weights that have not seen its report."""
    p = np.zeros(len(rows))
    for k in range(FOLDS):
        train = [r for r in rows if fold[r[0]] != k]
        test = [i for i, r in enumerate(rows) if fold[r[0]] == k]
        if test:
            columns = columns_of(train)
            w = fit(matrix(train, columns), np.array([r[3] for r in train]), penalty)
            p[test] = 1 / (1 + np.exp(-np.clip(matrix([rows[i] for i in test], columns) @ w, -30, 30)))
    return p


def f1(kept, total, asked):
    return 200 * kept / (total + asked) if total + asked else 0.0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scorers", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--features", type=Path, action="append", required=True)
    parser.add_argument("--gold", type=Path, action="append", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threshold", type=float, help="instead of the one that cross-validation finds")
    parser.add_argument("--base", type=Path, help="with --only: the weights that stand")
    parser.add_argument("--only", help="with --base: the owner whose weights are learned; needs --threshold")
    args = parser.parse_args()
    sys.path.insert(0, str(args.scorers))
    import records
    rows, asked = examples(args, records)
    fold = {}
    for report in sorted({r[0] for r in rows}):
        fold[report] = len(fold)
    order = list(fold)
    random.Random(5).shuffle(order)
    fold = {report: i % FOLDS for i, report in enumerate(order)}
    if args.only:
        return alone(args, rows, fold)
    y = np.array([r[3] for r in rows])
    fields = {f: np.array([r[1] == f for r in rows]) for f in sorted({r[1] for r in rows})}
    tried = {penalty: held_out(rows, fold, penalty) for penalty in PENALTIES}
    loss = {k: -(y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9)).mean() for k, p in tried.items()}
    penalty = min(loss, key=loss.get)
    print("held-out log loss by penalty:", {k: round(v, 4) for k, v in loss.items()})
    p = tried[penalty]

    def whole(least):
        return f1(y[p >= least].sum(), (p >= least).sum(), asked)

    threshold = args.threshold or max([0.0, *THRESHOLDS], key=lambda t: (round(whole(t), 6), -t))
    print(f"F1 of all facts, pairing as it is: {whole(0):.1f} -> {whole(threshold):.1f} held out, penalty {penalty}, threshold {threshold:.2f}")
    columns = columns_of(rows)
    w = fit(matrix(rows, columns), y, penalty)
    lines = ["# Weights of the last decision about each fact. Written by training/verifier.py from whole records made by hand.",
             "#", "# field<TAB>feature<TAB>weight; field * counts for all; `threshold` is the least probability at which a fact is given.",
             f"{SHARED}\tthreshold\t{threshold:.2f}"]
    for f, mine in fields.items():
        print(f"{f:16s} {mine.sum():5d} facts  right {y[mine].mean():.2f}  said {p[mine].mean():.2f}  kept {(p[mine] >= threshold).mean():.2f}")
    print(f"expected calibration error, held out: {calibration_error(p, y):.3f}")
    lines += [f"{f}\t{name}\t{w[i]:.4f}" for (f, name), i in columns.items() if abs(w[i]) >= 5e-3]
    args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def alone(args, rows, fold):
    """Learns the own weights of one owner beside a file of weights that stand, and writes both."""
    shared = weights_of(args.base)[SHARED]
    rows = [r for r in rows if r[1] == args.only]
    base = np.array([sum(shared.get(n, 0.0) * v for n, v in r[2].items()) for r in rows])
    names = ["bias"] + sorted({n for r in rows for n in r[2] if sum(n in o[2] for o in rows) >= 5} - {"bias"})
    x, y = np.array([[r[2].get(n, 0.0) for n in names] for r in rows]), np.array([r[3] for r in rows])
    folds = np.array([fold[r[0]] for r in rows])
    tried = {}
    for penalty in PENALTIES:
        p = np.zeros(len(rows))
        for k in range(FOLDS):
            w = fit(x[folds != k], y[folds != k], penalty, base[folds != k])
            p[folds == k] = 1 / (1 + np.exp(-(x[folds == k] @ w + base[folds == k])))
        tried[penalty] = p
    loss = {k: -(y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9)).mean() for k, p in tried.items()}
    penalty = min(loss, key=loss.get)
    p = tried[penalty]
    print(f"{len(rows)} facts, {y.mean():.2f} right; held out, penalty {penalty}:")
    for least in np.arange(0.1, 0.61, 0.05):
        print(f"  from {least:.2f}: {(p >= least).sum()} given, {y[p >= least].sum():.1f} right")
    w = fit(x, y, penalty, base)
    kept = [l for l in args.base.read_text(encoding="utf-8").split("\n") if l and not l.startswith(f"{args.only}\t")]
    kept += [f"{args.only}\tthreshold\t{args.threshold:.2f}"]
    kept += [f"{args.only}\t{n}\t{w[i]:.4f}" for i, n in enumerate(names) if abs(w[i]) >= 5e-3]
    args.out.write_text("\n".join(kept) + "\n", encoding="utf-8")


def calibration_error(p, y):
    """Mean gap between probability said and share right, over ten bins, weighed by their sizes."""
    bins = np.minimum((p * 10).astype(int), 9)
    return sum(abs(p[bins == b].mean() - y[bins == b].mean()) * (bins == b).mean() for b in range(10) if (bins == b).any())


if __name__ == "__main__":
    main()
