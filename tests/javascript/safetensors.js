// @ts-check
/** Compares compute/safetensors.js with golden cases, in Node and in a page alike. */

import { Comparison } from "./bits.js";
import { compare } from "./headers.js";

/**
 * @param {typeof import("../../src/explainer/site/theme/assets/compute/safetensors.js")} safetensors
 * @param {{stated: any[], parts: import("./headers.js").Part[]}} golden
 */
export function check(safetensors, { stated, parts }) {
  const found = new Comparison();
  for (const part of parts) compare(safetensors.readSafetensors, part, found);
  for (const { name, type, bytes, raw, of, shape } of stated) {
    const tensor = { name, type, bytes, shape: "", offset: 0, elements: 0 };
    const [statement] = safetensors.statements([tensor]);
    found.expect((statement?.of ?? "") === of, () => `${name} speaks of ${statement?.of}, not ${of}`);
    if (!of) continue;
    const content = Uint8Array.from(raw.match(/../g) ?? [], (/** @type {string} */ pair) => parseInt(pair, 16));
    const wanted = shape && shape.reduce((/** @type {number} */ product, /** @type {number} */ one) => product * one, 1);
    const got = safetensors.stated(tensor, content);
    found.expect(got === wanted, () => `${name} states ${got}, not ${wanted}`);
  }
  return found;
}
