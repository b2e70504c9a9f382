/**
 * From a conversation to the text that the model reads. A model that was tuned on a prompt's template is asked with
 * the very same bytes:
 *
 * - Each user message fills the template's input. Where the template has several inputs, the message is a JSON
 *   object with a member for each.
 * - A system (or developer) message fills an input named `system`; where there is none, it stands in front of
 *   everything with a line end, and is kept when the conversation is cut to the model's context.
 * - An assistant's message follows its prompt as the completion did in training, and the end token closes it.
 *
 * What the model's tokenizer puts before every text (`<s>`) stands once, in front of everything, and is kept, too.
 * Without a template the contents follow one another, a line end between them.
 */

import type { WindowParts } from "../../generate/context-window.ts";
import type { TextCodec } from "../../generate/types.ts";
import { encodePrompt, type Prompt, placeholders } from "../../learn/language/prompt.ts";
import { begun, unbegun } from "../../text/tokenizer/beginning.ts";
import { shown } from "../problem.ts";
import { windowOf } from "./completions.ts";
import type { ChatMessage } from "./parameters.ts";
import { wrong } from "./refusal.ts";

/** A message with its text in one piece. */
export interface Said {
  readonly role: "system" | "user" | "assistant";
  readonly text: string;
}

export function saidOf(messages: readonly ChatMessage[]): Said[] {
  return messages.map(({ role, content }) => ({
    role: role === "developer" ? "system" : role,
    text: typeof content === "string" ? content : content.map((part) => part.text).join(""),
  }));
}

const SYSTEM = "system";

export interface Rendering {
  readonly prompt: Prompt | null;
  readonly tokenizer: TextCodec;
  /** Closes an assistant's message; null where the model has no such token. */
  readonly end: number | null;
}

/**
 * The tokens of a conversation; the last message is the one to answer. What people write never becomes a special
 * token, whatever it spells.
 * @throws OpenAiRefused naming the message
 */
export function renderChat(messages: readonly Said[], rendering: Rendering): WindowParts {
  if (messages.at(-1)?.role !== "user")
    throw wrong("messages", "The last message must be the user's: it is what is answered.");
  const systems = messages.filter(({ role }) => role === SYSTEM).map(({ text }) => text);
  const system = systems.join("\n");
  const { prompt, tokenizer, end } = rendering;
  const plain = (text: string): Int32Array => tokenizer.encode(text, { literal: true });
  const inTemplate = prompt !== null && placeholders(prompt.template).includes(SYSTEM);
  const prefix = systems.length === 0 || inTemplate ? new Int32Array() : plain(`${system}\n`);
  const rest: number[] = [];
  let open = "";
  messages.forEach(({ role, text }, at) => {
    if (role === SYSTEM) return;
    if (prompt === null) {
      open += at === messages.length - 1 ? text : `${text}\n`;
    } else if (role === "user") {
      const turn = encodePrompt(tokenizer, prompt, inputsOf(prompt, text, system, at));
      rest.push(...(rest.length === 0 ? turn : unbegun(tokenizer, turn)));
    } else {
      // As in training: the completion, then the end of text.
      rest.push(...plain(end === null ? `${text}\n` : text));
      if (end !== null) rest.push(end);
    }
  });
  if (prompt === null) rest.push(...plain(open));
  if (rest.length === 0) throw wrong("messages", "There is nothing to answer: the conversation is empty.");
  // A conversation is one text: what begins each prompt in training begins all of it here.
  const said = windowOf(tokenizer, begun(tokenizer, Int32Array.from(rest)));
  return { prefix: Int32Array.from([...said.prefix, ...prefix]), rest: said.rest };
}

function inputsOf(prompt: Prompt, text: string, system: string, at: number): Record<string, string> {
  const asked = prompt.input.filter(({ name }) => name !== SYSTEM);
  const [first] = asked;
  const filled: Record<string, string> = { [SYSTEM]: system };
  if (asked.length === 1 && first !== undefined) return { ...filled, [first.name]: text };
  const param = `messages[${at}].content`;
  const names = asked.map(({ name }) => name).join(", ");
  const members = objectOf(text);
  if (members === null)
    throw wrong(param, `The model's prompt has several inputs: send a JSON object with ${names}.`);
  for (const { name, nullable } of asked) {
    const value = Object.hasOwn(members, name) ? members[name] : undefined;
    if (typeof value === "string") filled[name] = value;
    else if (typeof value === "number" || typeof value === "boolean") filled[name] = String(value);
    else if ((value === undefined || value === null) && nullable) filled[name] = "";
    else if (value === undefined)
      throw wrong(param, `The prompt's input ${name} is missing; it takes ${names}.`);
    else throw wrong(param, `The prompt's input ${name} is ${shown(value)}; expected a string.`);
  }
  const other = Object.keys(members).find((name) => !asked.some((input) => input.name === name));
  if (other !== undefined) throw wrong(param, `The prompt has no input ${shown(other)}; it takes ${names}.`);
  return filled;
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
