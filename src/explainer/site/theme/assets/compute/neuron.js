// @ts-check
/** One neuron: a weighted sum, a bias, and a step or a slope at its end. As `explainer.neuron`. */

/**
 * @param {number[]} x
 * @param {number[]} weight
 */
export const weightedSum = (x, weight) => x.reduce((sum, value, at) => sum + value * weight[at], 0);

/** @param {number} z */
export const sigmoid = (z) => 1 / (1 + Math.exp(-z));

/**
 * Returns 1 where the weighted sum passes the threshold, else 0.
 *
 * @param {number[]} x
 * @param {number[]} weight
 * @param {number} threshold
 * @param {boolean} inclusive Whether a sum of exactly the threshold passes.
 */
export function perceptron(x, weight, threshold, inclusive) {
  const z = weightedSum(x, weight) - threshold;
  return Number(inclusive ? z >= 0 : z > 0);
}

/**
 * Returns every combination of zeros and ones, in counting order.
 *
 * @param {number} inputs
 */
export const truthTable = (inputs) =>
  Array.from({ length: 2 ** inputs }, (_, row) => Array.from({ length: inputs }, (_, at) => (row >> (inputs - 1 - at)) & 1));

/**
 * Returns for each input whether it ever changes the answer.
 *
 * @param {number[]} answers One for each row of the truth table.
 */
export function decisiveInputs(answers) {
  const inputs = Math.log2(answers.length);
  return Array.from({ length: inputs }, (_, at) => answers.some((answer, row) => answer !== answers[row ^ (1 << (inputs - 1 - at))]));
}
