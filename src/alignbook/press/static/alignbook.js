// A formula, table or figure that is wider than the page scrolls by itself; the keyboard must reach it to scroll it.
// Most browsers see to that. This does it for the others, and only where there is something to scroll. It looks again
// whenever such a box gets another size, as one does that was hidden: the theme looks at tables only when all has loaded.
"use strict";

(() => {
  const scrollers = ".katex-display, .bd-article .pst-scrollable-table-container, .cell_output .output";

  function update(box) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }

  const sizes = new ResizeObserver((changes) => changes.forEach((change) => update(change.target)));
  addEventListener("load", () => {
    for (const box of document.querySelectorAll(scrollers)) sizes.observe(box);
  });
})();
