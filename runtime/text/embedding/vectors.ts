/**
 * Word vectors in the formats of the word2vec tool, which gensim's `KeyedVectors.load_word2vec_format` reads: a line
 * `WORDS WIDTH`, then each word, a space and its numbers: as text and a line end, or as little-endian float32 and a
 * line end.
 */

export interface WordVectors {
  readonly words: readonly string[];
  readonly width: number;
  /** [words × width] */
  readonly values: Float32Array;
}

export function writeBinary({ words, width, values }: WordVectors): Uint8Array {
  const names = words.map((word) => Buffer.from(`${word} `));
  const head = Buffer.from(`${words.length} ${width}\n`);
  const size = names.reduce((sum, name) => sum + name.length, head.length) + words.length * (4 * width + 1);
  const bytes = Buffer.alloc(size);
  head.copy(bytes, 0);
  let at = head.length;
  names.forEach((name, word) => {
    at += name.copy(bytes, at);
    for (let i = 0; i < width; i += 1) at = bytes.writeFloatLE(values[word * width + i]!, at);
    bytes[at++] = 10;
  });
  return bytes;
}

/** Reads what `writeBinary` wrote, or the word2vec tool. */
export function readBinary(bytes: Uint8Array): WordVectors {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = buffer.indexOf(10);
  const [count = 0, width = 0] = buffer.toString("latin1", 0, headEnd).split(" ").map(Number);
  const words: string[] = [];
  const values = new Float32Array(count * width);
  let at = headEnd + 1;
  for (let word = 0; word < count; word += 1) {
    if (buffer[at] === 10) at += 1;
    const end = buffer.indexOf(32, at);
    words.push(buffer.toString("utf8", at, end));
    at = end + 1;
    for (let i = 0; i < width; i += 1, at += 4) values[word * width + i] = buffer.readFloatLE(at);
  }
  return { words, width, values };
}

/** Each number with as many digits as a float32 needs to come back the same. */
export function writeText({ words, width, values }: WordVectors): string {
  const lines = words.map(
    (word, row) =>
      `${word} ${Array.from(values.subarray(row * width, (row + 1) * width), shortest).join(" ")}`,
  );
  return `${words.length} ${width}\n${lines.join("\n")}\n`;
}

function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits += 1) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}
