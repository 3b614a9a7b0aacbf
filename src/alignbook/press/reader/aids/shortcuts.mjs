// Keys that take the reader around, and the dialog that lists them and turns them off.

import { button, make } from "../../../publish/demos/shared/dom.mjs";
import { recall, remember } from "../device.mjs";
import { asked, neighbour } from "./logic.mjs";
import { headingOf, sections, tops } from "./sections.mjs";

const KEPT = "shortcuts";
const ICON = '<svg aria-hidden="true" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor"'
  + ' stroke-width="1.8" stroke-linecap="round"><rect x="2.5" y="6" width="19" height="12" rx="2"/>'
  + '<path d="M6 10h.01M10 10h.01M14 10h.01M18 10h.01M6 14h.01M18 14h.01M9.5 14h5"/></svg>';

const ACTIONS = {
  j: ["Next section", () => toSection(1)],
  k: ["Section before", () => toSection(-1)],
  n: ["Next page", () => document.querySelector(".prev-next-footer .right-next, a.right-next")?.click()],
  p: ["Page before", () => document.querySelector(".prev-next-footer .left-prev, a.left-prev")?.click()],
  q: ["Questions of this page", () => to(document.querySelector(".quiz-question:not([hidden])"))],
  "/": ["Search", () => document.querySelector(".search-button-field, .search-button__button")?.click()],
  "?": ["This list", () => open()],
};

let dialog;
let box;

export function startShortcuts() {
  box = make("input", { type: "checkbox", onchange: () => remember(KEPT, box.checked ? "" : "off") });
  box.checked = recall(KEPT) !== "off";
  dialog = make("dialog", { class: "ab-shortcuts ab-live", "aria-labelledby": "ab-shortcuts-title" },
    make("h2", { id: "ab-shortcuts-title" }, "Keyboard shortcuts"),
    make("dl", {}, ...Object.entries(ACTIONS).map(([key, [name]]) => make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, name)))),
    make("label", {}, box, " Single keys are shortcuts"),
    make("p", { class: "ab-muted" }, "Escape closes this list, and the tip of a term."),
    button("Close", () => dialog.close()),
  );
  document.body.append(dialog);
  const opener = button("", open, { class: "btn btn-sm ab-shortcuts-button", "aria-label": "Keyboard shortcuts", title: "Keyboard shortcuts", "aria-haspopup": "dialog" });
  opener.innerHTML = ICON;
  document.querySelector(".header-article-items__end .article-header-buttons")?.prepend(opener);
  document.addEventListener("keydown", act);
}

function open() {
  dialog.showModal();
}

function act(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable], .ab-demo-live") || document.querySelector("dialog[open]");
  const modified = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
  const action = asked(event.key, { on: box.checked, typing: Boolean(typing), modified }, ACTIONS);
  if (!action || event.defaultPrevented) return;
  event.preventDefault();
  action[1]();
}

function toSection(step) {
  const parts = sections();
  const held = parts.findIndex((part) => headingOf(part) === document.activeElement && isInView(part));
  const line = parts.length ? Number.parseFloat(getComputedStyle(parts[0]).scrollMarginTop) : 0;
  to(parts[held < 0 ? neighbour(tops(parts), line, step) : held + step]);
}

function isInView(part) {
  const { top } = headingOf(part).getBoundingClientRect();
  return top >= 0 && top < innerHeight;
}

/** Take the reader, and the focus, to a part of the page. */
function to(part) {
  if (!part) return;
  const target = headingOf(part);
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
  target.scrollIntoView();
}
