/** OpenAPI 3.1 of the deployments of one server. */
import type { Manifest } from "./manifest.ts";
import type { LanguageManifest } from "./openai/manifest.ts";
import { languagePaths } from "./openai/openapi.ts";

interface Operation {
  readonly [member: string]: unknown;
}

const PROBLEM = {
  type: "object",
  properties: {
    row: { type: ["integer", "null"], description: "Place in the batch, from 0." },
    field: { type: ["string", "null"] },
    value: {
      type: ["string", "number", "boolean", "null"],
      description: "What was sent; `[redacted]` where it must not be repeated.",
    },
    expected: { type: "string" },
    message: { type: "string" },
  },
  required: ["row", "field", "expected", "message"],
};

/** The body of every refusal on a deployment's own route. */
export const ERROR = {
  type: "object",
  properties: {
    error: {
      type: "object",
      properties: {
        status: { type: "integer" },
        message: { type: "string" },
        problems: { type: "array", items: PROBLEM },
        total: { type: "integer", description: "How many problems there are, when not all are listed." },
      },
      required: ["status", "message"],
    },
  },
  required: ["error"],
};

const json = (schema: object, example?: unknown) => ({
  content: { "application/json": { schema, ...(example === undefined ? {} : { example }) } },
});
const refusal = (description: string) => ({ description, ...json({ $ref: "#/components/schemas/Error" }) });

/**
 * @param manifests the deployments that one address serves
 * @param languages those of language models
 */
export function openApi(manifests: readonly Manifest[], languages: readonly LanguageManifest[] = []): object {
  const only = manifests.length === 1 ? manifests[0] : undefined;
  const paths: Record<string, object> = {};
  for (const manifest of manifests) {
    paths[manifest.path] = { post: ownOperation(manifest) };
    const prefix = only === undefined ? `/deployments/${encodeURIComponent(manifest.name)}` : "";
    paths[`${prefix}/invocations`] = { post: invocations(manifest) };
    paths[`/v2/models/${encodeURIComponent(manifest.name)}/infer`] = { post: inference(manifest) };
  }
  Object.assign(paths, languagePaths(languages));
  for (const [path, summary] of Object.entries(HEALTH)) {
    paths[path] = { get: { summary, responses: { 200: { description: "Yes." } } } };
  }
  const all = [...manifests, ...languages];
  const secured = all.some((manifest) => manifest.token !== null);
  return {
    openapi: "3.1.0",
    info: {
      title: all.map((manifest) => manifest.name).join(", "),
      version: all.map((manifest) => `${manifest.release} ${manifest.version}`).join(", "),
    },
    paths,
    components: {
      schemas: { Error: ERROR },
      ...(secured ? { securitySchemes: { token: { type: "http", scheme: "bearer" } } } : {}),
    },
  };
}

const HEALTH: Readonly<Record<string, string>> = {
  "/health": "The process answers",
  "/ready": "Requests are taken; 503 while the server drains",
  "/metrics": "Prometheus metrics",
};

function ownOperation(manifest: Manifest): Operation {
  const { limits } = manifest;
  return {
    operationId: `predict_${manifest.name}`,
    summary: `Predict ${manifest.target} with ${manifest.release} version ${manifest.version}`,
    parameters: [
      {
        name: "raw",
        in: "query",
        schema: { type: "boolean" },
        description: "Answer the learner's raw outputs too.",
      },
    ],
    requestBody: { required: true, ...json(manifest.request, manifest.example) },
    responses: {
      200: { description: "The prediction, or `predictions` for a batch.", ...json(manifest.response) },
      400: refusal("The body is not JSON, or an empty batch."),
      413: refusal(`More than ${limits.body} bytes or ${limits.batch} rows.`),
      415: refusal("The body is not declared as JSON."),
      422: refusal("Fields are wrong: all of them are listed."),
      503: refusal("The server is stopping."),
      ...(limits.rate === null
        ? {}
        : { 429: refusal(`More than ${limits.rate} requests a second from one address.`) }),
      ...security(manifest).responses,
    },
    ...security(manifest).operation,
  };
}

function security(manifest: Manifest): { readonly responses: object; readonly operation: object } {
  if (manifest.token === null) return { responses: {}, operation: {} };
  return {
    responses: { 401: refusal("The bearer token is missing or wrong.") },
    operation: { security: [{ token: [] }] },
  };
}

function invocations(manifest: Manifest): Operation {
  return {
    operationId: `invocations_${manifest.name}`,
    summary: "MLflow's scoring protocol",
    requestBody: { required: true, ...json({ type: "object" }, { dataframe_records: [manifest.example] }) },
    responses: {
      200: {
        description: "One prediction for each row.",
        ...json({
          type: "object",
          properties: { predictions: { type: "array" } },
          required: ["predictions"],
        }),
      },
      ...security(manifest).responses,
    },
    ...security(manifest).operation,
  };
}

function inference(manifest: Manifest): Operation {
  return {
    operationId: `infer_${manifest.name}`,
    summary: "Open Inference Protocol version 2: one tensor [N] or [N, 1] for each column",
    requestBody: { required: true, ...json({ type: "object", required: ["inputs"] }) },
    responses: {
      200: { description: "Tensors.", ...json({ type: "object" }) },
      ...security(manifest).responses,
    },
    ...security(manifest).operation,
  };
}
