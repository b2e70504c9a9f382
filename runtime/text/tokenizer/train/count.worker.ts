/** A thread that counts pieces of text. */
import { parentPort } from "node:worker_threads";
import type { CountReply, CountRequest } from "./count-messages.ts";
import { RULES } from "./rules.ts";
import { WordCounter } from "./word-counter.ts";

const port = parentPort;
if (port === null) throw new Error("this is a worker thread's code");
const counter = new WordCounter();
port.on("message", (request: CountRequest) => {
  if ("finish" in request) {
    const counts = counter.result();
    const reply: CountReply = { counts };
    port.postMessage(reply, [
      counts.units.buffer,
      counts.starts.buffer,
      counts.hashes.buffer,
      counts.counts.buffer,
    ]);
    port.close();
    return;
  }
  const { scan, normalize } = RULES[request.rule];
  for (const text of request.texts) counter.add(normalize(text.toWellFormed()), scan);
  const reply: CountReply = { done: true };
  port.postMessage(reply);
});
