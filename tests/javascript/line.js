// @ts-check
/** Compares compute/line.js with golden cases, in Node and in a page alike. */

import { Comparison, float64 } from "./bits.js";

/**
 * @param {typeof import("../../src/explainer/site/theme/assets/compute/line.js")} line
 * @param {Record<string, any>[]} golden
 */
export function check(line, golden) {
  const found = new Comparison();
  for (const [at, one] of golden.entries()) {
    const [x, y] = [one.x.map(float64), one.y.map(float64)];
    const { slope, intercept } = line.fitLine(x, y);
    found.near(`slope ${at}`, slope, float64(one.slope), one.tolerance);
    found.near(`intercept ${at}`, intercept, float64(one.intercept), one.tolerance);
    const loss = line.meanSquaredError(x, y, slope, intercept);
    found.near(`loss ${at}`, loss, float64(one.loss), one.tolerance);
  }
  return found;
}
