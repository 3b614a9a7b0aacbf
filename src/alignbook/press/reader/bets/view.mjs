// A bet before a result: the result opens when a guess has been made, with what the guess was worth.

import { button, make } from "../../../publish/demos/shared/dom.mjs";
import { recall, remember } from "../device.mjs";
import { say } from "../saying.mjs";
import { compared, guessIn, LOOKED, numberIn, saidOfLetter, saidOfNumber, signed } from "./logic.mjs";
import "./bets.css";

const CLOSED = "onbeforematch" in document.documentElement ? "until-found" : ""; // so that the page can be searched

class BetView {
  constructor(box) {
    this.box = box;
    this.key = `bet:${location.pathname}:${box.dataset.bet}`;
    this.result = box.querySelector(":scope > .bet-result");
    const { from, to, unit } = box.dataset;
    this.range = from === undefined ? null : [Number(from), Number(to)];
    this.unit = unit;
    this.build();
    this.take(guessIn(recall(this.key), this.letters ?? "", this.range), null);
    this.said.setAttribute("role", "status"); // from now on: what was kept is no news
    box.classList.add("bet-ready");
  }

  build() {
    const title = this.box.querySelector(".bet-title");
    title.id = `${this.box.id}-title`;
    this.box.setAttribute("role", "group");
    this.box.setAttribute("aria-labelledby", title.id);
    this.said = make("p", { class: "bet-said" });
    this.line = make("div", { class: "bet-line", "aria-hidden": "true", hidden: true });
    this.placeButton = make("button", { type: "submit" });
    this.lookButton = button("Show the result without a bet", () => {
      this.placeButton.focus();
      this.take(LOOKED, "The result is open.");
    });
    const row = make("div", { class: "ab-row" }, this.placeButton, this.lookButton);
    this.form = make("form", { class: "ab-live", novalidate: true }, ...(this.range ? [this.numberField()] : []), row);
    if (!this.range) this.letterFields();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.place();
    });
    this.result.before(this.form, this.said, this.line);
    this.result.addEventListener("beforematch", () => this.take(LOOKED, null));
  }

  numberField() {
    const [least, most] = this.range;
    const unit = this.unit === "%" ? "%" : this.unit && ` ${this.unit}`;
    this.field = make("input", { type: "text", inputmode: "decimal", id: `${this.box.id}-guess`, autocomplete: "off", size: "6" });
    const label = make("label", { for: this.field.id }, "Your bet");
    return make("p", { class: "ab-row" }, label, this.field, `${unit} (from ${signed(least)} to ${signed(most)})`);
  }

  letterFields() {
    const list = this.box.querySelector(".bet-choices");
    this.fields = [...list.children].map((item, at) => {
      const letter = String.fromCharCode(65 + at);
      const field = make("input", { type: "radio", name: this.box.id, value: letter });
      const paragraph = item.querySelector("p") ?? item;
      const label = make("label", {}, field, make("span", { class: "quiz-letter" }, letter), make("span", {}, ...paragraph.childNodes));
      paragraph.replaceChildren(label);
      return field;
    });
    this.letters = this.fields.map((field) => field.value).join("");
    this.form.prepend(make("fieldset", {}, make("legend", { class: "visually-hidden" }, "Your bet"), list));
  }

  place() {
    if (this.guess) {
      this.take("", "The result is closed again.");
      return;
    }
    const first = this.field ?? this.fields[0];
    const guess = this.field ? this.typed() : this.fields.find((field) => field.checked)?.value;
    if (guess) {
      this.take(guess, "");
      return;
    }
    const wanted = this.range ? `Your bet must be a number from ${this.range.map(signed).join(" to ")}.` : "Choose an answer first.";
    first.focus();
    say(this.said, wanted);
  }

  typed() {
    const text = this.field.value.trim().replace(",", ".").replace("\u2212", "-").replace(/\s*%$/, "");
    return numberIn(text, ...this.range) === null ? "" : String(Number(text));
  }

  /** Take a guess, or none; `said` stands before what it is worth, and is null where nothing happened. */
  take(guess, said) {
    this.guess = guess;
    remember(this.key, guess);
    if (guess) this.result.removeAttribute("hidden");
    else this.result.setAttribute("hidden", CLOSED);
    this.placeButton.textContent = guess === LOOKED ? "Close the result" : guess ? "Take the bet back" : "Place the bet";
    this.lookButton.hidden = guess !== "";
    const made = guess !== "" && guess !== LOOKED;
    if (this.field) {
      this.field.readOnly = guess !== "";
      if (made) this.field.value = guess;
    } else {
      for (const field of this.fields) {
        field.disabled = guess !== "";
        if (made) field.checked = field.value === guess;
      }
    }
    this.box.classList.toggle("bet-made", made);
    this.compare(made);
    const worth = made ? this.worth() : guess ? "You looked without a bet." : "";
    if (said !== null || guess) say(this.said, [said, worth].filter(Boolean).join(" "));
    setTimeout(() => dispatchEvent(new Event("resize"))); // what has come into view may be wider than the page
  }

  worth() {
    if (!this.range) return saidOfLetter(this.guess, this.result.querySelector(".bet-letter").textContent);
    const { number, shown } = this.number();
    return number === null ? "" : saidOfNumber(Number(this.guess), number, shown, this.unit, ...this.range);
  }

  number() {
    const data = this.result.querySelector(".bet-number");
    return { number: data.hasAttribute("value") ? Number(data.value) : null, shown: data.textContent.trim() };
  }

  /** Draw the guess and the result on a line. */
  compare(made) {
    const { number, shown } = this.range ? this.number() : { number: null };
    this.line.hidden = !made || number === null;
    if (this.line.hidden) return;
    const { guessAt, resultAt } = compared(Number(this.guess), number, ...this.range);
    const mark = (name, at, text) =>
      make("span", { class: `bet-mark bet-${name} ${at > 0.5 ? "bet-left" : ""}`, style: `--at: ${at}` }, make("span", {}, text));
    const unit = this.unit === "%" ? "%" : "";
    this.line.replaceChildren(mark("guess", guessAt, `you: ${signed(this.guess)}${unit}`), mark("truth", resultAt, `result: ${shown}`));
  }
}

/** Open the bet that an address leads into. */
function openTarget(views) {
  const target = document.querySelector(":target");
  const view = target && views.find(({ result, guess }) => !guess && result.contains(target));
  if (!view) return;
  view.take(LOOKED, null);
  target.scrollIntoView();
}

export function startBets() {
  const views = [...document.querySelectorAll(".bet")].map((box) => new BetView(box));
  openTarget(views);
  addEventListener("hashchange", () => openTarget(views));
}
