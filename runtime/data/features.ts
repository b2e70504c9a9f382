/** The work of a `features` step: everything that learns from data learns from the training part, and no other row. */
import type { Features } from "../../stdlib/kinds/features.ts";
import type { Json, StepContext, StepResult } from "../execute/step.ts";
import { seenByDefault } from "./default-features.ts";
import { deriveSteps, isQuestion } from "./derive.ts";
import { fitBucket, fitEncoding, fitImpute, fitScale, fitVectorizer } from "./fit-columns.ts";
import { type FitContext, fitFailure, isText, pointerTo, typeOf } from "./fit-context.ts";
import { readTarget } from "./load-target.ts";
import { sourceRows } from "./rows.ts";
import { withSession } from "./session.ts";
import { datasetSource } from "./source.ts";
import { trainingOf } from "./training.ts";
import { type FittedTransform, type OutOfFold, type SeenColumn, writesOf } from "./transform.ts";

/** Fits the declaration's transforms; outputs `transform`. */
export async function fitFeatures(context: StepContext): Promise<StepResult> {
  // The IR's props passed the kind's own schema when the spec was checked.
  const props = context.props as unknown as Features;
  const dataset = context.inputs.get(props.from.ref);
  if (!dataset) throw new Error(`no result of ${props.from.ref}`);
  const training = trainingOf(
    context.program,
    context.declaration,
    Object.keys((dataset.summary["parts"] ?? {}) as object),
  );
  const source = datasetSource(props.from.ref, dataset, training.part);
  return withSession({ root: context.store.root, threads: context.threads }, async (session) => {
    const rows = await sourceRows(session, context.store, source);
    const labelName =
      training.target ?? source.columns.find((column) => column.role === "label")?.name ?? null;
    const labelled = labelName === null ? null : await sourceRows(session, context.store, source, labelName);
    const fit: FitContext = {
      session,
      ...rows,
      columns: source.columns,
      steps: [],
      derived: new Map(),
      declaration: context.declaration.id,
      dataset: props.from.ref,
      label:
        labelName === null || labelled === null
          ? null
          : {
              name: labelName,
              ...labelled,
              read: () => readTarget(session, source, labelled.from, labelled.count, labelName),
            },
    };
    const outOfFold = await fitSteps(fit, props, context.signal);
    const transform: FittedTransform = {
      format: 1,
      fittedOn: training.part,
      target: outOfFold.length > 0 ? labelName : null,
      steps: fit.steps,
      columns: seenColumns(fit, props),
      outOfFold,
    };
    return {
      outputs: { transform: await context.store.put(JSON.stringify(transform)) },
      summary: summaryOf(transform, rows.count),
    };
  });
}

/** In the order of meaning: impute, derive, encode, bucket, vectorize, scale; columns by name. */
async function fitSteps(fit: FitContext, props: Features, signal: AbortSignal): Promise<OutOfFold[]> {
  const outOfFold: OutOfFold[] = [];
  const each = async <T>(
    block: Readonly<Record<string, T>> | undefined,
    work: (name: string, use: T) => Promise<void>,
  ) => {
    for (const name of Object.keys(block ?? {}).sort()) {
      signal.throwIfAborted();
      await work(name, block![name]!);
    }
  };
  await each(props.impute, async (name, use) => void fit.steps.push(await fitImpute(fit, name, use)));
  fit.steps.push(...deriveSteps(fit, props.derive ?? {}));
  await each(props.encode, async (name, use) => {
    // A boolean is 0 and 1 already.
    if (isQuestion(fit, name) || typeOf(fit, name, pointerTo("encode", name)) === "boolean") return;
    const fitted = await fitEncoding(fit, name, use);
    fit.steps.push(fitted.step);
    if (fitted.outOfFold) outOfFold.push(fitted.outOfFold);
  });
  await each(props.bucket, async (name, use) => void fit.steps.push(await fitBucket(fit, name, use)));
  await each(props.vectorize, async (name, use) => void fit.steps.push(await fitVectorizer(fit, name, use)));
  await each(props.scale, async (name, use) => void fit.steps.push(await fitScale(fit, name, use)));
  return outOfFold;
}

/** What a model sees, sorted by name. */
function seenColumns(fit: FitContext, props: Features): SeenColumn[] {
  const dropped = new Set(props.drop ?? []);
  const named = new Set([...Object.keys(props.encode ?? {}), ...Object.keys(props.vectorize ?? {})]);
  const raw = fit.columns.filter((column) => {
    if (dropped.has(column.name)) return false;
    if (props.only) return props.only.includes(column.name);
    return seenByDefault(column) !== null || (named.has(column.name) && column.role !== "label");
  });
  const names = [
    ...raw.map((column) => column.name),
    ...[...fit.derived.keys()].filter((name) => !dropped.has(name)),
  ];
  return names
    .flatMap((name) => seenAs(fit, name))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function seenAs(fit: FitContext, name: string): SeenColumn[] {
  const replacing = fit.steps.findLast(
    (step) => "column" in step && step.column === name && !step.op.startsWith("impute"),
  );
  if (replacing?.op === "one_hot")
    return writesOf(replacing).map((output) => ({ name: output, type: "number", from: name }));
  if (replacing?.op === "tfidf") return [{ name, type: "text", from: name }];
  if (replacing) return [{ name, type: "number", from: name }];
  const type = typeOf(fit, name, "/only");
  if (type === "text" || type === "date" || type === "timestamp") {
    throw fitFailure(fit, "ML4103", "/only", { column: name, type, what: "only" });
  }
  return [{ name, type: isText(type) ? "string" : "number", from: name }];
}

function summaryOf(transform: FittedTransform, rows: number): Record<string, Json> {
  const imputed: Record<string, Json> = {};
  for (const step of transform.steps) {
    if (step.op === "impute_number" || step.op === "impute_string") imputed[step.column] = step.value;
  }
  return {
    rows,
    fitted_on: transform.fittedOn,
    imputed,
    columns: transform.columns.map((column) => ({ name: column.name, type: column.type, from: column.from })),
  };
}
