import pytest

from alignbook.pretraining.paragraphs import training_and_held_out_paragraphs


def test_every_paragraph_is_taken_once_and_none_that_is_read_is_predicted() -> None:
    training, held_out = training_and_held_out_paragraphs(0, 4_100, 300)
    assert (len(set(training)), len(set(held_out))) == (len(training), len(held_out)) == (4_100, 300)
    assert not set(training) & set(held_out)
    assert all(text[-1] in ".?!" for text in (*training, *held_out))


def test_fewer_are_the_first_of_more_and_another_seed_gives_others() -> None:
    training, held_out = training_and_held_out_paragraphs(0, 20, 10)
    assert training_and_held_out_paragraphs(0, 5, 3) == (training[:5], held_out[:3])
    assert training_and_held_out_paragraphs(1, 20, 10)[0] != training


@pytest.mark.parametrize(
    ("training", "held_out", "name"), [(10**6, 5, "training"), (5, 10**6, "held_out"), (5, 0, "held_out")]
)
def test_more_than_there_are_are_refused(training: int, held_out: int, name: str) -> None:
    with pytest.raises(ValueError, match=rf"{name} must be from 1 to \d+ paragraphs, which is all there are, got \d+"):
        training_and_held_out_paragraphs(0, training, held_out)
