// @ts-check
/**
 * The header of a safetensors file, read as `explainer.checkpoints` reads it: what the format's
 * library accepts, and the tensors must cover the data without gap or overlap.
 *
 * @typedef {import("./checkpoints.js").Tensor} Tensor
 */

import { isObject, parse, refuse, shown } from "./configuration.js";

/** The most tensors that are read, of 150 bytes each, and more. */
const MAX_HEADER_BYTES = 40_000_000;
const MAX_TENSORS = 2 ** 18;
const MAX_KEYS = 4096;
const MAX_STATED_BYTES = 4096;

/** @type {Record<string, number>} */
const BITS = { F4: 4, F6_E2M3: 6, F6_E3M2: 6, BOOL: 8, C64: 64, BF16: 16, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8 };
for (const size of [8, 16, 32, 64]) {
  for (const letter of size === 8 ? "UI" : "UIF") BITS[letter + size] = size;
}

/** @param {any} list @returns {list is number[]} */
const isLengths = (list) => Array.isArray(list) && list.every((length) => Number.isInteger(length) && length >= 0 && length < 2 ** 64);

/** @param {string} name @param {any} entry @param {number} start Of the data. @returns {Tensor} */
function tensor(name, entry, start) {
  const odd = () => refuse("odd", { key: name, value: shown(entry) });
  if (!isObject(entry) || /\p{Cs}/u.test(name)) odd();
  const { dtype, shape, data_offsets: ends } = entry;
  const isKnown = typeof dtype === "string" && Object.hasOwn(BITS, dtype);
  if (!isKnown || !isLengths(shape) || !isLengths(ends) || ends.length !== 2 || ends[0] > ends[1]) return odd();
  const elements = shape.reduce((product, length) => product * BigInt(length), 1n);
  const bytes = ends[1] - ends[0];
  if (elements * BigInt(BITS[dtype]) !== 8n * BigInt(bytes)) odd();
  return { name, shape: shape.join(","), type: dtype, offset: start + ends[0], bytes, elements: Number(elements) };
}

/** @param {any} found Strings by strings, or nothing. */
function checkMetadata(found) {
  const isFlat = isObject(found) && Object.values(found).every((value) => typeof value === "string");
  if (found !== null && (!isFlat || Object.keys(found).length > MAX_KEYS)) refuse("odd", { key: "__metadata__", value: shown(found) });
}

/** @param {Uint8Array} bytes @returns {string} */
function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse("json", {});
  }
}

/**
 * Reads a header.
 *
 * @param {Uint8Array} bytes The first of the file.
 * @param {number} fileBytes
 * @returns {{tensors: Tensor[]} | {need: number}} How many bytes are needed, if more than were given.
 * @throws {import("./configuration.js").Refusal} If anything in it is impossible.
 */
export function readSafetensors(bytes, fileBytes) {
  if (fileBytes < 8) refuse("cut", { at: fileBytes });
  if (bytes.length < 8) return { need: 8 };
  const start = 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (start > 8 + MAX_HEADER_BYTES) refuse("long", { value: MAX_HEADER_BYTES });
  if (start > fileBytes) refuse("cut", { at: fileBytes });
  if (start > bytes.length) return { need: start };
  const { __metadata__: metadata = null, ...entries } = parse(decode(bytes.subarray(8, start)));
  checkMetadata(metadata);
  const named = Object.entries(entries);
  if (named.length > MAX_TENSORS) refuse("odd", { key: "tensors", value: named.length });
  const tensors = named.map(([name, entry]) => tensor(name, entry, start));
  let end = start;
  for (const one of [...tensors].sort((a, b) => a.offset - b.offset || a.bytes - b.bytes)) {
    if (one.offset !== end) refuse("place", { key: one.name });
    end += one.bytes;
  }
  if (end > fileBytes) refuse("cut", { at: fileBytes });
  if (end < fileBytes) refuse("rest", { value: fileBytes - end });
  return { tensors };
}

/**
 * Tiny tensors that state how many parameters another one packs.
 *
 * @param {Tensor[]} tensors
 * @returns {{of: string, tensor: Tensor}[]}
 */
export function statements(tensors) {
  return tensors.flatMap((tensor) => {
    if (tensor.bytes > MAX_STATED_BYTES) return [];
    if (tensor.name.endsWith(".weight_shape")) return [{ of: tensor.name.replace(/_shape$/, "_packed"), tensor }];
    const [of, state] = tensor.name.split(".quant_state.bitsandbytes__");
    return state === undefined ? [] : [{ of, tensor }];
  });
}

/**
 * What such a tensor states: the product of a shape.
 *
 * @param {Tensor} tensor
 * @param {Uint8Array} bytes
 * @returns {number | null} Null where it is none.
 */
export function stated({ type }, bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** @type {unknown} */
  let lengths;
  if (type === "I32") lengths = Array.from({ length: bytes.length >> 2 }, (_, at) => view.getInt32(4 * at, true));
  else if (type === "I64") lengths = Array.from({ length: bytes.length >> 3 }, (_, at) => Number(view.getBigInt64(8 * at, true)));
  else {
    try {
      lengths = JSON.parse(new TextDecoder().decode(bytes)).shape;
    } catch {
      return null;
    }
  }
  if (!isLengths(lengths) || lengths.length < 1 || lengths.length > 8) return null;
  return lengths.every((length) => length > 0 && length < 2 ** 48) ? lengths.reduce((product, length) => product * length, 1) : null;
}
