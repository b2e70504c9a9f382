/** signature.json: everything that a caller of the graph must know, and rows to check it with. */
import * as z from "zod";
import { irExpression } from "../../language/ir/expression.ts";
import type { PortableModel, TransformStep } from "./form.ts";
import { cutOf } from "./link.ts";
import { OPSETS } from "./onnx/builder.ts";
import type { GraphLayout } from "./steps.ts";

export const SIGNATURE_FORMAT = 1;

const inputColumn = z.object({
  name: z.string(),
  type: z.enum(["int", "float", "boolean", "category", "string", "text", "date", "timestamp"]),
  nullable: z.boolean(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  values: z.array(z.union([z.string(), z.number()])).nullable(),
  format: z.string().nullable(),
  doc: z.string().nullable(),
});

const texts = z.array(z.string());
const numbers = z.array(z.number());
const column = { column: z.string() };
const written = { ...column, output: z.string() };

/** `TransformStep` of `form.ts`. */
export const transformStep: z.ZodType<TransformStep> = z.discriminatedUnion("op", [
  z.object({ op: z.literal("impute_number"), ...column, value: z.number() }),
  z.object({ op: z.literal("impute_string"), ...column, value: z.string() }),
  z.object({
    op: z.literal("derive"),
    output: z.string(),
    expression: irExpression,
    type: z.enum(["number", "string"]),
  }),
  z.object({ op: z.literal("scale"), ...written, offset: z.number(), factor: z.number() }),
  z.object({ op: z.literal("bucket"), ...written, edges: numbers }),
  z.object({
    op: z.literal("one_hot"),
    ...column,
    levels: texts,
    outputs: texts,
    other: z.object({ levels: texts, output: z.string() }).nullable(),
  }),
  z.object({ op: z.literal("ordinal"), ...written, levels: texts }),
  z.object({ op: z.literal("target"), ...written, levels: texts, values: numbers, default: z.number() }),
  z.object({ op: z.literal("category"), ...written, levels: texts }),
  z.object({
    op: z.literal("tfidf"),
    ...written,
    terms: texts,
    idf: numbers,
    ngrams: z.int(),
    sublinear: z.boolean(),
  }),
]);

const graphInput = z.object({
  name: z.string(),
  from: z.enum(["row", "before"]),
  column: z.string(),
  lower: z.boolean(),
});

export const signature = z.object({
  format: z.literal(SIGNATURE_FORMAT),
  task: z.enum(["binary", "multiclass", "regression"]),
  target: z.string(),
  /** What a caller sends. */
  columns: z.array(inputColumn),
  rules: z.object({
    /** How a missing value enters the graph. */
    missing: z.object({ number: z.literal("NaN"), string: z.literal("") }),
    /** The code of a category that training did not see. */
    unknown_category: z.literal(-1),
    /** Characters that no string may have. */
    refused: z.array(z.string()),
    booleans: z.literal("0 and 1"),
    dates: z.object({ unit: z.literal("seconds since 1970-01-01T00:00:00Z"), zone: z.literal("UTC") }),
    /** Null when the model reads no text. */
    text: z
      .object({ lower_case: z.string(), token: z.string(), ngram_separator: z.string(), unicode: z.string() })
      .nullable(),
  }),
  /** Steps that run before the graph, in this order, on the caller's columns. */
  before: z.array(transformStep),
  graph: z.object({
    opsets: z.record(z.string(), z.int()),
    /** Columns of `num` (float64 [rows, n]) and `str` (string [rows, n]); an empty list means no such input. */
    num: z.array(graphInput),
    str: z.array(graphInput),
    outputs: z.array(z.string()),
  }),
  /** `[negative, positive]` for binary; the order of `probabilities`. */
  classes: z.array(z.string()),
  link: z.enum(["logistic", "softmax", "probabilities", "identity"]),
  /** Positive when the probability reaches `probability`, decided on raw outputs by `raw`; null unless binary. */
  threshold: z.object({ probability: z.number(), raw: z.number() }).nullable(),
  golden: z.array(
    z.object({
      row: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
      /** Null where a raw output is NaN. */
      raw: z.array(z.number().nullable()),
      predicted: z.union([z.string(), z.number(), z.null()]),
    }),
  ),
});
export type Signature = z.infer<typeof signature>;
export type GoldenRow = Signature["golden"][number];

/** The signature of a model whose graph is laid out so. */
export function signatureOf(
  model: PortableModel,
  layout: GraphLayout,
  golden: readonly GoldenRow[],
): Signature {
  const readsText = layout.texts.size > 0;
  const graphInputs = (inputs: GraphLayout["num"]) => inputs.map((input) => ({ ...input }));
  return {
    format: SIGNATURE_FORMAT,
    task: model.task,
    target: model.target,
    columns: model.inputs.map((input) => ({
      ...input,
      values: input.values === null ? null : [...input.values],
    })),
    rules: {
      missing: { number: "NaN", string: "" },
      unknown_category: -1,
      refused: ["\u0000"],
      booleans: "0 and 1",
      dates: { unit: "seconds since 1970-01-01T00:00:00Z", zone: "UTC" },
      text: readsText
        ? {
            lower_case: "Unicode default case conversion, before the graph",
            token: "[\\p{L}\\p{N}_]{2,}",
            ngram_separator: " ",
            unicode: process.versions.unicode ?? "unknown",
          }
        : null,
    },
    before: [...layout.before],
    graph: {
      opsets: readsText ? { ...OPSETS } : { "": OPSETS[""], "ai.onnx.ml": OPSETS["ai.onnx.ml"] },
      num: graphInputs(layout.num),
      str: graphInputs(layout.str),
      outputs: model.task === "regression" ? ["label", "raw"] : ["label", "probabilities", "raw"],
    },
    classes: [...model.classes],
    link: model.learner.link,
    threshold: model.task === "binary" ? { probability: model.threshold, raw: cutOf(model) } : null,
    golden: [...golden],
  };
}
