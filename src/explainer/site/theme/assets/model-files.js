// @ts-check
/**
 * The files of one model, as a reader chooses them: what they are, and what their headers say. Only
 * the headers are read, and the tiny tensors that state how others are packed.
 *
 * @typedef {import("./compute/checkpoints.js").Tensor} Tensor
 * @typedef {{summary: import("./compute/checkpoints.js").Summary, fileBytes: number, name: string}} Files
 */

import { recognise, summarize } from "./compute/checkpoints.js";
import { Refusal, decode, encodingOf, parse, refuse } from "./compute/reading.js";

/** More than any configuration may have. */
const MOST_TEXT_BYTES = 2 ** 24 + 1;
const HEAD_BYTES = 512;
const FIRST_BYTES = 2 ** 20;

/** @param {File} file @param {number} start @param {number} end */
const part = async (file, start, end) => new Uint8Array(await file.slice(start, end).arrayBuffer());

/**
 * Reads the header of a file, and no more of it than it needs.
 *
 * @param {File} file
 * @param {(bytes: Uint8Array, fileBytes: number) => {tensors: Tensor[]} | {need: number}} read
 */
async function header(file, read) {
  for (let size = FIRST_BYTES; ; ) {
    const bytes = await part(file, 0, size);
    const found = read(bytes, file.size);
    if ("tensors" in found) return found.tensors;
    if (size >= file.size) refuse("cut", { at: bytes.length }); // it became shorter
    size = Math.max(found.need, 2 * size);
  }
}

/**
 * Sorts files by what their first bytes show.
 *
 * @param {File[]} files
 */
export async function sorted(files) {
  /** @type {Record<"gguf" | "safetensors" | "json", File[]>} */
  const found = { gguf: [], safetensors: [], json: [] };
  for (const file of files) await named(file, files, async () => found[recognise(await part(file, 0, HEAD_BYTES), file.name)].push(file));
  if (found.gguf.length && found.safetensors.length) refuse("mixed", {});
  return found;
}

/** @param {File} file The text of a configuration. */
export async function textOf(file) {
  const bytes = await part(file, 0, MOST_TEXT_BYTES);
  return decode(bytes, encodingOf(bytes));
}

/**
 * @template T
 * @param {Promise<T>} coming A script that comes on demand.
 * @returns {Promise<T>}
 */
const arrived = (coming) => coming.catch(() => refuse("notLoaded"));

/**
 * Does something with a file; of several, the one at fault is named.
 *
 * @param {File} file
 * @param {File[]} files
 * @param {() => Promise<unknown>} work
 */
async function named(file, files, work) {
  try {
    await work();
  } catch (error) {
    if (error instanceof Refusal && files.length > 1) error.values.file = file.name;
    throw error;
  }
}

/**
 * Reads the headers of one model's files; a configuration among them says what they do not.
 *
 * @param {Record<"gguf" | "safetensors" | "json", File[]>} files
 * @returns {Promise<Files>}
 */
export async function inspect({ gguf, safetensors, json }) {
  const files = gguf.length ? gguf : safetensors;
  /** @type {Tensor[][]} */
  const tensors = [];
  /** @type {Map<string, number>} */
  const declared = new Map();
  if (gguf.length) {
    const { readGguf } = await arrived(import("./compute/gguf.js"));
    for (const file of files) await named(file, files, async () => tensors.push(await header(file, readGguf)));
  } else {
    const { readSafetensors, stated, statements } = await arrived(import("./compute/safetensors.js"));
    for (const file of files) {
      await named(file, files, async () => {
        const found = await header(file, readSafetensors);
        tensors.push(found);
        for (const { of, tensor } of statements(found)) {
          const shape = stated(tensor, await part(file, tensor.offset, tensor.offset + tensor.bytes));
          if (shape !== null) declared.set(of, shape);
        }
      });
    }
  }
  const summary = summarize(tensors, { declared, config: await hints(json) });
  const fileBytes = files.reduce((sum, { size }) => sum + size, 0);
  return { summary, fileBytes, name: files.map(({ name }) => name).sort()[0] };
}

/** @param {File[]} files A broken configuration is as good as none. */
async function hints(files) {
  for (const file of files) {
    try {
      const found = parse(await textOf(file));
      if (found.quantization || found.quantization_config) return found;
    } catch {
      // the next may say it
    }
  }
  return {};
}
