// @ts-check
/**
 * A plane with axes, drawn like the charts of the page, on which things can be taken hold of.
 *
 * One unit of the drawing is one pixel, so text keeps its size; `layout` fits it to a new width.
 *
 * @typedef {object} Axis
 * @property {number} min
 * @property {number} max
 * @property {string} [label]
 * @property {(value: number) => string} [format]
 * @property {boolean} [bare] Without ticks.
 * @property {boolean} [named] Its numbers are names: no line at zero.
 */

import { svg } from "./base.js";

const LEFT = 46;
const RIGHT = 14;
const TOP = 28;
const BOTTOM = 40;
const TICK_PIXELS = { x: 70, y: 44 };

/**
 * Returns round numbers between two ends, about `count` of them.
 *
 * @param {number} min
 * @param {number} max
 * @param {number} count
 */
export function ticks(min, max, count) {
  const raw = (max - min) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= raw * 0.999) ?? 10) * power;
  const found = [];
  for (let at = Math.ceil(min / step - 1e-9); at * step <= max + step * 1e-9; at++) {
    found.push(Number((at * step).toPrecision(12)));
  }
  return found;
}

export class Plot {
  width = 0;
  /** Below the marks: grid and axes. */
  ground = svg("g", { "aria-hidden": "true" });
  /** What is drawn: paths, points. */
  marks = svg("g");
  /** What can be taken hold of. */
  handles = svg("g");
  /** @type {SVGRectElement | undefined} */
  #frame;

  /**
   * @param {object} of
   * @param {string} of.label What the drawing is called where it cannot be seen.
   * @param {Axis} of.x
   * @param {Axis} of.y
   * @param {number} of.height
   */
  constructor({ label, x, y, height }) {
    this.x = x;
    this.y = y;
    this.height = height;
    this.node = svg("svg", { class: "widget-plot", role: "group", "aria-label": label }, this.ground, this.marks, this.handles);
  }

  /** @param {number} value @returns {number} */
  px(value) {
    const { min, max } = this.x;
    return LEFT + ((value - min) / (max - min)) * (this.width - LEFT - RIGHT);
  }

  /** @param {number} value @returns {number} */
  py(value) {
    const { min, max } = this.y;
    return this.height - BOTTOM - ((value - min) / (max - min)) * (this.height - TOP - BOTTOM);
  }

  /**
   * Returns the place of a pointer in the units of the axes.
   *
   * @param {{clientX: number, clientY: number}} event
   * @returns {[number, number]}
   */
  at({ clientX, clientY }) {
    const box = this.node.getBoundingClientRect();
    const across = ((clientX - box.left) * this.width) / box.width;
    const down = ((clientY - box.top) * this.height) / box.height;
    const x = this.x.min + ((across - LEFT) / (this.width - LEFT - RIGHT)) * (this.x.max - this.x.min);
    const y = this.y.min + ((this.height - BOTTOM - down) / (this.height - TOP - BOTTOM)) * (this.y.max - this.y.min);
    return [x, y];
  }

  /** @param {number} width Fits the drawing to a width, and rules its ground. */
  layout(width) {
    this.width = width;
    this.node.setAttribute("viewBox", `0 0 ${width} ${this.height}`);
    this.node.setAttribute("height", String(this.height));
    const { x, y, height } = this;
    const right = width - RIGHT;
    this.#frame?.setAttribute("width", String(Math.max(0, right - LEFT)));
    const floor = height - BOTTOM;
    const parts = [];
    for (const value of y.bare ? [] : ticks(y.min, y.max, (floor - TOP) / TICK_PIXELS.y)) {
      const at = this.py(value);
      parts.push(
        svg("line", { class: value === 0 ? "zero" : "grid", x1: LEFT, x2: right, y1: at, y2: at }),
        svg("text", { x: LEFT - 8, y: at + 4, "text-anchor": "end" }, (y.format ?? plain)(value)),
      );
    }
    const count = x.named ? x.max - x.min : (right - LEFT) / TICK_PIXELS.x;
    for (const value of ticks(x.min, x.max, count)) {
      const at = this.px(value);
      if (value === 0 && x.min < 0 && !x.named) parts.push(svg("line", { class: "zero", x1: at, x2: at, y1: TOP, y2: floor }));
      parts.push(svg("text", { x: at, y: floor + 17, "text-anchor": "middle" }, (x.format ?? plain)(value)));
    }
    parts.push(svg("line", { class: "axis", x1: LEFT, x2: right, y1: floor, y2: floor }));
    if (x.label) parts.push(svg("text", { class: "name", x: right, y: height - 4, "text-anchor": "end" }, x.label));
    if (y.label) parts.push(svg("text", { class: "name", x: 4, y: 12 }, y.label));
    this.ground.replaceChildren(...parts);
  }

