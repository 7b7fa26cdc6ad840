// @ts-check
/**
 * What every widget shares: values from the page, state in the address, reset, a link, the code.
 *
 * A kind says where it starts, which states make sense, and what shows them; `define` makes the
 * element of it.
 *
 * @typedef {number | string | boolean | number[]} Value
 * @typedef {Record<string, Value>} State
 */

import { codePlace } from "../runs.js";

const MINUS = "\u2212";
const DIGITS = [..."⁰¹²³⁴⁵⁶⁷⁸⁹"];
const SAY_MILLISECONDS = 350;
const WRITE_MILLISECONDS = 120;
const NOTE_MILLISECONDS = 2500;

/**
 * Gives float32 arrays back their exact values; see `plain_data` of widgets.py.
 *
 * @param {any} value
 * @returns {any}
 */
export function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (value === null || typeof value !== "object") return value;
  if ("float32" in value) return rounded(value.float32);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revive(one)]));
}

/** @param {any} value @returns {any} */
const rounded = (value) => (Array.isArray(value) ? value.map(rounded) : Math.fround(value));

/**
 * @param {Element} node
 * @param {Record<string, any>} attributes `onclick` and its like listen; null and false are left out.
 * @param {(Node | string)[]} children
 */
function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children);
}

/**
 * Puts a part of a drawing somewhere else.
 *
 * @param {Element} node
 * @param {Record<string, number>} attributes
 */
export function place(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(Math.round(value * 100) / 100));
}

/**
 * Makes an element of the page.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function html(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  filled(node, attributes, children);
  return node;
}

/**
 * Makes an element of a drawing.
 *
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  filled(node, attributes, children);
  return node;
}

/** @typedef {{draw(): void, loaded?: Promise<void>}} Shown `loaded`: what it waits for has come. */

/**
 * @template {State} S
 * @template D
 * @typedef {object} Kind
 * @property {(data: D) => S} begin Where it starts: numbers, texts, booleans, lists of numbers.
 * @property {(state: S, data: D) => boolean} [allows] Whether a state from an address makes sense.
 * @property {new (widget: Widget<S, D>) => Shown} View Made once, below `stage`; `draw`
 *   is called after every change of state or width.
 */

/** Whether the reader wants things to stand still. */
export const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * The element of a kind. A view shows `state`, and changes it by `set` alone.
 *
 * @template {State} S
 * @template D
 */
export class Widget extends HTMLElement {
  /** Values that the page gives. @type {D} */
  data = /** @type {any} */ ({});
  /** Labels in the page's language. @type {Record<string, string>} */
  words = {};
  /** Where the view draws. */
  stage = html("div", { class: "widget-stage" });
  /** Below it: what the view can be told to do, then reset, link and code. */
  bar = html("p", { class: "widget-bar" });
  /** Width of the stage in pixels. */
  width = 0;
  /** @type {S} */
  state = /** @type {any} */ ({});
  /** @type {S} */
  start = /** @type {any} */ ({});
  language = "en";
  /** @type {Shown | undefined} */
  view;
  #said = html("p", { class: "widget-said", role: "status" });
  /** @type {HTMLAnchorElement | undefined} */
  #link;
  #saying = 0;
  #writing = 0;
  #resizes = new ResizeObserver(() => this.#resized());

  /** @returns {Kind<S, D>} */
  get kind() {
    throw new Error("an element of no kind: see `define`");
  }

  connectedCallback() {
    if (!this.view && !this.classList.contains("ready")) this.#begin();
    this.#resizes.observe(this.stage);
  }

  disconnectedCallback() {
    this.#resizes.disconnect();
  }

  async #begin() {
    const template = this.querySelector("template");
    const { data, words } = JSON.parse(template?.content.textContent || "{}");
    this.data = revive(data);
    this.words = words;
    this.language = document.documentElement.lang.startsWith("zh") ? "zh-Hans" : "en";
    this.start = this.kind.begin(this.data);
    this.state = this.#fromAddress();
    const twin = this.querySelector(".widget-twin");
    const folded = html("details", { class: "twin" }, html("summary", {}, words.twin));
    if (twin) folded.append(twin);
    this.append(this.stage, this.bar, this.#said, folded);
    this.width = this.stage.clientWidth;
    this.view = new this.kind.View(this);
    this.view.draw();
    this.#fillBar();
    await this.view.loaded;
    this.classList.add("ready");
  }

