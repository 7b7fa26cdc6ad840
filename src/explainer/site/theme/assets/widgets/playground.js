// @ts-check
/**
 * A network on a plane: layers and units to add, every number in reach, trained in the page.
 *
 * @typedef {{points: number[][], labels: number[]}} Points
 * @typedef {Record<string, Points>} Tasks
 * @typedef {{seen: Tasks, fresh: Tasks, neurons: number[][], outputBias: number, steps: number, rate: number}} Data
 *   A neuron: two weights, bias, outgoing weight.
 * @typedef {{task: string, hidden: string, params: number[], rule: string, rate: number, steps: number, seed: number}} State
 */

import { Adam, apply, countParameters, draw, lossAndGradient, sgd } from "../compute/network.js";
import { define, html, isStill, place, svg } from "./base.js";
import { Plot } from "./plot.js";

const [SIDE, CELLS] = [330, 28];
const WIDE = 520;
const [LAYERS, UNITS] = [3, 8];
const [PER_FRAME, ROUND] = [4, 1000];
// Learning rates are set by their logarithm to the base of ten.
const [SLOWEST, FASTEST] = [-3, 0.5];

/** @param {string} hidden "8-8" */
const widthsOf = (hidden) => [2, ...hidden.split("-").filter(Boolean).map(Number), 1];

class View {
  running = false;
  shape = "";
  adam = new Adam();
  /** @type {HTMLInputElement[]} */
  fields = [];
  /** What cells and points were last placed for. */
  placed = "";

  /** @param {import("./base.js").Widget<State, Data>} widget */
  constructor(widget) {
    this.widget = widget;
    const { words, data } = widget;
    this.plot = new Plot({ label: words.plot, height: SIDE, x: { min: -1, max: 1, label: "x" }, y: { min: -1, max: 1, label: "y" } });
    this.plot.clip(`${widget.name}-frame`);
    this.heat = Array.from({ length: CELLS * CELLS }, () => svg("rect", { class: "bars" }));
    this.cuts = svg("path", { class: "line widget-thin role-parameter" });
    this.dots = svg("g", { class: "role-data widget-dots" });
    this.plot.marks.append(svg("g", { class: "role-vector widget-heat" }, ...this.heat), this.cuts, this.dots);
    this.choices = this.controls();
    this.units = Array.from({ length: LAYERS }, (_, at) =>
      widget.slider({ label: widget.fill(words.layer, { n: at + 1 }), min: 1, max: UNITS, role: "vector", change: (units) => this.widen(at, units), text: (value) => widget.number(value) }),
    );
    this.rate = widget.slider({
      label: words.rate, min: SLOWEST, max: FASTEST, step: 0.05, role: "seal",
      change: (power) => widget.set({ rate: 10 ** power }), text: (power) => widget.figures(10 ** power, 2),
    });
    const roles = { count: "parameter", steps: "neutral", loss: "error", seen: "data", fresh: "data" };
    this.numbers = widget.numbers(Object.entries(roles).map(([name, role]) => [name, words[name], role]));
    this.table = html("div", { class: "widget-params" });
    const panel = html("div", {}, this.choices.task.node, this.choices.layers.node, ...this.units.map(({ node }) => node), this.choices.rule.node, this.rate.node);
    widget.stage.append(html("div", { class: "widget-split" }, this.plot.node, panel), this.numbers.node, html("p", { class: "widget-note" }, words.all), this.table);
    this.go = html("button", { type: "button", class: "widget-main", onclick: () => (this.running ? this.stop() : this.train()) }, words.train);
    widget.bar.append(this.go, html("button", { type: "button", onclick: () => this.anew(widget.state.hidden) }, words.anew));
  }

  controls() {
    const { widget } = this;
    const { words, data } = widget;
    return {
      task: widget.choice({
        label: words.task, options: Object.keys(data.seen).map((name) => [name, words[name]]),
        change: (task) => this.afresh({ task }),
      }),
      layers: widget.choice({ label: words.layers, options: [..."0123"].map((n) => [n, n]), change: (count) => this.deepen(Number(count)) }),
      rule: widget.choice({
        label: words.rule, options: [["adam", "Adam"], ["sgd", "SGD"]],
        change: (rule) => this.afresh({ rule }),
      }),
    };
  }

  hidden() {
    return widthsOf(this.widget.state.hidden).slice(1, -1);
  }

  /** @param {Partial<State>} change */
  afresh(change) {
    this.adam = new Adam();
    this.widget.set(change);
    this.tell();
  }

  /** @param {number} layers */
  deepen(layers) {
    const now = this.hidden();
    this.anew(Array.from({ length: layers }, (_, at) => now[at] ?? now[now.length - 1] ?? 3).join("-"));
  }

