#!/usr/bin/env python3
"""Reference outputs of a weight file, in plain PyTorch, for the tests of `blotter-nn`.

    reference.py small OUT.safetensors            write a small weight file with random weights (seeded)
    reference.py outputs WEIGHTS SAMPLES OUT.json tokens and logits of every head for the samples
    reference.py words WEIGHTS OUT.json           what the `tokenizers` package makes of awkward strings

The fixtures in crates/blotter-nn/tests/fixtures are made with
    reference.py small small.safetensors
    reference.py outputs small.safetensors samples.json reference.json
    reference.py words small.safetensors words.json

The forward pass here is written from the description of the weight file alone and computes in 32-bit floats on the
dequantised weights. Every sample must fit one window. Needs torch, safetensors and tokenizers.
"""
import json
import math
import sys
import unicodedata

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

SPECIAL, LOWER, CAPITALISED, UPPER, MIXED, DIGITS, OTHER = range(7)


def tokenizer(vocabulary):
    """BERT's uncased tokenizer. Special tokens written out in a text are ordinary words to it."""
    model = WordPiece({piece: i for i, piece in enumerate(vocabulary)}, unk_token="[UNK]", max_input_chars_per_word=100)
    made = Tokenizer(model)
    made.normalizer = BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True)
    made.pre_tokenizer = BertPreTokenizer()
    return made


def case_shape(word):
    """The case embedding's row for a basic word, judged on its letters as the text writes them."""
    kinds = [unicodedata.category(c) for c in word]
    letters = [kind for kind in kinds if kind.startswith("L")]
    if not letters:
        return DIGITS if "Nd" in kinds else OTHER
    if all(kind == "Ll" for kind in letters):
        return LOWER
    if letters[0] == "Lu" and all(kind == "Ll" for kind in letters[1:]):
        return CAPITALISED
    if all(kind == "Lu" for kind in letters):
        return UPPER
    return MIXED


def pieces(made, text):
    """(id, case, start, end, continues) of every piece; places are code points."""
    encoding = made.encode(text, add_special_tokens=False)
    words = {}
    for word, (start, end) in zip(encoding.word_ids, encoding.offsets):
        first, last = words.get(word, (start, end))
        words[word] = (min(first, start), max(last, end))
    out, before = [], None
    for piece, word, (start, end) in zip(encoding.ids, encoding.word_ids, encoding.offsets):
        first, last = words[word]
        out.append((piece, case_shape(text[first:last]), start, end, word == before))
        before = word
    return out


class Weights:
    """The weight file, dequantised."""

    def __init__(self, path):
        with safe_open(path, "pt") as file:
            self.manifest = json.loads(file.metadata()["manifest"])
            self.tensors = {name: file.get_tensor(name) for name in file.keys()}
        self.vocabulary = bytes(self.tensors["vocab"].tolist()).decode().splitlines()

    def __call__(self, name):
        tensor = self.tensors[name]
        if tensor.dtype == torch.int8:
            return tensor.float() * self.tensors[name + ".scale"][:, None]
        return tensor.float()

    def linear(self, name, x):
        return x @ self(name).T + self(name + ".bias")

    def norm(self, name, x):
        weight, bias = self(name + ".weight"), self(name + ".bias")
        return torch.nn.functional.layer_norm(x, weight.shape, weight, bias, eps=1e-12)


