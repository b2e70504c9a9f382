/** A part of the data as a learner sees it, computed by DuckDB. */
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { StepFailure } from "../execute/step.ts";
import type { Feature, Frame } from "../learn/frame.ts";
import type { FeatureUse, InputColumn, TransformStep } from "../portable/form.ts";
import { inputOf } from "../portable/input-column.ts";
import type { Store } from "../store/types.ts";
import { defaultEncoders, defaultTransform } from "./default-features.ts";
import { type Arrival, fetchColumns } from "./fetch.ts";
import { byCodeUnit } from "./load-table.ts";
import { readTarget } from "./load-target.ts";
import { outOfFoldValues } from "./out-of-fold.ts";
import { assertSourceOrder, columnOf, sourceRows } from "./rows.ts";
import { type Session, withSession } from "./session.ts";
import type { RowSource } from "./source.ts";
import { ROW_COLUMN } from "./table.ts";
import { vectorizeTexts } from "./tfidf.ts";
import { type FittedTransform, readsOf, readTransform, writesOf } from "./transform.ts";
import { type Placed, transformQuery } from "./transform-sql.ts";

export interface FrameOptions {
  /** How categories that no step encoded are read: one-hot, or natively by trees. */
  readonly encoding: "linear" | "trees";
  readonly target: string;
  /** The steps of the training part: this source in the same layout, nothing fitted. */
  readonly steps?: readonly TransformStep[];
  /** Who asks, for diagnostics; the source's declaration when not given. */
  readonly declaration?: string;
  readonly threads?: number;
}

export interface LoadedFrame {
  readonly frame: Frame;
  /** Everything between a raw row and the frame, only what the features need, in order. */
  readonly steps: readonly TransformStep[];
  readonly features: readonly FeatureUse[];
  /** Raw columns that the steps or the features read, sorted by name. */
  readonly inputs: readonly InputColumn[];
  /** [rows] each row's place in the source, ascending. */
  readonly rowIds: Float64Array;
}

/**
 * Rows whose target is missing are left out. Without `steps` the source is the training part: categories that no
 * step encoded get their levels from it, and target-encoded columns hold out-of-fold values.
 * @throws StepFailure ML4105 when a feature reads the target, ML4107 when a linear model would see missing numbers,
 * ML4109 for a part without rows, ML4112 without any feature.
 */
export async function loadFrame(
  store: Store,
  source: RowSource,
  options: FrameOptions,
): Promise<LoadedFrame> {
  const transform = source.transform
    ? await readTransform(store, source.transform)
    : defaultTransform(source.columns);
  columnOf(source, options.target);
  const session = { root: store.root, ...(options.threads ? { threads: options.threads } : {}) };
  return withSession(session, async (session) => {
    const { from, count } = await sourceRows(session, store, source, options.target);
    const seen = transform.columns.filter((column) => column.name !== options.target);
    const fitted =
      options.steps ??
      needed(
        [
          ...transform.steps,
          ...(await defaultEncoders(
            session,
            from,
            source.columns,
            transform,
            seen,
            options.encoding,
            declarationOf(source, options),
          )),
        ],
        seen.map((column) => column.name),
      );
    refuseTarget(source, options, fitted);
    const outputs = seen
      .flatMap((column) => outputsOf(column.name, fitted))
      .sort((a, b) => byCodeUnit(a.name, b.name));
    if (outputs.length === 0) throw failure(source, options, "ML4112", { target: options.target });
    const raw = inputColumns(source.columns, fitted, outputs);
    const query = transformQuery(from, raw, fitted);
    const { rowIds, features } = await fetchFeatures(session, query.sql, count, outputs, (name) =>
      query.place(name),
    );
    const complete = options.steps
      ? features
      : await withOutOfFold(session, source, from, count, transform, fitted, features, options.target);
    if (options.encoding === "linear" && !options.steps) refuseMissing(source, options, complete, fitted);
    return {
      frame: { rows: count, features: complete },
      steps: fitted,
      features: complete.map(useOf),
      inputs: raw.map(inputOf).sort((a, b) => byCodeUnit(a.name, b.name)),
      rowIds,
    };
  });
}

interface Output {
  readonly name: string;
  /** The last step that writes it, when that decides how it is read. */
  readonly step: Extract<TransformStep, { op: "category" | "tfidf" }> | null;
}

/** The features that one seen column becomes after the last step that reads and replaces it. */
function outputsOf(name: string, steps: readonly TransformStep[]): Output[] {
  const encoder = steps.findLast((step) => step.op === "one_hot" && step.column === name);
  if (encoder) return writesOf(encoder).map((output) => ({ name: output, step: null }));
  const last = steps.findLast((step) => writesOf(step).includes(name));
  return [{ name, step: last?.op === "category" || last?.op === "tfidf" ? last : null }];
}

/** The steps that lead to `names`, in order; the others have no effect on the features. */
function needed(steps: readonly TransformStep[], names: readonly string[]): TransformStep[] {
  const wanted = new Set(names);
  const kept: TransformStep[] = [];
  for (const step of [...steps].reverse()) {
    // A one-hot's outputs have names of their own; its column is what the model sees.
    const leads =
      writesOf(step).some((name) => wanted.has(name)) || (step.op === "one_hot" && wanted.has(step.column));
    if (!leads) continue;
    kept.push(step);
    for (const name of readsOf(step)) wanted.add(name);
  }
  return kept.reverse();
}

