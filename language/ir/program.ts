/**
 * The IR: what a checked spec means, as JSON. The planner, the executor, the exporters and the diff read
 * this and nothing else. Canonical: the same meaning gives the same `hash`, whatever the layout, the order,
 * the comments or the names.
 */
import * as z from "zod";

export const IR_VERSION = 1;

/** Where something is written; lines and columns count from 1, columns in UTF-16 code units. */
export const sourceRange = z.object({
  file: z.string(),
  line: z.int(),
  column: z.int(),
  endLine: z.int(),
  endColumn: z.int(),
});
export type SourceRange = z.infer<typeof sourceRange>;

export const declaration = z.object({
  /** `kind.name`, unique in the program. */
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  variant: z.string().nullable(),
  doc: z.string().nullable(),
  /** Whom to ask about it; in no hash. */
  owners: z.array(z.string()),
  /** What the kind's schema in stdlib accepted: references as `{ref, part?}`, units applied. */
  props: z.record(z.string(), z.json()),
  /** Ids of the declarations that this one names, in order of first use, without repeats. */
  refs: z.array(z.string()),
  /** For stateful kinds (release, deployment, …) the name outside: `name = "…"`, or the declaration's. */
  external: z.string().nullable(),
  /** sha256 (hex) of the meaning: kind, variant and props, every reference replaced by its declaration's hash. */
  hash: z.string(),
  /** Where the declaration stands. */
  source: sourceRange,
  /** Where each attribute, rule or column stands, by JSON pointer into `props` (`/split/seed`, `/require/0`). */
  locations: z.record(z.string(), sourceRange),
});
export type Declaration = z.infer<typeof declaration>;

export const program = z.object({
  ir: z.literal(IR_VERSION),
  language: z.literal(1),
  /** The spec's file, relative to the project folder. */
  spec: z.string(),
  /** The one chosen by `--environment`. */
  environment: z.string().nullable(),
  /** Values of `param`s after `--set` and the environment, by name. */
  params: z.record(z.string(), z.json()),
  /** Names of `secret`s; never their values. */
  secrets: z.array(z.string()),
  declarations: z.array(declaration),
  /** Declarations that `mlops test` carries out: no steps, and in nothing's hash. */
  tests: z.array(declaration).optional(),
  /** What each environment changes; chosen by name, in nothing's hash. */
  environments: z.array(declaration).optional(),
  hash: z.string(),
});
export type Program = z.infer<typeof program>;
