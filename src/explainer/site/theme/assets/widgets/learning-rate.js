// @ts-check
/**
 * Gradient descent in a valley: where a learning rate leads from where the reader puts the start.
 *
 * @typedef {{curvature: number, start: number, steps: number, rates: number[], near: number}} Data
 * @typedef {{rate: number, start: number}} State
 */

import { arrival, walk } from "../compute/descent.js";
import { define, svg } from "./base.js";
import { Plot, handle, marker, within } from "./plot.js";

const HEIGHT = 300;
const FAR = 1.6;
const CURVE_STEPS = 80;
const [LEAST, MOST, STEP] = [0.01, 0.6, 0.01];

class View {
  /** @param {import("./base.js").Widget<State, Data>} widget */
  constructor(widget) {
    this.widget = widget;
    const { words, data } = widget;
    this.plot = new Plot({
      label: words.plot, height: HEIGHT,
      x: { min: -FAR, max: FAR, label: "w" },
      y: { min: 0, max: this.height(FAR), label: words.loss },
    });
    this.plot.clip(`${widget.name}-frame`);
    this.valley = svg("path", { class: "line role-neutral" });
    this.way = svg("path", { class: "line widget-thin role-error" });
    this.stops = svg("g", { class: "role-parameter" });
    this.plot.marks.append(this.valley, this.way, this.stops);
    this.grip = handle(this.plot, { label: words.start, role: "seal", step: [0.05, 0], move: (x) => this.change({ start: within(x, this.plot.x) }) });
    this.slider = widget.slider({
      label: words.rate, min: LEAST, max: MOST, step: STEP, role: "seal",
      change: (rate) => this.change({ rate }), text: (value) => widget.number(value, 2),
    });
    this.numbers = widget.numbers([
      ["factor", words.factor, "parameter"],
      ["last", widget.fill(words.last, { steps: data.steps }), "parameter"],
      ["verdict", words.verdict, "seal"],
    ]);
    widget.stage.append(this.plot.node, this.slider.node, this.numbers.node);
  }

  /** @param {number} w */
  height(w) {
    return (this.widget.data.curvature * w * w) / 2;
  }

  /** @param {Partial<State>} change */
  change(change) {
    this.widget.set(change);
    this.widget.say(this.verdict());
  }

  path() {
    const { state, data } = this.widget;
    return walk(state.start, state.rate, data.curvature, data.steps);
  }

  verdict() {
    const { widget } = this;
    const { words, data } = widget;
    const factor = 1 - widget.state.rate * data.curvature;
    const steps = arrival(this.path(), data.near);
    if (Math.abs(factor) < 1e-9) return words.atOnce;
    if (factor < -1 - 1e-9) return words.away;
    if (factor < -1 + 1e-9) return words.forever;
    if (steps < 0) return words.late;
    return widget.fill(factor > 0 ? words.walks : words.swings, { steps });
  }

  draw() {
    const { widget, plot } = this;
    const { rate, start } = widget.state;
    plot.layout(widget.width);
    const places = Array.from({ length: CURVE_STEPS + 1 }, (_, at) => -FAR + (2 * FAR * at) / CURVE_STEPS);
    this.valley.setAttribute("d", plot.path(places.map((w) => [w, this.height(w)])));
    const path = this.path();
    /** @type {[number, number][]} */
    const stops = path.map((w) => [within(w, { min: -2 * FAR, max: 2 * FAR }), this.height(w)]);
    this.way.setAttribute("d", plot.path(stops));
    this.stops.replaceChildren(
      ...stops.slice(1).filter(([w]) => Math.abs(w) < FAR).map(([w, height]) => {
        const dot = marker("parameter", 3.2);
        dot.setAttribute("transform", `translate(${plot.px(w).toFixed(1)},${plot.py(height).toFixed(1)})`);
        return dot;
      }),
    );
    this.grip.show(start, this.height(start), widget.number(start, 2));
    this.slider.show(rate);
    const factor = 1 - rate * widget.data.curvature;
    this.numbers.show({ factor: widget.number(factor, 2), last: widget.figures(path[path.length - 1], 3), verdict: this.verdict() });
  }
}

define("learning-rate", {
  /** @param {Data} data @returns {State} */
  begin: ({ rates, start }) => ({ rate: rates[2], start }),
  allows: ({ rate, start }) => rate >= LEAST && rate <= MOST && Math.abs(start) <= FAR,
  View,
});