  #resized() {
    const width = this.stage.clientWidth;
    if (!width || width === this.width) return;
    this.width = width;
    this.view?.draw();
  }

  /** The figure's id, which names the widget in addresses. */
  get name() {
    return this.closest("figure")?.id ?? this.localName;
  }

  /**
   * Changes the state, shows it, and keeps it in the address.
   *
   * @param {Partial<S>} change
   * @param {string} [said] What a screen reader is told.
   */
  set(change, said) {
    this.state = { ...this.state, ...change };
    this.view?.draw();
    clearTimeout(this.#writing);
    this.#writing = setTimeout(() => this.#write(), WRITE_MILLISECONDS);
    if (said) this.say(said);
  }

  /** Goes back to where the page started. */
  reset() {
    this.set(this.start, this.words.isReset);
  }

  /** @param {string} text Told to a screen reader once the reader's hand rests. */
  say(text) {
    clearTimeout(this.#saying);
    this.#saying = setTimeout(() => (this.#said.textContent = text), SAY_MILLISECONDS);
  }

  /** The address of the page with the widget as it is. */
  address() {
    const url = new URL(location.href);
    for (const [key, start] of Object.entries(this.start)) {
      const value = this.state[key];
      const name = `${this.name}.${key}`;
      if (String(value) === String(start)) url.searchParams.delete(name);
      else url.searchParams.set(name, written(value));
    }
    url.search = url.search.replaceAll("%2C", ",");
    return url;
  }

  #write() {
    if (!this.isConnected) return; // the reader went on to another page
    const url = this.address();
    if (url.href !== location.href) history.replaceState(history.state, "", url);
    url.hash = this.name;
    if (this.#link) this.#link.href = url.href;
  }

  /** @returns {S} */
  #fromAddress() {
    const given = new URL(location.href).searchParams;
    const found = /** @type {any} */ ({ ...this.start });
    for (const [key, start] of Object.entries(this.start)) {
      const text = given.get(`${this.name}.${key}`);
      const value = text === null ? undefined : read(text, start);
      if (value !== undefined) found[key] = value;
    }
    return this.kind.allows?.(found, this.data) ?? true ? found : { ...this.start };
  }

  #fillBar() {
    const { words, bar } = this;
    bar.append(html("button", { type: "button", class: "widget-reset", onclick: () => this.reset() }, words.reset));
    const url = this.address();
    url.hash = this.name;
    this.#link = html("a", { href: url.href, onclick: (/** @type {Event} */ event) => this.#copy(event) }, words.link);
    bar.append(this.#link);
    const code = codePlace(this.dataset.run ?? "", this.dataset.source ?? "");
    if (code) bar.append(html("a", { href: code.href }, words.code));
  }

  /** @param {Event} event */
  async #copy(event) {
    event.preventDefault();
    event.stopPropagation();
    this.#write();
    const link = /** @type {HTMLAnchorElement} */ (this.#link);
    const { link: name, copied, inAddress } = this.words;
    try {
      await navigator.clipboard.writeText(link.href);
      link.textContent = copied;
    } catch {
      link.textContent = inAddress;
    }
    this.say(link.textContent);
    setTimeout(() => (link.textContent = name), NOTE_MILLISECONDS);
  }

  /**
   * Writes a number as the page does.
   *
   * @param {number} value
   * @param {number} digits After the point.
   */
  number(value, digits = 0) {
    if (!Number.isFinite(value)) return this.words.notFinite;
    if (Math.abs(value) >= 1e7 && digits) return this.power(value);
    const shown = new Intl.NumberFormat(this.language, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: "negative",
    }).format(value);
    return shown.replace("-", MINUS);
  }

  /**
   * Writes a number of any size with few figures: 0.0123, 12.3, 1.2 × 10⁹.
   *
   * @param {number} value
   * @param {number} figures
   */
  figures(value, figures = 3) {
    if (!Number.isFinite(value)) return this.words.notFinite;
    const size = Math.abs(value);
    if (value && (size >= 1e7 || size < 1e-4)) return this.power(value);
    return new Intl.NumberFormat(this.language, { maximumSignificantDigits: figures, signDisplay: "negative" }).format(value).replace("-", MINUS);
  }

  /** @param {number} value Written as a power of ten: 1.2 × 10⁹. */
  power(value) {
    const [mantissa, exponent] = value.toExponential(1).split("e");
    const raised = exponent.replace("+", "").replace(/\d/g, (digit) => DIGITS[Number(digit)]).replace("-", "⁻");
    return `${mantissa.replace("-", MINUS)} × 10${raised}`;
  }

  /**
   * Returns a label with its braces filled: "point {n}".
   *
   * @param {string} label
   * @param {Record<string, string | number>} values
   */
  fill(label, values) {
    return label.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }

  /**
   * Numbers that follow, each with its name.
   *
   * @param {[string, string, string][]} rows Key, name and role of each.
   */
  numbers(rows) {
    const cells = rows.map(([key, name, role]) => /** @type {const} */ ([key, name, role, html("dd")]));
    const parts = cells.map(([, name, role, cell]) => html("div", { class: `role-${role}` }, html("dt", {}, name), cell));
    return {
      node: html("dl", { class: "widget-numbers" }, ...parts),
      /** @param {Record<string, string>} values */
      show(values) {
        for (const [key, , , cell] of cells) if (cell.textContent !== values[key]) cell.textContent = values[key];
      },
    };
  }

  /**
   * A slider with its name and its value: a range that keyboards and fingers know.
   *
   * @param {object} of
   * @param {string} of.label
   * @param {number} of.min
   * @param {number} of.max
   * @param {number} [of.step]
   * @param {string} [of.role] One of the roles of charts.css.
   * @param {(value: number) => void} of.change
   * @param {(value: number) => string} of.text How its value is written.
   */
  slider({ label, min, max, step = 1, role = "seal", change, text }) {
    const field = html("input", { type: "range", min, max, step, oninput: () => change(Number(field.value)) });
    const shown = html("output", {});
    const node = html("label", { class: `widget-slider role-${role}` }, html("span", {}, label), field, shown);
    return {
      node,
      field,
      /** @param {number} value */
      show(value) {
        field.value = String(value);
        shown.textContent = text(value);
        field.setAttribute("aria-valuetext", text(value));
      },
    };
  }

  /**
   * A choice of a few, as buttons side by side.
   *
   * @param {object} of
   * @param {string} of.label
   * @param {[string, string][]} of.options Value and name of each.
   * @param {(value: string) => void} of.change
   */
  choice({ label, options, change }) {
    const group = `${this.name}-${label}`.replace(/\s+/g, "-");
    const fields = options.map(([value]) =>
      html("input", { type: "radio", name: group, value, onchange: () => change(value) }),
    );
    const labels = fields.map((field, at) => html("label", {}, field, html("span", {}, options[at][1])));
    const node = html("fieldset", { class: "widget-choice" }, html("legend", {}, label), ...labels);
    return {
      node,
      /** @param {string} value */
      show(value) {
        for (const field of fields) field.checked = field.value === value;
      },
    };
  }
}

/**
 * Names the element of a kind: `<explainer-line>`.
 *
 * @template {State} S
 * @template D
 * @param {string} name
 * @param {Kind<S, D>} kind
 */
export function define(name, kind) {
  customElements.define(
    `explainer-${name}`,
    /** @extends {Widget<S, D>} */
    class extends Widget {
      get kind() {
        return kind;
      }
    },
  );
}

/** @param {Value} value */
const written = (value) =>
  Array.isArray(value) ? value.map((one) => shortest(one)).join(",") : typeof value === "number" ? shortest(value) : String(value);

/** @param {number} value In an address eight figures are enough, unless it is whole. */
const shortest = (value) => String(Number.isInteger(value) ? value : Number(value.toPrecision(8)));

/**
 * @param {string} text
 * @param {Value} start What the state holds at first; the text is read as its type.
 * @returns {Value | undefined}
 */
function read(text, start) {
  if (typeof start === "string") return text;
  if (typeof start === "boolean") return text === "true";
  const numbers = text.split(",").map((part) => (part.trim() ? Number(part) : NaN));
  if (!numbers.every(Number.isFinite)) return undefined;
  return Array.isArray(start) ? numbers : numbers[0];
}
