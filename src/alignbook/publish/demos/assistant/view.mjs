// The assistant in the page: what a reader types, continued by each of the build's models, side by side.

import { button, counted, enable, make } from "../shared/dom.mjs";
import { DemoElement, define } from "../shared/element.mjs";
import { LoadError, load } from "../shared/loading.mjs";
import { text, whole, write } from "../shared/state.mjs";
import { unpack } from "./model.mjs";
import { letWrite } from "./running.mjs";
import { Voice } from "./voice.mjs";
import { Writing } from "./writing.mjs";
import "./view.css";

const LONGEST = 200;
const DRAWS = 999;

const models = new Map();

/** A model, loaded when it is first asked, once for all demos of a page. */
async function model(digest) {
  await load(`model-${digest}.js`);
  if (!models.has(digest)) models.set(digest, unpack(globalThis.alignbookModels[digest]));
  return models.get(digest);
}

class Assistant extends DemoElement {
  fields({ prompts }) {
    return { prompt: text(LONGEST, prompts[0]), temperature: whole(0, 15), draw: whole(0, DRAWS) };
  }

  build({ voices, prompts }) {
    this.turn = 0; // counts what was asked: what is still written for an earlier turn is not shown
    this.writings = [];
    this.voices = voices.map((voice) => new Voice(voice, (said) => this.say(said)));
    this.columns = make("div", { class: "ab-voices" }, ...this.voices.map((voice) => voice.box));
    this.field = make("input", { maxlength: LONGEST, autocomplete: "off", spellcheck: "false" });
    this.stopButton = button("Stop", () => this.stop());
    const ask = make("form", { class: "ab-row", onsubmit: (event) => this.ask(event) });
    ask.append(make("label", { class: "ab-asked" }, "Your text ", this.field), make("button", {}, "Ask"), this.stopButton);
    const suggested = prompts.map((prompt) => button(prompt, () => this.put({ prompt })));
    this.slider = make("input", { type: "range", min: 0, max: 15, oninput: () => this.showWarmth() });
    this.slider.addEventListener("change", () => this.put({ temperature: Number(this.slider.value) }));
    this.warmth = make("output", {});
    this.drawButton = button("Draw again", () => this.put({ draw: (this.state.draw + 1) % (DRAWS + 1) }));
    return [
      ask,
      make("div", { class: "ab-row ab-suggested", role: "group", "aria-label": "Texts to try" }, ...suggested),
      make("div", { class: "ab-row" }, make("label", {}, "Temperature ", this.slider), this.warmth, this.drawButton),
      this.columns,
    ];
  }

  ask(event) {
    event.preventDefault();
    const prompt = this.field.value.trim();
    if (prompt) this.put({ prompt });
    else this.say("Write something first.");
  }

  /** Let the models write, with some fields of the state changed, or with none. */
  put(fields) {
    const said = `Asking ${this.data.voices.map((voice) => voice.title).join(", ")}.`;
    this.asking = true;
    if (Object.keys(fields).some((name) => fields[name] !== this.state[name])) {
      this.change(fields, said);
    } else {
      this.show();
      this.say(said);
    }
    this.asking = false;
  }

  /** The beginning shows what was computed with the book, until somebody asks; any other state is computed here. */
  render(state, { answers }) {
    this.field.value = state.prompt;
    this.slider.value = state.temperature;
    this.showWarmth();
    enable(this.drawButton, state.temperature > 0);
    if (this.asking || write(this.table, state)) {
      this.run(state, this.frame.classList.contains("ab-ready"));
    } else {
      this.end();
      this.voices.forEach((voice, at) => voice.show(state.prompt, answers[at]));
    }
  }

  /** Show what the slider means, also while it moves. */
  showWarmth() {
    const temperature = this.slider.value / 10;
    this.warmth.value = temperature ? temperature.toFixed(1) : "0: the most probable token";
  }

  /** Let the models write; `aloud` where a reader has just asked for it. */
  async run({ prompt, temperature, draw }, aloud) {
    this.end();
    const { turn } = this;
    const ended = () => turn !== this.turn;
    this.busy(true);
    try {
      const loaded = await Promise.all(this.data.voices.map((voice) => model(voice.model)));
      if (ended()) return;
      const settings = { temperature: temperature / 10, draw };
      this.writings = loaded.map((one, at) => new Writing(one, prompt, { ...settings, ...this.data.voices[at] }));
      const follow = () => this.voices.forEach((voice, at) => voice.follow(prompt, this.writings[at]));
      const took = await letWrite(this.writings, follow, ended);
      if (ended()) return;
      const rate = Math.round((1000 * this.steps) / took);
      this.finish(aloud && `${this.written} written; ${rate.toLocaleString("en")} a second, those that were read included.`);
    } catch (error) {
      if (!(error instanceof LoadError || error instanceof RangeError)) throw error;
      if (ended()) return;
      for (const voice of this.voices) voice.show(prompt, "");
      this.finish(error.message);
    }
  }

  get written() {
    return counted(this.writings.reduce((sum, writing) => sum + writing.written, 0), "token");
  }

  get steps() {
    return this.writings.reduce((sum, writing) => sum + writing.reader.length, 0);
  }

  stop() {
    this.turn++;
    this.finish(`Stopped, with ${this.written} written.`);
  }

  /** Whatever is still written is not wanted any more. */
  end() {
    this.turn++;
    this.writings = [];
    this.busy(false);
  }

  busy(on) {
    enable(this.stopButton, on);
    this.columns.setAttribute("aria-busy", String(on));
  }

  /** Open what is inside and say how it ended, with the answers for whoever listens. */
  finish(said) {
    for (const voice of this.writings.length ? this.voices : []) voice.open();
    this.busy(false);
    if (!said) return;
    this.say(said);
    const answers = this.writings.length ? this.voices.map((voice) => `${voice.voice.title}: ${voice.text}`) : [];
    this.status.append(make("span", { class: "visually-hidden" }, ` ${answers.join(" ")}`));
  }
}

define("ab-assistant", Assistant);
