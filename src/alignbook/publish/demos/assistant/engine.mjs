// The transformer of alignbook.nn, one token at a time: keys and values of what was read are kept.

const EPSILON = 1e-5;
const GELU_SCALE = 0.7978845608028654;
const GELU_CUBIC = 0.044715;

/**
 * Reads tokens, and scores what comes next.
 *
 * `looked[place]` holds how much the token at a place looked at each token up to itself: `layers * heads` rows of
 * `place + 1` shares.
 */
export class Reader {
  constructor({ config, weights }) {
    this.config = config;
    this.weights = weights;
    const kept = () => Array.from({ length: config.layers }, () => new Float32Array(config.context * config.width));
    this.keys = kept();
    this.values = kept();
    this.looked = [];
    this.row = new Float64Array(config.width);
  }

  /** How many tokens were read. */
  get length() {
    return this.looked.length;
  }

  /** Read one token more. */
  read(id) {
    const { layers, heads, width, context, vocab_size } = this.config;
    const place = this.length;
    if (place >= context) throw new RangeError(`this model looks at ${context} tokens, and has read them all`);
    if (!(id >= 0 && id < vocab_size)) throw new RangeError(`ids must be from 0 to ${vocab_size - 1}, got ${id}`);
    const { tokens, positions } = this.weights;
    for (let at = 0; at < width; at++) this.row[at] = tokens[id * width + at] + positions[place * width + at];
    this.looked.push(new Float32Array(layers * heads * (place + 1)));
    for (let layer = 0; layer < layers; layer++) {
      const weight = (name) => this.weights[`${layer}.${name}`];
      const qkv = product(normal(this.row, weight("norm1")), weight("qkv"));
      this.keys[layer].set(qkv.subarray(width, 2 * width), place * width);
      this.values[layer].set(qkv.subarray(2 * width), place * width);
      add(this.row, product(this.attend(layer, qkv), weight("out")));
      add(this.row, product(gelu(product(normal(this.row, weight("norm2")), weight("up"))), weight("down")));
    }
  }

  /** What one token takes from all that was read, itself included. */
  attend(layer, query) {
    const { heads, width } = this.config;
    const headWidth = width / heads;
    const place = this.length - 1;
    const keys = this.keys[layer];
    const values = this.values[layer];
    const mixed = new Float64Array(width);
    for (let head = 0; head < heads; head++) {
      const start = head * headWidth;
      const scores = new Float64Array(place + 1);
      for (let seen = 0; seen <= place; seen++) {
        let score = 0;
        for (let at = start; at < start + headWidth; at++) score += query[at] * keys[seen * width + at];
        scores[seen] = score / Math.sqrt(headWidth);
      }
      const shares = softmax(scores);
      this.looked[place].set(shares, (layer * heads + head) * (place + 1));
      for (let seen = 0; seen <= place; seen++) {
        for (let at = start; at < start + headWidth; at++) mixed[at] += shares[seen] * values[seen * width + at];
      }
    }
    return mixed;
  }

  /** The score of each token as the next one. */
  logits() {
    const { vocab_size, width } = this.config;
    const { tokens, norm } = this.weights;
    const row = normal(this.row, norm);
    const found = new Float32Array(vocab_size);
    for (let id = 0; id < vocab_size; id++) {
      let score = 0;
      for (let at = 0; at < width; at++) score += row[at] * tokens[id * width + at];
      found[id] = score;
    }
    return found;
  }

  /** How much the token at a place looked at those up to itself, with one head of one layer. */
  attention(place, layer, head) {
    const start = (layer * this.config.heads + head) * (place + 1);
    return this.looked[place].subarray(start, start + place + 1);
  }
}

/** Shares in proportion to the exponentials of scores. */
export function softmax(scores) {
  const top = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const shares = Float64Array.from(scores, (score) => Math.exp(score - top));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}

function normal(row, gains) {
  const mean = row.reduce((sum, number) => sum + number, 0) / row.length;
  const centred = row.map((number) => number - mean);
  const variance = centred.reduce((sum, number) => sum + number * number, 0) / row.length;
  const scale = 1 / Math.sqrt(variance + EPSILON);
  return centred.map((number, at) => number * scale * gains[at]);
}

function product(row, matrix) {
  const columns = matrix.length / row.length;
  const found = new Float64Array(columns);
  for (let at = 0, start = 0; at < row.length; at++, start += columns) {
    const factor = row[at];
    for (let column = 0; column < columns; column++) found[column] += factor * matrix[start + column];
  }
  return found;
}

function gelu(row) {
  return row.map((u) => u / (1 + Math.exp(-2 * GELU_SCALE * (u + GELU_CUBIC * u * u * u))));
}

function add(row, more) {
  for (let at = 0; at < row.length; at++) row[at] += more[at];
}
