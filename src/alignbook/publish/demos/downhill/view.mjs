// A model gets less wrong: one neuron on the map of its loss.

import { chart } from "../shared/chart.mjs";
import { button, counted, decimal, draw, enable, facts, make, percent, tell } from "../shared/dom.mjs";
import { DemoElement, define } from "../shared/element.mjs";
import { whole } from "../shared/state.mjs";
import { limited, placeOf, pointAt, reach, says, verdict, walk } from "./logic.mjs";
import "./view.css";

const UNITS = 320;
const TOLD = {
  arrived: "It has arrived at the bottom.",
  "off the map": "It has left the map.",
  uphill: "Its last step led uphill.",
  "on its way": "Its last step led downhill.",
};

class Downhill extends DemoElement {
  fields({ span: [low, high], rates, steps }) {
    return {
      w: whole(10 * low, 10 * high, 0),
      b: whole(10 * low, 10 * high, 0),
      rate: whole(0, rates.length - 1, rates.indexOf(0.5)),
      steps: whole(0, steps),
    };
  }

  build(data) {
    this.map = this.draw(data);
    this.stepButton = button("One step", () => this.go(1));
    this.moreButton = button("Ten steps", () => this.go(10));
    this.rate = this.slider("Learning rate", 0, data.rates.length - 1, (rate) => this.choose({ rate }));
    const [low, high] = data.span;
    this.w = this.slider("Start: weight", 10 * low, 10 * high, (w) => this.choose({ w, steps: 0 }));
    this.b = this.slider("Start: bias", 10 * low, 10 * high, (b) => this.choose({ b, steps: 0 }));
    this.facts = facts();
    this.graph = make("div", {});
    return [
      make("div", { class: "ab-pair" },
        make("div", {}, this.map, make("p", { class: "ab-muted ab-small" }, "Bias upwards, weight to the right. Tap to choose the start.")),
        make("div", {}, make("div", { class: "ab-row" }, this.stepButton, this.moreButton),
          this.rate.row, this.w.row, this.b.row)),
      this.status,
      make("div", { class: "ab-pair" }, this.facts, this.graph),
    ];
  }

  draw({ contours, best, span }) {
    this.trail = draw("polyline", { class: "ab-line ab-line-2 ab-trail" });
    this.dots = draw("g", {});
    this.arrow = draw("line", { class: "ab-arrow" });
    this.here = draw("circle", { r: 6, class: "ab-here" });
    const [x, y] = placeOf(best, span, UNITS);
    const lines = contours.map(([level, ...flat]) =>
      draw("polyline", { points: this.places(flat), class: "ab-contour", "stroke-opacity": 1 / (0.6 + level) }),
    );
    const map = draw("svg", { viewBox: `0 0 ${UNITS} ${UNITS}`, class: "ab-map", role: "img" }, ...lines,
      draw("path", { d: `M${x - 6} ${y}h12M${x} ${y - 6}v12`, class: "ab-best" }), this.trail, this.dots, this.arrow, this.here);
    map.addEventListener("click", ({ clientX, clientY }) => {
      const box = map.getBoundingClientRect();
      const [w, b] = pointAt((clientX - box.left) / box.width, (clientY - box.top) / box.height, span);
      this.choose({ w, b, steps: 0 });
    });
    return map;
  }

  places(flat) {
    const points = flat.filter((_, at) => at % 2 === 0).map((w, at) => placeOf({ w, b: flat[2 * at + 1] }, this.data.span, UNITS));
    return points.map((point) => point.map((value) => value.toFixed(1)).join(",")).join(" ");
  }

  slider(label, least, most, chosen) {
    const id = `${this.key}-${label.toLowerCase().replace(/[^a-z]+/g, "-")}`;
    const input = make("input", { type: "range", id, min: least, max: most, step: 1 });
    const shown = make("output", { for: id, class: "ab-number" });
    input.addEventListener("input", () => chosen(Number(input.value)));
    const row = make("div", { class: "ab-slider" }, make("label", { for: id }, label), shown, input);
    const show = (value, text) => {
      input.value = value;
      input.setAttribute("aria-valuetext", text);
      shown.textContent = text;
    };
    return { row, show };
  }

