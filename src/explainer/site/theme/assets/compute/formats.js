// @ts-check
/**
 * Number formats by their bits, as `explainer.formats` has them: equal to it in every bit.
 *
 * A code is a BigInt, since FP64's do not fit a number; a value is a number, as every value of
 * every format is a float64.
 */

/**
 * @typedef {object} Format
 * @property {string} name As in ml_dtypes.
 * @property {string} label As people write it.
 * @property {"float" | "integer" | "codebook"} kind
 * @property {number} bits
 * @property {number} exponentBits
 * @property {number} mantissaBits
 * @property {number} bias
 * @property {boolean} signed
 * @property {"ieee" | "nan" | "none"} specials
 * @property {boolean} subnormals
 * @property {number[]} values Of a codebook, ascending.
 *
 * @typedef {"nearest" | "toward_zero"} Rounding
 */

const NF4 = [
  -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
  -0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725,
  0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
  0.7229568362236023, 1.0,
];

/** @type {Format} */
const BASE = {
  name: "", label: "", kind: "float", bits: 0, exponentBits: 0, mantissaBits: 0, bias: 0,
  signed: true, specials: "none", subnormals: true, values: [],
};

/**
 * @param {string} name
 * @param {string} label
 * @param {[number, number, number, number]} layout Bits, of exponent, of mantissa, bias.
 * @param {Partial<Format>} [rest]
 * @returns {Format}
 */
const float = (name, label, [bits, exponentBits, mantissaBits, bias], rest) => ({
  ...BASE, name, label, bits, exponentBits, mantissaBits, bias, ...rest,
});

/** @type {Format[]} In the order of the library. */
export const FORMATS = [
  float("float64", "FP64", [64, 11, 52, 1023], { specials: "ieee" }),
  float("float32", "FP32", [32, 8, 23, 127], { specials: "ieee" }),
  float("tf32", "TF32", [19, 8, 10, 127], { specials: "ieee" }),
  float("float16", "FP16", [16, 5, 10, 15], { specials: "ieee" }),
  float("bfloat16", "BF16", [16, 8, 7, 127], { specials: "ieee" }),
  float("float8_e4m3fn", "FP8 E4M3", [8, 4, 3, 7], { specials: "nan" }),
  float("float8_e5m2", "FP8 E5M2", [8, 5, 2, 15], { specials: "ieee" }),
  float("float6_e3m2fn", "FP6 E3M2", [6, 3, 2, 3]),
  float("float6_e2m3fn", "FP6 E2M3", [6, 2, 3, 1]),
  float("float4_e2m1fn", "FP4 E2M1", [4, 2, 1, 1]),
  float("float8_e8m0fnu", "E8M0", [8, 8, 0, 127], { signed: false, specials: "nan", subnormals: false }),
  { ...BASE, name: "int8", label: "INT8", kind: "integer", bits: 8 },
  { ...BASE, name: "uint8", label: "UINT8", kind: "integer", bits: 8, signed: false },
  { ...BASE, name: "int4", label: "INT4", kind: "integer", bits: 4 },
  { ...BASE, name: "int2", label: "INT2", kind: "integer", bits: 2 },
  { ...BASE, name: "nf4", label: "NF4", kind: "codebook", bits: 4, values: NF4 },
];

const view = new DataView(new ArrayBuffer(8));

/** @param {number} n -1022 to 1023 */
function powerOfTwo(n) {
  view.setBigUint64(0, BigInt(n + 1023) << 52n);
  return view.getFloat64(0);
}

/**
 * x · 2ⁿ, in steps that stay within the exponents of float64.
 *
 * @param {number} x
 * @param {number} n
 */
function scaled(x, n) {
  const first = Math.max(-900, Math.min(900, n));
  return x * powerOfTwo(first) * powerOfTwo(n - first);
}

/** @param {number} size Positive and finite. @returns {number} */
function exponentOf(size) {
  view.setFloat64(0, size);
  const field = Number(view.getBigUint64(0) >> 52n);
  return field ? field - 1023 : exponentOf(size * 2 ** 64) - 64;
}

/** @param {number} x */
function roundHalfEven(x) {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}

/** @param {number} count */
const lowBits = (count) => (1n << BigInt(count)) - 1n;

/** @param {Format} f */
export function largestCode(f) {
  if (f.kind === "integer") return lowBits(f.bits - Number(f.signed));
  if (f.kind === "codebook") return BigInt(f.values.length - 1);
  if (f.specials === "ieee") return (lowBits(f.exponentBits) << BigInt(f.mantissaBits)) - 1n;
  return lowBits(f.exponentBits + f.mantissaBits) - (f.specials === "nan" ? 1n : 0n);
}

/** @param {Format} f The exponent of its smallest normal number. */
const minExponent = (f) => (f.subnormals ? 1 : 0) - f.bias;

/** @param {Format} f */
export const largest = (f) => decode(f, largestCode(f));

/** @param {Format} f */
export function lowest(f) {
  if (f.kind === "integer") return f.signed ? -Number(largestCode(f)) - 1 : 0;
  if (f.kind === "codebook") return f.values[0];
  return f.signed ? -largest(f) : scaled(1, minExponent(f));
}

/**
 * @param {Format} f
 * @param {bigint} code
 * @returns {number}
 */
