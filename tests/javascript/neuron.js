// @ts-check
/** Compares compute/neuron.js with golden cases, in Node and in a page alike. */

import { Comparison, float64 } from "./bits.js";

/**
 * @param {typeof import("../../src/explainer/site/theme/assets/compute/neuron.js")} neuron
 * @param {any} golden
 */
export function check(neuron, golden) {
  const found = new Comparison();
  for (const { weight, threshold, inclusive, cases, answers, decisive } of golden.tables) {
    const rows = neuron.truthTable(weight.length);
    const got = rows.map((row) => neuron.perceptron(row, weight, threshold, inclusive));
    const name = `${weight} ${threshold} ${inclusive}`;
    found.expect(JSON.stringify(rows) === JSON.stringify(cases), () => `table of ${name}`);
    found.expect(String(got) === String(answers), () => `${name}: ${got}, not ${answers}`);
    found.expect(String(neuron.decisiveInputs(got)) === String(decisive), () => `decisive for ${name}`);
  }
  /** @type {string[][]} */
  const inputs = golden.sums.x;
  inputs.forEach((x, at) => {
    const sum = neuron.weightedSum(x.map(float64), golden.sums.weight[at].map(float64));
    found.near(`sum ${at}`, sum, float64(golden.sums.z[at]));
  });
  /** @type {string[]} */
  const places = golden.z;
  places.forEach((z, at) => found.near(`sigmoid ${z}`, neuron.sigmoid(float64(z)), float64(golden.score[at]), 1e-15));
  return found;
}
