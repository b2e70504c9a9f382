/** `POST /v1/chat/completions`: a conversation through the prompt's template; a session remembers it. */
import { randomUUID } from "node:crypto";
import type { Answer } from "./completions.ts";
import { renderChat, type Said, saidOf } from "./messages.ts";
import { type ChatRequest, readChat } from "./parameters.ts";
import { wrong } from "./refusal.ts";
import type { Caller, LanguageServing } from "./serving.ts";
import { structureOf } from "./structured.ts";
import { Texts, type Usage } from "./texts.ts";

/** A conversation, and where its answer is kept. */
interface Conversation {
  readonly messages: readonly Said[];
  remember(answer: string): void;
}

/** @param owner whose sessions these are: the token that the request carried */
export function chat(serving: LanguageServing, body: unknown, caller: Caller, owner: string): Answer {
  const request = readChat(body);
  const { manifest, tokenizer, end } = serving;
  const conversation = conversationOf(serving, request, caller, owner);
  const window = renderChat(conversation.messages, { prompt: manifest.prompt, tokenizer, end });
  const structure = structureOf(request.response_format, manifest.response, manifest.retries);
  const asked = serving.settle(window, maxOf(request), request, structure);
  const each = request.n ?? 1;
  const texts = new Texts(serving, [asked], each, caller);
  const head = {
    id: `chatcmpl-${randomUUID().replaceAll("-", "")}`,
    created: Math.floor(Date.now() / 1000),
    model: manifest.name,
    system_fingerprint: serving.fingerprint,
  };
  const { dropped } = asked;
  if (request.stream === true) {
    const withUsage = request.stream_options?.include_usage === true;
    return { dropped, events: events(texts, head, conversation, withUsage) };
  }
  const document = async () => {
    const made = await texts.gather();
    conversation.remember(made[0]!.text);
    return {
      ...head,
      object: "chat.completion",
      choices: made.map(({ text, finish }, index) => ({
        index,
        message: { role: "assistant", content: text, refusal: null },
        logprobs: null,
        finish_reason: finish,
      })),
      usage: texts.usage,
    };
  };
  return { dropped, document: document() };
}

/** The older word and the newer one mean the same. */
function maxOf({ max_tokens, max_completion_tokens }: ChatRequest): number | null {
  if (max_tokens != null && max_completion_tokens != null && max_tokens !== max_completion_tokens)
    throw wrong("max_tokens", "max_tokens and max_completion_tokens differ; give one.");
  return max_completion_tokens ?? max_tokens ?? null;
}

async function* events(
  texts: Texts,
  head: object,
  conversation: Conversation,
  withUsage: boolean,
): AsyncGenerator<object> {
  const usage: { readonly usage?: Usage | null } = withUsage ? { usage: null } : {};
  const chunk = (index: number, delta: object, finish: string | null) => ({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index, delta, logprobs: null, finish_reason: finish }],
    ...usage,
  });
  const opened = new Set<number>();
  let first = "";
  for await (const { index, text, finish } of texts.pieces()) {
    // Not before there is a token: until then a refusal still has a status of its own.
    if (!opened.has(index)) yield chunk(index, { role: "assistant", content: "", refusal: null }, null);
    opened.add(index);
    if (index === 0) first += text;
    if (text !== "") yield chunk(index, { content: text }, null);
    if (finish === undefined) continue;
    if (index === 0) conversation.remember(first);
    yield chunk(index, {}, finish);
  }
  if (withUsage) yield { ...chunk(0, {}, null), choices: [], usage: texts.usage };
}

/** Most characters of a session for each token of the context: what is older is outside of the window anyway. */
const PER_TOKEN = 64;

function conversationOf(
  serving: LanguageServing,
  request: ChatRequest,
  caller: Caller,
  owner: string,
): Conversation {
  const session = request.session ?? caller.session;
  const said = saidOf(request.messages);
  if (session === null) return { messages: said, remember: () => {} };
  const { sessions, manifest } = serving;
  if (sessions === null) throw wrong(null, "This deployment keeps no sessions: send the whole conversation.");
  if ((request.n ?? 1) > 1) throw wrong("n", "A session goes on with one answer; ask for one.");
  const before = sessions.read(owner, session);
  // New instructions replace the old ones.
  const kept = said.some(isSystem) ? before.filter((one) => !isSystem(one)) : before;
  const messages = [...kept, ...said];
  return {
    messages,
    remember(answer) {
      const all: Said[] = [...messages, { role: "assistant", text: answer }];
      sessions.write(owner, session, shortened(all, PER_TOKEN * manifest.context));
    },
  };
}

const isSystem = ({ role }: Said): boolean => role === "system";

/** The instructions and the newest messages, up to so many characters. */
function shortened(messages: readonly Said[], characters: number): Said[] {
  let room = characters;
  const fits = messages.toReversed().filter((one) => {
    if (isSystem(one)) return true;
    room -= one.text.length;
    return room >= 0;
  });
  return fits.reverse();
}
