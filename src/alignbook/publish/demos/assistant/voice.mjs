// One model's column: its answer and, for whoever looks inside, each token with its chances and what was looked at.

import { button, counted, make, percent } from "../shared/dom.mjs";
import { choose, roving } from "./roving.mjs";
import { likeliest } from "./sampling.mjs";

const SHOWN = 5;
const NAMED = 3;

export class Voice {
  /**
   * @param voice the model, as the demo's data describe it
   * @param say tells the reader something
   */
  constructor(voice, say) {
    this.voice = voice;
    this.say = say;
    const group = (part, kind) => make("div", { class: kind, role: "group", "aria-label": `${part} of ${voice.title}` });
    const muted = (text = "") => make("p", { class: "ab-muted" }, text);
    this.answer = make("p", { class: "ab-answer" });
    this.count = muted();
    this.tokens = group("Tokens", "ab-tokens");
    this.about = muted();
    this.chances = make("ul", { class: "ab-bars" });
    this.heads = group("Heads", "ab-heads");
    this.looks = make("p");
    this.hint = muted("Press Ask: what stands here is computed in your browser.");
    this.inside = make("div", {}, this.tokens, this.about, this.chances, this.heads, this.looks);
    const summary = make("summary", {}, "Look inside", make("span", { class: "visually-hidden" }, ` ${voice.title}`));
    this.fold = make("details", { open: voice.open }, summary, this.hint, this.inside);
    const title = make("p", { class: "ab-label" }, voice.title);
    this.box = group("Answer", "ab-voice");
    this.box.append(title, muted(voice.says), this.answer, this.count, this.fold);
    roving(this.tokens);
    roving(this.heads);
  }

  /** Show an answer without what is inside. */
  show(prompt, text) {
    this.fill(prompt, text);
    this.count.textContent = "";
    this.inside.hidden = true;
    this.hint.hidden = false;
  }

  /** A reply by itself; what only continues a text, with that text. */
  fill(prompt, text) {
    const before = this.voice.chats ? [] : [make("span", { class: "ab-muted" }, prompt)];
    this.answer.replaceChildren(...before, text);
  }

  /** Show a text as far as it is written. */
  follow(prompt, writing) {
    this.writing = writing;
    this.fill(prompt, this.text);
    this.count.textContent = `${counted(writing.prompt, "token")} read, ${writing.written} written`;
  }

  /** What was written, without the space that the chat template puts before a reply. */
  get text() {
    return this.voice.chats ? this.writing.text.replace(/^ /, "") : this.writing.text;
  }

  /** Show the tokens of a text that will not become longer, and look at the first one that was written. */
  open() {
    const { ids, prompt, reader, stopped } = this.writing;
    if (ids.length === prompt) return; // the reader stopped it before it came to write
    const end = stopped ? !this.text.trim() && "(It ended without a word.)" : "\u2026";
    if (end) this.answer.append(make("span", { class: "ab-muted" }, end));
    this.opened = this.writing;
    const { layers, heads } = reader.config;
    this.marks = ids.map((id, place) => this.token(id, place));
    this.tokens.replaceChildren(...this.marks);
    const row = (name, ...buttons) => make("div", { class: "ab-row" }, make("span", { class: "ab-muted" }, name), ...buttons);
    const all = this.headButton("All heads", undefined);
    const each = (layer) => Array.from({ length: heads }, (_, head) => this.headButton(`${head + 1}`, { layer, head }));
    const rows = Array.from({ length: layers }, (_, layer) => row(`Layer ${layer + 1}`, ...each(layer)));
    this.heads.replaceChildren(row("Attention", all), ...rows);
    this.inside.hidden = false;
    this.hint.hidden = true;
    this.turnTo({ place: prompt, head: undefined });
  }

  token(id, place) {
    const kinds = { "ab-special": this.opened.tokenizer.name(id), "ab-written": place >= this.opened.prompt };
    const kind = ["ab-token", ...Object.keys(kinds).filter((name) => kinds[name])].join(" ");
    return this.looker({ place }, { class: kind }, ...visible(this.name(id)));
  }

  headButton(label, head) {
    const made = this.looker({ head }, head ? { "aria-label": headName(head) } : {}, label);
    made.head = head;
    return made;
  }

