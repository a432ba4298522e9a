"""Predicates and whether they happened, -3 to 3. Learns from UW and MEANTIME, and a part of UDS-IH2."""
import json

from documents import Doc

HEADS = {
    "predicate": {"kind": "token", "labels": ["O", "B-predicate", "I-predicate"], "loss": "ce"},
    "factuality": {"kind": "token", "labels": ["factuality"], "loss": "mse"},
}
SIZE = 12       # sentences put together as one text, so that batches are not all padding


def documents(data):
    made = []
    for name, most in (("UW", 10**6), ("MEANTIME", 10**6), ("UDS_IH2", 2500)):
        with open(data / "factuality" / name / "train.jsonl", encoding="utf-8") as file:
            rows = [json.loads(line) for line in file][:most]
        for k in range(0, len(rows), SIZE):
            doc, spans, points = Doc(""), [], []
            for row in rows[k:k + SIZE]:
                base, starts, at = len(doc.text), [], 0
                for word in row["text"].split(" "):
                    starts.append((base + at, base + at + len(word)))
                    at += len(word) + 1
                for target in row["targets"]:
                    a, b = target["span1"]
                    spans.append((starts[a][0], starts[b - 1][1], "predicate"))
                    points.append((starts[a][0], float(target["label"])))
                doc.text += row["text"] + "\n\n"
            doc.spans["predicate"] = sorted(set(spans))
            doc.points["factuality"] = points
            made.append(doc)
    return made
