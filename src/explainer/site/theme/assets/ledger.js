// @ts-check
/**
 * The ledger's filter: by page, kind, snippet and words, with an order of one's own.
 *
 * Without this file the tables stay as they are. Rows are moved, never copied; the address keeps
 * what was chosen, so it can be passed on and survives the change of language.
 */

const KINDS = ["computed", "measured", "cited", "claim"];
const FIELDS = ["page", "kind", "snippet", "search", "sort"];

/** @typedef {{row: HTMLTableRowElement, home: Element, page: string, kind: string, snippet: string,
 *   value: number, expression: string, text: string}} Entry */

/**
 * @param {string} label
 * @param {HTMLElement} field
 */
function labelled(label, field) {
  const made = document.createElement("label");
  made.append(label + " ", field);
  return made;
}

/** @param {[string, string][]} options */
function select(options) {
  const made = document.createElement("select");
  for (const [value, text] of options) made.add(new Option(text, value));
  return made;
}

/** @param {HTMLElement} ledger */
function read(ledger) {
  const labels = JSON.parse(ledger.dataset.labels ?? "{}");
  const kinds = new Map(KINDS.map((kind) => [labels[kind], kind]));
  /** @type {Entry[]} */
  const entries = [];
  /** @type {[string, string][]} */
  const pages = [];
  for (const head of ledger.querySelectorAll("h3[id^='of-']:not(#of-runs)")) {
    const home = head.nextElementSibling?.querySelector("tbody");
    if (!home) continue;
    const page = head.id.slice(3);
    pages.push([page, head.textContent ?? ""]);
    for (const row of home.rows) {
      const [text, value, kind, expression, source] = [...row.cells].map((cell) => cell.textContent ?? "");
      const place = /^(.+):\d+$/.exec(source);
      entries.push({ row, home, page, kind: kinds.get(kind) ?? "", snippet: place ? place[1] : "",
        value: Number(value), expression, text: `${text} ${value} ${expression} ${source}`.toLowerCase() });
    }
  }
  return { labels, entries, pages };
}

/** @param {HTMLElement} ledger */
function attach(ledger) {
  const { labels, entries, pages } = read(ledger);
  const scripts = [...new Set(entries.map((entry) => entry.snippet))].filter(Boolean).sort();
  /** @type {Record<string, HTMLSelectElement | HTMLInputElement>} */
  const fields = {
    page: select([["", labels.all], ...pages]),
    kind: select([["", labels.all], .../** @type {[string, string][]} */ (KINDS.map((kind) => [kind, labels[kind]]))]),
    snippet: select([["", labels.all], .../** @type {[string, string][]} */ (scripts.map((name) => [name, name]))]),
    search: Object.assign(document.createElement("input"), { type: "search" }),
    sort: select([["", labels.reading], ["rising", labels.rising], ["falling", labels.falling], ["alphabet", labels.alphabet]]),
  };
  const names = [labels.page, labels.kind, labels.snippet, labels.search, labels.sort];
  const form = document.createElement("form");
  form.className = "ledger-filter";
  form.append(...FIELDS.map((name, at) => labelled(names[at], fields[name])));
  const reset = document.createElement("button");
  reset.type = "reset";
  reset.textContent = labels.reset;
  const said = document.createElement("output");
  form.append(reset, said);
  const sorted = document.createElement("div");
  sorted.className = "table-scroll";
  const table = document.createElement("table");
  const head = ledger.querySelector("thead")?.cloneNode(true);
  if (head instanceof HTMLElement) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = labels.page;
    head.querySelector("tr")?.append(cell);
    table.append(head);
  }
  const body = table.createTBody();
  sorted.append(table);
  sorted.hidden = true;
  sorted.tabIndex = 0;
  sorted.setAttribute("role", "region");
  sorted.setAttribute("aria-label", labels.sort);
  ledger.querySelector(".ledger-csv")?.after(form, sorted);

  /** @param {Entry} entry */
  const matches = (entry) =>
    (!fields.page.value || entry.page === fields.page.value) &&
    (!fields.kind.value || entry.kind === fields.kind.value) &&
    (!fields.snippet.value || entry.snippet === fields.snippet.value) &&
    fields.search.value.toLowerCase().split(/\s+/).every((word) => entry.text.includes(word));

  /** @type {Record<string, ((a: Entry, b: Entry) => number) | undefined>} */
  const orders = {
    rising: (a, b) => a.value - b.value,
    falling: (a, b) => b.value - a.value,
    alphabet: (a, b) => (a.expression < b.expression ? -1 : Number(a.expression > b.expression)),
  };

  function apply() {
    const order = orders[fields.sort.value];
    let found = entries.filter(matches);
    const kept = new Set(found);
    for (const { row } of entries) if (row.cells.length > 5) row.deleteCell(-1);
    for (const entry of entries) {
      entry.row.hidden = !kept.has(entry);
      if (entry.row.parentNode !== entry.home || order) entry.home.append(entry.row);
    }
    if (order) {
      if (fields.sort.value !== "alphabet") found = found.filter((entry) => Number.isFinite(entry.value));
      for (const entry of found.sort(order)) {
        const link = ledger.querySelector(`#${CSS.escape("of-" + entry.page)} a`)?.cloneNode(true);
        if (link) entry.row.insertCell().append(link);
        body.append(entry.row);
      }
    } else for (const entry of entries) entry.home.append(entry.row);
    sorted.hidden = !order;
    const homes = new Set(order ? [] : found.map((entry) => entry.home));
    for (const home of new Set(entries.map((entry) => entry.home))) {
      const scroll = /** @type {HTMLElement} */ (home.closest(".table-scroll"));
      scroll.hidden = !homes.has(home);
      /** @type {HTMLElement} */ (scroll.previousElementSibling).hidden = scroll.hidden;
    }
    said.textContent = `${labels.shownRows}${labels.colon}${found.length} / ${entries.length}`;
    const url = new URL(location.href);
    for (const name of FIELDS) {
      if (fields[name].value) url.searchParams.set(name, fields[name].value);
      else url.searchParams.delete(name);
    }
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  }

  const given = new URL(location.href).searchParams;
  for (const name of FIELDS) if (given.get(name)) fields[name].value = given.get(name) ?? "";
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  apply();
}

/** Gives each ledger of the page its filter, once. */
export function start() {
  /** @type {NodeListOf<HTMLElement>} */
  const ledgers = document.querySelectorAll(".ledger[data-labels]");
  for (const ledger of ledgers) if (!ledger.querySelector("form")) attach(ledger);
}
