// @ts-check
/**
 * What the tensors of a model file are, and how many parameters they stand for, as
 * `explainer.checkpoints` tells it from their types and neighbours.
 *
 * @typedef {object} Tensor
 * @property {string} name
 * @property {string} shape In NumPy's order, (out, in), as text.
 * @property {string} type
 * @property {number} offset First byte, counted from the start of the file.
 * @property {number} bytes
 * @property {number} elements Stored ones, which packing makes fewer than the parameters.
 *
 * @typedef {{tensors: number, parameters: number, bytes: number}} TypeTotal
 *
 * @typedef {object} Summary
 * @property {number} tensors
 * @property {number} tensorBytes
 * @property {number} parameters
 * @property {number} parameterBytes Constants that decode them included, buffers not.
 * @property {Record<string, number>} kinds
 * @property {Record<string, number>} components
 * @property {Record<string, TypeTotal>} types The one with the most bytes first.
 * @property {string[] | null} apart Head and embedding that look alike and are both counted.
 *
 * @typedef {object} Hints What names and shapes alone do not tell.
 * @property {Map<string, number>} [declared] Parameters that the file states, by packed tensor.
 * @property {Record<string, any>} [config] The model's `config.json`.
 */

import { layerOf, meaning } from "./names.js";
import { COMPONENTS, isObject, refuse } from "./reading.js";

const CONSTANTS = "constants";

// --- Packing ---

const NARROW = "U8 I8 I32 U32 F8_E4M3 F8_E5M2 F8_E4M3FNUZ F8_E5M2FNUZ F4".split(" ");
const BLOCKS = ["NVFP4", "TQ1_0", "TQ2_0", "MXFP4"];
const WORDS = ["I32", "U32"];
const DECODES = new Map([
  ["qzeros", ["qweight"]],
  ["g_idx", ["qweight"]],
  ["scales", ["qweight", "blocks"]],
  ["SCB", ["weight"]],
  ["weight_format", ["weight"]],
]);
for (const suffix of "scale scale_inv scale_2 zero_point shape g_idx global_scale".split(" ")) DECODES.set(`weight_${suffix}`, ["weight", "weight_packed"]);
for (const side of ["input", "output"]) {
  for (const suffix of ["scale", "zero_point"]) DECODES.set(`${side}_${suffix}`, ["weight", "weight_packed"]);
}
DECODES.set("input_global_scale", ["weight", "weight_packed"]);

/** @param {string} name What stands before its last point, and after. */
function split(name) {
  const at = name.lastIndexOf(".");
  return at < 0 ? ["", name] : [name.slice(0, at), name.slice(at + 1)];
}

/**
 * Whether a tensor only serves to decode its neighbours.
 *
 * @param {Tensor} tensor
 * @param {Map<string, Tensor>} all
 */
function isConstant(tensor, all) {
  const [base, leaf] = split(tensor.name);
  if (DECODES.get(leaf)?.some((neighbour) => all.has(`${base}.${neighbour}`))) return true;
  if (["scales", "biases", "scale", "input_scale"].includes(leaf)) {
    const type = all.get(`${base}.weight`)?.type ?? "";
    return leaf === "scales" || leaf === "biases" ? type === "U32" : NARROW.includes(type) || BLOCKS.includes(type);
  }
  if (/\.(k|v|q|prob_output)_(scale|zero_point)$/.test(tensor.name)) return tensor.elements === 1;
  const ofBytes = tensor.name.match(/^(.*)\.(absmax|quant_map|nested_absmax|nested_quant_map|quant_state\.\w+)$/);
  if (ofBytes) return all.has(ofBytes[1]);
  const fused = leaf.includes("scale") && tensor.name.match(/^(.*?)(_scales|(_weight|_input)?_scale(_inv|_2)?)$/);
  if (!fused) return false;
  return NARROW.includes((all.get(`${fused[1]}_blocks`) ?? all.get(fused[1]))?.type ?? "");
}

