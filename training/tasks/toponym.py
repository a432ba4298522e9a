"""Place names, demonyms among them. Learns from LGL and GeoVirus; GeoWebNews stays unseen."""
import sys

from documents import Doc

HEADS = {"toponym": {"kind": "token", "labels": ["O", "B-TOPONYM", "I-TOPONYM"], "loss": "ce"}}


def documents(data, scorers):
    sys.path.insert(0, str(scorers))
    import argparse

    import places
    made = []
    for part in ("lgl", "geovirus"):
        for found in places.load(argparse.Namespace(part=part, data=data, gazetteer=None)):
            doc = Doc(found["report"]["text"])
            doc.spans["toponym"] = sorted({(*g["span"], "TOPONYM") for g in found["gold"]})
            made.append(doc)
    return made
