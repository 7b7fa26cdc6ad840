// @ts-check
/** Compares compute/polynomial.js with golden cases, in Node and in a page alike. */

import { Comparison, float64 } from "./bits.js";

const TOLERANCE = 1e-9;

/**
 * @param {typeof import("../../src/explainer/site/theme/assets/compute/polynomial.js")} polynomial
 * @param {any[]} golden
 */
export function check(polynomial, golden) {
  const found = new Comparison();
  for (const { degree, ...bits } of golden) {
    const [x, y, places] = [bits.x, bits.y, bits.places].map((list) => list.map(float64));
    const fitted = polynomial.fitPolynomial(x, y, degree);
    fitted.forEach((one, at) => found.near(`${degree}: coefficient ${at}`, one, float64(bits.coefficients[at]), TOLERANCE));
    found.near(`${degree}: error`, polynomial.error(fitted, x, y), float64(bits.error), TOLERANCE);
    places.forEach((/** @type {number} */ place, /** @type {number} */ at) => {
      found.near(`${degree}: value ${at}`, polynomial.evaluate(fitted, place), float64(bits.values[at]), TOLERANCE);
      polynomial.legendre(place, degree).forEach((one, n) => found.near(`P${n}`, one, float64(bits.basis[at][n]), 1e-13));
    });
  }
  return found;
}
