// @ts-check
/**
 * The header of a GGUF file, versions 2 and 3, read as `explainer.checkpoints` reads it: no length
 * in it is trusted, and none of the data is needed.
 *
 * @typedef {import("./checkpoints.js").Tensor} Tensor
 */

import { refuse } from "./reading.js";

/** Of types 0 to 12; those of strings and arrays stand for themselves. */
const SCALAR_BYTES = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
const [BOOL, FLOAT32, FLOAT64, STRING, ARRAY] = [7, 6, 12, 8, 9];
const MAX_HEADER_BYTES = 2 ** 27;
const MAX_NAME_BYTES = 4096;
const MAX_KEYS = 4096;
const MAX_ARRAYS = 65_536;
const MAX_STRINGS = 2 ** 22;
const MAX_TENSORS = 2 ** 18;
const MAX_ELEMENTS = 2n ** 63n - 1n;

/** Name, elements in a block, bytes of a block, by number. */
export const TYPES = new Map(
  `0 F32 1 4, 1 F16 1 2, 2 Q4_0 32 18, 3 Q4_1 32 20, 6 Q5_0 32 22, 7 Q5_1 32 24, 8 Q8_0 32 34, 9 Q8_1 32 40,
  10 Q2_K 256 84, 11 Q3_K 256 110, 12 Q4_K 256 144, 13 Q5_K 256 176, 14 Q6_K 256 210, 15 Q8_K 256 292,
  16 IQ2_XXS 256 66, 17 IQ2_XS 256 74, 18 IQ3_XXS 256 98, 19 IQ1_S 256 50, 20 IQ4_NL 32 18, 21 IQ3_S 256 110,
  22 IQ2_S 256 82, 23 IQ4_XS 256 136, 24 I8 1 1, 25 I16 1 2, 26 I32 1 4, 27 I64 1 8, 28 F64 1 8, 29 IQ1_M 256 56,
  30 BF16 1 2, 34 TQ1_0 256 54, 35 TQ2_0 256 66, 39 MXFP4 32 17, 40 NVFP4 64 36, 41 Q1_0 128 18`
    .split(",")
    .map((row) => row.trim().split(" "))
    .map(([number, name, size, bytes]) => [Number(number), { name, size: BigInt(size), bytes: BigInt(bytes) }]),
);

/** More of the file is needed than was given. */
class Need extends Error {
  /** @param {number} bytes */
  constructor(bytes) {
    super();
    this.bytes = bytes;
  }
}

/** A position that only moves forward. */
class Cursor {
  at = 0;
  little = true;
  spent = 0;

  /** @param {Uint8Array} bytes The first of the file. @param {number} fileBytes */
  constructor(bytes, fileBytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.fileBytes = fileBytes;
  }

  /** @param {number} count Where they start. */
  take(count) {
    const start = this.at;
    this.skip(count);
    if (this.at > MAX_HEADER_BYTES) refuse("long", { value: MAX_HEADER_BYTES });
    if (this.at > this.bytes.length) throw new Need(this.at);
    return start;
  }

  /** @param {number} count */
  skip(count) {
    if (count > this.fileBytes - this.at) refuse("cut", { at: this.fileBytes });
    this.at += count;
  }

  u32() {
    return this.view.getUint32(this.take(4), this.little);
  }

  long() {
    return this.view.getBigUint64(this.take(8), this.little);
  }

  /** Beyond 2^53 inexact, and beyond every file. */
  u64() {
    return Number(this.long());
  }

  /** @param {number} limit */
  text(limit) {
    const start = this.at;
    const length = this.u64();
    if (length > limit) this.odd(start, "length", length);
    return this.decode(length);
  }

  /** @param {number} length */
  decode(length) {
    const start = this.take(length);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.bytes.subarray(start, this.at));
    } catch {
      return this.odd(start, "text", "≠ UTF-8");
    }
  }

  /** @param {number} count @param {number} limit @param {string} what Counted over the whole header. */
  spend(count, limit, what) {
    this.spent += count;
    if (this.spent > limit) this.odd(this.at, what, this.spent);
  }

  /**
   * @param {number} at
   * @param {string} key
   * @param {unknown} value
   * @returns {never}
   */
  odd(at, key, value) {
    return refuse("oddAt", { at, key, value });
  }

  /** @param {number} count @param {number} each At least. @param {number} limit @param {string} what */
  promise(count, each, limit, what) {
    if (count * each > this.fileBytes - this.at) refuse("cut", { at: this.fileBytes });
    if (count > limit) this.odd(this.at, what, count);
  }
}

/** @param {Cursor} cursor @param {number} type The value, where it is a whole number. */
function value(cursor, type) {
  if (type === STRING) {
    const length = cursor.u64();
    if (length > MAX_NAME_BYTES) cursor.skip(length);
    else cursor.decode(length);
    return null;
  }
  if (type === ARRAY) return array(cursor, 1);
  const size = SCALAR_BYTES[type];
  if (!size) cursor.odd(cursor.at - 4, "value_type", type);
  const start = cursor.take(size);
  if (type === BOOL || type === FLOAT32 || type === FLOAT64) return null;
  const raw = [...cursor.bytes.subarray(start, start + size)];
  if (cursor.little) raw.reverse();
  const read = BigInt(`0x${raw.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`);
  return [1, 3, 5, 11].includes(type) ? BigInt.asIntN(8 * size, read) : read;
}

