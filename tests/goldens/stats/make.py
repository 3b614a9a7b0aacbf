"""Wilson intervals by SciPy, as an independent witness.

In an environment of its own: ``pip install scipy==1.17.1``, then ``python tests/goldens/stats/make.py``.
"""

import json
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

binomtest = import_module("scipy.stats").binomtest  # by name, because the project is type-checked without it

CASES = [(0, 1), (1, 1), (0, 20), (20, 20), (19, 20), (7, 10), (500, 1000), (1, 1000), (999, 1000)]
rows = []
for successes, trials in CASES:
    for confidence in (0.8, 0.95, 0.99):
        interval = binomtest(successes, trials).proportion_ci(confidence, method="wilson")
        rows.append([successes, trials, confidence, interval.low, interval.high])
golden = {"made with": f"scipy {version('scipy')}", "rows": rows}
text = json.dumps(golden).replace("[[", "[\n[").replace("], [", "],\n[")
Path(__file__).with_name("wilson.json").write_text(text + "\n", encoding="utf-8")
