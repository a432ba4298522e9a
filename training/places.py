"""Learns which of a report's places is the incident's (crates/blotter-core/data/facts/places.txt).

    cargo run --release -p blotter-core --example places -- reports.jsonl WEIGHTS GAZETTEER > places.jsonl
    python3 training/places.py --scorers EVAL --data DATA --towns towns.jsonl --records records.jsonl --out FILE [--folds 5]

`towns.jsonl`: the example's output for reports whose town is on record (`gunviolence.py inputs`, training split).
`records.jsonl`: its output for the reports of `records-train.jsonl`. A softmax over the candidates of an incident,
linear in the features, with an L2 penalty; the loss is that of the right candidates' chances together. Incidents none of
whose candidates is right teach nothing. Deterministic: full-batch gradient steps (Adam). With --folds, reports are dealt
out in turn and the share of choices that are right is printed for each of PENALTIES, measured on the fold left out.
"""
import argparse
import json
import sys
from collections import Counter
from pathlib import Path

import torch

PENALTY = 1e-3
PENALTIES = [1e-3, 3e-3]
STEPS = 300
LEAST = 15         # a feature of fewer candidates is left out
SMALLEST = 0.03    # a weight below this is left out
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
    """The same of incidents in whole records: the gold incident whose evidence lies nearest to the words that tell of it."""
    right = {report["id"]: record["incidents"] for report, record in scorer.load(gold, data)}
    found = []
    for line in open(path, encoding="utf-8"):
        report = json.loads(line)
        told = [i for i in right.get(report["id"], []) if any(f["field"] == "where" for f in i["facts"])]
        for incident in report["incidents"]:
            def cited(gold):
                spans = [(e["start"], e["end"]) for f in gold["facts"] for e in f.get("evidence", [])]
                return sum(any(s - 40 < b and a < e + 40 for s, e in spans) for a, b in incident["anchors"])
            best = max(told, key=cited, default=None)
            if best is None or not cited(best):
                continue
            golds = [f["value"] for f in best["facts"] if f["field"] == "where"]
            names = {n for g in golds for n in (*(g.get("name") or "").split("|"), g.get("settlement")) if n}
            places = incident["places"]
            named = [any(scorer.same_place(n, m) for n in (p["name"], p["chosen"]) if n for m in names) for p in places]
            held = [any(scorer.same_place(n, m) for n in p["within"] for m in names) for p in places]
            found.append((places, named if any(named) else held, RECORD))
    return found


def learn(rows, penalty):
    counts = Counter(name for places, _, _ in rows for p in places for name in p["features"])
    names = sorted(name for name, n in counts.items() if n >= LEAST)
    index = {name: i for i, name in enumerate(names)}
    at, values, group, truth, weight, n = [], [], [], [], [], 0
    for g, (places, right, importance) in enumerate(rows):
        weight.append(importance)
        for place, is_right in zip(places, right):
            for name, x in place["features"].items():
                if name in index:
                    at.append((n, index[name]))
                    values.append(x)
            group.append(g)
            truth.append(is_right)
            n += 1
    x = torch.sparse_coo_tensor(torch.tensor(at).T, torch.tensor(values), (n, len(names))).coalesce()
    group, truth, weight = torch.tensor(group), torch.tensor(truth), torch.tensor(weight)
    weights = torch.zeros(len(names), 1, requires_grad=True)
    optimizer = torch.optim.Adam([weights], lr=0.05)
    for _ in range(STEPS):
        score = torch.sparse.mm(x, weights)[:, 0].clamp(-30, 30).exp()
        total = torch.zeros(len(rows)).index_add(0, group, score)
        good = torch.zeros(len(rows)).index_add(0, group[truth], score[truth])
        loss = -(weight * (good / total).clamp_min(1e-9).log()).sum() / weight.sum() + penalty * weights.square().sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return {name: weights[i].item() for name, i in index.items()}


def choice(places, weights):
    return max(range(len(places)), key=lambda i: sum(weights.get(n, 0.0) * x for n, x in places[i]["features"].items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("scorers", "data", "towns", "records", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=0)
    args = parser.parse_args()
    sys.path.insert(0, str(args.scorers))
    import gunviolence
    import records as whole
    sets = {"towns": towns(args.towns, gunviolence, args.data),
            "records": records(args.records, whole, args.scorers / "records-train.jsonl", args.data)}
    for name, rows in sets.items():
        print(name, len(rows), "incidents,", sum(any(right) for _, right, _ in rows), "with a right candidate")
    rows = [row for found in sets.values() for row in found if any(row[1])]
    for penalty in PENALTIES if args.folds else []:
        hits = {1.0: [], RECORD: []}
        for fold in range(args.folds):
            weights = learn([row for i, row in enumerate(rows) if i % args.folds != fold], penalty)
            for places, right, weight in rows[fold::args.folds]:
                hits[weight].append(right[choice(places, weights)])
        print(f"penalty {penalty}:", ", ".join(f"{100 * sum(h) / len(h):.1f} % of {len(h)}" for h in hits.values()))
    with open(args.out, "w", encoding="utf-8") as file:
        file.write("# Weights of the choice of an incident's place: feature, weight. Made by training/places.py; not edited by hand.\n")
        for name, weight in sorted(learn(rows, PENALTY).items()):
            if abs(weight) >= SMALLEST:
                file.write(f"{name}\t{weight:.3f}\n")


if __name__ == "__main__":
    main()
