"""Learns the head `relevance`: whether a report tells of an incident as its subject, from reports labelled by reading them.

    python relevance.py inputs --scorers EVAL --data DATA --out REPORTS.jsonl
    python relevance.py probe --weights weights/blotter.safetensors --out PROBE.safetensors
    cargo run --release -p blotter-core --example incidents -- REPORTS.jsonl PROBE.safetensors data/gazetteer.bin > PROBED.jsonl
    python relevance.py fit --reports REPORTS.jsonl --features PROBED.jsonl --weights weights/blotter.safetensors --out weights/blotter.safetensors --held-out LOGITS.json \
        --version 4

`probe` adds a head whose logits are the encoder's own vector of each window (first token and mean), so that the program itself
gives what the head sees. `fit` is an L2 regularised logistic regression on these vectors, M against N, of the beginning of
what tells of an incident and all windows of what tells of none; `--held-out` gets each report's logits by weights that have
not seen it, for `incidents.py`. Labels are in labels/relevance.tsv; whole records and gun violence are added to them.
"""
import argparse
import json
import random
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

LABELS = Path(__file__).parent / "labels" / "relevance.tsv"
LONGEST = 6000      # characters of a report that are read
GUN_VIOLENCE = 150  # its reports that are added, all of them relevant
FOLDS = 5
PENALTIES = (30, 100, 300, 1000)
PROBE, HEAD = "pooled", "relevance"