export function decode(f, code) {
  if (f.kind === "codebook") return f.values[Number(code)];
  if (f.kind === "integer") return Number(f.signed ? BigInt.asIntN(f.bits, code) : code);
  const p = BigInt(f.mantissaBits);
  const magnitude = code & lowBits(f.bits - Number(f.signed));
  const field = Number(magnitude >> p);
  let value = NaN;
  if (magnitude <= largestCode(f)) {
    const leading = field > 0 || !f.subnormals ? 1n << p : 0n;
    const exponent = f.subnormals ? Math.max(field, 1) : field;
    value = scaled(Number((magnitude & lowBits(f.mantissaBits)) + leading), exponent - f.bias - f.mantissaBits);
  } else if (f.specials === "ieee" && magnitude === largestCode(f) + 1n) {
    value = Infinity;
  }
  return f.signed && code >> BigInt(f.bits - 1) ? -value : value;
}

/**
 * The code of a number, beyond the ends what the format's standard says.
 *
 * @param {Format} f
 * @param {number} x
 * @param {Rounding} [rounding]
 * @returns {bigint}
 */
export function encode(f, x, rounding = "nearest") {
  if (f.kind === "codebook") return codebookCode(f, x, rounding);
  /** @param {number} grid */
  const whole = (grid) => (rounding === "nearest" ? roundHalfEven(grid) : Math.trunc(grid));
  if (f.kind === "integer") {
    const clipped = Math.max(lowest(f), Math.min(largest(f), whole(Number.isNaN(x) ? 0 : x)));
    return BigInt.asUintN(f.bits, BigInt(clipped));
  }
  const negative = x < 0 || Object.is(x, -0) || (Number.isNaN(x) && f.specials === "none");
  const sign = f.signed && negative ? 1n << BigInt(f.bits - 1) : 0n;
  return sign | magnitudeCode(f, x, whole, rounding);
}

/**
 * @param {Format} f
 * @param {number} x
 * @param {(grid: number) => number} whole
 * @param {Rounding} rounding
 */
function magnitudeCode(f, x, whole, rounding) {
  const [p, top, least] = [f.mantissaBits, largestCode(f), minExponent(f)];
  if (Number.isNaN(x) || (!f.signed && x <= 0)) {
    if (f.specials === "none") return 0n;
    return top + 1n + (f.specials === "ieee" ? 1n << BigInt(p - 1) : 0n);
  }
  const size = Math.abs(x);
  const special = f.specials === "none" ? top : top + 1n;
  if (size === Infinity) return special;
  const exponent = size ? Math.max(exponentOf(size), least) : least;
  let code = (BigInt(exponent - least) << BigInt(p)) + BigInt(whole(scaled(size, p - exponent)));
  if (!f.subnormals) {
    // The leading one is in every code, so it is not counted.
    code -= 1n << BigInt(p);
    if (code < 0n) code = 0n;
  }
  if (code <= top) return code;
  return rounding === "toward_zero" ? top : special;
}

/**
 * @param {Format} f
 * @param {number} x
 * @param {Rounding} rounding
 */
function codebookCode(f, x, rounding) {
  const last = f.values.length - 1;
  const number = Math.max(lowest(f), Math.min(largest(f), Number.isNaN(x) ? 0 : x));
  const after = f.values.findIndex((value) => value > number);
  const lower = Math.min(after < 0 ? last : after - 1, last - 1);
  const [below, above] = f.values.slice(lower, lower + 2);
  let up = number > (below + above) / 2;
  if (rounding === "toward_zero") up = number < 0 ? number > below : number >= above;
  return BigInt(lower + Number(up));
}

/**
 * The values next below and above a value of the format, as the library's `neighbours`.
 *
 * @param {Format} f
 * @param {number} x
 * @returns {[number, number]}
 */
export function neighbours(f, x) {
  if (Number.isNaN(x)) return [NaN, NaN];
  const end = f.specials === "ieee" ? Infinity : NaN;
  const beside = valuesBeside(f, x);
  const below = beside.filter((value) => value < x).at(-1) ?? -end;
  const above = beside.find((value) => value > x) ?? end;
  // An infinity has no value beyond it.
  return [x === -Infinity ? NaN : below, x === Infinity ? NaN : above];
}

/**
 * Up to three values around `x`, ascending: codes of one sign count upwards without a gap.
 *
 * @param {Format} f
 * @param {number} x
 */
function valuesBeside(f, x) {
  const top = largestCode(f);
  const whole = f.kind === "integer";
  const least = whole ? BigInt(lowest(f)) : f.signed && f.kind === "float" ? -top : 0n;
  const inside = Math.max(lowest(f), Math.min(largest(f), x));
  let here = whole ? BigInt(Math.trunc(inside)) : encode(f, inside, "toward_zero");
  if (f.kind === "float" && f.signed && here >> BigInt(f.bits - 1)) here = -(here & lowBits(f.bits - 1));
  return [here - 1n, here, here + 1n]
    .filter((at) => at >= least && at <= top)
    .map((at) => (whole ? Number(at) : at < 0n ? -decode(f, -at) : decode(f, at)));
}

/**
 * How many bits each part has: sign, exponent, mantissa.
 *
 * @param {Format} f
 * @returns {[number, number, number]}
 */
export function parts(f) {
  const sign = f.signed && f.kind !== "codebook" ? 1 : 0;
  return [sign, f.exponentBits, f.bits - sign - f.exponentBits];
}
