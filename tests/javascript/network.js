// @ts-check
/** Compares compute/network.js with golden cases, in Node and in a page alike. */

import { Comparison, float64 } from "./bits.js";

const STEPS = 20;

/**
 * @param {typeof import("../../src/explainer/site/theme/assets/compute/network.js")} network
 * @param {any[]} golden
 */
export function check(network, golden) {
  const found = new Comparison();
  for (const { widths, labels, right, count, ...bits } of golden) {
    /** @type {number[]} */
    const params = bits.params.map(float64);
    /** @type {number[][]} */
    const points = bits.points.map((/** @type {string[]} */ point) => point.map(float64));
    found.near(`${widths} count`, network.countParameters(widths), count);
    found.near(`${widths} length`, params.length, count);
    points.forEach((point, at) => found.near(`${widths} logit ${at}`, network.apply(widths, params, point), float64(bits.logits[at]), 1e-12));
    const one = network.lossAndGradient(widths, params, points, labels);
    found.near(`${widths} loss`, one.loss, float64(bits.loss), 1e-12);
    found.near(`${widths} right`, one.right, right);
    one.gradient.forEach((slope, at) => found.near(`${widths} gradient ${at}`, slope, float64(bits.gradient[at]), 1e-12));
    const adam = new network.Adam();
    let [byAdam, bySgd] = [params, params];
    for (let step = 0; step < STEPS; step++) {
      byAdam = adam.step(byAdam, network.lossAndGradient(widths, byAdam, points, labels).gradient, 0.05);
      bySgd = network.sgd(bySgd, network.lossAndGradient(widths, bySgd, points, labels).gradient, 0.5);
    }
    byAdam.forEach((value, at) => found.near(`${widths} adam ${at}`, value, float64(bits.adam[at]), 1e-9));
    bySgd.forEach((value, at) => found.near(`${widths} sgd ${at}`, value, float64(bits.sgd[at]), 1e-9));
  }
  return found;
}
