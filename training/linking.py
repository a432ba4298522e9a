"""Learns the weights of the pair model: how likely two reports tell of one incident.

    blotter read --json REPORTS.jsonl > READINGS.jsonl            (the reports of linking.py, split train)
    cargo run --release -p blotter-case --example pairs < READINGS.jsonl > PAIRS.jsonl
    python linking.py --scorers EVAL --data DATA/gun-violence --pairs PAIRS.jsonl --ecb ECB.jsonl \\
        --out crates/blotter-case/data/pairs.tsv

An L2 regularised logistic regression by Newton steps over the pairs of main incidents that blocking brings together. A
pair is right if the archive files both reports under one incident. With --ecb also the pairs of ECB+ reports (its
training topics; `quality/joining --split train --readings FILE` writes their Readings), which are right if both are of one
topic and one half of it: the two halves of a topic tell of two incidents alike, of any kind, mostly without a date.
Incidents and topics are divided into folds; penalty and threshold are chosen held out, the threshold as that at which
average-linkage clusters of the archive's reports score the best CoNLL and pair F1. With --check PAIRS.jsonl the weights of --out are
only scored, on another split.
"""
import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

FOLDS = 5
PENALTIES = (1.0, 3.0, 10.0)
THRESHOLDS = np.arange(0.2, 0.71, 0.05)
LEAST = 20          # a feature in fewer pairs tells nothing


def load_pairs(path, gold):
    """[(report, report, features, right)] of the first main incident of each report."""
    first, rows = {}, []
    for line in path.open(encoding="utf-8"):
        row = json.loads(line)
        rows.append(row)
        for report, ordinal in (row["a"], row["b"]):
            first[report] = min(first.get(report, ordinal), ordinal)
    made = []
    for row in rows:
        (a, i), (b, j) = row["a"], row["b"]
        if i == first[a] and j == first[b] and a in gold and b in gold:
            made.append((a, b, row["features"], float(gold[a] == gold[b])))
    return made


def matrix(pairs, columns):
    x = np.zeros((len(pairs), len(columns)))
    for i, pair in enumerate(pairs):
        for name, value in pair[2].items():
            if name in columns:
                x[i, columns[name]] = value
    return x


def fit(x, y, penalty, bias):
    w, ridge = np.zeros(x.shape[1]), np.full(x.shape[1], float(penalty))
    ridge[bias] = 1e-3
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge), x.T @ (p - y) + ridge * w)
        w -= step
        if np.abs(step).max() < 1e-5:
            break
    return w


def clusters(ids, scored, threshold):
    """Average linkage, as blotter-case has it: the two clusters most alike are joined, as long as the mean over all pairs
    between them (a pair that was not compared counts 0) reaches the threshold."""
    near = defaultdict(dict)
    for a, b, p in scored:
        if p >= 0.02:
            near[a][b] = near[b][a] = p
    size, members = {i: 1 for i in ids}, {i: [i] for i in ids}
    import heapq
    heap = [(-p, a, b, 1, 1) for a in near for b, p in near[a].items() if a < b and p >= threshold]
    heapq.heapify(heap)
    while heap:
        mean, a, b, of_a, of_b = heapq.heappop(heap)
        if size.get(a) != of_a or size.get(b) != of_b:
            continue
        size[a] += size.pop(b)
        members[a] += members.pop(b)
        for c, total in near.pop(b).items():
            del near[c][b]
            if c != a:
                near[a][c] = near[c][a] = near[a].get(c, 0.0) + total
        near[a].pop(b, None)
        for c, total in near[a].items():
            mean = total / size[a] / size[c]
            if mean >= threshold:
                x, y = min(a, c), max(a, c)
                heapq.heappush(heap, (-mean, x, y, size[x], size[y]))
    return {i: cluster for cluster, found in members.items() for i in found}


