// Lets models write without holding up the page: a little at a time, with room for the reader in between.

const SLICE = 12;

/**
 * Let several models write, a token each in turn.
 *
 * @param writings what is to be written (`Writing`)
 * @param show called after each slice
 * @param ended whether the reader wants something else by now
 * @returns the milliseconds that it took, or undefined where it was ended
 */
export async function letWrite(writings, show, ended) {
  const start = performance.now();
  for (;;) {
    const until = performance.now() + SLICE;
    let left = [];
    do {
      left = writings.filter((writing) => !writing.done);
      for (const writing of left) writing.step();
    } while (left.length && performance.now() < until);
    show();
    if (!left.length) return performance.now() - start;
    await new Promise((resolve) => setTimeout(resolve));
    if (ended()) return undefined;
  }
}
