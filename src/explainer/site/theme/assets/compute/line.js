// @ts-check
/** A line through points: its best two numbers, and how wrong any two are. As `explainer.line`. */

/** @param {number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Returns the line with the least mean squared error; not a number if all `x` are equal.
 *
 * @param {number[]} x
 * @param {number[]} y
 * @returns {{slope: number, intercept: number}}
 */
export function fitLine(x, y) {
  const [meanX, meanY] = [mean(x), mean(y)];
  const centred = x.map((value) => value - meanX);
  const across = centred.reduce((sum, value, at) => sum + value * (y[at] - meanY), 0);
  const slope = across / centred.reduce((sum, value) => sum + value * value, 0);
  return { slope, intercept: meanY - slope * meanX };
}

/**
 * Returns the mean of the squared distances of y = ax + b from the points.
 *
 * @param {number[]} x
 * @param {number[]} y
 * @param {number} slope
 * @param {number} intercept
 */
export function meanSquaredError(x, y, slope, intercept) {
  return mean(x.map((value, at) => (slope * value + intercept - y[at]) ** 2));
}
