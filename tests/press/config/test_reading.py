"""Every mistake in ``_config.yml`` gives one exact line."""

import difflib
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from alignbook.press.config import Config, ConfigError, load, parse, schema
from alignbook.press.config.refused import REFUSED
from alignbook.press.config.schema import Section, keys

ROOT = Path(__file__).parents[3]
SECTIONS: dict[str, type[Section]] = {
    "": Config,
    "execute": schema.Execute,
    "parse": schema.Parse,
    "html": schema.Html,
    "repository": schema.Repository,
    "latex": schema.Latex,
    "latex.latex_documents": schema.LatexDocuments,
    "sphinx": schema.SphinxSection,
}


def problems(text: str) -> list[str]:
    """The lines of the error that reading the text raises."""
    with pytest.raises(ConfigError) as caught:
        parse(text)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # unknown keys: near, misplaced, unlike any other
        ("execute: {timeot: 3}", "execute.timeot: unknown key; did you mean 'timeout'?"),
        ("exeucte: {}", "exeucte: unknown key; did you mean 'execute'?"),
        ("latex: {latex_documents: {Targetname: a.tex}}",
         "latex.latex_documents.Targetname: unknown key; did you mean 'targetname'?"),
        ("LOGO: a.svg", "LOGO: unknown key; did you mean 'logo'?"),
        ("timeout: 3", "timeout: unknown key; did you mean 'execute.timeout'?"),
        ("html: {logo: a.svg}", "html.logo: unknown key; did you mean 'logo' at the top level?"),
        ("html: {exclude_patterns: []}",
         "html.exclude_patterns: unknown key; "
         "did you mean 'exclude_patterns' at the top level or 'execute.exclude_patterns'?"),
        ("repository: {zzz: 1}", "repository.zzz: unknown key; the keys here are url, path_to_book, branch"),
        # types: nothing is converted
        ("execute: {timeout: abc}", "execute.timeout: expected a whole number, got 'abc'"),
        ("execute: {timeout: '30'}", "execute.timeout: expected a whole number, got '30'"),
        ("execute: {timeout: 30.0}", "execute.timeout: expected a whole number, got 30.0"),
        ("execute: {timeout: true}", "execute.timeout: expected a whole number, got true"),
        ("execute: {timeout: }", "execute.timeout: expected a whole number, got nothing"),
        ("execute: {run_in_temp: 1}", "execute.run_in_temp: expected true or false, got 1"),
        ("execute: 3", "execute: expected a mapping of keys to values, got 3"),
        ("execute: [a]", "execute: expected a mapping of keys to values, got a list"),
        ("copyright: 2026", "copyright: expected text, got 2026 (put it in quotes)"),
        ("copyright: 2026-01-02", "copyright: expected text, got 2026-01-02 (put it in quotes)"),
        ("author: [Ada, Bo]", "author: expected text, got a list"),
        ("author:", "author: expected text, got nothing"),
        ("bibtex_bibfiles: refs.bib", "bibtex_bibfiles: expected a list, got 'refs.bib'"),
        ("exclude_patterns: [a, 1]", "exclude_patterns[1]: expected text, got 1 (put it in quotes)"),
        ("sphinx: {config: abc}", "sphinx.config: expected a mapping of keys to values, got 'abc'"),
        # values out of range
        ("execute: {execute_notebooks: auto}",
         "execute.execute_notebooks: expected 'cache' or 'off', got 'auto'"),
        ("execute: {stderr_output: hide}",
         "execute.stderr_output: expected 'show', 'remove', 'remove-warn', 'warn', 'error' or 'severe', "
         "got 'hide'"),
        ("execute: {timeout: 0}", "execute.timeout: expected -1 (no limit) or at least 1, got 0"),
        ("execute: {timeout: -2}", "execute.timeout: expected -1 (no limit) or at least 1, got -2"),
        ("execute: {jobs: 0}", "execute.jobs: expected a whole number of at least 1, or 'auto', got 0"),
        ("execute: {jobs: true}", "execute.jobs: expected a whole number of at least 1, or 'auto', got true"),
        ("execute: {jobs: all}", "execute.jobs: expected a whole number of at least 1, or 'auto', got 'all'"),
        ("execute: {packages: [a.b, a-b]}",
         "execute.packages[1]: expected a dotted module name such as 'alignbook', got 'a-b'"),
        ("sphinx: {extra_extensions: [a.if]}",
         "sphinx.extra_extensions[0]: expected a dotted module name such as 'alignbook', got 'a.if'"),
        ("latex: {latex_engine: luatex}",
         "latex.latex_engine: expected 'pdflatex', 'xelatex', 'lualatex', 'platex' or 'uplatex', "
         "got 'luatex'"),
        ("latex: {latex_documents: {targetname: a/b.tex}}",
         "latex.latex_documents.targetname: expected a file name ending in .tex, got 'a/b.tex'"),
        ("repository: {url: github.com/a/b}",
         "repository.url: expected an address such as 'https://…', got 'github.com/a/b'"),
        ("html: {baseurl: 'https://'}",
         "html.baseurl: expected an address such as 'https://…', got 'https://'"),
        # what would make the reader's browser call another host
        ("logo: //a.b/c.svg", "logo: expected a path in the book's folder, got '//a.b/c.svg'"),
        ("html: {favicon: https://a.b/c.ico}",
         "html.favicon: expected a path in the book's folder, got 'https://a.b/c.ico'"),
        ("html: {announcement: https://a.b/c.html}",
         "html.announcement: expected the text, not its address, got 'https://a.b/c.html'"),
        # values that need or contradict others
        ("html: {use_edit_page_button: true}",
         "html.use_edit_page_button: needs repository.url, which is not set"),
        ("repository: {branch: main}\nhtml: {use_issues_button: true}",
         "html.use_issues_button: needs repository.url, which is not set"),
        ("sphinx: {config: {extensions: [a]}}",
         "sphinx.config.extensions: set 'sphinx.extra_extensions' instead"),
        ("sphinx: {config: {nb_execution_timeout: 3}}",
         "sphinx.config.nb_execution_timeout: set 'execute.timeout' instead"),
        ("sphinx: {config: {source_suffix: .md}}",
         "sphinx.config.source_suffix: cannot be changed; the book depends on it"),
        ("sphinx: {config: {html_theme_options: {announcement: hi}}}",
         "sphinx.config.html_theme_options.announcement: set 'html.announcement' instead"),
        ("sphinx: {config: {html_theme_options: {analytics: {}}}}",
         "sphinx.config.html_theme_options.analytics: not supported: " + REFUSED["html.analytics"]),
        ("sphinx: {config: {comments_config: {hypothesis: true}}}",
         "sphinx.config.comments_config: not supported: " + REFUSED["html.comments"]),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line(lines: str, expected: str) -> None:
    assert problems(f"title: A book\n{lines}\n") == [f"_config.yml: {expected}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", " title: missing; this key must be set"),
        ("# only a comment\n", " title: missing; this key must be set"),
        ("title: ' '", " title: expected text that is not empty, got ' '"),
        ("- a\n- b", " expected a mapping of keys to values at the top level, got a list"),
        ("a book", " expected a mapping of keys to values at the top level, got 'a book'"),
        ("title: a\ntitle: b", "2:1: title: given twice; the first is on line 1"),
        ("title: a\nexecute:\n  jobs: 1\n  timeout: 3\n  'jobs': 2",
         "5:3: execute.jobs: given twice; the first is on line 3"),
        ("title: a\nsphinx:\n  config:\n    x:\n    - {b: 1, b: 2}",
         "5:14: sphinx.config.x[0].b: given twice; the first is on line 5"),
        ("title: a\nsphinx:\n  config:\n    3: b",
         "4:5: sphinx.config.3: keys must be text (put it in quotes)"),
        ("title: a\nexecute:\n  on: b", "3:3: execute.on: keys must be text (put it in quotes)"),
        ("title: a\n? {b: c}\n: d", "2:3: while constructing a mapping, found unhashable key"),
        ("title: [a\n", "2:1: while parsing a flow sequence, expected ',' or ']', but got '<stream end>'"),
        ("title: a\nhtml:\n  x: b: c", "3:7: mapping values are not allowed here"),
        ("title: a\n\tauthor: b",
         "2:1: while scanning for the next token, found character '\\t' that cannot start any token"),
        ("title: a\nauthor: a\x07b", "2:10: the character '\\x07' is not allowed in YAML"),
        ("title: a\nauthor: !!python/name:os.system b",
         "2:9: tags, anchors and aliases are not supported; write a plain value, or put it in quotes"),
        ("title: a\nauthor: &a b", "2:9: tags, anchors and aliases are not supported; "
         "write a plain value, or put it in quotes"),
        ("title: a\nauthor: *a", "2:9: tags, anchors and aliases are not supported; "
         "write a plain value, or put it in quotes"),
        ("title: a\ncopyright: 2026-02-30", "2:12: day is out of range for month"),
        ("title: a\n---\ntitle: b",
         "2:1: expected a single document in the stream, but found another document"),
    ],
)  # fmt: skip
def test_each_broken_file_has_its_line(text: str, expected: str) -> None:
    assert problems(text) == [f"_config.yml:{expected}"]


