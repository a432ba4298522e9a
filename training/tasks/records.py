"""Whole records made by hand: roles, places and times of incidents, main against background, types, one incident or two."""
import re
import sys

from documents import Doc, occurrences

ROLES = ["perpetrator", "suspect", "victim", "target", "participant", "weapon"]
CODES = [f"attack/{x}" for x in ("shooting stabbing bombing suicide-bombing grenade mine shelling air-strike drone arson vehicle "
                                 "chemical beating sexual-violence other").split()]
CODES += ("clash abduction robbery sabotage threat protest/peaceful protest/blocked protest/strike riot crackdown arrest accident "
          "disaster crime/other other").split()
RELATIONS = ["none", "main", "related", "background"]
HEADS = {
    "role": {"kind": "token", "labels": ["O"] + [f"{p}-{r}" for r in ROLES for p in "BI"], "loss": "ce"},
    "when": {"kind": "token", "labels": ["O", "B-when", "I-when"], "loss": "ce"},
    "relation": {"kind": "token", "labels": RELATIONS, "loss": "ce"},
    "incident_type": {"kind": "token", "labels": CODES, "loss": "bce"},
    "relevance": {"kind": "document", "labels": ["relevant"], "loss": "bce"},
}
TIME = re.compile(r"\b(?:(?:late|early|last|this|next|earlier|the|on) )*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:jan|feb|march|april|may|june|july|"
                  r"aug|sept?|oct|nov|dec)[a-z]*\.? \d+(?:, \d{4})?|\d+ (?:january|february|march|april|may|june|july|august|september|october|"
                  r"november|december)(?: \d{4})?|yesterday|today|tonight|last night|\w+ (?:days?|weeks?|months?|years?) (?:ago|earlier|before)|"
                  r"last (?:week|month|year|night)|(?:19|20)\d\d)(?: (?:morning|afternoon|evening|night))?", re.I)


def documents(data, gold):
    sys.path.insert(0, str(gold.parent))
    from records import full_text, load
    made = []
    for report, record in load(gold, data):
        made.append(document(full_text(report), len(report.get("title") or ""), record["incidents"]))
    return made


def document(text, headline, incidents):
    doc = Doc(text, headline=headline)
    roles, where, when, relation, types, member = {}, set(), set(), [], [], {}
    for index, incident in enumerate(incidents):
        rank = RELATIONS.index(incident["relation"].split("|")[0])
        for fact in incident["facts"]:
            spans = [(e["start"], e["end"]) for e in fact["evidence"]]
            if fact["field"] in ("type", "killed", "wounded", "when", "victim", "stage"):
                relation += [(a, b, rank) for a, b in spans]
            if fact["field"] in ROLES:
                for name in fact["value"]["name"].split("|"):
                    for a, b in spans:
                        for x, y in occurrences(text[a:b], re.sub(r"^(?:the|a|an|his|her|their) ", "", name), fold=True):
                            roles.setdefault((a + x, a + y), fact["field"])
                            member.setdefault(a + x, set()).add(index)
            elif fact["field"] == "where":
                names = [*fact["value"]["name"].split("|"), fact["value"].get("settlement"), *(fact["value"].get("within") or [])[:1]]
                for a, b in spans:
                    where |= {(a + x, a + y) for n in names if n for x, y in occurrences(text[a:b], re.sub(r"^(?:the|a|an) ", "", n))}
            elif fact["field"] == "when":
                when |= {(a + m.start(), a + m.end()) for a, b in spans for m in TIME.finditer(text[a:b])}
            elif fact["field"] == "type":
                row = [float(any(c == code or c == code.split("/")[0] for c in fact["value"]["code"].split("|"))) for code in CODES]
                if any(row):
                    types += [(word.start() + a, row) for a, b in spans for word in re.finditer(r"\w+", text[a:b])]
                for a, _ in spans:
                    member.setdefault(a, set()).add(index)
    doc.spans = {"role": flat(roles), "where": flat({s: "where" for s in where}), "when": flat({s: "when" for s in when})}
    points = {m.start(): 0 for m in re.finditer(r"\w+|[^\w\s]", text)}
    for a, b, rank in sorted(relation, key=lambda r: -r[2]):
        points |= {m.start() + a: rank for m in re.finditer(r"\w+|[^\w\s]", text[a:b])}
    doc.points = {"relation": sorted(points.items())}
    if types:
        doc.points["incident_type"] = types
    starts = sorted(member)
    doc.pairs["same_incident"] = [(a, b, [float(bool(member[a] & member[b]))]) for a in starts for b in starts if a < b]
    doc.document["relevance"] = [float(bool(incidents))]
    return doc


def flat(spans):
    kept = []
    for (start, end), label in sorted(spans.items(), key=lambda s: (s[0][0], -s[0][1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, label))
    return kept
