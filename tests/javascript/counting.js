// @ts-check
/** Compares compute/counting.js with golden cases, in Node and in a page alike. */

import { Comparison } from "./bits.js";

/** @param {any} value Integers as texts, lists and records as JSON. @returns {string} */
const text = (value) => JSON.stringify(value, (_, part) => (typeof part === "bigint" ? String(part) : part));

/**
 * @param {typeof import("../../src/explainer/site/theme/assets/compute/counting.js")} counting
 * @param {{configs: any[], texts: any[]}} golden
 */
export function check(counting, { configs, texts }) {
  const found = new Comparison();
  for (const { config, text: given, refused, count, others } of [...configs, ...texts]) {
    const what = given ?? JSON.stringify(config);
    const { counted, key } = attempt(() => counting.count(given === undefined ? config : counting.parse(given)));
    if (refused || !counted) {
      const same = refused === true ? !counted : key === refused;
      found.expect(same, () => `${what}: refused for ${key}, not for ${refused}`);
      continue;
    }
    const { decisive, ...got } = counted;
    for (const name of Object.keys(count)) {
      const [one, other] = [text(got[name]), text(count[name])];
      found.expect(one === other, () => `${what} ${name}: ${one}, not ${other}`);
    }
    const { total, biases, buffers } = others;
    if (total) found.expect(String(got.total) === total, () => `${what}: ${got.total}, not ${total}`);
    if (biases) found.expect(String(got.kinds.biases) === biases, () => `${what}: biases ${got.kinds.biases}`);
    if (buffers) found.expect(String(got.kinds.buffers) === buffers, () => `${what}: buffers ${got.kinds.buffers}`);
    // What is kept in the address counts as much.
    const again = text({ ...counting.count(counting.parse(counting.written(decisive))), decisive: 0 });
    found.expect(again === text({ ...got, decisive: 0 }), () => `${what}: ${text(decisive)} counts otherwise`);
  }
  return found;
}

/**
 * @param {() => Record<string, any>} counts
 * @returns {{counted?: Record<string, any>, key?: string}} The count, or the key at fault.
 */
function attempt(counts) {
  try {
    return { counted: counts() };
  } catch (error) {
    if (error instanceof Error && "values" in error) return { key: /** @type {any} */ (error).values.key };
    throw error;
  }
}