  /** @param {string} hidden Starts from random weights. */
  anew(hidden) {
    this.stop();
    const seed = this.widget.state.seed + 1;
    this.afresh({ hidden, seed, params: draw(widthsOf(hidden), seed), steps: 0 });
  }

  /**
   * Gives a layer more or fewer units; those that stay keep their numbers.
   *
   * @param {number} at
   * @param {number} units
   */
  widen(at, units) {
    const { state } = this.widget;
    const hidden = this.hidden().with(at, units).join("-");
    const [old, widths] = [state.hidden, hidden].map(widthsOf);
    this.afresh({ hidden, params: resized(old, widths, state.params, draw(widths, state.seed)) });
  }

  step() {
    const { state, data } = this.widget;
    const { points, labels } = data.seen[state.task];
    const { gradient } = lossAndGradient(widthsOf(state.hidden), state.params, points, labels);
    return state.rule === "sgd" ? sgd(state.params, gradient, state.rate) : this.adam.step(state.params, gradient, state.rate);
  }

  train() {
    this.running = true;
    const { widget } = this;
    const last = widget.state.steps + ROUND;
    const frame = () => {
      if (!this.running || !widget.isConnected) return;
      const { steps } = widget.state;
      for (let n = isStill() ? ROUND : PER_FRAME; n; n--) widget.state.params = this.step();
      widget.set({ steps: steps + (isStill() ? ROUND : PER_FRAME) });
      if (widget.state.steps >= last) this.stop();
      requestAnimationFrame(frame);
    };
    frame();
  }

  stop() {
    if (!this.running) return;
    this.running = false;
    this.widget.set({});
    this.tell();
  }

  tell() {
    this.widget.say(this.widget.fill(this.widget.words.said, this.shown()));
  }

  shown() {
    const { state, data } = this.widget;
    const widths = widthsOf(state.hidden);
    const [seen, fresh] = [data.seen, data.fresh].map((of) => of[state.task]);
    const on = lossAndGradient(widths, state.params, seen.points, seen.labels);
    const right = fresh.points.filter((point, at) => apply(widths, state.params, point) > 0 === fresh.labels[at] > 0).length;
    const percent = (/** @type {number} */ share) => `${this.widget.number(100 * share)}%`;
    return {
      count: this.widget.number(countParameters(widths)),
      steps: this.widget.number(state.steps),
      loss: this.widget.number(on.loss, 3),
      seen: percent(on.right / seen.points.length),
      fresh: percent(right / fresh.points.length),
    };
  }

  draw() {
    const { widget, plot } = this;
    const { state, words } = widget;
    const widths = widthsOf(state.hidden);
    if (this.shape !== state.hidden || !this.fields.length) this.tabulate(widths);
    plot.layout(widget.width > WIDE ? SIDE : widget.width);
    const placed = plot.width + state.task;
    if (this.placed !== placed) this.arrange();
    this.placed = placed;
    this.paint(widths);
    for (const name of /** @type {const} */ (["task", "rule"])) this.choices[name].show(state[name]);
    const hidden = this.hidden();
    this.choices.layers.show(String(hidden.length));
    this.units.forEach((slider, at) => {
      slider.node.classList.toggle("widget-off", at >= hidden.length);
      slider.field.disabled = at >= hidden.length;
      slider.show(hidden[at] ?? 1);
    });
    this.rate.show(Math.log10(state.rate));
    this.numbers.show(this.shown());
    this.go.textContent = this.running ? words.stop : words.train;
    this.fields.forEach((field, at) => {
      if (field !== document.activeElement) field.value = state.params[at].toFixed(2);
    });
  }

  /** @param {number[]} widths Shades the plane, and draws the cuts of the first layer. */
  paint(widths) {
    const { plot } = this;
    const { params } = this.widget.state;
    this.heat.forEach((cell, at) => {
      const z = apply(widths, params, middle(at));
      cell.setAttribute("fill-opacity", (0.62 / (1 + Math.exp(-z))).toFixed(3));
    });
    let path = "";
    for (let unit = 0; unit < widths[1]; unit++) {
      const [a, b, c] = [params[2 * unit], params[2 * unit + 1], params[2 * widths[1] + unit]];
      // Far to both sides of the point nearest to the middle.
      const square = a * a + b * b || 1e-9;
      const [x, y, far] = [(-a * c) / square, (-b * c) / square, 4 / Math.sqrt(square)];
      if (Math.hypot(x, y) < 2) path += plot.path([[x - b * far, y + a * far], [x + b * far, y - a * far]]);
    }
    this.cuts.setAttribute("d", path);
  }

