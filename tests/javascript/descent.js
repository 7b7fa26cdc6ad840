// @ts-check
/** Compares compute/descent.js with golden cases, in Node and in a page alike. */

import { Comparison, float64 } from "./bits.js";

/**
 * @param {typeof import("../../src/explainer/site/theme/assets/compute/descent.js")} descent
 * @param {any[]} golden
 */
export function check(descent, golden) {
  const found = new Comparison();
  for (const { rate, path, arrival } of golden) {
    const wanted = path.map(float64);
    const got = descent.walk(wanted[0], float64(rate), 4, path.length - 1);
    got.forEach((w, at) => found.near(`rate ${float64(rate)}, step ${at}`, w, wanted[at]));
    found.near(`arrival at ${float64(rate)}`, descent.arrival(got, 0.001), arrival);
  }
  return found;
}
