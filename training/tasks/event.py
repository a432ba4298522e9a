"""Event triggers with coarse type and their arguments. Learns from WikiEvents and RAMS (one trigger a text: the rest hidden)."""
import json
import re
import sys

from documents import Doc, occurrences

TYPES = """life.die life.injure conflict.attack conflict.demonstrate justice.arrest justice.charge justice.convict justice.sentence
justice.release justice.investigate justice.trial contact.meet contact.statement contact.threaten movement.transport
artifact.damage artifact.manufacture disaster transaction personnel medical crime other""".split()
ROLES = """attacker victim target place instrument injurer killer defendant crime prosecutor judgecourt jailer detainee participant
communicator recipient topic transporter passengerartifact origin destination vehicle explosivedevice demonstrator damager artifact
investigator observer observedentity giver identifiedobject identifiedrole other""".split()
RAMS = {"artifactexistence.damagedestroy": "artifact.damage", "conflict.attack": "conflict.attack", "conflict.yield": "other",
        "conflict.demonstrate": "conflict.demonstrate", "contact": "contact.statement", "contact.collaborate": "contact.meet",
        "contact.discussion": "contact.meet", "contact.negotiate": "contact.meet", "contact.threatencoerce": "contact.threaten", "disaster": "disaster",
        "inspection": "other", "justice.arrestjaildetain": "justice.arrest", "justice.investigate": "justice.investigate",
        "justice.initiatejudicialprocess": "justice.charge", "justice.judicialconsequences": "justice.convict", "life.die": "life.die",
        "life.injure": "life.injure", "manufacture": "artifact.manufacture", "movement": "movement.transport", "personnel": "personnel",
        "transaction": "transaction"}
NEAR = 150      # characters within which an argument tells which of a trigger word's places is meant
HEADS = {
    "event": {"kind": "token", "labels": ["O"] + [f"{p}-{t}" for t in TYPES for p in "BI"], "loss": "ce"},
    "argument": {"kind": "pair", "labels": ROLES, "loss": "bce"},
}


def one_hot(role):
    return [float(r == (role if role in ROLES else "other")) for r in ROLES]


def documents(data, scorers):
    """scorers: the folder of events.py, whose table of types is the contract's."""
    return wikievents(data, scorers) + rams(data)


def wikievents(data, scorers):
    made = []
    for _, text, placed, hidden in wikievents_placed(data, scorers):
        doc = Doc(text)
        doc.spans["event"] = [(*place, kind) for place, kind, _ in placed]
        doc.hidden["event"] = hidden
        doc.pairs["argument"] = [pair for place, _, args in placed for pair in arguments(text, place, args)]
        made.append(doc)
    return made


def wikievents_placed(data, scorers):
    """(id, text, [(trigger's span, type, [(role, span)])], where else those trigger words stand) a document."""
    sys.path.insert(0, str(scorers))
    from events import derived
    with open(data / "wikievents/train-mc2259-wiki-human.jsonl", encoding="utf-8") as file:
        for row in map(json.loads, file):
            found = derived(row)
            text, placed, hidden = found["report"]["text"], [], []
            for event in found["gold"]:
                places = occurrences(text, text[slice(*event["span"])])
                if len(places) > 1:     # the set puts a trigger at its word's first place, often the wrong one
                    at = by_arguments(text, places, event["args"])
                    hidden += [place for place in places if place not in at]
                else:
                    at = {event["span"]: event["args"]}
                placed += [(place, event["type"][0], args) for place, args in at.items()]
            yield found["report"]["id"], text, placed, hidden


def by_arguments(text, places, args):
    """Place of a recurring trigger -> the arguments near it, for arguments whose words stand once in the text."""
    placed = {}
    for role, span in args:
        if len(occurrences(text, text[slice(*span)])) == 1:
            nearest = min(places, key=lambda place: abs(place[0] - span[0]))
            if abs(nearest[0] - span[0]) <= NEAR:
                placed.setdefault(nearest, []).append((role, span))
    return placed


def arguments(text, trigger, args):
    """Pairs trigger -> last word of an argument; the words around that are none are negatives."""
    heads = {}
    for role, (start, end) in args:
        last = start + max(text[start:end].rstrip().rfind(" ") + 1, 0)
        heads[last] = one_hot(role)
    none = [0.0] * len(ROLES)
    around = [m.start() for m in re.finditer(r"\w+", text[max(0, trigger[0] - 300):trigger[1] + 300])]
    base = max(0, trigger[0] - 300)
    return [(trigger[0], o, y) for o, y in heads.items()] + [(trigger[0], base + o, none) for o in around if base + o not in heads]


def rams(data):
    made = []
    for _, text, [(span, kind, args)] in rams_placed(data):
        doc = Doc(text)
        doc.spans["event"] = [(*span, kind)]
        doc.hidden["event"] = [(0, span[0]), (span[1], len(text))]
        doc.pairs["argument"] = arguments(text, span, args)
        made.append(doc)
    return made


def rams_placed(data):
    """(id, text, [(trigger's span, type, [(role, span)])]) a text, with its one event."""
    with open(data / "rams/dev.jsonlines", encoding="utf-8") as file:
        for row in map(json.loads, file):
            tokens = sum(row["sentences"], [])
            starts, at = [], 0
            for token in tokens:
                starts.append(at)
                at += len(token) + 1
            text = " ".join(tokens)
            first, last, [[name, _]] = row["evt_triggers"][0][0], row["evt_triggers"][0][1], row["evt_triggers"][0][2]
            kind = next((RAMS[k] for k in (".".join(name.split(".")[:2]), name.split(".")[0]) if k in RAMS), None)
            if kind is None:
                continue
            span = (starts[first], starts[last] + len(tokens[last]))
            args = [(re.sub(r"^evt\d+arg\d+", "", role), (starts[a], starts[b] + len(tokens[b]))) for _, (a, b), role in row["gold_evt_links"]]
            yield row["doc_key"], text, [(span, kind, args)]
