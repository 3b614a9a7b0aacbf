from __future__ import annotations

import pytest

from alignbook.alignment.experiments.diversity import DRAWN, alike, diversity
from alignbook.alignment.measuring import GROUPS


@pytest.mark.parametrize("seed", [0, 1])
def test_alignment_narrows_what_is_said(seed: int) -> None:
    found = diversity(seed, "tiny")
    for each in found.values():
        assert set(each.by_group) == set(GROUPS)
        assert 1 <= each.distinct <= DRAWN
    assert found["tuned, cooler"].distinct < found["tuned"].distinct - 0.3
    for name in ("RLHF", "DPO"):
        assert found[name].distinct < found["tuned"].distinct - 0.2
        assert found[name].alike > found["tuned"].alike
        assert found[name].withheld > found["tuned"].withheld


def test_alike_by_hand() -> None:
    assert alike(["a"] * 8) == 1
    assert alike(list("abcdefgh")) == 0
    assert alike(["a", "a", "b", "b"]) == pytest.approx(1 / 3)
