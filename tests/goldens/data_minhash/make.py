"""Make datasketch.json: signatures, bands and candidates by datasketch, for tests/data/test_minhash.py and test_lsh.py.

In an environment of its own: ``pip install datasketch==2.0.0 scipy``, then
``python tests/goldens/data_minhash/make.py``.
"""

import json
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import numpy as np

datasketch = import_module("datasketch")  # by name, because the project is type-checked without it
optimal = import_module("datasketch.lsh")._optimal_param

PERMUTATIONS, BANDS, ROWS = 32, 8, 4

rng = np.random.default_rng(0)
multipliers = rng.integers(0, 2**31, PERMUTATIONS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
offsets = rng.integers(0, 2**32, PERMUTATIONS, dtype=np.uint32)
pool = rng.integers(0, 2**32, 60).tolist()
sets = [rng.choice(pool, int(rng.integers(1, 40)), replace=False).tolist() for _ in range(12)]
sets += [[*one[:-1], int(rng.integers(0, 2**32))] for one in sets[:8]]  # near copies

sketches = []
for one in sets:
    sketch = datasketch.MinHash(
        num_perm=PERMUTATIONS, permutations=(multipliers, offsets), hashfunc=int, scheme="affine32"
    )
    sketch.update_batch(one)
    sketches.append(sketch)
index = datasketch.MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))
earlier = []
for number, sketch in enumerate(sketches):
    earlier.append(sorted(index.query(sketch)))
    index.insert(number, sketch)

golden = {
    "made with": f"datasketch {version('datasketch')}",
    "multipliers": multipliers.tolist(),
    "offsets": offsets.tolist(),
    "sets": sets,
    "signatures": [sketch.hashvalues.tolist() for sketch in sketches],
    "similarities": [float(sketches[0].jaccard(sketch)) for sketch in sketches],
    "bands": [BANDS, ROWS],
    "earlier": earlier,
    "chosen bands": [
        [threshold, count, *map(int, optimal(threshold, count, 0.5, 0.5))]
        for threshold in (0.2, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
        for count in (16, 64, 128, 256)
    ],
}
text = json.dumps(golden).replace("[[", "[\n[").replace("], [", "],\n[").replace(', "', ',\n"')
Path(__file__).with_name("datasketch.json").write_text(text + "\n", encoding="utf-8")
