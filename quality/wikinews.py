"""Reports to read when no gold is needed: 100 Wikinews reports of the MEANTIME set (CC BY), and texts of our own."""

import importlib
import json
import sys
import tarfile

COUNT = 100
# The end of the long text: a reader that stops early misses it.
LAST = "The guards of Port Amaranth were shot dead on 3 March 2021, the harbour police said."
# Texts of white space alone are refused by the program, with a sentence; they stand in its own tests.
ODD = [".", "—", "\u202eabc", "a\u0000b", "\U0001f600" * 50, "x" * 5000, "e\u0301" * 200,
       "POLICE SAID TWO MEN WERE KILLED IN A BLAST.", "two men were killed in a blast police said", "“‘«»’”", "\ufeffA blast.",
       "1/2/3/4-5:6.7 12.12.12.12 at 25:61 on 32 Maytember", "He said she said they said it said that he said.", "\u2028.\u2029"]


def reports(shared, data, folder):
    """The reports, title and text and date; unpacked to `folder` where `data` is not given."""
    if not data:
        with tarfile.open(shared / "data" / "meantime.tar.xz") as archive:
            archive.extractall(folder, filter="data")
    place = (data or folder) / "meantime"
    sys.path.insert(0, str(shared / "eval"))
    load = importlib.import_module("records_texts").LOADERS["meantime"]
    ids = sorted({file.name.split("_")[0] for file in place.glob("intra-doc_annotation/*/*.xml")})
    return [{"id": id, **load(place, id)} for id in ids[:COUNT]]


def odd():
    return [{"id": f"odd-{index}", "text": text} for index, text in enumerate(ODD)]


def long(found, words):
    """One report of so many words, made of the others, with LAST as its end."""
    text, count = [], 0
    while count < words:
        for report in found:
            text.append(report["text"])
            count += len(report["text"].split())
            if count >= words:
                break
    return {"id": "long", "text": "\n\n".join([*text, LAST]), "published": "2021-03-04"}


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