  /** Places cells and points. */
  arrange() {
    const { plot, widget } = this;
    const { points, labels } = widget.data.seen[widget.state.task];
    const [width, height] = [(plot.px(1) - plot.px(-1)) / CELLS, (plot.py(-1) - plot.py(1)) / CELLS];
    this.heat.forEach((cell, at) => {
      const [x, y] = middle(at);
      place(cell, { x: plot.px(x) - width / 2, y: plot.py(y) - height / 2, width, height });
    });
    this.dots.replaceChildren(
      ...points.map(([x, y], at) => svg("circle", { class: `points nth-${2 - labels[at]}`, r: 3, cx: plot.px(x), cy: plot.py(y) })),
    );
  }

  /** @param {number[]} widths Makes a field for every parameter, a row a unit. */
  tabulate(widths) {
    const { widget } = this;
    const { words } = widget;
    this.shape = widget.state.hidden;
    this.fields = [];
    let at = 0;
    const tables = widths.slice(1).map((d_out, layer) => {
      const d_in = widths[layer];
      const name = layer === widths.length - 2 ? words.output : widget.fill(words.layer, { n: layer + 1 });
      const units = Array.from({ length: Math.max(d_in, d_out) }, (_, n) => words.unit + (n + 1));
      const inputs = layer ? units.slice(0, d_in) : ["x", "y"];
      const start = at;
      at += d_out * (d_in + 1);
      const rows = units.slice(0, d_out).map((to, unit) => {
        const cells = [...inputs, words.bias].map((from, n) => {
          const place = n < d_in ? unit * d_in + n : d_in * d_out + unit;
          return html("td", {}, this.field(start + place, `${name}, ${to}, ${from}`, n < d_in ? "parameter" : "bias"));
        });
        return html("tr", {}, html("th", { scope: "row" }, to), ...cells);
      });
      const head = [html("td"), ...[...inputs, words.bias].map((text) => html("th", { scope: "col" }, text))];
      return html("table", {}, html("caption", {}, name), html("thead", {}, html("tr", {}, ...head)), html("tbody", {}, ...rows));
    });
    this.table.replaceChildren(...tables);
  }

  /**
   * @param {number} at
   * @param {string} label
   * @param {string} role
   */
  field(at, label, role) {
    const field = html("input", {
      type: "number", step: 0.1, class: `role-${role}`, "aria-label": label,
      oninput: () => {
        if (!Number.isFinite(field.valueAsNumber)) return;
        this.widget.set({ params: this.widget.state.params.with(at, field.valueAsNumber) });
        this.tell();
      },
    });
    this.fields[at] = field;
    return field;
  }
}

/** @param {number} at A cell. */
const middle = (at) => [-1 + (2 * (at % CELLS) + 1) / CELLS, 1 - (2 * Math.floor(at / CELLS) + 1) / CELLS];

/**
 * Returns `found`, the parameters of a network of other widths, with the old numbers that it keeps.
 *
 * @param {number[]} old
 * @param {number[]} widths
 * @param {number[]} params
 * @param {number[]} found
 */
function resized(old, widths, params, found) {
  let [from, to] = [0, 0];
  for (let layer = 1; layer < widths.length; layer++) {
    const [was_in, was_out, d_in, d_out] = [old, widths].flatMap((of) => [of[layer - 1], of[layer]]);
    for (let unit = 0; unit < Math.min(was_out, d_out); unit++) {
      for (let n = 0; n < Math.min(was_in, d_in); n++) found[to + unit * d_in + n] = params[from + unit * was_in + n];
      found[to + d_in * d_out + unit] = params[from + was_in * was_out + unit];
    }
    from += was_out * (was_in + 1);
    to += d_out * (d_in + 1);
  }
  return found;
}

define("playground", {
  /** @param {Data} data @returns {State} */
  begin({ neurons, outputBias, steps, rate }) {
    const params = [...neurons.flatMap(([x, y]) => [x, y]), ...neurons.map((one) => one[2]), ...neurons.map((one) => one[3]), outputBias];
    return { task: "circle", hidden: String(neurons.length), params, rule: "adam", rate, steps, seed: 0 };
  },
  allows({ task, hidden, params, rule, rate }, data) {
    const widths = widthsOf(hidden);
    const fits = widths.length <= LAYERS + 2 && widths.every((one) => Number.isInteger(one) && one > 0 && one <= UNITS);
    return fits && task in data.seen && ["adam", "sgd"].includes(rule) && rate > 0 && params.length === countParameters(widths);
  },
  View,
});
