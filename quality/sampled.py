"""Runs a scorer on a fixed part of its reports: `sampled.py EVAL_FOLDER SCRIPT N ARGUMENT..`; N 0 is all of them.

The scorer itself is untouched: the function by which it loads its reports and their gold is wrapped, so that it reads,
runs and counts the part alone. The part is every k-th report in the order of the data set, the same on every machine.
"""

import importlib
import runpy
import sys
from pathlib import Path


def part(rows, size):
    rows = list(rows)
    size = min(size or len(rows), len(rows))
    return [rows[i * len(rows) // size] for i in range(size)]


def main():
    folder, script, size, *args = sys.argv[1:]
    size = int(size)
    sys.path.insert(0, folder)
    sys.argv = [str(Path(folder, script)), *args]
    layers, common = importlib.import_module("layers"), importlib.import_module("common")
    layers_main, common_cli = layers.main, common.cli

    def layer_scorer(doc, parts, load, *rest, **more):
        layers_main(doc, parts, lambda given: part(load(given), size), *rest, **more)

    def report_scorer(doc, dataset, inputs, *rest):
        # Where the scorer's own functions look up what loads the reports.
        names = inputs.__globals__
        name = "documents" if "documents" in names else "load"
        load = names[name]
        names[name] = lambda *given: part(load(*given), size)
        common_cli(doc, dataset, inputs, *rest)

    layers.main, common.cli = layer_scorer, report_scorer
    if script == "records.py":
        records = importlib.import_module("records")
        load = records.load
        records.load = lambda *given: part(load(*given), size)
        records.main()
    else:
        runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
