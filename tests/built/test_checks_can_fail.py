"""Each check of a built page finds the fault that it is there for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from tests.built import test_every_page as checks
from tests.built.site import Site


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ('<script src="https://cdn.example.org/x.js"></script>', checks.test_a_page_loads_nothing_from_elsewhere),
        ('<img alt="A" src="//example.org/x.png">', checks.test_a_page_loads_nothing_from_elsewhere),
        ('<link rel="preconnect" href="https://example.org">', checks.test_a_page_loads_nothing_from_elsewhere),
        ('<p style="background: url(/x.png)">', checks.test_a_page_loads_nothing_from_elsewhere),
        ('<img alt="A" srcset="a.png 1x, b.png 2x">', checks.test_whatever_a_page_loads_is_there),
        ('<a href="nowhere.html">here</a>', checks.test_every_link_within_the_book_leads_to_a_place),
        ('<a href="plain.html#nowhere">here</a>', checks.test_every_link_within_the_book_leads_to_a_place),
        ('<script type="module">1</script>', checks.test_content_needs_neither_modules_nor_requests),
        ('<script>fetch("x.json")</script>', checks.test_content_needs_neither_modules_nor_requests),
        ('<img alt="figure-1.png" src="x">', checks.test_every_picture_says_what_it_shows),
        ('<img alt=" " src="x">', checks.test_every_picture_says_what_it_shows),
        ('<svg role="img"></svg>', checks.test_every_picture_says_what_it_shows),
        ("<h1>Again</h1>", checks.test_a_page_has_one_main_heading_a_language_and_a_title),
        ('<p id="main-content"></p>', checks.test_no_id_is_given_twice_on_a_page),
        ("<h5>Too deep</h5>", checks.test_headings_skip_no_level),
        ('<span class="math">x^2</span>', checks.test_no_formula_is_left_as_it_was_typed_or_in_red),
        ('<span class="katex-error">x</span>', checks.test_no_formula_is_left_as_it_was_typed_or_in_red),
        ('<span class="katex">x</span>', checks.test_only_pages_with_maths_load_its_stylesheet),
        ("<button></button>", checks.test_every_control_has_a_name),
    ],
)
def test_a_fault_is_found(full_site: Site, fault: str, check: Callable[[Site], None]) -> None:
    faulty = Site(full_site.folder, only="index.html")
    check(faulty)
    text = str(faulty.pages["index.html"]).replace("</article>", f"{fault}</article>", 1)
    faulty.pages["index.html"] = BeautifulSoup(text, "html.parser")
    faulty.forget()
    with pytest.raises(AssertionError):
        check(faulty)
