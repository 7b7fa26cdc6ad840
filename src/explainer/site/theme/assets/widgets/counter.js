// @ts-check
/**
 * A model of the reader's own: its configuration, pasted; or its files, of which the headers alone
 * are read. Nothing leaves the page. The examples come counted with the page; what counts comes
 * when a configuration is touched, and what reads files when there are some.
 *
 * @typedef {Record<string, any>} Config
 * @typedef {import("../compute/counting.js").Count} Count
 * @typedef {{models: Record<string, Config>, counts: Record<string, Counted>}} Data
 * @typedef {{model: string, config: string}} State A configuration, if there is one, wins; it keeps
 *   only what matters, so that it fits into an address.
 *
 * @typedef {{[Name in "total" | "active" | "without_input" | "without_tables"]: number | bigint} &
 *   {components: Record<string, number | bigint>, kinds: Record<string, number | bigint>,
 *   tied: boolean | null, notes?: string[]}} Counted
 * @typedef {{error: string} | {counted: Counted, isExample?: boolean} | {name: string, nodes: Node[]}} Found
 */

import { define, html } from "./base.js";

const MOST_IN_ADDRESS = 1500;

/**
 * @template T
 * @param {Promise<T>} coming A script that comes on demand: without a network it may not.
 * @returns {Promise<T>}
 */
const arrived = (coming) =>
  coming.catch(() => {
    throw Object.assign(new Error(), { reason: "notLoaded", values: {} });
  });

export class View {
  /** @type {State | null} */
  drawn = null;
  isTyping = false;
  turn = 0;
  busy = 0;
  /** @type {Promise<void> | undefined} */
  loaded;
  /** What counts, once it is there. @type {typeof import("../compute/counting.js") | undefined} */
  tools;

  /** @param {import("./base.js").Widget<State, Data>} widget */
  constructor(widget) {
    this.widget = widget;
    const { words, data } = widget;
    this.models = widget.choice({
      label: words.examples,
      options: Object.keys(data.models).map((name) => [name, name]),
      change: (model) => this.change({ model, config: "" }),
    });
    this.area = html("textarea", { rows: 10, spellcheck: "false", autocomplete: "off", oninput: () => this.type(), onfocus: () => this.prepare() });
    this.files = html("input", { type: "file", multiple: true, accept: ".json,.safetensors,.gguf", onchange: () => this.open(this.files.files) });
    this.message = html("p", { class: "counter-message" });
    this.found = html("div");
    const text = html("label", { class: "counter-text" }, html("span", {}, words.config), this.area);
    const choose = html("label", {}, this.files, html("span", {}, words.choose));
    const drop = html("div", { class: "counter-files" }, choose, html("span", {}, words.drop));
    widget.stage.append(this.models.node, text, drop, this.message, this.found);
    widget.stage.addEventListener("dragover", (event) => event.preventDefault());
    widget.stage.addEventListener("drop", (event) => {
      event.preventDefault();
      this.open(event.dataTransfer?.files);
    });
  }

  /** @param {Partial<State>} change */
  change(change) {
    this.widget.set(change);
    this.speak();
  }

  speak() {
    const numbers = [...this.found.querySelectorAll("dl > div")].map(({ children: [name, value] }) => `${name.textContent} ${value.textContent}`);
    const pause = this.widget.language === "en" ? ", " : "，";
    this.widget.say([this.message.textContent, ...numbers].filter(Boolean).join(pause));
  }

  /** What counts comes before the first key is pressed, if it can. */
  prepare() {
    this.arithmetic().catch(() => {});
  }

  async arithmetic() {
    this.tools ??= await arrived(import("../compute/counting.js"));
    return this.tools;
  }

  /**
   * Does what takes its time; what was asked for since wins.
   *
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T | {error: string} | null>} Null where something else won.
   */
  async waiting(work) {
    const turn = (this.turn += 1);
    this.busy += 1;
    if (!this.tools) this.message.textContent = this.widget.words.reading;
    this.widget.stage.setAttribute("aria-busy", "true");
    let found;
    try {
      found = await work();
    } catch (error) {
      found = { error: this.wrong(error) };
    }
    this.busy -= 1;
    if (!this.busy) this.widget.stage.removeAttribute("aria-busy");
    return turn === this.turn ? found : null;
  }

  /** @param {string} text @returns {Promise<{error: string} | {counted: Count} | null>} */
  counted(text) {
    return this.waiting(async () => {
      if (!text.trim()) return { error: this.widget.words.paste };
      const { count, parse } = await this.arithmetic();
      return { counted: count(parse(text)) };
    });
  }

  async type() {
    const found = await this.counted(this.area.value);
    if (!found) return;
    this.show(found);
    const config = this.tools && "counted" in found && found.counted ? this.tools.written(found.counted.decisive) : "";
    this.isTyping = true;
    if (config && config.length <= MOST_IN_ADDRESS) this.widget.set({ config });
    this.isTyping = false;
    this.speak();
  }

  /** @param {string} text Of an address. */
  async recall(text) {
    this.area.value = text;
    const found = await this.counted(text);
    if (!found) return;
    if ("counted" in found && this.tools) this.area.value = this.tools.written(this.tools.parse(text), "  ");
    this.show(found);
  }

  /** @param {FileList | null | undefined} list */
  async open(list) {
    const files = [...(list ?? [])];
    if (!files.length) return;
    this.message.textContent = this.widget.words.reading;
    const found = await this.waiting(async () => (await arrived(import("../counter-files.js"))).look(files, this));
    this.files.value = "";
    if (!found) return;
    this.area.value = "text" in found ? found.text : "";
    if ("text" in found) return this.type();
    this.show(found);
    this.speak();
  }

