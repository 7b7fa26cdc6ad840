// @ts-check
/**
 * What sets one family of models apart from another, as `explainer.architectures.families` has it.
 *
 * @typedef {import("./reading.js").Config} Config
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
 * @property {keyof typeof import("./counting.js").READERS} [experts] How they are read.
 */

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
  experts: "corrected",
};

/** @type {Record<string, Family>} */
export const DECODERS = {
  llama: { defaults: LLAMA, ...MLP },
  mistral: { defaults: MISTRAL },
  ministral: { defaults: MISTRAL },
  ministral3: { defaults: sizes(131072, 4096, 14336, 34, 32, 8, { head_dim: 128 }) },
  mixtral: { defaults: { ...MISTRAL, num_local_experts: 8, num_experts_per_tok: 2 }, experts: "mixtral" },
  qwen2: { defaults: sizes(151936, 4096, 22016, 32, 32, 32), qkv: true },
  qwen2_moe: {
    defaults: sizes(151936, 2048, 5632, 24, 16, 16, {
      ...{ qkv_bias: true, num_experts: 60, decoder_sparse_step: 1, moe_intermediate_size: 1408 },
      ...{ num_experts_per_tok: 4, shared_expert_intermediate_size: 5632 },
    }),
    qkv: "qkv_bias",
    experts: "qwenShared",
  },
  qwen3: { defaults: sizes(151936, 4096, 22016, 32, 32, 32, { head_dim: 128 }), normed: "head", ...BIASED },
  qwen3_moe: {
    defaults: sizes(151936, 2048, 6144, 24, 32, 4, {
      ...{ num_experts: 128, moe_intermediate_size: 768, decoder_sparse_step: 1, num_experts_per_tok: 8 },
    }),
    normed: "head",
    experts: "qwen",
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
    experts: "gptOss",
    ...BIASED,
  },
  deepseek_v2: {
    defaults: sizes(102400, 4096, 11008, 32, 32, null, {
      ...RANKS,
      ...{ n_shared_experts: 2, first_k_dense_replace: 0, moe_intermediate_size: 1407, n_routed_experts: 64 },
    }),
    latent: true,
    experts: "deepseek",
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
    experts: "olmoe",
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
    ...{ qkv: "attention_bias", normed: "head", normedBy: "use_qk_norm", experts: "corrected" },
  },
  ernie4_5: { defaults: sizes(103424, 1024, 3072, 18, 16, 2, { head_dim: 128, ...TIED }), ...ALL },
};

export const GPT2 = { vocab_size: 50257, n_positions: 1024, n_embd: 768, n_layer: 12, n_head: 12, ...TIED };
export const BERT = { ...sizes(30522, 768, 3072, 12, 12), max_position_embeddings: 512, type_vocab_size: 2, ...TIED };
export const BART = {
  ...{ vocab_size: 50265, d_model: 1024, max_position_embeddings: 1024, ...TIED },
  ...{ encoder_layers: 12, encoder_ffn_dim: 4096, encoder_attention_heads: 16 },
  ...{ decoder_layers: 12, decoder_ffn_dim: 4096, decoder_attention_heads: 16 },
};
