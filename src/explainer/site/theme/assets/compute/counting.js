// @ts-check
/**
 * Parameters of a model from its configuration, as `explainer.architectures` counts them: every
 * family that it knows, integers of any size, the same checks of each key.
 *
 * @typedef {import("./reading.js").Config} Config The object of a `config.json`.
 *
 * @typedef {import("./families.js").Family} Family
 *
 * @typedef {{layers: bigint, E: bigint, used: bigint, F: bigint, shared?: bigint, gate?: boolean,
 *   stacked?: boolean, correction?: boolean}} Experts Layers that have them, how many, how many a
 *   token uses, hidden width; that of the shared ones; a gate; biases; a buffer of the router.
 * @typedef {(fields: Fields, layers: bigint) => Experts | null} Reader
 *
 * @typedef {object} Count
 * @property {bigint} total Tied weights once, buffers not counted.
 * @property {bigint} active What one token uses, both tables of tokens included.
 * @property {bigint} without_input The same without the table at the entrance, unless it is tied.
 * @property {bigint} without_tables Without both.
 * @property {Record<string, bigint>} components
 * @property {Record<string, bigint>} kinds Buffers stand beside the total.
 * @property {boolean | null} tied Null for a model without a head.
 * @property {string[]} notes What is left out: `vision`, `prediction`.
 * @property {Config} decisive The configuration without what does not matter here.
 */

import { Fields, decisive, inside, isSomething } from "./configuration.js";
import { BART, BERT, DECODERS, GPT2 } from "./families.js";
import { COMPONENTS, isObject, isWhole, refuse, shown } from "./reading.js";

export { parse, written } from "./reading.js";

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
  const isList = Array.isArray(dense) && dense.every(isWhole);
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

export const READERS = { mixtral, olmoe, gptOss, qwen, qwenShared, deepseek: deepseek(false), corrected: deepseek(true) };

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
  tally.experts = family.experts ? READERS[family.experts](fields, L) : null;
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
  const head = fields.className() || "BertModel";
  if (!/^Bert(Model|ForMaskedLM|ForPreTraining)$/.test(head)) refuse("heads", { key: "architectures", value: shown(head) });
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
  const family = typeof type === "string" && Object.hasOwn(DECODERS, type) ? DECODERS[type] : null;
  const defaults = family?.defaults ?? { gpt2: GPT2, bert: BERT, bart: BART, mbart: BART }[String(type)];
  const fields = new Fields(values, defaults ?? {}, nested);
  if (family) decoder(tally, fields, family);
  else if (type === "gpt2") gpt2(tally, fields);
  else if (type === "bert") bert(tally, fields);
  else if (type === "bart" || type === "mbart") bart(tally, fields, type === "mbart");
  else refuse("unknown", { key: "model_type", value: shown(type) });
  const notes = [];
  if (isObject(config.vision_config)) notes.push("vision");
  if (isSomething(config.num_nextn_predict_layers)) notes.push("prediction");
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
    without_input: tied ? active : active - embedding,
    without_tables: active - embedding - head,
  };
}
