"""Make preferences.json: strengths by choix, kappas by statsmodels, alphas by krippendorff.

The project does not need these packages, so run this in an environment of its own (the file was made with choix 0.4.1,
statsmodels 0.15.0, krippendorff 0.9.0)::

    python -m venv peers && peers/bin/pip install choix statsmodels krippendorff
    peers/bin/python tests/goldens/alignment_preferences/make.py
"""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

choix = import_module("choix")  # by name, because the project is type-checked without them
krippendorff = import_module("krippendorff")
inter_rater = import_module("statsmodels.stats.inter_rater")

RIDGES = (0.0, 0.01, 0.5)


def pairwise(rng: np.random.Generator) -> dict[str, Any]:
    """Comparisons of 8 items; choix's optimisers maximise the same penalised likelihood, from pairs of numbers."""
    theta = rng.normal(size=8)
    pairs = []
    for _ in range(300):
        i, j = (int(item) for item in rng.choice(8, 2, replace=False))
        first_wins = rng.random() < 1 / (1 + np.exp(theta[j] - theta[i]))
        pairs.append((i, j) if first_wins else (j, i))
    fits = {
        str(ridge): choix.opt_pairwise(8, pairs, alpha=ridge, method="Newton-CG", tol=1e-10).tolist()
        for ridge in RIDGES
    }
    return {"pairs": pairs, "theta": fits, "mm": choix.mm_pairwise(8, pairs, tol=1e-12).tolist()}


def rankings(rng: np.random.Generator) -> dict[str, Any]:
    """Rankings of 5 of 6 items each."""
    theta = rng.normal(size=6)
    data = [[int(i) for i in np.argsort(-(theta + rng.gumbel(size=6)))[:5]] for _ in range(60)]
    fits = {
        str(ridge): choix.opt_rankings(6, data, alpha=ridge, method="Newton-CG", tol=1e-10).tolist() for ridge in RIDGES
    }
    return {"rankings": data, "theta": fits}


def agreement(rng: np.random.Generator) -> dict[str, Any]:
    """Five raters, thirty items, categories 1 to 4; a fifth of the ratings missing for alpha."""
    truth = rng.integers(1, 5, 30)
    ratings = np.where(rng.random((5, 30)) < 0.6, truth, rng.integers(1, 5, (5, 30)))
    counts = np.stack([(ratings == category).sum(axis=0) for category in range(1, 5)], axis=1)
    table = np.zeros((4, 4))
    np.add.at(table, (ratings[0] - 1, ratings[1] - 1), 1)
    holes = np.where(rng.random(ratings.shape) < 0.2, np.nan, ratings.astype(float))
    cohen = {
        name: float(inter_rater.cohens_kappa(table, wt=wt, return_results=False))
        for name, wt in (("none", None), ("linear", "linear"), ("quadratic", "quadratic"))
    }
    alpha = {
        level: float(krippendorff.alpha(reliability_data=holes, level_of_measurement=level))
        for level in ("nominal", "ordinal", "interval")
    }
    return {
        "ratings": ratings.tolist(),
        "missing": np.argwhere(np.isnan(holes)).tolist(),
        "cohen": cohen,
        "fleiss": float(inter_rater.fleiss_kappa(counts)),
        "krippendorff": alpha,
    }


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    content = {"pairwise": pairwise(rng), "rankings": rankings(rng), "agreement": agreement(rng)}
    Path(__file__).with_name("preferences.json").write_text(json.dumps(content) + "\n", encoding="utf-8")
