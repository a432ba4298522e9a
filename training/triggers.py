#!/usr/bin/env python3
"""Counts how often words are event triggers: WikiEvents, training split → crates/blotter-core/data/events/triggers.txt.

    python training/triggers.py --data DATA --scorers EVAL > crates/blotter-core/data/events/triggers.txt

A line a type: its words, each with the share of its occurrences that are triggers of the type, in hundredths. Words seen
less than twice as triggers, or in less than one of twenty places, are left out; three occurrences that are none are added
to each word's own, so that rare words do not look sure.
"""

import argparse
import collections
import json
import pathlib
import sys

LEAST, RARE, SMOOTHING = 2, 0.05, 3
HEADER = """\
# Words that are event triggers, by type, each with the share of its occurrences that are, in hundredths.
# Source: counted in the training split of WikiEvents (Li, Ji and Han 2021) by training/triggers.py; words and shares only.
# Licence: as the project.
# "example type: sentence" lines are run as tests: a word of the sentence speaks for the type.
# example life.die: Nine people were killed in Tarn.
# example conflict.attack: The bombing of the bridge lasted an hour.
# example justice.arrest: Two men were arrested."""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--scorers", type=pathlib.Path, required=True)
    args = parser.parse_args()
    sys.path.insert(0, str(args.scorers))
    from events import FILES, coarse

    seen, triggers = collections.Counter(), collections.Counter()
    with open(args.data / "wikievents" / FILES["train"], encoding="utf-8") as file:
        for row in map(json.loads, file):
            tokens = [token.lower() for token in row["tokens"]]
            seen.update(tokens)
            for event in row["event_mentions"]:
                start, end = event["trigger"]["start_idx"], event["trigger"]["end_idx"]
                if end == start + 1 and tokens[start].isalpha() and len(tokens[start]) > 2:
                    triggers[coarse(event["event_type"]), tokens[start]] += 1
    lines = collections.defaultdict(list)
    for (kind, word), count in sorted(triggers.items(), key=lambda item: (item[0][0], -item[1], item[0][1])):
        share = count / (seen[word] + SMOOTHING)
        if count >= LEAST and share >= RARE:
            lines[kind].append(f"{word} {round(100 * share)}")
    print(HEADER)
    for kind, words in lines.items():
        print(f"{kind}: {', '.join(words)}")


if __name__ == "__main__":
    main()
