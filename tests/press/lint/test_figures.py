"""Every figure says what it shows."""

from __future__ import annotations

import pytest
from tests.press.lint.reading import read

from alignbook.press.lint.cells import calls
from alignbook.press.lint.figures import figures_without_alt

GOOD = "Two curves: both fall, one further"
MEND = "say in a sentence what there is to see"
IN_CELL = f"{MEND}, as mystnb.image.alt of the cell"
BAD = {
    "": "without alt text",
    " ": "without alt text",
    "plot.png": "whose alt text is the name of a file, 'plot.png'",
    "figures/long-name.svg": "whose alt text is the name of a file, 'figures/long-name.svg'",
    "A chart": "whose alt text says too little, 'A chart'",
}


def found(text: str) -> list[tuple[int, str]]:
    prose = read(text)
    return list(figures_without_alt(prose, calls(prose.cells)))


def cell(*lines: str) -> str:
    return "\n".join(["```{code-cell} python3", *lines, "```"])


def with_(page: str, arguments: str) -> str:
    return page.replace("HERE", arguments)


@pytest.mark.parametrize(
    "image",
    [
        "![{}](x.png)",
        "Text and\n![{}](x.png)",
        "```{{note}}\n![{}](x.png)\n```",
        "```{{figure}} x.png\n:alt: {}\n\nA caption\n```",
        "```{{image}} x.png\n:alt: {}\n```",
        "<img src='https://example.org/x.png' alt='{}'>",
        "Text <img alt='{}'>",
    ],
)
def test_images_without_alt_are_found(image: str) -> None:
    line = 2 if image.startswith(("Text and\n", "```{{note")) else 1
    assert found(image.format(GOOD)) == []
    for alt, problem in BAD.items():
        assert found(image.format(alt)) == [(line, f"an image {problem}: {MEND}")]


@pytest.mark.parametrize("image", ["```{figure} x.png\nA caption\n```", "```{image} x.png\n```", "<img src='//x'>"])
def test_an_alt_that_is_not_given_at_all_is_found(image: str) -> None:
    assert found(f"Text.\n\n{image}") == [(3, f"an image without alt text: {MEND}")]


@pytest.mark.parametrize(
    ("imports", "name"),
    [
        ("from alignbook.publish import figure", "figure"),
        ("from alignbook.publish import figure as show", "show"),
        ("from alignbook import publish", "publish.figure"),
        ("import alignbook.publish", "alignbook.publish.figure"),
    ],
)
def test_figure_needs_alt(imports: str, name: str) -> None:
    page = cell(imports) + "\n\n" + cell(":tags: [hide-input]", "", "x = 1", f"{name}(draw, HERE)")
    assert found(with_(page, f"alt='{GOOD}'")) == []
    assert found(with_(page, "alt=text")) == []
    assert found(with_(page, "**options")) == []
    assert found(with_(page, "alt=f'Curve {n}, falling'")) == []
    assert found(with_(page, "caption='A chart'")) == [(9, f"figure(…) without alt=: {MEND}")]
    for alt, problem in BAD.items():
        assert found(with_(page, f"alt={alt!r}")) == [(9, f"figure(…) {problem}: {MEND}")]


def test_other_functions_of_the_name_need_none() -> None:
    assert found(cell("from other import figure", "figure(draw)", "tool.figure(draw)")) == []


def test_an_image_of_ipython_needs_alt() -> None:
    page = cell("from IPython.display import Image", "Image('x.png', HERE)")
    assert found(with_(page, f"alt='{GOOD}'")) == []
    assert found(with_(page, "width=3")) == [(3, f"Image(…) without alt=: {MEND}")]


@pytest.mark.parametrize(
    "drawing",
    [
        "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()",
        "from matplotlib import pyplot\npyplot.plot([1])",
        "from matplotlib.pyplot import plot\nplot([1])",
        "import matplotlib.pyplot\nmatplotlib.pyplot.plot([1])",
        "import matplotlib.pyplot as plt\nplt.gca().plot([1])",
        "%matplotlib inline\nimport matplotlib.pyplot as plt; plt.plot([1])",
    ],
)
def test_a_matplotlib_figure_needs_alt(drawing: str) -> None:
    [(line, message)] = found(cell(drawing))
    assert (line, message) == (3, f"a Matplotlib figure without alt text: {IN_CELL}")
    with_alt = "---\nmystnb:\n  image:\n    alt: '{}'\n---"
    assert found(cell(with_alt.format(GOOD), drawing)) == []
    assert found(cell(with_alt.format("plot.png"), drawing)) == [
        (8, f"a Matplotlib figure whose alt text is the name of a file, 'plot.png': {IN_CELL}")
    ]
    assert found(cell(":tags: [remove-output]", drawing)) == []


def test_a_figure_drawn_by_a_function_of_an_earlier_cell_needs_alt() -> None:
    define = cell("import matplotlib.pyplot as plt", "def draw():", "    plt.plot([1])")
    assert found(define) == []
    assert found(f"{define}\n\n{cell('draw()')}") == [(8, f"a Matplotlib figure without alt text: {IN_CELL}")]


def test_cells_that_show_no_figure_need_no_alt() -> None:
    assert found(cell("import matplotlib.pyplot as plt", "plt.style.use('x')", "plt.rc('axes')", "plt.close()")) == []
    assert found(cell("this is no Python")) == []
