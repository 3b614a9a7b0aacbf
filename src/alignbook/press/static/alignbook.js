// A formula, table or figure that is wider than the page scrolls by itself; the keyboard must reach it to scroll it.
// Most browsers see to that. This does it for the others, and only where there is something to scroll.
"use strict";

(() => {
  const scrollers = ".katex-display, .bd-article .pst-scrollable-table-container, .cell_output .output";

  function update() {
    for (const box of document.querySelectorAll(scrollers)) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }

  addEventListener("load", update);
  addEventListener("resize", update);
})();
