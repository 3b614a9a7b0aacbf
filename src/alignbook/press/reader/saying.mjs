// What is said aloud to those who do not see the page change.

import { make } from "../../publish/demos/shared/dom.mjs";

/** A line that is read aloud whenever it changes, and not seen. */
export function voice() {
  return make("p", { class: "visually-hidden", role: "status" });
}

/** Say something; the same words once more are news, too. */
export function say(line, text) {
  line.textContent = line.textContent === text ? `${text}\u00a0` : text;
}

/** What a part of the page says: a formula once, and not as TeX. */
export function spoken(part) {
  const copy = part.cloneNode(true);
  for (const silent of copy.querySelectorAll('[aria-hidden="true"], annotation')) silent.remove();
  return copy.textContent.trim().replace(/\s+/g, " ");
}