function inputColumns(
  columns: readonly ColumnSchema[],
  steps: readonly TransformStep[],
  outputs: readonly Output[],
): ColumnSchema[] {
  const read = new Set([...outputs.map((output) => output.name), ...steps.flatMap(readsOf)]);
  return columns.filter((column) => read.has(column.name));
}

async function fetchFeatures(
  session: Session,
  sql: string,
  count: number,
  outputs: readonly Output[],
  place: (name: string) => Placed | null,
): Promise<{ rowIds: Float64Array; features: Feature[] }> {
  const arrivals = outputs.map((output): { name: string; as: Arrival } => {
    const name = output.step?.op === "tfidf" ? output.step.column : output.name;
    const placed = place(name);
    if (!placed) throw new Error(`nothing gives the feature ${name}`);
    return {
      name: placed.alias,
      as: { number: "double", code: "integer", string: "text" }[placed.type] as Arrival,
    };
  });
  const fetched = await fetchColumns(session, sql, count, [{ name: ROW_COLUMN, as: "double" }, ...arrivals]);
  const rowIds = fetched.columns[0] as Float64Array;
  assertSourceOrder(rowIds);
  const features = outputs.map(({ name, step }, i): Feature => {
    const values = fetched.columns[i + 1]!;
    if (step?.op === "tfidf") return vectorizeTexts(step, values as (string | null)[]);
    if (step?.op === "category")
      return { kind: "category", name, codes: values as Int32Array, levels: step.levels };
    return { kind: "numeric", name, values: values as Float64Array };
  });
  return { rowIds, features };
}

/** Training rows of target-encoded columns get the means of the other folds, through the steps that follow. */
async function withOutOfFold(
  session: Session,
  source: RowSource,
  from: string,
  count: number,
  transform: FittedTransform,
  steps: readonly TransformStep[],
  features: readonly Feature[],
  target: string,
): Promise<Feature[]> {
  const encoded = transform.outOfFold.filter((fold) =>
    features.some((feature) => feature.name === fold.output),
  );
  if (encoded.length === 0 || source.part !== transform.fittedOn) return [...features];
  const label = await readTarget(session, source, from, count, target);
  const replaced = new Map<string, Float64Array>();
  for (const fold of encoded) {
    const at = steps.findIndex((step) => step.op === "target" && step.output === fold.output);
    const column = columnOf(source, fold.column);
    const before = transformQuery(from, inputColumns(source.columns, steps, []), steps.slice(0, at));
    const placed = before.place(column.name);
    if (!placed) throw new Error(`nothing gives ${column.name}`);
    const fetched = await fetchColumns(session, before.sql, count, [{ name: placed.alias, as: "text" }]);
    const values = outOfFoldValues(fetched.columns[0] as (string | null)[], label.values, label.rowIds, fold);
    replaced.set(fold.output, followed(values, fold.output, steps.slice(at + 1)));
  }
  return features.map((feature) => {
    const values = replaced.get(feature.name);
    return values ? { kind: "numeric", name: feature.name, values } : feature;
  });
}

/** Applies the steps that scale or bucket an encoded column further. */
function followed(values: Float64Array, name: string, steps: readonly TransformStep[]): Float64Array {
  let current = values;
  for (const step of steps) {
    if (step.op === "scale" && step.column === name)
      current = current.map((x) => (x - step.offset) / step.factor);
    if (step.op === "bucket" && step.column === name) {
      current = current.map((x) => (Number.isNaN(x) ? x : step.edges.filter((edge) => edge <= x).length));
    }
  }
  return current;
}

function useOf(feature: Feature): FeatureUse {
  return {
    name: feature.name,
    kind: feature.kind,
    width: feature.kind === "sparse" ? feature.names.length : 1,
  };
}

function refuseTarget(source: RowSource, options: FrameOptions, steps: readonly TransformStep[]): void {
  const reader = steps.find((step) => readsOf(step).includes(options.target));
  if (!reader) return;
  throw failure(source, options, "ML4105", { target: options.target, feature: writesOf(reader)[0] ?? "" });
}

function refuseMissing(
  source: RowSource,
  options: FrameOptions,
  features: readonly Feature[],
  steps: readonly TransformStep[],
): void {
  const missing = features.flatMap((feature) => {
    if (feature.kind !== "numeric") return [];
    const count = feature.values.reduce((sum, x) => (Number.isNaN(x) ? sum + 1 : sum), 0);
    return count > 0 ? [{ name: feature.name, count }] : [];
  });
  const [first] = missing;
  if (!first) return;
  const derived = steps.some((step) => step.op === "derive" && step.output === first.name);
  throw failure(
    source,
    options,
    "ML4107",
    {
      column: first.name,
      count: String(first.count),
      fix: derived
        ? `give \`${first.name}\` a value where what it reads has none (impute those columns, or test for 0 with if)`
        : `add \`impute { ${first.name} = median }\` to the features`,
    },
    missing.map(({ name, count }) => `${name}: ${count} missing`),
  );
}

function failure(
  source: RowSource,
  options: FrameOptions,
  code: string,
  values: Record<string, string>,
  details?: readonly string[],
): StepFailure {
  return new StepFailure({
    code,
    values,
    declaration: declarationOf(source, options),
    ...(details ? { details } : {}),
  });
}

function declarationOf(source: RowSource, options: FrameOptions): string {
  return options.declaration ?? source.declaration;
}
