// @ts-check
/**
 * Parameters of a model from its configuration, as `explainer.architectures` counts them: every
 * family that it knows, integers of any size, the same checks of each key.
 *
 * @typedef {import("./configuration.js").Config} Config The object of a `config.json`.
 * @typedef {import("./configuration.js").Switch} Switch
 *
 * @typedef {object} Family How the layers of a family differ from those of Llama.
 * @property {Config} defaults What `transformers` assumes for keys that are left out.
 * @property {Switch} [qkv] Biases of queries, keys and values.
 * @property {Switch} [output] Of the attention's output.
 * @property {Switch} [hidden] Of the feed-forward layer.
 * @property {"head" | "all"} [normed] Queries and keys: one gain vector for all heads, or all apart.
 * @property {string} [normedBy] The key that switches this norm on.
 * @property {boolean} [normedBias]
 * @property {boolean} [sinks]
 * @property {boolean} [plain] No gate in the feed-forward layer.
 * @property {number} [norms] Of a layer; two, unless given.
 * @property {string} [oneNormBy] The key that leaves only the first.
 * @property {boolean} [normBias]
 * @property {boolean} [endless] No norm after the last layer.
 * @property {boolean} [headBias]
 * @property {boolean} [latent] DeepSeek's attention.
 * @property {Reader} [experts]
 *
 * @typedef {{layers: bigint, E: bigint, used: bigint, F: bigint, shared?: bigint, gate?: boolean,
 *   stacked?: boolean, correction?: boolean}} Experts Layers that have them, how many, how many a
 *   token uses, hidden width; that of the shared ones; a gate; biases; a buffer of the router.
 * @typedef {(fields: Fields, layers: bigint) => Experts | null} Reader
 *
 * @typedef {object} Count
 * @property {bigint} total Tied weights once, buffers not counted.
 * @property {bigint} active What one token uses, both tables of tokens included.
 * @property {bigint} withoutInput The same without the table at the entrance, unless it is tied.
 * @property {bigint} withoutTables Without both.
 * @property {Record<string, bigint>} components
 * @property {Record<string, bigint>} kinds Buffers stand beside the total.
 * @property {boolean | null} tied Null for a model without a head.
 * @property {string[]} notes What is left out: `vision`, `prediction`.
 * @property {Config} decisive The configuration without what does not matter here.
 */

import { COMPONENTS, Fields, decisive, inside, isObject, refuse, shown } from "./configuration.js";

// --- Mixtures of experts ---

/** @type {Record<string, string>} */
const OTHER_NAME = { num_local_experts: "num_experts", num_experts: "num_local_experts", n_routed_experts: "num_local_experts" };

/**
 * @param {Fields} fields
 * @param {bigint} layers
 * @param {string} countKey
 * @param {string} widthKey
 * @returns {Experts}
 */
function routed(fields, layers, countKey, widthKey) {
  const E = fields.between([countKey, OTHER_NAME[countKey]], 1, 1_000_000) ?? refuse("missing", { key: countKey });
  const used = fields.size("num_experts_per_tok", "experts_per_token");
  if (used > E) refuse("range", { key: "num_experts_per_tok", value: used, least: 1, most: E });
  return { layers, E, used, F: fields.size(widthKey) };
}

/** @type {Reader} */
const mixtral = (fields, layers) => routed(fields, layers, "num_local_experts", "intermediate_size");

/** @type {Reader} */
const olmoe = (fields, layers) => routed(fields, layers, "num_experts", "intermediate_size");

/** @type {Reader} */
const gptOss = (fields, layers) => ({ ...routed(fields, layers, "num_local_experts", "intermediate_size"), stacked: true });

/** @param {Fields} fields @param {bigint} layers @returns {Experts | null} */
function qwen(fields, layers) {
  if (fields.between(["num_experts", "num_local_experts"], 0) === 0n) return null;
  const step = Number(fields.size("decoder_sparse_step"));
  const dense = fields.get("mlp_only_layers") ?? [];
  const isList = Array.isArray(dense) && dense.every(Number.isInteger);
  if (!isList) refuse("list", { key: "mlp_only_layers", value: shown(dense) });
  const without = new Set(dense);
  let sparse = 0n;
  for (let layer = 0; layer < layers; layer += 1) if (!without.has(layer) && (layer + 1) % step === 0) sparse += 1n;
  return routed(fields, sparse, "num_experts", "moe_intermediate_size");
}

/** @param {Fields} fields @param {bigint} layers @returns {Experts | null} */
function qwenShared(fields, layers) {
  const experts = qwen(fields, layers);
  return experts && { ...experts, shared: fields.size("shared_expert_intermediate_size"), gate: true };
}

