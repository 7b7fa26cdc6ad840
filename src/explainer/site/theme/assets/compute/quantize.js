// @ts-check
/**
 * Quantizing to integers as `explainer.quantization.quantize` does: float32, in its order of
 * operations. Compiled, a block is divided by its scale as multiplied by the scale's reciprocal.
 */

/**
 * @typedef {"tensor" | "channel" | "group"} Granularity
 *
 * @typedef {object} Settings
 * @property {number} bits 2 to 8.
 * @property {boolean} symmetric
 * @property {Granularity} granularity
 * @property {number} blockSize For `group` alone; must divide a row.
 *
 * @typedef {object} Quantized
 * @property {Int16Array} codes
 * @property {Float32Array} scale One a block.
 * @property {Uint8Array | null} zeroPoint One a block, if affine.
 * @property {Float32Array} restored
 * @property {number} blockSize Weights that share a scale.
 * @property {number} bitsPerWeight Scales and zero-points included.
 */

const f = Math.fround;

// A double this large has no room for a fraction, so what is added to it is rounded, ties to even.
const NO_FRACTION = 3 * 2 ** 51;

/** @param {number} x */
const roundHalfEven = (x) => x + NO_FRACTION - NO_FRACTION;

/** @param {number} x @param {number} low @param {number} high */
const clip = (x, low, high) => Math.max(low, Math.min(high, x));

/**
 * The scale of a block: 1 where nothing is to scale, NaN where a value is not finite.
 *
 * @param {number} top
 * @param {number} span
 * @param {number} largestCode
 */
function usable(top, span, largestCode) {
  return f(top / f(largestCode + 0 * span)) || (Number.isFinite(span) ? 1 : NaN);
}

/**
 * @param {Float32Array} block
 * @param {number} bits
 * @returns {{ scale: number, zero: number, low: number, high: number }} The ends are codes.
 */
function symmetricGrid(block, bits) {
  const high = 2 ** (bits - 1) - 1;
  const absmax = block.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  return { scale: usable(absmax, absmax, high), zero: 0, low: -high, high };
}

/**
 * @param {Float32Array} block
 * @param {number} bits
 * @returns {ReturnType<typeof symmetricGrid>}
 */
function affineGrid(block, bits) {
  const high = 2 ** bits - 1;
  const least = block.reduce((found, weight) => Math.min(found, weight), Infinity);
  const most = block.reduce((found, weight) => Math.max(found, weight), -Infinity);
  const bottom = Math.min(least, 0);
  const scale = usable(f(Math.max(most, 0) - bottom), f(most - least), high);
  return { scale, zero: clip(roundHalfEven(f(-bottom / scale)), 0, high), low: 0, high };
}

/** Bytes of a row of codes: low and high bits in planes, each of whole bytes. */
const PLANES = [[], [1], [2], [2, 1], [4], [4, 1], [4, 2], [4, 2, 1], [8]];

/**
 * @param {number} count
 * @param {number} bits
 */
export function packedBytes(count, bits) {
  return PLANES[bits].reduce((sum, width) => sum + Math.ceil((count * width) / 8), 0);
}

/**
 * @param {Float32Array} weight Row by row.
 * @param {[number, number]} shape
 * @param {Settings} settings
 * @returns {Quantized}
 */
export function quantize(weight, [rows, columns], { bits, symmetric, granularity, blockSize }) {
  const size = { tensor: rows * columns, channel: columns, group: blockSize }[granularity];
  const count = weight.length / size;
  const found = {
    codes: new Int16Array(weight.length),
    scale: new Float32Array(count),
    zeroPoint: symmetric ? null : new Uint8Array(count),
    restored: new Float32Array(weight.length),
  };
  for (let at = 0; at < count; at += 1) {
    const block = weight.subarray(at * size, (at + 1) * size);
    const { scale, zero, low, high } = (symmetric ? symmetricGrid : affineGrid)(block, bits);
    const inverse = f(1 / scale);
    found.scale[at] = scale;
    if (found.zeroPoint) found.zeroPoint[at] = zero;
    block.forEach((w, i) => {
      const code = clip(roundHalfEven(f(w * inverse)) + zero, low, high);
      found.codes[at * size + i] = code;
      found.restored[at * size + i] = scale * (code - zero);
    });
  }
  const inRow = Math.min(size, columns);
  const bytes = (weight.length / inRow) * packedBytes(inRow, bits) + count * (symmetric ? 4 : 5);
  return { ...found, blockSize: size, bitsPerWeight: (8 * bytes) / weight.length };
}

/**
 * How far off the restored weights are, as a share of all: the ratio of both lengths.
 *
 * @param {Float32Array} weight
 * @param {Float32Array} restored
 */
export function relativeError(weight, restored) {
  let [error, whole] = [0, 0];
  weight.forEach((w, i) => {
    error += (restored[i] - w) ** 2;
    whole += w ** 2;
  });
  return Math.sqrt(error / whole);
}

/**
 * How many numbers lie in each of equal bins; the last one holds its upper end too.
 *
 * @param {ArrayLike<number>} numbers
 * @param {number} low
 * @param {number} high
 * @param {number} bins
 */
export function histogram(numbers, low, high, bins) {
  const step = (high - low) / bins;
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i < bins ? i * step + low : high));
  const counts = new Array(bins).fill(0);
  for (const x of Array.from(numbers)) {
    const after = x === high ? bins : edges.findIndex((edge) => edge > x);
    if (after > 0) counts[after - 1] += 1;
  }
  return { edges, counts };
}
