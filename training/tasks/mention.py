"""Typed mentions, and which of them name one entity. GUM (news and other genres): core noun phrases and names, pronouns
only as partners of a pair; re3d: weapons and vehicles."""
import json
import re

from documents import Doc

KINDS = ["person", "organization", "place", "facility", "weapon", "vehicle", "other"]
GUM = {"person": "person", "organization": "organization", "place": "place", "object": "other", "animal": "other"}
RE3D = {"Weapon": "weapon", "MilitaryPlatform": "vehicle", "Vehicle": "vehicle"}
FACILITIES = set("""airport base bridge building camp church embassy factory station headquarters home hospital hotel house jail mosque
museum office plant prison school store stadium temple tower university warehouse port pipeline consulate barracks checkpoint""".split())
FAR = 2000      # characters between two mentions whose sameness is learned
HEADS = {"mention": {"kind": "token", "labels": ["O"] + [f"{p}-{k}" for k in KINDS for p in "BI"], "loss": "ce"}}


def documents(data):
    files = sorted((data / "gum/dep").glob("*.conllu")) + [data / "ud-gum/en_gum-ud-dev.conllu"]
    return [doc for file in files for doc in gum(file.read_text(encoding="utf-8"))] + re3d(data)


def gum(conllu):
    made = []
    for block in re.split(r"^# newdoc id = .*$", conllu, flags=re.M)[1:]:
        text, spans, named = "", {}, {}
        for sentence in re.split(r"\n\n+", block):
            said = re.search(r"^# text = (.*)$", sentence, re.M)
            if not said:
                continue
            if text:
                text += "\n\n" if "# newpar" in sentence else " "
            rows = [r for r in (line.split("\t") for line in sentence.split("\n") if line[:1].isdigit()) if r[0].isdigit()]
            found = mentions(rows, said[1], len(text))
            named |= {span[0]: entity for span, (_, entity) in found.items()}
            spans |= {span: kind for span, (kind, _) in found.items() if kind}
            text += said[1]
        doc = Doc(text)
        doc.spans["mention"] = flat(spans)
        starts = sorted(named)
        doc.pairs["same_entity"] = [(a, b, [float(named[a] == named[b])]) for a in starts for b in starts if a < b < a + FAR]
        made.append(doc)
    return made


def mentions(rows, text, base):
    """Core phrases: from the first token of the entity to its head and the head's flat and compound right children.

    (start, end) -> (kind, entity); a pronoun has no kind."""
    offsets, at = [], 0
    for row in rows:
        start = text.find(row[1], at)
        if start < 0:
            return {}
        offsets.append((start, start + len(row[1])))
        at = start + len(row[1])
    opened, found = [], {}
    for i, row in enumerate(rows):
        entity = re.search(r"(?:^|\|)Entity=([^|]*)", row[9])
        for mark in re.findall(r"\([^()]*\)?|[^()]*\)", entity[1]) if entity else []:
            if mark.startswith("("):
                opened.append((i, mark.strip("()").split("-")))
            if mark.endswith(")") and opened:
                name = mark.strip("()").split("-")[0]
                k = next((k for k in range(len(opened) - 1, -1, -1) if opened[k][1][0] == name), len(opened) - 1)
                first, parts = opened.pop(k)
                span = core(rows, first, i)
                if span and len(parts) > 1 and parts[1] in GUM:
                    a, b, head = span
                    kind = GUM[parts[1]]
                    kind = "facility" if kind == "place" and rows[head][2].lower() in FACILITIES else kind
                    kind = None if rows[head][3] == "PRON" else kind
                    found[base + offsets[a][0], base + offsets[b][1]] = (kind, name)
    return found


def core(rows, first, last):
    inside = range(first, last + 1)
    head = next((i for i in inside if not first <= int(rows[i][6]) - 1 <= last), None)
    if head is None:
        return None
    end = max([head] + [i for i in inside if i > head and int(rows[i][6]) - 1 == head and rows[i][7].split(":")[0] in ("flat", "compound")])
    start = first + (rows[first][3] == "DET" and first < head)
    return (start, end, head) if start <= head else None


def re3d(data):
    made = []
    for folder in sorted(p for p in (data / "re3d").iterdir() if p.is_dir()):
        entities = [json.loads(line) for line in (folder / "entities.json").read_text(encoding="utf-8").split("\n") if line.strip()]
        for row in (json.loads(line) for line in (folder / "documents.json").read_text(encoding="utf-8").split("\n") if line.strip()):
            spans = {(e["begin"], e["end"]): RE3D[e["type"]] for e in entities if e["documentId"] == row["_id"] and e["type"] in RE3D
                     and row["text"][e["begin"]:e["end"]] == e["value"]}
            if spans:
                doc = Doc(row["text"])
                doc.spans["mention"] = flat(spans)
                edge = sorted(spans)
                doc.hidden["mention"] = [(a, b) for a, b in zip([0] + [e for _, e in edge], [s for s, _ in edge] + [len(doc.text)]) if a < b]
                made.append(doc)
    return made


def flat(spans):
    """The innermost of nested spans: "the mayor of Paris" gives "mayor" and "Paris"."""
    kept = []
    for (start, end), kind in sorted(spans.items(), key=lambda s: s[0][1] - s[0][0]):
        if start < end and not any(start < b and a < end for a, b, _ in kept):
            kept.append((start, end, kind))
    return sorted(kept)
