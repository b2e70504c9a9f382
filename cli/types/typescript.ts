/** TypeScript from JSON Schemas, and a small client for each deployment. */
import { compile } from "json-schema-to-typescript";
import type { JsonSchema } from "../../language/ir/json-schema.ts";
import type { Schema } from "../../runtime/serve/schema.ts";
import { errorSchema, type Face } from "./faces.ts";

/** Nothing is fetched, objects have the members that are declared, and arrays any length. */
const OPTIONS = {
  bannerComment: "",
  additionalProperties: false,
  ignoreMinAndMaxItems: true,
  $refOptions: { resolve: { external: false } },
  style: { printWidth: 110 },
} as const;

/** The IR's types, from its published schema. */
export async function irTypes(schema: JsonSchema): Promise<string> {
  const banner = `// Types of the IR, version 1: what \`mlops check SPEC --ir FILE\` writes.\n// Written by \`mlops types --ir\`.\n\n`;
  return banner + (await compile(safe(schema) as Parameters<typeof compile>[0], "Program", OPTIONS));
}

/** Types of requests, answers and written rows, and the clients. */
export async function deploymentTypes(spec: string, faces: readonly Face[]): Promise<string> {
  const parts = [
    `// Types of what ${spec} serves and writes.\n// Written by \`mlops types ${spec}\`; write it anew when the spec changes.\n`,
  ];
  const served = faces.some(({ server }) => server !== null);
  if (served) parts.push(await compile(safe(errorSchema) as object, "ErrorBody", OPTIONS), FAILURE);
  for (const face of faces) {
    const definitions = named(face.definitions);
    for (const root of face.roots) {
      const schema = { ...definitions[root], definitions };
      parts.push(await compile(safe(schema) as object, root, OPTIONS));
    }
    if (face.server !== null) parts.push(client(face, face.server));
  }
  return parts.join("\n");
}

const named = (definitions: Readonly<Record<string, Schema>>): Readonly<Record<string, Schema>> =>
  Object.fromEntries(Object.entries(definitions).map(([title, schema]) => [title, { ...schema, title }]));

/**
 * Descriptions become comments: one that holds the end of a comment must not end it. A reference with a description
 * of its own would become a second type of the same form.
 */
function safe(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(safe);
  if (typeof value !== "object" || value === null) return value;
  if ("$ref" in value && Object.keys(value).length > 1) {
    const { $ref, ...rest } = value;
    return safe({ ...rest, allOf: [{ $ref }] });
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === "description" && typeof member === "string"
        ? member.replaceAll("*/", "*\u200b/")
        : safe(member),
    ]),
  );
}

const FAILURE = `/** Where a deployment answers, and how it is asked. */
export interface ClientOptions {
  /** The server's address, without the route. */
  url?: string;
  /** Sent as \`Authorization: Bearer …\`. */
  token?: string;
  /** Instead of the platform's own. */
  fetch?: typeof fetch;
}

/** A refusal: what was wrong stands in \`problems\`. */
export class PredictionError extends Error {
  readonly status: number;
  readonly problems: NonNullable<ErrorBody["error"]["problems"]>;
  constructor(status: number, body: ErrorBody | null) {
    super(body?.error.message ?? \`The server answered \${status}.\`);
    this.name = "PredictionError";
    this.status = status;
    this.problems = body?.error.problems ?? [];
  }
}

async function ask<T>(options: ClientOptions, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const answer = await (options.fetch ?? fetch)(\`\${options.url ?? ""}\${path}\`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(options.token === undefined ? {} : { authorization: \`Bearer \${options.token}\` }),
    },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text) as T;
  let refused: ErrorBody | null = null;
  try {
    refused = JSON.parse(text) as ErrorBody;
  } catch {
    // Something between here and the server answered in its own words.
  }
  throw new PredictionError(answer.status, refused?.error?.message === undefined ? null : refused);
}
`;

function client({ name, declaration }: Face, server: NonNullable<Face["server"]>): string {
  const needs = [...(server.url === null ? ["url"] : []), ...(server.token ? ["token"] : [])];
  const options =
    needs.length === 0
      ? "ClientOptions"
      : `ClientOptions & Required<Pick<ClientOptions, ${needs.map((need) => `"${need}"`).join(" | ")}>>`;
  const initial = needs.length === 0 ? " = {}" : "";
  const own = server.url === null ? "options" : `{ url: ${JSON.stringify(server.url)}, ...options }`;
  const path = JSON.stringify(server.path);
  return `/** Asks the deployment \`${declaration.name}\`. */
export class ${name}Client {
  readonly #options: ClientOptions;
  constructor(options: ${options}${initial}) {
    this.#options = ${own};
  }
  /** Predicts one row. Throws \`PredictionError\` when it is refused. */
  predict(row: ${name}Row, signal?: AbortSignal): Promise<${name}Answer> {
    return ask(this.#options, ${path}, row, signal);
  }
  /** Predicts many rows at once, in their order. Throws \`PredictionError\` when one is refused. */
  predictMany(rows: readonly ${name}Row[], signal?: AbortSignal): Promise<${name}Answers> {
    return ask(this.#options, ${path}, { rows }, signal);
  }
}
`;
}