def labels():
    """report id ("set/id") -> M (an incident is its subject), B (one is told in passing) or N (none)."""
    lines = [line for line in LABELS.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")]
    return dict(line.split("\t") for line in lines)


def english_web_treebank(folder):
    """document -> its sentences, of the development file."""
    found, current = {}, None
    for line in (folder / "en_ewt-ud-dev.conllu").read_text(encoding="utf-8").split("\n"):
        if line.startswith("# newdoc id = "):
            current = found.setdefault(line.split("= ")[1].strip(), [])
        elif line.startswith("# text = "):
            current.append(line[9:].strip())
    return found


def reports(args):
    """[(report, label, where it is from)]"""
    sys.path.insert(0, str(args.scorers))
    import records
    from records_texts import LOADERS, rows
    lgl = {a.get("docid"): a for a in ET.parse(args.data / "geo/LGL.xml").getroot()}
    geovirus = list(ET.parse(args.data / "geo/GeoVirus.xml").getroot())
    web = english_web_treebank(args.data / "ud-ewt")
    own = {
        "lgl": lambda i: {"title": (lgl[i].findtext("title") or "").strip(), "text": lgl[i].findtext("text").strip()},
        "geovirus": lambda i: {"text": geovirus[int(i)].findtext("text").strip()},
        "ewt": lambda i: {"text": " ".join(web[i])},
    }
    made = []
    for id, label in labels().items():
        name, rest = id.split("/", 1)
        found = own[name](rest) if name in own else LOADERS[name](args.data / name, rest)
        made.append(({"id": id, **{k: v for k, v in found.items() if k != "url"}, "text": found["text"][:LONGEST]}, label, "labelled"))
    for split in ("train", "dev"):
        for report, record in records.load(args.scorers / f"records-{split}.jsonl", args.data):
            relations = {incident["relation"] for incident in record["incidents"]}
            made.append((report, "M" if relations & {"main", "related"} else "B" if relations else "N", f"records-{split}"))
    shootings = list(rows([args.data / "gun-violence/train.reports.jsonl"]))
    for d in random.Random(3).sample(shootings, GUN_VIOLENCE):
        made.append(({"id": "gv/" + d["id"], "title": d["title"], "text": d["content"][:LONGEST], "published": d["dct"]}, "M", "gun-violence"))
    return made


def inputs(args):
    with open(args.out, "w", encoding="utf-8") as file:
        for report, label, source in reports(args):
            file.write(json.dumps({**report, "label": label, "from": source}) + "\n")


def weights(path):
    with safe_open(path, "np") as file:
        return {key: file.get_tensor(key) for key in file.keys()}, json.loads(file.metadata()["manifest"])


def probe(args):
    tensors, manifest = weights(args.weights)
    width = 2 * manifest["hidden"]
    manifest["heads"].append({"name": PROBE, "kind": "document", "labels": [str(i) for i in range(width)]})
    tensors[f"heads.{PROBE}.weight"] = np.eye(width, dtype=np.float16)
    tensors[f"heads.{PROBE}.bias"] = np.zeros(width, dtype=np.float32)
    save_file(tensors, args.out, metadata={"manifest": json.dumps(manifest)})


def regression(x, y, weight, penalty):
    """Weights of least logistic loss plus penalty/2 · |w|², by Newton steps; the last is the free bias."""
    x = np.hstack([x, np.ones((len(x), 1))])
    w, ridge = np.zeros(x.shape[1]), np.full(x.shape[1], float(penalty))
    ridge[-1] = 1e-3
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        step = np.linalg.solve((x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(ridge), x.T @ (weight * (p - y)) + ridge * w)
        w -= step
        if np.abs(step).max() < 1e-4:
            break
    return w


def examples(docs):
    """Windows, whether relevant, and weight: the first window of what is relevant, all of what is not (together as one)."""
    x, y, weight = [], [], []
    for label, windows, *_ in docs:
        chosen = windows[:1] if label == "M" else windows if label == "N" else windows[:0]
        x += list(chosen)
        y += [float(label == "M")] * len(chosen)
        weight += [1 / max(len(chosen), 1)] * len(chosen)
    return np.array(x), np.array(y), np.array(weight)


def area(p, y):
    """Chance that what is relevant scores above what is not."""
    order = np.argsort(p)
    ranks = np.empty(len(p))
    ranks[order] = np.arange(1, len(p) + 1)
    return (ranks[y].sum() - y.sum() * (y.sum() + 1) / 2) / (y.sum() * (~y).sum())


def fit(args):
    docs, ids = [], []
    given = {r["id"]: r for r in map(json.loads, open(args.reports, encoding="utf-8"))}
    for row in map(json.loads, open(args.features, encoding="utf-8")):
        report = given[row["reading"]["report"]["id"]]
        docs.append((report["label"], np.array(row["windows"], dtype=np.float64), report["from"]))
        ids.append(report["id"])
    mean = np.mean([d[1][0] for d in docs], axis=0)
    spread = np.std([d[1][0] for d in docs], axis=0) + 1e-6
    docs = [(label, (windows - mean) / spread, source) for label, windows, source in docs]
    fold = [random.Random(id).randrange(FOLDS) for id in ids]
    learn = [d[2] != "records-dev" for d in docs]
    best = None
    for penalty in PENALTIES:
        logits = [None] * len(docs)
        for k in range(FOLDS):
            w = regression(*examples([d for d, f, own in zip(docs, fold, learn) if f != k and own]), penalty)
            for i, (_, windows, _) in enumerate(docs):
                if fold[i] == k:
                    logits[i] = windows @ w[:-1] + w[-1]
        judged = [i for i, d in enumerate(docs) if d[0] != "B"]
        most = np.array([logits[i].max() for i in judged])
        y = np.array([docs[i][0] == "M" for i in judged])
        loss = np.mean(np.log1p(np.exp(np.where(y, -most, most))))
        print(f"penalty {penalty}: held-out loss {loss:.4f}, area {area(most, y):.4f}", end="")
        for source in sorted({d[2] for d in docs}):
            mine = np.array([docs[i][2] == source for i in judged])
            wrong = ((most[mine] > 0) != y[mine]).mean()
            print(f", {source} wrong {100 * wrong:.1f} %", end="")
        print()
        if best is None or loss < best[0]:
            best = (loss, penalty, logits)
    _, penalty, logits = best
    json.dump({id: [round(float(v), 4) for v in values] for id, values in zip(ids, logits)}, open(args.held_out, "w"))
    w = regression(*examples([d for d, own in zip(docs, learn) if own]), penalty)
    row = w[:-1] / spread
    tensors, manifest = weights(args.weights)
    tensors[f"heads.{HEAD}.weight"] = row[None].astype(np.float16)
    tensors[f"heads.{HEAD}.bias"] = np.array([w[-1] - row @ mean], dtype=np.float32)
    manifest["version"] = args.version
    save_file(tensors, args.out, metadata={"manifest": json.dumps(manifest)})
    print("penalty", penalty, "->", args.out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for name, does, needed in (("inputs", inputs, ("scorers", "data", "out")), ("probe", probe, ("weights", "out")),
                               ("fit", fit, ("reports", "features", "weights", "out", "held-out"))):
        command = commands.add_parser(name)
        command.set_defaults(does=does)
        for option in needed:
            command.add_argument(f"--{option}", type=Path, required=True)
        if does is fit:
            command.add_argument("--version", required=True, help="of the new weight file")
    args = parser.parse_args()
    args.does(args)


if __name__ == "__main__":
    main()
