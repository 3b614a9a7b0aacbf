"""A built site as its tests see it: pages, and everything that they load or link to."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

LOADING = {
    "link": "href",
    "script": "src",
    "img": "src",
    "source": "src",
    "iframe": "src",
    "audio": "src",
    "video": "src",
    "embed": "src",
    "object": "data",
    "use": "href",
    "image": "href",
}
"""The elements that make a browser load something, and the attribute that says what."""

_IN_CSS = re.compile(r"""url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)""")


class Site:
    """A built site.

    Parameters
    ----------
    folder
        Where ``index.html`` lies.
    only
        Pattern of the pages to look at.
    """

    def __init__(self, folder: Path, only: str = "*.html") -> None:
        self.folder = folder.resolve()
        self.pages = {
            path.relative_to(self.folder).as_posix(): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
            for path in sorted(self.folder.rglob(only))
        }

    @cached_property
    def ids(self) -> dict[str, list[str]]:
        """Every id of every page, in order."""
        return {name: [str(tag["id"]) for tag in page.select("[id]")] for name, page in self.pages.items()}

    def forget(self) -> None:
        """Find the ids anew: a page was changed."""
        self.__dict__.pop("ids", None)

    def loaded(self, name: str) -> Iterator[str]:
        """Every address that a page loads by itself, in its markup or its own styles."""
        page = self.pages[name]
        for element, attribute in LOADING.items():
            for tag in page.find_all(element):
                if tag.get(attribute) and "canonical" not in (tag.get("rel") or []):
                    yield str(tag[attribute])
        for tag in page.select("[srcset]"):
            yield from (part.split()[0] for part in str(tag["srcset"]).split(","))
        yield from in_css("".join(tag.get_text() for tag in page.find_all("style")))
        yield from in_css(" ".join(str(tag["style"]) for tag in page.select("[style]")))

    def links(self, name: str) -> Iterator[str]:
        """Every address that a page links to."""
        yield from (str(tag["href"]) for tag in self.pages[name].select("a[href]"))

    def file(self, name: str, address: str) -> Path:
        """The file that a relative address on a page means."""
        path = unquote(urlsplit(address).path)
        return (self.folder / name).parent.joinpath(path).resolve() if path else (self.folder / name)

    def styles(self) -> Iterator[Path]:
        """Every stylesheet that a page loads."""
        sheets = {
            self.file(name, str(tag["href"]))
            for name, page in self.pages.items()
            for tag in page.select("link[rel~=stylesheet]")
        }
        yield from sorted(sheets)

    def weight(self, name: str) -> int:
        """Bytes of a page with its stylesheets and scripts, compressed; fonts and pictures not counted."""
        page = self.pages[name]
        tags: list[Tag] = [*page.select("link[rel~=stylesheet]"), *page.select("script[src]")]
        files = {self.file(name, str(tag.get("href") or tag.get("src"))) for tag in tags}
        files |= {path.parent / name for path in files if path.suffix == ".css" for name in in_css(imports_of(path))}
        return sum(len(gzip.compress(path.read_bytes())) for path in {self.folder / name, *files})


def in_css(text: str) -> Iterator[str]:
    """Every address in a stylesheet, but for pictures that it holds itself."""
    for match in _IN_CSS.finditer(text):
        address = match[1] or match[2]
        if not address.startswith(("data:", "#")):
            yield address


def imports_of(path: Path) -> str:
    """The lines of a stylesheet that load another one."""
    return "\n".join(re.findall(r"@import[^;]+;", path.read_text(encoding="utf-8")))


def is_elsewhere(address: str) -> bool:
    """Whether an address leads to another host, or to the root of this one."""
    return bool(re.match(r"[a-z][a-z0-9+.-]*:|//|/", address, re.I)) and not address.startswith("data:")
