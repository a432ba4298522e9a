"""Names: person, organization, location, other. Learns from wikigold and WikiANN; BIO of its own, other schemes beside it."""
import re

from documents import Doc

KINDS = {"PER": "person", "ORG": "organization", "LOC": "location", "MISC": "other"}
HEADS = {"ner": {"kind": "token", "labels": ["O"] + [f"{p}-{k}" for k in KINDS.values() for p in "BI"], "loss": "ce"}}


def documents(data):
    made, rows = [], []
    for line in (data / "ner/wikigold/CONLL-format/data/wikigold.conll.txt").read_text(encoding="utf-8").split("\n"):
        if line.startswith("-DOCSTART-") or len(rows) > 350 and not line.strip():
            made += [document(rows)] if rows else []
            rows = []
        elif line.strip():
            rows.append(line.split(" "))
    return made + ([document(rows)] if rows else [])


def document(rows):
    text, spans, previous = "", [], "O"
    for word, tag in rows:
        text += " " * bool(text)
        kind = KINDS.get(tag[2:])
        if kind and spans and tag.startswith("I-") and previous == tag and spans[-1][1] == len(text) - 1:
            spans[-1] = (spans[-1][0], len(text) + len(word), kind)
        elif kind:
            spans.append((len(text), len(text) + len(word), kind))
        text += word
        previous = tag
    text = re.sub(r"\s", " ", text)
    doc = Doc(text)
    doc.spans["ner"] = spans
    return doc
