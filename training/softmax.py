"""A choice among candidates: a softmax over them, linear in their features, with an L2 penalty.

A row is (candidates, right, weight): each candidate has `features` {name: value}, `right` says for each whether it is right,
`weight` how much the row counts. The loss is that of the right candidates' chances together; rows none of whose candidates
is right teach nothing and are left out by the caller. Deterministic: full-batch gradient steps (Adam).
"""
import argparse
import sys
from collections import Counter
from pathlib import Path

import torch

STEPS = 300
LEAST = 15         # a feature of fewer candidates is left out
SMALLEST = 0.03    # a weight below this is left out


def learn(rows, penalty):
    """{feature name: weight}."""
    counts = Counter(name for candidates, _, _ in rows for c in candidates for name in c["features"])
    names = sorted(name for name, n in counts.items() if n >= LEAST)
    index = {name: i for i, name in enumerate(names)}
    at, values, group, truth, weight, n = [], [], [], [], [], 0
    for g, (candidates, right, importance) in enumerate(rows):
        weight.append(importance)
        for candidate, is_right in zip(candidates, right):
            for name, x in candidate["features"].items():
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


def choice(candidates, weights):
    """The number of the likeliest candidate."""
    score = lambda c: sum(weights.get(name, 0.0) * x for name, x in c["features"].items())
    return max(range(len(candidates)), key=lambda i: score(candidates[i]))


def compare(rows, folds, penalties):
    """Prints the share of right choices on the fold left out, for each penalty and each weight that rows have."""
    for penalty in penalties:
        hits = {}
        for fold in range(folds):
            weights = learn([row for i, row in enumerate(rows) if i % folds != fold], penalty)
            for candidates, right, weight in rows[fold::folds]:
                hits.setdefault(weight, []).append(right[choice(candidates, weights)])
        shares = (f"{100 * sum(h) / len(h):.1f} % of {len(h)}" for _, h in sorted(hits.items()))
        print(f"penalty {penalty}:", ", ".join(shares))


def write(path, heading, weights):
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"# {heading}\n")
        for name, weight in sorted(weights.items()):
            if abs(weight) >= SMALLEST:
                file.write(f"{name}\t{weight:.3f}\n")


def main(doc, filed, filed_rows, whole_rows, heading, penalty, penalties):
    """Learns one choice from reports whose answer is on record (`--FILED`, read by filed_rows) and from whole records."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("scorers", "data", filed, "records", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=0)
    args = parser.parse_args()
    sys.path.insert(0, str(args.scorers))
    import gunviolence
    import records
    sets = {filed: filed_rows(getattr(args, filed), gunviolence, args.data),
            "records": whole_rows(args.records, records, args.scorers / "records-train.jsonl", args.data)}
    for name, rows in sets.items():
        print(name, len(rows), "incidents,", sum(any(right) for _, right, _ in rows), "with a right candidate")
    rows = [row for found in sets.values() for row in found if any(row[1])]
    if args.folds:
        compare(rows, args.folds, penalties)
    write(args.out, heading, learn(rows, penalty))
