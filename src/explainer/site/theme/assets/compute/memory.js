// @ts-check
/**
 * What a model takes, as `explainer.memory.estimate` counts it. Mixtures follow llama.cpp at commit
 * 007dbbf; those that need an importance matrix have one.
 *
 * @typedef {[string, number, number, number?, number?, number?]} Matrix
 * @typedef {{name: string, parameters: number, layers: number, buffers?: number, cache?: [number, number?][],
 *   flow: number, logits: number, kept: number, matrices?: Matrix[], gguf?: Matrix[], tiles?: Matrix[],
 *   untouched?: number, sharing?: number, experts?: number, is_70b?: boolean}} Model
 *   See `explainer.memory.outline`.
 * @typedef {{format: string, context: number, batch: number, cached: number[], states?: number[]}} Case
 *   `cached`: bytes, for how many numbers; `states`: when it trains, of a weight, and beside it.
 */

/** Elements and bytes of GGUF's blocks. @type {Record<string, number[]>} */
const TYPES = {
  F32: [1, 4], F16: [1, 2], BF16: [1, 2], MXFP4: [32, 17], NVFP4: [64, 36], TQ1_0: [256, 54], TQ2_0: [256, 66],
  Q1_0: [128, 18], Q4_0: [32, 18], Q4_1: [32, 20], Q5_0: [32, 22], Q5_1: [32, 24], Q8_0: [32, 34],
  Q2_K: [256, 84], Q3_K: [256, 110], Q4_K: [256, 144], Q5_K: [256, 176], Q6_K: [256, 210],
  IQ1_S: [256, 50], IQ1_M: [256, 56], IQ2_XXS: [256, 66], IQ2_XS: [256, 74], IQ2_S: [256, 82],
  IQ3_XXS: [256, 98], IQ3_S: [256, 110], IQ4_NL: [32, 18], IQ4_XS: [256, 136],
};
/** For rows that are no multiple of 256. @type {Record<string, string>} */
const SPARE = { Q2_K: "Q4_0", Q3_K: "Q4_0", TQ1_0: "Q4_0", TQ2_0: "Q4_0", Q4_K: "Q5_0", Q5_K: "Q5_1", Q6_K: "Q8_0" };
/** Of names that say no type. @type {Record<string, string>} */
const BASES = { IQ2_S: "IQ2_XS", IQ2_M: "IQ2_S", IQ3_XS: "IQ3_S", IQ3_M: "IQ3_S", MXFP4_MOE: "MXFP4" };
/** Bits of a code; rows (0: a run), columns (0: all), bits of a tile. @type {Record<string, number[]>} */
const TILES = {
  fp32: [], fp16: [], bf16: [], fp8: [8, 128, 128, 32], int8: [8, 1, 0, 32], int4: [4, 1, 128, 20],
  mxfp4: [4, 1, 32, 8], nf4: [4, 0, 64, 32], nf4_double: [4, 0, 64, 8.125],
};

/** @param {string} name @param {string} names */
const among = (name, names) => names.split(" ").includes(name);

/**
 * Returns what a mixture wants for a matrix; see `explainer.memory.mixture_rules`.
 *
 * @param {string} mixture
 * @param {string} base
 * @param {Model} model
 */
function rules(mixture, base, { layers, experts = 0, sharing = 1, is_70b: is70b }) {
  const [eighth, last] = [layers >> 3, (7 * layers) >> 3];
  const [eight, grouped] = [experts === 8, sharing >= 4];
  const [low, lower] = [/^IQ[12]/.test(mixture), /^IQ(1|2|3_XX)/.test(mixture)];
  const finer = among(mixture, "IQ2_S IQ2_M IQ3_XXS") ? "IQ3_S" : "Q2_K";
  /** @param {string} names @param {string} type @param {boolean} [when] */
  const rule = (names, type, when = true) => (when && among(mixture, names) ? type : "");
  /** @param {string} role @param {number} layer @param {boolean} narrow @param {boolean} stacked */
  return (role, layer, narrow, stacked) => {
    const [first, middle] = [layer < eighth, layer >= eighth && layer < last];
    const more = !middle || (layer - eighth) % 3 === 2;
    if (role === "h") return narrow || among(base, "MXFP4 Q8_0") ? "Q8_0" : lower ? "Q5_K" : "Q6_K";
    if (base === "MXFP4") return stacked ? base : "Q8_0";
    if (role === "e") return lower ? finer : rule("TQ1_0 TQ2_0", "Q4_K") || base;
    if (low && role === "v") return grouped || experts >= 4 ? "Q4_K" : finer;
    if (low && role === "d") return first ? finer : base;
    if (low && role === "o" && !eight) return rule("IQ1_S IQ1_M", "IQ2_XXS") || rule("IQ2_S IQ2_M", finer) || base;
    if (eight && "vk".includes(role)) return low ? "Q4_K" : "Q8_0";
    if (eight && role === "o") return /^(IQ|Q2_K$|Q[34]_K_[SM])/.test(mixture) ? "Q5_K" : base;
    if (low) return base;
    if (role === "v") {
      const found =
        rule("Q2_K Q2_K_S IQ3_XS IQ3_S IQ3_XXS", "Q4_K", grouped) || rule("Q2_K", "Q3_K") || rule("IQ3_M", "Q4_K") ||
        rule("Q3_K_M", layer < 2 ? "Q5_K" : "Q4_K") || rule("Q3_K_L", "Q5_K") || rule("IQ4_NL IQ4_XS", "Q5_K", grouped) ||
        rule("Q4_K_M Q5_K_M", "Q6_K", more) || rule("Q4_K_S", "Q5_K", layer < 4) || base;
      return is70b && among(found, "Q3_K Q4_K") ? "Q5_K" : found;
    }
    if (role === "d")
      return (
        rule("Q2_K", "Q3_K") || rule("Q2_K_S", "Q4_K", first) || rule("Q3_K_M", layer < layers >> 4 ? "Q5_K" : "Q4_K") ||
        rule("IQ3_M", "Q4_K", first || (eight && more)) || rule("Q3_K_L", "Q5_K") || rule("Q4_K_M Q5_K_M", "Q6_K", more) ||
        rule("IQ4_NL IQ4_XS Q4_K_S", "Q5_K", first) || base
      );
    if (role === "o") return rule("Q2_K", "Q3_K") || rule("IQ3_XXS", "IQ3_S") || rule("Q3_K_M IQ3_M", "Q4_K") || rule("Q3_K_L", "Q5_K") || base;
    if (role === "u") return rule("IQ3_XS", "IQ3_XXS", middle) || base;
    return role === "x" ? base : rule("IQ3_XS", "IQ3_XXS") || rule("IQ3_XXS", "IQ2_S") || base;
  };
}

