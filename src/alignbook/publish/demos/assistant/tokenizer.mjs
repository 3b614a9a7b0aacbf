// Text into tokens and back, exactly as alignbook.text does it: pieces, bytes, and merges in the order they were learned.

const LONGEST_RUN = 64;

// What Python's \s, \d and \w mean for text. JavaScript's \s is another set.
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const DIGIT = "\\p{Nd}";
const LETTER = "\\p{L}\\p{Nl}\\p{No}";

const run = (kind) => `${kind}{1,${LONGEST_RUN}}`;
const visible = [`[${LETTER}]`, DIGIT, `[^${SPACE}${LETTER}${DIGIT}]`].map(run).join("|");
const PIECE = new RegExp(` ?(?:${visible})|${run(`[${SPACE}]`)}(?![^${SPACE}])|${run(`[${SPACE}]`)}`, "gu");

/** Cut a text into pieces: runs of letters, digits, other signs or white space. */
export function splitPieces(text) {
  return text.match(PIECE) ?? [];
}

/** A byte-level byte-pair tokenizer; ids 0 to 255 are the bytes, then come the merges, then the special tokens. */
export class Tokenizer {
  constructor(merges, special) {
    this.joined = new Map(merges.map(([left, right], at) => [key(left, right), 256 + at]));
    this.spelled = Array.from({ length: 256 }, (_, byte) => [byte]);
    for (const [left, right] of merges) this.spelled.push([...this.spelled[left], ...this.spelled[right]]);
    this.special = Object.fromEntries(special.map((name, at) => [name, this.spelled.length + at]));
    this.names = special;
  }

  /** The ids of a text. No text has the id of a special token, whatever it spells. */
  encode(text) {
    const utf8 = new TextEncoder(); // which puts U+FFFD where half of a character stands
    return splitPieces(text).flatMap((piece) => this.merge([...utf8.encode(piece)]));
  }

  merge(ids) {
    while (ids.length > 1) {
      let next = Infinity;
      let place = 0;
      for (let at = 0; at + 1 < ids.length; at++) {
        const made = this.joined.get(key(ids[at], ids[at + 1])) ?? Infinity;
        if (made < next) [next, place] = [made, at];
      }
      if (next === Infinity) break;
      ids.splice(place, 2, next);
    }
    return ids;
  }

  /** The name of a special token; undefined for any other. */
  name(id) {
    return this.names[id - this.spelled.length];
  }

  /** The text of ids; what is cut through within a character becomes U+FFFD. */
  decode(ids) {
    const name = (id) => [...new TextEncoder().encode(this.name(id))];
    const bytes = ids.flatMap((id) => this.spelled[id] ?? name(id));
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(bytes));
  }
}

const key = (left, right) => left * 65536 + right;
