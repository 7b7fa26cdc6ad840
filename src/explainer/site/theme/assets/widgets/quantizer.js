// @ts-check
/**
 * A corner of a real layer on a grid of few steps: bits, scheme, what shares a scale, the outlier.
 *
 * @typedef {{weights: number[][], place: [number, number], group: number, bits: number}} Data
 *   `place` is that of the outlier; `group` weights in a row share a scale, where groups do.
 * @typedef {{bits: number, scheme: string, granularity: string, outlier: number}} State
 * @typedef {import("../compute/quantize.js").Granularity} Granularity
 */

import { histogram, quantize, relativeError } from "../compute/quantize.js";
import { define, svg } from "./base.js";
import { Plot } from "./plot.js";

const SCHEMES = ["symmetric", "affine"];
const GRANULARITIES = ["tensor", "channel", "group"];
const BINS = 41;
const DENSE = 60; // more steps than this are no lines, but ticks
const TICK = 12;
const STOPS = 200; // of the outlier's slider

class View {
  /** @param {import("./base.js").Widget<State, Data>} widget */
  constructor(widget) {
    this.widget = widget;
    const { data, words } = widget;
    this.shape = /** @type {[number, number]} */ ([data.weights.length, data.weights[0].length]);
    this.at = data.place[0] * this.shape[1] + data.place[1];
    const others = Float32Array.from(data.weights.flat()).filter((_, i) => i !== this.at);
    const reach = 1.1 * others.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    const counted = histogram(others, -reach, reach, BINS);
    this.others = counted;
    this.least = reach;
    const [most] = [...counted.counts].sort((a, b) => b - a);
    this.grid = new Plot({ label: words.gridPlot, height: 220, x: this.axis(reach, words.weight), y: this.counts(most, words.howMany) });
    this.errors = new Plot({ label: words.errorPlot, height: 190, x: this.axis(reach, words.error), y: this.counts(1, words.howMany) });
    this.numbers = widget.numbers([
      ["share", words.relativeError, "error"],
      ["zeros", words.zeros, "error"],
      ["width", words.bitsPerWeight, "seal"],
      ["scales", words.scales, "data"],
    ]);
    this.bits = widget.slider({ label: words.bits, min: 2, max: 8, change: (bits) => this.change({ bits }), text: String });
    this.outlier = widget.slider({
      label: words.outlier,
      min: 0,
      max: STOPS,
      role: "parameter",
      change: (stop) => this.change({ outlier: this.outlierAt(stop) }),
      text: () => widget.number(widget.state.outlier, 2),
    });
    this.scheme = this.choice("scheme", SCHEMES);
    this.granularity = this.choice("granularity", GRANULARITIES);
    const controls = [this.bits, this.outlier, this.scheme, this.granularity].map(({ node }) => node);
    widget.stage.append(...controls, this.grid.node, this.errors.node, this.numbers.node);
  }

  /**
   * @param {"scheme" | "granularity"} key
   * @param {string[]} values
   */
  choice(key, values) {
    const { words } = this.widget;
    const options = values.map((value) => /** @type {[string, string]} */ ([value, words[value]]));
    return this.widget.choice({ label: words[key], options, change: (value) => this.change({ [key]: value }) });
  }

  /** @param {number} stop From the size of the other weights to the outlier's own, by factors. */
  outlierAt(stop) {
    const { outlier: most } = this.widget.start;
    return stop === STOPS ? most : this.least * (most / this.least) ** (stop / STOPS);
  }

  /** @param {number} outlier */
  stopOf(outlier) {
    const { outlier: most } = this.widget.start;
    return Math.round((STOPS * Math.log(outlier / this.least)) / Math.log(most / this.least));
  }

  /**
   * @param {number} reach
   * @param {string} label
   */
  axis(reach, label) {
    return { min: -reach, max: reach, label, format: (/** @type {number} */ x) => (x ? this.widget.figures(x, 2) : "0") };
  }

  /**
   * @param {number} most
   * @param {string} label
   */
  counts(most, label) {
    return { min: 0, max: most * 1.05, label };
  }

  /** @param {Partial<State>} change */
  change(change) {
    this.widget.set(change);
    this.widget.say(this.widget.fill(this.widget.words.said, this.found().texts));
  }

  /** What the state makes of the weights. */
  found() {
    const { state, data, words } = this.widget;
    const weights = Float32Array.from(data.weights.flat());
    weights[this.at] = state.outlier;
    const granularity = /** @type {Granularity} */ (state.granularity);
    const settings = { bits: state.bits, symmetric: state.scheme === "symmetric", granularity, blockSize: data.group };
    const quantized = quantize(weights, this.shape, settings);
    const zeros = quantized.restored.reduce((sum, value) => sum + Number(value === 0), 0);
    const percent = new Intl.NumberFormat(this.widget.language, { style: "percent", minimumFractionDigits: 2 });
    const texts = {
      share: percent.format(relativeError(weights, quantized.restored)),
      zeros: this.widget.fill(words.ofAll, { n: this.widget.number(zeros), all: this.widget.number(weights.length) }),
      width: this.widget.figures(quantized.bitsPerWeight, 4),
      scales: this.widget.number(quantized.scale.length),
    };
    return { weights, quantized, texts };
  }

