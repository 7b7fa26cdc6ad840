// @ts-check
/** Compares a reader of headers with golden cases: see headers.py. */

import { bytes } from "./arrays.js";

/**
 * @typedef {{tensors: import("../../src/explainer/site/theme/assets/compute/checkpoints.js").Tensor[]} | {need: number}} Header
 * @typedef {{bases: string[], cases: any[]}} Part
 */

/** @param {string} text @returns {Uint8Array} */
const decoded = (text) => new Uint8Array(bytes(text));

/** @param {Uint8Array} base @param {{first: string, start: number, rest: number, middle: string}} of */
function applied(base, { first, start, rest, middle }) {
  const parts = [decoded(first), base.subarray(8, 8 + start), decoded(middle), base.subarray(base.length - rest)];
  const found = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (found.set(part, at), at + part.length), 0);
  return found;
}

/**
 * Reads a file whose data is a hole, given a little more of it each time.
 *
 * @param {(bytes: Uint8Array, fileBytes: number) => Header} read
 * @param {Uint8Array} header
 * @param {number} fileBytes
 * @param {number} first How many bytes are given at first.
 */
function whole(read, header, fileBytes, first) {
  for (let size = first; ; ) {
    const given = new Uint8Array(Math.min(size, fileBytes));
    given.set(header.subarray(0, given.length));
    const found = read(given, fileBytes);
    if ("tensors" in found) return found.tensors;
    if (found.need <= given.length || found.need > fileBytes) throw new Error(`asks for ${found.need} of ${fileBytes}`);
    size = Math.max(found.need, 2 * size);
  }
}

/**
 * @param {(bytes: Uint8Array, fileBytes: number) => Header} read
 * @param {Part} part
 * @param {import("./bits.js").Comparison} found
 */
export function compare(read, { bases, cases }, found) {
  const headers = bases.map(decoded);
  for (const [at, { base, hole, found: wanted, ...of }] of cases.entries()) {
    const header = applied(base === null ? new Uint8Array() : headers[base], of);
    let got;
    try {
      got = summed(whole(read, header, header.length + hole, at % 2 ? 64 : 1 << 20));
    } catch (error) {
      if (!(error instanceof Error) || !("reason" in error)) throw error;
      got = { refused: error.reason };
    }
    const tensors = "tensors" in got ? got.tensors : [];
    const text = JSON.stringify("refused" in got ? null : { count: got.count, totals: got.totals });
    const expected = JSON.stringify(wanted && { count: wanted.count, totals: wanted.totals });
    found.expect(text === expected, () => `case ${at}: ${JSON.stringify({ ...got, tensors: 0 })}, not ${expected}`);
    for (const [number, one] of (wanted?.tensors ?? []).entries()) {
      const { name, shape, type } = tensors[number] ?? {};
      const same = name === one.name && shape === one.shape && type === one.type;
      found.expect(same, () => `case ${at}: ${name} ${shape} ${type}, not ${JSON.stringify(one)}`);
    }
  }
}

/** @param {import("../../src/explainer/site/theme/assets/compute/checkpoints.js").Tensor[]} tensors */
function summed(tensors) {
  const filled = tensors.filter(({ bytes }) => bytes);
  /** @param {"offset" | "bytes" | "elements"} key */
  const total = (key) => filled.reduce((sum, one) => sum + one[key], 0);
  return { count: tensors.length, totals: [total("offset"), total("bytes"), total("elements")], tensors };
}
