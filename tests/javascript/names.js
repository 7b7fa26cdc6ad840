// @ts-check
/** Compares compute/names.js with golden cases, in Node and in a page alike. */

import { Comparison } from "./bits.js";

/**
 * @param {typeof import("../../src/explainer/site/theme/assets/compute/names.js")} names
 * @param {{name: string, component: string, layer: string, kinds: Record<string, string>}[]} golden
 */
export function check(names, golden) {
  const found = new Comparison();
  for (const { name, component, layer, kinds } of golden) {
    for (const [dimensions, kind] of Object.entries(kinds)) {
      const got = names.meaning(name, Number(dimensions));
      const same = got.component === component && got.kind === kind;
      found.expect(same, () => `${name}: ${got.component} ${got.kind}, not ${component} ${kind}`);
    }
    found.expect(names.layerOf(name) === layer, () => `${name} is not of ${names.layerOf(name)}`);
  }
  return found;
}
