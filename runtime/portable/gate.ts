/**
 * The export gate: a model leaves training only when every form that loads gives the same raw outputs on the same
 * rows, missing and unknown values included.
 */

import type { IrExpression } from "../../language/ir/expression.ts";
import type { Table } from "../data/table.ts";
import { type OrtName, type OrtSession, openSession, packageOf } from "../engine/onnx.ts";
import type { FeedRule } from "./feeds.ts";
import { feedsOf } from "./feeds.ts";
import type { PortableModel, Predictions } from "./form.ts";
import { compileRow } from "./predict.ts";
import { callerRow, isSendable } from "./rows.ts";

/** Two forms of one model that do not agree. */
export interface Disagreement {
  /** The form that differs: `onnxruntime-node`, `the direct evaluator, row by row`… */
  readonly runtime: string;
  readonly row: number;
  /** `raw[0]`, `probabilities[1]`, `label`. */
  readonly output: string;
  readonly expected: number | string;
  readonly actual: number | string;
}

/** Relative difference allowed between raw outputs where sums are ordered differently. */
const RAW_TOLERANCE = 1e-9;
/** Absolute difference allowed between probabilities: exp differs in its last bits between runtimes. */
const PROBABILITY_TOLERANCE = 1e-12;

/** Raw outputs must be equal to the last bit: trees, on transforms that compute nothing but arithmetic. */
export function isExact(model: PortableModel): boolean {
  if (model.learner.is !== "trees") return false;
  return model.steps.every((step) => {
    if (step.op === "tfidf") return false;
    return step.op !== "derive" || !isTranscendental(step.expression);
  });
}

const TRANSCENDENTAL = new Set(["exp", "ln", "log10", "pow"]);

function isTranscendental(expression: IrExpression): boolean {
  switch (expression.is) {
    case "call":
      return TRANSCENDENTAL.has(expression.name) || expression.args.some(isTranscendental);
    case "unary":
      return isTranscendental(expression.operand);
    case "binary":
      return isTranscendental(expression.left) || isTranscendental(expression.right);
    case "if":
      return [expression.condition, expression.then, expression.else].some(isTranscendental);
    case "list":
      return expression.items.some(isTranscendental);
    default:
      return false;
  }
}

/** The first raw output that differs, or null. */
export function compareRaw(
  model: PortableModel,
  runtime: string,
  expected: Float64Array,
  actual: Float64Array,
): Disagreement | null {
  const exact = isExact(model);
  const { outputs } = model.learner;
  if (actual.length !== expected.length) {
    return {
      runtime,
      row: 0,
      output: "raw",
      expected: `${expected.length} values`,
      actual: `${actual.length}`,
    };
  }
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [expected[i]!, actual[i]!];
    const scale = exact ? 0 : RAW_TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b));
    if (a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= scale) continue;
    return { runtime, row: Math.floor(i / outputs), output: `raw[${i % outputs}]`, expected: a, actual: b };
  }
  return null;
}

/**
 * Predicts row by row and compares with the table's predictions. Rows that no caller could send (an infinite
 * number, NUL in a text) are passed over.
 */
export function checkRows(model: PortableModel, table: Table, expected: Predictions): Disagreement | null {
  const predict = compileRow(model);
  const { outputs } = model.learner;
  const raw = Float64Array.from(expected.raw);
  for (let i = 0; i < table.rows; i++) {
    const row = callerRow(model.inputs, table, i);
    if (isSendable(model.inputs, row)) raw.set(predict(row).raw, i * outputs);
  }
  return compareRaw(model, "the direct evaluator, row by row,", expected.raw, raw);
}

/** Runs the graph on the table and compares raw outputs, probabilities and labels. */
export async function checkGraph(
  model: PortableModel,
  rule: FeedRule,
  session: OrtSession,
  table: Table,
  expected: Predictions,
): Promise<Disagreement | null> {
  const runtime = packageOf(session.runtime);
  const results = await runGraph(session, rule, table);
  const raw = compareRaw(model, runtime, expected.raw, results.raw);
  if (raw !== null) return raw;
  if (expected.probabilities !== null) {
    for (let i = 0; i < expected.probabilities.length; i++) {
      const [a, b] = [expected.probabilities[i]!, results.probabilities?.[i] ?? Number.NaN];
      // Not for NaN: no probability stands behind a raw output that is none.
      if (Number.isNaN(a) || Math.abs(a - b) <= PROBABILITY_TOLERANCE + (isExact(model) ? 0 : RAW_TOLERANCE))
        continue;
      const classes = model.classes.length;
      return {
        runtime,
        row: Math.floor(i / classes),
        output: `probabilities[${i % classes}]`,
        expected: a,
        actual: b,
      };
    }
  }
  // Labels follow from raw outputs; where those are only close, a label on the very edge may differ.
  for (let i = 0; i < (isExact(model) ? expected.rows : 0); i++) {
    const label =
      model.task === "regression" ? expected.predicted[i]! : labelOf(model, expected.predicted[i]);
    const actual = results.label[i] ?? "nothing";
    if (actual !== label && !(Number.isNaN(actual) && Number.isNaN(label))) {
      return { runtime, row: i, output: "label", expected: label, actual };
    }
  }
  return null;
}

function labelOf(model: PortableModel, predicted: number | undefined): string {
  return model.classes[predicted ?? -1] ?? "";
}

export interface GraphResults {
  readonly raw: Float64Array;
  readonly probabilities: Float64Array | null;
  readonly label: readonly string[] | Float64Array;
}

/** Feeds a table to a session of a model's graph. */
export async function runGraph(session: OrtSession, rule: FeedRule, table: Table): Promise<GraphResults> {
  const { rows, num, str } = feedsOf(rule, table);
  const results = await session.run({
    ...(num === null ? {} : { num: { type: "float64", dims: [rows, num.columns], data: num.values } }),
    ...(str === null ? {} : { str: { type: "string", dims: [rows, str.columns], data: str.values } }),
  });
  const { raw, probabilities, label } = results;
  if (!(raw instanceof Float64Array) || label === undefined)
    throw new Error("the graph gives no raw outputs");
  return { raw, probabilities: probabilities instanceof Float64Array ? probabilities : null, label };
}

/** Opens the graph in the first runtime that loads: native, then WebAssembly. */
export async function openGraph(
  bytes: Uint8Array,
  log: (line: string) => void,
  order: readonly OrtName[] = ["onnx", "wasm"],
): Promise<OrtSession | { readonly reasons: readonly string[] }> {
  const reasons: string[] = [];
  for (const name of order) {
    try {
      return await openSession(name, bytes);
    } catch (error) {
      const reason = `${packageOf(name)}: ${error instanceof Error ? error.message : String(error)}`;
      reasons.push(reason);
      log(`${reason}; trying the next runtime`);
    }
  }
  return { reasons };
}
