"""How many chapters run at once."""

import os
import sys
from collections.abc import Mapping

from alignbook.press.config.problems import ConfigError, shown
from alignbook.press.config.schema import Config

VARIABLE = "ALIGNBOOK_JOBS"


def jobs(config: Config, environ: Mapping[str, str]) -> int:
    """The number of chapters to run at once: ``ALIGNBOOK_JOBS`` if it is set, else ``execute.jobs``.

    Parameters
    ----------
    config
        The book's configuration.
    environ
        The environment, usually ``os.environ``.

    Returns
    -------
    int
        At least 1; ``auto`` is the number of usable cores.

    Raises
    ------
    ConfigError
        If the variable holds neither a whole number of at least 1 nor ``auto``.
    """
    asked = environ.get(VARIABLE, "").strip() or config.execute.jobs
    if asked == "auto":
        return usable_cores()
    try:
        count = int(asked)
    except ValueError:
        count = 0
    if count < 1:
        raise ConfigError([f"{VARIABLE}: expected a whole number of at least 1, or 'auto', got {shown(asked)}"])
    return count


def usable_cores() -> int:
    """The cores that this process may use, which can be fewer than the machine has."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
