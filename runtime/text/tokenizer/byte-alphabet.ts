/**
 * Bytes as visible characters, so that a token of any bytes is a text: GPT-2's `bytes_to_unicode`
 * (https://github.com/openai/gpt-2/blob/master/src/encoder.py). Printable Latin-1 stands for itself, the other bytes in
 * order for U+0100, U+0101, …
 */

const visible = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

function codes(): Uint16Array {
  const all = new Uint16Array(256);
  let next = 256;
  for (let byte = 0; byte < 256; byte++) all[byte] = visible(byte) ? byte : next++;
  return all;
}

/** [256] the UTF-16 unit that stands for each byte. */
export const CODE_OF_BYTE: Uint16Array = codes();

/** [324] the byte for which a UTF-16 unit stands, −1 for units that stand for none. */
export const BYTE_OF_CODE: Int16Array = new Int16Array(324).fill(-1);
for (let byte = 0; byte < 256; byte++) BYTE_OF_CODE[CODE_OF_BYTE[byte]!] = byte;

/** [256] the characters, by byte. */
export const BYTE_CHARACTERS: readonly string[] = Array.from(CODE_OF_BYTE, (code) =>
  String.fromCharCode(code),
);

const encoder = new TextEncoder();

/** A text as the characters of its UTF-8 bytes. */
export function spellBytes(text: string): string {
  let spelt = "";
  for (const byte of encoder.encode(text)) spelt += BYTE_CHARACTERS[byte]!;
  return spelt;
}

/** The bytes that a token spells; its UTF-8 when one of its characters stands for no byte. */
export function bytesOfToken(token: string): Uint8Array {
  const bytes = new Uint8Array(token.length);
  for (let i = 0; i < token.length; i++) {
    const code = token.charCodeAt(i);
    const byte = code < 324 ? BYTE_OF_CODE[code]! : -1;
    if (byte < 0) return encoder.encode(token);
    bytes[i] = byte;
  }
  return bytes;
}