/** @param {Cursor} cursor @param {number} depth @returns {null} */
function array(cursor, depth) {
  if (depth > 4) cursor.odd(cursor.at, "array", depth);
  const start = cursor.at;
  const type = cursor.u32();
  const count = cursor.u64();
  if (type === STRING || type === ARRAY) cursor.promise(count, type === STRING ? 8 : 12, Infinity, "array");
  if (type === STRING) {
    cursor.spend(count, MAX_STRINGS, "strings");
    for (let left = count; left; left -= 1) cursor.skip(cursor.u64());
  } else if (type === ARRAY) {
    cursor.spend(count, MAX_ARRAYS, "arrays");
    for (let left = count; left; left -= 1) array(cursor, depth + 1);
  } else {
    const size = SCALAR_BYTES[type];
    if (!size) cursor.odd(start, "value_type", type);
    cursor.skip(count * size);
  }
  return null;
}

/** @param {Cursor} cursor @param {number} count The alignment, which is all that is wanted. */
function metadata(cursor, count) {
  /** @type {Map<string, unknown>} */
  const found = new Map();
  for (let left = count; left; left -= 1) {
    const key = cursor.text(MAX_NAME_BYTES);
    if (found.has(key)) refuse("twice", { key });
    found.set(key, value(cursor, cursor.u32()));
  }
  const alignment = found.has("general.alignment") ? found.get("general.alignment") : 32n;
  const fits = typeof alignment === "bigint" && alignment > 0n && !(alignment & (alignment - 1n));
  return { fits, alignment };
}

/** @param {Cursor} cursor */
function info(cursor) {
  const start = cursor.at;
  const name = cursor.text(MAX_NAME_BYTES);
  const dimensions = cursor.u32();
  if (dimensions > 4) cursor.odd(start, name, dimensions);
  const lengths = Array.from({ length: dimensions }, () => cursor.long());
  const number = cursor.u32();
  const offset = cursor.long();
  const type = TYPES.get(number) ?? cursor.odd(start, name, number);
  const elements = lengths.reduce((product, length) => product * length, 1n);
  const isLong = elements > MAX_ELEMENTS || lengths.some((length) => length > MAX_ELEMENTS);
  if (isLong || (lengths[0] ?? 1n) % type.size) cursor.odd(start, name, lengths.join(" × "));
  return { name, shape: lengths.reverse().join(","), type: type.name, offset, elements, bytes: (elements / type.size) * type.bytes };
}

/** @param {Cursor} cursor @returns {Tensor[]} */
function read(cursor) {
  cursor.take(4);
  let version = cursor.u32();
  if (version && !(version & 0xffff)) {
    cursor.little = false; // its version number is in the upper bytes
    version = cursor.view.getUint32(4, false);
  }
  if (version !== 2 && version !== 3) cursor.odd(4, "version", version);
  const [count, keys] = [cursor.u64(), cursor.u64()];
  cursor.promise(count, 24, MAX_TENSORS, "tensor_count");
  cursor.promise(keys, 13, MAX_KEYS, "metadata_kv_count");
  const { fits, alignment } = metadata(cursor, keys);
  const infos = [];
  const names = new Set();
  for (let left = count; left; left -= 1) {
    const one = info(cursor);
    if (names.has(one.name)) refuse("twice", { key: one.name });
    names.add(one.name);
    infos.push(one);
  }
  if (!fits) cursor.odd(cursor.at, "general.alignment", alignment);
  const step = /** @type {bigint} */ (alignment);
  const start = ((BigInt(cursor.at) + step - 1n) / step) * step;
  const tensors = infos.map((one) => placed(cursor, one, start, step));
  return apart(tensors);
}

/** @param {Cursor} cursor @param {ReturnType<typeof info>} one @param {bigint} start Of the data. @param {bigint} step @returns {Tensor} */
function placed(cursor, one, start, step) {
  if (one.offset % step) cursor.odd(cursor.at, one.name, one.offset);
  const offset = start + one.offset;
  if (one.bytes && offset + one.bytes > BigInt(cursor.fileBytes)) refuse("past", { key: one.name });
  return { ...one, offset: Number(offset), elements: Number(one.elements), bytes: Number(one.bytes) };
}

/** @param {Tensor[]} tensors The same, if none overlaps another. */
function apart(tensors) {
  let end = 0;
  for (const { name, offset, bytes } of [...tensors].sort((a, b) => a.offset - b.offset || a.bytes - b.bytes)) {
    if (!bytes) continue;
    if (offset < end) refuse("place", { key: name });
    end = offset + bytes;
  }
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
export function readGguf(bytes, fileBytes) {
  try {
    return { tensors: read(new Cursor(bytes, fileBytes)) };
  } catch (error) {
    if (error instanceof Need) return { need: error.bytes };
    throw error;
  }
}
