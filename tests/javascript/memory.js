// @ts-check
/** Compares compute/memory.js with golden cases, in Node and in a page alike. */

import { Comparison } from "./bits.js";

/**
 * @typedef {typeof import("../../src/explainer/site/theme/assets/compute/memory.js")} Memory
 * @typedef {import("../../src/explainer/site/theme/assets/compute/memory.js").Model} Model
 * @typedef {import("../../src/explainer/site/theme/assets/compute/memory.js").Case} Case
 * @typedef {object} Golden
 * @property {Model} model
 * @property {Record<string, Record<string, number> | null>} types
 * @property {{asked: Case, parts: string[] | null}[]} cases
 * @property {Record<string, string>} classic
 */

/**
 * @param {Memory} memory
 * @param {Golden[]} golden
 */
export function check(memory, golden) {
  const found = new Comparison();
  for (const { model, types, cases, classic } of golden) {
    for (const [format, wanted] of Object.entries(types)) {
      const got = memory.weightBytes(model, format)?.types;
      const sorted = (/** @type {[string, number][]} */ one) => one.sort().join();
      const same = got && wanted ? sorted(got) === sorted(Object.entries(wanted)) : (got ?? null) === wanted;
      found.expect(same, () => `${model.name} ${format}: ${got}, not ${JSON.stringify(wanted)}`);
    }
    for (const { asked, parts } of cases) {
      const got = memory.estimate(model, asked);
      const shown = got && [got.weights, got.cache, got.activations, got.optimizer].join();
      found.expect(shown === (parts && parts.join()), () => `${model.name} ${JSON.stringify(asked)}: ${shown}, not ${parts}`);
    }
    for (const [bits, wanted] of Object.entries(classic)) {
      const got = String(memory.classicBytes(model.parameters, Number(bits)));
      found.expect(got === wanted, () => `${model.name}, ${bits} bits: ${got}, not ${wanted}`);
    }
  }
  return found;
}
