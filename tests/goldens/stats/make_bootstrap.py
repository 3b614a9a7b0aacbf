"""Make bootstrap.json: percentile intervals by SciPy on the same resamples, as an independent witness.

In an environment of its own: ``pip install scipy==1.17.1``, then ``python tests/goldens/stats/make_bootstrap.py``.
"""

import json
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import numpy as np

scipy_bootstrap = import_module("scipy.stats").bootstrap  # by name, because the project is type-checked without it

rows = []
for statistic, function in (("mean", np.mean), ("median", np.median)):
    for size, confidence in ((5, 0.9), (30, 0.95), (100, 0.99)):
        sample = np.random.default_rng(size).exponential(size=size).round(6)
        result = scipy_bootstrap(
            (sample,),
            function,
            n_resamples=500,
            confidence_level=confidence,
            method="percentile",
            rng=np.random.default_rng(7),
        )
        low, high = result.confidence_interval
        rows.append([statistic, sample.tolist(), confidence, low, high])
golden = {"made with": f"scipy {version('scipy')}, numpy {version('numpy')}", "rng": 7, "resamples": 500, "rows": rows}
text = json.dumps(golden).replace("[[", "[\n[").replace("], [", "],\n[")
Path(__file__).with_name("bootstrap.json").write_text(text + "\n", encoding="utf-8")
