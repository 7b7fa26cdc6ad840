// @ts-check
/**
 * Ten probabilities at a temperature: bars that soften as it rises.
 *
 * @typedef {{logits: number[], temperature: number, names: number[]}} Data
 * @typedef {{logits: number[], temperature: number}} State
 */

import { entropyBits, softmax } from "../compute/softmax.js";
import { define, place, svg } from "./base.js";
import { Plot, handle, within } from "./plot.js";

const HEIGHT = 290;
// Temperatures are set by their logarithm to the base of two.
const [COLDEST, HOTTEST, STEP] = [-2, 6, 0.05];
const STEP_UP = 0.01;

class View {
  /** @param {import("./base.js").Widget<State, Data>} widget */
  constructor(widget) {
    this.widget = widget;
    const { words, data } = widget;
    this.plot = new Plot({
      label: words.plot, height: HEIGHT,
      x: { min: -0.6, max: data.logits.length - 0.4, label: words.digit, named: true },
      y: { min: 0, max: 1, label: words.probability, format: (value) => widget.number(value, 1) },
    });
    this.hard = data.logits.map(() => svg("rect", { class: "widget-outline role-neutral" }));
    this.soft = data.logits.map(() => svg("rect", { class: "bars role-vector" }));
    this.plot.marks.append(...this.soft, ...this.hard);
    this.grips = data.logits.map((_, at) =>
      handle(this.plot, { label: widget.fill(words.bar, { n: data.names[at] }), role: "vector", radius: 4.5, step: [0, STEP_UP], move: (_x, y) => this.pull(at, y) }),
    );
    this.slider = widget.slider({
      label: words.temperature, min: COLDEST, max: HOTTEST, step: STEP, role: "seal",
      change: (power) => this.change({ temperature: 2 ** power }), text: (power) => widget.figures(2 ** power, 3),
    });
    this.numbers = widget.numbers([["top", words.top, "vector"], ["entropy", words.entropy, "vector"]]);
    widget.stage.append(this.plot.node, this.slider.node, this.numbers.node);
  }

  /**
   * Gives one bar the height that the hand wants, by its logit; the other logits stay.
   *
   * @param {number} at
   * @param {number} y
   */
  pull(at, y) {
    const { logits, temperature } = this.widget.state;
    const rest = Math.max(...logits.filter((_, one) => one !== at));
    const others = logits.reduce((sum, z, one) => (one === at ? sum : sum + Math.exp((z - rest) / temperature)), 0);
    const p = within(y, { min: 1e-4, max: 1 - 1e-4 });
    this.change({ logits: logits.with(at, rest + temperature * Math.log((others * p) / (1 - p))) });
  }

  /** @param {Partial<State>} change */
  change(change) {
    this.widget.set(change);
    const { top, entropy } = this.shown();
    this.widget.say(this.widget.fill(this.widget.words.said, { top, entropy }));
  }

  probabilities() {
    return softmax(this.widget.state.logits, this.widget.state.temperature);
  }

  shown() {
    const soft = this.probabilities();
    return { top: this.widget.number(Math.max(...soft), 3), entropy: this.widget.number(entropyBits(soft), 2) };
  }

  draw() {
    const { widget, plot } = this;
    const { state, data } = widget;
    plot.layout(widget.width);
    const soft = this.probabilities();
    const hard = softmax(state.logits, 1);
    soft.forEach((p, at) => {
      box(plot, this.soft[at], at, p);
      box(plot, this.hard[at], at, hard[at]);
      this.grips[at].show(at, p, widget.fill(widget.words.place, { n: data.names[at], p: widget.number(p, 3), z: widget.number(state.logits[at], 1) }));
    });
    this.slider.show(Math.log2(state.temperature));
    this.numbers.show(this.shown());
  }
}

/**
 * @param {Plot} plot
 * @param {SVGRectElement} rect
 * @param {number} at
 * @param {number} p
 */
function box(plot, rect, at, p) {
  const [left, right, top, floor] = [plot.px(at - 0.35), plot.px(at + 0.35), plot.py(p), plot.py(0)];
  place(rect, { x: left, width: right - left, y: top, height: floor - top });
}

define("temperature", {
  /** @param {Data} data @returns {State} */
  begin: ({ logits, temperature }) => ({ logits, temperature }),
  allows: ({ logits, temperature }, data) => logits.length === data.logits.length && temperature >= 2 ** COLDEST && temperature <= 2 ** HOTTEST,
  View,
});