@pytest.mark.parametrize(("key", "reason"), REFUSED.items())
def test_a_refused_key_says_why(key: str, reason: str) -> None:
    text = "".join(f"{'  ' * depth}{name}:\n" for depth, name in enumerate(key.split(".")))
    assert problems(f"title: A book\n{text}") == [f"_config.yml: {key}: not supported: {reason}"]


def test_all_problems_are_listed_at_once() -> None:
    text = "author: a\nauthor: 3\nhtml: {use_issues_button: true, logos: x}\nsphinx: {config: {author: b}}"
    assert problems(text) == [
        "_config.yml:2:1: author: given twice; the first is on line 1",
        "_config.yml: title: missing; this key must be set",
        "_config.yml: author: expected text, got 3 (put it in quotes)",
        "_config.yml: html.logos: unknown key; the keys here are favicon, use_edit_page_button, "
        "use_repository_button, use_issues_button, extra_footer, home_page_in_navbar, baseurl, announcement",
        "_config.yml: html.use_issues_button: needs repository.url, which is not set",
        "_config.yml: sphinx.config.author: set 'author' instead",
    ]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as missing:
        load(tmp_path / "_config.yml")
    assert str(missing.value) == f"_config.yml: no such file in {tmp_path}"
    with pytest.raises(ConfigError) as folder:
        load(tmp_path)
    assert str(folder.value) == f"{tmp_path.name}: cannot be read: Is a directory"
    (tmp_path / "_config.yml").write_bytes(b"title: a\nauthor: caf\xe9\n")
    with pytest.raises(ConfigError) as latin:
        load(tmp_path / "_config.yml")
    assert str(latin.value) == "_config.yml:2: byte 0xe9 is not UTF-8; save the file as UTF-8"


