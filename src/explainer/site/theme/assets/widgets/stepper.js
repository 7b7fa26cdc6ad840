// @ts-check
/**
 * The tiny GPT, run in the page: the reader's letters, every vector on the way, and the parameters
 * that make it. Its weights come when the reader does.
 *
 * @typedef {import("../compute/gpt.js").Config} Config
 * @typedef {{letters: string, layout: [string, number][], step: number, config: Config}} Data
 * @typedef {{letters: string, said: number, at: string, layer: number, place: number}} State
 *   `said`: letters of the answer that stand; `at`: the vector that is shown; `place`: whose.
 */

import { nextToken, readWeights, trace } from "../compute/gpt.js";
import { define, html, svg } from "./base.js";

const FILE = new URL("../../downloads/tiny_gpt/tiny-gpt.bin", import.meta.url);
const LETTERS = "ABC";
const INPUT = 6;
const LEVELS = 8;
const LABEL = 22; // pixels left of a picture, for the letters
const CELL = 14;
const LARGE_CELL = 20; // of a picture with few columns
const MOST_NUMBERS = 48;
/** Each vector with the parameters that make it. @type {Record<string, string>[]} */
const GROUPS = [
  { token: "token_embedding", position: "position_embedding", residual: "" },
  {
    ln_attention: "ln_attention", query: "qkv", key: "qkv", value: "qkv", scores: "", attention: "", mix: "",
    projection: "projection", residual_attention: "", ln_mlp: "ln_mlp", up: "up", gelu: "", down: "down", "residual ": "",
  },
  { ln_final: "ln_final", logits: "token_embedding", probabilities: "" },
];

/** @param {string} letters */
const tokens = (letters) => Array.from(letters, (letter) => LETTERS.indexOf(letter));

class View {
  /** @param {import("./base.js").Widget<State, Data>} widget */
  constructor(widget) {
    this.widget = widget;
    const { words } = widget;
    this.field = html("input", { type: "text", maxlength: INPUT, autocomplete: "off", autocapitalize: "characters", spellcheck: "false", oninput: () => this.type() });
    this.next = html("button", { type: "button", onclick: () => this.write(1) }, words.next);
    this.back = html("button", { type: "button", onclick: () => this.write(-1) }, words.back);
    this.tiles = html("div", { class: "gpt-text", role: "group", "aria-label": words.text });
    this.shares = widget.numbers([...LETTERS].map((letter) => [letter, letter, "vector"]));
    this.layer = widget.choice({
      label: words.layer,
      options: Array.from({ length: widget.data.config.num_layers }, (_, at) => [String(at + 1), String(at + 1)]),
      change: (layer) => this.show({ layer: Number(layer) }),
    });
    this.buttons = GROUPS.map((group) => Object.keys(group).map((name) => this.step(name)));
    this.title = html("p", { class: "gpt-title" });
    this.vector = svg("svg", { class: "widget-plot", role: "img" });
    this.made = html("p", { class: "gpt-title" });
    this.parameters = svg("svg", { class: "widget-plot", role: "img" });
    this.values = html("p", { class: "gpt-values" });
    const label = html("label", { class: "bits-number" }, html("span", {}, words.letters), this.field);
    const [before, inside, after] = this.buttons.map((buttons) => html("div", { class: "gpt-steps", role: "group" }, ...buttons));
    widget.stage.append(
      html("div", { class: "widget-controls" }, label, this.next, " ", this.back), this.tiles, this.shares.node,
      before, html("div", { class: "gpt-layer" }, this.layer.node, inside), after,
      this.title, this.vector, this.values, this.made, this.parameters,
    );
    /** @type {import("../compute/gpt.js").Vectors} Those of the text `traced`. */
    this.vectors = {};
    this.traced = "";
    this.loaded = this.load();
  }

  async load() {
    const { data, words } = this.widget;
    try {
      const answer = await fetch(FILE);
      if (!answer.ok) throw new Error(String(answer.status));
      this.weights = readWeights(new Int8Array(await answer.arrayBuffer()), data.layout, data.step);
      this.draw();
    } catch {
      this.title.textContent = words.failed;
    }
  }

  /** @param {string} name A space behind it tells the second of two names. */
  step(name) {
    return html("button", { type: "button", "data-step": name, onclick: () => this.show({ at: name }) }, name.trim());
  }

  /** The text that the model reads: the input and the letters of the answer that stand. */
  get text() {
    const { letters, said } = this.widget.state;
    const read = tokens(letters);
    while (read.length < INPUT + said) read.push(nextToken(this.trace(read), this.widget.data.config));
    return read;
  }

  /**
   * @param {number[]} read The last letter of a whole answer is never read, and is left out.
   * @returns {import("../compute/gpt.js").Vectors}
   */
  trace(read) {
    const { config } = this.widget.data;
    const seen = read.slice(0, config.context_length);
    if (seen.join() !== this.traced && this.weights) {
      this.vectors = trace(this.weights, seen, config);
      this.traced = seen.join();
    }
    return this.vectors;
  }

