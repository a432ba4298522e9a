"""Trains the encoder and all heads together. One command rebuilds the weights; a stopped run goes on from its checkpoint.

    python train.py --data DATA --scorers EVAL --base GTE_SMALL --out RUN [--minutes 90] [--config config.json]

DATA: folder of the unpacked data sets. EVAL: folder of the scorers and gold records. GTE_SMALL: folder with
model.fp16.safetensors and tokenizer.json. The rate falls to nothing as the minutes run out, whatever the machine's speed.
"""
import argparse
import json
import math
import pickle
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from documents import IGNORE, Pieces, windows
from model import Reader
from tasks_table import HEADS, bio_labels, readers


def load_windows(args, config):
    """Task -> its windows; read once, then kept beside the checkpoints."""
    cache = args.out / "windows.pickle"
    if cache.exists():
        return pickle.loads(cache.read_bytes())
    pieces, bio, found = Pieces(args.base / "tokenizer.json"), bio_labels(), {}
    for task, read in readers(args.data, args.scorers).items():
        if task in config["passes"]:
            cut = config["first_window"].get(task)      # the lead tells it: only the first window, of so many pieces
            found[task] = [w for doc in read() for w in (windows(doc, pieces, bio, cut)[:1] if cut else windows(doc, pieces, bio))]
            print(task, len(found[task]), "windows", sum(len(w["ids"]) for w in found[task]), "tokens", flush=True)
    cache.write_bytes(pickle.dumps(found))
    return found


def epoch(found, config, chance):
    """Batches of windows of like length: every task as often as `passes` asks, over one unit of time."""
    chosen = []
    for task, items in found.items():
        times = config["passes"][task]
        whole, part = int(times), times - int(times)
        chosen += items * whole + chance.sample(items, int(len(items) * part))
    chance.shuffle(chosen)
    batches = []
    for k in range(0, len(chosen), 400):
        rows = sorted(chosen[k:k + 400], key=lambda w: len(w["ids"]))
        batch = []
        for row in rows:
            if batch and (len(batch) + 1) * len(row["ids"]) > config["batch_tokens"]:
                batches.append(batch)
                batch = []
            batch.append(row)
        batches.append(batch)
    chance.shuffle(batches)
    return batches


def collate(batch, config, chance):
    longest = max(len(w["ids"]) for w in batch)
    ids, case = (torch.zeros(len(batch), longest, dtype=torch.long) for _ in range(2))
    for i, w in enumerate(batch):
        n = len(w["ids"])
        ids[i, :n] = torch.from_numpy(w["ids"])
        shapes = torch.from_numpy(w["case"]).clone()
        draw, drop = chance.random(), config["case_dropout"]
        letters = (shapes >= 1) & (shapes <= 4)
        if draw < drop["zero"]:
            shapes[:] = 0
        elif draw < drop["zero"] + drop["lower"]:
            shapes[letters] = 1
        elif draw < drop["zero"] + drop["lower"] + drop["upper"]:
            shapes[letters] = 3
        case[i, :n] = shapes
    return ids, case, torch.tensor([len(w["ids"]) for w in batch])


def losses(model, batch, x, live, config):
    """Sum of the heads' losses. Few labels of a head in a batch weigh less than many (the divisor has a floor)."""
    total = x.new_zeros(())
    told = {}
    for name, head in model.heads.items():
        weight = config["weights"].get(name, 1.0)
        if head["kind"] == "token":
            rows = [i for i, w in enumerate(batch) if name in w["token"]]
            if not rows:
                continue
            loss, count = token_loss(model.out[name], head, x, batch, rows, name, config["positive"].get(name, 1.0))
            floor = 400 if head["loss"] == "ce" else 40
        elif head["kind"] == "document":
            rows = [i for i, w in enumerate(batch) if name in w["document"]]
            if not rows:
                continue
            logits = model.out[name](model.pool(x[rows], live[rows])).float()
            values = [batch[i]["document"][name] for i in rows]
            loss = (F.cross_entropy(logits, torch.tensor(values), reduction="sum") if head["loss"] == "ce"
                    else F.binary_cross_entropy_with_logits(logits, torch.tensor(values), reduction="sum"))
            count, floor = len(rows) * 0.5, 4
        else:
            triples = [(i, a, b, y) for i, w in enumerate(batch) for a, b, y in w["pairs"].get(name, [])]
            if not triples:
                continue
            i, a, b = (torch.tensor([t[k] for t in triples]) for k in range(3))
            y = torch.tensor([t[3] for t in triples])
            logits = model.pair_logits(name, x, i, a, b).float()
            positive = logits.new_tensor(config["positive"].get(name, 1.0))
            loss = F.binary_cross_entropy_with_logits(logits, y, pos_weight=positive, reduction="sum")
            count, floor = len(triples) * 0.3, 60
        loss = loss / max(count, floor)
        told[name] = float(loss.detach())
        total = total + weight * loss
    return total, told


