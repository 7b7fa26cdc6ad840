// @ts-check
/** Compares compute/families.js with golden cases, in Node and in a page alike. */

import { Comparison } from "./bits.js";

/** @param {Record<string, any>} values In one order, without nulls. @returns {string} */
function text(values) {
  const given = Object.entries(values).filter(([, value]) => value !== null);
  const inner = given.map(([name, value]) => [name, typeof value === "object" ? text(value) : value]);
  return JSON.stringify(inner.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * @param {typeof import("../../src/explainer/site/theme/assets/compute/families.js")} families
 * @param {{decoders: Record<string, any>, others: Record<string, any>}} golden
 */
export function check(families, { decoders, others }) {
  const found = new Comparison();
  const names = Object.keys(families.DECODERS).sort().join();
  found.expect(names === Object.keys(decoders).sort().join(), () => `there are ${names}`);
  for (const [name, wanted] of Object.entries(decoders)) {
    const { experts, ...row } = families.DECODERS[name];
    const got = text(experts ? { ...row, experts: true } : row);
    found.expect(got === text(wanted), () => `${name}: ${got}, not ${text(wanted)}`);
  }
  const { GPT2, BERT, BART } = families;
  for (const [name, defaults] of Object.entries({ GPT2, BERT, BART })) {
    found.expect(text(defaults) === text(others[name]), () => `${name}: ${text(defaults)}, not ${text(others[name])}`);
  }
  return found;
}