  type() {
    const letters = this.field.value.toUpperCase();
    const fits = letters.length === INPUT && [...letters].every((letter) => LETTERS.includes(letter));
    this.field.setAttribute("aria-invalid", String(!fits));
    if (fits) this.widget.set({ letters, said: 0, place: INPUT - 1 }, this.widget.words.read);
    else this.widget.say(this.widget.words.wanted);
  }

  /** @param {number} by How many letters more, or fewer. */
  write(by) {
    const said = Math.max(0, Math.min(INPUT, this.widget.state.said + by));
    const last = Math.min(INPUT + said, this.widget.data.config.context_length) - 1;
    this.widget.set({ said, place: last });
    this.widget.say(this.widget.fill(this.widget.words.writes, { text: this.text.map((token) => LETTERS[token]).join("") }));
    // At an end, the keyboard goes to the way back.
    const [pressed, other] = by > 0 ? [this.next, this.back] : [this.back, this.next];
    if (pressed.disabled) other.focus({ preventScroll: true });
  }

  /** @param {Partial<State>} change */
  show(change) {
    this.widget.set(change);
    this.widget.say(this.title.textContent ?? "");
  }

  draw() {
    const { state } = this.widget;
    if (document.activeElement !== this.field) this.field.value = state.letters;
    this.layer.show(String(state.layer));
    for (const button of this.buttons.flat()) button.setAttribute("aria-pressed", String(button.dataset.step === state.at));
    this.next.disabled = !this.weights || state.said === INPUT;
    this.back.disabled = state.said === 0;
    for (const picture of [this.vector, this.parameters]) picture.style.display = this.weights ? "" : "none";
    if (!this.weights) return;
    const read = this.text;
    const vectors = this.trace(read);
    this.drawText(read);
    const probabilities = vectors.probabilities.subarray(-LETTERS.length);
    this.shares.show(Object.fromEntries([...LETTERS].map((letter, at) => [letter, this.widget.number(probabilities[at], 4)])));
    this.drawVector(read.slice(0, this.widget.data.config.context_length));
    this.drawParameters();
  }

  /** @param {number[]} read */
  drawText(read) {
    const { words, state, data } = this.widget;
    if (this.tiles.childElementCount !== read.length) {
      const tile = (/** @type {number} */ place) => html("button", { type: "button", onclick: () => this.show({ place }) });
      this.tiles.replaceChildren(...read.map((_, place) => tile(place)));
    }
    for (const [place, tile] of /** @type {[number, HTMLButtonElement][]} */ ([...[...this.tiles.children].entries()])) {
      const letter = LETTERS[read[place]];
      tile.textContent = letter;
      tile.classList.toggle("answer", place >= INPUT);
      tile.disabled = place >= data.config.context_length; // said, never read
      tile.setAttribute("aria-label", this.widget.fill(place < INPUT ? words.given : words.answered, { letter, n: place + 1 }));
      tile.setAttribute("aria-pressed", String(place === state.place));
    }
  }

  /** What the chosen vector is: its numbers, and how many heads, rows and columns they make. */
  chosen() {
    const { at, layer } = this.widget.state;
    const name = at.trim();
    const group = GROUPS.findIndex((names) => at in names);
    const numbers = this.vectors[group === 1 ? `blocks.${layer - 1}.${name}` : name];
    const heads = ["query", "key", "value", "scores", "attention"].includes(name) ? this.widget.data.config.num_heads : 1;
    return { name, numbers, heads, reads: GROUPS[group][at], inLayer: group === 1 };
  }

  /** @param {number[]} read */
  drawVector(read) {
    const { words, state, width } = this.widget;
    const { name, numbers, heads } = this.chosen();
    const [T, columns] = [read.length, numbers.length / heads / read.length];
    const shape = [...(heads > 1 ? [heads] : []), T, columns].join(" × ");
    const count = this.widget.number(numbers.length);
    this.title.replaceChildren(html("code", {}, name), " ", this.widget.fill(words.vector, { shape, count }));
    const room = (width - LABEL - (heads - 1) * CELL) / heads;
    const high = columns > T ? CELL : LARGE_CELL;
    const cell = Math.min(high, room / columns);
    const isOfLetters = columns === LETTERS.length;
    const top = heads > 1 || isOfLetters ? 18 : 2;
    /** @type {SVGElement[]} */
    const parts = read.map((token, row) => svg("text", { class: row === state.place ? "value" : "", x: 2, y: top + row * high + high / 2 + 4.5 }, LETTERS[token]));
    if (isOfLetters) parts.push(...[...LETTERS].map((letter, at) => svg("text", { x: LABEL + at * cell + 5, y: 12 }, letter)));
    const part = numbers.length / heads;
    for (let head = 0; head < heads; head += 1) {
      const x = LABEL + head * (columns * cell + CELL);
      if (heads > 1) parts.push(svg("text", { x, y: 11 }, this.widget.fill(words.head, { n: head + 1 })));
      const from = numbers.subarray(head * part, (head + 1) * part);
      parts.push(...heat(from, columns, { x, y: top, wide: cell, high, role: "vector" }));
      parts.push(svg("rect", { class: "frame", x, y: top + state.place * high, width: columns * cell, height: high }));
    }
    fit(this.vector, width, top + T * high + 2, `${name}, ${shape}`, parts);
    const own = Array.from({ length: heads }, (_, head) => [...numbers.subarray(head * part + state.place * columns).subarray(0, columns)]);
    const few = own.map((values) => values.slice(0, MOST_NUMBERS).map((value) => this.widget.number(value, 2)).join("  ")).join(" | ");
    const more = columns > MOST_NUMBERS ? " …" : "";
    this.values.textContent = this.widget.fill(words.values, { letter: LETTERS[read[state.place]], n: state.place + 1, values: few + more });
  }

