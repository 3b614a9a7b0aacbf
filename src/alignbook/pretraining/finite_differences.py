"""Gradients without any calculus: move every number a little and see what the loss does.

This is far too slow to train with, since it needs two losses for each number. It is the honest witness for
whatever claims to compute a gradient faster.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def central_differences(
    loss: Callable[[Sequence[Array]], float], parameters: Sequence[Array], step: float = 1e-5
) -> list[Array]:
    """Estimate the gradient of a loss by moving every parameter up and down, ``(up - down) / (2 step)``.

    Two errors pull against each other [1]_: that of the formula falls with the square of the step, that of
    rounding grows as the step shrinks. In float64 the best step is about 1e-5 for numbers of size 1.

    Parameters
    ----------
    loss : function of the parameters
        The loss, as a single number.
    parameters : sequence of float64 arrays
        Where to take the gradient. They are not changed.
    step : float
        How far each number is moved, > 0.

    Returns
    -------
    list of array
        The gradient with respect to each parameter, in its shape.

    Raises
    ------
    ValueError
        If the step is not > 0.

    References
    ----------
    .. [1] W. H. Press et al., "Numerical Recipes", 3rd edition, Cambridge University Press, 2007, section 5.7.

    Examples
    --------
    >>> (gradient,) = central_differences(lambda parameters: float((parameters[0] ** 2).sum()), [np.array([1.0, 3.0])])
    >>> gradient.round(6).tolist()
    [2.0, 6.0]
    """
    if not step > 0:
        raise ValueError(f"step must be > 0, got {step}")
    copies = [np.array(parameter, dtype=np.float64) for parameter in parameters]
    gradients = [np.zeros_like(copy) for copy in copies]
    for copy, gradient in zip(copies, gradients, strict=True):
        for place in np.ndindex(copy.shape):
            here = copy[place]
            copy[place] = here + step
            up = loss(copies)
            copy[place] = here - step
            down = loss(copies)
            copy[place] = here
            gradient[place] = (up - down) / (2 * step)
    return gradients


def relative_error(gradients: Sequence[Array], witness: Sequence[Array]) -> float:
    """Return how far two gradients are apart, all their numbers taken together: 0 where they are the same, 1 at most.

    It is the length of the difference divided by the sum of the two lengths.

    Parameters
    ----------
    gradients, witness : sequences of arrays
        The two gradients, of the same shapes.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> relative_error([np.array([3.0, 4.0])], [np.array([-3.0, -4.0])])
    1.0
    """
    shapes = [[part.shape for part in whole] for whole in (gradients, witness)]
    if shapes[0] != shapes[1]:
        raise ValueError(f"gradients must have the shapes of the witness, {shapes[1]}, got {shapes[0]}")
    first, second = (np.concatenate([part.ravel() for part in whole]) for whole in (gradients, witness))
    length = np.linalg.norm(first) + np.linalg.norm(second)
    return float(np.linalg.norm(first - second) / length) if length > 0 else 0.0
