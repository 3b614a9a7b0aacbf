// Where a text is kept: the address of the page may bring one, the browser remembers the last. Neither is needed.

const slot = (key) => `alignbook:${location.pathname}:${key}`;

/** The texts that may be meant, the likeliest first. */
export function kept(key) {
  const found = [new URLSearchParams(location.search).get(key)];
  try {
    found.push(localStorage.getItem(slot(key)));
  } catch {
    // the browser keeps nothing
  }
  return found.filter((text) => text !== null);
}

/** Remember a text, or forget it where it is empty. */
export function keep(key, text) {
  try {
    if (text) localStorage.setItem(slot(key), text);
    else localStorage.removeItem(slot(key));
    if (new URLSearchParams(location.search).has(key)) history.replaceState(history.state, "", address(key, text, location.hash));
  } catch {
    // private mode, a full store or a sandboxed frame: nothing is remembered, all else works
  }
}

/** The address of this page with a text in it. */
export function address(key, text, hash) {
  const url = new URL(location.href);
  if (text) url.searchParams.set(key, text);
  else url.searchParams.delete(key);
  url.hash = hash;
  return url.href;
}
