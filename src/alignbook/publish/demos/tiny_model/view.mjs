// Train a tiny model yourself: sentences in, surprise down, and the bars of the next word.

import { chart } from "../shared/chart.mjs";
import { button, counted, decimal, enable, facts, fill, make, percent, tell } from "../shared/dom.mjs";
import { DemoElement, define } from "../shared/element.mjs";
import { oneOf, whole, wholes } from "../shared/state.mjs";
import { distribution, joined, likeliest, next, parted, read, remaining, sentenceOf, written } from "./logic.mjs";
import "./view.css";

const BARS = 8;
const LONGEST = 14;
const MOST_OWN = 240;
const MOST_DRAWS = 9999;
const MOST_KNOWN = 100;

class TinyModel extends DemoElement {
  fields({ words, rounds }) {
    return {
      round: whole(0, rounds.length - 1),
      text: oneOf(["real", "shuffled"]),
      before: wholes(0, words.length, LONGEST),
      own: wholes(0, words.length + 1, MOST_OWN),
      draw: whole(0, MOST_DRAWS),
    };
  }

  build({ words, short }) {
    this.size = words.length + 2;
    this.known = new Map();
    this.feedButton = button("", () => this.feed());
    this.texts = ["real", "shuffled"].map((text) =>
      button(text === "real" ? "Sentences" : "Shuffled words", () => this.choose(text), { "aria-pressed": "false" }),
    );
    this.facts = facts();
    this.graph = make("div", {});
    this.sentence = make("p", { class: "ab-sentence" });
    this.bars = make("ul", { class: "ab-bars ab-words" });
    this.rest = make("p", { class: "ab-muted" });
    this.writeButton = button("Let it write on", () => this.write());
    this.clearButton = button("New sentence", () => this.change({ before: [] }, "A new sentence begins."));
    this.field = make("input", { type: "text", maxlength: 120, autocomplete: "off", spellcheck: "false", id: `${this.key}-own` });
    const form = make("form", { class: "ab-row", onsubmit: (event) => this.teach(event) },
      make("label", { for: this.field.id }, "A sentence of your own:"), this.field, make("button", { type: "submit" }, "Feed it this"));
    this.lessons = make("p", { class: "ab-muted" });
    const reads = make("span", { role: "group", "aria-label": "What it reads", class: "ab-switch" }, ...this.texts);
    const next = [make("p", { class: "ab-label" }, "What comes next?"), this.sentence, this.bars, this.rest];
    if (short) return [make("div", { class: "ab-row" }, this.feedButton), this.status, ...next];
    return [
      make("div", { class: "ab-row" }, this.feedButton, reads),
      this.status,
      make("div", { class: "ab-pair" }, this.facts, this.graph),
      ...next,
      make("div", { class: "ab-row" }, this.writeButton, this.clearButton),
      form,
      this.lessons,
    ];
  }

  /** The model of a state; each is counted once. */
  model({ text, own }, round) {
    const key = `${text} ${round} ${own}`;
    if (!this.known.has(key)) {
      if (this.known.size > MOST_KNOWN) this.known.clear();
      const { rounds, heldOut, mixture } = this.data;
      const sentences = [...this.data[text].slice(0, rounds[round]), ...parted(own, this.size)];
      this.known.set(key, read(sentences, heldOut, mixture, this.size));
    }
    return this.known.get(key);
  }

  feed() {
    const { rounds } = this.data;
    const round = this.state.round + 1;
    if (round === rounds.length) return;
    const bits = this.model(this.state, round).bits;
    this.change({ round }, `It has read ${counted(rounds[round], "sentence")}. Surprise: ${decimal(bits)} bits a word.`);
  }

  choose(text) {
    const what = text === "real" ? "sentences as they are" : "the same words in shuffled order";
    const bits = this.model({ ...this.state, text }, this.state.round).bits;
    this.change({ text }, `It reads ${what}. Surprise: ${decimal(bits)} bits a word.`);
  }

  teach(event) {
    event.preventDefault();
    const sentence = sentenceOf(this.field.value, this.data.words, LONGEST);
    const own = [...this.state.own, ...joined([sentence], this.size)];
    if (!sentence.length) return this.say("Type a few words first.");
    if (own.length > MOST_OWN) return this.say("It has read enough of yours: start over to teach it more.");
    const strange = sentence.filter((word) => word === this.data.words.length).length;
    const note = strange ? ` ${counted(strange, "word")} in it ${strange === 1 ? "is" : "are"} unknown.` : "";
    return this.change({ own }, `It has read your sentence.${note}`);
  }

