"""The options that Sphinx gets are those of Jupyter Book 1, but for the differences listed here."""

import json
import warnings
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from alignbook.press.config import Config, parse, sphinx_options
from alignbook.press.config.mapping import DEFAULTS, EXTENSIONS, FIXED, NEVER_PAGES, key_behind
from alignbook.press.config.refused import REFUSED
from alignbook.press.config.schema import OURS, keys, option_of

GOLDENS = Path(__file__).parents[2] / "goldens" / "jupyter_book"
SAMPLES = sorted(path.stem for path in (GOLDENS / "samples").glob("*.yml"))
BOOK = Path("/book")
THEIR_EXTENSIONS = json.loads((GOLDENS / "minimal.json").read_text())["options"]["extensions"]
ABSENT = object()

# An option nobody set: Jupyter Book's default, ours, and why they differ.
OTHER_DEFAULTS: dict[str, tuple[Any, Any, str]] = {
    "alignbook_macros": (ABSENT, {}, "ours: one dictionary for the web edition and for print"),
    "author": ("The Jupyter Book community", "", "a book whose author is not named has no author"),
    "copyright": ("2023", "", "no year is right for every book"),
    "back_to_top_button": (ABSENT, False, "the theme lays it on the text, in white on orange"),
    "html_math_renderer": (ABSENT, "katex", "at build time, where Jupyter Book loads MathJax from another host"),
    "latex_engine": ("pdflatex", "lualatex", "the PDF's style is written for it"),
    "myst_dmath_double_inline": (ABSENT, True, "documented by Jupyter Book with this default"),
    "myst_enable_extensions": (
        ["colon_fence", "dollarmath", "linkify", "substitution", "tasklist"],
        ["colon_fence", "dollarmath", "substitution", "tasklist"],
        "linkify needs a package that the book does not install",
    ),
    "myst_substitutions": (ABSENT, {}, "MyST's own default"),
    "latex_domain_indices": (ABSENT, False, "no module of Python is documented here"),
    "latex_show_pagerefs": (ABSENT, True, "a reference on paper needs a page"),
    "latex_show_urls": (ABSENT, "footnote", "a link on paper needs its address"),
    "latex_table_style": (ABSENT, ["booktabs", "nocolorrows"], "the tables of a book"),
    "latex_use_xindy": (ABSENT, True, "Sphinx's own default for LuaLaTeX"),
    "nb_render_markdown_format": (ABSENT, "myst", "tables in an output would be rows of pipes"),
    "navbar_persistent": (ABSENT, [], "the theme puts a second search field into a bar of its own"),
    "nb_execution_mode": ("auto", "cache", "freshness is kept in the cache"),
    "nb_execution_timeout": (30, 120, "an experiment may take 60 s, and another may run beside it"),
    "nb_output_stderr": ("show", "error", "a warning from a cell is not for readers"),
    "repository_branch": ("master", "main", "the usual name of a new repository's branch"),
    "repository_url": ("https://github.com/executablebooks/jupyter-book", "", "not the book's repository"),
    "use_fullscreen_button": (ABSENT, False, "every browser has one"),
}

# An option that is never compared by value, and why.
NOT_COMPARED: dict[str, str] = {
    "alignbook_jobs": "ours",
    "alignbook_packages": "ours",
    "alignbook_print": "ours",
    "alignbook_root": "ours",
    "analytics": "refused: readers are not tracked",
    "comments_config": "refused: comments are loaded from a server",
    "external_toc_exclude_missing": "there is no _toc.yml",
    "external_toc_path": "there is no _toc.yml",
    "html_theme_options": "its options are compared one by one",
    "launch_buttons": "refused: they lead to servers",
    "nb_execution_raise_on_error": "always true here, and not set by Jupyter Book",
    "nb_execution_show_tb": "always true here, and not set by Jupyter Book",
    "nb_ipywidgets_js": "Jupyter Book leaves MyST-NB's, which loads scripts from other hosts",
    "nb_merge_streams": "Jupyter Book leaves MyST-NB's, which boxes each write of a cell",
    "project": "Jupyter Book leaves Sphinx's 'Project name not set'",
    "source_suffix": "Jupyter Book leaves the extensions' suffixes; our pages are MyST Markdown only",
    "suppress_warnings": "Jupyter Book hides the warnings myst.domains; here every warning counts",
    "use_jupyterbook_latex": "refused: the PDF has a style of its own",
    "use_multitoc_numbering": "refused: the book has one numbered table of contents",
}

