"""All tasks: which reader gives which documents, and the heads of all of them."""
from pathlib import Path

from tasks import attribution, event, factuality, gun_violence, mention, muc4, ner, records, time, toponym

HEADS = {}
for task in (attribution, muc4, gun_violence, records, event, mention, ner, time, toponym, factuality):
    HEADS |= task.HEADS


def readers(data, scorers):
    """Task -> function that gives its training documents. data: unpacked data sets; scorers: their scorers and gold records."""
    data, scorers = Path(data), Path(scorers)
    return {
        "attribution": lambda: attribution.documents(data),
        "muc4": lambda: muc4.documents(data),
        "gun_violence": lambda: gun_violence.documents(data),
        "records": lambda: records.documents(data, scorers / "records-train.jsonl"),
        "event": lambda: event.documents(data, scorers),
        "mention": lambda: mention.documents(data),
        "ner": lambda: ner.documents(data),
        "time": lambda: time.documents(data),
        "toponym": lambda: toponym.documents(data, scorers),
        "factuality": lambda: factuality.documents(data),
    }


def bio_labels():
    """head -> {label: index of its B-}"""
    return {name: {label[2:]: i for i, label in enumerate(head["labels"]) if label.startswith("B-")}
            for name, head in HEADS.items() if head["kind"] == "token" and head["labels"][0] == "O"}
