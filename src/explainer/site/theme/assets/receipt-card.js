// @ts-check
/**
 * A receipt (算式小票): what is known about one number of a page, as an element.
 *
 * @typedef {import("./runs.js").Run} Run
 * @typedef {import("./runs.js").Fact} Fact
 */
import { codeLine, place, receipts } from "./runs.js";

const MESSAGES = {
  en: {
    receipt: "Receipt",
    computed: "Computed",
    measured: "Measured",
    cited: "Cited",
    whyComputed: "by the line of code below",
    whyMeasured: "on the device below; another run gives another value",
    whyCited: "from the source below",
    expression: "Expression",
    code: "Code",
    device: "Device",
    versions: "Versions",
    finished: "Ran",
    source: "Source",
    unit: "Unit",
    date: "Dated",
    note: "Note",
    show: "Show in code",
    download: "Download",
    report: "Report this number",
    seems: "What seems wrong:",
  },
  zh: {
    receipt: "算式小票",
    computed: "算得",
    measured: "实测",
    cited: "引用",
    whyComputed: "由下面这行代码算出",
    whyMeasured: "在下面这台设备上测得，再测一次会不同",
    whyCited: "出自下面的来源",
    expression: "算式",
    code: "代码",
    device: "设备",
    versions: "版本",
    finished: "算于",
    source: "来源",
    unit: "单位",
    date: "日期",
    note: "附注",
    show: "看代码",
    download: "下载",
    report: "报告这个数字",
    seems: "我觉得不对的地方：",
  },
};

/** @returns {typeof MESSAGES.en} */
function messages() {
  return document.documentElement.lang.startsWith("zh") ? MESSAGES.zh : MESSAGES.en;
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} children
 */
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * Groups the integer part of a number by thousands; every digit stays as the run left it.
 *
 * @param {string} value
 */
function exact(value) {
  return /^-?\d+(\.\d+)?$/.test(value) ? value.replace(/\B(?=(\d{3})+(\.|$))(?<!\.\d*)/g, ",") : value;
}

/**
 * @param {HTMLElement} list
 * @param {string} label
 * @param {(Node | string)[]} content
 */
function row(list, label, ...content) {
  if (content.some((part) => part !== "")) {
    list.append(element("dt", {}, label), element("dd", {}, ...content));
  }
}

/**
 * Lets a path go on in the next line after a slash, and not within a name.
 *
 * @param {string} path
 */
const breakable = (path) => path.split(/(?<=\/)/).flatMap((part, at) => (at ? [element("wbr", {}), part] : [part]));

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} links
 * @param {Run} run
 * @param {string} source
 */
function describeRun(list, links, run, source) {
  const text = messages();
  const line = Number(source.match(/:(\d+)$/)?.[1]);
  const code = element("dd", {}, element("span", { class: "receipt-place" }, ...breakable(source)));
  const said = codeLine(run, line).trim();
  if (said) code.append(element("code", {}, said));
  list.append(element("dt", {}, text.code), code);
  row(list, text.device, run.device ?? "");
  const versions = Object.entries(run.versions ?? {});
  row(list, text.versions, versions.map(([name, version]) => `${name} ${version}`).join(" · "));
  row(list, text.finished, (run.finished ?? "").replace("T", " ").replace(/(:\d\d)(:\d\d)?(\.\d+)?Z$/, "$1 UTC"));
  const there = place(run, line);
  if (there) {
    /** @type {Record<string, string>} */
    const at = there.block ? { "data-block": there.block.id, "data-line": String(line - there.block.start) } : {};
    links.append(element("a", { href: there.href, ...at }, text.show));
  }
  if (run.download) {
    links.append(element("a", { href: run.download, download: "" }, `${text.download} ${run.path.split("/").at(-1)}`));
  }
}

/**
 * @param {HTMLElement} list
 * @param {Fact} fact
 * @param {string} source
 */
function describeFact(list, fact, source) {
  const text = messages();
  row(list, text.code, source);
  const title = fact.title ?? fact.url ?? "";
  row(list, text.source, fact.url ? element("a", { href: fact.url, rel: "noopener" }, title) : title);
  row(list, text.unit, fact.unit ?? "");
  row(list, text.date, fact.date ?? "");
  row(list, text.note, fact.note ?? "");
}

/**
 * Returns a link to a report with all that identifies the number filled in; `extra.report` of
 * mkdocs.yml says where reports go.
 *
 * @param {HTMLElement} number
 * @param {Run | undefined} run
 */
function report(number, run) {
  const address = document.querySelector('meta[name="report"]')?.getAttribute("content");
  if (!address) return [];
  const text = messages();
  const { kind = "computed", expr = "", source = "" } = number.dataset;
  const value = number.getAttribute("value") ?? "";
  const page = location.href.split("#")[0];
  const versions = Object.entries(run?.versions ?? {}).map(([name, version]) => `${name} ${version}`);
  const facts = [`${expr} = ${value} (${kind})`, source, run?.device, versions.join(", "), run?.finished, page];
  const parts = { title: `${number.textContent} · ${expr}`, body: `${facts.filter(Boolean).join("\n")}\n\n${text.seems}\n` };
  const href = address.replace(/\{(title|body)\}/g, (_, name) => encodeURIComponent(parts[/** @type {"title"} */ (name)]));
  return [element("a", { href, rel: "noopener" }, text.report)];
}

/**
 * Returns the receipt's paper for one number, to be put into a card.
 *
 * @param {HTMLElement} number
 */
export function paper(number) {
  const text = messages();
  const { runs = {}, facts = {} } = receipts();
  const { kind = "computed", expr = "", format = "", source = "", run = "" } = number.dataset;
  const value = exact(number.getAttribute("value") ?? number.textContent ?? "");
  const [name, why] = {
    measured: [text.measured, text.whyMeasured],
    cited: [text.cited, text.whyCited],
  }[kind] ?? [text.computed, text.whyComputed];

  const list = element("dl", {});
  const links = element("p", { class: "receipt-links" });
  // As the author wrote it, format included.
  row(list, text.expression, element("code", {}, format ? `${expr}:${format}` : expr));
  if (runs[run]) describeRun(list, links, runs[run], source);
  if (facts[run]) describeFact(list, facts[run], source);
  links.append(...report(number, runs[run]));
  const sheet = element(
    "div",
    { class: "receipt-paper" },
    element("p", { class: "receipt-title" }, text.receipt),
    element("p", { class: value.length > 24 ? "receipt-value long" : "receipt-value" }, value),
    element("p", { class: "receipt-kind", "data-kind": kind }, element("b", {}, name), ` ${why}`),
    list,
  );
  if (links.childElementCount) sheet.append(links);
  return sheet;
}

/** The name of a card, in the page's language. */
export const cardName = () => messages().receipt;
