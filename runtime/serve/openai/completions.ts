/** `POST /v1/completions`: the prompt is the model's input as it is; no template stands around it. */
import { randomUUID } from "node:crypto";
import type { WindowParts } from "../../generate/context-window.ts";
import type { TextCodec } from "../../generate/types.ts";
import { begun, unbegun } from "../../text/tokenizer/beginning.ts";
import { readCompletion } from "./parameters.ts";
import { wrong } from "./refusal.ts";
import type { Caller, LanguageServing } from "./serving.ts";
import { Texts, type Usage } from "./texts.ts";

/** An answer as one document, or as events. */
export type Answer = { readonly dropped: number } & (
  | { readonly document: Promise<object> }
  | { readonly events: AsyncIterable<object> }
);

export function complete(serving: LanguageServing, body: unknown, caller: Caller): Answer {
  const request = readCompletion(body);
  if (caller.session !== null)
    throw wrong(null, "Sessions are of chats: a completion's prompt is the whole of what the model reads.");
  const prompts = promptsOf(serving, request.prompt).map((ids) =>
    serving.settle(windowOf(serving.tokenizer, ids), request.max_tokens ?? null, request, null),
  );
  const each = request.n ?? 1;
  const texts = new Texts(serving, prompts, each, caller);
  const head = {
    id: `cmpl-${randomUUID().replaceAll("-", "")}`,
    object: "text_completion",
    created: Math.floor(Date.now() / 1000),
    model: serving.manifest.name,
    system_fingerprint: serving.fingerprint,
  };
  const { tokenizer } = serving;
  const echoed = (index: number): string =>
    request.echo === true
      ? tokenizer.decode(unbegun(tokenizer, prompts[Math.floor(index / each)]!.prompt))
      : "";
  const dropped = prompts.reduce((sum, one) => sum + one.dropped, 0);
  if (request.stream === true) {
    const withUsage = request.stream_options?.include_usage === true;
    return { dropped, events: events(texts, head, prompts.length * each, echoed, withUsage) };
  }
  const document = async () => ({
    ...head,
    choices: (await texts.gather()).map(({ text, finish }, index) =>
      choice(index, echoed(index) + text, finish),
    ),
    usage: texts.usage,
  });
  return { dropped, document: document() };
}

const choice = (index: number, text: string, finish: string | null) => ({
  text,
  index,
  logprobs: null,
  finish_reason: finish,
});

async function* events(
  texts: Texts,
  head: object,
  count: number,
  echoed: (index: number) => string,
  withUsage: boolean,
): AsyncGenerator<object> {
  const usage: { readonly usage?: Usage | null } = withUsage ? { usage: null } : {};
  for (let index = 0; index < count; index++) {
    const text = echoed(index);
    if (text !== "") yield { ...head, choices: [choice(index, text, null)], ...usage };
  }
  for await (const { index, text, finish } of texts.pieces()) {
    if (text === "" && finish === undefined) continue;
    yield { ...head, choices: [choice(index, text, finish ?? null)], ...usage };
  }
  if (withUsage) yield { ...head, choices: [], usage: texts.usage };
}

/** Token ids of each prompt of a request. */
function promptsOf(
  serving: LanguageServing,
  prompt: string | readonly string[] | readonly number[] | readonly (readonly number[])[],
): Int32Array[] {
  const { tokenizer } = serving;
  const encode = (text: string) => begun(tokenizer, tokenizer.encode(text));
  return inputsOf(serving, prompt, "prompt", encode).map((input) => {
    if (input.length > 0) return input;
    // A text begins after the end of the one before.
    if (serving.end === null) throw wrong("prompt", "The prompt is empty.");
    return Int32Array.of(serving.end);
  });
}

/** A prompt that may be cut: what begins it stays. */
export function windowOf(tokenizer: Pick<TextCodec, "begin">, ids: Int32Array): WindowParts {
  const rest = unbegun(tokenizer, ids);
  return { prefix: ids.subarray(0, ids.length - rest.length), rest };
}

/** What a text or token ids, one or several, mean as token ids. */
export function inputsOf(
  { manifest }: LanguageServing,
  given: string | readonly (string | number | readonly number[])[],
  param: string,
  encode: (text: string) => Int32Array,
): Int32Array[] {
  if (typeof given === "string") return [encode(given)];
  if (typeof given[0] === "number") return [known(given as readonly number[], manifest.vocabulary, param)];
  return given.map((one, at) =>
    typeof one === "string"
      ? encode(one)
      : known(one as readonly number[], manifest.vocabulary, `${param}[${at}]`),
  );
}

function known(ids: readonly number[], vocabulary: number, param: string): Int32Array {
  const outside = ids.find((id) => id >= vocabulary);
  if (outside === undefined) return Int32Array.from(ids);
  throw wrong(param, `The model has no token ${outside}; its vocabulary has ${vocabulary}.`);
}