/** @param {boolean} correction @returns {Reader} */
const deepseek = (correction) => (fields, layers) => {
  if (!fields.between(["n_routed_experts", "num_local_experts"], 0)) return null;
  const frequency = fields.optional("moe_layer_freq");
  if (frequency !== null) fields.want("moe_layer_freq", Number(frequency), 1);
  const first = fields.between(["first_k_dense_replace"], 0) ?? refuse("missing", { key: "first_k_dense_replace" });
  const experts = routed(fields, layers > first ? layers - first : 0n, "n_routed_experts", "moe_intermediate_size");
  return { ...experts, shared: (fields.between(["n_shared_experts"], 0) ?? 0n) * experts.F, correction };
};

// --- The families ---

/**
 * @param {number} V
 * @param {number} D
 * @param {number} F
 * @param {number} L
 * @param {number} N
 * @param {number | null} K
 * @param {Config} more
 */
const sizes = (V, D, F, L, N, K = null, more = {}) => ({
  vocab_size: V,
  hidden_size: D,
  intermediate_size: F,
  num_hidden_layers: L,
  num_attention_heads: N,
  num_key_value_heads: K,
  ...more,
});

/** @type {{qkv: string, output: string}} */
const BIASED = { qkv: "attention_bias", output: "attention_bias" };
const MLP = { ...BIASED, hidden: "mlp_bias" };
const ALL = { qkv: "use_bias", output: "use_bias", hidden: "use_bias" };
const TIED = { tie_word_embeddings: true };
const RANKS = { q_lora_rank: 1536, kv_lora_rank: 512, qk_nope_head_dim: 128, v_head_dim: 128, qk_rope_head_dim: 64 };
const GLM = sizes(151552, 4096, 13696, 40, 32, 2, { head_dim: 128, attention_bias: true });
const LLAMA = sizes(32000, 4096, 11008, 32, 32);
const MISTRAL = sizes(32000, 4096, 14336, 32, 32, 8);
const OLMO = sizes(50304, 4096, 11008, 32, 32);
/** @type {Family} */
const OLMO2 = { defaults: OLMO, normed: "all", ...BIASED };
/** @type {Family} */
const DEEPSEEK = {
  defaults: sizes(129280, 7168, 18432, 61, 128, null, {
    ...RANKS,
    ...{ n_shared_experts: 1, first_k_dense_replace: 3, moe_intermediate_size: 2048 },
    ...{ n_routed_experts: 256, num_experts_per_tok: 8 },
  }),
  latent: true,
  experts: deepseek(true),
};

