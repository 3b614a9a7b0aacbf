"""Parameters: one memory under two names, copies, gradients collected; and a model packed and unpacked."""

from __future__ import annotations

import numpy as np
import pytest
from tests.nn.models import SMALL, random_batch, random_model

from alignbook.nn.packing import pack, unpack
from alignbook.nn.parameters import Parameters

SHAPES = {"weight": (2, 2), "gain": (2,)}


def test_vector_and_arrays_are_the_same_memory() -> None:
    parameters = Parameters(SHAPES, np.arange(6.0))
    assert parameters["weight"].tolist() == [[0, 1], [2, 3]]
    assert parameters["gain"].tolist() == [4, 5]
    parameters["weight"][1, 0] = 9
    parameters.flat[5] = 8
    assert parameters.flat.tolist() == [0, 1, 9, 3, 4, 8]
    assert parameters["gain"].tolist() == [4, 8]
    assert list(parameters) == ["weight", "gain"]
    assert len(parameters) == 2


def test_copies_have_memory_of_their_own() -> None:
    parameters = Parameters(SHAPES, np.arange(6.0))
    copies = (parameters.copy(), parameters.astype(np.float32))
    parameters.flat[:] = 0
    assert all(copy["weight"].tolist() == [[0, 1], [2, 3]] for copy in copies)
    assert [copy.flat.dtype for copy in copies] == [np.float64, np.float32]


def test_gradients_are_collected_in_order_and_what_has_none_counts_zero() -> None:
    parameters = Parameters(SHAPES, np.arange(6.0))
    variables = parameters.variables()
    variables["gain"].add_gradient(np.array([1.0, 2.0]))
    variables["gain"].add_gradient(np.array([10.0, 20.0]))
    assert parameters.collect_gradients(variables).tolist() == [0, 0, 0, 0, 11, 22]


def test_a_vector_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match=r"the shapes need a vector of 6 numbers, got one of the shape \(5,\)"):
        Parameters(SHAPES, np.zeros(5))


def test_a_model_that_is_packed_and_unpacked_is_the_same() -> None:
    model, ids = random_model(), random_batch(np.random.default_rng(0)).ids
    again = unpack(*pack(model))
    assert again.config == SMALL
    np.testing.assert_array_equal(again.logits(ids), model.logits(ids))


def test_parameters_that_do_not_fit_the_size_are_not_unpacked() -> None:
    arrays, values = pack(random_model())
    with pytest.raises(ValueError, match="the shapes need a vector of"):
        unpack(arrays, values | {"layers": 3})
