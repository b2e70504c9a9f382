/** What `mlops serve` shows of a language model: where it answers, how to ask it, and one completion tried out. */
import { BASE_PATH, type LanguageManifest } from "../runtime/serve/openai/manifest.ts";
import { exampleChat } from "../runtime/serve/openai/openapi.ts";

export interface StartedLanguage {
  readonly address: string;
  readonly manifest: LanguageManifest;
  /** The bearer token's value; it is sent by `tryLanguage` and never shown. */
  readonly token: string | null;
}

export function greetLanguage(started: StartedLanguage): string {
  const { address, manifest } = started;
  const { name, release, version, alias, context } = manifest;
  const key = manifest.token === null ? "any API key" : `the API key in $${manifest.token}`;
  return [
    `${name}  ${address}${BASE_PATH}`,
    `  ${release} version ${version} (${alias}), a context of ${context} tokens; OpenAI's clients take this as base_url, with ${key}`,
    `  ${curlLanguage(started)}`,
    `  ${address}/docs describes it; Ctrl-C stops it.`,
  ].join("\n");
}

interface Example {
  readonly path: string;
  readonly body: object;
}

/** A chat where there is a template, a completion where there is none, a vector of a model that only encodes. */
function exampleOf(manifest: LanguageManifest): Example {
  const { name, kind, prompt } = manifest;
  if (kind === "encoder") return { path: "/embeddings", body: { model: name, input: "Hello" } };
  if (prompt !== null) return { path: "/chat/completions", body: exampleChat(manifest) };
  return { path: "/completions", body: { model: name, prompt: "Hello", max_tokens: 32, temperature: 0 } };
}

/** A command line that a shell takes as it is. */
export function curlLanguage({ address, manifest }: StartedLanguage): string {
  const token = manifest.token === null ? "" : ` -H "authorization: Bearer $${manifest.token}"`;
  const { path, body } = exampleOf(manifest);
  const text = JSON.stringify(body).replaceAll("'", "'\\''");
  return `curl -s ${address}${BASE_PATH}${path} -H 'content-type: application/json'${token} -d '${text}'`;
}

export interface LanguageTrial {
  readonly document: {
    readonly name: string;
    readonly release: string;
    readonly version: number;
    readonly url: string;
    readonly request: object;
    readonly status: number;
    readonly response: unknown;
  };
  readonly milliseconds: number;
}

/** Sends one request, and once more when the model's graphs have been made. */
export async function tryLanguage({ address, manifest, token }: StartedLanguage): Promise<LanguageTrial> {
  const { path, body } = exampleOf(manifest);
  const url = `${address}${BASE_PATH}${path}`;
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  const headers = { "content-type": "application/json", ...authorization };
  const send = async () => {
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: answer.status, response: (await answer.json()) as unknown };
  };
  await send();
  const began = performance.now();
  const { status, response } = await send();
  const milliseconds = performance.now() - began;
  const { name, release, version } = manifest;
  return { document: { name, release, version, url, request: body, status, response }, milliseconds };
}

export function triedLanguage({ document, milliseconds }: LanguageTrial): string {
  const { url, release, version, request, status, response } = document;
  return [
    `POST ${url}  (${release} version ${version})`,
    `  ${JSON.stringify(request)}`,
    `${status === 200 ? "200 OK" : status} in ${milliseconds.toFixed(1)} ms`,
    `  ${JSON.stringify(shortened(response))}`,
  ].join("\n");
}

/** Enough of an embedding to see that it is one. */
const SHOWN = 8;

function shortened(value: unknown): unknown {
  if (Array.isArray(value)) {
    const shown = value.slice(0, SHOWN).map(shortened);
    return value.length > SHOWN ? [...shown, `… ${value.length} in all`] : shown;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shortened(member)]));
}
