// @ts-check
/** Compares compute/gpt.js with golden cases, in Node and in a page alike. */

import { bytes } from "./arrays.js";
import { Comparison } from "./bits.js";

/**
 * @typedef {typeof import("../../src/explainer/site/theme/assets/compute/gpt.js")} GPT
 * @typedef {import("../../src/explainer/site/theme/assets/compute/gpt.js").Weights} Weights
 * @typedef {import("../../src/explainer/site/theme/assets/compute/gpt.js").Vectors} Vectors
 */

const TOLERANCE = 1e-5; // not relative
const LETTERS = "ABC";

/** @param {string} letters */
const tokens = (letters) => Array.from(letters, (letter) => LETTERS.indexOf(letter));

/**
 * @param {Comparison} found
 * @param {string} what
 * @param {ArrayLike<number>} got
 * @param {Float32Array} wanted
 * @param {number} tolerance
 */
function compare(found, what, got, wanted, tolerance) {
  found.near(`length of ${what}`, got.length, wanted.length);
  wanted.forEach((value, i) => {
    found.expect(Math.abs(got[i] - value) <= tolerance, () => `${what}: ${got[i]}, not ${value}`);
  });
}

/**
 * @param {GPT} gpt
 * @param {Record<string, any>} golden
 */
export function check(gpt, golden) {
  const found = new Comparison();
  const { config } = golden;
  const weights = gpt.readWeights(new Int8Array(bytes(golden.file)), golden.layout, golden.step);
  for (const [name, text] of Object.entries(golden.weights)) {
    compare(found, name, weights[name], new Float32Array(bytes(text)), 0);
  }
  const traced = gpt.trace(weights, tokens(golden.traced), config);
  for (const [name, text] of Object.entries(golden.trace)) {
    const got = name.startsWith("blocks.") ? stacked(traced, name, config.num_layers) : traced[name];
    compare(found, name, got, new Float32Array(bytes(text)), TOLERANCE);
  }
  const logits = new Float32Array(bytes(golden.logits));
  golden.texts.forEach((/** @type {string} */ text, /** @type {number} */ at) => {
    const got = gpt.trace(weights, tokens(text), config).logits;
    compare(found, text, got, logits.subarray(at * got.length, (at + 1) * got.length), TOLERANCE);
    const answer = answered(gpt, weights, text.slice(0, 6), config);
    found.expect(answer === golden.answers[at], () => `${text}: ${answer}`);
  });
  return found;
}

/**
 * A vector of every layer, one after the other, as the library stacks them.
 *
 * @param {Vectors} vectors
 * @param {string} name
 * @param {number} layers
 */
function stacked(vectors, name, layers) {
  const own = Array.from({ length: layers }, (_, at) => vectors[name.replace(".", `.${at}.`)]);
  return own.flatMap((vector) => Array.from(vector));
}

/**
 * What the model says to a text, letter by letter.
 *
 * @param {GPT} gpt
 * @param {Weights} weights
 * @param {string} text
 * @param {any} config
 */
function answered(gpt, weights, text, config) {
  const soFar = tokens(text);
  while (soFar.length < 2 * text.length) {
    soFar.push(gpt.nextToken(gpt.trace(weights, soFar, config), config));
  }
  return soFar.slice(text.length).map((token) => LETTERS[token]).join("");
}
