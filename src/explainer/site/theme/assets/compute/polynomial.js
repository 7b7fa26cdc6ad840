// @ts-check
/** Polynomials by least squares, as sums of Legendre's curves on −1 to 1. As NumPy's `Legendre.fit`. */

/**
 * Returns the first Legendre polynomials at one place.
 *
 * @param {number} x
 * @param {number} degree The last of them.
 */
export function legendre(x, degree) {
  const values = [1, x];
  for (let n = 1; n < degree; n++) values.push(((2 * n + 1) * x * values[n] - n * values[n - 1]) / (n + 1));
  return values.slice(0, degree + 1);
}

/**
 * Returns the coefficients of the curve with the least squared error, by Householder reflections.
 *
 * @param {number[]} x Within −1 to 1, at least `degree` + 1 of them.
 * @param {number[]} y
 * @param {number} degree
 */
export function fitPolynomial(x, y, degree) {
  const rows = x.map((one, at) => [...legendre(one, degree), y[at]]);
  const size = degree + 1;
  for (let k = 0; k < size; k++) {
    const column = rows.slice(k).map((row) => row[k]);
    const length = Math.hypot(...column) * (column[0] > 0 ? -1 : 1);
    const mirror = [column[0] - length, ...column.slice(1)];
    const square = mirror.reduce((sum, value) => sum + value * value, 0);
    if (!square) continue;
    for (let j = k; j <= size; j++) {
      const along = mirror.reduce((sum, value, i) => sum + value * rows[k + i][j], 0);
      mirror.forEach((value, i) => (rows[k + i][j] -= (2 * along * value) / square));
    }
  }
  const found = new Array(size).fill(0);
  for (let k = size - 1; k >= 0; k--) {
    let rest = rows[k][size];
    for (let j = k + 1; j < size; j++) rest -= rows[k][j] * found[j];
    found[k] = rest / rows[k][k];
  }
  return found;
}

/**
 * Returns what a polynomial says at one place.
 *
 * @param {number[]} coefficients
 * @param {number} x
 */
export function evaluate(coefficients, x) {
  return legendre(x, coefficients.length - 1).reduce((sum, value, at) => sum + coefficients[at] * value, 0);
}

/**
 * Returns the mean squared error of a polynomial.
 *
 * @param {number[]} coefficients
 * @param {number[]} x
 * @param {number[]} y
 */
export const error = (coefficients, x, y) =>
  x.reduce((sum, one, at) => sum + (evaluate(coefficients, one) - y[at]) ** 2, 0) / x.length;
