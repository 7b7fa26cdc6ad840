// @ts-check
/**
 * What a page knows about the runs that its numbers came from.
 *
 * @typedef {{id: string, start: number, end: number}} Block
 * @typedef {object} Run
 * @property {string} path
 * @property {string} device
 * @property {Record<string, string>} versions
 * @property {string} finished
 * @property {string} [download]
 * @property {string} [page]
 * @property {Record<string, string>} lines
 * @property {Block[]} blocks
 * @typedef {{unit?: string, title?: string, url?: string, date?: string, note?: string}} Fact
 * @typedef {{runs?: Record<string, Run>, facts?: Record<string, Fact>}} Receipts
 */

/**
 * Reads the page's receipts: at every call, as instant navigation swaps pages.
 *
 * @returns {Receipts}
 */
export function receipts() {
  const carrier = document.querySelector("template.receipts");
  const text = carrier instanceof HTMLTemplateElement ? carrier.content.textContent : "";
  return JSON.parse(text || "{}");
}

/**
 * Returns where a number's line of code can be read: on this page, else on its notebook page.
 *
 * @param {Run} run
 * @param {number} line
 */
export function place(run, line) {
  const block = run.blocks?.find(({ start, end }) => start <= line && line <= end);
  if (block && document.getElementById(block.id)) return { href: `#${block.id}`, block };
  return run.page ? { href: run.page } : undefined;
}

/**
 * Returns a line of code: as it stands on this page, else as the page's record has it.
 *
 * @param {Run} run
 * @param {number} line
 */
export function codeLine(run, line) {
  const { block } = place(run, line) ?? {};
  const lines = block && document.getElementById(block.id)?.querySelectorAll(".highlight code > [id^='__span']");
  return lines ? lines[line - block.start]?.textContent ?? "" : run.lines[line] ?? "";
}

/**
 * Returns where a value's line of code can be read; nowhere if the page knows nothing of its run.
 *
 * @param {string} run
 * @param {string} source File and line, "snippets/parameters/line.py:12".
 */
export function codePlace(run, source) {
  const known = receipts().runs?.[run];
  return known && place(known, Number(source.match(/:(\d+)$/)?.[1]));
}
