// @ts-check
/**
 * One number in every format: its bits can be flipped, another number typed, the rounding seen.
 *
 * @typedef {{number: string, format: string}} Data
 * @typedef {{number: string, format: string, rounding: string, code: string}} State What was
 *   typed; or, once a bit was flipped, the code as it then stands, in hexadecimal digits.
 * @typedef {import("../compute/formats.js").Format} Format
 */

import { FORMATS, decode, encode, largest, lowest, neighbours, parts } from "../compute/formats.js";
import { define, html, svg } from "./base.js";

const ROLES = ["seal", "data", "neutral"];
const NAMES = ["sign", "exponent", "mantissa"];
const MOST_CHARACTERS = 22;
// The ruler: its height, where its line lies, how far a neighbour is from the middle.
const [HEIGHT, LINE, HALF] = [92, 40, 0.36];
const CHARACTER = 4.1; // half of a digit's width, in pixels

/** @param {string} name */
const named = (name) => FORMATS.find((format) => format.name === name) ?? FORMATS[0];

/** @param {Format} format @param {bigint} code */
const digits = (format, code) => code.toString(2).padStart(format.bits, "0");

/**
 * Cuts the bits of a code into sign, exponent and mantissa; some may be empty.
 *
 * @param {Format} format
 * @param {bigint} code
 */
function cut(format, code) {
  let start = 0;
  return parts(format).map((count) => digits(format, code).slice(start, (start += count)));
}

/** @param {string} text @returns {number} NaN for "nan", undefined for what is no number. */
function parse(text) {
  const plain = text.normalize("NFKC").trim().replace("\u2212", "-").toLowerCase();
  if (/^[+-]?(inf|infinity|∞)$/.test(plain)) return plain.startsWith("-") ? -Infinity : Infinity;
  return plain && plain !== "nan" ? Number(plain) : NaN;
}

/** @param {string} text */
const isNumber = (text) => text.trim().toLowerCase() === "nan" || !Number.isNaN(parse(text));

