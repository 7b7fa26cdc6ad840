// @ts-check
/** Compares compute/softmax.js with golden cases, in Node and in a page alike. */

import { Comparison, float64 } from "./bits.js";

/**
 * @param {typeof import("../../src/explainer/site/theme/assets/compute/softmax.js")} softmax
 * @param {any[]} golden
 */
export function check(softmax, golden) {
  const found = new Comparison();
  for (const { logits, temperature, soft, entropy } of golden) {
    const got = softmax.softmax(logits.map(float64), float64(temperature));
    got.forEach((p, at) => found.near(`p ${at} at ${float64(temperature)}`, p, float64(soft[at]), 1e-13));
    found.near(`entropy at ${float64(temperature)}`, softmax.entropyBits(got), float64(entropy), 1e-12);
  }
  return found;
}
