// @ts-check
/**
 * What a tensor's name says, as `explainer.checkpoints.names` reads it: Hugging Face's names, those
 * of the original releases, and GGUF's.
 */

const BUFFERS =
  /(^|\.)(position_ids|token_type_ids|inv_freq|masked_bias|num_batches_tracked|running_mean|running_var|e_score_correction_bias|exp_probs_b(\.bias|\.weight)?|final_logits_bias|rope_freqs\.weight|rope_factors_(long|short)\.weight|(cos|sin)_cached|relative_position_index)$/;
// GPT-2 and GPT-NeoX once stored their causal mask as `attn.bias`, of four dimensions.
const CAUSAL_MASK = /(^|\.)(attn|attention|self_attn)\.bias$/;
const BIASES = /(^|[._])(bias|beta|sinks)$|(^|\.)attn_sinks(\.weight)?$/;
const GAINS = /(^|\.)(gamma|layer_?scale\w*)$/;

/** @type {[string, RegExp][]} The first that fits. */
const RULES = [
  ["head", /(^|\.)embed_out(\.|$)/],
  ["multi_token_prediction", /(^|\.)(mtp|nextn)\./i],
  ["other", /(^|\.)(vision\w*|visual|audio\w*|multi_modal_projector)\.|^(v|mm)\./i],
  ["norm", /(^|\.|_)(\w*norm\w*|ln|ln_\w+|\w+_ln)(\.0)?(\.(weight|bias|scale|gamma|beta))?$/i],
  ["router", /(^|\.)(router\w*|e_score_correction_bias|ffn_gate_inp\w*|exp_probs_b)(\.|$)/i],
  ["router", /(mlp|moe|block_sparse_moe|ffn|feed_forward)\.(shared_expert_)?gate(\.\w+)?$/i],
  ["shared_experts", /shared_expert|_shexp(\.|$)/i],
  ["experts", /(^|\.)experts(\.|_|$)|_exps(\.|$)|mlp\.mlp0_(weight|bias)/i],
  ["experts", /ffn_(gate|up|down)\.0\./i],
  [
    "embedding",
    /(^|\.)(wte|wpe|shared|embed_\w+|token_embd|position_embd|token_types|embeddings?|\w+_embeddings?|\w+_token_embd)(\.|$)/i,
  ],
  [
    "head",
    /(^|\.)(lm_head|embed_out|unembedding|score|classifier|cls|qa_outputs|final_logits_bias|vocab_(transform|projector)|pooler|head)(\.|$)|^output(\.|$)/i,
  ],
  ["attention", /attn|attention|(^|\.)([qkvo]_proj|w[qkvo]|qkv(_proj)?|sinks)(\.|$)/i],
  [
    "feed_forward",
    /(^|\.)(mlp|ffn\w*|feed_forward|intermediate|fc0|w0|lin0|output|(gate|up|down|gate_up)_proj|\w*dense\w*)(\.|$)/i,
  ],
];

/** @param {string} name With its numbers all written 0. */
const componentOfPattern = (name) => RULES.find(([, rule]) => rule.test(name))?.[0] ?? "other";

/**
 * What a tensor's name says: component and kind.
 *
 * @param {string} name
 * @param {number} dimensions
 */
export function meaning(name, dimensions) {
  const pattern = name.replace(/\d+/g, "0");
  const component = componentOfPattern(pattern);
  if (BUFFERS.test(pattern) || (dimensions === 4 && CAUSAL_MASK.test(pattern))) return { component, kind: "buffers" };
  if (BIASES.test(pattern)) return { component, kind: "biases" };
  return { component, kind: GAINS.test(pattern) || component === "norm" ? "gains" : "weights" };
}

/** @param {string} name Up to and with its layer's number. */
export const layerOf = (name) => name.match(/^.*?(?:layers|blk|block|h)\.\d+\./)?.[0] ?? "";
