// @ts-check
/** Gradient descent in a valley, f(w) = ½cw²: each step multiplies w by 1 − ηc. */

/**
 * Returns every stop of the walk, the start included.
 *
 * @param {number} start
 * @param {number} rate The learning rate η.
 * @param {number} curvature c
 * @param {number} steps
 */
export function walk(start, rate, curvature, steps) {
  const path = [start];
  let w = start;
  for (let step = 0; step < steps; step++) {
    w = w - rate * curvature * w; // the gradient is cw
    path.push(w);
  }
  return path;
}

/**
 * Returns after how many steps |w| is below `near` for the first time; −1 if it is not.
 *
 * @param {number[]} path
 * @param {number} near
 */
export const arrival = (path, near) => path.findIndex((w) => Math.abs(w) < near);
