/**
 * A checkpoint: one safetensors file with everything that the next step depends on. Written beside its place and
 * renamed, so that a process killed at any moment leaves the one before or the new one, whole.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { TensorData } from "../../graph/graph.ts";
import { readSafetensors, TensorFileError, writeSafetensors } from "../../network/safetensors.ts";
import type { HistoryEntry } from "./training.ts";

const FILE = "checkpoint.safetensors";

type Tensors = ReadonlyMap<string, TensorData>;

export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  readonly state: Tensors;
  /** What the recipe's batches remember. */
  readonly memory: Tensors;
  readonly best: { readonly step: number; readonly loss: number; readonly parameters: Tensors } | null;
  /** Evaluations since the best one. */
  readonly worse: number;
  readonly history: readonly HistoryEntry[];
  /** Sum and number of the losses since the last entry of `history`. */
  readonly pending: { readonly sum: number; readonly count: number };
}

/** @param identity what the training is, so that another one never goes on from here */
export function writeCheckpoint(folder: string, identity: string, checkpoint: Checkpoint): void {
  const { state, memory, best, ...rest } = checkpoint;
  const tensors = new Map([
    ...prefixed("state", state),
    ...prefixed("memory", memory),
    ...prefixed("best", best?.parameters ?? new Map()),
  ]);
  const facts = { ...rest, best: best === null ? null : { step: best.step, loss: best.loss } };
  const bytes = writeSafetensors(tensors, { identity, facts: JSON.stringify(facts) });
  mkdirSync(folder, { recursive: true });
  // One process at a time carries out a step, and what a killed one left here is written over.
  const beside = join(folder, `${FILE}.new`);
  const file = openSync(beside, "w");
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, join(folder, FILE));
}

/** Null when there is none, or one of another training. A damaged one is as none: the training begins anew. */
export function readCheckpoint(folder: string, identity: string): Checkpoint | null {
  try {
    const { tensors, metadata } = readSafetensors(readFileSync(join(folder, FILE)));
    if (metadata["identity"] !== identity) return null;
    // This program wrote it, and nothing of another identity is read.
    const facts = JSON.parse(metadata["facts"] ?? "") as Omit<Checkpoint, "state" | "memory">;
    const { best } = facts;
    return {
      ...facts,
      state: unprefixed("state", tensors),
      memory: unprefixed("memory", tensors),
      best: best === null ? null : { ...best, parameters: unprefixed("best", tensors) },
    };
  } catch (error) {
    if (error instanceof TensorFileError || error instanceof SyntaxError) return null;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

const prefixed = (prefix: string, tensors: Tensors): [string, TensorData][] =>
  [...tensors].map(([name, tensor]) => [`${prefix}/${name}`, tensor]);

const unprefixed = (prefix: string, tensors: Tensors): Tensors =>
  new Map(
    [...tensors].flatMap(([name, tensor]): [string, TensorData][] =>
      name.startsWith(`${prefix}/`) ? [[name.slice(prefix.length + 1), tensor]] : [],
    ),
  );
