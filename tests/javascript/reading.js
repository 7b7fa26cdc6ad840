// @ts-check
/** Compares compute/reading.js with golden cases, in Node and in a page alike. */

import { Comparison } from "./bits.js";

/**
 * @param {typeof import("../../src/explainer/site/theme/assets/compute/reading.js")} reading
 * @param {any[]} golden
 */
export function check({ Real, Refusal, decode, encodingOf, parse, written }, golden) {
  const found = new Comparison();
  const view = new DataView(new ArrayBuffer(8));
  /** @param {any} value @returns {any} */
  const marked = (value) => {
    if (typeof value === "bigint" || typeof value === "number") return { whole: String(value) };
    if (Array.isArray(value)) return value.map(marked);
    if (typeof value !== "object" || value === null) return value;
    if (!(value instanceof Real)) return { object: Object.keys(value).sort().map((key) => [key, marked(value[key])]) };
    view.setFloat64(0, Number(value.text));
    return { bits: value.text === "NaN" ? "nan" : view.getBigUint64(0).toString(16).padStart(16, "0") };
  };
  for (const { bytes, found: wanted } of golden) {
    const given = Uint8Array.from(bytes.match(/../g) ?? [], (/** @type {string} */ pair) => parseInt(pair, 16));
    const text = new TextDecoder().decode(given).slice(0, 200);
    let got = null;
    try {
      const value = parse(decode(given, encodingOf(given)));
      got = marked(value);
      // What is written of it says the same.
      for (const gap of ["", "  "]) {
        const again = JSON.stringify(marked(parse(written(value, gap))));
        found.expect(again === JSON.stringify(got), () => `${text} is written as ${again}`);
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
    const [one, other] = [got, wanted].map((value) => JSON.stringify(value));
    found.expect(one === other, () => `${text}: ${one?.slice(0, 300)}, not ${other?.slice(0, 300)}`);
  }
  return found;
}
