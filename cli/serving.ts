/** What `mlops serve` shows: where a deployment answers, how to ask it, and a request tried out. */
import type { Manifest } from "../runtime/serve/manifest.ts";

export interface Started {
  readonly address: string;
  readonly manifest: Manifest;
  /** The bearer token's value; it is sent by `tryOut` and never shown. */
  readonly token: string | null;
}

export function greeting(started: Started): string {
  const { address, manifest } = started;
  const { name, release, version, alias, path, target } = manifest;
  return [
    `${name}  ${address}${path}`,
    `  ${release} version ${version} (${alias}), predicts ${target}`,
    `  ${curl(started)}`,
    `  ${address}/docs describes it; Ctrl-C stops it.`,
  ].join("\n");
}

/** A command line that a shell takes as it is. */
export function curl({ address, manifest }: Started): string {
  const token = manifest.token === null ? "" : ` -H "authorization: Bearer $${manifest.token}"`;
  const body = JSON.stringify(manifest.example).replaceAll("'", "'\\''");
  return `curl -s ${address}${manifest.path} -H 'content-type: application/json'${token} -d '${body}'`;
}

export interface Trial {
  readonly document: {
    readonly name: string;
    readonly release: string;
    readonly version: number;
    readonly url: string;
    readonly request: Manifest["example"];
    readonly status: number;
    readonly response: unknown;
  };
  readonly milliseconds: number;
}

/** Requests sent before one is shown: the first ones pay for compiling. */
const WARM_UP = 30;

/** Sends the example to a started deployment until it is warm, then once more. */
export async function tryOut({ address, manifest, token }: Started): Promise<Trial> {
  const url = `${address}${manifest.path}`;
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  const send = async () => {
    const headers = { "content-type": "application/json", ...authorization };
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(manifest.example) });
    return { status: answer.status, response: (await answer.json()) as unknown };
  };
  for (let sent = 0; sent < WARM_UP; sent++) await send();
  const began = performance.now();
  const { status, response } = await send();
  const milliseconds = performance.now() - began;
  const { name, release, version, example } = manifest;
  return { document: { name, release, version, url, request: example, status, response }, milliseconds };
}

export function tried({ document, milliseconds }: Trial): string {
  const { url, release, version, request, status, response } = document;
  return [
    `POST ${url}  (${release} version ${version})`,
    ...members(request),
    `${status === 200 ? "200 OK" : status} in ${milliseconds.toFixed(1)} ms`,
    ...members(response),
  ].join("\n");
}

/** An object's members one on a line, nested ones indented. */
function members(value: unknown, indent = "  "): string[] {
  if (typeof value !== "object" || value === null) return [`${indent}${JSON.stringify(value)}`];
  const entries = Object.entries(value);
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  return entries.flatMap(([name, member]) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? [`${indent}${name}`, ...members(member, `${indent}  `)]
      : [`${indent}${name.padEnd(width)}  ${JSON.stringify(member)}`],
  );
}