def test_a_byte_order_mark_is_no_part_of_the_title(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_bytes(b"\xef\xbb\xbftitle: Caf\xc3\xa9\n")
    assert load(tmp_path / "_config.yml").title == "Café"


def test_a_section_with_all_its_lines_commented_out_has_its_defaults() -> None:
    empty = "title: a\nhtml:\nexclude_patterns:\nexecute:\n  packages:\nsphinx:\n  config:\n"
    assert parse(empty) == Config(title="a")


def test_a_bare_off_is_off() -> None:
    assert parse("title: a\nexecute: {execute_notebooks: off}").execute.execute_notebooks == "off"


def test_a_configuration_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        parse("title: a").title = "b"


@pytest.mark.parametrize("section", SECTIONS)
@given(name=st.from_regex(r"[a-z_]{1,12}", fullmatch=True))
@example(name="titel")
def test_an_unknown_key_is_always_reported_with_its_path(section: str, name: str) -> None:
    model = SECTIONS[section]
    path = f"{section}.{name}".removeprefix(".")
    if name in model.model_fields or path in REFUSED or yaml.safe_load(name) != name:
        return
    data: dict[str, object] = {name: 1}
    for part in reversed(section.split(".") if section else []):
        data = {part: data}
    (line,) = problems(yaml.safe_dump({"title": "a"} | data))
    assert line.startswith(f"_config.yml: {path}: unknown key; ")
    misplaced = any(key.rpartition(".")[2] == name for key, _ in keys())
    near = difflib.get_close_matches(name, model.model_fields)
    assert ("did you mean" in line) == bool(misplaced or near)


@given(st.text())
@example("0b_: 1")
@example("title: =")
@example('"a\\nb": 1')
def test_any_text_is_a_configuration_or_an_error_with_lines_that_name_the_file(text: str) -> None:
    try:
        outcome = parse(text).title.strip()
        lines: tuple[str, ...] = ()
    except ConfigError as error:
        outcome, lines = str(error), error.problems
    assert outcome
    assert outcome.count("\n") == max(0, len(lines) - 1)
    assert all(line.startswith("_config.yml:") for line in lines)


def test_the_book_s_own_configuration() -> None:
    config = load(ROOT / "_config.yml")
    assert config.title == "AI Training and Alignment"
    assert config.execute.packages == ("alignbook",)
    assert "dollarmath" in config.parse.myst_enable_extensions
