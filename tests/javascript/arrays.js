// @ts-check
/** Whole arrays as the bytes that arrays.py wrote: bits, as in bits.js, but many at once. */

/** @param {string} text Bytes, little end first, as base64. */
export function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
}
