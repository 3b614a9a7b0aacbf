"""Make fits.json: the scaling law fitted by SciPy's L-BFGS, for tests/pretraining/test_scaling_laws.py.

It is Hoffmann's recipe as they describe it, from fewer starts: L-BFGS on the sum of Huber losses.
The project does not need SciPy, so run this where it is installed (the file was made with SciPy 1.17.1)::

    python tests/goldens/scaling_laws/make.py
"""

import itertools
import json
from importlib import import_module
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

optimize, special = import_module("scipy.optimize"), import_module("scipy.special")  # by name: not type-checked here

DELTA = 1e-3
Array = NDArray[np.float64]


def objective(theta: Array, log_n: Array, log_d: Array, log_loss: Array) -> tuple[float, Array]:
    """Return the sum of Huber losses and its gradient by a, b, e, alpha, beta."""
    a, b, e, alpha, beta = theta
    terms = np.stack([a - alpha * log_n, b - beta * log_d, np.full_like(log_n, e)])
    predicted = special.logsumexp(terms, axis=0)
    shares = np.exp(terms - predicted)
    residuals = predicted - log_loss
    slope = np.clip(residuals, -DELTA, DELTA)
    columns = [shares[0], shares[1], shares[2], -shares[0] * log_n, -shares[1] * log_d]
    return float(special.huber(DELTA, residuals).sum()), np.array([(slope * column).sum() for column in columns])


def best_fit(n: Array, d: Array, loss: Array) -> tuple[list[float], float]:
    """Return E, A, alpha, B, beta and the objective of the best end point."""
    logs = np.log(n), np.log(d), np.log(loss)
    grid = itertools.product((0, 10), (0, 10), (-1, 0.5), (0.25, 1), (0.25, 1))
    options = {"maxiter": 20000, "maxfun": 20000, "ftol": 1e-15, "gtol": 1e-12}
    ends = [
        optimize.minimize(objective, start, args=logs, jac=True, method="L-BFGS-B", options=options) for start in grid
    ]
    best = min(ends, key=lambda end: end.fun)
    best = optimize.minimize(
        lambda theta: 1e6 * objective(theta, *logs)[0],  # a polish that knows no gradient
        best.x,
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 20000, "maxfev": 20000},
    )
    a, b, e, alpha, beta = best.x
    return [float(np.exp(e)), float(np.exp(a)), float(alpha), float(np.exp(b)), float(beta)], best.fun / 1e6


if __name__ == "__main__":
    cases = []
    for seed, noise in ((0, 0.002), (1, 0.01)):
        rng = np.random.default_rng(seed)
        n, d = (np.exp(rng.uniform(np.log(low), np.log(high), 40)) for low, high in ((1e4, 1e6), (1e5, 1e7)))
        loss = (1.2 + 40 * n**-0.4 + 90 * d**-0.35) * np.exp(noise * rng.standard_normal(40))
        law, badness = best_fit(n, d, loss)
        runs = {"parameters": n.tolist(), "tokens": d.tolist(), "losses": loss.tolist()}
        cases.append({**runs, "law": law, "objective": badness})
    Path(__file__).with_name("fits.json").write_text(json.dumps(cases) + "\n", encoding="utf-8")