/** @type {Record<string, Family>} */
const DECODERS = {
  llama: { defaults: LLAMA, ...MLP },
  mistral: { defaults: MISTRAL },
  ministral: { defaults: MISTRAL },
  ministral3: { defaults: sizes(131072, 4096, 14336, 34, 32, 8, { head_dim: 128 }) },
  mixtral: { defaults: { ...MISTRAL, num_local_experts: 8, num_experts_per_tok: 2 }, experts: mixtral },
  qwen2: { defaults: sizes(151936, 4096, 22016, 32, 32, 32), qkv: true },
  qwen2_moe: {
    defaults: sizes(151936, 2048, 5632, 24, 16, 16, {
      ...{ qkv_bias: true, num_experts: 60, decoder_sparse_step: 1, moe_intermediate_size: 1408 },
      ...{ num_experts_per_tok: 4, shared_expert_intermediate_size: 5632 },
    }),
    qkv: "qkv_bias",
    experts: qwenShared,
  },
  qwen3: { defaults: sizes(151936, 4096, 22016, 32, 32, 32, { head_dim: 128 }), normed: "head", ...BIASED },
  qwen3_moe: {
    defaults: sizes(151936, 2048, 6144, 24, 32, 4, {
      ...{ num_experts: 128, moe_intermediate_size: 768, decoder_sparse_step: 1, num_experts_per_tok: 8 },
    }),
    normed: "head",
    experts: qwen,
    ...BIASED,
  },
  gemma: { defaults: sizes(256000, 3072, 24576, 28, 16, 16, { head_dim: 256, ...TIED }), ...BIASED },
  gemma2: { defaults: sizes(256000, 2304, 9216, 26, 8, 4, { head_dim: 256, ...TIED }), norms: 4, ...BIASED },
  gemma3_text: { defaults: sizes(262208, 2304, 9216, 26, 8, 4, { head_dim: 256, ...TIED }), norms: 4, normed: "head", ...BIASED },
  phi: {
    defaults: sizes(51200, 2048, 8192, 24, 32),
    ...{ qkv: true, output: true, hidden: true, plain: true },
    ...{ normed: "head", normedBy: "qk_layernorm", normedBias: true, norms: 1, normBias: true, headBias: true },
  },
  phi3: { defaults: sizes(32064, 3072, 8192, 32, 32) },
  gpt_oss: {
    defaults: sizes(201088, 2880, 2880, 36, 64, 8, { head_dim: 64, attention_bias: true, num_local_experts: 128, num_experts_per_tok: 4 }),
    sinks: true,
    experts: gptOss,
    ...BIASED,
  },
  deepseek_v2: {
    defaults: sizes(102400, 4096, 11008, 32, 32, null, {
      ...RANKS,
      ...{ n_shared_experts: 2, first_k_dense_replace: 0, moe_intermediate_size: 1407, n_routed_experts: 64 },
    }),
    latent: true,
    experts: deepseek(false),
  },
  deepseek_v3: DEEPSEEK,
  kimi_k2: DEEPSEEK,
  smollm3: { defaults: sizes(128256, 2048, 11008, 36, 16, 4, TIED), ...MLP },
  olmo: { defaults: OLMO, norms: 0, endless: true, ...BIASED },
  olmo2: OLMO2,
  olmo3: OLMO2,
  olmoe: {
    defaults: sizes(50304, 2048, 2048, 16, 16, null, { num_experts: 64, num_experts_per_tok: 8 }),
    normed: "all",
    experts: olmoe,
    ...BIASED,
  },
  granite: { defaults: LLAMA, ...MLP },
  stablelm: {
    defaults: sizes(50304, 2560, 6912, 32, 32, 32),
    ...{ qkv: "use_qkv_bias", normed: "all", normedBy: "qk_layernorm", normBias: true, oneNormBy: "use_parallel_residual" },
  },
  starcoder2: { defaults: sizes(49152, 3072, 12288, 30, 24, 2, { use_bias: true, ...TIED }), plain: true, normBias: true, ...ALL },
  cohere: { defaults: sizes(256000, 8192, 22528, 40, 64, null, TIED), norms: 1, normed: "all", normedBy: "use_qk_norm", ...BIASED },
  cohere2: { defaults: sizes(256000, 8192, 22528, 40, 64, null, TIED), norms: 1, ...BIASED },
  glm: { defaults: GLM, qkv: "attention_bias" },
  glm4: { defaults: GLM, qkv: "attention_bias", norms: 4 },
  glm4_moe: {
    defaults: sizes(151552, 4096, 10944, 46, 96, 8, {
      ...{ n_shared_experts: 1, first_k_dense_replace: 1, moe_intermediate_size: 1408 },
      ...{ n_routed_experts: 128, num_experts_per_tok: 8 },
    }),
    ...{ qkv: "attention_bias", normed: "head", normedBy: "use_qk_norm", experts: deepseek(true) },
  },
  ernie4_5: { defaults: sizes(103424, 1024, 3072, 18, 16, 2, { head_dim: 128, ...TIED }), ...ALL },
};

const GPT2 = { vocab_size: 50257, n_positions: 1024, n_embd: 768, n_layer: 12, n_head: 12, ...TIED };
const BERT = { ...sizes(30522, 768, 3072, 12, 12), max_position_embeddings: 512, type_vocab_size: 2, ...TIED };
const BART = {
  ...{ vocab_size: 50265, d_model: 1024, max_position_embeddings: 1024, ...TIED },
  ...{ encoder_layers: 12, encoder_ffn_dim: 4096, encoder_attention_heads: 16 },
  ...{ decoder_layers: 12, decoder_ffn_dim: 4096, decoder_attention_heads: 16 },
};
// --- Adding up ---

class Tally {
  /** @type {Record<string, bigint>} */
  components = {};
  /** @type {Record<string, bigint>} */
  kinds = { weights: 0n, biases: 0n, gains: 0n, buffers: 0n };
  /** @type {boolean | null} */
  tied = null;
  /** @type {Experts | null} */
  experts = null;

  /**
   * @param {string} component
   * @param {bigint} size
   * @param {string} kind
   */
  add(component, size, kind = "weights") {
    this.kinds[kind] += size;
    if (kind !== "buffers") this.components[component] = (this.components[component] ?? 0n) + size;
  }

  /**
   * @param {string} component
   * @param {bigint} times
   * @param {bigint} inputs
   * @param {bigint} outputs
   * @param {boolean} bias
   */
  linear(component, times, inputs, outputs, bias = false) {
    this.add(component, times * inputs * outputs);
    if (bias) this.add(component, times * outputs, "biases");
  }

