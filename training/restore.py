"""A weight file back into a checkpoint to go on training from: 8-bit rows times their scale, what `--lean` took given back.

    python restore.py --weights weights/blotter.safetensors --out RUN/init.pt --lean muc4=1.0 event=3.0
"""
import argparse
import json
import math
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open

from model import Reader
from tasks_table import HEADS


def state(file, manifest):
    """Parameter name of `Reader` -> tensor."""
    def plain(name):
        return torch.from_numpy(np.array(file.get_tensor(name), dtype=np.float32))

    def rows(name):
        return plain(name) * plain(name + ".scale")[:, None]

    hidden, fold = manifest["hidden"], math.sqrt(manifest["hidden"] / manifest["attention_heads"])
    out = {"word.weight": rows("embeddings.word"), "position.weight": plain("embeddings.position"), "case.weight": plain("embeddings.case"),
           "norm.weight": plain("embeddings.norm.weight"), "norm.bias": plain("embeddings.norm.bias")}
    for i in range(manifest["layers"]):
        p = f"layers.{i}."
        for name in ("qkv", "attention_out", "up", "down"):
            weight, bias = rows(p + name), plain(f"{p}{name}.bias")
            if name == "qkv":
                weight[:hidden] *= fold     # the weight file holds the queries divided by the root of a head's size
                bias[:hidden] *= fold
            out[f"{p}{name}.weight"], out[f"{p}{name}.bias"] = weight, bias
        for norm in ("norm1", "norm2"):
            out[f"{p}{norm}.weight"], out[f"{p}{norm}.bias"] = plain(f"{p}{norm}.weight"), plain(f"{p}{norm}.bias")
    for head in manifest["heads"]:
        p, q = f"out.{head['name']}.", f"heads.{head['name']}."
        for part in ("query", "key") if head["kind"] == "pair" else ():
            out[f"{p}{part}.weight"], out[f"{p}{part}.bias"] = plain(q + part), plain(f"{q}{part}.bias")
        if head["kind"] != "pair":
            out[p + "weight"] = plain(q + "weight")
        out[p + "bias"] = plain(q + "bias")
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lean", nargs="*", default=[], metavar="HEAD=LOGIT", help="as given to export.py")
    args = parser.parse_args()
    with safe_open(args.weights, "np") as file:
        found = state(file, json.loads(file.metadata()["manifest"]))
    for name, logit in (pair.split("=") for pair in args.lean):
        found[f"out.{name}.bias"][0] += float(logit)
    Reader(HEADS, dropout=0.0).load_state_dict(found)       # says which parameter is missing or has another shape
    args.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": found}, args.out)


if __name__ == "__main__":
    main()
