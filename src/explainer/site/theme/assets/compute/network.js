// @ts-check
/**
 * A network with tanh between its layers and one output. As `explainer.network` and optax.
 *
 * Its parameters are one list, layer by layer: a row of weights for each unit, then the biases.
 */

/** @param {number[]} widths Units of each layer, inputs first. */
export const countParameters = (widths) =>
  widths.slice(1).reduce((sum, width, at) => sum + width * (widths[at] + 1), 0);

/**
 * Runs a network on one point.
 *
 * @param {number[]} widths
 * @param {number[]} params
 * @param {number[]} x
 * @param {number[][]} [kept] Receives what each layer says, the inputs first.
 * @returns {number} The logit.
 */
export function apply(widths, params, x, kept) {
  let now = x;
  let at = 0;
  kept?.push(now);
  for (let layer = 1; layer < widths.length; layer++) {
    const [d_in, d_out] = [widths[layer - 1], widths[layer]];
    const next = new Array(d_out);
    for (let unit = 0; unit < d_out; unit++) {
      let sum = params[at + d_in * d_out + unit];
      for (let input = 0; input < d_in; input++) sum += params[at + unit * d_in + input] * now[input];
      next[unit] = layer < widths.length - 1 ? Math.tanh(sum) : sum;
    }
    at += d_out * (d_in + 1);
    now = next;
    kept?.push(now);
  }
  return now[0];
}

/**
 * Returns the mean loss on some points (the cross-entropy of the sigmoid, in nats), its gradient,
 * and how many are right.
 *
 * @param {number[]} widths
 * @param {number[]} params
 * @param {number[][]} points
 * @param {number[]} labels 0 or 1
 */
export function lossAndGradient(widths, params, points, labels) {
  const gradient = new Array(params.length).fill(0);
  let [loss, right] = [0, 0];
  for (let n = 0; n < points.length; n++) {
    /** @type {number[][]} */
    const kept = [];
    const z = apply(widths, params, points[n], kept);
    loss += Math.max(z, 0) - z * labels[n] + Math.log1p(Math.exp(-Math.abs(z)));
    right += Number(z > 0 === labels[n] > 0);
    backward(widths, params, kept, 1 / (1 + Math.exp(-z)) - labels[n], gradient);
  }
  return { loss: loss / points.length, right, gradient: gradient.map((one) => one / points.length) };
}

/**
 * Adds the gradient of one point, from the output back to the inputs.
 *
 * @param {number[]} widths
 * @param {number[]} params
 * @param {number[][]} kept
 * @param {number} outer Slope of the loss by the logit.
 * @param {number[]} gradient
 */
function backward(widths, params, kept, outer, gradient) {
  let slopes = [outer]; // by the sums of a layer, before tanh
  let at = params.length;
  for (let layer = widths.length - 1; layer > 0; layer--) {
    const [d_in, d_out] = [widths[layer - 1], widths[layer]];
    at -= d_out * (d_in + 1);
    const below = new Array(d_in).fill(0);
    for (let unit = 0; unit < d_out; unit++) {
      const slope = slopes[unit];
      gradient[at + d_in * d_out + unit] += slope;
      for (let input = 0; input < d_in; input++) {
        gradient[at + unit * d_in + input] += slope * kept[layer - 1][input];
        below[input] += slope * params[at + unit * d_in + input];
      }
    }
    slopes = below.map((slope, input) => slope * (1 - kept[layer - 1][input] ** 2));
  }
}

/** @type {(params: number[], gradient: number[], rate: number) => number[]} Straight down. */
export const sgd = (params, gradient, rate) => params.map((one, at) => one - rate * gradient[at]);

/** Adam, with optax's constants. */
export class Adam {
  #steps = 0;
  /** @type {number[]} */
  #mean = [];
  /** @type {number[]} */
  #square = [];

  /**
   * @param {number[]} params
   * @param {number[]} gradient
   * @param {number} rate
   */
  step(params, gradient, rate) {
    this.#steps += 1;
    this.#mean = gradient.map((g, at) => 0.9 * (this.#mean[at] ?? 0) + 0.1 * g);
    this.#square = gradient.map((g, at) => 0.999 * (this.#square[at] ?? 0) + 0.001 * g * g);
    const [mean, square] = [1 - 0.9 ** this.#steps, 1 - 0.999 ** this.#steps];
    return params.map((one, at) => one - (rate * this.#mean[at]) / mean / (Math.sqrt(this.#square[at] / square) + 1e-8));
  }
}

/**
 * Draws weights of variance 1 / inputs, as `init_mlp` does; biases are zero.
 *
 * @param {number[]} widths
 * @param {number} seed
 */
export function draw(widths, seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0; // mulberry32
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return widths.slice(1).flatMap((d_out, at) => {
    const weights = Array.from({ length: widths[at] * d_out }, () => normal() / Math.sqrt(widths[at]));
    return [...weights, ...new Array(d_out).fill(0)];
  });
}