class View {
  /** @param {import("./base.js").Widget<State, Data>} widget */
  constructor(widget) {
    this.widget = widget;
    const { words } = widget;
    this.field = html("input", {
      type: "text",
      autocomplete: "off",
      spellcheck: "false",
      oninput: () => this.type(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.step(event),
    });
    this.rounding = widget.choice({
      label: words.rounding,
      options: [["nearest", words.nearest], ["toward_zero", words.towardZero]],
      change: (rounding) => this.change({ rounding, code: "" }),
    });
    this.bits = html("div", { class: "bits", role: "group", onkeydown: (/** @type {KeyboardEvent} */ event) => this.walk(event) });
    this.reading = html("p", { class: "bits-reading" });
    this.ruler = svg("svg", { class: "widget-plot", role: "img" });
    this.numbers = widget.numbers([["value", words.value, "seal"], ["error", words.error, "error"]]);
    this.rows = FORMATS.map((format) => this.row(format));
    const label = html("label", { class: "bits-number" }, html("span", {}, words.number), this.field);
    // Roles, as a phone shows the table as blocks, which would take its meaning away.
    const head = html("tr", { role: "row" }, ...[words.format, words.bits, words.value].map((name) => html("th", { role: "columnheader" }, name)));
    widget.stage.append(
      html("div", { class: "widget-controls" }, label, this.rounding.node),
      this.bits, this.reading, this.numbers.node, this.ruler,
      html("table", { class: "bits-table", role: "table" }, html("thead", { role: "rowgroup" }, head), html("tbody", { role: "rowgroup" }, ...this.rows.map(({ node }) => node))),
    );
  }

  /** @param {Format} format */
  row(format) {
    const button = html("button", { type: "button", onclick: () => this.choose(format) }, format.label);
    const [bits, value] = [html("td", { class: "bits-code", role: "cell" }), html("td", { role: "cell" })];
    const node = html("tr", { role: "row" }, html("th", { role: "rowheader" }, button), bits, value);
    return { format, node, button, bits, value };
  }

  get format() {
    return named(this.widget.state.format);
  }

  /** The code that is shown, and the number that is stored: the code's own if a bit was flipped. */
  get shown() {
    const { state } = this.widget;
    const flipped = state.code && BigInt(`0x${state.code}`);
    const number = flipped ? decode(this.format, flipped) : parse(state.number);
    const rounding = /** @type {import("../compute/formats.js").Rounding} */ (state.rounding);
    return { code: flipped || encode(this.format, number, rounding), number, rounding };
  }

  /** @param {Partial<State>} change */
  change(change) {
    this.widget.set(change);
    const { code } = this.shown;
    const values = { format: this.format.label, value: exact(decode(this.format, code)) };
    this.widget.say(this.widget.fill(this.widget.words.said, values));
  }

  type() {
    const fits = isNumber(this.field.value);
    this.field.setAttribute("aria-invalid", String(!fits));
    if (fits) this.change({ number: this.field.value.trim(), code: "" });
    else this.widget.say(this.widget.words.noNumber);
  }

  /** @param {KeyboardEvent} event In the field, arrow keys go to the value next above or below. */
  step(event) {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const [below, above] = neighbours(this.format, decode(this.format, this.shown.code));
    const to = event.key === "ArrowUp" ? above : below;
    if (!Number.isFinite(to)) return;
    this.field.value = String(to);
    this.type();
  }

  /** @param {Format} format What is stored goes along; a flipped code as the number that it means. */
  choose(format) {
    this.change({ number: this.text(), format: format.name, code: "" });
  }

  /** The number, as it would be typed. */
  text() {
    const { state } = this.widget;
    return state.code ? String(this.shown.number).replace("Infinity", "inf") : state.number;
  }

  /** @param {number} place Counted from the first bit. */
  flip(place) {
    const code = this.shown.code ^ (1n << BigInt(this.format.bits - 1 - place));
    this.change({ code: code.toString(16) });
  }

  /** @param {KeyboardEvent} event Arrow keys go from bit to bit, so that Tab passes them at once. */
  walk(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1, Home: -64, End: 64 }[event.key];
    const buttons = [...this.bits.querySelectorAll("button")];
    const at = buttons.findIndex((button) => button === document.activeElement);
    if (!way || at < 0) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(buttons.length - 1, at + way));
    for (const [place, button] of buttons.entries()) button.tabIndex = place === to ? 0 : -1;
    buttons[to].focus();
  }

  draw() {
    const { widget, format } = this;
    const { code, number, rounding } = this.shown;
    const value = decode(format, code);
    if (document.activeElement !== this.field) this.field.value = this.text();
    this.rounding.show(rounding);
    this.drawBits(format, code);
    this.reading.textContent = this.read(format, code);
    this.drawRuler(format, number, value);
    this.numbers.show({ value: exact(value), error: this.error(value, number) });
    for (const row of this.rows) {
      const own = row.format === format ? code : encode(row.format, number, rounding);
      const found = decode(row.format, own);
      row.button.setAttribute("aria-pressed", String(row.format === format));
      row.bits.replaceChildren(...cut(row.format, own).map((part, at) => html("span", { class: `role-${ROLES[at]}` }, part)));
      row.value.textContent = exact(found);
      row.node.classList.toggle("off", !Object.is(found, number));
    }
    this.widget.stage.style.setProperty("--bits", String(Math.min(format.bits, 32)));
  }

  /** @param {number} value @param {number} number */
  error(value, number) {
    if (Object.is(value, number)) return "0";
    const error = value - number;
    return Number.isFinite(error) ? this.widget.figures(error, 4) : this.widget.words.lost;
  }

  /** @param {Format} format @param {bigint} code */
  drawBits(format, code) {
    const { words } = this.widget;
    if (this.bits.dataset.format !== format.name) {
      this.bits.dataset.format = format.name;
      this.bits.setAttribute("aria-label", this.widget.fill(words.bitsOf, { format: format.label }));
      let place = 0;
      const groups = parts(format).map((count, at) => {
        const buttons = Array.from({ length: count }, () => {
          const own = place++;
          return html("button", { type: "button", tabindex: own ? -1 : 0, onclick: () => this.flip(own) });
        });
        const name = html("span", { class: "bits-name" }, words[nameOf(format, at)]);
        return html("span", { class: `bits-part role-${ROLES[at]}`, hidden: !count }, html("span", { class: "bits-row" }, ...buttons), name);
      });
      this.bits.replaceChildren(...groups);
    }
    const text = digits(format, code);
    for (const [at, button] of [...this.bits.querySelectorAll("button")].entries()) {
      button.textContent = text[at];
      button.setAttribute("aria-label", this.widget.fill(words.bit, { bit: text[at], n: at + 1 }));
    }
  }

  /**
   * What the bits say, as a sum.
   *
   * @param {Format} format
   * @param {bigint} code
   */
  read(format, code) {
    const { words } = this.widget;
    const value = decode(format, code);
    const [sign, exponent, rest] = cut(format, code).map((part) => (part ? BigInt(`0b${part}`) : 0n));
    if (format.kind === "codebook") return this.widget.fill(words.entry, { n: String(rest + 1n) });
    if (format.kind === "integer") return sign ? `\u2212${raised(format.bits - 1)} + ${rest}` : String(rest);
    if (!Number.isFinite(value)) return Number.isNaN(value) ? words.isNaN : words.isInfinite;
    const minus = sign ? "\u2212" : "";
    const p = format.mantissaBits;
    if (!p) return `${raised(Number(exponent) - format.bias)}`;
    const isSubnormal = !exponent;
    const power = raised(Math.max(Number(exponent), 1) - format.bias);
    const share = `${rest} / ${raised(p)}`;
    return isSubnormal ? `${minus}${power} × ${share}, ${words.subnormal}` : `${minus}${power} × (1 + ${share})`;
  }

  /**
   * The values beside the one stored, and where the number lies between them.
   *
   * @param {Format} format
   * @param {number} number
   * @param {number} value
   */
  drawRuler(format, number, value) {
    const { width, words, state } = this.widget;
    const middle = Number.isNaN(value) ? NaN : Math.max(lowest(format), Math.min(largest(format), value));
    const [below, above] = neighbours(format, middle);
    const step = Math.max(...[middle - below, above - middle].filter(Number.isFinite));
    /** @param {number} x */
    const at = (x) => Math.max(8, Math.min(width - 8, width / 2 + ((x - middle) / step) * HALF * width));
    /** @type {SVGElement[]} */
    const parts = [svg("line", { class: "axis", x1: 0, x2: width, y1: LINE, y2: LINE })];
    for (const [x, y] of /** @type {const} */ ([[below, LINE + 26], [middle, LINE - 18], [above, LINE + 26]])) {
      if (!Number.isFinite(x)) continue;
      const isMiddle = x === middle;
      const room = Math.min(width / 2, short(x).length * CHARACTER + 2); // half the label's width
      parts.push(
        svg("line", { class: isMiddle ? "whisker role-seal" : "axis", x1: at(x), x2: at(x), y1: LINE - 10, y2: LINE + 10 }),
        svg("text", { class: isMiddle ? "value" : "", x: Math.max(room, Math.min(width - room, at(x))), y, "text-anchor": "middle" }, short(x)),
      );
      const tie = (x + middle) / 2;
      if (!isMiddle && state.rounding === "nearest") parts.push(svg("line", { class: "rule role-neutral", x1: at(tie), x2: at(tie), y1: LINE - 8, y2: LINE + 8 }));
    }
    if (!Number.isNaN(number) && step) {
      parts.push(
        svg("circle", { class: "points role-error", cx: at(number), cy: LINE, r: 5.5 }),
        svg("text", { x: Math.max(70, Math.min(width - 70, at(number))), y: LINE + 46, "text-anchor": "middle" }, words.here),
      );
    }
    this.ruler.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.ruler.setAttribute("height", String(HEIGHT));
    this.ruler.setAttribute("aria-label", this.widget.fill(words.ruler, { below: short(below), value: short(value), above: short(above) }));
    this.ruler.replaceChildren(...(Number.isNaN(middle) ? [] : parts));
  }
}

