/** What a trained model says of a test's rows, as it would be served. */
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { type StepFailure as Failure, StepFailure } from "../execute/step.ts";
import type { PortableModel } from "../portable/form.ts";
import { compileRow, type RowPrediction } from "../portable/predict.ts";
import { readModel } from "../portable/read.ts";
import { judgeBehaviour } from "./behaviour.ts";
import { judgeClaims, type Read } from "./claims.ts";
import { declarationOf, type TestContext } from "./context.ts";
import type { ClaimResult } from "./report.ts";
import { refusing, rowsOf, type TestRow } from "./rows.ts";
import { targetOf } from "./target.ts";

export async function testModel(context: TestContext): Promise<ClaimResult[]> {
  const { program, props, results, store } = context;
  const declaration = declarationOf(program, props.subject!.ref);
  const result = results.get(declaration.id);
  if (result === undefined) throw new Error(`no result of ${declaration.id}`);
  const { model } = await readModel(store, result.outputs);
  const target = targetOf(context, declaration, model);
  const claims = props.expect === undefined ? [] : judgePredictions(context, model, target);
  return [...claims, ...(await judgeBehaviour(context, declaration, model))];
}

function judgePredictions(
  context: TestContext,
  model: PortableModel,
  target: ColumnSchema | null,
): ClaimResult[] {
  const { declaration, props } = context;
  const predict = compileRow(model);
  const predictions = new Map<string, RowPrediction>();
  for (const [index, row] of rowsOf(props).entries()) {
    refuseAbsent(context, model, row, index);
    const prediction = refusing(declaration, index, row.name, () => predict(row.cells));
    predictions.set(row.name, prediction);
  }
  return judgeClaims(props.expect ?? [], (name, path) => member(model, target, predictions.get(name)!, path));
}

/** A model would take what is absent for missing; where it never saw a missing value that says nothing. */
function refuseAbsent(context: TestContext, model: PortableModel, row: TestRow, index: number): void {
  const absent = model.inputs.filter(({ name, nullable }) => !nullable && (row.cells[name] ?? null) === null);
  if (absent.length === 0) return;
  const { declaration } = context;
  const names = absent.map(({ name }) => `\`${name}\``).join(", ");
  throw new StepFailure({
    code: "ML6075",
    values: {
      row: `\`${row.name}\``,
      test: `\`${declaration.name}\``,
      problem: `the model reads ${names}, and it has no value`,
    },
    declaration: declaration.id,
    pointer: `/row/${index}`,
  }) satisfies Failure;
}

function member(
  model: PortableModel,
  target: ColumnSchema | null,
  prediction: RowPrediction,
  [what, named]: readonly string[],
): Read {
  if (what === "value") return { type: "float", value: prediction.predicted };
  if (what === "label") return labelRead(target, prediction.label);
  const place = named === undefined ? 1 : model.classes.indexOf(named);
  const known = prediction.probabilities !== null && (named !== undefined || model.classes.length === 2);
  const value = known ? (prediction.probabilities?.[place] ?? null) : null;
  return { type: "float", value };
}

/** A class has the type of its column: `true` is no text. */
function labelRead(target: ColumnSchema | null, label: string | null): Read {
  if (label === null) return { type: "string", value: null };
  if (target?.type === "boolean") return { type: "boolean", value: label === "true" };
  if (target?.type === "int" || target?.type === "float") return { type: "float", value: Number(label) };
  return { type: "string", value: label };
}
