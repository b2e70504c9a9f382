/** Reading a model's tables: by hand, as a schema over a quarter of a million entries would take seconds. */
import { invalid } from "../problem.ts";

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Tokens with their ids; ids are whole numbers, each of one token. */
export function readVocabulary(value: unknown, where: string): Map<string, number> {
  if (!isFields(value)) throw invalid(where, "it is no table of tokens");
  const vocabulary = new Map<string, number>();
  const taken = new Set<number>();
  for (const [token, id] of Object.entries(value)) {
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0 || id > LARGEST)
      throw invalid(where, `the id of ${JSON.stringify(token)} is ${JSON.stringify(id)}`);
    if (taken.has(id)) throw invalid(where, `the id ${id} stands for two tokens`);
    taken.add(id);
    vocabulary.set(token, id);
  }
  return vocabulary;
}

/** An id beyond it would make tables of gigabytes. */
const LARGEST = 1 << 26;

/** Merges as pairs or as "a b". */
export function readMerges(value: unknown, where: string): [string, string][] {
  if (!Array.isArray(value)) throw invalid(where, "it is no list of merges");
  return value.map((merge: unknown, i): [string, string] => {
    const parts = typeof merge === "string" ? merge.split(" ") : merge;
    if (!Array.isArray(parts) || parts.length !== 2 || parts.some((part) => typeof part !== "string"))
      throw invalid(where, `merge ${i + 1}, ${JSON.stringify(merge)}, is no pair of tokens`);
    return [parts[0] as string, parts[1] as string];
  });
}

export function textOr(fields: Fields, name: string, otherwise: string | null, where: string): string | null {
  const value = fields[name] ?? otherwise;
  if (value !== null && typeof value !== "string") throw invalid(where, `\`${name}\` is no text`);
  return value;
}

export function flagOr(fields: Fields, name: string, otherwise: boolean, where: string): boolean {
  const value = fields[name] ?? otherwise;
  if (typeof value !== "boolean") throw invalid(where, `\`${name}\` is neither true nor false`);
  return value;
}
