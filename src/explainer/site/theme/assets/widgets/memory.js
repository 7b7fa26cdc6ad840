// @ts-check
/**
 * What `explainer memory` says of a model, part by part; the popular formula beside.
 *
 * @typedef {{model: string, format: string, use: string, kv: string, context: number, batch: number}} State
 * @typedef {{models: import("../compute/memory.js").Model[], gguf: string[], tiles: string[], kv: Record<string, number[]>,
 *   training: Record<string, number[]>, devices: {name: string, bytes: number}[], overhead: number, start: State}} Data
 */

import { classicBytes, estimate } from "../compute/memory.js";
import { define, html } from "./base.js";

const MOST = 2 ** 20;
const PARTS = [
  ["weights", "parameter"], ["cache", "vector"], ["activations", "vector"], ["optimizer", "bias"],
  ["program", "neutral"], ["total", "data"], ["formula", "error"],
];

class View {
  /** @type {Record<string, HTMLInputElement | HTMLSelectElement>} */
  fields = {};
  controls = html("div", { class: "memory-controls" });
  note = html("p", { class: "widget-note" });
  fits = html("ul", { class: "memory-fits" });
  command = html("code");

  /** @param {import("./base.js").Widget<State, Data>} widget */
  constructor(widget) {
    this.widget = widget;
    const { data, words, stage } = widget;
    this.select("model", ["", data.models.map(({ name }) => name)]);
    this.select("format", ["GGUF", data.gguf], [words.others, data.tiles]);
    this.select("use", ["", ["run"]], [words.train, Object.keys(data.training)]);
    this.select("kv", ["", Object.keys(data.kv)]);
    this.amount("context", 20);
    this.amount("batch", 10);
    this.rows = PARTS.map(([name, role]) => {
      const [bar, cells] = [html("i"), [html("th", { scope: "row" }), html("td"), html("td"), html("td")]];
      return { name, bar, cells, node: html("tr", { class: `role-${role}` }, ...cells, html("td", {}, bar)) };
    });
    const head = [words.part, words.bytes, "GB", "GiB"].map((name) => html("th", { scope: "col" }, name));
    this.table = html("table", { class: "memory-table" }, html("thead", {}, html("tr", {}, ...head, html("td"))), ...this.rows.map(({ node }) => node));
    stage.append(this.controls, this.table, this.note, this.fits, this.command);
  }

  /** @param {keyof State} key @param {[string, string[]][]} groups */
  select(key, ...groups) {
    const { words } = this.widget;
    const field = html("select", { onchange: () => this.change({ [key]: field.value }) });
    for (const [label, names] of groups) {
      const options = names.map((value) => html("option", { value }, value === "run" ? words.run : value));
      field.append(...(label ? [html("optgroup", { label }, ...options)] : options));
    }
    this.fields[key] = field;
    this.controls.append(html("label", {}, html("span", {}, words[key]), field));
  }

  /** A number to type, and a slider over its powers of two. @param {keyof State} key @param {number} max */
  amount(key, max) {
    const label = this.widget.words[key];
    const slider = html("input", { type: "range", "aria-label": label, max, oninput: () => this.change({ [key]: 2 ** Number(slider.value) }) });
    const typed = () => this.change({ [key]: Math.min(Math.max(Math.round(Number(field.value)), 1), MOST) });
    const field = html("input", { type: "number", "aria-label": label, min: 1, max: MOST, onchange: typed });
    this.fields[key] = field;
    this.controls.append(html("div", { class: "widget-slider role-vector" }, html("span", {}, label), slider, field));
  }

  /** @param {Partial<State>} change */
  change(change) {
    this.widget.set(change);
    this.widget.say(this.told);
  }

  told = "";

