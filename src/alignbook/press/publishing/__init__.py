"""What :mod:`alignbook.publish` published, on the pages of the book: rendered, quoted, listed, checked and recorded."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from alignbook import profile
from alignbook.press.publishing import checks, files
from alignbook.press.publishing.domain import ClaimsIndexNode, Published, Quote, published
from alignbook.press.publishing.formulas import ValuesInMaths
from alignbook.press.publishing.index import ClaimsIndex, FillClaimsIndex, index_inputs
from alignbook.press.publishing.recorded import RecordError
from alignbook.publish.outputs import MIME

logger = logging.getLogger(__name__)


def connect(app: Sphinx) -> None:
    """Register everything that is published with Sphinx."""
    app.add_config_value("alignbook_record", False, "")
    app.add_domain(Published)
    for kind in ("value", "claim"):
        app.add_role(kind, Quote())
    app.add_directive("claims-index", ClaimsIndex)
    app.add_node(ClaimsIndexNode)
    app.add_post_transform(ValuesInMaths)
    app.add_post_transform(FillClaimsIndex)
    app.add_css_file("publishing.css")
    app.connect("config-inited", _render)
    app.connect("doctree-read", _drop_empty_outputs)
    app.connect("env-updated", _look_over)
    app.connect("build-finished", files.bring)


def _render(_: Sphinx, config: Config) -> None:
    config.nb_render_plugin = "alignbook"
    config.nb_mime_priority_overrides = [*config.nb_mime_priority_overrides, ("*", MIME, 0)]


def _drop_empty_outputs(_: Sphinx, doctree: nodes.document) -> None:
    """Remove the boxes of outputs with nothing to show: values."""
    for box in list(doctree.findall(nodes.container)):
        if box.get("nb_element") == "cell_code_output" and not box.children:
            box.parent.remove(box)


def _look_over(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """``env-updated``: check the whole book, and find the pages that quote what has changed."""
    domain = published(env)
    try:
        inputs = index_inputs(env)
    except RecordError as error:
        _report(env, [checks.Problem(error.path, error.line, str(error))])
        inputs = ""
    if app.config.nb_execution_mode != "off":
        _check(app, env, domain)
    return domain.changed_quotes(inputs)


def _check(app: Sphinx, env: BuildEnvironment, domain: Published) -> None:
    folder = Path(env.srcdir, "recorded")
    path_of = {docname: _shown(Path(env.doc2path(docname))) for docname in env.found_docs}
    problems = [*checks.repeated_names(domain.records, path_of), *checks.demos_without_claim(domain.records)]
    false = list(checks.false_claims(domain.records))
    if not profile.claims_enforced():
        for problem in false:
            logger.info("%s:%d: %s", path_of[str(problem.place)], problem.line, problem.message)
    else:
        problems += false
        if not app.config.alignbook_record and profile.current() == profile.Profile():
            problems += checks.compare(folder, domain.records, path_of)
        elif app.config.alignbook_record and not problems:
            problems += _accept(folder, domain, env)
    _report(env, problems)


def _accept(folder: Path, domain: Published, env: BuildEnvironment) -> list[checks.Problem]:
    try:
        changes = list(checks.accept(folder, domain.records, env.found_docs))
    except RecordError as error:
        return [checks.Problem(error.path, error.line, str(error))]
    for change in changes or ["the record is as the book is: nothing to write"]:
        logger.info("%s", change)
    return []


def _report(env: BuildEnvironment, problems: list[checks.Problem]) -> None:
    for problem in problems:
        place = problem.place if isinstance(problem.place, Path) else Path(env.doc2path(problem.place))
        logger.error("%s", problem.message, location=f"{place}:{problem.line}")


def _shown(path: Path) -> str:
    """A file as the user would name it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


__all__ = ["connect"]
