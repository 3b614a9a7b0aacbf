"""Every key of ``_config.yml``: the one place where its name, type, default and meaning are written down.

Names and nesting are Jupyter Book 1's; keys marked `OURS` are this book's own. An `Option` names the Sphinx
option that takes a value as it is; `alignbook.press.config.mapping` does the few that need more.
"""

import keyword
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError


@dataclass(frozen=True)
class Option:
    """The Sphinx option that takes a key's value; ``html_theme_options.x`` is option ``x`` of the theme."""

    name: str


@dataclass(frozen=True)
class Origin:
    """Where a key comes from, if not from Jupyter Book."""

    name: str


OURS = Origin("alignbook")


def _check(holds: Callable[[Any], object], expected: str) -> Callable[[Any], Any]:
    """Make a validator that passes a value on if it `holds`, and otherwise says what was `expected`."""

    def validate(value: Any) -> Any:
        if not holds(value):
            raise PydanticCustomError("expected", "{expected}", {"expected": expected})
        return value

    return validate


def _is_module(name: str) -> bool:
    return all(part.isidentifier() and not keyword.iskeyword(part) for part in name.split("."))


def _is_count(value: Any) -> bool:
    return value == "auto" or (type(value) is int and value >= 1)


def _to_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Filled = Annotated[str, AfterValidator(_check(str.strip, "text that is not empty"))]
ModuleName = Annotated[str, AfterValidator(_check(_is_module, "a dotted module name such as 'alignbook'"))]
TextList = Annotated[tuple[str, ...], BeforeValidator(_to_tuple)]
ModuleList = Annotated[tuple[ModuleName, ...], BeforeValidator(_to_tuple)]
# Where these two hold an address, Sphinx and the theme make the reader's browser fetch it from another host.
BookFile = Annotated[
    str,
    AfterValidator(_check(lambda text: not re.match("(https?:)?//", text), "a path in the book's folder")),
]
LocalText = Annotated[
    str, AfterValidator(_check(lambda text: not text.startswith("http"), "the text, not its address"))
]
WebAddress = Annotated[
    str, AfterValidator(_check(lambda text: re.match("$|https?://.", text), "an address such as 'https://…'"))
]
TexName = Annotated[
    str,
    AfterValidator(_check(lambda text: re.fullmatch(r"[^/\\]+\.tex", text), "a file name ending in .tex")),
]
Seconds = Annotated[
    int, AfterValidator(_check(lambda number: number == -1 or number >= 1, "-1 (no limit) or at least 1"))
]
Workers = Annotated[
    int | Literal["auto"], BeforeValidator(_check(_is_count, "a whole number of at least 1, or 'auto'"))
]
# YAML 1.1 reads a bare `off` as false.
Mode = Annotated[Literal["cache", "off"], BeforeValidator(lambda value: "off" if value is False else value)]
Macros = Annotated[
    dict[str, str],
    AfterValidator(
        _check(
            lambda macros: all(re.fullmatch(r"\\[A-Za-z]+", name) for name in macros),
            r"commands such as '\KL', each a backslash and letters",
        )
    ),
]
Stderr = Literal["show", "remove", "remove-warn", "warn", "error", "severe"]
Engine = Literal["pdflatex", "xelatex", "lualatex", "platex", "uplatex"]
Paper = Literal["a4", "a5", "b5", "letter"]
FontSize = Literal["10pt", "11pt", "12pt"]
TextFont = Literal["pagella", "termes", "schola", "bonum"]
Length = Annotated[
    str,
    AfterValidator(
        _check(
            lambda text: re.fullmatch(r"\d+(\.\d+)?(mm|cm|in|pt)", text), "a length in mm, cm, in or pt such as '25mm'"
        )
    ),
]


