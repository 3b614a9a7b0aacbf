// Where a reader is on a page, and what a key means.

/** How much of a page has been passed, from 0 to 1. */
export function passed(scrolled, height, view) {
  return height > view ? Math.min(1, Math.max(0, scrolled / (height - view))) : 1;
}

/** The section that a line of the page lies in: its number from 1, or 0 before the first. */
export function sectionAt(tops, line) {
  return tops.filter((top) => top <= line).length;
}

/** The section, from 0, that begins next below a line, or last above it; -1 where there is none. */
export function neighbour(tops, line, step) {
  const close = 2; // a section that begins at the line itself is neither
  return step > 0 ? tops.findIndex((top) => top > line + close) : sectionAt(tops, line - close) - 1;
}

/** What a pressed key asks for; null where it is typed into something, or means something to the browser. */
export function asked(key, { on, typing, modified }, shortcuts) {
  return on && !typing && !modified && Object.keys(shortcuts).includes(key) ? shortcuts[key] : null;
}