def score(linking, gold, scored, threshold):
    pred = clusters(sorted(gold), scored, threshold)
    counts = linking.metrics(gold, pred)
    return linking.conll(counts), linking.prf(*counts["pairs"])[2]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scorers", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--ecb", type=Path, help="pairs of ECB+ reports to learn from, too")
    parser.add_argument("--only", type=Path, help="report JSONL; only these reports are learned from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--check", type=Path)
    parser.add_argument("--check-split", default="dev")
    args = parser.parse_args()
    sys.path.insert(0, str(args.scorers))
    import linking

    def gold_of(split):
        return {report["id"]: report["incident_id"] for report, _ in linking.load(args.data, split)}

    if args.pairs:
        gold = gold_of("train")
        if args.only:
            known = {json.loads(line)["report"]["id"] for line in args.only.open(encoding="utf-8")}
            gold = {k: v for k, v in gold.items() if k in known}
        sets = [(gold, load_pairs(args.pairs, gold), lambda incident: incident)]
        if args.ecb:
            halves = ecb_gold(args.ecb)
            sets.append((halves, load_pairs(args.ecb, halves), lambda half: half.rstrip("+")))
        learn(linking, sets, args.out)
    if args.check:
        gold = gold_of(args.check_split)
        weights = dict(l.split("\t") for l in args.out.read_text().splitlines() if not l.startswith("#"))
        pairs = load_pairs(args.check, gold)
        sums = [sum(float(weights.get(n, 0)) * v for n, v in features.items()) for _, _, features, _ in pairs]
        scored = [(a, b, 1 / (1 + np.exp(-s))) for (a, b, _, _), s in zip(pairs, sums)]
        print(args.check_split, "blocking recall:", recall(gold, pairs))
        for t in sorted({*THRESHOLDS, float(weights["threshold"])}):
            print(f"  {t:.2f}", "CoNLL %.2f pairs %.2f" % score(linking, gold, scored, t))


def recall(gold, pairs):
    sizes = defaultdict(int)
    for incident in gold.values():
        sizes[incident] += 1
    return f"{sum(p[3] for p in pairs):.0f} of {sum(n * (n - 1) // 2 for n in sizes.values())}, {len(pairs)} pairs"


def ecb_gold(path):
    """{report: topic, with a plus for its second half} of the reports that some pair names: 12_3ecb.xml, 12_3ecbplus.xml."""
    names = {name for line in path.open(encoding="utf-8") for name in (json.loads(line)["a"][0], json.loads(line)["b"][0])}
    return {name: name.split("_")[0] + "+" * ("plus" in name) for name in names}


def learn(linking, sets, out):
    """`sets`: of each its gold, its pairs, and what of a gold cluster is held out together."""
    pairs = [pair for _, found, _ in sets for pair in found]
    for gold, found, _ in sets:
        print("blocking recall:", recall(gold, found))
    seen = defaultdict(int)
    for pair in pairs:
        for name in pair[2]:
            seen[name] += 1
    columns = {name: i for i, name in enumerate(sorted(n for n, k in seen.items() if k >= LEAST))}
    x, y = matrix(pairs, columns), np.array([p[3] for p in pairs])
    of = []
    for gold, found, together in sets:
        groups = np.random.default_rng(7).permutation(sorted({together(cluster) for cluster in gold.values()}))
        fold = {group: i % FOLDS for i, group in enumerate(groups)}
        of += [(fold[together(gold[a])], fold[together(gold[b])]) for a, b, _, _ in found]
    # A pair of two folds is right for neither: it is learned from where neither is held out.
    of = np.array(of)
    best = None
    for penalty in PENALTIES:
        p = np.zeros(len(pairs))
        for k in range(FOLDS):
            w = fit(x[(of != k).all(1)], y[(of != k).all(1)], penalty, columns["bias"])
            test = (of[:, 0] == k) | (of[:, 1] == k)
            p[test] = 1 / (1 + np.exp(-np.clip(x[test] @ w, -30, 30)))
        loss = -(y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12)).mean()
        for t in THRESHOLDS:
            totals, start, words = [], 0, []
            for gold, found, _ in sets:
                scored = [(a, b, q) for (a, b, _, _), q in zip(found, p[start:start + len(found)])]
                start += len(found)
                conll, f1 = score(linking, gold, scored, t)
                totals.append(conll + f1 / 4)
                words.append(f"CoNLL {conll:.2f} pairs {f1:.2f}")
            print(f"penalty {penalty:g} loss {loss:.5f} threshold {t:.2f}:", "; ".join(words))
            # By the first set alone: the few topics of ECB+, all of them told of many times, know no strangers.
            if best is None or totals[0] > best[0]:
                best = (totals[0], penalty, t)
    _, penalty, threshold = best
    w = fit(x, y, penalty, columns["bias"])
    source = "the gun-violence reports of its training split" + (" and the training topics of ECB+" if len(sets) > 1 else "")
    lines = [f"# Weights of the pair model. Written by training/linking.py from {source}.",
             "# feature<TAB>weight of the log-odds; `threshold`: clusters are joined from this mean probability on.",
             f"threshold\t{threshold:.2f}"]
    lines += [f"{name}\t{w[i]:.4f}" for name, i in columns.items()]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"penalty {penalty:g}, threshold {threshold:.2f}, {len(pairs)} pairs, {int(y.sum())} right")


if __name__ == "__main__":
    main()