  continueWith(word) {
    if (word === this.size - 1) return this.change({ before: [] }, "The sentence ends, and a new one begins.");
    if (this.state.before.length === LONGEST) return this.say("This sentence is long enough: begin a new one.");
    return this.change({ before: [...this.state.before, word] }, `The sentence goes on: ${this.spell(word)}.`);
  }

  write() {
    const { counts } = this.model(this.state, this.state.round);
    const draw = next(this.state.draw, MOST_DRAWS);
    const before = this.state.before.length === LONGEST ? [] : this.state.before;
    const sentence = written(counts, before, this.data.writing, this.size, draw, LONGEST);
    this.change({ draw, before: sentence }, `It writes: ${sentence.map((word) => this.spell(word)).join(" ") || "nothing"}.`);
  }

  spell(word) {
    return this.data.words[word] ?? (word === this.size - 1 ? "(end)" : "(unknown)");
  }

  render(state, { rounds }) {
    const { round, text, before, own } = state;
    const model = this.model(state, round);
    const more = rounds[round + 1];
    this.feedButton.textContent = more ? `Feed it ${more - rounds[round]} sentences` : "It has read everything";
    enable(this.feedButton, Boolean(more));
    this.texts.forEach((control, at) => control.setAttribute("aria-pressed", String(text === ["real", "shuffled"][at])));
    this.showFacts(model, round);
    this.showGraph(state);
    this.showWords(distribution(model.counts, before, this.data.mixture, this.size), before, round === 0 && !own.length);
    const lessons = parted(own, this.size).length;
    this.lessons.textContent = lessons ? `It has read ${counted(lessons, "sentence")} of yours.` : "";
    enable(this.clearButton, before.length > 0);
  }

  showFacts({ words, bits, among }, round) {
    tell(this.facts, [
      ["sentences read", decimal(this.data.rounds[round], 0)],
      ["words read", decimal(words, 0)],
      ["round", `${round} of ${this.data.rounds.length - 1}`],
      ["surprise", `${decimal(bits)} bits`],
      ["like choosing among", `${decimal(among, 0)} words`],
    ]);
  }

  showGraph(state) {
    const { rounds } = this.data;
    const bits = rounds.slice(0, state.round + 1).map((_, round) => this.model(state, round).bits);
    this.graph.replaceChildren(
      chart({
        lines: [{ points: bits.map((value, round) => [round, value]), style: state.text === "real" ? 1 : 2 }],
        x: { range: [0, rounds.length - 1], ticks: rounds.map((read, round) => [round, String(read)]), label: "sentences read" },
        y: { range: [0, 9], ticks: [0, 2, 4, 6, 8].map((value) => [value, String(value)]), label: "bits a word" },
        says: `Surprise after each round, in bits a word: ${bits.map((value) => decimal(value, 1)).join(", ")}.`,
      }),
    );
  }

  showWords(chances, before, blank) {
    this.sentence.replaceChildren(before.map((word) => this.spell(word)).join(" "), make("span", { class: "ab-gap" }, before.length ? " \u2026" : "\u2026"));
    const shown = likeliest(chances, BARS);
    fill(this.bars, shown.length, () => {
      const bar = make("span", { class: "ab-bar", "aria-hidden": "true" });
      const control = button("", () => this.continueWith(Number(control.dataset.word)), { class: "ab-word" });
      return make("li", {}, control, make("span", { class: "ab-track" }, bar), make("span", { class: "ab-number" }));
    });
    shown.forEach((word, at) => {
      const [control, track, number] = this.bars.children[at].children;
      control.dataset.word = word;
      control.textContent = this.spell(word);
      track.firstChild.style.setProperty("--part", chances[word]);
      number.textContent = percent(chances[word], 1);
    });
    const { others, share } = remaining(chances, shown);
    this.rest.textContent = blank
      ? `All ${chances.length} are equally likely; these are the first of them.`
      : `The other ${others} share the remaining ${percent(share)}.`;
  }
}

define("ab-tiny-model", TinyModel);