  /**
   * Returns the path through points given in the units of the axes, cut at the frame's far outside.
   *
   * @param {Iterable<readonly [number, number]>} points
   */
  path(points) {
    const far = this.height * 4;
    let text = "";
    for (const [x, y] of points) {
      const down = Math.max(-far, Math.min(far, this.py(y)));
      text += `${text ? "L" : "M"}${this.px(x).toFixed(1)},${down.toFixed(1)}`;
    }
    return text;
  }

  /** @param {string} id Keeps marks within the frame, by a clip of that id. */
  clip(id) {
    this.#frame = svg("rect", { x: LEFT, y: TOP, height: this.height - TOP - BOTTOM });
    this.node.prepend(svg("clipPath", { id }, this.#frame));
    this.marks.setAttribute("clip-path", `url(#${id})`);
  }
}

/**
 * @param {number} value
 * @param {{min: number, max: number}} axis
 */
export const within = (value, { min, max }) => Math.min(max, Math.max(min, value));

/** @param {number} value */
const plain = (value) => String(value).replace("-", "\u2212");

/** Corners, turn and size of a role's marker, as the charts draw them; the rest are round. */
const MARKERS = /** @type {Record<string, [number, number, number]>} */ ({
  parameter: [4, 0, 1.25],
  bias: [3, 0, 1.3],
  vector: [4, 0.125, 1.25],
  seal: [5, 0, 1.25],
});

/**
 * Returns the marker of a role around the origin.
 *
 * @param {string} role
 * @param {number} radius
 */
export function marker(role, radius) {
  if (!(role in MARKERS)) return svg("circle", { class: "points", r: radius });
  const [count, turn, size] = MARKERS[role];
  const corners = Array.from({ length: count }, (_, at) => {
    const angle = 2 * Math.PI * (turn + at / count);
    return `${(radius * size * Math.sin(angle)).toFixed(2)},${(-radius * size * Math.cos(angle)).toFixed(2)}`;
  });
  return svg("path", { class: "points", d: `M${corners.join("L")}Z` });
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * Makes a handle that pointers drag and keys move: arrows by a step, with Shift or as whole pages
 * by ten, Home and End to the ends of what its value says.
 *
 * @param {Plot} plot
 * @param {object} of
 * @param {string} of.label What it is called.
 * @param {string} of.role One of the roles of charts.css.
 * @param {number} [of.radius] Of its marker.
 * @param {[number, number]} of.step How far an arrow key goes along x and y; 0 where it cannot go.
 * @param {(x: number, y: number) => void} of.move Told where the hand wants it.
 */
export function handle(plot, { label, role, radius = 7, step, move }) {
  let [x, y] = [0, 0];
  let dragging = false;
  const grip = svg("circle", { class: "grip", r: 22 });
  const attributes = { class: `handle role-${role}`, tabindex: 0, role: "slider", "aria-label": label };
  const node = svg("g", attributes, grip, marker(role, radius));
  const axis = step[1] ? plot.y : plot.x;
  node.setAttribute("aria-orientation", step[1] ? "vertical" : "horizontal");
  node.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    dragging = true;
    node.setPointerCapture(event.pointerId);
    node.focus({ preventScroll: true });
    event.preventDefault();
  });
  // A finger on it drags it, not the page.
  node.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  node.addEventListener("pointermove", (event) => {
    if (!dragging) return;
    const [to_x, to_y] = plot.at(event);
    move(step[0] ? to_x : x, step[1] ? to_y : y);
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    node.addEventListener(end, () => (dragging = false));
  }
  node.addEventListener("keydown", (event) => {
    const way = { ...ARROWS, PageUp: [0, 1], PageDown: [0, -1], Home: [0, -1], End: [0, 1] }[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const end = { Home: axis.min, End: axis.max }[event.key];
    if (end !== undefined) return step[1] ? move(x, end) : move(end, y);
    const pace = event.shiftKey || !(event.key in ARROWS) ? 10 : 1;
    // On one rail, both pairs of arrows mean less and more.
    const [across, up] = step[0] && step[1] ? way : [way[0] + way[1], way[0] + way[1]];
    move(x + across * step[0] * pace, y + up * step[1] * pace);
  });
  plot.handles.append(node);
  return {
    node,
    /**
     * @param {number} new_x
     * @param {number} new_y
     * @param {string} text Where it is, in words.
     */
    show(new_x, new_y, text) {
      [x, y] = [new_x, new_y];
      node.setAttribute("transform", `translate(${plot.px(x).toFixed(1)},${plot.py(y).toFixed(1)})`);
      node.setAttribute("aria-valuemin", String(axis.min));
      node.setAttribute("aria-valuemax", String(axis.max));
      node.setAttribute("aria-valuenow", String(Number((step[1] ? y : x).toPrecision(4))));
      node.setAttribute("aria-valuetext", text);
    },
  };
}
