// @ts-check
/**
 * A polynomial through points that can be dragged, and the points that it has never seen.
 *
 * @typedef {{x: number[], y: number[], newX: number[], newY: number[], degree: number}} Data
 * @typedef {{y: number[], degree: number}} State
 */

import { error, evaluate, fitPolynomial } from "../compute/polynomial.js";
import { define, svg } from "./base.js";
import { Plot, handle, within } from "./plot.js";

const HEIGHT = 320;
const HIGH = 3;
const CURVE_STEPS = 240;

class View {
  /** @param {import("./base.js").Widget<State, Data>} widget */
  constructor(widget) {
    this.widget = widget;
    const { words, data } = widget;
    this.plot = new Plot({ label: words.plot, height: HEIGHT, x: { min: -1.05, max: 1.05, label: "x" }, y: { min: -HIGH, max: HIGH, label: "y" } });
    this.plot.clip(`${widget.name}-frame`);
    this.news = data.newX.map(() => svg("path", { class: "cross", d: "M-3,-3L3,3M-3,3L3,-3" }));
    this.curve = svg("path", { class: "line role-parameter" });
    this.plot.marks.append(svg("g", { class: "role-error widget-crosses" }, ...this.news), this.curve);
    this.points = data.x.map((_, at) =>
      handle(this.plot, {
        label: widget.fill(words.point, { n: at + 1 }), role: "data", step: [0, 0.1],
        move: (_x, y) => this.change({ y: widget.state.y.with(at, within(y, this.plot.y)) }),
      }),
    );
    this.slider = widget.slider({
      label: words.degree, min: 0, max: data.x.length - 1, role: "parameter",
      change: (degree) => this.change({ degree }), text: (value) => widget.number(value),
    });
    this.numbers = widget.numbers([["parameters", words.parameters, "parameter"], ["seen", words.seen, "data"], ["fresh", words.fresh, "error"]]);
    widget.stage.append(this.plot.node, this.slider.node, this.numbers.node);
  }

  /** @param {Partial<State>} change */
  change(change) {
    this.widget.set(change);
    const { seen, fresh } = this.shown();
    this.widget.say(this.widget.fill(this.widget.words.said, { seen, fresh }));
  }

  fitted() {
    return fitPolynomial(this.widget.data.x, this.widget.state.y, this.widget.state.degree);
  }

  shown() {
    const { data, state } = this.widget;
    const fitted = this.fitted();
    const [seen, fresh] = [error(fitted, data.x, state.y), error(fitted, data.newX, data.newY)];
    // What is left when a curve meets every point is rounding.
    return { seen: this.widget.figures(seen < 1e-20 ? 0 : seen, 2), fresh: this.widget.figures(fresh, 2) };
  }

  draw() {
    const { widget, plot } = this;
    const { data, state, words } = widget;
    plot.layout(widget.width);
    const fitted = this.fitted();
    const places = Array.from({ length: CURVE_STEPS + 1 }, (_, at) => -1 + (2 * at) / CURVE_STEPS);
    this.curve.setAttribute("d", plot.path(places.map((x) => [x, evaluate(fitted, x)])));
    this.news.forEach((cross, at) => cross.setAttribute("transform", `translate(${plot.px(data.newX[at]).toFixed(1)},${plot.py(data.newY[at]).toFixed(1)})`));
    this.points.forEach((point, at) => {
      const place = { x: widget.number(data.x[at], 2), y: widget.number(state.y[at], 2) };
      point.show(data.x[at], state.y[at], widget.fill(words.place, place));
    });
    this.slider.show(state.degree);
    this.numbers.show({ parameters: widget.number(state.degree + 1), ...this.shown() });
  }
}

define("overfitting", {
  /** @param {Data} data @returns {State} */
  begin: ({ y, degree }) => ({ y, degree }),
  allows: ({ y, degree }, data) =>
    y.length === data.y.length && y.every((one) => Math.abs(one) <= HIGH) && Number.isInteger(degree) && degree >= 0 && degree < data.x.length,
  View,
});