/**
 * Bytes of each type in a GGUF; null where llama.cpp makes no such file.
 *
 * @param {Model} model
 * @param {string} mixture
 */
function mixed(model, mixture) {
  const { gguf, matrices = [], layers, untouched = 0 } = model;
  if (!gguf) return null;
  const base = /^Q\d_K/.exec(mixture)?.[0] ?? BASES[mixture] ?? mixture;
  const [block] = TYPES[base];
  const wanted = rules(mixture, base, model);
  const hasHead = gguf.some(([role]) => role === "h"); // if not, the embedding serves as one
  const sizes = new Map([["F32", 4 * untouched]]);
  for (const [role, row, rows, copies = 1, from = 0, beyond = layers] of [...gguf, ...matrices]) {
    for (let layer = from; layer < ("eh".includes(role) ? 1 : beyond); layer += 1) {
      let type = block === 1 ? base : wanted(role === "e" && !hasHead ? "h" : role, layer, row % block > 0, copies > 1);
      if (row % TYPES[type][0]) {
        type = SPARE[type] ?? (/^IQ.*[^L]$/.test(type) && "IQ4_NL");
        if (!type) return null;
        if (row % TYPES[type][0]) type = "F16";
      }
      const [size, bytes] = TYPES[type];
      sizes.set(type, (sizes.get(type) ?? 0) + copies * rows * (row / size) * bytes);
    }
  }
  return [...sizes].filter(([, size]) => size).sort((a, b) => b[1] - a[1]);
}

/** @param {Model} model @param {string} format A key of `TILES`. */
function tiled({ parameters, matrices = [], tiles = [], layers, buffers = 0 }, format) {
  const [bits, tall, wide, beside] = TILES[format];
  if (!bits) return parameters * (format === "fp32" ? 4 : 2);
  const all = [...matrices, ...tiles];
  const experts = all.filter(([, , , copies = 1]) => copies > 1);
  let bytes = 2 * parameters + 4 * buffers;
  for (const [, row, rows, copies = 1, from = 0, beyond = layers] of format === "mxfp4" && experts.length ? experts : all) {
    const size = rows * row;
    const count = tall ? Math.ceil(rows / tall) * Math.ceil(row / (wide || row)) : Math.ceil(size / wide);
    bytes += copies * (beyond - from) * (Math.ceil((size * bits) / 8) + Math.ceil((count * beside) / 8) - 2 * size);
  }
  return bytes;
}

/**
 * Bytes of the weights, and of each type of a GGUF, most first; null where there is no such file.
 *
 * @param {Model} model
 * @param {string} format
 */
export function weightBytes(model, format) {
  if (TILES[format]) return { bytes: tiled(model, format), types: [] };
  const types = mixed(model, format.toUpperCase());
  return types && { bytes: types.reduce((sum, [, size]) => sum + size, 0), types };
}

/**
 * Bytes of the parts; null where there is no such file.
 *
 * @param {Model} model
 * @param {Case} of
 */
export function estimate(model, { format, context, batch, cached, states }) {
  const [T, B] = [context, batch].map(BigInt);
  if (states) {
    const [weights, optimizer] = states.map((one) => BigInt(one * model.parameters));
    return { weights, cache: 0n, activations: T * B * BigInt(model.kept), optimizer, types: [] };
  }
  const found = weightBytes(model, format);
  if (!found) return null;
  const [bytes, numbers] = cached.map(BigInt);
  let values = 0n;
  for (const [count, window = Infinity] of model.cache ?? []) values += BigInt(count) * BigInt(Math.min(context, window - 1));
  return {
    weights: BigInt(found.bytes),
    cache: (values * B * bytes + numbers - 1n) / numbers,
    activations: B * BigInt(Math.min(context, 512) * model.flow + model.logits),
    optimizer: 0n,
    types: found.types,
  };
}

/** The popular formula, rounded half to even. @param {number} parameters @param {number} bits */
export function classicBytes(parameters, bits) {
  const [whole, rest] = [Math.floor((parameters * 3 * bits) / 20), (parameters * 3 * bits) % 20];
  return rest > 10 || (rest === 10 && whole % 2) ? whole + 1 : whole;
}