def encode(w, ids, cases):
    """The last layer's vectors of one window."""
    x = w("embeddings.word")[ids] + w("embeddings.position")[: len(ids)] + w("embeddings.case")[cases]
    x = w.norm("embeddings.norm", x)
    heads, hidden = w.manifest["attention_heads"], w.manifest["hidden"]
    for i in range(w.manifest["layers"]):
        layer = f"layers.{i}."
        q, k, v = w.linear(layer + "qkv", x).split(hidden, dim=1)
        # tokens x hidden -> heads x tokens x head length
        q, k, v = (t.view(len(ids), heads, hidden // heads).transpose(0, 1) for t in (q, k, v))
        mixed = torch.softmax(q @ k.transpose(1, 2), dim=2) @ v
        mixed = mixed.transpose(0, 1).reshape(len(ids), hidden)
        x = w.norm(layer + "norm1", x + w.linear(layer + "attention_out", mixed))
        inner = torch.nn.functional.gelu(w.linear(layer + "up", x))
        x = w.norm(layer + "norm2", x + w.linear(layer + "down", inner))
    return x


def run_heads(w, x, kept):
    """Logits of every head; token and pair heads for the rows `kept` alone."""
    out = {}
    for head in w.manifest["heads"]:
        name = f"heads.{head['name']}."
        labels = len(head["labels"])
        if head["kind"] == "token":
            logits = x[kept] @ w(name + "weight").T + w(name + "bias")
        elif head["kind"] == "document":
            logits = w(name + "weight") @ torch.cat([x[0], x.mean(0)]) + w(name + "bias")
        else:
            width = head["width"]
            q = (x[kept] @ w(name + "query").T + w(name + "query.bias")).view(-1, labels, width)
            k = (x[kept] @ w(name + "key").T + w(name + "key.bias")).view(-1, labels, width)
            logits = torch.einsum("ilw,jlw->ijl", q, k) / math.sqrt(width) + w(name + "bias")
        out[head["name"]] = [round(value, 6) for value in logits.flatten().tolist()]
    return out


def outputs(w, sample):
    """Tokens (bytes) and logits of one sample: {"headline": text or "", "body": text}; headline, blank line, body."""
    made = tokenizer(w.vocabulary)
    special = lambda piece: (w.vocabulary.index(piece), SPECIAL)
    headline, body = sample["headline"], sample["body"]
    text = f"{headline}\n\n{body}" if headline else body
    at = len(text) - len(body)
    front, cut = pieces(made, headline), w.manifest["headline"]
    if len(front) > cut:
        # What is too long for the headline is read with the body, from the start of a word on.
        cut = next((n for n in range(cut, cut // 2 - 1, -1) if not front[n][4]), cut)
    rest = front[cut:] + [(i, c, s + at, e + at, k) for i, c, s, e, k in pieces(made, body)]
    front = front[:cut]
    window = [special("[CLS]")] + [p[:2] for p in front] + ([special("[SEP]")] if front else [])
    kept = list(range(1, 1 + len(front))) + list(range(len(window), len(window) + len(rest)))
    window += [p[:2] for p in rest] + [special("[SEP]")]
    assert len(window) <= w.manifest["window"], len(window)
    ids, cases = (torch.tensor(column) for column in zip(*window))
    size = lambda n: len(text[:n].encode())
    return {
        "text": text,
        "headline": len(headline.encode()),
        "tokens": [[size(s), size(e), k] for _, _, s, e, k in front + rest],
        "heads": run_heads(w, encode(w, ids, cases), kept),
    }


SMALL_HEADS = [
    {"name": "mention", "kind": "token", "labels": ["O", "B-person", "I-person", "B-place", "I-place"]},
    {"name": "relevance", "kind": "document", "labels": ["no", "yes", "partly"]},
    {"name": "link", "kind": "pair", "labels": ["same", "part"], "width": 8},
]
SMALL_WORDS = """the a of in to and was were by on at said police people killed wounded market guards harbour night
after two three seven dozen attack fire shot river bridge village officials near no one who that ##s ##ed ##ing ##er
##ly ##mar ##den ##ton ##ville ver kal cafe ecole strasse naive i resume uber kiosk""".split()


def small(path):
    """A weight file of two layers with random weights and a vocabulary of letters and a few words."""
    torch.manual_seed(7)
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + list(letters) + ["##" + c for c in letters]
    vocabulary += list(".,;:!?'\"()-/$%&*«»“”‘’—…。人民") + ["ß", "##ß", "ж", "##ж", "а", "##а", "##ᅡ", "ᄒ"] + SMALL_WORDS
    vocabulary = list(dict.fromkeys(vocabulary))
    hidden, inner = 64, 128
    tensors = {"vocab": torch.tensor(list("\n".join(vocabulary).encode()), dtype=torch.uint8)}

    def quantised(name, rows, columns, spread, query_rows=0):
        weight = torch.randn(rows, columns) * spread
        weight[:query_rows] /= math.sqrt(hidden // 2)
        scale = weight.abs().amax(1) / 127
        tensors[name] = torch.round(weight / scale[:, None]).to(torch.int8)
        tensors[name + ".scale"] = scale

    def floats(name, *shape, spread=1.0, around=0.0, dtype=torch.float32):
        tensors[name] = (torch.randn(*shape) * spread + around).to(dtype)

    def norm(name):
        floats(name + ".weight", hidden, spread=0.1, around=1.0)
        floats(name + ".bias", hidden, spread=0.1)

    quantised("embeddings.word", len(vocabulary), hidden, 0.5)
    floats("embeddings.position", 64, hidden, spread=0.2, dtype=torch.float16)
    floats("embeddings.case", 7, hidden, spread=0.3, dtype=torch.float16)
    norm("embeddings.norm")
    for i in range(2):
        shapes = {"qkv": (3 * hidden, hidden), "attention_out": (hidden, hidden), "up": (inner, hidden)}
        for part, (rows, columns) in (shapes | {"down": (hidden, inner)}).items():
            quantised(f"layers.{i}.{part}", rows, columns, 0.12, hidden if part == "qkv" else 0)
            floats(f"layers.{i}.{part}.bias", rows, spread=0.1)
        norm(f"layers.{i}.norm1")
        norm(f"layers.{i}.norm2")
    for head in SMALL_HEADS:
        name, labels = f"heads.{head['name']}.", len(head["labels"])
        if head["kind"] == "pair":
            for part in ("query", "key"):
                floats(name + part, labels * head["width"], hidden, spread=0.1, dtype=torch.float16)
                floats(name + part + ".bias", labels * head["width"], spread=0.1)
        else:
            columns = hidden if head["kind"] == "token" else 2 * hidden
            floats(name + "weight", labels, columns, spread=0.1, dtype=torch.float16)
        floats(name + "bias", labels, spread=0.1)
    manifest = {"version": "small-test", "layers": 2, "hidden": hidden, "attention_heads": 2, "window": 64, "headline": 12}
    save_file(tensors, path, {"manifest": json.dumps(manifest | {"heads": SMALL_HEADS})})


AWKWARD = [
    "", " ", "Police said seven people were killed.", "THE HARBOUR, by Night", "o'neil mcDonald's U.S. 1990s 3rd 42%",
    "Café naïve ÉCOLE résumé Über Straße STRASSE", "cafe\u0301 e\u0301cole A\u030angstro\u0308m", "Kal\u00admar\u200bden",
    "人民 near 人x民y", "中文 unknown ideographs 〇", "한 하 가나다", "Жа жА ЖЖ яя", "Ünïcödé ﬁre ﬂag Ⅷ ½ ²", "İstanbul ISTANBUL ıi",
    "\U0001f525 fire \U0001f468\u200d\U0001f469\u200d\U0001f467 x\U0001f600y", "tab\there\nnew\r\nline\u00a0nbsp\u2003em\u2028sep\u3000wide",
    "bell\x07 nul\x00 del\x7f esc\x1b[0m", "mangled \ufffd\ufffd word\ufffdbreak caf\ufffd", "\ufefftext with mark", "private\ue000use",
    "“Two” ‘guards’ — said… «no one»; (who?) a/b a-b", "[CLS] [SEP] [UNK] ##s ##", "a" * 100, "b" * 101, "é" * 100 + " é", "x" * 3 + "\u0301" * 120,
    "a\u037eb q\u1fefr", "\u0301 lone accent", "العربية नमस्ते สวัสดี", "١٢٣ ৪৫ 12٣", "Ǆ ǅ ǆ", "$5,000.50 £20 €30 +1=2 <b> ^ ` ~ |",
]


def words(w):
    """Awkward strings with the pieces, in bytes, that the `tokenizers` package makes of them."""
    made = tokenizer(w.vocabulary)
    rows = []
    for text in AWKWARD:
        size = lambda n: len(text[:n].encode())
        rows.append({"text": text, "pieces": [[i, c, size(s), size(e), k] for i, c, s, e, k in pieces(made, text)]})
    return rows


def main(arguments):
    match arguments:
        case ["small", out]:
            return small(out)
        case ["outputs", weights, samples, out]:
            loaded = Weights(weights)
            rows = [outputs(loaded, sample) for sample in json.load(open(samples))]
        case ["words", weights, out]:
            rows = words(Weights(weights))
        case _:
            sys.exit(__doc__)
    with open(out, "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")


if __name__ == "__main__":
    with torch.inference_mode():
        main(sys.argv[1:])
