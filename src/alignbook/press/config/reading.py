"""From ``_config.yml`` to a `Config`, or to a list of all its mistakes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from yaml.constructor import ConstructorError
from yaml.reader import ReaderError

from alignbook.press.config.mapping import FIXED, key_behind
from alignbook.press.config.problems import ConfigError, dotted, problems_of, shown
from alignbook.press.config.refused import REFUSED, REFUSED_OPTIONS
from alignbook.press.config.schema import Config

_TEXT_TAG = "tag:yaml.org,2002:str"


class _Loader(yaml.SafeLoader):
    """A safe loader that gives every error its place, those of numbers and dates included."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except ValueError as error:
            raise ConstructorError(problem=str(error), problem_mark=node.start_mark) from None


def load(path: Path) -> Config:
    """Read the book's configuration.

    Parameters
    ----------
    path
        The file, usually ``_config.yml`` beside the book's folder.

    Returns
    -------
    Config
        The values of all keys, defaults included.

    Raises
    ------
    ConfigError
        If the file cannot be read or has anything in it that is not in the schema; one line for each problem.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError([f"{path.name}: no such file in {path.parent}"]) from None
    except OSError as error:
        raise ConfigError([f"{path.name}: cannot be read: {error.strerror}"]) from None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = f"byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise ConfigError([f"{path.name}:{line}: {problem}"]) from None
    return parse(text, path.name)


def parse(text: str, name: str = "_config.yml") -> Config:
    """Read the configuration from text.

    Parameters
    ----------
    text
        YAML, as in the file.
    name
        The file's name, for messages.

    Returns
    -------
    Config
        The values of all keys, defaults included.

    Raises
    ------
    ConfigError
        If anything in the text is not in the schema; one line for each problem.

    Examples
    --------
    >>> parse("title: A small book").execute.execute_notebooks
    'cache'
    """
    data, problems = _read_yaml(text, name)
    if not isinstance(data, dict):
        raise ConfigError([f"{name}: expected a mapping of keys to values at the top level, got {shown(data)}"])
    config = None
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        problems += [f"{name}: {problem}" for problem in problems_of(error)]
    problems += [f"{name}: {problem}" for problem in (*_lost_buttons(data), *_options_with_keys(data))]
    if problems or config is None:
        raise ConfigError(problems)
    return config


def _read_yaml(text: str, name: str) -> tuple[Any, list[str]]:
    """The file's data, ``{}`` for an empty file, and what is wrong with its keys.

    Raises
    ------
    ConfigError
        If the text is not YAML.
    """
    try:
        _refuse_markup(text)
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return {}, []
        problems = [f"{name}:{problem}" for problem in _key_problems(node, ())]
        return loader.construct_document(node), problems
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        what = ", ".join(part for part in (error.context, error.problem) if part)
        raise ConfigError([f"{name}{where}: {what}"]) from None
    except ReaderError as error:
        before = text[: error.position]
        where = f"{before.count(chr(10)) + 1}:{error.position - before.rfind(chr(10))}"
        raise ConfigError([f"{name}:{where}: the character {chr(error.character)!r} is not allowed in YAML"]) from None


def _refuse_markup(text: str) -> None:
    """Stop at a tag (``!!set``), an anchor (``&a``) or an alias (``*a``): plain values are enough here."""
    problem = "tags, anchors and aliases are not supported; write a plain value, or put it in quotes"
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.TagToken | yaml.AnchorToken | yaml.AliasToken):
            raise ConstructorError(problem=problem, problem_mark=token.start_mark)


def _key_problems(node: yaml.Node, location: tuple[int | str, ...]) -> Iterator[str]:
    """Keys that are given twice, of which YAML would silently take the last, or that are not text."""
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _key_problems(item, (*location, index))
    if not isinstance(node, yaml.MappingNode):
        return
    lines: dict[str, int] = {}
    for key, value in node.value:
        line, column = key.start_mark.line + 1, key.start_mark.column + 1
        place = (*location, str(key.value) if isinstance(key, yaml.ScalarNode) else "?")
        if key.tag != _TEXT_TAG:
            yield f"{line}:{column}: {dotted(place)}: keys must be text (put it in quotes)"
        elif key.value in lines:
            yield f"{line}:{column}: {dotted(place)}: given twice; the first is on line {lines[key.value]}"
        else:
            lines[key.value] = line
        yield from _key_problems(value, place)


def _lost_buttons(data: dict[str, Any]) -> Iterator[str]:
    """The buttons that are on and would lead nowhere."""
    html, repository = data.get("html"), data.get("repository")
    if not isinstance(html, dict) or (isinstance(repository, dict) and repository.get("url")):
        return
    for name in ("use_edit_page_button", "use_repository_button", "use_issues_button"):
        if html.get(name) is True:
            yield f"html.{name}: needs repository.url, which is not set"


def _options_with_keys(data: dict[str, Any]) -> Iterator[str]:
    """The Sphinx options that are not for ``sphinx.config``: the book would have two values for one thing."""
    sphinx = data.get("sphinx")
    given = sphinx.get("config") if isinstance(sphinx, dict) else None
    options = given if isinstance(given, dict) else {}
    theme = options.get("html_theme_options")
    of_theme = [f"html_theme_options.{name}" for name in theme] if isinstance(theme, dict) else []
    for option in (*options, *of_theme):
        if option in REFUSED_OPTIONS:
            yield f"sphinx.config.{option}: not supported: {REFUSED[REFUSED_OPTIONS[option]]}"
        elif option in FIXED:
            yield f"sphinx.config.{option}: cannot be changed; the book depends on it"
        elif key := key_behind(option):
            yield f"sphinx.config.{option}: set '{key}' instead"
