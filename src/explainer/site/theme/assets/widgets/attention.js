// @ts-check
/**
 * Attention by head: all heads of a layer side by side, and in one of them who looks at whom.
 *
 * @typedef {{tokens: string[], layers: number[], percent: number[][][][], layer: number,
 *   head: number, asks: number}} Data Whole percents: [layer of `layers`, head, asks, is seen].
 * @typedef {{layer: number, head: number, asks: number}} State Layer and head counted from one.
 */

import { define, html, svg } from "./base.js";

const ROW = 24;
const TOP = 26;
const THUMB = 54; // pixels of a map of a head
const SIDES = [0.36, 0.62]; // where both columns of words end and begin, as shares of the width
const LEVELS = 10;

class View {
  /** @param {import("./base.js").Widget<State, Data>} widget */
  constructor(widget) {
    this.widget = widget;
    const { words, data } = widget;
    this.layer = widget.choice({
      label: words.layer,
      options: data.layers.map((layer) => [String(layer), String(layer)]),
      change: (layer) => this.change({ layer: Number(layer) }),
    });
    this.tokens = data.tokens.map((token, asks) => html("button", { type: "button", onclick: () => this.change({ asks }) }, token));
    this.heads = data.percent[0].map((_, at) => this.thumb(at + 1));
    this.title = html("p", { class: "gpt-title" });
    this.lines = svg("svg", { class: "widget-plot", role: "img" });
    widget.stage.append(
      html("div", { class: "gpt-text heads-words", role: "group", "aria-label": words.asks }, ...this.tokens),
      this.layer.node,
      html("div", { class: "heads", role: "group", "aria-label": words.heads }, ...this.heads.map(({ button }) => button)),
      this.title,
      this.lines,
    );
  }

  /** @param {number} head */
  thumb(head) {
    const size = this.widget.data.tokens.length;
    const map = svg("svg", { viewBox: `0 0 ${size} ${size}`, width: THUMB, height: THUMB, "aria-hidden": "true" });
    const label = this.widget.fill(this.widget.words.head, { n: head });
    const button = html("button", { type: "button", onclick: () => this.change({ head }) }, map, html("span", {}, label));
    return { map, button };
  }

  /** What a head gives, [asks, is seen], in percent. @param {number} head */
  map(head) {
    const { data, state } = this.widget;
    return data.percent[data.layers.indexOf(state.layer)][head - 1];
  }

  /** @param {Partial<State>} change */
  change(change) {
    this.widget.set(change);
    this.widget.say(this.title.textContent ?? "");
  }

  draw() {
    const { state, data, words } = this.widget;
    this.layer.show(String(state.layer));
    for (const [at, token] of this.tokens.entries()) token.setAttribute("aria-pressed", String(at === state.asks));
    for (const [at, { map, button }] of this.heads.entries()) {
      button.setAttribute("aria-pressed", String(at + 1 === state.head));
      map.replaceChildren(...cells(this.map(at + 1)), svg("rect", { class: "frame", x: 0, y: state.asks, width: state.asks + 1, height: 1 }));
    }
    const shares = this.map(state.head)[state.asks];
    const most = shares.indexOf(Math.max(...shares));
    const values = { asks: data.tokens[state.asks], seen: data.tokens[most], share: this.percent(shares[most]), layer: state.layer, head: state.head };
    this.title.textContent = this.widget.fill(words.mostly, values);
    this.drawLines();
  }

  /** @param {number} share */
  percent(share) {
    return new Intl.NumberFormat(this.widget.language, { style: "percent" }).format(share / 100);
  }

  /** Words that look at the left, words that are looked at on the right, a line for each share. */
  drawLines() {
    const { data, state, width, words } = this.widget;
    const [left, right] = SIDES.map((share) => share * width);
    /** @param {number} row */
    const y = (row) => TOP + (row + 0.5) * ROW;
    const rows = this.map(state.head);
    /** @type {SVGElement[]} */
    const parts = [
      svg("text", { x: left - 10, y: 14, "text-anchor": "end" }, words.looks),
      svg("text", { x: right + 10, y: 14 }, words.isSeen),
    ];
    for (const [asks, shares] of rows.entries()) {
      for (const [seen, share] of shares.entries()) {
        if (!share) continue;
        const isOwn = asks === state.asks;
        const strength = { "stroke-opacity": ((isOwn ? 1 : 0.25) * share) / 100 + (isOwn ? 0.08 : 0), "stroke-width": isOwn ? 1.5 + share / 14 : 1.5 };
        parts.push(svg("line", { class: "heads-line", x1: left, x2: right, y1: y(asks), y2: y(seen), ...strength }));
      }
    }
    for (const [at, token] of data.tokens.entries()) {
      const share = rows[state.asks][at];
      const own = at === state.asks;
      const shown = svg("text", { class: own ? "value" : "", x: left - 10, y: y(at) + 4.5, "text-anchor": "end", "font-weight": own ? 700 : 400 }, token);
      shown.addEventListener("click", () => this.change({ asks: at }));
      parts.push(shown, svg("text", { class: share ? "value" : "", x: right + 10, y: y(at) + 4.5 }, share ? `${token} ${this.percent(share)}` : token));
    }
    const height = TOP + data.tokens.length * ROW + 4;
    this.lines.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.lines.setAttribute("height", String(height));
    this.lines.setAttribute("aria-label", this.title.textContent ?? "");
    this.lines.replaceChildren(...parts);
  }
}

/** @param {number[][]} rows Percents, as cells of one unit: the more, the stronger. */
function cells(rows) {
  /** @type {Map<number, string>} */
  const paths = new Map();
  for (const [y, row] of rows.entries()) {
    for (const [x, share] of row.entries()) {
      const level = Math.ceil((share * LEVELS) / 100);
      if (level) paths.set(level, `${paths.get(level) ?? ""}M${x},${y}h1v1h-1z`);
    }
  }
  return [...paths].map(([level, d]) => svg("path", { class: "heat role-vector", "fill-opacity": level / LEVELS, d }));
}

define("attention", {
  /** @param {Data} data @returns {State} */
  begin: ({ layer, head, asks }) => ({ layer, head, asks }),
  allows: ({ layer, head, asks }, { layers, percent, tokens }) =>
    layers.includes(layer) && head - 1 in percent[0] && asks in tokens,
  View,
});
