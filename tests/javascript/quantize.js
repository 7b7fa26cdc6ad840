// @ts-check
/** Compares compute/quantize.js with golden cases, in Node and in a page alike. */

import { bytes } from "./arrays.js";
import { Comparison } from "./bits.js";

/**
 * @typedef {typeof import("../../src/explainer/site/theme/assets/compute/quantize.js")} Quantize
 * @typedef {import("../../src/explainer/site/theme/assets/compute/quantize.js").Settings} Settings
 * @typedef {{ settings: Settings, shape: [number, number] } & Record<string, any>} Cases
 */

const PARTS = /** @type {const} */ (["codes", "scale", "zeroPoint", "restored"]);

/**
 * @param {Quantize} quantize
 * @param {Cases[]} golden
 */
export function check(quantize, golden) {
  const found = new Comparison();
  for (const cases of golden) {
    const weights = new Float32Array(bytes(cases.weights));
    const expected = {
      codes: new Int16Array(bytes(cases.codes)),
      scale: new Float32Array(bytes(cases.scales)),
      zeroPoint: new Uint8Array(bytes(cases.zero_points)),
      restored: new Float32Array(bytes(cases.restored)),
    };
    const size = cases.shape[0] * cases.shape[1];
    const what = JSON.stringify(cases.settings);
    new Float64Array(bytes(cases.bits_per_weight)).forEach((width, at) => {
      const weight = weights.subarray(at * size, (at + 1) * size);
      const one = quantize.quantize(weight, cases.shape, cases.settings);
      for (const name of PARTS) {
        const part = one[name];
        part?.forEach((value, i) => {
          // Where the scale is NaN, so is the weight, and a code means nothing.
          if (name === "codes" && Number.isNaN(one.restored[i])) return;
          found.near(`${what} ${at} ${name}`, value, expected[name][at * part.length + i]);
        });
      }
      found.near(`${what} bits per weight`, one.bitsPerWeight, width);
      if (at === 0) checkError(quantize, cases, weight, one.restored, found);
    });
  }
  return found;
}

/**
 * @param {Quantize} quantize
 * @param {Cases} cases
 * @param {Float32Array} weight
 * @param {Float32Array} restored
 * @param {Comparison} found
 */
function checkError(quantize, cases, weight, restored, found) {
  const counts = new Uint32Array(bytes(cases.counts));
  const edges = new Float64Array(bytes(cases.edges));
  const errors = Array.from(restored, (value, i) => value - weight[i]);
  const bins = quantize.histogram(errors, edges[0], edges[counts.length], counts.length);
  bins.edges.forEach((edge, i) => found.near("edge", edge, edges[i]));
  bins.counts.forEach((count, i) => found.near("count", count, counts[i]));
  const [share] = new Float64Array(bytes(cases.relative_error));
  found.near("relative error", quantize.relativeError(weight, restored), share, 1e-12);
}
