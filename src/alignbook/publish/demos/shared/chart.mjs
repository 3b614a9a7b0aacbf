// A small line chart: so much of one as a demo needs.

import { draw } from "./dom.mjs";

const WIDTH = 360;
const HEIGHT = 200;
const LEFT = 30;
const RIGHT = 14;
const TOP = 26;
const BOTTOM = 34;

/** Numbers from one range to another. */
export function scale([low, high], [from, to]) {
  return (value) => from + ((value - low) / (high - low || 1)) * (to - from);
}

/**
 * A chart of lines that can be told apart without colour.
 *
 * `lines`: [{ points: [[x, y], …], style: 1 to 4 }]; `x` and `y`: { range, ticks: [[value, text], …], label }.
 * `says` is the text alternative.
 */
export function chart({ lines, x, y, says, marks = [] }) {
  const across = scale(x.range, [LEFT, WIDTH - RIGHT]);
  const up = scale(y.range, [HEIGHT - BOTTOM, TOP]);
  const place = ([h, v]) => `${across(h).toFixed(1)},${up(v).toFixed(1)}`;
  const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "ab-chart", role: "img", "aria-label": says });
  for (const [value, text] of y.ticks) {
    svg.append(
      draw("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: up(value), y2: up(value), class: "ab-rule" }),
      draw("text", { x: LEFT - 6, y: up(value) + 4, "text-anchor": "end" }, text),
    );
  }
  for (const [value, text] of x.ticks) {
    svg.append(draw("text", { x: across(value), y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" }, text));
  }
  svg.append(
    draw("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 2, "text-anchor": "middle" }, x.label),
    draw("text", { x: 0, y: 12 }, y.label),
  );
  for (const { points, style } of lines) {
    svg.append(draw("polyline", { points: points.map(place).join(" "), class: `ab-line ab-line-${style}` }));
    const [last] = points.slice(-1);
    if (last) svg.append(draw("circle", { cx: across(last[0]), cy: up(last[1]), r: 4, class: `ab-dot ab-line-${style}` }));
  }
  for (const { value, text } of marks) {
    svg.append(
      draw("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: up(value), y2: up(value), class: "ab-mark" }),
      draw("text", { x: WIDTH - RIGHT, y: up(value) - 4, "text-anchor": "end" }, text),
    );
  }
  return svg;
}
