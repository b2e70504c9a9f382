/** What `stdlib/` says of one kind, and of the language's whole vocabulary. */
import type { z } from "zod";

export interface Variant<S extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly doc: string;
  /** Everything this variant accepts, the kind's common attributes included. */
  readonly schema: S;
  /** A whole declaration that checks, given the kind's `context`. */
  readonly example: string;
  /** What completion inserts, in LSP snippet syntax. */
  readonly snippet: string;
}

export interface Kind {
  readonly name: string;
  readonly doc: string;
  /** A kind without variants has one, whose name is the kind's. */
  readonly variants: Readonly<Record<string, Variant>>;
  /** False for kinds that never take `: variant`. */
  readonly variantRequired: boolean;
  /** Kept under its external name rather than by meaning (release, deployment, …). */
  readonly stateful: boolean;
  /** Declarations that the examples refer to. */
  readonly context: string;
  /** True when nothing needs to refer to it: it is an end of the pipeline (deployment, batch, gate…). */
  readonly terminal: boolean;
}

export interface FunctionSpec {
  readonly name: string;
  readonly doc: string;
  readonly scope: "row" | "table" | "metrics";
  readonly parameters: readonly { readonly name: string; readonly type: ValueType | "column" | "any"; readonly optional?: boolean }[];
  /** More arguments of the last parameter's type are allowed. */
  readonly variadic?: boolean;
  readonly result: ValueType;
  readonly example: string;
}

export type ValueType = "number" | "text" | "boolean" | "time" | "any";
export type Task = "binary" | "multiclass" | "regression";

export interface MetricSpec {
  readonly name: string;
  readonly doc: string;
  readonly tasks: readonly Task[];
  /** Which way is better. */
  readonly better: "higher" | "lower";
  /** Named arguments it takes: `recall(top = 10%)`, `f1(average = macro)`. */
  readonly args: z.ZodObject;
  /** Bounded in 0..1, so that `- 1%` means 0.01. */
  readonly ratio: boolean;
}

export interface UnitSpec {
  readonly suffix: string;
  readonly unit: "ratio" | "duration" | "size" | "money";
  /** Multiply the digits by this: `%` 0.01, `m` 60, `KB` 1000. */
  readonly factor: number;
}

/** Everything that the checker knows about the world. */
export interface Vocabulary {
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly functions: Readonly<Record<string, FunctionSpec>>;
  readonly metrics: Readonly<Record<string, MetricSpec>>;
  readonly units: Readonly<Record<string, UnitSpec>>;
}
