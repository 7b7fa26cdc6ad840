// @ts-check
/**
 * The tiny GPT, every vector on the way by the names of `explainer.gpt.trace_gpt`. Sums are made
 * in float64, so the logits differ from the library's float32 by less than 1e-5.
 */

/**
 * @typedef {{ num_layers: number, num_heads: number, d_model: number, d_ff: number,
 *   vocab_size: number, context_length: number }} Config
 * @typedef {Record<string, Float32Array>} Weights By name, such as `blocks.up.weight`.
 * @typedef {Record<string, Float64Array>} Vectors By name, those of a layer as `blocks.0.up`.
 */

const EPSILON = 1e-5;

/**
 * Reads a file of one signed byte a parameter; a gain is stored as its distance from one.
 *
 * @param {Int8Array} file
 * @param {[name: string, count: number][]} layout In the order of the file.
 * @param {number} step What a byte of one means.
 * @returns {Weights}
 */
export function readWeights(file, layout, step) {
  /** @type {Weights} */
  const weights = {};
  let start = 0;
  for (const [name, count] of layout) {
    const base = name.endsWith(".gain") ? 1 : 0;
    weights[name] = Float32Array.from(file.subarray(start, (start += count)), (byte) => base + byte * step);
  }
  return weights;
}

/**
 * Rows of `width` numbers, each put through `change`.
 *
 * @param {Float64Array} x
 * @param {number} width
 * @param {(row: Float64Array, at: number) => Float64Array} change
 */
function byRow(x, width, change) {
  const rows = Array.from({ length: x.length / width }, (_, at) =>
    change(x.subarray(at * width, (at + 1) * width), at),
  );
  const out = new Float64Array(rows.length * rows[0].length);
  rows.forEach((row, at) => out.set(row, at * row.length));
  return out;
}

/**
 * @param {number} length
 * @param {(at: number) => number} value
 */
function vector(length, value) {
  const out = new Float64Array(length);
  for (let at = 0; at < length; at += 1) out[at] = value(at);
  return out;
}

/**
 * The product of the numbers of `a` with those of `b` from a place on, added up.
 *
 * @param {Float64Array} a
 * @param {Float64Array | Float32Array} b
 * @param {number} start
 */
function dot(a, b, start = 0) {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += a[at] * b[start + at];
  return sum;
}

/** @param {Float64Array} x @param {Float32Array} weight @param {Float32Array} bias */
function linear(x, weight, bias) {
  const width = weight.length / bias.length;
  return byRow(x, width, (row) => vector(bias.length, (out) => dot(row, weight, out * width) + bias[out]));
}

/** @param {Float64Array} x @param {Float32Array} gain @param {Float32Array} bias */
function layerNorm(x, gain, bias) {
  const width = gain.length;
  return byRow(x, width, (row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    const centred = row.map((value) => value - mean);
    const deviation = Math.sqrt(dot(centred, centred) / width + EPSILON);
    return centred.map((value, at) => (gain[at] * value) / deviation + bias[at]);
  });
}

/** @param {Float64Array} scores */
function softmax(scores) {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/** @param {number} x The tanh form. */
const gelu = (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));

/** @param {Float64Array} a @param {Float64Array} b */
const sum = (a, b) => a.map((value, at) => value + b[at]);

/**
 * Cuts queries, keys and values apart, each [head, place, number].
 *
 * @param {Float64Array} qkv Of each place: queries, keys, values; in each of them head after head.
 * @param {number} T
 * @param {Config} config
 */
const apart = (qkv, T, { d_model: D, num_heads: N }) =>
  [0, 1, 2].map((which) =>
    vector(T * D, (at) => {
      const H = D / N;
      const [head, place] = [Math.floor(at / (T * H)), Math.floor(at / H) % T];
      return qkv[place * 3 * D + which * D + head * H + (at % H)];
    }),
  );

/**
 * @param {Float64Array} x The residual stream that enters, [place, number].
 * @param {(name: string) => Float32Array} own The layer's parameters.
 * @param {number} T
 * @param {Config} config
 * @returns {Vectors}
 */
function block(x, own, T, config) {
  const { d_model: D, num_heads: N } = config;
  const H = D / N;
  /** @param {string} name @param {Float64Array} input */
  const layer = (name, input) => linear(input, own(`${name}.weight`), own(`${name}.bias`));
  /** @param {string} name @param {Float64Array} input */
  const norm = (name, input) => layerNorm(input, own(`${name}.gain`), own(`${name}.bias`));
  const ln_attention = norm("ln_attention", x);
  const [query, key, value] = apart(layer("qkv", ln_attention), T, config);
  const scores = byRow(query, H, (q, row) => {
    const head = row - (row % T); // where its keys begin
    return vector(T, (s) => dot(q, key, (head + s) * H) / Math.sqrt(H));
  });
  const attention = byRow(scores, T, (row, at) => {
    const seen = new Float64Array(T); // nothing of what comes later
    seen.set(softmax(row.subarray(0, (at % T) + 1)));
    return seen;
  });
  const mix = vector(T * D, (at) => {
    const head = Math.floor((at % D) / H) * T;
    const shares = attention.subarray((head + Math.floor(at / D)) * T).subarray(0, T);
    return shares.reduce((sum, share, s) => sum + share * value[(head + s) * H + (at % H)], 0);
  });
  const projection = layer("projection", mix);
  const residual_attention = sum(x, projection);
  const ln_mlp = norm("ln_mlp", residual_attention);
  const up = layer("up", ln_mlp);
  const bent = up.map(gelu);
  const down = layer("down", bent);
  const residual = sum(residual_attention, down);
  return {
    ln_attention, query, key, value, scores, attention, mix, projection, residual_attention, ln_mlp,
    up, gelu: bent, down, residual,
  };
}

/**
 * Runs the model on one text and keeps every vector.
 *
 * @param {Weights} weights
 * @param {number[]} tokens
 * @param {Config} config
 * @returns {Vectors}
 */
export function trace(weights, tokens, config) {
  const { d_model: D, num_layers: L, vocab_size: V } = config;
  const table = weights["token_embedding"];
  const token = byRow(Float64Array.from(tokens), 1, ([id]) => Float64Array.from(table.subarray(id * D, (id + 1) * D)));
  const position = Float64Array.from(weights["position_embedding"].subarray(0, token.length));
  /** @type {Float64Array} */
  let residual = sum(token, position);
  /** @type {Vectors} */
  const seen = { token, position, residual };
  for (let at = 0; at < L; at += 1) {
    /** @param {string} name */
    const own = (name) => {
      const all = weights[`blocks.${name}`]; // those of every layer
      return all.subarray((at * all.length) / L, ((at + 1) * all.length) / L);
    };
    const found = block(residual, own, tokens.length, config);
    for (const [name, numbers] of Object.entries(found)) seen[`blocks.${at}.${name}`] = numbers;
    residual = found["residual"];
  }
  const ln_final = layerNorm(residual, weights["ln_final.gain"], weights["ln_final.bias"]);
  const logits = byRow(ln_final, D, (row) => vector(V, (v) => dot(row, table, v * D)));
  return { ...seen, ln_final, logits, probabilities: byRow(logits, V, softmax) };
}

/**
 * The token of largest logit at the end of a text; of equals the first.
 *
 * @param {Vectors} vectors
 * @param {Config} config
 */
export function nextToken({ logits }, { vocab_size: V }) {
  const last = logits.subarray(-V);
  return last.indexOf(Math.max(...last));
}
