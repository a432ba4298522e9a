"""Checkpoint -> the weight file that the program holds: int8 rows with a scale each, heads in f16, manifest and vocabulary inside.

    python export.py --checkpoint RUN/checkpoint.pt --base GTE_SMALL --out weights/blotter.safetensors --version 1
"""
import argparse
import json
import math
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

from documents import HEADLINE, WINDOW
from model import PAIR_WIDTH
from tasks_table import HEADS


def rows_int8(matrix):
    """(int8 matrix, f32 scale per row): value = int8 * scale."""
    matrix = matrix.astype(np.float32)
    scale = np.maximum(np.abs(matrix).max(1), 1e-8) / 127
    return np.round(matrix / scale[:, None]).clip(-127, 127).astype(np.int8), scale.astype(np.float32)


def tensors(state, layers, attention_heads, vocabulary):
    state = {k: v.float().numpy() for k, v in state.items()}
    hidden = state["norm.weight"].shape[0]
    out = {"vocab": np.frombuffer(vocabulary, dtype=np.uint8)}
    out["embeddings.word"], out["embeddings.word.scale"] = rows_int8(state["word.weight"])
    out["embeddings.position"] = state["position.weight"].astype(np.float16)
    out["embeddings.case"] = state["case.weight"].astype(np.float16)
    out["embeddings.norm.weight"], out["embeddings.norm.bias"] = state["norm.weight"], state["norm.bias"]
    for i in range(layers):
        p = f"layers.{i}."
        qkv, bias = state[p + "qkv.weight"].copy(), state[p + "qkv.bias"].copy()
        fold = 1 / math.sqrt(hidden / attention_heads)
        qkv[:hidden] *= fold
        bias[:hidden] *= fold
        for name, weight, b in [("qkv", qkv, bias)] + [(n, state[f"{p}{n}.weight"], state[f"{p}{n}.bias"]) for n in ("attention_out", "up", "down")]:
            out[p + name], out[f"{p}{name}.scale"] = rows_int8(weight)
            out[f"{p}{name}.bias"] = b
        for norm in ("norm1", "norm2"):
            out[f"{p}{norm}.weight"], out[f"{p}{norm}.bias"] = state[f"{p}{norm}.weight"], state[f"{p}{norm}.bias"]
    for name, head in HEADS.items():
        p, q = f"out.{name}.", f"heads.{name}."
        if head["kind"] == "pair":
            for part in ("query", "key"):
                out[q + part] = state[f"{p}{part}.weight"].astype(np.float16)
                out[f"{q}{part}.bias"] = state[f"{p}{part}.bias"]
            out[q + "bias"] = state[p + "bias"]
        else:
            out[q + "weight"], out[q + "bias"] = state[p + "weight"].astype(np.float16), state[p + "bias"]
    return {k: np.ascontiguousarray(v) for k, v in out.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("checkpoint", "base", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--version", default="1")
    parser.add_argument("--lean", nargs="*", default=[], metavar="HEAD=LOGIT",
                        help="take so much from the O label of a BIO head: recall for precision, chosen on development data")
    args = parser.parse_args()
    state = torch.load(args.checkpoint, weights_only=False)["model"]
    for name, logit in (pair.split("=") for pair in args.lean):
        state[f"out.{name}.bias"][0] -= float(logit)
    manifest = {"version": args.version, "layers": 12, "hidden": 384, "attention_heads": 12, "window": WINDOW, "headline": HEADLINE,
                "heads": [{"name": n, "kind": h["kind"], "labels": h["labels"], **({"width": PAIR_WIDTH} if h["kind"] == "pair" else {})}
                          for n, h in HEADS.items()]}
    out = tensors(state, 12, 12, (args.base / "vocab.txt").read_bytes())
    args.out.parent.mkdir(parents=True, exist_ok=True)
    save_file(out, args.out, metadata={"manifest": json.dumps(manifest)})
    print(args.out, f"{args.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
