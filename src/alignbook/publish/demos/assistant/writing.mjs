// One model and one prompt: the prompt is read and continued, a token a step.

import { Reader } from "./engine.mjs";
import { chances, choose, stream } from "./sampling.mjs";

const END = "<|end-of-document|>";
const USER = "<|user|>";
const ASSISTANT = "<|assistant|>";

/** A prompt as tokens: a document that begins, or a user's turn after which the assistant speaks. */
export function promptIds(tokenizer, text, chats) {
  const { special } = tokenizer;
  if (!chats) return [special[END], ...tokenizer.encode(text)];
  return [special[USER], ...tokenizer.encode(` ${text}`), special[ASSISTANT]];
}

/** The special tokens that end a text. For an assistant also any role: it would go on to play another part. */
export function stopIds(tokenizer, chats) {
  return new Set(chats ? Object.values(tokenizer.special) : [tokenizer.special[END]]);
}

export class Writing {
  /**
   * @param model as `unpack` returns it
   * @param text what the reader typed
   * @param settings `chats`: whether the text is a user's turn; `temperature`; `draw`: a whole number that decides all
   *   draws; `longest`: tokens to write at most
   */
  constructor(model, text, { chats, temperature = 0, draw = 0, longest }) {
    this.tokenizer = model.tokenizer;
    this.ids = promptIds(model.tokenizer, text, chats);
    this.prompt = this.ids.length;
    this.stops = stopIds(model.tokenizer, chats);
    this.most = Math.min(this.prompt + longest, model.config.context);
    if (this.prompt >= model.config.context) {
      const { context } = model.config;
      throw new RangeError(`The text has ${this.prompt} tokens, and a model can look at ${context}, its answer included.`);
    }
    this.reader = new Reader(model);
    this.temperature = temperature;
    this.chance = stream(draw);
    this.scores = []; // by place: the logits of what comes after it
    this.stopped = false;
  }

  get done() {
    return this.stopped || this.ids.length >= this.most;
  }

  /** Read one token; after the last one, choose the next. */
  step() {
    this.reader.read(this.ids[this.reader.length]);
    const logits = this.reader.logits();
    this.scores.push(logits);
    if (this.reader.length < this.ids.length) return;
    const next = choose(logits, this.temperature, this.temperature > 0 ? this.chance() : 0);
    this.ids.push(next);
    this.stopped = this.stops.has(next);
  }

  /** The chances of each token at a place after the first; those of the prompt as the model gives them. */
  chancesAt(place) {
    return chances(this.scores[place - 1], place < this.prompt ? 0 : this.temperature);
  }

  /** How much was looked at each token before a place to choose its token: by one head, or by all in the mean. */
  lookedFrom(place, head) {
    const { layers, heads } = this.reader.config;
    if (head) return this.reader.attention(place - 1, head.layer, head.head);
    const mean = new Float64Array(place);
    this.reader.looked[place - 1].forEach((share, at) => (mean[at % place] += share / (layers * heads)));
    return mean;
  }

  /** How many tokens were written; the one that ends the text counts as well. */
  get written() {
    return this.ids.length - this.prompt;
  }

  /** The text that was written so far. */
  get text() {
    return this.tokenizer.decode(this.ids.slice(this.prompt, this.stopped ? -1 : undefined));
  }
}
