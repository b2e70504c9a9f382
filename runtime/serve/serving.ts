/** One deployment, ready to answer: its checker, its evaluator and its writers, made once. */
import type { PortableModel, Predictions } from "../portable/form.ts";
import { isNumeric } from "../portable/input.ts";
import { compileRow, predictTable } from "../portable/predict.ts";
import { predictionWriter } from "./answer.ts";
import type { Manifest } from "./manifest.ts";
import type { Served } from "./metrics.ts";
import { headline, Problems, RequestRefused } from "./problem.ts";
import { compileChecker, type RequestChecker, type Row } from "./request.ts";
import { tableOf } from "./table.ts";

/** What `startServer` is given for each deployment. */
export interface ServedDeployment {
  readonly manifest: Manifest;
  readonly model: PortableModel;
  /** Columns whose values are never repeated. */
  readonly redacted: ReadonlySet<string>;
  /** Other columns of the training data; accepted and not read. */
  readonly ignored: ReadonlySet<string>;
  /** The bearer token's value; null asks for none. */
  readonly token: string | null;
}

export interface Serving {
  readonly manifest: Manifest;
  readonly model: PortableModel;
  readonly served: Served;
  readonly checker: RequestChecker;
  /** Rows of a batch, checked. Throws `RequestRefused` with every problem. */
  rows(values: readonly unknown[], status: number): Row[];
  /** Predicts checked rows. Throws `RequestRefused` where the model has no answer. */
  predict(rows: readonly Row[], status: number): Predictions;
  /** The body of the own route's answer to one object. */
  answerOne(value: unknown, withRaw: boolean): string;
  /** The body of the own route's answer to a batch. */
  answerMany(values: readonly unknown[], withRaw: boolean): string;
}

/** A well-formed request that the model cannot take. RFC 9110 §15.5.21. */
const UNPROCESSABLE = 422;

/** Up to so many rows, what is compiled already is quicker than laying out a table; the numbers are the same. */
const SMALL = 16;

function rowByRow(
  model: PortableModel,
  evaluate: ReturnType<typeof compileRow>,
  rows: readonly Row[],
): Predictions {
  const { outputs } = model.learner;
  const classes = model.classes.length;
  const raw = new Float64Array(rows.length * outputs);
  const probabilities = model.task === "regression" ? null : new Float64Array(rows.length * classes);
  const predicted = new Float64Array(rows.length);
  for (const [at, row] of rows.entries()) {
    const one = evaluate(row);
    raw.set(one.raw, at * outputs);
    if (one.probabilities !== null) probabilities?.set(one.probabilities, at * classes);
    predicted[at] = one.predicted;
  }
  return { rows: rows.length, raw, probabilities, predicted };
}

export function compileServing(deployment: ServedDeployment): Serving {
  const { manifest, redacted, ignored } = deployment;
  const model: PortableModel = { ...deployment.model, threshold: manifest.threshold };
  const checker = compileChecker(model.inputs, { missing: manifest.missing, redacted, ignored });
  const evaluate = compileRow(model);
  const write = predictionWriter(model);
  const tail = `,"model":${JSON.stringify(manifest.release)},"version":${manifest.version}}`;
  const outputs = model.learner.outputs;
  const classes = model.classes.length;

  const refuseUnanswered = (row: Row, at: number | null, status: number): never => {
    const problems = new Problems();
    problems.add(unanswered(model, row, at));
    throw new RequestRefused(status, headline(problems), problems);
  };

  const rows = (values: readonly unknown[], status: number): Row[] => {
    assertBatch(values.length, manifest.limits.batch);
    const problems = new Problems();
    const checked = values.map((value, at) => checker.row(value, at, problems));
    if (problems.count > 0) throw new RequestRefused(status, headline(problems), problems);
    return checked;
  };

  const predict = (checked: readonly Row[], status: number): Predictions => {
    const predictions =
      checked.length <= SMALL
        ? rowByRow(model, evaluate, checked)
        : predictTable(model, tableOf(model.inputs, checked));
    const { raw } = predictions;
    for (let i = 0; i < raw.length; i++) {
      const at = Math.floor(i / outputs);
      if (!Number.isFinite(raw[i])) refuseUnanswered(checked[at]!, at, status);
    }
    return predictions;
  };

  return {
    manifest,
    model,
    served: { model: manifest.release, version: manifest.version, variant: manifest.alias },
    checker,
    rows,
    predict,
    answerOne(value, withRaw) {
      const problems = new Problems();
      const row = checker.row(value, null, problems);
      if (problems.count > 0) throw new RequestRefused(UNPROCESSABLE, headline(problems), problems);
      const prediction = evaluate(row);
      for (let k = 0; k < outputs; k++)
        if (!Number.isFinite(prediction.raw[k])) refuseUnanswered(row, null, UNPROCESSABLE);
      const view = { ...prediction, rawAt: 0, probabilitiesAt: 0 };
      return `{${write(view, withRaw)}${tail}`;
    },
    answerMany(values, withRaw) {
      const { raw, probabilities, predicted } = predict(rows(values, UNPROCESSABLE), UNPROCESSABLE);
      const written: string[] = [];
      for (let i = 0; i < predicted.length; i++) {
        const view = {
          raw,
          rawAt: i * outputs,
          probabilities,
          probabilitiesAt: i * classes,
          predicted: predicted[i]!,
        };
        written.push(write(view, withRaw));
      }
      return `{"predictions":[{${written.join("},{")}}]${tail}`;
    },
  };
}

/** Refuses an empty batch and one over the deployment's limit. */
export function assertBatch(rows: number, limit: number): void {
  if (rows === 0) throw new RequestRefused(400, "The batch is empty; expected at least one row.");
  if (rows > limit)
    throw new RequestRefused(413, `The batch has ${rows} rows; at most ${limit} are taken at once.`);
}

/** A linear model has no answer where a number is missing that it was not taught to fill. */
function unanswered(model: PortableModel, row: Row, at: number | null) {
  const missing = model.inputs.filter((column) => isNumeric(column) && row[column.name] === null);
  const names = missing.map((column) => column.name).join(", ");
  const where = at === null ? "" : `Row ${at}: `;
  return {
    row: at,
    field: missing[0]?.name ?? null,
    expected: names === "" ? "values of which the model's result is a number" : "a number",
    message:
      names === ""
        ? `${where}The model's result for these values is not a finite number.`
        : `${where}The model has no answer where ${names} ${missing.length === 1 ? "is" : "are"} missing; expected a number.`,
  };
}
