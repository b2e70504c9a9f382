/** Deployments of a toy model, behind a server that tests ask without a socket. */

import type { ColumnSchema } from "../../../language/vocabulary/types.ts";
import { BatchGenerator } from "../../../runtime/generate/batch-generator.ts";
import type { TextCodec } from "../../../runtime/generate/types.ts";
import type { Prompt } from "../../../runtime/learn/language/prompt.ts";
import { type LanguageManifest, makeLanguageManifest } from "../../../runtime/serve/openai/manifest.ts";
import type { ServedLanguage } from "../../../runtime/serve/openai/serving.ts";
import { buildServer, type PredictionServer } from "../../../runtime/serve/server.ts";
import { type Deployment, deployment } from "../../../stdlib/kinds/deployment.ts";
import { bytes, saying, type Toy, toy, VOCABULARY } from "../../generate/toy.ts";
import { deployed } from "../model.ts";

export const column = (name: string, more: Partial<ColumnSchema> = {}): ColumnSchema => ({
  name,
  type: "text",
  nullable: false,
  role: null,
  positive: null,
  min: null,
  max: null,
  values: null,
  unique: false,
  pattern: null,
  format: null,
  redacted: false,
  doc: null,
  ...more,
});

export const ask: Prompt = {
  template: "Q: {question}\nA:",
  input: [column("question")],
  output: [column("answer")],
};

export interface ToyDeployment {
  readonly name?: string;
  readonly props?: Partial<Deployment>;
  readonly prompt?: Prompt | null;
  readonly model?: Toy;
  readonly tokenizer?: TextCodec;
  readonly end?: number | null;
  readonly normalize?: boolean;
  readonly token?: string;
  readonly stop?: readonly string[];
  readonly limits?: Partial<LanguageManifest["limits"]>;
}

/** Says "hello " over and over when it is not told otherwise. */
export function language(given: ToyDeployment = {}): ServedLanguage {
  const { name = "teller", prompt = ask, end = null, token = null, tokenizer = bytes } = given;
  const model = given.model ?? toy(saying("hello ", 0));
  const props = deployment.variants.deployment.schema.parse({
    release: { ref: "release.storyteller" },
    protocol: "openai",
    port: 0,
    temperature: 0,
    max_tokens: 8,
    ...given.props,
  });
  const version = { name: "storyteller", version: 2, alias: "champion", model: "sha256:00" } as const;
  const face = {
    kind: model.generates ? ("decoder" as const) : ("encoder" as const),
    context: model.context,
    vocabulary: VOCABULARY,
    prompt,
    stop: given.stop ?? [],
  };
  const manifest = makeLanguageManifest(name, props, version, face);
  return {
    manifest: { ...manifest, limits: { ...manifest.limits, batch: model.rows, ...given.limits } },
    generator: new BatchGenerator(model, tokenizer, end),
    tokenizer,
    end,
    normalize: given.normalize ?? true,
    token,
  };
}

export const serverOf = (
  languages: readonly ServedLanguage[],
  more: { readonly tabular?: boolean; readonly onBug?: (error: Error) => void } = {},
): Promise<PredictionServer> =>
  buildServer({
    deployments: more.tabular === true ? [deployed()] : [],
    languages,
    version: "0",
    ...(more.onBug === undefined ? {} : { onBug: more.onBug }),
  });

export interface Asked {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** Of an answer that is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read members of documents that they describe
  readonly json: any;
}

export async function post(
  { app }: PredictionServer,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Asked> {
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  const answer = await app.inject({
    method: "POST",
    url: `/v1${path}`,
    headers: { "content-type": "application/json", ...headers },
    payload,
  });
  const json = String(answer.headers["content-type"]).includes("json") ? JSON.parse(answer.body) : null;
  return { status: answer.statusCode, headers: answer.headers, text: answer.body, json };
}

/** The events of a stream; the last is `[DONE]`. */
export function eventsOf(text: string): unknown[] {
  expectEnd(text);
  return text
    .split("\n\n")
    .slice(0, -1)
    .map((line) =>
      line === "data: [DONE]" ? "[DONE]" : (JSON.parse(line.slice("data: ".length)) as unknown),
    );
}

function expectEnd(text: string): void {
  if (!text.endsWith("\n\n")) throw new Error(`the stream is cut: ${text.slice(-80)}`);
}
