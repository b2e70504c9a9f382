/**
 * MLflow's scoring protocol: `/ping`, `/health`, `/version`, `/invocations` with exactly one of `dataframe_split`,
 * `dataframe_records`, `instances`, `inputs`, or CSV. Source: MLflow's documentation, "Local Inference Server".
 */
import type { FastifyInstance } from "fastify";
import type { Predictions } from "../portable/form.ts";
import { CsvBody, readCsvBodies, readPythonBodies } from "./body.ts";
import { csvRows, rowsOfColumns, rowsOfTable } from "./frames.ts";
import type { Guard } from "./guard.ts";
import { RequestRefused } from "./problem.ts";
import type { Serving } from "./serving.ts";

const FORMS = ["dataframe_split", "dataframe_records", "instances", "inputs"] as const;

/** Adds `{prefix}/invocations`; the prefix is empty for a server's only deployment. */
export function invocationsRoute(app: FastifyInstance, serving: Serving, guard: Guard, prefix: string): void {
  app.register(async (scope) => {
    readPythonBodies(scope);
    readCsvBodies(scope);
    scope.post(`${prefix}/invocations`, guard.options("mlflow"), (request, reply) => {
      const body: unknown = request.body;
      const output = body instanceof CsvBody ? "label" : outputOf(body);
      const values = body instanceof CsvBody ? csvRows(serving.checker.columns, body) : rowsOf(serving, body);
      const predictions = serving.predict(serving.rows(values, 400), 400);
      reply.send({
        predictions: output === "label" ? labels(serving, predictions) : probabilities(serving, predictions),
      });
    });
  });
}

function labels(serving: Serving, predictions: Predictions): (string | number)[] {
  const { classes, task } = serving.model;
  return Array.from(predictions.predicted, (value) => (task === "regression" ? value : classes[value]!));
}

function probabilities(serving: Serving, { probabilities: all }: Predictions): Record<string, number>[] {
  const { classes } = serving.model;
  if (all === null) throw new RequestRefused(400, 'params.output is "probabilities"; a regression has none.');
  return Array.from({ length: all.length / classes.length }, (_, row) =>
    Object.fromEntries(classes.map((name, k) => [name, all[row * classes.length + k]!])),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function rowsOf(serving: Serving, body: unknown): readonly unknown[] {
  if (!isObject(body))
    throw new RequestRefused(400, `The body is no object; expected one of ${FORMS.join(", ")}.`);
  const given = FORMS.filter((form) => body[form] !== undefined);
  const strange = Object.keys(body).find((name) => name !== "params" && !FORMS.some((form) => form === name));
  if (strange !== undefined)
    throw new RequestRefused(
      400,
      `${JSON.stringify(strange.slice(0, 100))} is not expected; the body takes ${FORMS.join(", ")} and params.`,
    );
  const form = given[0];
  if (form === undefined || given.length > 1) {
    throw new RequestRefused(
      400,
      `The body has ${given.join(" and ") || "none"}; expected exactly one of ${FORMS.join(", ")}.`,
    );
  }
  const value = body[form];
  if (form === "dataframe_split") return splitRows(value);
  if (form === "inputs" && isObject(value)) return rowsOfColumns(value, "inputs");
  if (!Array.isArray(value))
    throw new RequestRefused(400, `${form} is no list; expected a list of objects, one for each row.`);
  // TensorFlow Serving's row format may be a bare list of values, in the order of the signature.
  const names = serving.checker.columns.map((column) => column.name);
  if (value.length > 0 && value.every(Array.isArray)) return rowsOfTable(names, value, form);
  return value;
}

function splitRows(value: unknown): readonly unknown[] {
  if (!isObject(value) || !Array.isArray(value["columns"]) || !Array.isArray(value["data"])) {
    throw new RequestRefused(400, "dataframe_split must be an object with the lists columns and data.");
  }
  return rowsOfTable(value["columns"], value["data"], "dataframe_split.data");
}

function outputOf(body: unknown): "label" | "probabilities" {
  const params = isObject(body) ? body["params"] : undefined;
  if (params === undefined || params === null) return "label";
  if (!isObject(params))
    throw new RequestRefused(400, 'params is no object; expected for example {"output": "probabilities"}.');
  for (const name of Object.keys(params)) {
    if (name !== "output")
      throw new RequestRefused(400, `params.${name.slice(0, 100)} is unknown; the only parameter is output.`);
  }
  const output = params["output"] ?? "label";
  if (output === "label" || output === "probabilities") return output;
  throw new RequestRefused(400, 'params.output must be "label" or "probabilities".');
}
