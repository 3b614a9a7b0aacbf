// How the next token is chosen, as alignbook.nn.sampling does it, and chance that can be repeated.

import { softmax } from "./engine.mjs";

/** The chances that are drawn from; at temperature 0, where nothing is drawn, those that the model gives. */
export function chances(logits, temperature) {
  return temperature > 0 ? softmax(Float64Array.from(logits, (score) => score / temperature)) : softmax(logits);
}

/** Choose a token: the most probable at temperature 0, otherwise the one that a number in [0, 1) falls on. */
export function choose(logits, temperature, chance) {
  if (!(temperature > 0)) return logits.reduce((best, score, id) => (score > logits[best] ? id : best), 0);
  const shares = chances(logits, temperature);
  let passed = 0;
  let last = 0;
  for (let id = 0; id < shares.length; id++) {
    if (shares[id] > 0) last = id;
    passed += shares[id];
    if (passed > chance) return id;
  }
  return last; // where rounding leaves the sum of all just below the number
}

/** The most probable tokens, the first ones first. */
export function likeliest(shares, count) {
  const ids = Array.from(shares.keys());
  return ids.sort((a, b) => shares[b] - shares[a] || a - b).slice(0, count);
}

/** Numbers in [0, 1), one a call, the same for the same whole number (mulberry32, by Tommy Ettinger, public domain). */
export function stream(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
