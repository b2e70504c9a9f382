/**
 * Instruction templates as exact bytes: what stands in the template and the values, nothing added and nothing trimmed.
 * `{name}` is the value of the input `name`; any other brace stands for itself. A completion follows the template's
 * last byte at once.
 */
import type { ColumnSchema } from "../../../language/vocabulary/types.ts";
import { begun } from "../../text/tokenizer/beginning.ts";
import type { Tokenizer } from "../../text/tokenizer/tokenizer.ts";

/** A `prompt` declaration, as its props and as an artifact's `generation.json` hold it. */
export interface Prompt {
  readonly template: string;
  readonly input: readonly ColumnSchema[];
  readonly output: readonly ColumnSchema[];
}

export type TemplatePart = { readonly text: string } | { readonly field: string };

const PLACEHOLDER = /\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** A template's texts and placeholders in order; empty texts are left out. */
export function templateParts(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (const found of template.matchAll(PLACEHOLDER)) {
    if (found.index > from) parts.push({ text: template.slice(from, found.index) });
    parts.push({ field: found[1]! });
    from = found.index + found[0].length;
  }
  if (from < template.length) parts.push({ text: template.slice(from) });
  return parts;
}

/** Names of a template's placeholders, each once, in order. */
export function placeholders(template: string): string[] {
  return [...new Set(templateParts(template).flatMap((part) => ("field" in part ? [part.field] : [])))];
}

export type Values = Readonly<Record<string, string>>;

/**
 * The template with `values` in place of its placeholders.
 * @throws Error for a placeholder without a value: whoever calls has checked the names
 */
export function renderPrompt(prompt: Pick<Prompt, "template">, values: Values): string {
  return templateParts(prompt.template)
    .map((part) => ("text" in part ? part.text : given(values, part.field)))
    .join("");
}

function given(values: Values, field: string): string {
  const value = Object.hasOwn(values, field) ? values[field] : undefined;
  if (value === undefined) throw new Error(`no value of ${field}`);
  return value;
}

/** What encoding a prompt needs of a tokenizer. */
export type PromptCodec = Pick<Tokenizer, "encode" | "specials" | "begin">;

/**
 * The ids of a rendered prompt, behind what begins every text. Special tokens that the *template* spells (`<|user|>`) become their ids; what a value
 * spells stays text, so that no value can end a turn or open another.
 */
export function encodePrompt(
  tokenizer: PromptCodec,
  prompt: Pick<Prompt, "template">,
  values: Values,
): Int32Array {
  const ids: number[] = [];
  let run = "";
  const flush = () => {
    for (const id of tokenizer.encode(run, { literal: true })) ids.push(id);
    run = "";
  };
  for (const part of templateParts(prompt.template)) {
    if ("field" in part) {
      run += given(values, part.field);
      continue;
    }
    for (const piece of cutAtSpecials(part.text, tokenizer.specials)) {
      if ("text" in piece) run += piece.text;
      else {
        flush();
        ids.push(piece.special);
      }
    }
  }
  flush();
  return begun(tokenizer, Int32Array.from(ids));
}

/** A text cut at the special tokens that it spells; of two that begin at one place, the longer. */
function cutAtSpecials(
  text: string,
  specials: ReadonlyMap<string, number>,
): ({ readonly text: string } | { readonly special: number })[] {
  const spelled = [...specials.keys()].filter((name) => name.length > 0 && text.includes(name));
  if (spelled.length === 0) return [{ text }];
  spelled.sort((a, b) => b.length - a.length);
  const pattern = new RegExp(
    spelled.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"),
    "g",
  );
  const pieces: ({ text: string } | { special: number })[] = [];
  let from = 0;
  for (const found of text.matchAll(pattern)) {
    if (found.index > from) pieces.push({ text: text.slice(from, found.index) });
    pieces.push({ special: specials.get(found[0])! });
    from = found.index + found[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}
