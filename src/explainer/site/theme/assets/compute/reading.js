// @ts-check
/**
 * JSON as the library reads it: whole numbers to the last digit and apart from all others, no key
 * twice, nothing nested without end. What cannot be read is refused by name.
 *
 * @typedef {Record<string, any>} Config The object of a `config.json`.
 */

/** Where a parameter stands, in the library's order; `other` in files alone. */
export const COMPONENTS = ["embedding", "attention", "feed_forward", "experts", "shared_experts", "router", "norm", "head", "multi_token_prediction", "other"];

const MOST_CONFIG_BYTES = 2 ** 24;
const MOST_LEVELS = 100;
/** Of one number, as Python allows. */
const MOST_DIGITS = 4300;
const NUMBER = /-?(?:0|[1-9]\d*)((?:\.\d+)?(?:[eE][-+]?\d+)?)/y;

/** What cannot be counted or read: the reason's name, and the values that its sentence wants. */
export class Refusal extends Error {
  /**
   * @param {string} reason
   * @param {Record<string, any>} values
   */
  constructor(reason, values = {}) {
    super(`${reason}: ${Object.values(values).join(", ")}`);
    this.reason = reason;
    this.values = values;
  }
}

/**
 * @param {string} reason
 * @param {Record<string, any>} values
 * @returns {never}
 */
export function refuse(reason, values = {}) {
  throw new Refusal(reason, values);
}

/** A number that is not written as a whole one: `JSON.parse` would take 4096.0 for 4096. */
export class Real {
  /** @param {string} text As it is written. */
  constructor(text) {
    this.text = text;
  }
}

/** @param {any} value */
export const isObject = (value) => typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** @param {any} value @returns {value is number | bigint} */
export const isWhole = (value) => typeof value === "bigint" || Number.isInteger(value);

/**
 * JSON of a value that was read here; with a gap, a line for each part.
 *
 * @param {any} value
 * @param {string} gap
 * @param {string} edge
 * @returns {string}
 */
export function written(value, gap = "", edge = "\n") {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Real) return value.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inside = edge + gap;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const parts = Object.entries(value).map(([key, one]) => {
    const name = open === "{" ? `${JSON.stringify(key)}:${gap && " "}` : "";
    return name + written(one, gap, inside);
  });
  return gap && parts.length ? open + inside + parts.join("," + inside) + edge + close : open + parts.join(",") + close;
}

/** @param {any} value On one line, and not too long. */
export function shown(value) {
  const text = written(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** A position in a text that only moves forward. */
export class Reader {
  at = 0;
  /** The most bytes of a string, its quotes included. */
  limit = Infinity;

  /** @param {string} text @param {boolean} constants Whether NaN and Infinity are numbers, as Python writes them. */
  constructor(text, constants = false) {
    this.text = text;
    /** @type {Record<string, any>} */
    this.words = { true: true, false: false, null: null };
    for (const name of constants ? ["NaN", "Infinity", "-Infinity"] : []) this.words[name] = new Real(name);
  }

  /** @returns {never} */
  fail() {
    return refuse("json");
  }

  space() {
    while (this.at < this.text.length && " \t\r\n".includes(this.text[this.at])) this.at += 1;
  }

  /** @param {string} part Passed over, if it comes next. */
  accept(part) {
    this.space();
    const comes = this.text.startsWith(part, this.at);
    if (comes) this.at += part.length;
    return comes;
  }

  /** @param {string} part */
  expect(part) {
    if (!this.accept(part)) this.fail();
  }

  end() {
    this.space();
    if (this.at < this.text.length) this.fail();
  }

  /** @param {number} start @param {number} most Whether what was read since takes more bytes. */
  exceeds(start, most) {
    const length = this.at - start;
    return length > most || (3 * length > most && new TextEncoder().encode(this.text.slice(start, this.at)).length > most);
  }

  /** @returns {string} */
  string() {
    this.space();
    const start = this.at;
    if (this.text[start] !== '"') this.fail();
    let [end, before] = [start, start];
    do {
      end = this.text.indexOf('"', end + 1);
      if (end < 0) this.fail();
      for (before = end - 1; this.text[before] === "\\"; ) before -= 1;
    } while ((end - before) % 2 === 0); // an odd number of backslashes: it is no end
    this.at = end + 1;
    if (this.exceeds(start, this.limit)) this.fail();
    try {
      return JSON.parse(this.text.slice(start, this.at));
    } catch {
      return this.fail();
    }
  }

  /** @param {(key: string) => void} visit Reads what stands under a key. */
  entries(visit) {
    this.expect("{");
    if (this.accept("}")) return;
    const seen = new Set();
    do {
      const key = this.string();
      if (seen.has(key)) refuse("twice", { key });
      seen.add(key);
      this.expect(":");
      visit(key);
    } while (this.accept(","));
    this.expect("}");
  }

  /** @param {number} levels How many objects and lists may stand inside one another. @returns {any} */
  value(levels) {
    this.space();
    const first = this.text[this.at];
    if (first === '"') return this.string();
    if (first === "{" || first === "[") return levels ? this.nested(first, levels - 1) : refuse("deep");
    NUMBER.lastIndex = this.at;
    const [digits, rest] = NUMBER.exec(this.text) ?? [];
    if (digits !== undefined) {
      this.at = NUMBER.lastIndex;
      return rest ? new Real(digits) : this.whole(digits);
    }
    for (const [word, value] of Object.entries(this.words)) if (this.accept(word)) return value;
    return this.fail();
  }

  /** @param {string} first @param {number} levels */
  nested(first, levels) {
    /** @type {any[]} */
    const found = [];
    if (first === "{") {
      this.entries((key) => found.push([key, this.value(levels)]));
      return Object.fromEntries(found);
    }
    this.expect("[");
    if (this.accept("]")) return found;
    do found.push(this.value(levels));
    while (this.accept(","));
    this.expect("]");
    return found;
  }

  /** @param {string} digits */
  whole(digits) {
    if (digits.replace("-", "").length > MOST_DIGITS) this.fail();
    const found = Number(digits);
    return Number.isSafeInteger(found) ? found + 0 : BigInt(digits); // −0 is 0
  }
}

/**
 * Reads a configuration: one object.
 *
 * @param {string} text
 * @returns {Config}
 */
export function parse(text) {
  const reader = new Reader(text.replace(/^\ufeff/, ""), true);
  if (new TextEncoder().encode(text).length > MOST_CONFIG_BYTES) refuse("large", { value: MOST_CONFIG_BYTES });
  const found = reader.value(MOST_LEVELS);
  reader.end();
  return isObject(found) ? found : refuse("noObject");
}

/**
 * The text of bytes; of half a letter there is none.
 *
 * @param {Uint8Array} bytes
 * @param {string} encoding
 * @returns {string}
 */
export function decode(bytes, encoding = "utf-8") {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse("json");
  }
}

/**
 * The encoding of a configuration: UTF-8, or what some shells write instead.
 *
 * @param {Uint8Array} bytes
 */
export function encodingOf([first, second, third, fourth]) {
  const wide = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "";
  if (wide) return wide === "utf-16le" && third === 0 && fourth === 0 ? refuse("json") : wide; // UTF-32
  if (first === 0) return second ? "utf-16be" : refuse("json");
  if (second === 0) return third || fourth ? "utf-16le" : refuse("json");
  return "utf-8";
}
