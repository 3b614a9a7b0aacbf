"""The sites that the tests here look at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.built.full_book import full_book
from tests.built.site import Site


@pytest.fixture(scope="session")
def full_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A book with one of everything, built."""
    book = full_book(tmp_path_factory.mktemp("full"))
    code, output = book.here()
    assert code == 0, output
    return Site(book.html)


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Site:
    """The site in the folder ``ALIGNBOOK_SITE``; without it, the book with one of everything."""
    folder = os.environ.get("ALIGNBOOK_SITE")
    if folder:
        return Site(Path(folder))
    found: Site = request.getfixturevalue("full_site")
    return found
