// @ts-check
/**
 * A line through points that can be dragged: a, b and the loss follow.
 *
 * @typedef {{x: number[], y: number[]}} Data
 * @typedef {{x: number[], y: number[], a: number, b: number, own: boolean}} State The points, and
 *   the reader's own line, shown instead of the best one while `own`.
 * @typedef {{slope: number, intercept: number}} Two
 */

import { fitLine, meanSquaredError } from "../compute/line.js";
import { define, html, svg } from "./base.js";
import { Plot, handle, within } from "./plot.js";

const HEIGHT = 330;
const STEP = 0.1;
// How far beyond the points the line can be taken hold of, and how much further it goes.
const [GRIP, ROOM] = [1.2, 0.3];

class View {
  /** @param {import("./base.js").Widget<State, Data>} widget */
  constructor(widget) {
    this.widget = widget;
    const { words, data } = widget;
    this.plot = new Plot({ label: words.plot, height: HEIGHT, ...frame(data) });
    this.best = svg("path", { class: "line dashed role-neutral" });
    this.line = svg("path", { class: "line role-parameter" });
    this.misses = svg("g", { class: "segments role-error" });
    this.plot.marks.append(this.misses, this.best, this.line);
    this.plot.clip(`${widget.name}-frame`);
    this.ends = [this.plot.x.min + ROOM, this.plot.x.max - ROOM].map((x) => this.end(x));
    this.points = data.x.map((_, at) => this.point(at));
    this.numbers = widget.numbers([
      ["a", words.slope, "parameter"],
      ["b", words.intercept, "bias"],
      ["loss", words.loss, "error"],
      ["least", words.least, "neutral"],
    ]);
    this.button = html("button", { type: "button", onclick: () => this.fit() }, words.fit);
    widget.stage.append(this.plot.node, this.numbers.node);
    widget.bar.append(this.button);
  }

  /** @param {number} at */
  point(at) {
    const label = this.widget.fill(this.widget.words.point, { n: at + 1 });
    return handle(this.plot, { label, role: "data", step: [STEP, STEP], move: (x, y) => this.movePoint(at, x, y) });
  }

  /** @param {number} x One end of the line. */
  end(x) {
    const label = this.widget.fill(this.widget.words.end, { x: this.widget.number(x, 1) });
    const grip = handle(this.plot, { label, role: "parameter", step: [0, STEP], move: (_, y) => this.turn(x, y) });
    return { x, grip };
  }

  /** @returns {Two} */
  fitted() {
    return fitLine(this.widget.state.x, this.widget.state.y);
  }

  /** @returns {Two} */
  current() {
    const { a, b, own } = this.widget.state;
    return own ? { slope: a, intercept: b } : this.fitted();
  }

  /** @param {Two} line */
  loss({ slope, intercept }) {
    return meanSquaredError(this.widget.state.x, this.widget.state.y, slope, intercept);
  }

  /** The button goes once there is nothing to fit; the keyboard stays with the line. */
  fit() {
    this.change({ own: false });
    this.ends[0].grip.node.focus({ preventScroll: true });
  }

  /** @param {Partial<State>} change */
  change(change) {
    this.widget.set(change);
    this.widget.say(this.told());
  }

  told() {
    const line = this.current();
    const { words } = this.widget;
    const [a, b, loss] = [line.slope, line.intercept, this.loss(line)].map((one) => this.widget.number(one, 2));
    return this.widget.fill(words.said, { a, b, loss });
  }

  /**
   * @param {number} at
   * @param {number} x
   * @param {number} y
   */
  movePoint(at, x, y) {
    const { state } = this.widget;
    const to = { x: state.x.with(at, within(x, this.plot.x)), y: state.y.with(at, within(y, this.plot.y)) };
    if (new Set(to.x).size > 1) this.change(to); // a vertical line has no slope
  }

  /**
   * Moves one end of the line; the other stays.
   *
   * @param {number} x
   * @param {number} y
   */
  turn(x, y) {
    const { slope, intercept } = this.current();
    const other = this.ends[this.ends[0].x === x ? 1 : 0].x;
    const held = slope * other + intercept;
    const a = (within(y, this.plot.y) - held) / (x - other);
    this.change({ a, b: held - a * other, own: true });
  }

  draw() {
    const { plot, widget } = this;
    const { x, y, own } = widget.state;
    const [now, fitted] = [this.current(), this.fitted()];
    plot.layout(widget.width);
    this.line.setAttribute("d", this.across(now));
    this.best.setAttribute("d", own ? this.across(fitted) : "");
    this.misses.replaceChildren(
      ...x.map((one, at) => {
        const [from, to] = [plot.py(y[at]), plot.py(now.slope * one + now.intercept)];
        return svg("line", { x1: plot.px(one), x2: plot.px(one), y1: from, y2: to });
      }),
    );
    for (const [at, point] of this.points.entries()) {
      const place = { x: widget.number(x[at], 1), y: widget.number(y[at], 1) };
      point.show(x[at], y[at], widget.fill(widget.words.place, place));
    }
    for (const { x: at, grip } of this.ends) grip.show(at, now.slope * at + now.intercept, this.told());
    this.numbers.show({
      a: widget.number(now.slope, 2),
      b: widget.number(now.intercept, 2),
      loss: widget.number(this.loss(now), 2),
      least: widget.number(this.loss(fitted), 2),
    });
    this.button.disabled = !own;
  }

  /** @param {Two} line */
  across({ slope, intercept }) {
    const { min, max } = this.plot.x;
    return this.plot.path([min, max].map((x) => [x, slope * x + intercept]));
  }
}

/** @param {Data} data */
function frame({ x, y }) {
  const room = (Math.max(...y) - Math.min(...y)) / 4;
  return {
    x: { min: Math.min(...x) - GRIP - ROOM, max: Math.max(...x) + GRIP + ROOM, label: "x" },
    y: { min: Math.floor(Math.min(...y) - room), max: Math.ceil(Math.max(...y) + room), label: "y" },
  };
}

define("line", {
  /** @param {Data} data @returns {State} */
  begin({ x, y }) {
    const { slope, intercept } = fitLine(x, y);
    return { x, y, a: slope, b: intercept, own: false };
  },
  allows: ({ x, y }, data) => x.length === data.x.length && y.length === x.length && new Set(x).size > 1,
  View,
});