class Section(BaseModel):
    """A mapping of the file: known keys only, no conversion of types, never changed after it is read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_below_means_default(cls, data: Any) -> Any:
        """Take a section, list or mapping whose lines are all commented out (``html:``) as not written."""
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if value is not None or not cls._holds_many(name)}

    @classmethod
    def _holds_many(cls, name: Any) -> bool:
        field = cls.model_fields.get(name)
        default = field.get_default(call_default_factory=True) if field else None
        return isinstance(default, Section | tuple | dict)


class Execute(Section):
    """How code cells are run."""

    execute_notebooks: Annotated[Mode, Option("nb_execution_mode")] = Field(
        default="cache",
        description="`cache` runs a chapter when something it depends on has changed; `off` runs none.",
    )
    cache: str = Field(
        default="",
        description="Folder of the execution cache, from the folder of this file; empty means `_build/.jupyter_cache`.",
    )
    exclude_patterns: Annotated[TextList, Option("nb_execution_excludepatterns")] = Field(
        default=(), description="Pages that are never run, as glob patterns from the book's folder."
    )
    timeout: Annotated[Seconds, Option("nb_execution_timeout")] = Field(
        default=120,
        description="Seconds that one cell may take; -1 sets no limit. The default is twice the 60 s that an "
        "experiment may take, because another chapter may run beside it.",
    )
    run_in_temp: Annotated[bool, Option("nb_execution_in_temp")] = Field(
        default=False, description="Run each page in a temporary folder instead of its own."
    )
    allow_errors: Annotated[bool, Option("nb_execution_allow_errors")] = Field(
        default=False, description="Go on after a cell that raises, and show the error on the page."
    )
    stderr_output: Annotated[Stderr, Option("nb_output_stderr")] = Field(
        default="error",
        description="What to do with what a cell writes to stderr: print it (`show`), leave it out "
        "(`remove`), leave it out and warn (`remove-warn`), or print it and log a message of that level.",
    )
    jobs: Annotated[Workers, OURS] = Field(
        default="auto",
        description="Chapters that run at once; `auto` is one for each usable core. "
        "The environment variable `ALIGNBOOK_JOBS` overrides it.",
    )
    packages: Annotated[ModuleList, OURS] = Field(
        default=("alignbook",),
        description="Importable packages whose source decides whether a chapter is fresh: "
        "it runs again when a module of theirs that it imports changes.",
    )


class Parse(Section):
    """How Markdown is read."""

    myst_enable_extensions: Annotated[TextList, Option("myst_enable_extensions")] = Field(
        default=("colon_fence", "dollarmath", "substitution", "tasklist"),
        description="Extensions of the MyST syntax that are on.",
    )
    myst_url_schemes: Annotated[TextList, Option("myst_url_schemes")] = Field(
        default=("mailto", "http", "https"), description="Schemes that make a link an external address."
    )
    myst_substitutions: Annotated[dict[str, Any], Option("myst_substitutions")] = Field(
        default_factory=dict,
        description="Names that stand for a text on every page, with the extension `substitution`.",
    )
    myst_dmath_double_inline: Annotated[bool, Option("myst_dmath_double_inline")] = Field(
        default=True, description="Allow display maths (`$$`) within a paragraph."
    )
    macros: Annotated[Macros, Option("alignbook_macros"), OURS] = Field(
        default_factory=dict,
        description=r"TeX commands of the book, for the web edition and for print: `\KL: D_{\mathrm{KL}}`; "
        "`#1` stands for the first argument.",
    )


class Html(Section):
    """The web edition."""

    favicon: Annotated[BookFile, Option("html_favicon")] = Field(
        default="", description="Path of the icon of the site, from the book's folder."
    )
    use_edit_page_button: Annotated[bool, Option("html_theme_options.use_edit_page_button")] = Field(
        default=False, description="Add a link to edit the page; needs `repository.url`."
    )
    use_repository_button: Annotated[bool, Option("html_theme_options.use_repository_button")] = Field(
        default=False, description="Add a link to the repository; needs `repository.url`."
    )
    use_issues_button: Annotated[bool, Option("html_theme_options.use_issues_button")] = Field(
        default=False, description="Add a link to open an issue; needs `repository.url`."
    )
    extra_footer: Annotated[str, Option("html_theme_options.extra_footer")] = Field(
        default="", description="HTML below the footer of every page."
    )
    home_page_in_navbar: Annotated[bool, Option("html_theme_options.home_page_in_toc")] = Field(
        default=True, description="List the first page in the sidebar."
    )
    baseurl: Annotated[WebAddress, Option("html_baseurl")] = Field(
        default="",
        description="Address at which the book will stand: for the canonical links of its pages, and for the QR codes "
        "beside the demos in the PDF.",
    )
    announcement: Annotated[LocalText, Option("html_theme_options.announcement")] = Field(
        default="", description="Text or HTML of a banner above every page."
    )


class Repository(Section):
    """Where the source of the book is, for the buttons of the web edition."""

    url: Annotated[WebAddress, Option("html_theme_options.repository_url")] = Field(
        default="", description="Address of the repository."
    )
    path_to_book: Annotated[str, Option("html_theme_options.path_to_docs")] = Field(
        default="", description="Path of the book's folder within the repository."
    )
    branch: Annotated[str, Option("html_theme_options.repository_branch")] = Field(
        default="main", description="Branch that the links lead to."
    )


class LatexDocuments(Section):
    """The printed document."""

    targetname: TexName = Field(default="book.tex", description="Name of the LaTeX file, and so of the PDF.")
    title: str = Field(default="", description="Title of the printed edition, as LaTeX; empty means the book's title.")


class Latex(Section):
    """The printed edition."""

    latex_engine: Annotated[Engine, Option("latex_engine")] = Field(
        default="lualatex", description="The TeX engine; the style of this book is written for `lualatex`."
    )
    latex_documents: LatexDocuments = Field(default=LatexDocuments())
    paper: Annotated[Paper, Option("alignbook_print.paper"), OURS] = Field(
        default="a4", description="Size of the paper."
    )
    font_size: Annotated[FontSize, Option("alignbook_print.font_size"), OURS] = Field(
        default="10pt", description="Size of the text."
    )
    text_font: Annotated[TextFont, Option("alignbook_print.text_font"), OURS] = Field(
        default="pagella", description="Font of the text and, with it, of the formulas, from the TeX Gyre family."
    )
    inner_margin: Annotated[Length, Option("alignbook_print.inner_margin"), OURS] = Field(
        default="25mm", description="Margin at the spine."
    )
    outer_margin: Annotated[Length, Option("alignbook_print.outer_margin"), OURS] = Field(
        default="50mm", description="Margin at the edge, which holds the notes and the QR codes."
    )
    top_margin: Annotated[Length, Option("alignbook_print.top_margin"), OURS] = Field(
        default="26mm", description="Margin at the top, with the running head in it."
    )
    bottom_margin: Annotated[Length, Option("alignbook_print.bottom_margin"), OURS] = Field(
        default="26mm", description="Margin at the bottom."
    )
    note_width: Annotated[Length, Option("alignbook_print.note_width"), OURS] = Field(
        default="37mm", description="Width of the notes in the outer margin; 5 mm lie between them and the text."
    )
    licence: Annotated[str, Option("alignbook_print.licence"), OURS] = Field(
        default="", description="The licence, as a sentence for the page after the cover."
    )


class SphinxSection(Section):
    """Sphinx itself, for what the other keys do not reach."""

    extra_extensions: ModuleList = Field(default=(), description="Sphinx extensions to load besides those of the book.")
    config: dict[str, Any] = Field(
        default_factory=dict,
        description="Options of Sphinx and its extensions that have no key of their own here; "
        "`html_theme_options` is merged into what the other keys set.",
    )


class Config(Section):
    """The whole file."""

    title: Annotated[Filled, Option("html_title")] = Field(
        description="Title of the book. The only key that must be set."
    )
    author: Annotated[str, Option("author")] = Field(default="", description="Who wrote the book.")
    copyright: Annotated[str, Option("copyright")] = Field(
        default="", description="Who holds the rights, and since when; printed after ©."
    )
    logo: Annotated[BookFile, Option("html_logo")] = Field(
        default="", description="Path of the logo, from the book's folder."
    )
    exclude_patterns: TextList = Field(
        default=(), description="Files in the book's folder that are not pages, as glob patterns."
    )
    bibtex_bibfiles: TextList = Field(
        default=(),
        description="BibTeX files, from the book's folder; with any, `sphinxcontrib.bibtex` is loaded.",
    )
    execute: Execute = Field(default=Execute())
    parse: Parse = Field(default=Parse())
    html: Html = Field(default=Html())
    repository: Repository = Field(default=Repository())
    latex: Latex = Field(default=Latex())
    sphinx: SphinxSection = Field(default=SphinxSection())


def keys(model: type[Section] = Config, prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every key that holds a value, by its dotted name (``execute.timeout``), in the order of the schema."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield from keys(field.annotation, f"{prefix}{name}.")
        else:
            yield prefix + name, field


def option_of(field: FieldInfo) -> str | None:
    """The Sphinx option that takes the value of a key, if one takes it as it is."""
    return next((item.name for item in field.metadata if isinstance(item, Option)), None)
