"""Who said what: BIO layers for source, cue and content, and cue -> source, cue -> content links. Learns from PolNeAR."""
import re

from documents import Doc

HEADS = {name: {"kind": "token", "labels": ["O", f"B-{name}", f"I-{name}"], "loss": "ce"} for name in ("source", "cue", "content")}
HEADS |= {name: {"kind": "pair", "labels": [name], "loss": "bce"} for name in ("source_of", "content_of")}


def documents(data, split="train"):
    folder, made = data / "polnear" / split, []
    seen = set()
    for file in sorted((folder / "attributions").glob("*.ann")):
        name = file.stem.rpartition("_")[0]
        if name in seen:
            continue
        seen.add(name)
        text = (folder / "text" / f"{name}.txt").read_bytes().decode("utf-8")
        made.append(document(text, file.read_text(encoding="utf-8")))
    return made


def document(text, annotations):
    places = {id: [tuple(map(int, piece.split())) for piece in offsets.split(";")]
              for id, offsets in re.findall(r"^(T\d+)\t\S+ ([\d ;]+)\t", annotations, re.M)}
    doc = Doc(text)
    spans = {"source": set(), "cue": set(), "content": set()}
    units = []
    for arguments in re.findall(r"^E\d+\t\S+ (.*)", annotations, re.M):
        roles = {"source": [], "cue": [], "content": []}
        for role, id in re.findall(r"(Source|Cue|Content)\d*:(T\d+)", arguments):
            roles[role.lower()] += pieces(text, places[id])
        if roles["cue"] and roles["content"]:
            units.append(roles)
            for role in roles:
                spans[role].update(roles[role])
    for role in spans:
        doc.spans[role] = [(a, b, role) for a, b in outermost(spans[role])]
    for role, head in (("source", "source_of"), ("content", "content_of")):
        positive = {(cue[0], place[0]) for u in units for cue in u["cue"][:1] for place in u[role]}
        starts = sorted({place[0] for u in units for place in u[role]})
        cues = sorted({u["cue"][0][0] for u in units})
        doc.pairs[head] = [(c, s, [float((c, s) in positive)]) for c in cues for s in starts if abs(c - s) < 1500 or (c, s) in positive]
    return doc


def pieces(text, places):
    """Contiguous pieces, joined over mere spaces, cut at line ends, trimmed."""
    merged = []
    for start, end in sorted(places):
        if merged and not text[merged[-1][1]:start].strip(" \t"):
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([start, end])
    return [(s + m.start(), s + m.end()) for s, e in merged for m in re.finditer(r"\S(?:[^\n]*\S)?", text[s:e])]


def outermost(spans):
    kept = []
    for start, end in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
