// A quiet bar, and "Section 3 of 9", in the head of a page with several sections.

import { make } from "../../../publish/demos/shared/dom.mjs";
import { passed, sectionAt } from "./logic.mjs";
import { sections, tops } from "./sections.mjs";

const LEAST = 3; // with fewer sections a page is its own overview
const EYES = 0.3; // how far down the window one reads

export function startProgress() {
  const head = document.querySelector(".bd-header-article");
  const parts = sections();
  if (!head || parts.length < LEAST) return;
  const bar = make("div", { class: "ab-progress", "aria-hidden": "true" });
  const number = make("span");
  const place = make("p", { class: "ab-place" }, make("span", { class: "ab-place-word" }, "Section "), number);
  head.querySelector(".header-article-items__start")?.append(place);
  head.append(bar);

  function update() {
    const root = document.documentElement;
    const at = sectionAt(tops(parts), EYES * innerHeight);
    bar.style.setProperty("--passed", passed(scrollY, root.scrollHeight, innerHeight));
    number.textContent = `${at} of ${parts.length}`;
  }

  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      update();
    });
  };
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
  update();
}
