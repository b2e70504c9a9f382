/**
 * The Open Inference Protocol, version 2 (KServe, Triton): metadata, health and `infer` with one named tensor
 * [N] or [N, 1] for each column. https://github.com/kserve/open-inference-protocol
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { InputColumn, Predictions } from "../portable/form.ts";
import type { Guard } from "./guard.ts";
import { refuse } from "./guard.ts";
import { RequestRefused } from "./problem.ts";
import type { Serving } from "./serving.ts";
import { inferenceRows } from "./tensors.ts";

interface ModelPath {
  readonly model: string;
  readonly version?: string;
}

/** Models go by the deployment's name or by the registered name (the first deployment of it). */
export function inferenceRoutes(
  app: FastifyInstance,
  servings: readonly Serving[],
  guards: ReadonlyMap<Serving, Guard>,
  state: { readonly version: string; isReady(): boolean },
): void {
  app.get("/v2", () => ({ name: "mlops", version: state.version, extensions: [] }));
  app.get("/v2/health/live", () => ({ live: true }));
  app.get("/v2/health/ready", (_request, reply) =>
    reply.code(state.isReady() ? 200 : 503).send({ ready: state.isReady() }),
  );

  const named = new Map<string, Serving>();
  for (const serving of servings) named.set(serving.manifest.name, serving);
  for (const serving of servings)
    if (!named.has(serving.manifest.release)) named.set(serving.manifest.release, serving);
  for (const [name, serving] of named) {
    const version = String(serving.manifest.version);
    const base = `/v2/models/${encodeURIComponent(name)}`;
    for (const path of [base, `${base}/versions/${version}`]) {
      app.get(path, () => metadata(name, serving));
      app.get(`${path}/ready`, (_request, reply) =>
        reply.code(state.isReady() ? 200 : 503).send({ name, ready: state.isReady() }),
      );
      app.post(`${path}/infer`, guards.get(serving)!.options("inference"), (request, reply) => {
        reply.send(infer(name, serving, request.body));
      });
    }
  }
  const missing = (request: FastifyRequest): RequestRefused => {
    const { model, version } = request.params as ModelPath;
    const known = named.get(model);
    if (known === undefined)
      return new RequestRefused(
        404,
        `There is no model ${model.slice(0, 100)}; this server has ${[...named.keys()].join(", ")}.`,
      );
    return new RequestRefused(
      404,
      `${model} has no version ${String(version).slice(0, 100)} here; version ${known.manifest.version} is served.`,
    );
  };
  for (const path of ["/v2/models/:model", "/v2/models/:model/versions/:version"]) {
    app.get(path, (request, reply) => refuse(reply, "inference", missing(request)));
    app.get(`${path}/ready`, (request, reply) => refuse(reply, "inference", missing(request)));
    app.post(`${path}/infer`, (request, reply) => refuse(reply, "inference", missing(request)));
  }
}

const DATATYPES: Readonly<Record<InputColumn["type"], string>> = {
  int: "INT64",
  float: "FP64",
  boolean: "BOOL",
  category: "BYTES",
  string: "BYTES",
  text: "BYTES",
  date: "BYTES",
  timestamp: "BYTES",
};

function metadata(name: string, { manifest, model }: Serving): object {
  return {
    name,
    versions: [String(manifest.version)],
    platform: "mlops_portable",
    inputs: model.inputs.map((column) => ({
      name: column.name,
      datatype: DATATYPES[column.type],
      shape: [-1, 1],
    })),
    outputs: outputNames(model.task).map((output) => ({
      name: output,
      datatype: output === "label" ? "BYTES" : "FP64",
      shape:
        output === "probabilities"
          ? [-1, model.classes.length]
          : output === "raw"
            ? [-1, model.learner.outputs]
            : [-1],
    })),
  };
}

function outputNames(task: string): readonly string[] {
  return task === "regression" ? ["value", "raw"] : ["label", "probabilities", "raw"];
}

function infer(name: string, serving: Serving, body: unknown): object {
  const { id, values, outputs } = inferenceRows(serving.checker.columns, body);
  const known = outputNames(serving.model.task);
  for (const output of outputs ?? []) {
    if (!known.includes(output))
      throw new RequestRefused(
        400,
        `There is no output ${output.slice(0, 100)}; the outputs are ${known.join(", ")}.`,
      );
  }
  const predictions = serving.predict(serving.rows(values, 400), 400);
  return {
    model_name: name,
    model_version: String(serving.manifest.version),
    ...(id === null ? {} : { id }),
    outputs: (outputs ?? known.filter((output) => output !== "raw")).map((output) =>
      tensor(output, serving, predictions),
    ),
  };
}

function tensor(
  name: string,
  { model }: Serving,
  { rows, raw, probabilities, predicted }: Predictions,
): object {
  if (name === "label") {
    return {
      name,
      datatype: "BYTES",
      shape: [rows],
      data: Array.from(predicted, (code) => model.classes[code]!),
    };
  }
  if (name === "value") return { name, datatype: "FP64", shape: [rows], data: Array.from(predicted) };
  const all = name === "raw" ? raw : probabilities!;
  return { name, datatype: "FP64", shape: [rows, all.length / rows], data: Array.from(all) };
}
