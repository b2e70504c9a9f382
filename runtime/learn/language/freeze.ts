/** Which parameters a fine-tuning leaves as they are. */
import type { ParameterSpec } from "../../network/parameters.ts";

/** `2.repeat.3` of a parameter in a repeated block; where nothing is repeated, `3.residual`. */
const REPEATED = /^(?:.*?\.)?repeat\.\d+(?=\.)/;
const RESIDUAL = /^(?:\d+\.(?:encoder|decoder)\.)?\d+\.residual(?=\.)/;

/** The network's blocks by name, in the order in which they compute. */
export function blocksOf(parameters: readonly ParameterSpec[]): string[] {
  const named = (pattern: RegExp) => [
    ...new Set(parameters.flatMap(({ name }) => pattern.exec(name)?.[0] ?? [])),
  ];
  const repeated = named(REPEATED);
  return repeated.length > 0 ? repeated : named(RESIDUAL);
}

/** The embeddings and the first so many blocks: everything that stands before the next block. */
export function frozenParameters(parameters: readonly ParameterSpec[], blocks: number): Set<string> {
  const names = blocksOf(parameters);
  const isOf = (name: string, block: string) => name.startsWith(`${block}.`);
  const next = names[blocks];
  const end =
    next === undefined
      ? parameters.findLastIndex(({ name }) => names.some((block) => isOf(name, block))) + 1
      : parameters.findIndex(({ name }) => isOf(name, next));
  return new Set(parameters.slice(0, end).map(({ name }) => name));
}
