// @ts-check
/** Softmax at a temperature, and what it says. As `explainer.distillation`. */

/**
 * Returns probabilities: the softmax of logits / temperature.
 *
 * @param {number[]} logits
 * @param {number} temperature Above zero.
 */
export function softmax(logits, temperature) {
  const top = Math.max(...logits);
  const powers = logits.map((z) => Math.exp((z - top) / temperature));
  const sum = powers.reduce((total, one) => total + one, 0);
  return powers.map((one) => one / sum);
}

/** @param {number[]} probabilities @returns {number} Entropy in bits. */
export const entropyBits = (probabilities) => probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log2(p) : sum), 0);
