"""The numbers of the pages and of the PDF are found and compared."""

from __future__ import annotations

import pytest

from alignbook.press.pdf.parity import differences, numbers_in_pdf, numbers_on_page

PAGE = """<section id="top"><span id="alias"></span><h1>
<span class="section-number">2. </span>Title<a href="#">#</a></h1>
<section id="part"><h2><span class="section-number">2.1. </span>Part</h2>
<div class="wrap"><figure id="fig-a"><svg></svg><figcaption><p><span class="caption-number">Fig. 2.1 </span>
<span class="caption-text">Has 3 lines</span></p></figcaption></figure></div>
<table id="tab-a"><caption><span class="caption-number">Table 2.1 </span>x</caption></table>
<div class="literal-block-wrapper" id="code"><div class="code-block-caption">
<span class="caption-number">Listing 2.1 </span></div></div>
<div class="math" id="equation-sum"><span class="eqno">(2.1)<a href="#">#</a></span></div>
</section><section id="plain"><h2>No number</h2></section></section>"""

WEB = {
    "page:top": "2",
    "page:part": "2.1",
    "page:fig-a": "2.1",
    "page:tab-a": "2.1",
    "page:code": "2.1",
    "equation:page:sum": "2.1",
}


def test_every_kind_of_number_is_found_on_a_page() -> None:
    assert numbers_on_page("page", PAGE) == WEB


def test_numbers_of_latex_are_read_as_they_stand() -> None:
    aux = (
        "\\newlabel{page:top}{{2}{5}{A {\\relax title}}{chapter.2}{}}\n\\newlabel{page:plain}{{}{5}{x}{section*.3}{}}\n"
    )
    assert numbers_in_pdf(aux) == {"page:top": "2", "page:plain": ""}


@pytest.mark.parametrize(
    ("pdf", "expected"),
    [
        (WEB, []),
        ({**WEB, "page:fig-a": "2.2"}, ["page:fig-a is 2.1 on the web, but 2.2 in the PDF"]),
        ({**WEB, "page:top": ""}, ["page:top is 2 on the web, but without a number in the PDF"]),
        ({k: v for k, v in WEB.items() if k != "page:code"}, ["page:code is 2.1 on the web, and is not in the PDF"]),
    ],
)
def test_a_difference_is_told(pdf: dict[str, str], expected: list[str]) -> None:
    assert differences(WEB, pdf) == expected
