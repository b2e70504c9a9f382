/** Where bytes are UTF-8 and where they are not. */

/** The end of the longest stretch from `from` that is well-formed UTF-8 (Unicode, table 3-7). */
export function wellFormedEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const width = characterWidth(bytes, at);
    if (width === 0) return at;
    at += width;
  }
}

/** How many bytes the character at a place has; 0 when there is no well-formed one. */
function characterWidth(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === undefined) return 0;
  if (first < 0x80) return 1;
  const width =
    first >= 0xc2 && first <= 0xdf ? 2 : first >> 4 === 0xe ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  if (width === 0) return 0;
  // No longer form than needed, no surrogates, nothing beyond U+10FFFF.
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  const second = bytes[at + 1];
  if (second === undefined || second < least || second > most) return 0;
  for (let i = 2; i < width; i++) {
    const next = bytes[at + i];
    if (next === undefined || next >> 6 !== 0b10) return 0;
  }
  return width;
}
