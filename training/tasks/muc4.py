"""Role fillers without a trigger, the types of a text's incidents, which fillers share one, and which name one entity.

Learns from MUC-4 in the form of GTT."""
import json

from documents import Doc, occurrences

ROLES = ["PerpInd", "PerpOrg", "Target", "Victim", "Weapon"]
TYPES = ["attack", "bombing", "kidnapping", "arson", "robbery", "forced work stoppage"]
HEADS = {
    "muc4": {"kind": "token", "labels": ["O"] + [f"{p}-{r}" for r in ROLES for p in "BI"], "loss": "ce"},
    "muc4_kind": {"kind": "token", "labels": TYPES, "loss": "bce"},
    "muc4_type": {"kind": "document", "labels": TYPES + ["relevant"], "loss": "bce"},
    "same_incident": {"kind": "pair", "labels": ["same"], "loss": "bce"},
    "same_entity": {"kind": "pair", "labels": ["same"], "loss": "bce"},
}


def documents(data, split="train"):
    with open(data / "muc4/gtt" / f"{split}.json", encoding="utf-8") as file:
        return [document(json.loads(line)) for line in file]


def document(row):
    text = row["doctext"]
    doc = Doc(text)
    spans, hidden, kinds, member, first, named = {}, [], {}, {}, [], {}
    for index, template in enumerate(row["templates"]):
        types = [TYPES.index(t) for t in template["incident_type"].split(" / ") if t in TYPES]
        places = []
        for role in ROLES:
            for number, entity in enumerate(template[role]):
                for words, start in entity:
                    if text[start:start + len(words)] != words:
                        continue
                    spans[start, start + len(words)] = role
                    places.append(start)
                    kinds.setdefault(start, [0.0] * len(TYPES))
                    for t in types:
                        kinds[start][t] = 1.0
                    member.setdefault(start, set()).add(index)
                    named.setdefault(start, set()).add((index, role, number))
                    hidden += occurrences(text, words)
        first.append((types, sorted(places)))
    doc.spans["muc4"] = [(a, b, role) for (a, b), role in keep_longest(spans)]
    doc.hidden["muc4"] = hidden
    if kinds:
        doc.points["muc4_kind"] = sorted(kinds.items())
        starts = sorted(member)
        for head, sets in (("same_incident", member), ("same_entity", named)):
            doc.pairs[head] = [(a, b, [float(bool(sets[a] & sets[b]))]) for a in starts for b in starts if a < b]

    def types_between(start, end):
        """Types of the templates with a filler here; a template without fillers counts at the beginning."""
        labels = [0.0] * (len(TYPES) + 1)
        for types, places in first:
            if any(start <= p < end for p in places) or not places and start == 0:
                for t in types:
                    labels[t] = 1.0
                labels[-1] = 1.0
        return labels

    doc.document["muc4_type"] = types_between
    return doc


def keep_longest(spans):
    kept = []
    for (start, end), role in sorted(spans.items(), key=lambda s: (s[0][0], -s[0][1])):
        if not kept or start >= kept[-1][0][1]:
            kept.append(((start, end), role))
    return kept
