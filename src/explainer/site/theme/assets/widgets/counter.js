// @ts-check
/**
 * A model of the reader's own: its configuration, pasted; or its files, of which the headers alone
 * are read. Nothing leaves the page.
 *
 * @typedef {import("../compute/configuration.js").Config} Config
 * @typedef {{models: Record<string, Config>}} Data
 * @typedef {{model: string, config: string}} State A configuration, if there is one, wins; it keeps
 *   only what matters, so that it fits into an address.
 *
 * @typedef {import("../model-files.js").Files & {notes: string[]}} Files
 * @typedef {{error: string} | {counted: import("../compute/counting.js").Count} | Files} Found
 */

import { Refusal, parse } from "../compute/configuration.js";
import { count } from "../compute/counting.js";
import { define, html } from "./base.js";

const MOST_IN_ADDRESS = 1500;

class View {
  /** What is shown instead of the state: a mistake, or files, which no address can hold. @type {Found | null} */
  local = null;
  /** @type {State | null} */
  drawn = null;
  typing = false;
  turn = 0;

  /** @param {import("./base.js").Widget<State, Data>} widget */
  constructor(widget) {
    this.widget = widget;
    const { words, data } = widget;
    this.models = widget.choice({
      label: words.examples,
      options: Object.keys(data.models).map((name) => [name, name]),
      change: (model) => this.change({ model, config: "" }),
    });
    this.area = html("textarea", { rows: 10, spellcheck: "false", autocomplete: "off", oninput: () => this.type() });
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
    this.widget.say(this.message.textContent || this.found.querySelector("dl")?.textContent || "");
  }

  /** The configuration that the state stands for. @returns {Config} */
  get config() {
    const { state, data } = this.widget;
    return state.config ? JSON.parse(state.config) : data.models[state.model];
  }

  type() {
    this.turn += 1;
    const found = this.counted(this.area.value);
    const text = "counted" in found ? JSON.stringify(found.counted.decisive) : "";
    if (!text || text.length > MOST_IN_ADDRESS) return this.show(found);
    this.typing = true;
    this.change({ config: text });
    this.typing = false;
  }

  /** @param {string} text @returns {Found} */
  counted(text) {
    if (!text.trim()) return { error: this.widget.words.paste };
    try {
      return { counted: count(parse(text)) };
    } catch (error) {
      return { error: this.wrong(error) };
    }
  }

  /** @param {FileList | null | undefined} list */
  async open(list) {
    const files = [...(list ?? [])];
    if (!files.length) return;
    const turn = (this.turn += 1);
    const { words } = this.widget;
    this.message.textContent = words.reading;
    this.widget.stage.setAttribute("aria-busy", "true");
    try {
      const { inspect, sorted } = await import("../model-files.js");
      const found = await sorted(files);
      const isModel = found.gguf.length + found.safetensors.length > 0;
      const text = isModel ? "" : await found.json[0].text();
      const read = isModel ? { ...(await inspect(found)), notes: this.shards(files) } : null;
      if (turn !== this.turn) return; // something else was asked for since
      this.area.value = text;
      if (read) this.show(read);
      else this.type();
    } catch (error) {
      if (turn !== this.turn) return;
      this.area.value = "";
      this.show({ error: this.wrong(error) });
    } finally {
      this.files.value = "";
      this.widget.stage.removeAttribute("aria-busy");
    }
  }

  /** @param {File[]} files What is missing of a model in several files. */
  shards(files) {
    const { words } = this.widget;
    const all = Number(files[0].name.match(/-\d{5}-of-(\d{5})\.\w+$/)?.[1] ?? 1);
    const there = files.filter(({ name }) => /\.(gguf|safetensors)$/.test(name)).length;
    return there < all ? [this.widget.fill(words.shards, { n: there, all })] : [];
  }

  /** @param {unknown} error @returns {string} */
  wrong(error) {
    const { words } = this.widget;
    if (!(error instanceof Refusal)) return words.unreadable;
    const values = Object.entries(error.values).map(([name, value]) => [name, this.text(value)]);
    const sentence = this.widget.fill(words[error.reason], Object.fromEntries(values));
    return error.values.file ? `${error.values.file}: ${sentence}` : sentence;
  }

