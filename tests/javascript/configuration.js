// @ts-check
/** Compares compute/configuration.js with golden cases, in Node and in a page alike. */

import { Comparison } from "./bits.js";

/**
 * @param {typeof import("../../src/explainer/site/theme/assets/compute/configuration.js")} configuration
 * @param {{sizes: any[]}} golden
 */
export function check(configuration, golden) {
  const { Fields } = configuration;
  const found = new Comparison();
  /** @param {() => any} reads @returns {string} */
  const read = (reads) => {
    try {
      return JSON.stringify(reads(), (_, value) => (typeof value === "bigint" ? Number(value) : value));
    } catch (error) {
      if (error instanceof Error && "reason" in error) return "refused";
      throw error;
    }
  };
  for (const { values, names, nested, least, found: wanted, refused } of golden.sizes) {
    const fields = new Fields(values, { hidden_size: 5, head_dim: 7 }, nested);
    const got = read(() => fields.between(names, least));
    const expected = refused ? "refused" : JSON.stringify(wanted);
    found.expect(got === expected, () => `${JSON.stringify([values, names, nested, least])}: ${got}, not ${expected}`);
  }
  return found;
}