/**
 * How many parameters a tensor stands for that is no constant.
 *
 * @param {Tensor} tensor
 * @param {Map<string, Tensor>} all
 * @param {Hints} hints
 */
function parametersOf(tensor, all, { declared, config }) {
  const [base, leaf] = split(tensor.name);
  const stated = declared?.get(tensor.name);
  if (stated !== undefined) return checked(tensor, stated);
  const bits = () => statedBits(base, config);
  if (leaf === "qweight" && WORDS.includes(tensor.type)) return unpacked(tensor, wordBits(base, all) ?? bits());
  if (leaf === "weight_packed" && WORDS.includes(tensor.type)) return unpacked(tensor, bits());
  if (leaf === "weight" && tensor.type === "U32" && all.has(`${base}.scales`)) return unpacked(tensor, bits());
  return holdsPairs(tensor, base, leaf, all) ? 2 * tensor.bytes : tensor.elements;
}

/** @param {Tensor} tensor @param {string} base @param {string} leaf @param {Map<string, Tensor>} all */
function holdsPairs(tensor, base, leaf, all) {
  if (all.has(`${tensor.name}.absmax`)) return true;
  if (tensor.type !== "U8") return false;
  if (leaf === "weight_packed" || (leaf === "blocks" && all.has(`${base}.scales`))) return true;
  if (tensor.name.endsWith("_blocks") && all.has(`${tensor.name.slice(0, -7)}_scales`)) return true;
  const scale = leaf === "weight" ? all.get(`${base}.weight_scale`) : undefined;
  // NVFP4 shares a scale among 16, MXFP4 among 32; plain int8 never has so many scales.
  return scale !== undefined && [16, 32].some((shared) => 2 * tensor.elements === shared * scale.elements);
}

/** @param {string} base @param {Map<string, Tensor>} all Zero points are packed as weights are, scales are not. */
function wordBits(base, all) {
  const [zeros, scales] = [all.get(`${base}.qzeros`), all.get(`${base}.scales`)];
  const bits = zeros && scales?.elements ? (32 * zeros.elements) / scales.elements : 0;
  return [2, 3, 4, 8].includes(bits) ? bits : null;
}

/** @param {string} base @param {Record<string, any>} [config] */
function statedBits(base, config) {
  const mlx = config?.quantization;
  if (isObject(mlx)) return width((Object.hasOwn(mlx, base) && isObject(mlx[base]) ? mlx[base] : mlx).bits);
  const stated = config?.quantization_config;
  if (!isObject(stated)) return null;
  if (!isObject(stated.config_groups)) return width(stated.bits);
  const groups = Object.values(stated.config_groups).filter(isObject);
  const widths = new Set(groups.map(({ weights }) => width(weights?.num_bits)));
  return widths.size === 1 ? [...widths][0] : null;
}

/** @param {any} value @returns {number | null} */
const width = (value) => (Number.isInteger(value) && value >= 1 && value <= 16 ? value : null);

/** @param {Tensor} tensor @param {number | null} bits */
function unpacked(tensor, bits) {
  return bits === null ? refuse("packed", { key: tensor.name }) : checked(tensor, Math.floor((32 * tensor.elements) / bits));
}

/** @param {Tensor} tensor @param {number} parameters Each then takes between one and 32 bits. */
function checked(tensor, parameters) {
  const bits = 8 * tensor.bytes;
  const fits = parameters <= bits && bits <= 32 * parameters + 32 * 32;
  return fits ? parameters : refuse("odd", { key: tensor.name, value: parameters });
}

// --- The whole ---

/**
 * Adds up the tensors of one model's files.
 *
 * @param {Tensor[][]} files
 * @param {Hints} hints
 * @returns {Summary}
 * @throws {import("./reading.js").Refusal} If a name stands twice, or a packing cannot be told.
 */
