"""Words that tell whether a sentence may tell of an incident: what is looked at before a report nobody picked is read.

    python training/gate.py --data DATA --records records-train.jsonl --out crates/blotter-core/data/gate/words.tsv
    python training/gate.py --data DATA --records records-dev.jsonl --held-out IN.jsonl

Needs scikit-learn. A logistic regression over the words of single sentences; a report's score is that of its best one. Positive
are the sentences that gold data mark: of IndiaPoliceEvents, with a filler of MUC-4's templates, with the evidence of whole
records, the headline and first two of gun-violence reports, the first two of WikiEvents. Negative are the others of these
reports, and those of MUC-4 reports without templates, of MEANTIME, TempEval-3 and PolNeAR, which tell of companies, markets
and an election. Only the training splits are read, and where there is none, the reports that `half` puts in the first half.

--held-out writes the reports of the development splits and of the second halves as report JSONL, ids `SET+N` (tells of an
incident) or `SET-N`; `quality/gate` reads them.
"""
import argparse
import json
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

# Words in fewer sentences are not counted; weaker weights than this are left out.
LEAST, WEAKEST = 3, 0.03
STRENGTH = 0.1
VIOLENCE = {"KILL", "ARREST", "FORCE"}
TOLD = ("type", "killed", "wounded", "arrested")


def rows(path):
    return [json.loads(line) for line in path.open(encoding="utf-8")]


def half(number, first):
    """Whether the report of that number is in the half that is asked for."""
    return (number % 2 == 0) == first


def sentences(text):
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        parts = re.split(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'A-Za-z(\[])", " ".join(paragraph.split()))
        found += [part for part in parts if len(part.split()) >= 4]
    return found or [text]


def tokens(path):
    return " ".join(token.text or "" for token in ET.parse(path).getroot().iter("token"))


def quiet(data):
    """Reports of other subjects: set -> texts."""
    meantime = [tokens(path) for path in sorted((data / "meantime").rglob("intra_cross-doc_annotation/*/*.xml"))]
    tempeval = []
    for path in sorted((data / "tempeval3").rglob("*.tml")):
        body = path.read_text(encoding="utf-8", errors="replace").split("<TEXT>")[1].split("</TEXT>")[0]
        tempeval.append(re.sub(r"<[^>]+>", "", body))
    polnear = [path.read_text(encoding="utf-8", errors="replace") for path in sorted((data / "polnear/train").rglob("text/*.txt"))]
    return {"meantime": meantime, "tempeval3": tempeval, "polnear": polnear[::3]}


def wikievents(data):
    names = ("dev.jsonl", "train-mc2259-wiki-human.jsonl")
    return [" ".join(row["tokens"]) for name in names for row in rows(data / "wikievents" / name)]


def record_texts(data, records):
    sys.path.insert(0, str(records.resolve().parent))
    from records_texts import LOADERS
    for record in rows(records):
        text = LOADERS[record["dataset"]](data / record["dataset"], record["id"])
        yield record, f"{text.get('title', '')}\n\n{text['text']}".strip()


def india(data):
    """(number, text, labels, [(sentence, labels)])"""
    inside = {}
    for row in rows(data / "india-police-events/data/final/sents.jsonl"):
        inside.setdefault(row["doc_id"], []).append((row["sent_text"], row["sent_labels"]))
    documents = rows(data / "india-police-events/data/final/docs.jsonl")
    return [(n, d["doc_text"], d["doc_labels"], inside.get(d["doc_id"], [])) for n, d in enumerate(documents)]


def training(data, records):
    """(sentence, whether it tells of an incident)"""
    for number, _, _, inside in india(data):
        if half(number, True):
            yield from ((sentence, bool(labels)) for sentence, labels in inside)
    for row in rows(data / "muc4/gtt/train.json"):
        slots = [value for template in row["templates"] for value in template.values() if isinstance(value, list)]
        fillers = [mention[0] for slot in slots for entity in slot for mention in entity]
        for sentence in sentences(row["doctext"]):
            told = any(filler in sentence for filler in fillers)
            # A sentence without a filler may tell of the incident all the same.
            if told or not fillers:
                yield sentence, told
    for record, text in record_texts(data, records):
        facts = [fact for incident in record["incidents"] for fact in incident["facts"] if fact["field"] in TOLD]
        quotes = [evidence["quote"] for fact in facts for evidence in fact["evidence"]]
        yield from ((sentence, any(quote in sentence for quote in quotes)) for sentence in sentences(text))
    for row in rows(data / "gun-violence/train.reports.jsonl")[::12]:
        yield from ((sentence, True) for sentence in [row["title"], *sentences(row["content"])[:2]])
    for number, text in enumerate(wikievents(data)):
        if half(number, True):
            yield from ((sentence, True) for sentence in sentences(text)[:2])
    for texts in quiet(data).values():
        for number, text in enumerate(texts):
            if half(number, True):
                yield from ((sentence, False) for sentence in sentences(text)[::2])


def held_out(data, records):
    """(set, whether it tells of an incident, text)"""
    for row in rows(data / "gun-violence/dev.reports.jsonl"):
        if len(row["content"].split()) >= 50:
            yield "gun-violence", True, f"{row['title']}\n\n{row['content']}"
    for row in rows(data / "muc4/gtt/dev.json"):
        yield "muc4", bool(row["templates"]), row["doctext"]
    for record, text in record_texts(data, records):
        yield "records", bool(record["incidents"]), text
    for number, text, labels, _ in india(data):
        if half(number, False) and (VIOLENCE & set(labels) or not labels):
            yield "india-police-events", bool(labels), text
    for number, text in enumerate(wikievents(data)):
        # The shortest are notices that a page is gone.
        if half(number, False) and len(text.split()) >= 50:
            yield "wikievents", True, text
    for name, texts in quiet(data).items():
        for number, text in enumerate(texts):
            if half(number, False):
                yield name, False, text


def learn(examples, out):
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    texts, told = zip(*examples)
    counter = CountVectorizer(binary=True, min_df=LEAST, token_pattern=r"[a-z]{2,}")
    model = LogisticRegression(C=STRENGTH, max_iter=300).fit(counter.fit_transform(texts), told)
    weights = {word: model.coef_[0][at] for word, at in counter.vocabulary_.items()}
    with out.open("w", encoding="utf-8") as file:
        print("# Made by training/gate.py: word and weight, the first line what every sentence has.", file=file)
        print(f"*\t{model.intercept_[0]:.2f}", file=file)
        for word, weight in sorted(weights.items()):
            if abs(weight) >= WEAKEST:
                print(f"{word}\t{weight:.2f}", file=file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--records", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--held-out", type=Path)
    args = parser.parse_args()
    if args.out:
        learn(list(training(args.data, args.records)), args.out)
    if args.held_out:
        with args.held_out.open("w", encoding="utf-8") as file:
            for number, (name, told, text) in enumerate(held_out(args.data, args.records)):
                print(json.dumps({"id": f"{name}{'+' if told else '-'}{number}", "text": text}), file=file)


if __name__ == "__main__":
    main()
