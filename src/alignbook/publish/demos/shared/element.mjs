// What all demos have in common: data, a state that can be undone and shared, and one line that says what changed.

import { button, enable, make } from "./dom.mjs";
import { address, keep, kept } from "./keeping.mjs";
import { begin, read, write } from "./state.mjs";
import "./demo.css";

const LONGEST_PAST = 200;

/**
 * The base of a demo's element. A subclass gives
 *
 * - `fields(data)`: its state as a table of fields (state.mjs);
 * - `build(data)`: an array of nodes, made once, with controls that call `this.change`; `this.status`, the line that says
 *   what changed, may stand among them, and comes last otherwise;
 * - `render(state, data)`: shows a state in these nodes;
 *
 * and computes nothing: that is the work of its logic.mjs.
 */
export class DemoElement extends HTMLElement {
  connectedCallback() {
    if (this.live) return;
    this.frame = this.closest(".ab-demo") ?? this;
    this.key = (this.frame.id || this.localName).replace(/^demo-/, "");
    this.data = JSON.parse(this.querySelector('script[type="application/json"]').textContent);
    this.table = this.fields(this.data);
    this.state = kept(this.key).map((text) => read(this.table, text)).find(Boolean) ?? begin(this.table);
    this.past = [];
    this.status = make("p", { class: "ab-said", role: "status" });
    this.live = make("div", { class: "ab-live" }, ...this.build(this.data));
    if (!this.live.contains(this.status)) this.live.append(this.status);
    this.live.append(this.tools());
    this.append(this.live);
    this.show();
    this.frame.classList.add("ab-ready");
  }

  tools() {
    this.undoButton = button("Undo", () => this.undo());
    this.printedButton = button("Printed form", () => this.print(), { "aria-expanded": "false" });
    this.linkField = make("input", { class: "ab-link", readonly: true, "aria-label": "Link to this state", hidden: true });
    const group = make("div", { class: "ab-tools", role: "group", "aria-label": "This demo" });
    group.append(
      this.undoButton,
      button("Start over", () => this.reset()),
      button("Copy link", () => this.share()),
      this.printedButton,
      this.linkField,
    );
    return group;
  }

  /** Change some fields of the state, and say what happened. */
  change(fields, said) {
    this.past = [...this.past, this.state].slice(-LONGEST_PAST);
    this.take({ ...this.state, ...fields }, said);
  }

  undo() {
    if (this.past.length) this.take(this.past.pop(), "Undone.");
  }

  reset() {
    this.past = [...this.past, this.state].slice(-LONGEST_PAST);
    this.take(begin(this.table), "Back at the beginning.");
  }

  take(state, said) {
    this.state = state;
    keep(this.key, write(this.table, state));
    this.show();
    this.say(said);
  }

  show() {
    this.render(this.state, this.data);
    enable(this.undoButton, this.past.length > 0);
  }

  /** Say something to everybody: on the page, and aloud. */
  say(text) {
    const again = this.status.textContent === text ? "\u00a0" : ""; // the same words once more are news, too
    this.status.textContent = text + again;
  }

  async share() {
    const link = address(this.key, write(this.table, this.state), this.frame.id);
    try {
      await navigator.clipboard.writeText(link);
      this.say("A link to this state is in the clipboard.");
    } catch {
      this.linkField.hidden = false;
      this.linkField.value = link;
      this.linkField.select();
      this.say("Here is a link to this state, ready to be copied.");
    }
  }

  print() {
    const shown = this.frame.classList.toggle("ab-printed");
    this.printedButton.setAttribute("aria-expanded", String(shown));
    this.say(shown ? "The printed form stands below." : "The printed form is hidden.");
  }
}

/** Give an element its name; twice is no error, as when a page holds the script twice. */
export function define(name, element) {
  const taken = Object.getOwnPropertyNames(element.prototype).find((own) => own !== "constructor" && own in HTMLElement.prototype);
  if (taken) throw Error(`${name}: every element has a method called ${taken}: call this one something else`);
  if (!customElements.get(name)) customElements.define(name, element);
}
