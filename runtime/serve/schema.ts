/** JSON Schema (2020-12) of a model's requests and answers, and an example row. */
import { formatOf } from "../portable/dates.ts";
import type { InputColumn, PortableModel } from "../portable/form.ts";
import { isNumeric } from "../portable/input.ts";
import { expectation } from "./problem.ts";

/** One row as a caller sends it. */
export type ExampleRow = Readonly<Record<string, string | number | boolean | null>>;

export type Schema = Readonly<Record<string, unknown>>;

export interface ObjectSchema extends Schema {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
}

/** What of a model its callers see: of one that is there, or of one that a spec will make. */
export interface ModelFace {
  readonly task: PortableModel["task"];
  readonly inputs: readonly InputColumn[];
  /** Null where only the data tells. */
  readonly classes: readonly string[] | null;
  /** The data may hold fewer classes than are declared. */
  readonly mayLackClasses?: boolean;
  /** Null where only the data tells. */
  readonly threshold: number | null;
}

/** One column: type, range, values and what its absence means. */
export function columnSchema(column: InputColumn): Schema {
  const base = JSON_TYPES[column.type];
  const type = column.nullable ? [base, "null"] : base;
  const values = column.values === null ? null : column.nullable ? [...column.values, null] : column.values;
  const dated = column.type === "date" || column.type === "timestamp";
  return {
    type,
    ...(values === null ? {} : { enum: values }),
    ...(column.min === null || dated ? {} : { minimum: column.min }),
    ...(column.max === null || dated ? {} : { maximum: column.max }),
    ...(dated && column.format === null ? { format: column.type === "date" ? "date" : "date-time" } : {}),
    description: [column.doc, `${expectation(column)}.`].filter(Boolean).join(" "),
  };
}

const JSON_TYPES: Readonly<Record<InputColumn["type"], string>> = {
  int: "integer",
  float: "number",
  boolean: "boolean",
  category: "string",
  string: "string",
  text: "string",
  date: "string",
  timestamp: "string",
};

/** One row of the model's inputs. */
export function rowSchema(model: Pick<ModelFace, "inputs">, missing: "impute" | "refuse"): Schema {
  const required = model.inputs.filter((column) => missing === "refuse" || !column.nullable);
  return {
    type: "object",
    properties: Object.fromEntries(model.inputs.map((column) => [column.name, columnSchema(column)])),
    required: required.map((column) => column.name),
  };
}

/**
 * What the deployment's own route takes: one row, an array of rows, or `{rows: [...]}`.
 * @param row the schema of one row, or a reference to it
 */
export function requestSchema(row: Schema, batchLimit: number): Schema {
  const rows = { type: "array", items: row, minItems: 1, maxItems: batchLimit };
  return {
    oneOf: [
      row,
      { type: "object", properties: { rows }, required: ["rows"], additionalProperties: false },
      rows,
    ],
  };
}

/** One prediction, without the model's name and version. */
export function predictionSchema(model: ModelFace): ObjectSchema {
  const raw = {
    type: "array",
    items: { type: "number" },
    description: "The learner's outputs before the link, with ?raw=true.",
  };
  if (model.task === "regression") {
    return { type: "object", properties: { value: { type: "number" }, raw }, required: ["value"] };
  }
  return {
    type: "object",
    properties: {
      label: { ...classSchema(model), description: labelRule(model) },
      probability: { ...SHARE, description: "Of the label." },
      probabilities: probabilitiesSchema(model),
      raw,
    },
    required: ["label", "probability", "probabilities"],
  };
}

const SHARE = { type: "number", minimum: 0, maximum: 1 };

const classSchema = ({ classes }: ModelFace): Schema =>
  classes === null ? { type: "string" } : { type: "string", enum: classes };

function probabilitiesSchema({ classes, mayLackClasses }: ModelFace): Schema {
  if (classes === null) return { type: "object", additionalProperties: SHARE };
  return {
    type: "object",
    properties: Object.fromEntries(classes.map((name) => [name, SHARE])),
    required: mayLackClasses === true ? [] : classes,
  };
}

function labelRule({ task, classes, threshold }: ModelFace): string {
  const positive = classes?.[1];
  if (task !== "binary" || positive === undefined) return "The most probable class.";
  return threshold === null
    ? `${positive} from the probability on that the model's release decides by.`
    : `${positive} when its probability is at least ${threshold}.`;
}

/** One row of what a batch writes: columns of the input, then its own. */
export function batchRowSchema(model: ModelFace, included: readonly InputColumn[]): ObjectSchema {
  const own =
    model.task === "regression"
      ? { prediction: { type: "number" }, score: { type: "number" } }
      : {
          prediction: { ...classSchema(model), description: labelRule(model) },
          probability: { ...SHARE, description: "Of the predicted class." },
          score: {
            ...SHARE,
            description:
              model.task === "binary"
                ? "Of the positive class."
                : "Of the predicted class; `top` ranks by it.",
          },
        };
  const columns = Object.fromEntries(included.map((column) => [column.name, columnSchema(column)]));
  const properties = { ...columns, ...own };
  return { type: "object", properties, required: Object.keys(properties) };
}

const SERVED = {
  model: { type: "string", description: "The registered name." },
  version: { type: "integer", description: "The registered version that answered." },
};

/** The answer to one row: a prediction, and what made it. */
export function answerSchema(prediction: ObjectSchema): ObjectSchema {
  return {
    type: "object",
    properties: { ...prediction.properties, ...SERVED },
    required: [...prediction.required, "model", "version"],
  };
}

/**
 * The answer to a batch.
 * @param prediction the schema of one prediction, or a reference to it
 */
export function answersSchema(prediction: Schema): ObjectSchema {
  return {
    type: "object",
    properties: { predictions: { type: "array", items: prediction }, ...SERVED },
    required: ["predictions", "model", "version"],
  };
}

/** What the deployment's own route answers: one prediction, or `predictions` for a batch. */
export function responseSchema(model: ModelFace): Schema {
  const prediction = predictionSchema(model);
  return { oneOf: [answerSchema(prediction), answersSchema(prediction)] };
}

/**
 * A row that passes the request's check: golden values where they fit the column, a stand-in elsewhere and in
 * redacted columns.
 */
export function exampleRow(
  model: PortableModel,
  golden: Readonly<Record<string, unknown>> | null,
  redacted: ReadonlySet<string>,
): ExampleRow {
  const row: Record<string, string | number | boolean | null> = {};
  for (const column of model.inputs) {
    const value = redacted.has(column.name) ? undefined : golden?.[column.name];
    row[column.name] = fits(column, value) ? (value as string | number | boolean | null) : standIn(column);
  }
  return row;
}

function fits(column: InputColumn, value: unknown): boolean {
  if (value === null) return column.nullable;
  if (column.type === "boolean") return typeof value === "boolean";
  if (isNumeric(column) && column.type !== "date" && column.type !== "timestamp") {
    return typeof value === "number" && Number.isFinite(value);
  }
  return typeof value === "string" && value !== "";
}

function standIn(column: InputColumn): string | number | boolean | null {
  if (column.nullable) return null;
  if (column.values !== null) return column.values[0] ?? null;
  if (column.type === "boolean") return false;
  if (column.type === "date" || column.type === "timestamp")
    return formatOf(column) === "ISO 8601" ? "2026-01-31" : null;
  if (isNumeric(column)) return Math.max(column.min ?? 0, Math.min(0, column.max ?? 0));
  return "…";
}
