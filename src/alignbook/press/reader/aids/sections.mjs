// The sections of a page, and where the head of the page ends.

/** The main sections of the page, in order. */
export function sections() {
  return [...document.querySelectorAll("article.bd-article > section > section")];
}

/** Where the sections begin, from the window's top. */
export function tops(parts) {
  return parts.map((part) => part.getBoundingClientRect().top);
}

/** The heading of a section. */
export function headingOf(part) {
  return part.querySelector("h2") ?? part;
}