  /** @param {unknown} value */
  text(value) {
    return typeof value === "number" || typeof value === "bigint" ? this.whole(value) : String(value);
  }

  /** @param {number | bigint} value */
  whole(value) {
    return new Intl.NumberFormat(this.widget.language).format(value);
  }

  /** @param {Found} found */
  show(found) {
    this.local = found;
    this.draw();
    this.speak();
  }

  draw() {
    const { state } = this.widget;
    if (state !== this.drawn) {
      this.drawn = state;
      this.local = null;
      if (!this.typing) {
        this.turn += 1;
        this.area.value = JSON.stringify(this.config, null, 2);
      }
    }
    const found = this.local ?? { counted: count(this.config) };
    this.models.show(this.local || state.config ? "" : state.model);
    const isWrong = "error" in found;
    this.area.setAttribute("aria-invalid", String(isWrong && this.area.value.trim() !== ""));
    this.message.classList.toggle("wrong", isWrong);
    if ("error" in found) this.message.textContent = found.error;
    else this.message.textContent = "name" in found ? found.name : "";
    if ("error" in found) this.found.replaceChildren();
    else this.found.replaceChildren(...("counted" in found ? this.ofConfig(found.counted) : this.ofFiles(found)));
    for (const scroll of this.found.querySelectorAll(".counter-scroll")) {
      if (scroll.scrollWidth > scroll.clientWidth) scroll.setAttribute("tabindex", "0");
    }
  }

  /** @param {import("../compute/counting.js").Count} counted */
  ofConfig({ total, active, withoutInput, withoutTables, components, kinds, tied, notes }) {
    const { words } = this.widget;
    const { embedding, head = 0n } = components;
    /** @type {[string, string][]} */
    const numbers = [
      [words.parameters, this.whole(total)],
      [words.biases, this.whole(kinds.biases)],
      [words.vocabulary, this.share(embedding + head, total)],
    ];
    if (active !== total) {
      numbers.push([words.active, `${this.whole(active)} (${this.share(active, total)})`]);
      numbers.push([words.withoutInput, this.whole(withoutInput)], [words.withoutTables, this.whole(withoutTables)]);
    }
    const said = notes.map((name) => words[name]);
    if (tied) said.unshift(words.tied);
    if (kinds.buffers) said.push(this.widget.fill(words.buffers, { n: this.whole(kinds.buffers) }));
    return [this.numbers(numbers), this.parts(components, total), this.notes(said)];
  }

  /** @param {Files} files */
  ofFiles({ summary, fileBytes, notes }) {
    const { words } = this.widget;
    const { parameters, parameterBytes, tensors, tensorBytes, kinds, components, types, apart } = summary;
    const numbers = this.numbers([
      [words.parameters, this.whole(parameters)],
      [words.biases, this.whole(kinds.biases)],
      [words.bits, this.bits(parameterBytes, parameters)],
      [words.tensors, this.whole(tensors)],
      [words.bytes, this.whole(fileBytes)],
      [words.beside, this.whole(fileBytes - tensorBytes)],
    ]);
    const rows = Object.entries(types).map(([name, one]) => [
      ...[name, this.whole(one.tensors), this.whole(one.parameters), this.whole(one.bytes)],
      this.bits(one.bytes, one.parameters),
    ]);
    const byType = table([words.type, words.tensors, words.parameters, words.bytes, words.bits], rows);
    const said = [...notes];
    if (kinds.buffers) said.push(this.widget.fill(words.buffers, { n: this.whole(kinds.buffers) }));
    if (apart) said.push(this.widget.fill(words.apart, { head: apart[0], table: apart[1] }));
    return [numbers, byType, this.parts(components, parameters), this.notes(said)];
  }

  /** @param {number} bytes @param {number} parameters */
  bits(bytes, parameters) {
    return parameters ? this.widget.number((8 * bytes) / parameters, 4) : "";
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
function table(head, rows) {
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
  allows({ model, config }, { models }) {
    try {
      return config ? count(parse(config)).total > 0n : Object.hasOwn(models, model);
    } catch {
      return false;
    }
  },
  View,
});