  /** @param {any} error A refusal, by its reason. @returns {string} */
  wrong({ reason, values }) {
    const { words } = this.widget;
    if (!reason) return words.unreadable;
    const texts = Object.entries(values).map(([name, value]) => [name, this.text(value)]);
    const sentence = this.widget.fill(words[reason], Object.fromEntries(texts));
    return values.file ? `${values.file}: ${sentence}` : sentence;
  }

  /** @param {unknown} value */
  text(value) {
    return typeof value === "number" || typeof value === "bigint" ? this.whole(value) : String(value);
  }

  /** @param {number | bigint} value */
  whole(value) {
    return new Intl.NumberFormat(this.widget.language).format(value);
  }

  draw() {
    const { state, data } = this.widget;
    if (state === this.drawn) return this.reach();
    this.drawn = state;
    if (this.isTyping) return;
    this.turn += 1;
    if (state.config) {
      this.loaded = this.recall(state.config);
      return;
    }
    const config = data.models[state.model];
    this.area.value = JSON.stringify(config, null, 2);
    const notes = config.num_nextn_predict_layers ? ["prediction"] : [];
    this.show({ counted: { ...data.counts[state.model], notes }, isExample: true });
  }

  /** @param {Found} found */
  show(found) {
    const isWrong = "error" in found;
    this.models.show("counted" in found && found.isExample ? this.widget.state.model : "");
    this.area.setAttribute("aria-invalid", String(isWrong && this.area.value.trim() !== ""));
    this.message.classList.toggle("wrong", isWrong);
    this.message.textContent = isWrong ? found.error : "name" in found ? found.name : "";
    this.found.replaceChildren(...(isWrong ? [] : "counted" in found ? this.ofConfig(found.counted) : found.nodes));
    this.reach();
  }

  /** Lets the keyboard scroll a table that is wider than its column. */
  reach() {
    for (const scroll of this.found.querySelectorAll(".counter-scroll")) {
      if (scroll.scrollWidth > scroll.clientWidth) scroll.setAttribute("tabindex", "0");
      else scroll.removeAttribute("tabindex");
    }
  }

  /** @param {Counted} counted */
  ofConfig({ total, active, without_input, without_tables, components, kinds, tied, notes = [] }) {
    const { words } = this.widget;
    const { embedding, head = 0 } = components;
    /** @type {[string, string][]} */
    const numbers = [
      [words.parameters, this.whole(total)],
      [words.biases, this.whole(kinds.biases)],
      [words.vocabulary, this.share(Number(embedding) + Number(head), total)],
    ];
    if (active !== total) {
      numbers.push([words.active, `${this.whole(active)} (${this.share(active, total)})`]);
      numbers.push([words.withoutInput, this.whole(without_input)], [words.withoutTables, this.whole(without_tables)]);
    }
    const said = notes.map((name) => words[name]);
    if (tied) said.unshift(words.tied);
    if (kinds.buffers) said.push(this.widget.fill(words.buffers, { n: this.whole(kinds.buffers) }));
    return [this.numbers(numbers), this.parts(components, total), this.notes(said)];
  }

  /** @param {number | bigint} one @param {number | bigint} whole */
  share(one, whole) {
    const percent = new Intl.NumberFormat(this.widget.language, { style: "percent", minimumFractionDigits: 3, maximumFractionDigits: 3 });
    return percent.format(Number(one) / Number(whole));
  }

  /** @param {[string, string][]} rows Name and value of each. */
  numbers(rows) {
    const shown = this.widget.numbers(rows.map(([name], at) => [String(at), name, "parameter"]));
    shown.show(Object.fromEntries(rows.map(([, value], at) => [at, value])));
    return shown.node;
  }

  /**
   * Parameters by component, each with a bar as long as its share.
   *
   * @param {Record<string, number | bigint>} components
   * @param {number | bigint} total
   */
  parts(components, total) {
    const { words } = this.widget;
    const rows = Object.entries(components).map(([name, size]) => {
      const bar = html("span", { class: "counter-bar role-parameter" });
      bar.style.width = `${(100 * Number(size)) / Number(total)}%`;
      return [words[name], this.whole(size), html("span", {}, this.share(size, total)), bar];
    });
    return table([words.component, words.parameters, words.share], rows);
  }

  /** @param {string[]} notes */
  notes(notes) {
    return html("p", { class: "widget-note" }, notes.join(this.widget.language === "en" ? " " : ""));
  }
}

/**
 * @param {string[]} head
 * @param {(string | Node)[][]} rows What is too much for the columns goes into the last.
 */
export function table(head, rows) {
  const body = rows.map(([name, ...cells]) => {
    const last = head.length - 2;
    const data = [...cells.slice(0, last), cells.slice(last)].map((cell) => html("td", {}, ...[cell].flat()));
    return html("tr", {}, html("th", { scope: "row" }, name), ...data);
  });
  const top = html("tr", {}, ...head.map((name) => html("th", { scope: "col" }, name)));
  const whole = html("table", { class: "counter-table" }, html("thead", {}, top), html("tbody", {}, ...body));
  return html("div", { class: "counter-scroll", role: "group", "aria-label": head[0] }, whole);
}

define("counter", {
  /** @param {Data} data @returns {State} */
  begin: ({ models }) => ({ model: Object.keys(models)[0], config: "" }),
  allows: ({ model, config }, { models }) => config.length <= MOST_IN_ADDRESS && Object.hasOwn(models, model),
  View,
});
