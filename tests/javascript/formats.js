// @ts-check
/** Compares compute/formats.js with golden cases, in Node and in a page alike. */

import { bytes } from "./arrays.js";
import { Comparison } from "./bits.js";

/** @typedef {typeof import("../../src/explainer/site/theme/assets/compute/formats.js")} Formats */

/**
 * @param {Formats} formats
 * @param {Record<string, Record<string, string>>} golden
 */
export function check(formats, golden) {
  const found = new Comparison();
  for (const format of formats.FORMATS) {
    const cases = golden[format.name];
    const codes = new BigUint64Array(bytes(cases.codes));
    new Float64Array(bytes(cases.values)).forEach((value, i) => {
      const code = codes[i] ?? BigInt(i); // without codes, every one from zero on
      found.expect(Object.is(formats.decode(format, code), value), () => `${format.name} decode ${code}`);
    });
    const inputs = new Float64Array(bytes(cases.inputs));
    for (const rounding of /** @type {const} */ (["nearest", "toward_zero"])) {
      const expected = new BigUint64Array(bytes(cases[rounding]));
      inputs.forEach((x, i) => {
        const code = formats.encode(format, x, rounding);
        found.expect(code === expected[i], () => `${format.name} ${rounding} ${x}: ${code}, not ${expected[i]}`);
      });
    }
    checkStored(formats, format, cases, found);
  }
  return found;
}

/**
 * @param {Formats} formats
 * @param {Formats["FORMATS"][number]} format
 * @param {Record<string, string>} cases
 * @param {Comparison} found
 */
function checkStored(formats, format, cases, found) {
  const names = /** @type {const} */ (["below", "above", "error"]);
  const columns = names.map((name) => new Float64Array(bytes(cases[name])));
  new Float64Array(bytes(cases.some)).forEach((x, i) => {
    const value = formats.decode(format, formats.encode(format, x));
    const [below, above] = formats.neighbours(format, value);
    const stored = { below, above, error: value === x ? 0 : value - x };
    names.forEach((name, column) => {
      const expected = columns[column][i];
      found.near(`${format.name} ${x} ${name}`, stored[name], expected);
    });
  });
}
