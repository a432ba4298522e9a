"""Learns which part people with an age take (crates/blotter-core/data/tolls/people.txt).

    cargo run --release -p blotter-core --example tolls -- reports.jsonl --people > people.jsonl
    python3 training/people.py people.jsonl records.json weights.txt [--folds 5]

`reports.jsonl` are reports of one incident each; `records.json` is {report id: {"victim": [age, ..], "suspect": [age, ..]}}.
A person whose age is on record as one part alone is of that part, one whose age is on record as neither is of neither;
ages on record as both teach nothing. A softmax over the three parts, linear in the features, with an L2 penalty;
"neither" weighs nothing. Deterministic: full-batch gradient steps (Adam), no sampling. With --folds, reports are dealt
out in turn and the share of people read right is printed for each of PENALTIES, measured on the fold left out.
"""
import json
import sys
from collections import Counter

import torch

# One fold of five left out, parts given from a chance of 0.45 on, F1 of the ages of victims and suspects: 79.4 and 67.3 with
# 1e-3, 79.1 and 68.1 with 3e-3, 78.6 and 66.0 with 1e-2.
PENALTY = 3e-3
PENALTIES = [1e-3, 3e-3, 1e-2]     # those that --folds compares
STEPS = 300
LEAST = 15         # a feature of fewer people is left out
SMALLEST = 0.03    # a weight below this is left out


def rows(reports, records):
    """[(report index, features, part)]: 0 neither, 1 victim, 2 suspect."""
    found = []
    for index, report in enumerate(reports):
        record = records[report["id"]]
        for person in report["people"]:
            parts = [person["age"] in record[part] for part in ("victim", "suspect")]
            if not all(parts):
                found.append((index, person["features"], 1 if parts[0] else 2 if parts[1] else 0))
    return found


def learn(rows, penalty):
    """{feature: [weight for victim, for suspect]}"""
    counts = Counter(name for _, features, _ in rows for name in features)
    names = sorted(name for name, n in counts.items() if n >= LEAST)
    index = {name: i for i, name in enumerate(names)}
    at = [(row, index[name]) for row, (_, features, _) in enumerate(rows) for name in features if name in index]
    x = torch.sparse_coo_tensor(torch.tensor(at).T, torch.ones(len(at)), (len(rows), len(names))).coalesce()
    truth = torch.tensor([part for _, _, part in rows])
    weights = torch.zeros(len(names), 2, requires_grad=True)
    optimizer = torch.optim.Adam([weights], lr=0.05)
    for _ in range(STEPS):
        scores = torch.cat([torch.zeros(len(rows), 1), torch.sparse.mm(x, weights)], 1)
        loss = torch.nn.functional.cross_entropy(scores, truth) + penalty * weights.square().sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return {name: weights[i].tolist() for name, i in index.items()}


def part(features, weights):
    """The likeliest part."""
    sums = [0.0, 0.0, 0.0]
    for name in features:
        for k, weight in enumerate(weights.get(name, ())):
            sums[k + 1] += weight
    return max(range(3), key=lambda k: sums[k])


def compare(rows, folds):
    for penalty in PENALTIES:
        right = 0
        for fold in range(folds):
            weights = learn([row for row in rows if row[0] % folds != fold], penalty)
            right += sum(part(features, weights) == truth for report, features, truth in rows if report % folds == fold)
        print(f"penalty {penalty}: {100 * right / len(rows):.2f} % of {len(rows)} people right, {folds} folds")


def main(features, records, out, *options):
    reports = [json.loads(line) for line in open(features, encoding="utf-8")]
    people = rows(reports, json.load(open(records, encoding="utf-8")))
    if options[:1] == ("--folds",):
        compare(people, int(options[1]))
    weights = learn(people, PENALTY)
    with open(out, "w", encoding="utf-8") as file:
        file.write("# Weights of the parts that people take: name, victim, suspect. Made by training/people.py from the words\n"
                   "# around people with an age; not edited by hand.\n")
        for name, pair in sorted(weights.items()):
            if max(map(abs, pair)) >= SMALLEST:
                file.write(f"{name} {pair[0]:.3f} {pair[1]:.3f}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
