// @ts-check
/**
 * Reading a `config.json` key by key, as `explainer.architectures` does: each value is checked
 * where it is read, and what cannot be is refused by name.
 *
 * @typedef {import("./reading.js").Config} Config
 * @typedef {boolean | string} Switch A constant, or the key that decides.
 */

import { Real, isObject, isWhole, refuse, shown } from "./reading.js";

const LARGEST = 10 ** 9;
const MANY_LAYERS = 100_000;

/** Sizes that a configuration must write down itself, unless it is a `text_config`. */
const REQUIRED = new Set(
  `vocab_size hidden_size num_hidden_layers num_attention_heads intermediate_size moe_intermediate_size n_embd n_layer
  n_head d_model encoder_layers decoder_layers encoder_ffn_dim decoder_ffn_dim encoder_attention_heads
  decoder_attention_heads num_local_experts num_experts n_routed_experts num_experts_per_tok`.split(/\s+/),
);

/** A configuration, and what is assumed for keys that it leaves out. */
export class Fields {
  /** @type {Set<string>} Keys that were asked for. */
  asked = new Set(["model_type", "text_config"]);

  /**
   * @param {Config} values
   * @param {Record<string, any>} defaults
   * @param {boolean} nested
   */
  constructor(values, defaults, nested) {
    this.values = values;
    this.defaults = defaults;
    this.nested = nested;
  }

  /** @param {string} key */
  get(key) {
    this.asked.add(key);
    return this.values[key] ?? null;
  }

  /** @param {string[]} keys Names of one quantity. */
  size(...keys) {
    return this.between(keys, 1) ?? refuse("missing", { key: keys[0] });
  }

  /** @param {string[]} keys */
  optional(...keys) {
    return this.between(keys, 1);
  }

  /** @param {string[]} keys */
  layers(...keys) {
    return this.between(keys, 1, MANY_LAYERS) ?? refuse("missing", { key: keys[0] });
  }

  /**
   * @param {string[]} keys
   * @param {number} least
   * @param {number} most
   * @returns {bigint | null}
   */
  between(keys, least, most = LARGEST) {
    let given = keys.map((key) => [key, this.get(key)]);
    const absent = !keys.some((key) => Object.hasOwn(this.values, key));
    if (absent && (this.nested || !REQUIRED.has(keys[0]))) given = keys.map((key) => [key, this.defaults[key] ?? null]);
    given = given.filter(([, value]) => value !== null);
    for (const [key, value] of given) {
      if (!isWhole(value)) refuse("integer", { key, value: shown(value) });
      if (value < least || value > most) refuse("range", { key, value, least, most });
    }
    const other = given.find(([, value]) => value !== given[0][1]);
    if (other) refuse("disagree", { key: given[0][0], other: other[0] });
    return given.length ? BigInt(given[0][1]) : null;
  }

  /** @param {Switch} [key] A constant stands for itself. */
  flag(key = false) {
    if (typeof key === "boolean") return key;
    const value = this.get(key) ?? this.defaults[key] ?? false;
    return typeof value === "boolean" ? value : refuse("flag", { key, value: shown(value) });
  }

  /**
   * @param {string} key
   * @param {boolean | number | bigint | null} value
   * @param {boolean | number} wanted Anything else is not counted.
   */
  want(key, value, wanted) {
    if (value !== wanted) refuse("wanted", { key, value: String(value), wanted: String(wanted) });
  }

  /**
   * @param {string} key
   * @param {bigint} whole
   * @param {string} by
   * @param {bigint} parts
   */
  divided(key, whole, by, parts) {
    return whole % parts ? refuse("divisible", { key, value: whole, by, parts }) : whole / parts;
  }

  className() {
    const names = this.get("architectures");
    if (names === null || (Array.isArray(names) && !names.length)) return null;
    const isList = Array.isArray(names) && typeof names[0] === "string";
    return isList ? names[0] : refuse("list", { key: "architectures", value: shown(names) });
  }

  /** Whether there is a language-modelling head, by the name of the model's class. */
  hasHead() {
    const name = this.className();
    if (name === null || /(ForCausalLM|LMHeadModel|ForConditionalGeneration)$/.test(name)) return true;
    return name.endsWith("Model") ? false : refuse("heads", { key: "architectures", value: shown(name) });
  }
}

/** @type {Record<string, string>} Families of a `text_config` that does not name its own. */
const INNER = { gemma3: "gemma3_text", llava: "llama", llava_next: "llama" };

/**
 * The keys of a model, and whether they are those of a `text_config`.
 *
 * @param {Config} config
 */
export function inside(config) {
  const inner = config.text_config ?? null;
  if (inner === null) return { values: config, nested: false };
  if (!isObject(inner)) refuse("object", { key: "text_config", value: shown(inner) });
  const outer = ["tie_word_embeddings", "architectures"].filter((key) => (config[key] ?? null) !== null);
  const { architectures: _, ...rest } = inner;
  const type = config.model_type;
  const values = {
    model_type: typeof type === "string" && Object.hasOwn(INNER, type) ? INNER[type] : type,
    ...Object.fromEntries(outer.map((key) => [key, config[key]])),
    ...rest,
  };
  return { values, nested: true };
}

/**
 * A configuration without the keys that nobody asked for.
 *
 * @param {Config} config
 * @param {Set<string>} keys
 * @returns {Config}
 */
export function decisive(config, keys) {
  const kept = Object.entries(config).filter(([key]) => keys.has(key) || key === "vision_config" || key === "num_nextn_predict_layers");
  const short = kept.map(([key, value]) => {
    if (key === "vision_config" && isObject(value)) return [key, {}];
    return [key, key === "text_config" && isObject(value) ? decisive(value, keys) : value];
  });
  return Object.fromEntries(short);
}

/** @param {any} value Whether it is more than nothing, as Python has it. */
export function isSomething(value) {
  if (value instanceof Real) return Number(value.text) !== 0;
  return typeof value === "object" && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}