# An option that differs by a rule: ours from Jupyter Book's value.
BY_RULE: dict[str, Callable[[Any], Any]] = {
    # Our own instead of Jupyter Book's; what the file adds comes after, in its order.
    "extensions": lambda theirs: [
        *EXTENSIONS,
        *(name for name in theirs if name not in THEIR_EXTENSIONS),
    ],
    "exclude_patterns": lambda theirs: sorted({*theirs, *NEVER_PAGES}),
    # Jupyter Book reads the path from wherever the command is started.
    "nb_execution_cache_path": lambda theirs: str(BOOK / (theirs or "_build/.jupyter_cache")),
    # Without a targetname, Jupyter Book has the name of an unnamed project; its document class is its own.
    "latex_documents": lambda theirs: [
        (
            first,
            "book.tex" if name == "projectnamenotset.tex" else name,
            title,
            "" if author == "The Jupyter Book community" else author,
            "manual",
        )
        for first, name, title, author, _ in theirs
    ],
}

# Jupyter Book documents this key and then does nothing with it.
DROPPED_BY_THEM = {("full", "myst_dmath_double_inline"): False, ("parse", "myst_dmath_double_inline"): False}

# Here sphinx.config may not overrule a key.
OVERRULED_BY_THEM = {"sphinx_recursive": {"exclude_patterns"}}

# One theme option in sphinx.config makes Jupyter Book forget all others, which here stay.
FORGOTTEN_BY_THEM = {"sphinx": sphinx_options(Config(title="x"), BOOK, {})["html_theme_options"].keys()}


def golden(name: str) -> dict[str, Any]:
    """Jupyter Book's options for a sample, theme options beside the others."""
    content = json.loads((GOLDENS / f"{name}.json").read_text(encoding="utf-8"))
    return flat(content["options"] | {"latex_documents": content["latex_documents"]})


def flat(options: dict[str, Any]) -> dict[str, Any]:
    """The options with those of the theme beside them."""
    theme: dict[str, Any] = options["html_theme_options"]
    assert not theme.keys() & options.keys()
    return options | theme


def sample(name: str) -> Config:
    """A sample without the few things that Jupyter Book takes and we refuse."""
    data = yaml.safe_load((GOLDENS / "samples" / f"{name}.yml").read_text(encoding="utf-8"))
    data.get("sphinx", {}).pop("recursive_update", None)
    for option in OVERRULED_BY_THEM.get(name, ()):
        del data["sphinx"]["config"][option]
    return parse(yaml.safe_dump(data))


def ours(name: str) -> dict[str, Any]:
    """Our options for a sample, theme options beside the others."""
    return flat(sphinx_options(sample(name), BOOK, {}))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_option_is_jupyter_book_s_or_a_reasoned_difference(name: str) -> None:
    theirs, mine = golden(name), ours(name)
    skipped = {*NOT_COMPARED, *OVERRULED_BY_THEM.get(name, ()), *FORGOTTEN_BY_THEM.get(name, ())}
    for option in sorted((theirs.keys() | mine.keys()) - skipped):
        value, expected = mine.get(option, ABSENT), theirs.get(option, ABSENT)
        if (name, option) in DROPPED_BY_THEM:
            assert (value, expected) == (DROPPED_BY_THEM[name, option], ABSENT), option
        elif option in BY_RULE:
            assert value == BY_RULE[option](expected), option
        elif value != expected:
            assert (expected, value) == OTHER_DEFAULTS.get(option, ())[:2], option


def test_every_key_of_jupyter_book_is_supported_or_refused() -> None:
    documented = json.loads((GOLDENS / "keys.json").read_text(encoding="utf-8"))
    known = {key for key, _ in keys()} | REFUSED.keys()
    sections = {key.rpartition(".")[0] for key in known}
    lost = [
        key
        for key in documented
        if key not in known | sections and not any(key.startswith(f"{refused}.") for refused in REFUSED)
    ]
    assert lost == []


def test_the_full_sample_sets_every_key_away_from_its_default() -> None:
    full, plain = sample("full"), Config(title="x")
    for key, field in keys():
        if OURS not in field.metadata:
            assert reach(full, key) != reach(plain, key), key


def reach(config: Any, key: str) -> Any:
    """The value of a key by its dotted name."""
    for name in key.split("."):
        config = getattr(config, name)
    return config


