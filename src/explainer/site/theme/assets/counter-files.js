// @ts-check
/**
 * What the counter shows of a model's files; it comes with the first file.
 *
 * @typedef {import("./model-files.js").Files} Files
 * @typedef {import("./widgets/counter.js").View} View
 */

import { inspect, sorted, textOf } from "./model-files.js";
import { html } from "./widgets/base.js";
import { table } from "./widgets/counter.js";

/**
 * Looks into files; a configuration alone is but a text.
 *
 * @param {File[]} files
 * @param {View} view
 * @returns {Promise<{text: string} | {name: string, nodes: Node[]}>}
 */
export async function look(files, view) {
  const found = await sorted(files);
  if (!found.gguf.length && !found.safetensors.length) return { text: await textOf(found.json[0]) };
  const read = await inspect(found);
  return { name: read.name, nodes: drawn(read, shards(files, view), view) };
}

/** @param {File[]} files @param {View} view What is missing of a model in several files. */
function shards(files, { widget }) {
  const all = Number(files[0].name.match(/-\d{5}-of-(\d{5})\.\w+$/)?.[1] ?? 1);
  const there = files.filter(({ name }) => /\.(gguf|safetensors)$/.test(name)).length;
  return there < all ? [widget.fill(widget.words.shards, { n: there, all })] : [];
}

/** @param {Files} files @param {string[]} said @param {View} view */
function drawn({ summary, fileBytes }, said, view) {
  const { fill, words } = view.widget;
  const { parameters, parameterBytes, tensors, tensorBytes, kinds, components, types, apart } = summary;
  const bits = (/** @type {number} */ bytes, /** @type {number} */ of) => (of ? view.widget.number((8 * bytes) / of, 4) : "");
  const numbers = view.numbers([
    [words.parameters, view.whole(parameters)],
    [words.biases, view.whole(kinds.biases)],
    [words.bits, bits(parameterBytes, parameters)],
    [words.tensors, view.whole(tensors)],
    [words.bytes, view.whole(fileBytes)],
    [words.beside, view.whole(fileBytes - tensorBytes)],
  ]);
  const rows = Object.entries(types).map(([name, one]) => [
    ...[name, view.whole(one.tensors), view.whole(one.parameters), view.whole(one.bytes)],
    bits(one.bytes, one.parameters),
  ]);
  const byType = table([words.type, words.tensors, words.parameters, words.bytes, words.bits], rows);
  if (kinds.buffers) said.push(fill(words.buffers, { n: view.whole(kinds.buffers) }));
  if (apart) said.push(fill(words.apart, { head: apart[0], table: apart[1] }));
  return [numbers, byType, view.parts(components, parameters), view.notes(said)];
}