  /**
   * @param {bigint} width Of all norms together.
   * @param {boolean} bias
   */
  norm(width, bias = false) {
    this.add("norm", width, "gains");
    if (bias) this.add("norm", width, "biases");
  }
}

/** @param {Tally} tally @param {Fields} fields @param {Family} family @param {bigint} D @param {bigint} N @param {bigint} L */
function attention(tally, fields, family, D, N, L) {
  const K = fields.optional("num_key_value_heads") ?? N;
  fields.divided("num_attention_heads", N, "num_key_value_heads", K);
  const H = fields.optional("head_dim") ?? fields.divided("hidden_size", D, "num_attention_heads", N);
  tally.linear("attention", L, D, (N + 2n * K) * H, fields.flag(family.qkv));
  tally.linear("attention", L, N * H, D, fields.flag(family.output));
  if (family.sinks) tally.add("attention", L * N, "biases");
  const heads = family.normed === "head" ? 2n : N + K;
  if (family.normed && (!family.normedBy || fields.flag(family.normedBy))) tally.norm(L * heads * H, family.normedBias);
}

/** @param {Tally} tally @param {Fields} fields @param {bigint} D @param {bigint} N @param {bigint} L */
function latentAttention(tally, fields, D, N, L) {
  const rank = fields.optional("q_lora_rank");
  const [kv, nope, rope] = ["kv_lora_rank", "qk_nope_head_dim", "qk_rope_head_dim"].map((key) => fields.size(key));
  const value = fields.size("v_head_dim");
  const bias = fields.flag("attention_bias");
  if (rank !== null) tally.linear("attention", L, D, rank, bias);
  tally.linear("attention", L, rank ?? D, N * (nope + rope));
  tally.linear("attention", L, D, kv + rope, bias);
  tally.linear("attention", L, kv, N * (nope + value));
  tally.linear("attention", L, N * value, D, bias);
  tally.norm(L * ((rank ?? 0n) + kv));
}

/** @param {Tally} tally @param {Experts} experts @param {bigint} D */
function addExperts(tally, { layers, E, F, shared = 0n, gate, stacked, correction }, D) {
  tally.linear("router", layers, D, E, stacked);
  if (gate) tally.add("router", layers * D);
  if (correction) tally.add("router", layers * E, "buffers");
  tally.add("experts", 3n * layers * E * D * F);
  if (stacked) tally.add("experts", layers * E * (2n * F + D), "biases");
  tally.add("shared_experts", 3n * layers * D * shared);
}

/** @param {Tally} tally @param {Fields} fields @param {Family} family */
function decoder(tally, fields, family) {
  const [D, L, N] = [fields.size("hidden_size"), fields.layers("num_hidden_layers"), fields.size("num_attention_heads")];
  tally.experts = family.experts?.(fields, L) ?? null;
  const tied = fields.flag("tie_word_embeddings");
  const norms = family.oneNormBy && fields.flag(family.oneNormBy) ? 1 : family.norms ?? 2;
  const V = fields.size("vocab_size");
  tally.tied = fields.hasHead() ? tied : null;
  tally.add("embedding", V * D);
  if (family.latent) latentAttention(tally, fields, D, N, L);
  else attention(tally, fields, family, D, N, L);
  const dense = L - (tally.experts?.layers ?? 0n);
  if (dense) {
    const F = fields.size("intermediate_size");
    const bias = fields.flag(family.hidden);
    tally.linear("feed_forward", dense * (family.plain ? 1n : 2n), D, F, bias);
    tally.linear("feed_forward", dense, F, D, bias);
  }
  if (tally.experts) addExperts(tally, tally.experts, D);
  tally.norm((L * BigInt(norms) + (family.endless ? 0n : 1n)) * D, family.normBias);
  if (tally.tied === false) tally.add("head", V * D);
  if (tally.tied !== null && family.headBias) tally.add("head", V, "biases");
}

/** @param {Tally} tally @param {bigint} L @param {bigint} attentions Of a layer. @param {bigint} D @param {bigint} F */
function biased(tally, L, attentions, D, F) {
  tally.linear("attention", 4n * L * attentions, D, D, true);
  tally.linear("feed_forward", L, D, F, true);
  tally.linear("feed_forward", L, F, D, true);
  tally.norm(L * (attentions + 1n) * D, true);
}