  way({ w, b, rate, steps }) {
    return walk(this.data.kinds, w / 10, b / 10, this.data.rates[rate], steps);
  }

  told(state) {
    const way = this.way(state);
    const { best, tolerance, span } = this.data;
    const found = TOLD[verdict(way, best.bits, tolerance, span)];
    return `${counted(state.steps, "step")}, surprise ${decimal(way[way.length - 1].bits, 3)} bits. ${found}`;
  }

  go(steps) {
    const next = { ...this.state, steps: limited(this.state.steps, steps, this.data.steps) };
    if (next.steps > this.state.steps) this.change({ steps: next.steps }, this.told(next));
  }

  choose(fields) {
    this.change(fields, this.told({ ...this.state, ...fields }));
  }

  render(state, { rates, span, steps }) {
    const way = this.way(state);
    const last = way[way.length - 1];
    this.rate.show(state.rate, String(rates[state.rate]));
    this.w.show(state.w, decimal(state.w / 10, 1));
    this.b.show(state.b, decimal(state.b / 10, 1));
    enable(this.stepButton, state.steps < steps);
    enable(this.moreButton, state.steps < steps);
    const places = way.map((point) => reach(placeOf(point, span, UNITS), UNITS));
    this.trail.setAttribute("points", places.map((place) => place.map((value) => value.toFixed(1)).join(",")).join(" "));
    this.dots.replaceChildren(...places.slice(0, -1).map(([cx, cy]) => draw("circle", { cx, cy, r: 2.5, class: "ab-step" })));
    const [x, y] = places[places.length - 1];
    this.here.setAttribute("cx", x);
    this.here.setAttribute("cy", y);
    this.point(last, [x, y]);
    this.map.setAttribute("aria-label", `Map of the loss. The neuron stands at weight ${decimal(last.w)} and bias ${decimal(last.b)}.`);
    this.showFacts(last, state.steps);
    this.showGraph(way);
  }

  /** The arrow: against the gradient, which points uphill. */
  point(last, [x, y]) {
    const tip = placeOf({ w: last.w - last.dw, b: last.b - last.db }, this.data.span, UNITS);
    const foot = placeOf(last, this.data.span, UNITS);
    for (const [name, value] of [["x1", x], ["y1", y], ["x2", x + tip[0] - foot[0]], ["y2", y + tip[1] - foot[1]]]) {
      this.arrow.setAttribute(name, value);
    }
  }

  showFacts(last, steps) {
    const [vowel, consonant] = says(last);
    tell(this.facts, [
      ["steps", decimal(steps, 0)],
      ["surprise, bits a letter", decimal(last.bits, 3)],
      ["weight, bias", `${decimal(last.w)}, ${decimal(last.b)}`],
      ["gradient", `${decimal(last.dw, 3)}, ${decimal(last.db, 3)}`],
      ["vowel after a vowel", percent(vowel)],
      ["vowel after a consonant", percent(consonant)],
    ]);
  }

  showGraph(way) {
    const { best, steps } = this.data;
    const last = [10, 20, 50, 100, steps].find((end) => way.length <= end + 1);
    this.graph.replaceChildren(
      chart({
        lines: [{ points: way.map(({ bits }, step) => [step, Math.min(bits, 3)]), style: 2 }],
        marks: [{ value: best.bits, text: "best possible" }],
        x: { range: [0, last], ticks: [0, last / 2, last].map((value) => [value, String(value)]), label: "steps" },
        y: { range: [0.5, 3], ticks: [1, 2, 3].map((value) => [value, value === 3 ? "3+" : String(value)]), label: "bits a letter" },
        says: `Surprise after each step: from ${decimal(way[0].bits, 3)} to ${decimal(way[way.length - 1].bits, 3)} bits a letter.`,
      }),
    );
  }
}

define("ab-downhill", Downhill);
