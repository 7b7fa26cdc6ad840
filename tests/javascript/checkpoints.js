// @ts-check
/** Compares compute/checkpoints.js with golden cases, in Node and in a page alike. */

import { Comparison } from "./bits.js";

/**
 * @param {typeof import("../../src/explainer/site/theme/assets/compute/checkpoints.js")} checkpoints
 * @param {{files: any[], heads: any[]}} golden
 */
export function check(checkpoints, { files, heads }) {
  const found = new Comparison();
  for (const { tensors, config, shapes, found: wanted } of files) {
    const given = tensors.map(tensor);
    /** @type {[string, number[]][]} */
    const stated = Object.entries(shapes);
    const declared = new Map(stated.map(([name, shape]) => [name, shape.reduce((product, one) => product * one, 1)]));
    const got = attempt(() => checkpoints.summarize([given.slice(0, 3), given.slice(3)], { declared, config }));
    const text = got && JSON.stringify({ ...got, apart: got.apart !== null });
    const expected = wanted && JSON.stringify(wanted);
    found.expect(text === expected, () => `${given[0].name}: ${text}, not ${expected}`);
  }
  for (const { name, head, found: wanted } of heads) {
    const bytes = Uint8Array.from(head.match(/../g) ?? [], (/** @type {string} */ pair) => parseInt(pair, 16));
    const got = attempt(() => checkpoints.recognise(bytes, name));
    // A configuration is counted here; `explainer inspect` sends its reader to `explainer count`.
    found.expect((got === "json" ? null : got) === wanted, () => `${name}: ${got}, not ${wanted}`);
  }
  return found;
}

/** @param {[string, string, string, number, number]} of */
const tensor = ([name, shape, type, bytes, elements]) => ({ name, shape, type, bytes, elements, offset: 0 });

/**
 * @template T
 * @param {() => T} reads
 * @returns {T | null} Null if it is refused.
 */
function attempt(reads) {
  try {
    return reads();
  } catch (error) {
    if (error instanceof Error && "reason" in error) return null;
    throw error;
  }
}