  draw() {
    const { state } = this.widget;
    const { weights, quantized, texts } = this.found();
    this.bits.show(state.bits);
    this.outlier.show(this.stopOf(state.outlier));
    this.scheme.show(state.scheme);
    this.granularity.show(state.granularity);
    this.drawGrid(quantized);
    this.drawErrors(Float32Array.from(quantized.restored, (value, i) => value - weights[i]));
    this.numbers.show(texts);
  }

  /**
   * The weights but the outlier, and the steps that they can go to: those of a block like most, and
   * those of the outlier's block.
   *
   * @param {import("../compute/quantize.js").Quantized} quantized
   */
  drawGrid(quantized) {
    const { grid: plot, widget } = this;
    plot.layout(widget.width);
    const mine = Math.floor(this.at / quantized.blockSize);
    const bySize = [...quantized.scale.keys()].sort((a, b) => quantized.scale[a] - quantized.scale[b]);
    const usual = bySize[Math.floor((bySize.length - 1) / 2)];
    const parts = bars(plot, this.others, "parameter");
    const rows = usual === mine ? [[usual, widget.words.steps]] : [[usual, widget.words.steps], [mine, widget.words.stepsThere]];
    for (const [at, [block, label]] of /** @type {[number, string][]} */ (rows).entries()) {
      const role = at ? "error" : "seal";
      const steps = this.steps(quantized, block);
      const top = plot.py(plot.y.max);
      const [from, to] = steps.length > DENSE || at ? [top + at * TICK, top + (at + 1) * TICK] : [top, plot.py(0)];
      const path = steps.map((x) => `M${plot.px(x).toFixed(1)},${from}V${to}`).join("");
      parts.push(svg("path", { class: `segments role-${role}`, d: path }));
      const words = { class: `label role-${role}`, x: widget.width - 14, y: top + 12 + (at + 1) * TICK * 1.4, "text-anchor": "end" };
      parts.push(svg("text", words, widget.fill(label, { n: widget.number(steps.length) })));
    }
    plot.marks.replaceChildren(...parts);
  }

  /**
   * Where the codes of a block lie, as far as the plot reaches.
   *
   * @param {import("../compute/quantize.js").Quantized} quantized
   * @param {number} block
   */
  steps({ scale, zeroPoint }, block) {
    const { bits } = this.widget.state;
    const low = zeroPoint ? -zeroPoint[block] : 1 - 2 ** (bits - 1);
    const count = 2 ** bits - (zeroPoint ? 0 : 1);
    const all = Array.from({ length: count }, (_, code) => scale[block] * (low + code));
    return all.filter((x) => Math.abs(x) <= this.least);
  }

  /** @param {Float32Array} errors */
  drawErrors(errors) {
    const plot = this.errors;
    const largest = errors.reduce((most, error) => Math.max(most, Math.abs(error)), 0);
    // The axis ends at a round number, so that it stays while a slider moves a little.
    const power = 10 ** Math.floor(Math.log10(largest || 1));
    const reach = ([1, 2, 5].find((one) => one * power >= largest) ?? 10) * power;
    const counted = histogram(errors, -reach, reach, BINS);
    plot.x = { ...plot.x, min: -reach, max: reach };
    plot.y = { ...plot.y, max: Math.max(...counted.counts) * 1.05 };
    plot.layout(this.widget.width);
    plot.marks.replaceChildren(...bars(plot, counted, "error"));
  }
}

/**
 * @param {Plot} plot
 * @param {{edges: number[], counts: number[]}} counted
 * @param {string} role
 * @returns {SVGElement[]}
 */
function bars(plot, { edges, counts }, role) {
  return counts.map((count, i) => {
    const [x, y] = [plot.px(edges[i]), plot.py(count)];
    return svg("rect", { class: `histogram role-${role}`, x, y, width: plot.px(edges[i + 1]) - x, height: plot.py(0) - y });
  });
}

define("quantizer", {
  /** @param {Data} data @returns {State} */
  begin: ({ weights, place, bits }) => ({ bits, scheme: "symmetric", granularity: "tensor", outlier: weights[place[0]][place[1]] }),
  allows: ({ bits, scheme, granularity, outlier }) =>
    Number.isInteger(bits) && bits >= 2 && bits <= 8 && SCHEMES.includes(scheme) && GRANULARITIES.includes(granularity) && outlier > 0 && outlier < 100,
  View,
});