/** @param {Format} format @param {number} at Which part of its bits. */
function nameOf(format, at) {
  if (at < 2 || format.kind === "float") return NAMES[at];
  return format.kind === "integer" ? "whole" : "index";
}

/** @param {number} exponent Of two. */
const raised = (exponent) => `2${[...String(exponent)].map((digit) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(digit)]).join("")}`;

/** @param {string} text */
const minus = (text) => text.replace("-", "\u2212").replace("Infinity", "∞");

/** @param {number} value The fewest digits that tell it from every other. */
const short = (value) => minus(Object.is(value, -0) ? "-0" : String(value));

/** @param {number} value All its decimal places, as far as there is room. */
function exact(value) {
  if (!value || !Number.isFinite(value)) return short(value);
  const size = Math.abs(value);
  const isPlain = size >= 1e-5 && size < 1e16;
  const [digits, exponent] = (isPlain ? value.toPrecision(100) : value.toExponential(100)).split("e");
  const all = digits.replace(/\.?0+$/, "");
  const shown = all.length > MOST_CHARACTERS ? `${all.slice(0, MOST_CHARACTERS)}…` : all;
  return minus(exponent ? `${shown}e${exponent.replace("+", "")}` : shown);
}

define("inspector", {
  /** @param {Data} data @returns {State} */
  begin: ({ number, format }) => ({ number, format, rounding: "nearest", code: "" }),
  allows({ number, format, rounding, code }) {
    const found = FORMATS.find(({ name }) => name === format);
    if (!found || !isNumber(number) || !["nearest", "toward_zero"].includes(rounding)) return false;
    return !code || (/^[0-9a-f]{1,16}$/.test(code) && BigInt(`0x${code}`) >> BigInt(found.bits) === 0n);
  },
  View,
});
