// What the reader's device keeps of this book: short texts by name, the same on all pages. Nothing needs them.

const book = new URL(document.documentElement.dataset.content_root ?? "./", location.href).pathname;
const slot = (name) => `alignbook:${book}:${name}`;

/** The text that is kept; an empty one where there is none. */
export function recall(name) {
  try {
    return localStorage.getItem(slot(name)) ?? "";
  } catch {
    return ""; // the browser keeps nothing
  }
}

/** Keep a text, or forget it where it is empty. */
export function remember(name, text) {
  try {
    if (text) localStorage.setItem(slot(name), text);
    else localStorage.removeItem(slot(name));
  } catch {
    // private mode or a full store: nothing is kept, all else works
  }
}
