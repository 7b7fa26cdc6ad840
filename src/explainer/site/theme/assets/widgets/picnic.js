// @ts-check
/**
 * A neuron with six inputs: what each adds to the sum, and the answer.
 *
 * @typedef {{features: string[], weight: number[], x: number[], cutoff: number}} Data
 * @typedef {{x: number[], bias: number}} State
 */

import { sigmoid, weightedSum } from "../compute/neuron.js";
import { define, html, place, svg } from "./base.js";
import { Plot, marker } from "./plot.js";

const HEIGHT = 190;
const STEP = 0.01;
const SUMS = 3;
const BIASES = 2;
const CURVE_STEPS = 60;
// Half the width of a bar that shows a product of one.
const UNIT = 20;

class View {
  /** @param {import("./base.js").Widget<State, Data>} widget */
  constructor(widget) {
    this.widget = widget;
    const { words, data } = widget;
    this.rows = data.features.map((name, at) => this.row(words[name], data.weight[at], at));
    this.bias = widget.slider({
      label: words.bias, min: -BIASES, max: BIASES, step: STEP, role: "bias",
      change: (bias) => this.change({ bias }), text: (value) => widget.number(value, 2),
    });
    this.biasBar = bar("bias");
    this.bias.node.append(this.biasBar.node);
    this.plot = new Plot({
      label: words.plot, height: HEIGHT,
      x: { min: -SUMS, max: SUMS, label: words.sum },
      y: { min: 0, max: 1, label: words.score, format: (value) => widget.number(value, 2) },
    });
    this.curve = svg("path", { class: "line role-vector" });
    this.cutoff = svg("line", { class: "rule role-seal" });
    this.label = svg("text", { class: "label role-seal", "text-anchor": "end" }, widget.fill(words.cutoff, { cutoff: widget.number(data.cutoff, 1) }));
    this.dot = svg("g", { class: "role-vector" }, marker("vector", 6));
    this.plot.marks.append(this.curve, this.cutoff, this.label, this.dot);
    this.numbers = widget.numbers([["z", words.sum, "neutral"], ["score", words.score, "vector"], ["answer", words.answer, "seal"]]);
    widget.stage.append(html("div", { class: "widget-rows" }, ...this.rows.map(({ slider }) => slider.node), this.bias.node), this.plot.node, this.numbers.node);
  }

  /**
   * @param {string} name
   * @param {number} weight
   * @param {number} at
   */
  row(name, weight, at) {
    const { widget } = this;
    const slider = widget.slider({
      label: name, min: 0, max: 1, step: STEP, role: "vector",
      change: (value) => this.change({ x: widget.state.x.with(at, value) }), text: (value) => widget.number(value, 2),
    });
    const times = html("b", { class: "role-parameter" }, `× ${weight < 0 ? "" : "+"}${widget.number(weight, 1)}`);
    slider.node.firstElementChild?.append(" ", times);
    const product = bar("parameter");
    slider.node.append(product.node);
    return { slider, product };
  }

  /** @param {Partial<State>} change */
  change(change) {
    this.widget.set(change);
    const { words } = this.widget;
    const { score, goes } = this.answer();
    this.widget.say(this.widget.fill(words.said, { score: this.widget.number(score, 2), answer: goes ? words.go : words.stay }));
  }

  answer() {
    const { state, data } = this.widget;
    const z = weightedSum(state.x, data.weight) + state.bias;
    const score = sigmoid(z);
    return { z, score, goes: score > data.cutoff };
  }

  draw() {
    const { widget, plot } = this;
    const { state, data, words } = widget;
    this.rows.forEach(({ slider, product }, at) => {
      slider.show(state.x[at]);
      product.show(state.x[at] * data.weight[at], widget.number(state.x[at] * data.weight[at], 2));
    });
    this.bias.show(state.bias);
    this.biasBar.show(state.bias, widget.number(state.bias, 2));
    const { z, score, goes } = this.answer();
    plot.layout(widget.width);
    const sums = Array.from({ length: CURVE_STEPS + 1 }, (_, at) => -SUMS + (2 * SUMS * at) / CURVE_STEPS);
    this.curve.setAttribute("d", plot.path(sums.map((sum) => [sum, sigmoid(sum)])));
    const level = plot.py(data.cutoff);
    place(this.cutoff, { x1: plot.px(-SUMS), x2: plot.px(SUMS), y1: level, y2: level });
    place(this.label, { x: plot.px(SUMS) - 4, y: level + 16 });
    this.dot.setAttribute("transform", `translate(${plot.px(Math.max(-SUMS, Math.min(SUMS, z)))},${plot.py(score)})`);
    this.numbers.show({ z: widget.number(z, 4), score: widget.number(score, 4), answer: goes ? words.go : words.stay });
  }
}

/** A bar to both sides of nothing, with its value. @param {string} role */
function bar(role) {
  const rect = svg("rect", { class: `bars role-${role}`, y: 4, height: 10 });
  const text = svg("text", { y: 13 });
  const zero = svg("line", { class: "zero", x1: 0, x2: 0, y1: 1, y2: 17 });
  const node = svg("svg", { class: "widget-product", viewBox: "-58 0 116 18", "aria-hidden": "true" }, rect, zero, text);
  return {
    node,
    /** @param {number} value @param {string} shown */
    show(value, shown) {
      const end = Math.max(-UNIT, Math.min(UNIT, value * UNIT));
      place(rect, { x: Math.min(0, end), width: Math.abs(end) });
      place(text, { x: end < 0 ? end - 5 : end + 5 });
      text.setAttribute("text-anchor", end < 0 ? "end" : "start");
      text.textContent = shown;
    },
  };
}

define("picnic", {
  /** @param {Data} data @returns {State} */
  begin: ({ x }) => ({ x, bias: 0 }),
  allows: ({ x, bias }, data) => x.length === data.x.length && x.every((one) => one >= 0 && one <= 1) && Math.abs(bias) <= BIASES,
  View,
});