  /** A button that looks at something when it is pointed at, focused or pressed. */
  looker(change, attributes, ...children) {
    const chosen = () => this.look(change, true);
    const made = button("", chosen, { ...attributes, onfocus: chosen, onpointerenter: () => this.look(change) });
    made.append(...children);
    return made;
  }

  /** Look at another token, or with another head; `aloud` where the reader chose it, and not only passed over it. */
  look(change, aloud = false) {
    if (Object.keys(change).some((part) => change[part] !== this[part])) this.turnTo(change);
    const said = "head" in change ? this.looks.textContent : this.seen;
    if (aloud && said !== this.said) this.say(said);
    this.said = aloud ? said : undefined;
  }

  turnTo(change) {
    Object.assign(this, change);
    choose(this.marks, this.marks[this.place]);
    const heads = [...this.heads.querySelectorAll("button")];
    choose(heads, heads.find((one) => one.head === this.head));
    const shares = this.place ? this.opened.lookedFrom(this.place, this.head) : [];
    const most = Math.max(...shares); // what was looked at most is marked most, however little that is
    const part = (at) => (at < this.place ? (shares[at] / most).toFixed(2) : "0");
    this.marks.forEach((mark, at) => {
      if (mark.style.getPropertyValue("--look") !== part(at)) mark.style.setProperty("--look", part(at));
    });
    this.showLooks(shares);
    this.seen = this.showChances();
  }

  showChances() {
    const { ids, prompt, temperature } = this.opened;
    const { place } = this;
    const chosen = ids[place];
    if (place === 0) {
      this.about.textContent = `${this.quoted(chosen)} is where everything begins: nothing leads to it.`;
      this.chances.replaceChildren();
      return this.about.textContent;
    }
    const shares = this.opened.chancesAt(place);
    const first = likeliest(shares, SHOWN);
    const what = place < prompt ? "What the model expected where you wrote this" : "What it could have written here";
    this.about.textContent = place >= prompt && temperature > 0 ? `${what}, at temperature ${temperature}` : what;
    const shown = first.includes(chosen) ? first : [...first, chosen];
    this.chances.replaceChildren(...shown.map((id) => this.chance(id, shares[id], id === chosen)));
    const best = first.slice(0, NAMED).map((id) => `${this.quoted(id)} ${percent(shares[id])}`);
    return `${this.quoted(chosen)} had ${percent(shares[chosen])}. Most probable here: ${best.join(", ")}.`;
  }

  chance(id, share, chosen) {
    const name = make("span", { class: "ab-name" }, ...visible(this.name(id)));
    const bar = make("span", { class: "ab-bar", "aria-hidden": "true", style: `--part: ${share}` });
    const number = make("span", { class: "ab-number" }, percent(share, 1));
    return make("li", { class: chosen && "ab-chosen" }, name, make("span", { class: "ab-track" }, bar), number);
  }

  showLooks(shares) {
    const most = likeliest(shares, NAMED).map((at) => `${this.quoted(this.opened.ids[at])} ${percent(shares[at])}`);
    const who = this.head ? headName(this.head) : "All heads together";
    this.looks.textContent = `${who} looked ${most.length ? `most at ${most.join(", ")}` : "at nothing before it"}.`;
  }

  /** A token's text, or what a special one is called. */
  name(id) {
    const { tokenizer } = this.opened;
    const special = tokenizer.name(id);
    return special ? `[${special.replace(/[<|>]/g, "").replaceAll("-", " ")}]` : tokenizer.decode([id]);
  }

  /** The same within a sentence. */
  quoted(id) {
    const name = this.name(id);
    return this.opened.tokenizer.name(id) ? name : `\u201c${name.trim() || name.replaceAll("\n", "\u21b5")}\u201d`;
  }
}

const headName = ({ layer, head }) => `Layer ${layer + 1}, head ${head + 1}`;

/** A text with signs for what cannot be seen; whoever listens hears it without them. */
function visible(text) {
  const sign = (shown) => make("span", { class: "ab-sign", "aria-hidden": "true" }, shown);
  const parts = text.split(/(^ |\n)/).map((part) => (part === " " ? sign("\u2423") : part === "\n" ? sign("\u21b5") : part));
  return text.trim() ? parts : [...parts, make("span", { class: "visually-hidden" }, "white space")];
}
