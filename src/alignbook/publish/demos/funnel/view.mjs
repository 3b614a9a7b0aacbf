// A document walks the funnel: its text, the steps it has come to, and a bet.

import { button, counted, enable, fill, make } from "../shared/dom.mjs";
import { DemoElement, define } from "../shared/element.mjs";
import { whole, wholes } from "../shared/state.mjs";
import { furthest, scored, standing, textAt, withBet } from "./logic.mjs";
import "./view.css";

const SIGNS = { passed: "passed", changed: "passed, changed", dropped: "dropped" };
const TAGS = { "=": "span", "-": "del", "+": "ins" };

class Funnel extends DemoElement {
  fields({ documents, steps }) {
    return {
      document: whole(0, documents.length - 1),
      at: whole(0, steps.length),
      bets: wholes(0, steps.length + 1, documents.length),
    };
  }

  build({ documents, steps }) {
    this.choose = this.select("Document", documents.map(({ title }) => title), (document) =>
      this.change({ document, at: 0 }, `${documents[document].title} is at the top of the funnel.`),
    );
    const ends = ["no bet", ...steps.map(({ name }) => name), "none: it comes out"];
    this.bet = this.select("Your bet: it is stopped by", ends, (bet) => this.place(bet, ends[bet]));
    this.text = make("div", { class: "ab-text", tabindex: 0, role: "region", "aria-label": "Text of the document" });
    this.stepButton = button("Next step", () => this.walk(this.state.at + 1));
    this.endButton = button("Walk to the end", () => this.walk(steps.length));
    this.list = make("ol", { class: "ab-steps" });
    return [
      make("div", { class: "ab-row" }, this.choose.label, this.bet.label),
      this.text,
      make("div", { class: "ab-row" }, this.stepButton, this.endButton),
      this.status,
      this.list,
    ];
  }

  select(label, texts, chosen) {
    const control = make("select", {}, ...texts.map((text, value) => make("option", { value }, text)));
    control.addEventListener("change", () => chosen(Number(control.value)));
    return { control, label: make("label", { class: "ab-field" }, label, control) };
  }

  place(bet, end) {
    const { bets, document } = this.state;
    const said = bet ? `You bet: ${end}.` : "No bet.";
    this.change({ bets: withBet(bets, document, bet, this.data.documents.length) }, said);
  }

  walk(to) {
    const { steps, documents } = this.data;
    const one = documents[this.state.document];
    const at = Math.min(to, furthest(one, steps.length));
    if (at === this.state.at) return;
    const made = standing(one, at)[at - 1];
    const done = at === furthest(one, steps.length);
    this.change({ at }, done ? this.told(one) : `${steps[at - 1].name}: ${SIGNS[made]}.`);
  }

  /** How a document ended, what it was, and what became of the bets. */
  told({ end, reason, planted }) {
    const { steps, documents } = this.data;
    const { bets, document } = this.state;
    const fate = end < steps.length ? `Dropped by ${steps[end].name}: ${reason}.` : "It comes out at the end.";
    const what = planted ? `It was planted: ${planted}.` : "It is a real page.";
    const bet = bets[document] ?? 0;
    if (!bet) return `${fate} ${what}`;
    const [made, right] = scored(documents, bets);
    const mine = bet === end + 1 ? "You were right" : "You bet otherwise";
    return `${fate} ${what} ${mine}: ${right} of ${counted(made, "bet")} right.`;
  }

  render({ document, at, bets }, { documents, steps }) {
    const one = documents[document];
    const last = furthest(one, steps.length);
    this.choose.control.value = document;
    this.bet.control.value = bets[document] ?? 0;
    this.bet.control.disabled = at > 0;
    enable(this.stepButton, at < last);
    enable(this.endButton, at < last);
    this.text.replaceChildren(...textAt(one, at).map(({ mark, text }) => make(TAGS[mark], {}, text)));
    this.text.classList.toggle("ab-dropped", at === one.end + 1);
    if (at === last && !this.status.textContent) this.status.textContent = this.told(one); // as when a link leads here
    this.showSteps(standing(one, at), one.reason);
  }

  showSteps(found, reason) {
    const { steps } = this.data;
    fill(this.list, steps.length, () =>
      make("li", {}, make("span", { class: "ab-step-name" }), make("span", { class: "ab-step-fate" }), make("span", { class: "ab-step-asks" })),
    );
    steps.forEach(({ name, asks }, step) => {
      const item = this.list.children[step];
      const fate = found[step] ?? "";
      item.className = fate ? `ab-${fate}` : "ab-ahead";
      if (step === found.length - 1) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      [name, SIGNS[fate] ?? "", fate === "dropped" ? reason : asks].forEach((text, at) => (item.children[at].textContent = text));
    });
  }
}

define("ab-funnel", Funnel);
