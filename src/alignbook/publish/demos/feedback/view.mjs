// You are the human feedback: two answers a round, the reward that your picks make, and what it does with new answers.

import { button, counted, decimal, enable, make, percent } from "../shared/dom.mjs";
import { DemoElement, define } from "../shared/element.mjs";
import { marks } from "../shared/state.mjs";
import { course, likeness, ranked, tally } from "./logic.mjs";
import "./view.css";

const NAMES = ["A", "B"];

class Feedback extends DemoElement {
  fields({ rounds }) {
    return { picks: marks("AB-", rounds.length), looked: marks("01", rounds.length) };
  }

  build() {
    this.progress = make("p", { class: "ab-muted" });
    this.question = make("p", { class: "ab-question" });
    this.choices = NAMES.map((name) => button("", () => this.pick(name), { class: "ab-choice" }));
    this.skipButton = button("Cannot say", () => this.pick("-"));
    this.lookButton = button("Look it up", () => this.lookUp());
    this.truth = make("p", { class: "ab-truth" });
    this.weights = make("ul", { class: "ab-bars" });
    this.likeness = make("ul", { class: "ab-bars" });
    this.fresh = make("div", { class: "ab-fresh" });
    this.verdict = make("p");
    return [
      this.progress,
      this.question,
      make("div", { class: "ab-choices", role: "group", "aria-label": "Which answer is better?" }, ...this.choices),
      make("div", { class: "ab-row" }, this.skipButton, this.lookButton, this.truth),
      this.status,
      make("p", { class: "ab-label" }, "What your picks have made rewarding"),
      this.weights,
      make("p", { class: "ab-label" }, "What your reward does with new questions"),
      this.fresh,
      make("p", { class: "ab-label" }, "Who picks like you"),
      this.likeness,
      this.verdict,
    ];
  }

  pick(mark) {
    const { picks } = this.state;
    if (picks.length === this.data.rounds.length) return;
    const after = course(this.data.rounds, picks + mark, this.data.rate).at(-1);
    const looked = this.state.looked.padEnd(picks.length + 1, "0");
    const said =
      mark === "-"
        ? "Skipped: nothing is learned from it."
        : `You picked ${mark}. The reward gave that ${percent(after.expected)}, and has moved by ` +
          `${percent(1 - after.expected)} of a full step towards it.`;
    this.change({ picks: picks + mark, looked }, said);
  }

  lookUp() {
    const at = this.state.picks.length;
    if (this.state.looked.length > at || at === this.data.rounds.length) return;
    this.change({ looked: `${this.state.looked.padEnd(at, "0")}1` }, `The register says: ${this.data.rounds[at].truth}`);
  }

  render({ picks, looked }, { rounds, traits, rate }) {
    const at = picks.length;
    const round = rounds[at];
    this.progress.textContent = round ? `Round ${at + 1} of ${rounds.length}` : "All rounds are done.";
    this.question.textContent = round ? round.question : "Start over to be somebody else.";
    this.choices.forEach((choice, side) => {
      choice.textContent = round ? `${NAMES[side]}: ${round.answers[side].text}` : "\u2014";
      enable(choice, Boolean(round));
    });
    const known = round && looked[at] === "1";
    enable(this.skipButton, Boolean(round));
    enable(this.lookButton, Boolean(round) && !known);
    this.truth.textContent = known ? round.truth : "";
    const weights = course(rounds, picks, rate).at(-1)?.weights ?? traits.map(() => 0);
    this.showWeights(weights, tally(rounds, picks));
    this.showFresh(weights, picks);
    this.showLikeness(picks, looked);
  }

  showWeights(weights, counts) {
    const largest = Math.max(1, ...weights.map(Math.abs));
    this.weights.replaceChildren(
      ...weights.map((weight, trait) => {
        const [shown, chosen] = counts[trait];
        const bar = make("span", { class: "ab-bar ab-signed", "aria-hidden": "true", style: `--part: ${weight / largest}` });
        const share = shown ? ` (${chosen} of ${shown})` : "";
        return make("li", {}, make("span", {}, this.data.traits[trait]), make("span", { class: "ab-track" }, bar),
          make("span", { class: "ab-number" }, `${decimal(weight, 2, true)}${share}`));
      }),
    );
  }

  showFresh(weights, picks) {
    const blank = !/[AB]/.test(picks);
    this.fresh.replaceChildren(
      ...this.data.fresh.map(({ question, answers }) => {
        const [best] = ranked(answers, weights);
        const answer = blank ? "\u2026" : answers[best].text;
        const right = blank ? "" : answers[best].traits[0] === 1 ? "right" : "not right";
        return make("p", {}, `${question} `, make("strong", {}, answer), right && make("span", { class: "ab-muted" }, ` (${right})`));
      }),
    );
  }

  showLikeness(picks, looked) {
    const shares = likeness(this.data.rounds, picks);
    this.likeness.replaceChildren(
      ...shares.map((share, kind) =>
        make("li", {}, make("span", {}, this.data.kinds[kind]),
          make("span", { class: "ab-track" }, make("span", { class: "ab-bar", "aria-hidden": "true", style: `--part: ${share}` })),
          make("span", { class: "ab-number" }, percent(share)))),
    );
    const best = shares.indexOf(Math.max(...shares));
    const times = [...looked].filter((mark) => mark === "1").length;
    this.verdict.textContent = /[AB]/.test(picks)
      ? `You pick most like the ${this.data.kinds[best]} raters, and have looked up ${counted(times, "answer")}.`
      : "Nothing is known of you yet: every kind of rater is as probable as any other.";
  }
}

define("ab-feedback", Feedback);
