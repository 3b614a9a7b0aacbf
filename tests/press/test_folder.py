"""The build folder."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alignbook.press.folder import BuildFolder


def test_builds_that_start_together_do_not_disturb_each_other(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert len(list(threads.map(lambda _: BuildFolder(tmp_path), range(2000)))) == 2000
    assert list(tmp_path.iterdir()) == []
