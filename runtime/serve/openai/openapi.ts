/** OpenAPI 3.1 of the routes under `/v1`: what is taken of OpenAI's protocol, as the parser has it. */
import * as z from "zod";
import { BASE_PATH, type LanguageManifest } from "./manifest.ts";
import { chat, completion, embeddings } from "./parameters.ts";

const ERROR = {
  type: "object",
  properties: {
    error: {
      type: "object",
      properties: {
        message: { type: "string" },
        type: { type: "string" },
        param: { type: ["string", "null"] },
        code: { type: ["string", "null"] },
      },
      required: ["message", "type", "param", "code"],
    },
  },
  required: ["error"],
};

const json = (schema: object, example?: unknown) => ({
  content: { "application/json": { schema, ...(example === undefined ? {} : { example }) } },
});
const refusal = (description: string) => ({ description, ...json(ERROR) });
const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });

/** Members of an OpenAPI document's `paths`. */
export function languagePaths(manifests: readonly LanguageManifest[]): Record<string, object> {
  if (manifests.length === 0) return {};
  const secured = manifests.some(({ token }) => token !== null);
  const guarded = secured ? { security: [{ token: [] }] } : {};
  const names = manifests.map(({ name }) => name).join(", ");
  const post = (
    operationId: string,
    summary: string,
    schema: z.ZodType,
    example: object,
    streams: boolean,
  ) => ({
    post: {
      operationId,
      summary: `${summary} (${names})`,
      requestBody: { required: true, ...json(schemaOf(schema), example) },
      responses: {
        200: {
          description: streams ? "The answer; with `stream`, its parts as events." : "The answer.",
          content: {
            "application/json": { schema: { type: "object" } },
            ...(streams ? { "text/event-stream": { schema: { type: "string" } } } : {}),
          },
        },
        400: refusal("A parameter is wrong, unknown, or not done here: `param` names it."),
        ...(secured ? { 401: refusal("The bearer token is missing or wrong.") } : {}),
        404: refusal("There is no such model."),
        413: refusal("The body is too large."),
        ...(streams ? { 422: refusal("The model's answer has not the required form.") } : {}),
        ...(manifests.some(({ limits }) => limits.rate !== null)
          ? { 429: refusal("Too many requests.") }
          : {}),
        503: refusal("The server is stopping, or too many texts wait."),
      },
      ...guarded,
    },
  });
  const get = (operationId: string, summary: string, parameters: readonly object[] = []) => ({
    get: {
      operationId,
      summary,
      ...(parameters.length === 0 ? {} : { parameters }),
      responses: { 200: { description: "Yes.", ...json({ type: "object" }) } },
      ...guarded,
    },
  });
  const model = manifests[0]!.name;
  const named = { name: "model", in: "path", required: true, schema: { type: "string" } };
  return {
    [`${BASE_PATH}/models`]: get("models", "The models that are served"),
    [`${BASE_PATH}/models/{model}`]: get("model", "One model", [named]),
    [`${BASE_PATH}/completions`]: post(
      "complete",
      "Goes on with a text",
      completion,
      { model, prompt: "Once" },
      true,
    ),
    [`${BASE_PATH}/chat/completions`]: post(
      "chat",
      "Answers a conversation",
      chat,
      exampleChat(manifests[0]!),
      true,
    ),
    [`${BASE_PATH}/embeddings`]: post(
      "embed",
      "Vectors of texts",
      embeddings,
      { model, input: "Once" },
      false,
    ),
  };
}

/** A request that the deployment answers. */
export function exampleChat({ name, prompt }: LanguageManifest) {
  const inputs = (prompt?.input ?? []).filter((one) => one.name !== "system");
  const content =
    inputs.length > 1
      ? JSON.stringify(Object.fromEntries(inputs.map((one) => [one.name, "Hello"])))
      : "Hello";
  return { model: name, messages: [{ role: "user", content }], max_tokens: 32, temperature: 0 };
}
