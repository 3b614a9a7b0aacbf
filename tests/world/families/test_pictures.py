import numpy as np

from alignbook.world.families.pictures import SHAPES, drawings, pictures, spell
from alignbook.world.region import World


def test_a_picture_by_hand() -> None:
    points = np.zeros((5, 5), dtype=bool)
    points[1] = True
    assert spell(points) == ". . . . . / # # # # # / . . . . . / . . . . . / . . . . ."
    assert any(name == "bar" and (one == points).all() for name, one in drawings())


def test_with_one_wrong_point_no_other_shape_is_as_near() -> None:
    every = drawings()
    for name, points in every:
        for other, others in every:
            if name != other:
                assert (points != others).sum() >= 3


def test_every_place_of_every_shape_is_drawn_once_and_a_quarter_of_all_is_held_out(tiny: World) -> None:
    names = [name for name, _ in drawings()]
    assert {name: names.count(name) for name in SHAPES} == {
        **dict.fromkeys(("ring", "plus", "cross", "corner"), 9),
        "hammer": 6,
        "block": 16,
        "bar": 5,
        "pole": 5,
    }
    train, held_out = ({text for _, text in pictures(split)} for split in ("train", "held-out"))
    assert not train & held_out
    assert len(train | held_out) == 26 * len(names)  # the picture itself, and each of 25 points wrong
    assert 0.2 < len(held_out) / len(train | held_out) < 0.3


def test_with_two_wrong_points_the_shape_is_still_the_nearest_and_no_training_picture_is_among_them() -> None:
    noisy = pictures("held-out-noisy")
    assert not {text for _, text in noisy} & {text for split in ("train", "held-out") for _, text in pictures(split)}
    for name, text in noisy[::500]:
        points = np.array([[point == "#" for point in row.split()] for row in text.split(" / ")])
        distance = {other: min((points != one).sum() for of, one in drawings() if of == other) for other in SHAPES}
        assert distance.pop(name) == 2
        assert min(distance.values()) > 2
