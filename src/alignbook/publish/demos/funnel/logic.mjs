// Documents in a funnel; the same as passing.py beside it, to which tests hold it.

/** What each step made of a document which has come to so many of them. */
export function standing({ changes, end }, at) {
  const changed = new Set(changes.map((change) => change.at));
  return Array.from({ length: at }, (_, step) => (step === end ? "dropped" : changed.has(step) ? "changed" : "passed"));
}

/** How many steps a document comes to. */
export function furthest({ end }, steps) {
  return Math.min(end + 1, steps);
}

/** A document's text after so many steps, with what the last of them changed. */
export function textAt({ text, changes }, at) {
  const made = changes.filter((change) => change.at < at);
  if (!made.length) return [{ mark: "=", text }];
  const last = made[made.length - 1];
  if (last.at === at - 1) return last.parts;
  const kept = last.parts.filter((part) => part.mark !== "-").map((part) => part.text);
  return [{ mark: "=", text: kept.join("") }];
}

/** How many bets were made, and how many were right: 0 is no bet, else the step that ends it, from 1. */
export function scored(passages, bets) {
  const made = passages.map((one, at) => [one.end + 1, bets[at] ?? 0]).filter(([, bet]) => bet);
  return [made.length, made.filter(([end, bet]) => end === bet).length];
}

/** The bets with another one for a document. */
export function withBet(bets, document, bet, documents) {
  return Array.from({ length: documents }, (_, at) => (at === document ? bet : (bets[at] ?? 0)));
}
