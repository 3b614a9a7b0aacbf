// What a term means, when the pointer rests on it or the focus comes to it. The tip can be gone over with the pointer,
// stays as long as it is wanted, and goes with Escape.

import { make } from "../../../publish/demos/shared/dom.mjs";

const REST = 250; // milliseconds before a tip comes or goes

export function startTips() {
  const data = document.querySelector("script.ab-terms");
  if (!data) return;
  const tips = new Map(Object.entries(JSON.parse(data.textContent)));
  const tip = make("div", { class: "ab-tip", id: "ab-tip", role: "tooltip", hidden: true });
  document.querySelector("main").append(tip);
  let shown = null;
  let timer = 0;

  const later = (action, wait = REST) => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };

  function hide() {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    tip.hidden = true;
  }

  function show(link) {
    if (shown === link) return clearTimeout(timer);
    hide();
    const [term, meaning] = tips.get(link.getAttribute("href"));
    tip.innerHTML = meaning; // the book's own, made when it was built
    tip.prepend(make("p", { class: "ab-tip-term" }, term));
    tip.hidden = false;
    place(tip, link);
    link.setAttribute("aria-describedby", tip.id);
    shown = link;
  }

  const termOf = (target) => {
    const link = target.closest?.("article a[href]");
    return link && tips.has(link.getAttribute("href")) ? link : null;
  };
  const over = (event) => {
    if (tip.contains(event.target)) return clearTimeout(timer);
    const link = event.pointerType === "mouse" || event.pointerType === "pen" ? termOf(event.target) : null;
    if (link) later(() => show(link), shown === link ? 0 : REST);
    else if (shown && shown !== document.activeElement) later(hide);
    else clearTimeout(timer);
  };
  document.addEventListener("pointerover", over);
  document.addEventListener("focusin", (event) => {
    const link = termOf(event.target);
    if (link && event.target.matches(":focus-visible")) show(link);
    else hide();
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown) return;
    hide();
    event.stopPropagation();
  }, true);
}

/** Put a tip below a link, or above it where there is no room below. */
function place(tip, link) {
  const gap = 6;
  const [box] = link.getClientRects();
  const width = document.documentElement.clientWidth;
  tip.style.insetInlineStart = "0";
  const left = Math.max(gap, Math.min(box.left, width - tip.offsetWidth - gap));
  const below = box.bottom + gap + tip.offsetHeight <= innerHeight || box.top < tip.offsetHeight + gap;
  const top = below ? box.bottom + gap : box.top - gap - tip.offsetHeight;
  const origin = (tip.offsetParent ?? document.documentElement).getBoundingClientRect();
  tip.style.insetInlineStart = `${left - origin.left}px`;
  tip.style.insetBlockStart = `${top - origin.top}px`;
}
