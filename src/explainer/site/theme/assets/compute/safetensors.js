// @ts-check
/**
 * The header of a safetensors file, read as `explainer.checkpoints` reads it: what the format's
 * library accepts, and the tensors must cover the data without gap or overlap.
 *
 * @typedef {import("./checkpoints.js").Tensor} Tensor
 */

import { Reader, decode, isObject, isWhole, parse, refuse, shown } from "./reading.js";

const MAX_HEADER_BYTES = 100_000_000;
const MAX_TENSORS = 2 ** 18;
const MAX_KEYS = 4096;
const MAX_STATED_BYTES = 4096;
/** Of a name, a key, an entry. */
const MAX_PIECE_BYTES = 65_536;
const MAX_LEVELS = 16;
const BEYOND = 2n ** 64n;

/** @type {Record<string, number>} */
const BITS = { F4: 4, F6_E2M3: 6, F6_E3M2: 6, BOOL: 8, C64: 64, BF16: 16, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8 };
for (const size of [8, 16, 32, 64]) {
  for (const letter of size === 8 ? "UI" : "UIF") BITS[letter + size] = size;
}

/** @param {any} list @returns {list is (number | bigint)[]} */
const isLengths = (list) => Array.isArray(list) && list.every((length) => isWhole(length) && length >= 0 && length < BEYOND);

/**
 * @param {string} name
 * @param {any} entry
 * @param {number} start Of the data.
 * @param {number} fileBytes
 * @returns {Tensor}
 */
function tensor(name, entry, start, fileBytes) {
  const odd = () => refuse("odd", { key: name, value: shown(entry) });
  if (!isObject(entry)) odd();
  const { dtype, shape, data_offsets: ends } = entry;
  const isKnown = typeof dtype === "string" && Object.hasOwn(BITS, dtype);
  if (!isKnown || !isLengths(shape) || !isLengths(ends) || ends.length !== 2 || ends[0] > ends[1]) return odd();
  const bits = BigInt(BITS[dtype]);
  let elements = 1n;
  for (const length of shape) {
    elements *= BigInt(length);
    if (elements * bits >= BEYOND && (elements >= BEYOND || !shape.includes(0))) odd();
  }
  if (elements * bits !== 8n * (BigInt(ends[1]) - BigInt(ends[0]))) odd();
  if (ends[1] > fileBytes - start) refuse("cut", { at: fileBytes });
  const [first, last] = ends.map(Number);
  return { name, shape: shape.join(","), type: dtype, offset: start + first, bytes: last - first, elements: Number(elements) };
}

/** @param {string} text Half a surrogate pair is no letter. */
const whole = (text) => (/\p{Cs}/u.test(text) ? refuse("json") : text);

/** @param {Reader} reader Passes over metadata: strings by strings, or nothing. */
function metadata(reader) {
  const odd = (/** @type {any} */ value) => refuse("odd", { key: "__metadata__", value });
  reader.space();
  if (reader.text[reader.at] !== "{") {
    const value = reader.value(MAX_LEVELS);
    return value === null || odd(shown(value));
  }
  let keys = 0;
  reader.entries((key) => {
    keys += 1;
    if (keys > MAX_KEYS) odd(keys);
    reader.limit = Infinity;
    for (const text of [key, reader.string()]) whole(text);
    reader.limit = MAX_PIECE_BYTES;
  });
}

/**
 * The tensors of a header.
 *
 * @param {string} text
 * @param {number} start Of the data.
 * @param {number} fileBytes
 */
function entries(text, start, fileBytes) {
  /** @type {Tensor[]} */
  const tensors = [];
  const reader = new Reader(text);
  reader.limit = MAX_PIECE_BYTES;
  reader.entries((name) => {
    if (name === "__metadata__") return metadata(reader);
    reader.space();
    const from = reader.at;
    const entry = reader.value(MAX_LEVELS);
    if (reader.exceeds(from, MAX_PIECE_BYTES)) refuse("odd", { key: name, value: shown(entry) });
    tensors.push(tensor(whole(name), entry, start, fileBytes));
    if (tensors.length > MAX_TENSORS) refuse("odd", { key: "tensors", value: tensors.length });
  });
  reader.end();
  return tensors;
}

/**
 * Reads a header.
 *
 * @param {Uint8Array} bytes The first of the file.
 * @param {number} fileBytes
 * @returns {{tensors: Tensor[]} | {need: number}} How many bytes are needed, if more than were given.
 * @throws {import("./reading.js").Refusal} If anything in it is impossible.
 */
export function readSafetensors(bytes, fileBytes) {
  if (fileBytes < 8) refuse("cut", { at: fileBytes });
  if (bytes.length < 8) return { need: 8 };
  const start = 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (start > 8 + MAX_HEADER_BYTES) refuse("long", { value: MAX_HEADER_BYTES });
  if (start > fileBytes) refuse("cut", { at: fileBytes });
  if (start > bytes.length) return { need: start };
  const tensors = entries(decode(bytes.subarray(8, start)), start, fileBytes);
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
      lengths = parse(decode(bytes)).shape;
    } catch {
      return null;
    }
  }
  if (!isLengths(lengths) || lengths.length < 1 || lengths.length > 8) return null;
  return lengths.every((length) => length > 0 && length < 2 ** 48) ? lengths.map(Number).reduce((product, length) => product * length) : null;
}
