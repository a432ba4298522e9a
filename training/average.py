"""Two checkpoints of one run's line averaged: weights between them often read better than either (Wortsman et al. 2022).

    python average.py --first RUN/init.pt --second RUN/checkpoint.pt --share 0.7 --out RUN/average.pt
"""
import argparse
from pathlib import Path

import torch


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("first", "second", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.5, help="of the second, 0 to 1")
    args = parser.parse_args()
    first, second = (torch.load(path, weights_only=False)["model"] for path in (args.first, args.second))
    mixed = {name: (1 - args.share) * first[name].float() + args.share * second[name].float() for name in second}
    torch.save({"model": mixed}, args.out)


if __name__ == "__main__":
    main()
