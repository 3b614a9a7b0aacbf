"""A head on the assistant's trunk: one number at each place, a reward or an expected reward, and no next token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from alignbook.nn.parameters import Parameters
from alignbook.nn.tape import Array, Ids, Tape, Var
from alignbook.nn.transformer import Transformer, TransformerConfig, hidden_states

HEAD = "head"
"""The name of the head among the parameters; it lies behind all others."""


def with_head(model: Transformer) -> Parameters:
    """Return a copy of a model's parameters with a head behind them that says 0 everywhere.

    Parameters
    ----------
    model : Transformer
        The model whose trunk is taken over.

    Returns
    -------
    Parameters, in the model's type
        Those of the model, and `HEAD` of the shape (width, 1).
    """
    shapes = {**model.config.shapes, HEAD: (model.config.width, 1)}
    head = np.zeros(model.config.width, model.parameters.flat.dtype)
    return Parameters(shapes, np.concatenate([model.parameters.flat, head]))


def without_head(config: TransformerConfig, parameters: Parameters) -> Transformer:
    """Return the model in front of a head; it has the same memory, and is trained along."""
    width = config.width
    return Transformer(config, Parameters(config.shapes, parameters.flat[:-width]))


def scalars(tape: Tape, config: TransformerConfig, weights: Mapping[str, Var], ids: Ids) -> Var:
    """Compute the head's number at each place.

    Parameters
    ----------
    tape : Tape
        Runs the operations.
    config : TransformerConfig
        The size of the trunk.
    weights : mapping of str to Var
        The parameters, with `HEAD` among them.
    ids : array of int, shape (batch, time)
        The tokens.

    Returns
    -------
    Var, shape (batch * time, 1)
    """
    return tape.linear(hidden_states(tape, config, weights, ids), weights[HEAD])


@dataclass(frozen=True, eq=False)
class ScalarModel:
    """A trunk with a head.

    Parameters
    ----------
    config : TransformerConfig
        The size of the trunk.
    parameters : Parameters
        As `with_head` makes them.

    Raises
    ------
    ValueError
        If the parameters belong to another size, or have no head.
    """

    config: TransformerConfig
    parameters: Parameters

    def __post_init__(self) -> None:
        if self.parameters.shapes != {**self.config.shapes, HEAD: (self.config.width, 1)}:
            raise ValueError(f"parameters must have the shapes of {self.config} and a head, got others")

    def everywhere(self, ids: Ids) -> Array:
        """Return the number at each place; (batch, time)."""
        values = scalars(Tape(recording=False), self.config, self.parameters.variables(frozen=True), ids)
        return values.data.reshape(ids.shape)

    def at_ends(self, sequences: Sequence[Sequence[int]], rows_at_once: int = 64) -> Array:
        """Return the number at the last token of each sequence.

        Parameters
        ----------
        sequences : sequence of sequences of int
            Tokens, at least one each.
        rows_at_once : int
            How many are computed side by side.

        Returns
        -------
        array of float64, shape (sequences,)

        Raises
        ------
        ValueError
            If a sequence is empty or longer than the context, or a token is none of the model's.
        """
        lengths = np.array([len(sequence) for sequence in sequences], np.int64)
        if (lengths == 0).any():
            raise ValueError(f"sequence {np.flatnonzero(lengths == 0)[0]} is empty: give at least one token")
        found = np.zeros(len(sequences))
        order = np.argsort(lengths, kind="stable")  # of like length together, so that little is filled up
        for start in range(0, len(sequences), rows_at_once):
            rows = order[start : start + rows_at_once]
            ids = np.zeros((len(rows), int(lengths[rows].max())), np.int64)
            for row, number in enumerate(rows):
                ids[row, : lengths[number]] = sequences[number]
            found[rows] = self.everywhere(ids)[np.arange(len(rows)), lengths[rows] - 1]
        return found