def test_no_difference_is_listed_that_does_not_occur() -> None:
    plain = flat(sphinx_options(parse("title: A small book"), BOOK, {}))
    theirs = golden("minimal")
    for option, (expected, value, _) in OTHER_DEFAULTS.items():
        assert (theirs.get(option, ABSENT), plain[option]) == (expected, value)
        assert expected != value
    for option in NOT_COMPARED.keys() - {"html_theme_options"}:
        assert theirs.get(option, ABSENT) != plain.get(option, ABSENT), option


def test_goldens_hold_no_path_of_the_machine_that_made_them() -> None:
    for path in GOLDENS.glob("*.json"):
        assert "/tmp" not in path.read_text()
        assert str(Path.home()) not in path.read_text()


def test_the_options_of_the_book_itself() -> None:
    options = sphinx_options(parse("title: A & B\nauthor: Ada_L\nexecute: {jobs: 3}"), BOOK, {})
    assert options["alignbook_jobs"] == 3
    assert options["alignbook_packages"] == ["alignbook"]
    assert options["alignbook_root"] == "/book"
    assert options["project"] == "A & B"
    assert options["latex_documents"] == [("index", "book.tex", r"A \& B", r"Ada\_L", "manual")]
    assert options["source_suffix"] == {".md": "myst-nb"}
    assert {"_build", ".nox", ".venv", "**.ipynb_checkpoints", "Thumbs.db", ".DS_Store"} <= set(
        options["exclude_patterns"]
    )


def test_paths_do_not_depend_on_where_the_command_is_started() -> None:
    options = sphinx_options(parse("title: a"), Path("book"), {})
    assert options["alignbook_root"] == str(Path.cwd() / "book")
    assert options["nb_execution_cache_path"] == str(Path.cwd() / "book/_build/.jupyter_cache")


def test_the_options_are_the_caller_s_to_change() -> None:
    config = parse("title: a\nsphinx: {config: {x: {y: [1]}}}")
    options = sphinx_options(config, BOOK, {})
    for value in options.values():
        if isinstance(value, dict | list):
            value.clear()
    options["html_theme_options"]["more"] = 1
    assert sphinx_options(config, BOOK, {})["x"] == {"y": [1]}
    assert FIXED["source_suffix"] == {".md": "myst-nb"}
    assert "more" not in DEFAULTS["html_theme_options"]


def test_theme_options_in_sphinx_config_keep_those_of_the_keys() -> None:
    text = "title: a\nhtml: {home_page_in_navbar: false}\n"
    text += "sphinx: {config: {html_theme_options: {search_bar_text: Find}, html_theme_path: [x]}}"
    options = sphinx_options(parse(text), BOOK, {})
    assert options["html_theme_options"]["search_bar_text"] == "Find"
    assert options["html_theme_options"]["home_page_in_toc"] is False
    assert options["html_theme_path"] == ["x"]


def test_an_option_with_a_key_has_that_key_behind_it() -> None:
    assert key_behind("nb_execution_timeout") == "execute.timeout"
    assert key_behind("exclude_patterns") == "exclude_patterns"
    assert key_behind("todo_include_todos") is None
    config = parse("title: a\nbibtex_bibfiles: [a.bib]")
    without_key = {*FIXED, *DEFAULTS, "alignbook_root"}
    for option in sphinx_options(config, BOOK, {}).keys() - without_key:
        assert key_behind(option) or option == "alignbook_print", option
    supported = {key for key, _ in keys()} | {"latex.latex_documents"}
    assert {key_behind(option_of(field) or "project") for _, field in keys()} <= supported


def test_sphinx_knows_every_option_and_takes_every_value(tmp_path: Path) -> None:
    book, out = tmp_path / "book", tmp_path / "out"
    book.mkdir()
    (book / "index.md").write_text("# A book\n")
    (book / "notebook.ipynb").write_text("{}")
    (book / "chapter.rst").write_text("A page in another language\n")
    options = sphinx_options(parse("title: A book"), tmp_path, {})
    warned = StringIO()
    with docutils_namespace(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other people's deprecations
        app = Sphinx(book, None, out, out, "html", confoverrides=options, status=None, warning=warned)
        app.env.find_files(app.config, app.builder)
    assert warned.getvalue() == ""
    assert app.env.found_docs == {"index"}