  drawParameters() {
    const { words, width, data, state } = this.widget;
    const { name, reads, inLayer } = this.chosen();
    const arrays = Object.entries(this.weights ?? {})
      .filter(([one]) => reads && one.replace("blocks.", "").split(".")[0] === reads)
      .reverse(); // the bias last
    const third = ["query", "key", "value"].indexOf(name);
    const own = arrays.map(([one, all]) => {
      const size = inLayer ? all.length / data.config.num_layers : all.length;
      const layer = all.subarray(inLayer ? (state.layer - 1) * size : 0).subarray(0, size);
      return { one: one.replace("blocks.", ""), numbers: third < 0 ? layer : layer.subarray((third * size) / 3, ((third + 1) * size) / 3) };
    });
    const count = own.reduce((sum, { numbers }) => sum + numbers.length, 0);
    const names = own.flatMap(({ one }, at) => [at ? ", " : "", html("code", {}, one)]);
    this.made.replaceChildren(...(count ? [...names, " ", this.widget.fill(words.parameters, { count: this.widget.number(count) })] : [words.noParameters]));
    const parts = [];
    let y = 2;
    for (const { one, numbers } of own) {
      const { lying, columns } = laid(one, numbers, data.config);
      const cell = Math.min(6, width / columns);
      parts.push(...heat(lying, columns, { x: 0, y, wide: cell, high: cell, role: one.endsWith("bias") ? "bias" : "parameter" }));
      y += (numbers.length / columns) * cell + 6;
    }
    fit(this.parameters, width, y, reads, parts);
    this.parameters.style.display = count ? "" : "none";
  }
}

/**
 * A matrix is [outputs, inputs]; one with more outputs lies on its side.
 *
 * @param {string} name
 * @param {Float32Array} numbers
 * @param {Config} config
 */
function laid(name, numbers, { d_model, d_ff }) {
  if (/bias|gain/.test(name)) return { lying: numbers, columns: numbers.length };
  const inputs = name === "down.weight" ? d_ff : d_model;
  const outputs = numbers.length / inputs;
  if (outputs <= inputs) return { lying: numbers, columns: inputs };
  return { lying: numbers.map((_, at) => numbers[(at % outputs) * inputs + Math.floor(at / outputs)]), columns: outputs };
}

/**
 * @param {SVGSVGElement} node
 * @param {number} width
 * @param {number} height
 * @param {string} label
 * @param {SVGElement[]} parts
 */
function fit(node, width, height, label, parts) {
  node.setAttribute("viewBox", `0 0 ${width} ${height}`);
  node.setAttribute("height", String(height));
  node.setAttribute("aria-label", label);
  node.replaceChildren(...parts);
}

/**
 * Numbers as cells: the further from zero, the stronger; below zero in grey.
 *
 * @param {ArrayLike<number>} numbers
 * @param {number} columns
 * @param {{x: number, y: number, wide: number, high: number, role: string}} place
 */
function heat(numbers, columns, { x, y, wide, high, role }) {
  const most = Array.from(numbers).reduce((found, value) => Math.max(found, Math.abs(value)), 1e-9);
  /** @type {Map<number, string>} */
  const paths = new Map();
  for (let at = 0; at < numbers.length; at += 1) {
    const level = Math.round((LEVELS * numbers[at]) / most);
    const [left, top] = [x + (at % columns) * wide, y + Math.floor(at / columns) * high];
    if (level) paths.set(level, `${paths.get(level) ?? ""}M${left.toFixed(1)},${top.toFixed(1)}h${wide.toFixed(1)}v${high.toFixed(1)}h-${wide.toFixed(1)}`);
  }
  return [...paths].map(([level, d]) => {
    const own = level > 0 ? role : "neutral";
    return svg("path", { class: `heat role-${own}`, "fill-opacity": Math.abs(level) / LEVELS, d });
  });
}

define("stepper", {
  /** @param {Data} data @returns {State} */
  begin: ({ letters }) => ({ letters, said: 0, at: "attention", layer: 1, place: INPUT - 1 }),
  allows: ({ letters, said, at, layer, place }, { config }) =>
    /^[ABC]{6}$/.test(letters) && said >= 0 && said <= INPUT && place >= 0 && place < Math.min(INPUT + said, config.context_length)
    && layer >= 1 && layer <= config.num_layers && [said, layer, place].every(Number.isInteger) && GROUPS.some((group) => at in group),
  View,
});
