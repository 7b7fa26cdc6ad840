// @ts-check
/** Numbers as bit patterns: what the library wrote, and what a script computed. */

const view = new DataView(new ArrayBuffer(8));

/** @param {string} bits Sixteen hexadecimal digits. @returns {number} */
export function float64(bits) {
  view.setBigUint64(0, BigInt("0x" + bits));
  return view.getFloat64(0);
}

/** @param {string} bits Eight hexadecimal digits. @returns {number} */
export function float32(bits) {
  view.setUint32(0, parseInt(bits, 16));
  return view.getFloat32(0);
}

/** Counts comparisons, and says what is wrong with the first of those that fail. */
export class Comparison {
  compared = 0;
  /** @type {string[]} */
  wrong = [];

  /** @param {boolean} right @param {() => string} what */
  expect(right, what) {
    this.compared += 1;
    if (!right && this.wrong.length < 20) this.wrong.push(what());
  }

  /**
   * Expects two numbers to agree to the bit, or within a tolerance, relative above one.
   *
   * @param {string} what
   * @param {number} got
   * @param {number} wanted
   * @param {number} tolerance
   */
  near(what, got, wanted, tolerance = 0) {
    const close = Math.abs(got - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
    this.expect(Object.is(got, wanted) || close, () => `${what}: ${got}, not ${wanted}`);
  }
}
