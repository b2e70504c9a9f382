/**
 * Requests of OpenAI's protocol, read strictly: what is not known is refused, as it would otherwise change nothing
 * without a word, and what is known but not done is refused by name.
 */
import * as z from "zod";
import { type OpenAiRefused, wrong } from "./refusal.ts";

/** A session's name. */
export const SESSION = /^[\x21-\x7e]{1,200}$/;

const stops = z.union([z.string().min(1), z.array(z.string().min(1)).max(16)]).nullish();
const ids = z.array(z.int().min(0)).min(1);

/** Accepted where it asks for what is done anyway; another value is refused by name. */
const only = <T extends z.core.util.Literal>(...values: T[]) => z.literal([...values]).nullish();

const sampling = {
  model: z.string(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  top_k: z.int().min(1).nullish(),
  n: z.int().min(1).max(128).nullish(),
  stop: stops,
  seed: z.int().nullish(),
  max_tokens: z.int().min(1).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({ include_usage: z.boolean().nullish(), include_obfuscation: only(false) })
    .nullish(),
  presence_penalty: only(0),
  frequency_penalty: only(0),
  logit_bias: z.strictObject({}).nullish(),
  // These say who asks and how it is billed; an answer does not depend on them.
  user: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  safety_identifier: z.string().nullish(),
  prompt_cache_key: z.string().nullish(),
  service_tier: only("auto", "default"),
  store: only(false),
};

export const completion = z.strictObject({
  ...sampling,
  prompt: z.union([z.string(), z.array(z.string()).min(1), ids, z.array(ids).min(1)]),
  echo: z.boolean().nullish(),
  best_of: only(1),
  suffix: only(""),
  logprobs: z.null().optional(),
});
export type CompletionRequest = z.infer<typeof completion>;

const textPart = z.strictObject({ type: z.literal("text"), text: z.string() });
const content = z.union([z.string(), z.array(textPart).min(1)]);
const message = z.strictObject({
  role: z.enum(["system", "developer", "user", "assistant"]),
  content,
  name: z.string().nullish(),
  // An answer of this server, sent back as history, brings these along.
  refusal: z.null().optional(),
  annotations: z.array(z.unknown()).max(0).nullish(),
  audio: z.null().optional(),
  function_call: z.null().optional(),
  tool_calls: z.array(z.unknown()).max(0).nullish(),
});
export type ChatMessage = z.infer<typeof message>;

const responseFormat = z.union([
  z.strictObject({ type: z.literal("text") }),
  z.strictObject({ type: z.literal("json_object") }),
  z.strictObject({
    type: z.literal("json_schema"),
    json_schema: z.strictObject({
      name: z.string(),
      description: z.string().nullish(),
      strict: z.boolean().nullish(),
      schema: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
]);
export type ResponseFormat = z.infer<typeof responseFormat>;

export const chat = z.strictObject({
  ...sampling,
  messages: z.array(message).min(1),
  max_completion_tokens: z.int().min(1).nullish(),
  response_format: responseFormat.nullish(),
  // This server's own: the conversation that goes on; the header X-Session-Id says the same.
  session: z.string().regex(SESSION, "takes 1 to 200 visible ASCII characters").nullish(),
  logprobs: only(false),
  top_logprobs: only(0),
  tools: z.array(z.unknown()).max(0).nullish(),
  tool_choice: only("none", "auto"),
  functions: z.array(z.unknown()).max(0).nullish(),
  function_call: only("none", "auto"),
  parallel_tool_calls: z.boolean().nullish(),
  modalities: z.tuple([z.literal("text")]).nullish(),
});
export type ChatRequest = z.infer<typeof chat>;

export const embeddings = z.strictObject({
  model: z.string(),
  input: z.union([z.string(), z.array(z.string()).min(1), ids, z.array(ids).min(1)]),
  encoding_format: z.enum(["float", "base64"]).nullish(),
  dimensions: z.int().min(1).nullish(),
  user: z.string().nullish(),
});
export type EmbeddingsRequest = z.infer<typeof embeddings>;

export const readCompletion = (body: unknown): CompletionRequest => read(completion, body);
export const readChat = (body: unknown): ChatRequest => read(chat, body);
export const readEmbeddings = (body: unknown): EmbeddingsRequest => read(embeddings, body);

/** The model that a request names, before anything else of it is read. */
export function modelNamed(body: unknown): string {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw wrong(null, "The body is no JSON object.");
  const { model } = body as { readonly model?: unknown };
  if (typeof model === "string") return model;
  throw wrong("model", model === undefined ? "Give `model`: which model is asked." : "`model` is no string.");
}

/** Members that OpenAI's protocol has and this server does not do, and what to say of each. */
const NOT_DONE: Readonly<Record<string, string>> = {
  logprobs: "log probabilities are not given",
  top_logprobs: "log probabilities are not given",
  logit_bias: "logits are not biased",
  presence_penalty: "there are no penalties",
  frequency_penalty: "there are no penalties",
  best_of: "every completion that is made is given; use n",
  suffix: "text is not inserted before a suffix",
  tools: "there are no tools",
  tool_choice: "there are no tools",
  functions: "there are no functions",
  function_call: "there are no functions",
  modalities: "there is only text",
  store: "requests are not stored",
  service_tier: "there is one tier",
};

function read<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body, { reportInput: false });
  if (result.success) return result.data;
  throw refusalOf(result.error.issues[0]!);
}

function refusalOf(issue: z.core.$ZodIssue): OpenAiRefused {
  const at = paramOf(issue.path);
  const why = NOT_DONE[String(issue.path[0])];
  if (why !== undefined) {
    return wrong(at, `Unsupported value of '${at}': ${why} here.`, "unsupported_value");
  }
  if (issue.code === "unrecognized_keys") {
    const param = paramOf([...issue.path, issue.keys[0]!]);
    return wrong(param, `Unknown parameter: '${param}'.`, "unknown_parameter");
  }
  if (issue.code === "invalid_union") {
    const inner = deepest(issue);
    if (inner !== null)
      return wrong(
        paramOf([...issue.path, ...inner.path]),
        `Invalid '${paramOf([...issue.path, ...inner.path])}': ${said(inner.message)}.`,
      );
    return wrong(at, `Invalid '${at}': it has none of the forms that are taken.`);
  }
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) {
    return wrong(at, `Missing required parameter: '${at}'.`, "missing_required_parameter");
  }
  return wrong(at === "" ? null : at, `Invalid '${at}': ${said(issue.message)}.`);
}

/** Of the forms that a value may have, the one that came furthest says most. */
function deepest(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue | null {
  const found = issue.errors.flat().toSorted((a, b) => b.path.length - a.path.length)[0];
  return found !== undefined && found.path.length > 0 ? found : null;
}

const said = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1);

function paramOf(path: readonly PropertyKey[]): string {
  let text = "";
  for (const part of path)
    text += typeof part === "number" ? `[${part}]` : `${text === "" ? "" : "."}${String(part)}`;
  return text;
}
