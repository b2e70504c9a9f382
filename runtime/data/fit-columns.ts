/** Fitting one column each: impute, encode, scale, bucket, vectorize. */
import type { CallUse } from "../../language/vocabulary/types.ts";
import { parseSeconds } from "../portable/dates.ts";
import type { TransformStep } from "../portable/form.ts";
import { type FitContext, fitFailure, isText, numbersOf, pointerTo, textsOf, typeOf } from "./fit-context.ts";
import { byCodeUnit } from "./load-table.ts";
import { targetMeans } from "./out-of-fold.ts";
import { deviation, mean, mode, quantile, sortedValues } from "./statistics.ts";
import { fitTfidf } from "./tfidf.ts";
import type { OutOfFold } from "./transform.ts";

/** @throws StepFailure ML4102 when the training part has no value, ML4103 when the statistic does not fit the type. */
export async function fitImpute(context: FitContext, column: string, use: CallUse): Promise<TransformStep> {
  const pointer = pointerTo("impute", column);
  const type = typeOf(context, column, pointer);
  const given = use.call === "value" ? use.args["value"] : undefined;
  const misfit = () => fitFailure(context, "ML4103", pointer, { column, type, what: say(use) });
  if (isText(type)) {
    if (given !== undefined) {
      if (typeof given !== "string" && typeof given !== "number") throw misfit();
      return { op: "impute_string", column, value: String(given) };
    }
    if (use.call !== "mode") throw misfit();
    const value = mode(await textsOf(context, column));
    if (value === null) throw fitFailure(context, "ML4102", pointer, { column });
    return { op: "impute_string", column, value };
  }
  if (typeof given === "string" && (type === "date" || type === "timestamp")) {
    const seconds = parseSeconds(given, "ISO 8601");
    if (seconds === null) throw misfit();
    return { op: "impute_number", column, value: seconds };
  }
  if (given !== undefined) {
    if (typeof given !== (type === "boolean" ? "boolean" : "number")) throw misfit();
    return { op: "impute_number", column, value: Number(given) };
  }
  if (type === "boolean" && use.call !== "mode") throw misfit();
  const values = await numbersOf(context, column);
  const sorted = sortedValues(values);
  if (sorted.length === 0) throw fitFailure(context, "ML4102", pointer, { column });
  if (use.call === "median") return { op: "impute_number", column, value: quantile(sorted, 0.5) };
  if (use.call === "mean") return { op: "impute_number", column, value: mean(values) };
  return { op: "impute_number", column, value: mode(values) ?? 0 };
}

export interface FittedEncoding {
  readonly step: TransformStep;
  readonly outOfFold: OutOfFold | null;
}