export function summarize(files, hints = {}) {
  /** @type {Map<string, Tensor>} */
  const all = new Map();
  for (const tensor of files.flat()) {
    if (all.has(tensor.name)) refuse("twice", { key: tensor.name });
    all.set(tensor.name, tensor);
  }
  const extra = new Set([...all.keys()].filter((name) => name.includes(".eh_proj.")).map(layerOf));
  extra.delete("");
  /** @type {Summary} */
  const found = {
    ...{ tensors: all.size, tensorBytes: 0, parameters: 0, parameterBytes: 0, apart: null },
    kinds: { weights: 0, biases: 0, gains: 0, buffers: 0 },
    components: Object.fromEntries(COMPONENTS.map((name) => [name, 0])),
    types: {},
  };
  /** @type {Record<string, Tensor[]>} */
  const tables = { head: [], embedding: [] };
  for (const tensor of all.values()) {
    const said = meaning(tensor.name, tensor.shape.split(",").filter(Boolean).length);
    const component = extra.size && extra.has(layerOf(tensor.name)) ? "multi_token_prediction" : said.component;
    const kind = isConstant(tensor, all) ? CONSTANTS : said.kind;
    const parameters = kind === "buffers" || kind === CONSTANTS ? 0 : parametersOf(tensor, all, hints);
    if (kind !== CONSTANTS) found.kinds[kind] += kind === "buffers" ? tensor.elements : parameters;
    if (kind === "weights") tables[component]?.push(tensor);
    if (kind !== "buffers") found.parameterBytes += tensor.bytes;
    found.components[component] += parameters;
    found.parameters += parameters;
    found.tensorBytes += tensor.bytes;
    const total = (found.types[tensor.type] ??= { tensors: 0, parameters: 0, bytes: 0 });
    total.tensors += 1;
    total.parameters += parameters;
    total.bytes += tensor.bytes;
  }
  found.components = Object.fromEntries(Object.entries(found.components).filter(([, count]) => count));
  found.types = Object.fromEntries(Object.entries(found.types).sort(([a, one], [b, other]) => other.bytes - one.bytes || (a < b ? -1 : 1)));
  for (const head of tables.head) {
    const twin = tables.embedding.find(({ shape, type }) => shape === head.shape && type === head.type);
    if (twin) found.apart ??= [head.name, twin.name];
  }
  return found;
}

/**
 * Tells by its first bytes what a file is.
 *
 * @param {Uint8Array} head Its first 512 bytes, or all.
 * @param {string} name
 * @returns {"gguf" | "safetensors" | "json"}
 */
export function recognise(head, name) {
  const text = String.fromCharCode(...head.subarray(0, 512));
  const suffix = name.match(/\.\w+$/)?.[0].toLowerCase() ?? "";
  if (!text) refuse("empty", {});
  if (text.startsWith("GGUF")) return "gguf";
  // A length below 4 GiB, and a brace. First, as a length of 640 begins like a pickle.
  if (/^[^]{4}\0{4}\{/.test(text)) return "safetensors";
  if (/^(PK\x03\x04|PK\x05\x06|\x80[\x02-\x05])/.test(text)) refuse("pickle", {});
  if (text.startsWith("version https://git-lfs")) refuse("pointer", {});
  if (/^(\x89HDF|\x1f\x8b|7z\xbc\xaf|\x93NUMPY|(lm|tj|fm)gg)/.test(text)) refuse("noModel", {});
  const start = text.replace(/^[\xef\xbb\xbf \t\r\n]+/, "");
  if (/^<(!doctype|html|head|\?xml|!--)/i.test(start)) refuse("page", {});
  if (suffix === ".json") return "json";
  if (text.length > 8 && (text[8] === "{" || suffix === ".safetensors")) return "safetensors";
  if (/^\.(pt|pth|bin|ckpt|pkl|pickle)$/.test(suffix)) refuse("pickle", {});
  return start.startsWith("{") ? "json" : refuse("noModel", {});
}
