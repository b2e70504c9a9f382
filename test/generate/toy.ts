/** A toy model for tests: letters as tokens, and logits that follow from what a row has read. */
import type { StepModel } from "../../runtime/generate/batch-generator.ts";
import type { TextCodec } from "../../runtime/generate/types.ts";

/** Bytes as tokens: a character outside of ASCII is several, so that pieces of it come alone. */
export const bytes: TextCodec = {
  specials: new Map(),
  begin: [],
  encode: (text) => Int32Array.from(new TextEncoder().encode(text)),
  decode: (ids) => new TextDecoder().decode(Uint8Array.from(ids)),
  decoder() {
    const decoder = new TextDecoder();
    return {
      push: (id) => decoder.decode(Uint8Array.of(id), { stream: true }),
      end: () => decoder.decode(),
    };
  },
};

export const VOCABULARY = 256;

/** What the toy was asked to do, for tests of how it is asked. */
export interface ToyLog {
  readonly begun: { row: number; prompt: string }[];
  readonly steps: number[][];
}

export interface Toy extends StepModel {
  readonly log: ToyLog;
  /** Rows in use hold these tokens. */
  readonly read: number[][];
  released: boolean;
}

/**
 * @param next the likeliest token after what a row has read; others get logits from a hash of it
 */
export function toy(
  next: (read: readonly number[]) => number,
  { context = 64, rows = 4 }: { readonly context?: number; readonly rows?: number } = {},
): Toy {
  const read: number[][] = Array.from({ length: rows }, () => []);
  const log: ToyLog = { begun: [], steps: [] };
  const logitsOf = (tokens: readonly number[]): Float32Array => {
    let hash = tokens.reduce((sum, id) => (Math.imul(sum, 31) + id) | 0, 7);
    const logits = Float32Array.from({ length: VOCABULARY }, () => {
      hash = (Math.imul(hash, 1664525) + 1013904223) | 0;
      return (hash >>> 0) / 2 ** 32;
    });
    logits[next(tokens)] = 4;
    return logits;
  };
  return {
    context,
    vocabulary: VOCABULARY,
    width: 2,
    generates: true,
    apart: false,
    rows,
    log,
    read,
    released: false,
    async begin(row, prompt) {
      log.begun.push({ row, prompt: bytes.decode(prompt) });
      read[row] = [...prompt];
      await null;
      return logitsOf(read[row]);
    },
    async step(ids) {
      log.steps.push([...ids]);
      const logits = new Float32Array(ids.length * VOCABULARY).fill(Number.NaN);
      await null;
      ids.forEach((id, row) => {
        if (id < 0) return;
        read[row]!.push(id);
        if (read[row]!.length > context) throw new Error("more tokens than the context");
        logits.set(logitsOf(read[row]!), row * VOCABULARY);
      });
      return logits;
    },
    move(from, to) {
      read[to] = read[from]!;
      read[from] = [];
    },
    async embed(ids) {
      return Float32Array.of(
        ids.length,
        ids.reduce((sum, id) => sum + id, 0),
      );
    },
    async release() {
      this.released = true;
    },
  };
}

/** Says a text over and over, from wherever the prompt ends. */
export const saying =
  (text: string, from: number) =>
  (read: readonly number[]): number =>
    bytes.encode(text)[(read.length - from) % bytes.encode(text).length]!;
