"""Learns which mentions near a trigger are its arguments, and in what role (data/events/arguments.txt of the core).

    python arguments.py inputs --scorers EVAL --data DATA --out REPORTS.jsonl
    cargo run --release -p blotter-core --example arguments -- REPORTS.jsonl WEIGHTS > CANDIDATES.jsonl
    python arguments.py fit --reports REPORTS.jsonl --candidates CANDIDATES.jsonl --out arguments.txt [--folds 5]

Learns from WikiEvents' training documents (recurring triggers placed by their arguments) and RAMS' development texts. A
softmax over roles and "none", linear in the features, with an L2 penalty, by full-batch gradient steps (Adam); "none" weighs
nothing. A candidate has the role of the gold argument that its last word is in, or else whose last word it holds. Features
of fewer than LEAST candidates and small weights are left out. With --folds, documents are dealt out in turn, and
what PENALTIES and THRESHOLDS give on the folds left out is printed.
"""
import argparse
import json
from collections import Counter
from pathlib import Path

import torch

LEAST = 4
SMALLEST = 0.1
STEPS = 250
# Both as measured best on WikiEvents' development split with the program's own triggers (role F 29.5): there 1e-4 and 0.225 to
# 0.3 are alike.
PENALTY, PENALTIES = 5e-5, [5e-5, 1e-4, 2e-4]
THRESHOLD, THRESHOLDS = 0.25, [0.2, 0.25, 0.3, 0.35, 0.4]


def inputs(args):
    from tasks.event import rams_placed, wikievents_placed
    with open(args.out, "w", encoding="utf-8") as out:
        for id, text, placed, *_ in [*wikievents_placed(args.data, args.scorers), *rams_placed(args.data)]:
            to_bytes = lambda span: [len(text[:at].encode()) for at in span]
            triggers = [{"span": to_bytes(span), "type": kind, "args": [[role, to_bytes(at)] for role, at in found]} for span, kind, found in placed]
            out.write(json.dumps({"id": id, "text": text, "triggers": triggers}) + "\n")


def labelled(candidates, arguments, text):
    """Role of every candidate; None where it is no argument."""
    roles = [None] * len(candidates)
    for role, (start, end) in arguments:
        inside = [i for i, c in enumerate(candidates) if c["head"][0] < end and c["head"][1] > start]
        if not inside:
            last = start + max(text[start:end].rstrip().rfind(b" ") + 1, 0)
            inside = [i for i, c in enumerate(candidates) if c["span"][0] < end and c["span"][1] > last]
        if inside:
            roles[inside[-1]] = role
    return roles


def rows(args):
    """[(document, features, role)] and how many gold arguments there are."""
    found, asked = [], 0
    reports = [json.loads(line) for line in args.reports.read_text(encoding="utf-8").split("\n") if line]
    given = {row["id"]: row for row in map(json.loads, filter(None, args.candidates.read_text(encoding="utf-8").split("\n")))}
    for document, report in enumerate(reports):
        for trigger, event in zip(report["triggers"], given[report["id"]]["events"]):
            asked += len(trigger["args"])
            roles = labelled(event["candidates"], trigger["args"], report["text"].encode())
            found += [(document, c["features"], role) for c, role in zip(event["candidates"], roles)]
    return found, asked


class Learner:
    def __init__(self, rows):
        counts = Counter(name for _, features, _ in rows for name in features)
        self.names = sorted(name for name, n in counts.items() if n >= LEAST)
        self.index = {name: i for i, name in enumerate(self.names)}
        by_role = Counter(role for _, _, role in rows if role)
        self.roles = sorted(role for role, n in by_role.items() if n >= LEAST)

    def matrix(self, rows):
        at = [(row, self.index[name]) for row, (_, features, _) in enumerate(rows) for name in features if name in self.index]
        return torch.sparse_coo_tensor(torch.tensor(at).T, torch.ones(len(at)), (len(rows), len(self.names))).coalesce().to_sparse_csr()

    def fit(self, rows, penalty):
        x = self.matrix(rows)
        truth = torch.tensor([self.roles.index(role) + 1 if role in self.roles else 0 for _, _, role in rows])
        weights = torch.zeros(len(self.names), len(self.roles), requires_grad=True)
        optimizer = torch.optim.Adam([weights], lr=0.05)
        for step in range(STEPS):
            for group in optimizer.param_groups:
                group["lr"] = 0.05 * (1 - step / STEPS) + 0.001
            scores = torch.cat([torch.zeros(len(rows), 1), x @ weights], 1)
            loss = torch.nn.functional.cross_entropy(scores, truth) + penalty * weights.square().sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        self.weights = weights.detach()
        return self

    def chances(self, rows):
        scores = self.matrix(rows) @ self.weights
        return torch.softmax(torch.cat([torch.zeros(len(rows), 1), scores], 1), 1)[:, 1:].max(1)

    def right(self, rows, least):
        """Arguments given and right of them."""
        chance, role = self.chances(rows)
        given = [(self.roles[r], row[2]) for c, r, row in zip(chance.tolist(), role.tolist(), rows) if c >= least]
        return len(given), sum(a == b for a, b in given)


def folds(rows, asked, count):
    for penalty in PENALTIES:
        tallies = {least: [0, 0] for least in THRESHOLDS}
        for fold in range(count):
            learner = Learner([row for row in rows if row[0] % count != fold])
            learner.fit([row for row in rows if row[0] % count != fold], penalty)
            for least in THRESHOLDS:
                given, right = learner.right([row for row in rows if row[0] % count == fold], least)
                tallies[least][0] += given
                tallies[least][1] += right
        print(penalty, {least: f"P {right / max(given, 1):.3f} R {right / asked:.3f} F {2 * right / (given + asked):.3f}" for least, (given, right) in tallies.items()}, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(dest="mode", required=True)
    one, two = modes.add_parser("inputs"), modes.add_parser("fit")
    for name in ("scorers", "data", "out"):
        one.add_argument(f"--{name}", type=Path, required=True)
    for name in ("reports", "candidates", "out"):
        two.add_argument(f"--{name}", type=Path, required=True)
    two.add_argument("--folds", type=int)
    args = parser.parse_args()
    if args.mode == "inputs":
        return inputs(args)
    found, asked = rows(args)
    print(f"{len(found)} candidates, {sum(role is not None for _, _, role in found)} of {asked} arguments among them", flush=True)
    if args.folds:
        return folds(found, asked, args.folds)
    learner = Learner(found).fit(found, PENALTY)
    kept = 0
    with open(args.out, "w", encoding="utf-8") as out:
        out.write("# Weights of the roles that mentions near a trigger take. Made by training/arguments.py; not edited by hand.\n")
        out.write(f"roles\t{' '.join(learner.roles)}\nleast\t{THRESHOLD}\n")
        for name, line in zip(learner.names, learner.weights.tolist()):
            entries = [f"{role} {w:.2f}" for role, w in zip(learner.roles, line) if abs(w) >= SMALLEST]
            kept += len(entries)
            if entries and "\t" not in name:
                out.write(f"{name}\t{', '.join(entries)}\n")
    print(f"{kept} weights kept")


if __name__ == "__main__":
    main()
