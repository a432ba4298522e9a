"""Counts in how many news reports each word stands: what makes a word rare when two reports are compared.

    python training/word_counts.py --data DATA --out crates/blotter-case/data/words.tsv

Reads training texts alone: gun-violence, MUC-4, WikiEvents, PolNeAR. Every gun-violence report but the fourth is
left out, so that the words of one subject do not pass for those of all news. Words in fewer than LEAST reports are left
out: to the program they are as rare as the rarest counted.
"""
import argparse
import json
import re
from collections import Counter
from pathlib import Path

LEAST = 4
WORD = re.compile(r"[a-z]{3,}")


def texts(data):
    """The texts of all reports."""
    for i, line in enumerate((data / "gun-violence/train.reports.jsonl").open(encoding="utf-8")):
        if i % 4 == 0:
            report = json.loads(line)
            yield f"{report['title']}\n{report['content']}"
    for path in sorted((data / "muc4/raw/dev").iterdir()):
        yield from re.split(r"\n(?=(?:DEV|TST\d)-MUC\d-\d{4})", path.read_text(encoding="utf-8", errors="replace"))
    for line in (data / "wikievents/train-mc2259-wiki-human.jsonl").open(encoding="utf-8"):
        yield " ".join(json.loads(line)["tokens"])
    for path in sorted((data / "polnear/train/text").rglob("*.txt")):
        yield path.read_text(encoding="utf-8", errors="replace")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    reports, counts = 0, Counter()
    for text in texts(args.data):
        reports += 1
        counts.update(set(WORD.findall(text.lower())))
    lines = ["# In how many of the reports a word stands. Written by training/word_counts.py; words in fewer than "
             f"{LEAST} are left out.", f"# reports\t{reports}"]
    lines += [f"{word}\t{n}" for word, n in sorted(counts.items()) if n >= LEAST]
    args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{reports} reports, {len(lines) - 2} words")


if __name__ == "__main__":
    main()
