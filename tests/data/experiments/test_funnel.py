import pytest

from alignbook.data.experiments.funnel import TARGETS, FunnelResult, funnel
from alignbook.data.grading import Stage


@pytest.fixture(scope="module", params=[0, 1])
def result(request: pytest.FixtureRequest) -> FunnelResult:
    return funnel(request.param, "tiny")


def stages(result: FunnelResult) -> dict[str, Stage]:
    return {stage.step: stage for stage in result.stages}


def test_the_table_adds_up(result: FunnelResult) -> None:
    arriving = result.documents
    for stage in result.stages:
        assert stage.read == arriving
        assert stage.kept + stage.dropped == stage.read
        assert stage.caught + stage.other_noise + stage.real_dropped == stage.dropped
        arriving = stage.kept
    assert arriving == result.kept
    assert result.kept + result.dropped == result.documents


def test_steps_with_a_sharp_criterion_catch_nearly_all_of_their_noise(result: FunnelResult) -> None:
    for step in set(TARGETS) - {"Gopher quality"}:
        assert stages(result)[step].recall > 0.85, step
        assert stages(result)[step].planted >= 10, step


def test_spam_in_whole_sentences_passes_the_quality_rules(result: FunnelResult) -> None:
    assert 0.3 < stages(result)["Gopher quality"].recall < 0.7


def test_what_is_dropped_as_a_copy_is_one(result: FunnelResult) -> None:
    assert stages(result)["exact copies"].precision == 1
    assert stages(result)["near copies"].precision > 0.8
    assert stages(result)["exact copies"].real_dropped > 0


def test_rules_for_web_pages_drop_far_more_of_a_manual(result: FunnelResult) -> None:
    assert result.real_kept_by_web_rules < 0.8 * result.real_kept


def test_frames_are_stripped_and_secrets_blotted_out(result: FunnelResult) -> None:
    assert result.frames_left == 0 < result.frames_planted
    for kind, planted in result.secrets_planted.items():
        assert result.secrets_left[kind] <= 0.15 * planted
        assert planted >= 10
    assert result.right_marks > 0.85 * result.marks


def test_recall_and_precision_by_hand() -> None:
    stage = Stage(
        "near copies", 20, 12, 8, 0, "near copy", planted=5, caught=4, other_noise=1, real_dropped=3, real_copies=1
    )
    assert (stage.recall, stage.precision) == (4 / 5, 6 / 8)
    quality = Stage(
        "quality", 20, 12, 8, 0, "spam", planted=5, caught=4, other_noise=1, real_dropped=3, real_copies=None
    )
    assert quality.precision == 5 / 8


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be one of tiny, book, got 'huge'"):
        funnel(0, "huge")
