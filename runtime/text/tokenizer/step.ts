/** The work of a `tokenizer` step. */
import { resolve } from "node:path";
import type {
  BpeTokenizer,
  CharacterTokenizer,
  HuggingFaceTokenizer,
  WordTokenizer,
} from "../../../stdlib/kinds/tokenizer.ts";
import { type StepContext, StepFailure, type StepResult } from "../../execute/step.ts";
import { type CorpusRef, documents } from "../corpus.ts";
import { tokenizerFiles } from "./files.ts";
import { TokenizerProblem, UnknownText } from "./problem.ts";
import { readTokenizerJson } from "./read.ts";
import { type Tokenizer, tokenizerFromJson } from "./tokenizer.ts";
import { trainBpe } from "./train/bpe.ts";
import type { TrainingHooks } from "./train/count-words.ts";
import { trainCharacters, trainWords } from "./train/whole-tokens.ts";

/**
 * Outputs `tokenizer.json`; summary `{size, specials}`.
 * @throws StepFailure ML4204–ML4209
 */
export async function runTokenizer(context: StepContext): Promise<StepResult> {
  const make = VARIANTS[context.declaration.variant ?? ""];
  if (make === undefined) throw new Error(`no tokenizer: ${context.declaration.variant}`);
  const { json, notes = [] } = await make(context);
  const tokenizer = tokenizerFrom(context, json);
  return {
    outputs: { "tokenizer.json": await context.store.put(new TextEncoder().encode(json)) },
    summary: { size: tokenizer.size, specials: [...tokenizer.specials.keys()] },
    notes,
  };
}

interface Made {
  readonly json: string;
  readonly notes?: readonly string[];
}

const VARIANTS: Readonly<Record<string, (context: StepContext) => Promise<Made>>> = {
  async bpe(context) {
    const props = context.props as unknown as BpeTokenizer;
    const options = {
      vocabulary: props.vocabulary,
      specials: props.specials,
      pretokenizer: props.pretokenizer,
      byteFallback: props.byte_fallback,
      minFrequency: props.min_frequency,
    };
    const { json, pieces, merges } = await trainBpe(corpusOf(context), options, hooksOf(context));
    context.log(`${merges} merges over ${pieces} distinct pieces`);
    const { size } = tokenizerFromJson(json);
    if (size > props.vocabulary) {
      const reason = "it holds the bytes of the corpus and the special tokens";
      throw failure(context, "ML4206", { least: String(size), reason }, "/vocabulary");
    }
    return { json, notes: short(props.vocabulary, size, props.min_frequency) };
  },
  async characters(context) {
    const { specials, min_frequency: minFrequency } = context.props as unknown as CharacterTokenizer;
    return { json: await trainCharacters(corpusOf(context), { specials, minFrequency }, hooksOf(context)) };
  },
  async words(context) {
    const props = context.props as unknown as WordTokenizer;
    const { specials, lowercase, vocabulary, min_frequency: minFrequency } = props;
    const options = { specials, lowercase, minFrequency };
    const limited = vocabulary === undefined ? options : { ...options, vocabulary };
    return { json: await trainWords(corpusOf(context), limited, hooksOf(context)) };
  },
  async huggingface(context) {
    const { path } = context.props as unknown as HuggingFaceTokenizer;
    const { files, problem } = tokenizerFiles(resolve(context.project, path));
    if (problem !== null) throw failure(context, "ML4208", { path, problem }, "/path");
    try {
      return { json: readTokenizerJson(files) };
    } catch (error) {
      throw translated(context, error);
    }
  },
};

/** Says when a corpus gave fewer tokens than were asked for. */
function short(wanted: number, size: number, least: number): string[] {
  if (size >= wanted) return [];
  return [`${size} of ${wanted} ids: no more pairs occur ${least} times or more`];
}

/** The texts of the corpora. @throws StepFailure ML4205 at their end when there was no text */
async function* corpusOf(context: StepContext): AsyncGenerator<string> {
  const corpora = context.props["corpus"] as unknown as readonly CorpusRef[];
  let empty = true;
  for await (const text of documents(context, corpora)) {
    if (text.trim() !== "") empty = false;
    yield text;
  }
  if (!empty) return;
  const corpus = corpora.map(({ ref, part }) =>
    [ref.slice(ref.indexOf(".") + 1), part].filter(Boolean).join("."),
  );
  const values = { tokenizer: context.declaration.name, corpus: corpus.join(", ") };
  throw failure(context, "ML4205", values, "/corpus");
}

function hooksOf({ threads, signal, progress }: StepContext): TrainingHooks {
  return { threads, signal, progress };
}

function tokenizerFrom(context: StepContext, json: string): Tokenizer {
  try {
    return tokenizerFromJson(json);
  } catch (error) {
    throw translated(context, error);
  }
}

function translated(context: StepContext, error: unknown): unknown {
  if (!(error instanceof TokenizerProblem)) return error;
  const file = String(context.props["path"]);
  const { component, detail } = error;
  return error.is === "unsupported"
    ? failure(context, "ML4207", { file, component, supported: detail }, "/path")
    : failure(context, "ML4209", { file, problem: `${component}: ${detail}` }, "/path");
}

function failure(
  context: StepContext,
  code: string,
  values: Readonly<Record<string, string>>,
  pointer: string,
): StepFailure {
  return new StepFailure({ code, values, declaration: context.declaration.id, pointer });
}

/**
 * Does work that encodes texts; where one has what the tokenizer cannot encode, that is the user's to mend.
 * @param tokenizer its id, `tokenizer.letters`
 * @throws StepFailure ML4211
 */
export async function encoding<T>(
  declaration: string,
  tokenizer: string,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnknownText)) throw error;
    const name = tokenizer.slice(tokenizer.indexOf(".") + 1);
    throw new StepFailure({
      code: "ML4211",
      values: { tokenizer: name, text: JSON.stringify(error.text) },
      declaration,
    });
  }
}