def token_loss(linear, head, x, batch, rows, name, positive):
    """positive: weight of a label other than O, for heads whose spans are few."""
    longest = x.shape[1]
    wide = head["loss"] == "bce"
    fill = IGNORE if head["loss"] == "ce" else np.nan
    gold = np.full((len(rows), longest, len(head["labels"])) if wide else (len(rows), longest), fill, dtype=np.int64 if head["loss"] == "ce" else np.float32)
    for k, i in enumerate(rows):
        values = batch[i]["token"][name]
        gold[k, :len(values)] = values
    gold = torch.from_numpy(gold)
    known = gold != IGNORE if head["loss"] == "ce" else ~torch.isnan(gold[..., 0] if wide else gold)
    logits = linear(x[rows][known]).float()
    gold = gold[known]
    if head["loss"] == "ce":
        weight = torch.full((logits.shape[1],), positive)
        weight[0] = 1.0
        return F.cross_entropy(logits, gold, weight=weight, reduction="sum"), len(gold)
    if head["loss"] == "bce":
        return F.binary_cross_entropy_with_logits(logits, gold, reduction="sum"), len(gold)
    return F.mse_loss(logits[:, 0], gold, reduction="sum") * 0.3, len(gold)


def parameters(model, config):
    model.word.weight.requires_grad_(False)
    heads = list(model.out.parameters()) + [model.case.weight]
    known = {id(p) for p in heads}
    body = [p for p in model.parameters() if p.requires_grad and id(p) not in known]
    return [{"params": [p for p in body if p.ndim > 1], "rate": config["rate"], "weight_decay": config["weight_decay"]},
            {"params": [p for p in body if p.ndim == 1], "rate": config["rate"], "weight_decay": 0.0},
            {"params": heads, "rate": config["head_rate"], "weight_decay": 0.0}]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "scorers", "base", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--config", type=Path, default=Path(__file__).with_name("config.json"))
    parser.add_argument("--init", type=Path, help="a checkpoint whose weights (not whose progress) to start from")
    args = parser.parse_args()
    config = json.loads(args.config.read_text())
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(config["seed"])
    chance = random.Random(config["seed"])
    found = load_windows(args, config)

    model = Reader(HEADS, dropout=config["dropout"])
    model.load_base(args.base / "model.fp16.safetensors")
    if args.init:
        model.load_state_dict(torch.load(args.init, weights_only=False)["model"], strict=False)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    for layer in model.layers[:config["frozen_layers"]]:
        layer.requires_grad_(False)
    model.to(device).train()
    optimizer = torch.optim.AdamW(parameters(model, config), betas=(0.9, 0.98), fused=True)
    checkpoint, spent, step = args.out / "checkpoint.pt", 0.0, 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        spent, step = state["spent"], state["step"]
        chance.seed(config["seed"] + step)
    budget, begun, saved, batches = args.minutes * 60, time.monotonic() - spent, time.monotonic(), []
    tokens, mean = 0, {}
    while (spent := time.monotonic() - begun) < budget:
        batches = batches or epoch(found, config, chance)
        batch = batches.pop()
        done = spent / budget
        scale = min(1.0, (done + 1e-4) / config["warmup"]) * (1 - done) if done < config["warmup"] else 1 - done
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * scale
        ids, case, lengths = (t.to(device) for t in collate(batch, config, chance))
        with torch.autocast(device, dtype=torch.bfloat16):
            x, live = model.encode(ids, case, lengths)
        loss, told = losses(model, batch, x.float(), live, config)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step, tokens = step + 1, tokens + int(lengths.sum())
        for name, value in told.items():
            mean[name] = 0.97 * mean.get(name, value) + 0.03 * value
        if step % 25 == 0:
            print(f"{step} {spent / 60:.1f} min {tokens / max(1, time.monotonic() - begun - 0):.0f} tokens/s " +
                  " ".join(f"{k} {v:.3f}" for k, v in sorted(mean.items())), flush=True)
        if time.monotonic() - saved > 240:
            save(checkpoint, model, optimizer, spent, step)
            saved = time.monotonic()
    save(checkpoint, model, optimizer, spent, step)


def save(path, model, optimizer, spent, step):
    fresh = path.with_suffix(".new")
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "spent": spent, "step": step}, fresh)
    fresh.replace(path)


if __name__ == "__main__":
    main()
