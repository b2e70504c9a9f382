/** What `stdlib/` says of one kind, and of the language's whole vocabulary. */
import type * as z from "zod";
import type { LayerSpec } from "./layer.ts";
import type { Peers } from "./peers.ts";
import type { Deprecation, Synonyms } from "./synonyms.ts";
import type { ColumnSchema, MetricUse, Reference } from "./types.ts";

export interface Variant<S extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly doc: string;
  /** Everything this variant accepts, the kind's common attributes included. */
  readonly schema: S;
  /** A whole declaration that checks, given its `context`, or its kind's. */
  readonly example: string;
  /** Declarations that its example refers to, where they are others than its kind's. */
  readonly context?: string;
  /** What completion inserts, in LSP snippet syntax. */
  readonly snippet: string;
  /** The tasks it can learn; all when not given. */
  readonly tasks?: readonly Task[];
}

/** A declaration's accepted props; each hook of `Offers` narrows them to its own kind's type. */
export type Props = Readonly<Record<string, unknown>>;

/** A column that a declaration offers to those who refer to it. */
export interface OfferedColumn extends ColumnSchema {
  /** For a derived column the columns that its expression reads, directly or not; null for one that is read from the source. */
  readonly from: readonly string[] | null;
}

/**
 * What a declaration says of itself to those who refer to it. The checker asks these and knows no kind by name.
 * `inherited` is what the declaration named by `through` offers; null everywhere means: not known before it runs.
 */
export interface Offers {
  /** The reference attribute whose rows this declaration passes on; its columns and parts come through it. */
  readonly through?: string;
  columns?(props: Props, inherited: readonly OfferedColumn[] | null): readonly OfferedColumn[] | null;
  /** Names of what may follow its dot: a split's parts. Kinds that pass rows on inherit them. */
  parts?(props: Props): readonly string[];
  /** True when its `parts` are files that it makes: one of them must be named, as the whole of it is none. */
  readonly partsAreOutputs?: true;
  /** Which aliases it moves. */
  aliases?(props: Props): readonly string[] | null;
  /** What may follow the dot in a gate: `scored.f1`. */
  metrics?(props: Props): readonly MetricUse[] | null;
  /** What it learns where that is not told by a column: the tasks of a language model; null when a column tells. */
  tasks?(props: Props): readonly Task[] | null;
  /** It has a size that a layer may take: `pieces.size`. */
  readonly sized?: true;
  /** The column it learns to predict, among those of `through`; null when none is named and none is a label. */
  target?(props: Props, inherited: readonly OfferedColumn[]): string | null;
}

/** Something wrong with a declaration that its schema accepts; `code` is of the diagnostics catalogue. */
export interface Objection {
  readonly code: string;
  readonly values: Readonly<Record<string, string>>;
  /** JSON pointer into the props. */
  readonly pointer: string;
  /** What a fix writes in place of what stands there. */
  readonly write?: string;
  /** What a fix adds behind it, after a comma. */
  readonly add?: string;
}

/** Another declaration, as an objection may look at it. */
export interface Neighbour {
  readonly name: string;
  readonly props: Props;
  /** What it may learn, when it learns; null: not known before it runs. */
  readonly tasks: readonly Task[] | null;
  /** The column it predicts. */
  readonly target: string | null;
}

/** A declaration of the spec, whether or not the reviewed one refers to it. */
export interface Peer {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly props: Props;
  readonly refs: readonly string[];
  /** It has errors of its own, so that its props may lack what was meant. */
  readonly broken: boolean;
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
  /**
   * No step of the pipeline, so that no plan, run or graph has it. `test`: `mlops test` carries it out; `environment`:
   * `--environment` chooses it.
   */
  readonly role?: "test" | "environment";
  /** What a test may expect of it, as words with their documentation. */
  readonly outcomes?: Readonly<Record<string, string>>;
  /** What an unused declaration of this kind misses, as the end of a sentence: "name it in a model's `data`". */
  readonly unused?: string;
  readonly offers?: Offers;
  /**
   * What the runtime would refuse and is known before: attributes that exclude or need each other. `of` gives the
   * declaration behind a reference, null when it is broken.
   */
  review?(
    props: Props,
    name: string,
    of: (reference: Reference) => Neighbour | null,
    peers: Peers,
  ): readonly Objection[];
}

export interface FunctionSpec {
  readonly name: string;
  readonly doc: string;
  readonly scope: "row" | "table" | "metrics";
  readonly parameters: readonly {
    readonly name: string;
    readonly type: ValueType | "column" | "any";
    readonly optional?: boolean;
    readonly words?: Readonly<Record<string, string>>;
    /** Words with a whole number, `ngram(5)`; lowers to a name, `ngram(5)`. */
    readonly counted?: Readonly<
      Record<string, { readonly doc: string; readonly min: number; readonly max: number }>
    >;
  }[];
  /** More arguments of the last parameter's type are allowed. */
  readonly variadic?: boolean;
  readonly result: ValueType;
  /** What its number counts, "days"; and, for times, how many seconds one is. */
  readonly counts?: { readonly what: string; readonly seconds?: number };
  readonly example: string;
  /** A metric must follow the dot: `champion.auc`, `baseline(majority).accuracy`. */
  readonly members?: "metrics";
  /** It may have no value yet (`champion` on a first release): a rule with it is then skipped. */
  readonly mayBeAbsent?: boolean;
}

export type ValueType = "number" | "text" | "boolean" | "time" | "any";
/** What a column tells: see `tasksOf`. */
export type ColumnTask = "binary" | "multiclass" | "regression";
/** `language`: the next piece of a text; `sequence`: a text from another; `preference`: which of two answers is better. */
export type Task = ColumnTask | "language" | "sequence" | "preference";

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
  /** The values that it can have at all, both ends included; 0 to 1 for a ratio when not given. */
  readonly range?: readonly [least: number, most: number];
  /** False for a metric that is no single number (`confusion`): it cannot stand in a gate. */
  readonly scalar?: boolean;
}

/** What a test may ask of a prediction: `good.label`, `good.probability`. */
export interface PredictionSpec {
  readonly name: string;
  readonly doc: string;
  readonly tasks: readonly Task[];
  /** `target`: the type of the column that is predicted. */
  readonly result: "number" | "target";
  /** It is of one class: with several, `probability("Adelie")` says of which. */
  readonly ofClass: boolean;
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
  /** What every declaration may have, whatever its kind; in no hash. */
  readonly common: z.ZodObject;
  /** By `scope.name`, because `min(a, b)` of a row and `min(c)` of a table are two functions. */
  readonly functions: Readonly<Record<string, FunctionSpec>>;
  readonly metrics: Readonly<Record<string, MetricSpec>>;
  /** What an architecture is made of. */
  readonly layers: Readonly<Record<string, LayerSpec>>;
  readonly units: Readonly<Record<string, UnitSpec>>;
  readonly predictions: Readonly<Record<string, PredictionSpec>>;
  /** What other tools call things. */
  readonly synonyms: Synonyms;
  /** Old names that are still read. */
  readonly deprecated: readonly Deprecation[];
}
