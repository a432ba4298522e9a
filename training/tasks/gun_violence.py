"""Tolls, ages and the place of the incident, weakly: the record of a report's incident says how many, how old, where."""
import json
import re

from documents import Doc, occurrences

COUNTS = ["0", "1", "2", "3", "4", "5+"]
ROLES = ["other", "victim", "suspect"]
HARMS = ["killed", "wounded", "unharmed", "arrested"]
HEADS = {
    "killed": {"kind": "document", "labels": COUNTS, "loss": "ce"},
    "wounded": {"kind": "document", "labels": COUNTS, "loss": "ce"},
    "age_role": {"kind": "token", "labels": ROLES, "loss": "ce"},
    "age_harm": {"kind": "token", "labels": HARMS, "loss": "ce"},
    "where": {"kind": "token", "labels": ["O", "B-where", "I-where"], "loss": "ce"},
}
AGE = re.compile(r"(?<![\w.,$:/-])(\d{1,2})(?=[- ]years?[- ]olds?\b|-?year-?old|, ?(?:of|was|were|who|is|has|died|and|a|an|from|faces|with)\b|,|\.(?:\s|$)|\))")
HARM = {"Killed": "killed", "Injured": "wounded", "Unharmed": "unharmed", "Arrested": "arrested"}


def documents(data, split="train"):
    folder, made = data / "gun-violence", []
    records = json.loads((folder / f"{split}.incidents.json").read_text(encoding="utf-8"))
    with open(folder / f"{split}.reports.jsonl", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    filed = {}
    for row in rows:
        filed.setdefault(row["content"], set()).add(row["incident_id"])
    for row in rows:
        if row["incident_id"] in records and len(row["content"].split()) >= 50 and len(filed[row["content"]]) == 1:
            made.append(document(row, records[row["incident_id"]]))
    return made


def document(row, record):
    doc = Doc(row["title"] + "\n\n" + row["content"], headline=len(row["title"]))
    doc.document = {"killed": min(record["num_killed"], 5), "wounded": min(record["num_injured"], 5), "relevance": [1.0]}
    people = [p for p in record["participants"] if p.get("age")]
    roles, harms = [], []
    for found in AGE.finditer(doc.text):
        age = found[1].lstrip("0")
        types = {p.get("type") for p in people if p["age"] == age}
        status = {h for p in people if p["age"] == age for s in (p.get("status") or "").split(",") for h in [HARM.get(s.strip())] if h}
        if len(types) <= 1:
            role = {"Victim": 1, "Subject-Suspect": 2}.get(next(iter(types), None), 0)
            roles.append((found.start(1), role))
        if len(status) == 1:
            harms.append((found.start(1), HARMS.index(next(iter(status)))))
    doc.points = {name: points for name, points in (("age_role", roles), ("age_harm", harms)) if points}
    cities = [c.strip() for c in re.split(r"[()]", record["city_or_county"]) if c.strip()]
    spans = sorted({s for city in cities for s in occurrences(doc.text, city)})
    if spans:
        doc.spans["where"] = [(a, b, "where") for a, b in spans]
    return doc
