// @ts-check
/**
 * A perceptron with three inputs: every case there is, where its sum falls, and the answer.
 *
 * @typedef {{weight: number[], threshold: number, names: string[]}} Data
 * @typedef {{weight: number[], threshold: number, inclusive: boolean}} State
 */

import { decisiveInputs, perceptron, truthTable, weightedSum } from "../compute/neuron.js";
import { define, html, place, svg } from "./base.js";
import { Plot, handle, within } from "./plot.js";

const HEIGHT = 160;
// Sums that the weights below can make.
const [LOWEST, HIGHEST] = [-2, 6];
const AXIS = { min: -6, max: 18 };
const [GLYPH, GAP, ROOM] = [7, 30, 60];
const STEP = 0.5;

class View {
  /** @param {import("./base.js").Widget<State, Data>} widget */
  constructor(widget) {
    this.widget = widget;
    const { words, data } = widget;
    this.cases = truthTable(data.weight.length);
    this.plot = new Plot({ label: words.plot, height: HEIGHT, x: { ...AXIS, label: words.sum }, y: { min: 0, max: 1, bare: true } });
    this.yes = svg("rect", { class: "band role-seal" });
    this.rule = svg("line", { class: "rule role-bias" });
    this.glyphs = this.cases.map((one) => svg("g", {}, ...one.map((on, at) => svg("rect", { class: on ? "bars" : "empty", y: at * 9, width: GLYPH, height: GLYPH }))));
    this.plot.marks.append(this.yes, this.rule, ...this.glyphs);
    this.grip = handle(this.plot, { label: words.threshold, role: "bias", step: [STEP, 0], move: (x) => this.change({ threshold: Math.round(within(x, AXIS) / STEP) * STEP }) });
    this.sliders = data.names.map((name, at) =>
      widget.slider({
        label: words[name], min: LOWEST, max: HIGHEST, role: "parameter",
        change: (value) => this.change({ weight: widget.state.weight.with(at, value) }), text: (value) => widget.number(value),
      }),
    );
    this.rule_choice = widget.choice({
      label: words.rule, options: [["", words.above], ["true", words.atLeast]], change: (value) => this.change({ inclusive: value === "true" }),
    });
    this.numbers = widget.numbers([["threshold", words.threshold, "bias"], ["matter", words.matter, "seal"]]);
    this.rows = this.cases.map((one) => html("tr", {}, ...[...one, "", ""].map((text) => html("td", {}, String(text)))));
    const head = [...data.names.map((name) => words[name]), words.sum, words.answer].map((name) => html("th", { scope: "col" }, name));
    const table = html("table", {}, html("thead", {}, html("tr", {}, ...head)), html("tbody", {}, ...this.rows));
    widget.stage.append(this.plot.node, this.numbers.node, ...this.sliders.map(({ node }) => node), this.rule_choice.node, html("div", { class: "widget-table" }, table));
  }

  answers() {
    const { weight, threshold, inclusive } = this.widget.state;
    return this.cases.map((one) => perceptron(one, weight, threshold, inclusive));
  }

  /** @param {number[]} answers */
  matter(answers) {
    const { data, words, language } = this.widget;
    const names = data.names.filter((_, at) => decisiveInputs(answers)[at]).map((name) => words[name]);
    return names.length ? new Intl.ListFormat(language, { type: "unit", style: "short" }).format(names) : words.none;
  }

  /** @param {Partial<State>} change */
  change(change) {
    this.widget.set(change);
    const answers = this.answers();
    const count = answers.filter(Boolean).length;
    this.widget.say(this.widget.fill(this.widget.words.said, { count, total: answers.length, names: this.matter(answers) }));
  }

  draw() {
    const { widget, plot } = this;
    const { weight, threshold, inclusive } = widget.state;
    plot.layout(widget.width);
    const answers = this.answers();
    /** @type {Map<number, number>} */
    const stacked = new Map();
    const sums = this.cases.map((one) => weightedSum(one, weight));
    this.cases.forEach((one, at) => {
      const sum = sums[at];
      const level = stacked.get(sum) ?? 0;
      stacked.set(sum, level + 1);
      // Cases of one sum stand on each other, as close as they must.
      const gap = Math.min(GAP, ROOM / sums.filter((other) => other === sum).length);
      this.glyphs[at].setAttribute("transform", `translate(${(plot.px(sum) - GLYPH / 2).toFixed(1)},${HEIGHT - 70 - gap * level})`);
      this.glyphs[at].setAttribute("class", `widget-case role-${answers[at] ? "seal" : "neutral"}`);
      const cells = this.rows[at].cells;
      cells[one.length].textContent = widget.number(sum);
      cells[one.length + 1].textContent = String(answers[at]);
      this.rows[at].className = answers[at] ? "yes" : "";
    });
    const x = plot.px(threshold);
    place(this.rule, { x1: x, x2: x, y1: 28, y2: HEIGHT - 40 });
    place(this.yes, { x, y: 28, width: Math.max(0, plot.px(AXIS.max) - x), height: HEIGHT - 68 });
    this.grip.show(threshold, 0.93, widget.number(threshold, 1));
    this.sliders.forEach((slider, at) => slider.show(weight[at]));
    this.rule_choice.show(inclusive ? "true" : "");
    this.numbers.show({ threshold: widget.number(threshold, threshold % 1 ? 1 : 0), matter: this.matter(answers) });
  }
}

define("perceptron", {
  /** @param {Data} data @returns {State} */
  begin: ({ weight, threshold }) => ({ weight, threshold, inclusive: false }),
  allows: ({ weight, threshold }, data) =>
    weight.length === data.weight.length && weight.every((one) => one >= LOWEST && one <= HIGHEST) && threshold >= AXIS.min && threshold <= AXIS.max,
  View,
});
