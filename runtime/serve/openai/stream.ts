/** Server-sent events as OpenAI's clients read them: `data: {json}`, an empty line, and `data: [DONE]` at the end. */
import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import type { OnBug } from "../guard.ts";
import { errorBody, OpenAiRefused } from "./refusal.ts";

const event = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;

/**
 * Sends events as they come. The source is asked for the next one only when the last was taken, so that a slow
 * client slows its own text down; when the client goes away the source is ended.
 * @param events the first was already made: what can be refused is refused with a status
 * @param signal aborted when nobody reads any more
 */
export function sendEvents(
  reply: FastifyReply,
  events: AsyncIterable<object>,
  signal: AbortSignal,
  onBug: OnBug,
): FastifyReply {
  return reply
    .headers({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      // Proxies that would wait for a full buffer are told not to.
      "x-accel-buffering": "no",
    })
    .send(Readable.from(lines(events, signal, onBug), { objectMode: false, highWaterMark: 4096 }));
}

async function* lines(
  events: AsyncIterable<object>,
  signal: AbortSignal,
  onBug: OnBug,
): AsyncGenerator<string> {
  try {
    for await (const one of events) yield event(one);
    yield "data: [DONE]\n\n";
  } catch (error) {
    if (signal.aborted) return;
    // The status has been sent: an event says what went wrong, and the end is missing.
    const refused = error instanceof OpenAiRefused ? error : new OpenAiRefused(500, FAILED);
    if (refused !== error) onBug(error as Error);
    yield event(errorBody(refused));
  }
}

const FAILED = "The server failed; the request may be right.";

/** Makes the first element now, so that what fails at once fails before anything was sent. */
export async function begun<T>(source: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const iterator = source[Symbol.asyncIterator]();
  const first = await iterator.next();
  return {
    async *[Symbol.asyncIterator]() {
      try {
        for (let result = first; result.done !== true; result = await iterator.next()) yield result.value;
      } finally {
        await iterator.return?.();
      }
    },
  };
}
