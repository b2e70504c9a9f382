/**
 * The one intermediate form from which the three files of a model are made (model.onnx, signature.json,
 * fast.bin): everything between a typed row and its prediction.
 */
import type { IrExpression } from "../../language/ir/expression.ts";
import type { Layer } from "../../language/vocabulary/layer.ts";

/** A column that the caller gives. */
export interface InputColumn {
  readonly name: string;
  /** The schema's type; numbers, booleans, dates and timestamps enter as float64, the others as strings. */
  readonly type: "int" | "float" | "boolean" | "category" | "string" | "text" | "date" | "timestamp";
  readonly nullable: boolean;
  readonly min: number | null;
  readonly max: number | null;
  /** The values that a category may have by the schema's `one_of`; null when open. */
  readonly values: readonly (string | number)[] | null;
  /** strptime format of dates and timestamps; null is ISO 8601. */
  readonly format: string | null;
  readonly doc: string | null;
}

/**
 * One fitted transform. Steps run in order; each reads columns by name and writes `output` (its own column when
 * the names are equal). Missing is NaN for numbers and null (code −1) for strings.
 */
export type TransformStep =
  | { readonly op: "impute_number"; readonly column: string; readonly value: number }
  | { readonly op: "impute_string"; readonly column: string; readonly value: string }
  /** Null and NaN arguments give null, as in SQL; booleans are 0/1. */
  | {
      readonly op: "derive";
      readonly output: string;
      readonly expression: IrExpression;
      readonly type: "number" | "string";
    }
  /** (x − offset) / factor */
  | {
      readonly op: "scale";
      readonly column: string;
      readonly output: string;
      readonly offset: number;
      readonly factor: number;
    }
  /** How many edges are ≤ x; missing stays missing. */
  | {
      readonly op: "bucket";
      readonly column: string;
      readonly output: string;
      readonly edges: readonly number[];
    }
  /** outputs[i] = 1 where the value is levels[i]; `other` (when not null) takes known but rare values. */
  | {
      readonly op: "one_hot";
      readonly column: string;
      readonly levels: readonly string[];
      readonly outputs: readonly string[];
      readonly other: { readonly levels: readonly string[]; readonly output: string } | null;
    }
  /** The level's index; missing and unknown are −1. */
  | {
      readonly op: "ordinal";
      readonly column: string;
      readonly output: string;
      readonly levels: readonly string[];
    }
  /** values[i] for levels[i]; missing and unknown get `default`. */
  | {
      readonly op: "target";
      readonly column: string;
      readonly output: string;
      readonly levels: readonly string[];
      readonly values: readonly number[];
      readonly default: number;
    }
  /** Native category for trees: the level's index; missing and unknown are −1. */
  | {
      readonly op: "category";
      readonly column: string;
      readonly output: string;
      readonly levels: readonly string[];
    }
  /** Lower-case, tokens `[\p{L}\p{N}_]{2,}`, n-grams joined by a space, tf × idf, row length 1. */
  | {
      readonly op: "tfidf";
      readonly column: string;
      readonly output: string;
      readonly terms: readonly string[];
      readonly idf: readonly number[];
      readonly ngrams: number;
      readonly sublinear: boolean;
    };

/** A feature as the learner reads it, in order. */
export interface FeatureUse {
  readonly name: string;
  readonly kind: "numeric" | "category" | "sparse";
  /** Columns of a sparse block; 1 otherwise. */
  readonly width: number;
}

/** raw[k] = intercept[k] + Σ weight[k][j] · x[j], x the features laid side by side (sparse blocks unrolled). */
export interface LinearLearner {
  readonly is: "linear";
  readonly outputs: number;
  readonly intercept: Float64Array; // [outputs]
  readonly weights: Float64Array; // [outputs × inputs], row-major
  readonly link: Link;
}

/** Trees over the features laid side by side; every array is shared by all trees, nodes of a tree together. */
export interface TreeLearner {
  readonly is: "trees";
  readonly outputs: number;
  readonly link: Link;
  /** [outputs]; added once to the sum of leaves. */
  readonly base: Float64Array;
  /** [trees] first node of each tree, its root. */
  readonly roots: Int32Array;
  /** [trees] the output that the tree's leaves add to; −1 where a leaf holds one value for each output. */
  readonly output: Int32Array;
  /** [nodes] input column; −1 on leaves. */
  readonly feature: Int32Array;
  /** [nodes] x ≤ threshold goes left (numeric splits). */
  readonly threshold: Float64Array;
  /** [nodes] −1 for numeric splits, else the first word of the split's bit set in `sets`: a code in it goes left. */
  readonly set: Int32Array;
  /** [nodes] words (32 bits) of the bit set. */
  readonly setWords: Int32Array;
  readonly sets: Uint32Array;
  readonly left: Int32Array; // [nodes]
  readonly right: Int32Array; // [nodes]
  /** [nodes] 1 where missing (NaN, −1) goes left. */
  readonly missingLeft: Uint8Array;
  /** [nodes × valueWidth]; leaves' values. `valueWidth` is 1 when every tree has one output, else `outputs`. */
  readonly value: Float64Array;
  readonly valueWidth: number;
  /** [nodes] loss saved by the split (importance); 0 on leaves. */
  readonly gain: Float64Array;
  /** [nodes] training rows (weighted) that reached the node. */
  readonly cover: Float64Array;
}

/** What comes into a network's first layer. */
export type NetworkInput =
  | { readonly features: number }
  /** The numbers stand channel by channel, then row by row. */
  | { readonly channels: number; readonly height: number; readonly width: number };

/**
 * z[j] = (x[order[j]] − offset[j]) / factor[j] goes through the layers; raw[k] = y[k] · outFactor[k] + outOffset[k].
 * Computed in double from the float32 numbers that were learnt.
 */
export interface NetworkLearner {
  readonly is: "network";
  readonly outputs: number;
  readonly link: Link;
  readonly input: NetworkInput;
  /** The last one gives a number for each output. */
  readonly layers: readonly Layer[];
  /** Each parameter's name, as the layers call it, and shape, in the order in which `parameters` holds them. */
  readonly shapes: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly parameters: Float32Array;
  /** [inputs] which column of the features each number of the input is. */
  readonly order: Int32Array;
  readonly offset: Float64Array; // [inputs]
  readonly factor: Float64Array; // [inputs]
  readonly outOffset: Float64Array; // [outputs]
  readonly outFactor: Float64Array; // [outputs]
}

/**
 * From raw outputs to probabilities: `logistic` (one raw, binary), `softmax` (one raw a class), `probabilities`
 * (raw are already probabilities, one a class; trees and forests), `identity` (regression).
 */
export type Link = "logistic" | "softmax" | "probabilities" | "identity";

export type Learner = LinearLearner | TreeLearner | NetworkLearner;

export interface PortableModel {
  readonly format: 1;
  readonly task: "binary" | "multiclass" | "regression";
  readonly target: string;
  /** Only columns that the steps or the learner read, sorted by name. */
  readonly inputs: readonly InputColumn[];
  readonly steps: readonly TransformStep[];
  readonly features: readonly FeatureUse[];
  readonly learner: Learner;
  /** `[negative, positive]` for binary; empty for regression. */
  readonly classes: readonly string[];
  /** Probability of the positive class from which it is predicted (binary). */
  readonly threshold: number;
}

/** Predictions for many rows. */
export interface Predictions {
  readonly rows: number;
  /** [rows × learner.outputs] */
  readonly raw: Float64Array;
  /** [rows × classes]; null for regression. */
  readonly probabilities: Float64Array | null;
  /** [rows]: class index, or the value. */
  readonly predicted: Float64Array;
}
