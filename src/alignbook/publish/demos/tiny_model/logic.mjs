// A count model of words, as alignbook.pretraining.counts has it; tests hold the two to each other.
//
// A word is its place in the vocabulary. The last place is the end of a sentence, the one before it any unknown word; the
// start of a sentence, which is never predicted, is the number after these.

/** Count what followed every context of none, one and two words. */
export function count(sentences, size) {
  const counts = new Map();
  for (const sentence of sentences) {
    for (const [context, word] of predictions(sentence, size)) {
      for (const key of suffixes(context)) {
        if (!counts.has(key)) counts.set(key, { total: 0, followers: new Map() });
        const seen = counts.get(key);
        seen.total += 1;
        seen.followers.set(word, (seen.followers.get(word) ?? 0) + 1);
      }
    }
  }
  return counts;
}

/** What a sentence asks a model to predict: each word, and the end, with the two words before it. */
function predictions(sentence, size) {
  const padded = [size, size, ...sentence, size - 1];
  return padded.slice(2).map((word, at) => [padded.slice(at, at + 2), word]);
}

function suffixes([first, second]) {
  return ["", `${second}`, `${first} ${second}`];
}

/** What every word's probability is in any case, and what each order adds to it: a scale and its counts. */
function mixture(counts, context, weights, size) {
  const seen = suffixes(context).map((key) => counts.get(key));
  const kept = [weights[0], ...seen.map((order, at) => (order ? weights[at + 1] : 0))];
  const scale = kept.reduce((sum, weight) => sum + weight, 0);
  const orders = seen.map((order, at) => [order, kept[at + 1] / scale]).filter(([order, weight]) => order && weight > 0);
  return [kept[0] / scale / size, orders.map(([order, weight]) => [weight / order.total, order.followers])];
}

/** The probabilities of all words after the beginning of a sentence. */
export function distribution(counts, before, weights, size) {
  const context = [size, size, ...before].slice(-2);
  const [uniform, orders] = mixture(counts, context, weights, size);
  const chances = Array(size).fill(uniform);
  for (const [scale, followers] of orders) {
    for (const [word, times] of followers) chances[word] += scale * times;
  }
  return chances;
}

/** The mean surprise over all words and ends of some sentences, in bits. */
export function surprise(counts, sentences, weights, size) {
  let [bits, predicted] = [0, 0];
  for (const sentence of sentences) {
    for (const [context, word] of predictions(sentence, size)) {
      const [uniform, orders] = mixture(counts, context, weights, size);
      const chance = orders.reduce((sum, [scale, followers]) => sum + scale * (followers.get(word) ?? 0), uniform);
      bits -= Math.log2(chance);
      predicted += 1;
    }
  }
  return bits / predicted;
}

/** Everything that the page shows of a model which has read some sentences. */
export function read(sentences, heldOut, weights, size) {
  const counts = count(sentences, size);
  const bits = surprise(counts, heldOut, weights, size);
  return { counts, bits, among: 2 ** bits, words: sentences.reduce((sum, one) => sum + one.length, 0) };
}

/** How many words are not among those shown, and what they have together. */
export function remaining(chances, shown) {
  return { others: chances.length - shown.length, share: 1 - shown.reduce((sum, word) => sum + chances[word], 0) };
}

/** The number after another one, and after the last the first. */
export function next(number, last) {
  return number === last ? 0 : number + 1;
}

/** The likeliest words, likeliest first; equals in the order of the vocabulary. */
export function likeliest(chances, most) {
  return chances
    .map((_, word) => word)
    .sort((one, other) => chances[other] - chances[one] || one - other)
    .slice(0, most);
}

/** A text as a sentence: ASCII words in small letters, unknown ones as the place before the last. */
export function sentenceOf(text, words, longest) {
  const places = new Map(words.map((word, at) => [word, at]));
  const found = text.toLowerCase().match(/[\w'-]+/g) ?? [];
  return found.slice(0, longest).map((word) => places.get(word) ?? words.length);
}

/** Several sentences in one row of numbers, each with its end. */
export function joined(sentences, size) {
  return sentences.flatMap((sentence) => [...sentence, size - 1]);
}

/** The sentences of such a row; what comes after the last end is left out. */
export function parted(row, size) {
  const sentences = [[]];
  for (const word of row) {
    if (word === size - 1) sentences.push([]);
    else sentences.at(-1).push(word);
  }
  return sentences.slice(0, -1).filter((sentence) => sentence.length);
}

/** Chance that is the same everywhere: numbers from 0 to below 1 (mulberry32). */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The word at which the probabilities, added up in order, pass a share of their sum. */
export function drawn(chances, share) {
  const goal = share * chances.reduce((sum, one) => sum + one, 0);
  let sum = 0;
  const found = chances.findIndex((one) => (sum += one) > goal);
  return found < 0 ? chances.length - 1 : found;
}

/** Write on until the sentence ends, or has so many words. */
export function written(counts, before, weights, size, seed, longest) {
  const random = chance(seed);
  const sentence = [...before];
  while (sentence.length < longest) {
    const word = drawn(distribution(counts, sentence, weights, size), random());
    if (word === size - 1) break;
    sentence.push(word);
  }
  return sentence;
}