/** @throws StepFailure ML4103 for a column that is no text, ML4108 when a target encoding has no label that it fits. */
export async function fitEncoding(
  context: FitContext,
  column: string,
  use: CallUse,
): Promise<FittedEncoding> {
  const pointer = pointerTo("encode", column);
  const type = typeOf(context, column, pointer);
  if (!isText(type)) throw fitFailure(context, "ML4103", pointer, { column, type, what: say(use) });
  if (use.call === "target") return fitTarget(context, column, use);
  const counts = new Map<string, number>();
  for (const value of await textsOf(context, column)) {
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const values = [...counts.keys()].sort(byCodeUnit);
  if (use.call === "ordinal") {
    const order = use.args["order"] as readonly string[] | undefined;
    return { step: { op: "ordinal", column, output: column, levels: order ?? values }, outOfFold: null };
  }
  const least = (use.args["min_count"] as number | undefined) ?? 1;
  const levels = values.filter((value) => counts.get(value)! >= least);
  const rare = values.filter((value) => counts.get(value)! < least);
  const outputs = levels.map((level) => `${column}=${level}`);
  const other = rare.length > 0 ? { levels: rare, output: freshName(`${column}=other`, outputs) } : null;
  return { step: { op: "one_hot", column, levels, outputs, other }, outOfFold: null };
}

async function fitTarget(context: FitContext, column: string, use: CallUse): Promise<FittedEncoding> {
  const pointer = pointerTo("encode", column);
  const { label } = context;
  if (!label)
    throw fitFailure(context, "ML4108", pointer, { column, problem: "no model or schema names a label" });
  const target = await label.read();
  if (target.task === "multiclass") {
    throw fitFailure(context, "ML4108", pointer, {
      column,
      problem: `${label.name} has ${target.classes.length} classes`,
    });
  }
  const smoothing = (use.args["smoothing"] as number | undefined) ?? 10;
  const folds = (use.args["folds"] as number | undefined) ?? 5;
  const means = targetMeans(await textsOf(context, column, label), target.values, smoothing);
  const levels = [...means.byLevel.keys()].sort(byCodeUnit);
  const values = levels.map((level) => means.byLevel.get(level)!);
  return {
    step: { op: "target", column, output: column, levels, values, default: means.overall },
    outOfFold: { column, output: column, folds, smoothing },
  };
}

/** @throws StepFailure ML4102, ML4103 */
export async function fitScale(context: FitContext, column: string, use: CallUse): Promise<TransformStep> {
  const sorted = await trainedNumbers(context, "scale", column, use);
  const [offset, factor] = scaleOf(use.call, sorted);
  // A constant column stays constant: dividing by its spread would make it missing.
  return { op: "scale", column, output: column, offset, factor: factor > 0 ? factor : 1 };
}

function scaleOf(call: string, { values, sorted }: Numbers): [number, number] {
  if (call === "min_max") return [sorted[0]!, sorted.at(-1)! - sorted[0]!];
  if (call === "robust") return [quantile(sorted, 0.5), quantile(sorted, 0.75) - quantile(sorted, 0.25)];
  const center = mean(values);
  return [center, deviation(values, center)];
}

/** @throws StepFailure ML4102, ML4103 */
export async function fitBucket(context: FitContext, column: string, use: CallUse): Promise<TransformStep> {
  if (use.call === "edges") {
    const at = use.args["at"] as readonly number[];
    return { op: "bucket", column, output: column, edges: [...at].sort((a, b) => a - b) };
  }
  const { sorted } = await trainedNumbers(context, "bucket", column, use);
  const count = use.args["count"] as number;
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  const edges = Array.from({ length: count - 1 }, (_, i) => {
    const share = (i + 1) / count;
    return use.call === "uniform" ? low + (high - low) * share : quantile(sorted, share);
  });
  return { op: "bucket", column, output: column, edges: [...new Set(edges)] };
}

/** @throws StepFailure ML4111 when no term is left, ML4103 */
export async function fitVectorizer(
  context: FitContext,
  column: string,
  use: CallUse,
): Promise<TransformStep> {
  const pointer = pointerTo("vectorize", column);
  const type = typeOf(context, column, pointer);
  if (!isText(type)) throw fitFailure(context, "ML4103", pointer, { column, type, what: say(use) });
  const step = fitTfidf(column, await textsOf(context, column), {
    maxTerms: (use.args["max_terms"] as number | undefined) ?? 5000,
    minRows: (use.args["min_rows"] as number | undefined) ?? 1,
    ngrams: (use.args["ngrams"] as number | undefined) ?? 1,
    sublinear: (use.args["sublinear"] as boolean | undefined) ?? false,
  });
  if (step.terms.length === 0) throw fitFailure(context, "ML4111", pointer, { column });
  return step;
}

interface Numbers {
  readonly values: Float64Array;
  readonly sorted: Float64Array;
}

async function trainedNumbers(
  context: FitContext,
  block: string,
  column: string,
  use: CallUse,
): Promise<Numbers> {
  const pointer = pointerTo(block, column);
  const type = typeOf(context, column, pointer);
  const encoded = context.steps.some(
    (step) => (step.op === "target" || step.op === "ordinal") && step.output === column,
  );
  if (isText(type) && !encoded)
    throw fitFailure(context, "ML4103", pointer, { column, type, what: say(use) });
  const values = await numbersOf(context, column);
  const sorted = sortedValues(values);
  if (sorted.length === 0) throw fitFailure(context, "ML4102", pointer, { column });
  return { values, sorted };
}

function say(use: CallUse): string {
  return use.call === "value" ? JSON.stringify(use.args["value"]) : use.call;
}

function freshName(name: string, taken: readonly string[]): string {
  return taken.includes(name) ? freshName(`${name}_`, taken) : name;
}
