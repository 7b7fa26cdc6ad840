// @ts-check
/** Compares compute/gguf.js with golden cases, in Node and in a page alike. */

import { Comparison } from "./bits.js";
import { compare } from "./headers.js";

/**
 * @param {typeof import("../../src/explainer/site/theme/assets/compute/gguf.js")} gguf
 * @param {{types: [number, string, number, number][], parts: import("./headers.js").Part[]}} golden
 */
export function check(gguf, { types, parts }) {
  const found = new Comparison();
  found.expect(gguf.TYPES.size === types.length, () => `${gguf.TYPES.size} types, not ${types.length}`);
  for (const [number, name, size, bytes] of types) {
    const got = gguf.TYPES.get(number);
    const same = got?.name === name && Number(got.size) === size && Number(got.bytes) === bytes;
    found.expect(same, () => `type ${number} is not ${name}`);
  }
  for (const part of parts) compare(gguf.readGguf, part, found);
  return found;
}