  draw() {
    const { state, data, words, fill } = this.widget;
    const [model] = data.models.filter(({ name }) => name === state.model);
    const states = data.training[state.use];
    const found = estimate(model, { ...state, cached: data.kv[state.kv], states });
    this.drawFields(Boolean(states));
    this.table.hidden = this.fits.hidden = !found;
    this.note.textContent = this.told = fill(words.refused, state);
    if (!found) return;
    const { types, ...parts } = { ...found, program: BigInt(data.overhead) };
    const total = Object.values(parts).reduce((sum, size) => sum + size);
    this.drawParts({ ...parts, total }, model.parameters, states ? 8 * states[0] : Number(/\d+/.exec(state.format)));
    const stored = types.map(([type, size]) => `${type} ${this.percent(size / Number(parts.weights))}`).join(words.comma);
    this.note.textContent = stored && fill(words.stored, { stored });
    this.fits.replaceChildren(...data.devices.map(({ name, bytes }) => {
      const verdict = total <= bytes ? "fits" : "tooLarge";
      const text = fill(words[verdict], { share: this.percent(Number(total) / bytes) });
      return html("li", { class: verdict }, html("b", {}, name), ` ${bytes / 1e9} GB`, html("span", {}, text));
    }));
    const names = data.devices.filter(({ bytes }) => total <= bytes).map(({ name }) => name).join(words.comma) || words.none;
    this.told = fill(words.said, { size: this.widget.number(Number(total) / 1e9, 2), names });
  }

  /** @param {Record<string, bigint>} sizes @param {number} parameters @param {number} q */
  drawParts(sizes, parameters, q) {
    const { words, language, fill } = this.widget;
    sizes.formula = BigInt(classicBytes(parameters, q));
    const [total, formula, weights] = [sizes.total, sizes.formula, sizes.weights].map(Number);
    const bits = this.widget.number((8 * weights) / parameters, 3);
    const share = this.percent(formula / total);
    let before = 0;
    for (const { name, cells, bar } of this.rows) {
      const size = Number(sizes[name]);
      if (/^[tf]/.test(name)) before = 0;
      const [gb, gib] = [1e9, 2 ** 30].map((unit) => this.widget.number(size / unit, 2));
      const texts = [fill(words[name], { bits, q, share }), sizes[name].toLocaleString(language), gb, gib];
      cells.forEach((cell, at) => (cell.textContent = texts[at]));
      const scale = 100 / Math.max(total, formula);
      Object.assign(bar.style, { marginInlineStart: `${before * scale}%`, width: `${size * scale}%` });
      before += size;
    }
  }

  /** @param {boolean} trains */
  drawFields(trains) {
    const { state } = this.widget;
    const { format, kv } = this.fields;
    for (const [key, field] of Object.entries(this.fields)) {
      const [value, slider] = [state[/** @type {keyof State} */ (key)], field.previousElementSibling];
      field.value = String(value);
      if (!(slider instanceof HTMLInputElement)) continue;
      slider.value = String(Math.round(Math.log2(Number(value))));
      slider.setAttribute("aria-valuetext", String(value));
    }
    format.disabled = kv.disabled = trains;
    const how = trains ? `--train ${state.use}` : `--format ${state.format} --kv-format ${state.kv}`;
    const parts = `explainer memory ${state.model} ${how} --context ${state.context} --batch ${state.batch}`.split(/(?=--)/);
    this.command.replaceChildren(...parts.map((part) => html("span", {}, part)));
  }

  /** A device may be too small by a thousand million times. @param {number} share */
  percent(share) {
    if (share >= 1e4) return `${this.widget.number(100 * share, 1)}%`.replaceAll(" ", "\u00a0");
    return share.toLocaleString(this.widget.language, { style: "percent", maximumSignificantDigits: 3 });
  }
}

define("memory", {
  /** @param {Data} data @returns {State} */
  begin: ({ start }) => start,
  allows: (state, { models, gguf, tiles, kv, training }) =>
    models.some(({ name }) => name === state.model) && [...gguf, ...tiles].includes(state.format) &&
    ["run", ...Object.keys(training)].includes(state.use) && Object.hasOwn(kv, state.kv) &&
    [state.context, state.batch].every((one) => Number.isInteger(one) && one >= 1 && one <= MOST),
  View,
});
