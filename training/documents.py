"""Documents with labels, and the windows of tokens that the encoder is trained on.

A reader (tasks/*.py) gives documents; this module turns their character spans into labels of word pieces. Only the
first piece of a word carries a label, because the program decides words by their first piece.
"""
import re
from dataclasses import dataclass, field

import numpy as np
from tokenizers import Tokenizer

WINDOW = 512        # pieces, as in the manifest of the weight file
HEADLINE = 64       # pieces of the headline in front of every window
IGNORE = -100
CASE = {"special": 0, "lower": 1, "capitalised": 2, "upper": 3, "mixed": 4, "digits": 5, "other": 6}


@dataclass
class Doc:
    """A text and what is known of it.

    spans: head -> [(start, end, label)], BIO heads get B- and I-; every other word of the text is O.
    points: head -> [(offset, class index | float | list of floats)], loss at that word only.
    hidden: head -> [(start, end)], places of a BIO head where nothing is known.
    document: head -> class index, or list of 0/1 (None = unknown), of the whole text;
        a function (start, end) -> such a value gives it per window.
    pairs: head -> [(offset from, offset to, [0/1 per label])].
    """
    text: str
    headline: int = 0
    spans: dict = field(default_factory=dict)
    points: dict = field(default_factory=dict)
    hidden: dict = field(default_factory=dict)
    document: dict = field(default_factory=dict)
    pairs: dict = field(default_factory=dict)


def case_of(word):
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return CASE["digits"] if any(c.isdigit() for c in word) else CASE["other"]
    if all(c.islower() for c in letters):
        return CASE["lower"]
    if letters[0].isupper() and all(c.islower() for c in letters[1:]):
        return CASE["capitalised"]
    return CASE["upper"] if all(c.isupper() for c in letters) else CASE["mixed"]


class Pieces:
    """WordPiece with character offsets, the first piece of each word and the case of its letters."""

    def __init__(self, tokenizer_file):
        self.tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.cls, self.sep = (self.tokenizer.token_to_id(t) for t in ("[CLS]", "[SEP]"))

    def __call__(self, text):
        """(ids, starts, ends, first-piece flags, case ids) as arrays."""
        found = self.tokenizer.encode(text, add_special_tokens=False)
        ids, words, offsets = found.ids, found.word_ids, found.offsets
        first = [i == 0 or words[i] != words[i - 1] for i in range(len(ids))]
        cases, i = [], 0
        while i < len(ids):
            j = i
            while j < len(ids) and words[j] == words[i]:
                j += 1
            cases += [case_of(text[offsets[i][0]:offsets[j - 1][1]])] * (j - i)
            i = j
        starts, ends = (np.array([o[k] for o in offsets], dtype=np.int64) for k in (0, 1))
        return np.array(ids, dtype=np.int64), starts, ends, np.array(first, dtype=bool), np.array(cases, dtype=np.int64)


def breaks(text):
    """Offsets where a window may begin: after line ends and sentence ends."""
    return [0] + [m.end() for m in re.finditer(r"\n+|(?<=[.!?][\s\"”'])\s*(?=[A-Z\"“'])|    +", text)]


def windows(doc, pieces, bio, longest=WINDOW):
    """The windows of a document as dicts of arrays; without overlap, the headline in front of each."""
    ids, starts, ends, first, cases = pieces(doc.text)
    if not len(ids):
        return []
    labels = label_tokens(doc, starts, ends, first, bio)
    body = int(np.searchsorted(starts, doc.headline)) if doc.headline else 0
    head = np.arange(min(body, HEADLINE))
    room = longest - 2 - (len(head) + 1 if len(head) else 0)
    cuts = sorted({int(np.searchsorted(starts, b)) for b in breaks(doc.text)} | {body})
    cuts = [c for c in cuts if c >= body]
    made, begin = [], body
    while begin < len(ids):
        end = len(ids) if begin + room >= len(ids) else max([c for c in cuts if begin < c <= begin + room], default=begin + room)
        made.append(window(doc, pieces, ids, starts, first, cases, labels, head, np.arange(begin, end), not made))
        begin = end
    if not made and len(head):
        made.append(window(doc, pieces, ids, starts, first, cases, labels, head, np.arange(0), True))
    return made


def window(doc, pieces, ids, starts, first, cases, labels, head, body, is_first):
    """One window. Labels of the headline are given in the first window only, so that none counts twice."""
    order = np.concatenate([[-1], head, [-2] if len(head) else [], body, [-2]]).astype(np.int64)
    real = order >= 0
    out = {"ids": np.where(real, ids[order], np.where(order == -1, pieces.cls, pieces.sep)),
           "case": np.where(real, cases[order], 0), "first": is_first, "token": {}, "pairs": {}, "document": {}}
    place = {int(t): i for i, t in enumerate(order) if t >= 0 and (is_first or i > len(head))}
    for name, values in labels["token"].items():
        row = values[np.where(real, order, 0)].copy()
        row[~real] = np.nan if row.dtype.kind == "f" else IGNORE
        if not is_first and len(head):
            row[: len(head) + 2] = np.nan if row.dtype.kind == "f" else IGNORE
        out["token"][name] = row
    for name, found in labels["pairs"].items():
        kept = [(place[a], place[b], y) for a, b, y in found if a in place and b in place]
        if kept:
            out["pairs"][name] = kept
    span = (0 if is_first else int(starts[body[0]]), int(starts[body[-1]]) + 1 if len(body) else doc.headline)
    for name, value in doc.document.items():
        value = value(*span) if callable(value) else value if is_first else None
        if value is not None:
            out["document"][name] = value
    return out


def label_tokens(doc, starts, ends, first, bio):
    """Character labels -> labels of pieces. bio: head -> {label: index of its B-; I- is one more}."""
    out = {"token": {}, "pairs": {}}

    def under(start, end):
        return np.arange(np.searchsorted(ends, start, side="right"), np.searchsorted(starts, end, side="left"))

    def word_at(offset):
        i = int(np.searchsorted(ends, offset, side="right"))
        while 0 < i < len(first) and not first[i]:
            i -= 1
        return i if i < len(first) else None

    for name, spans in doc.spans.items():
        row = np.where(first, 0, IGNORE)
        for start, end in doc.hidden.get(name, []):
            row[under(start, end)] = IGNORE
        for start, end, label in spans:
            tokens = [t for t in under(start, end) if first[t]] or [t for t in [word_at(start)] if t is not None]
            for k, token in enumerate(tokens):
                row[token] = bio[name][label] + (k > 0)
        out["token"][name] = row
    for name, points in doc.points.items():
        wide = isinstance(points[0][1], (list, tuple)) if points else False
        kind = float if points and (wide or isinstance(points[0][1], float)) else int
        row = np.full((len(first), len(points[0][1])) if wide else len(first), np.nan if kind is float else IGNORE)
        row = row if kind is float else row.astype(np.int64)
        for offset, value in points:
            token = word_at(offset)
            if token is not None:
                row[token] = value
        out["token"][name] = row
    for name, found in doc.pairs.items():
        out["pairs"][name] = [(word_at(a), word_at(b), y) for a, b, y in found if word_at(a) is not None and word_at(b) is not None]
    return out


def occurrences(text, words, fold=False):
    """Where the words stand in the text, not inside longer words."""
    if not words.strip():
        return []
    return [m.span() for m in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.I if fold else 0)]
