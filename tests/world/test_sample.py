import numpy as np

from alignbook.world.catalogue import FAMILIES
from alignbook.world.corpus import SHARES
from alignbook.world.region import World
from alignbook.world.sample import sample


def test_a_sample_shows_the_map_every_kind_of_document_and_every_family(world: World) -> None:
    text = sample(world, np.random.default_rng(0))
    assert f"{len(world.facts)} facts" in text
    assert "Wendle" in text
    for kind in ("facts", "questions", *SHARES):
        assert f"[{kind}]" in text
    for family in FAMILIES.values():
        assert f"\n{family.name}: {family.description}\n  " in text
    assert text == sample(world, np.random.default_rng(0))
    assert text != sample(world, np.random.default_rng(1))