/** @param {Tally} tally @param {Fields} fields */
function gpt2(tally, fields) {
  const [D, N] = [fields.size("n_embd", "hidden_size"), fields.size("n_head", "num_attention_heads")];
  fields.divided("n_embd", D, "n_head", N);
  fields.want("add_cross_attention", fields.flag("add_cross_attention"), false);
  const V = fields.size("vocab_size");
  tally.add("embedding", (V + fields.size("n_positions", "max_position_embeddings")) * D);
  biased(tally, fields.layers("n_layer", "num_hidden_layers"), 1n, D, fields.optional("n_inner") ?? 4n * D);
  tally.norm(D, true);
  tally.tied = fields.hasHead() ? fields.flag("tie_word_embeddings") : null;
  if (tally.tied === false) tally.add("head", V * D);
}

/** @param {Tally} tally @param {Fields} fields */
function bert(tally, fields) {
  const [D, N] = [fields.size("hidden_size"), fields.size("num_attention_heads")];
  fields.divided("hidden_size", D, "num_attention_heads", N);
  fields.want("add_cross_attention", fields.flag("add_cross_attention"), false);
  const head = fields.className() ?? "BertModel";
  if (!/^Bert(Model|ForMaskedLM|ForPreTraining)$/.test(head)) refuse("head", { key: "architectures", value: shown(head) });
  const V = fields.size("vocab_size");
  tally.add("embedding", (V + fields.size("max_position_embeddings") + fields.size("type_vocab_size")) * D);
  biased(tally, fields.layers("num_hidden_layers"), 1n, D, fields.size("intermediate_size"));
  tally.norm(D, true);
  if (head !== "BertForMaskedLM") tally.linear("head", 1n, D, D, true);
  if (head === "BertModel") return;
  tally.tied = fields.flag("tie_word_embeddings");
  tally.linear("head", 1n, D, D, true);
  tally.norm(D, true);
  tally.add("head", V, "biases");
  if (!tally.tied) tally.add("head", V * D);
  if (head === "BertForPreTraining") tally.linear("head", 1n, D, 2n, true);
}

/** @param {Tally} tally @param {Fields} fields @param {boolean} mbart */
function bart(tally, fields, mbart) {
  const D = fields.size("d_model", "hidden_size");
  for (const side of ["encoder", "decoder"]) {
    const key = `${side}_attention_heads`;
    fields.divided("d_model", D, key, fields.size(key));
    biased(tally, fields.layers(`${side}_layers`), side === "encoder" ? 1n : 2n, D, fields.size(`${side}_ffn_dim`));
  }
  fields.want("tie_word_embeddings", fields.flag("tie_word_embeddings"), true);
  const V = fields.size("vocab_size");
  tally.add("embedding", (V + 2n * (fields.size("max_position_embeddings") + 2n)) * D);
  tally.norm((mbart ? 4n : 2n) * D, true);
  tally.tied = fields.hasHead() || null;
  if (tally.tied) tally.add("head", V, "buffers");
}

/**
 * Counts a model's parameters.
 *
 * @param {Config} config
 * @returns {Count}
 * @throws {Refusal} If a key is missing, unknown or contradictory; the values name it.
 */
export function count(config) {
  const { values, nested } = inside(config);
  const type = values.model_type === "gemma3" ? "gemma3_text" : values.model_type ?? null;
  if (type === null) refuse("missing", { key: "model_type" });
  const tally = new Tally();
  const family = Object.hasOwn(DECODERS, type) ? DECODERS[type] : null;
  const defaults = family?.defaults ?? { gpt2: GPT2, bert: BERT, bart: BART, mbart: BART }[String(type)];
  const fields = new Fields(values, defaults ?? {}, nested);
  if (family) decoder(tally, fields, family);
  else if (type === "gpt2") gpt2(tally, fields);
  else if (type === "bert") bert(tally, fields);
  else if (type === "bart" || type === "mbart") bart(tally, fields, type === "mbart");
  else refuse("unknown", { key: "model_type", value: shown(type) });
  const notes = [];
  if (isObject(config.vision_config)) notes.push("vision");
  if (config.num_nextn_predict_layers) notes.push("prediction");
  return { ...totals(tally), notes, decisive: decisive(config, fields.asked) };
}

/** @param {Tally} tally */
function totals({ components: found, kinds, tied, experts }) {
  const named = COMPONENTS.filter((name) => found[name]).map((name) => /** @type {const} */ ([name, found[name]]));
  const total = kinds.weights + kinds.biases + kinds.gains;
  const routed = found.experts ?? 0n;
  const active = experts ? total - routed + (routed / experts.E) * experts.used : total;
  const { embedding, head = 0n } = found;
  return {
    ...{ total, active, components: Object.fromEntries(named), kinds, tied },
    withoutInput: tied ? active : active - embedding,
    withoutTables: active - embedding - head,
  };
}
