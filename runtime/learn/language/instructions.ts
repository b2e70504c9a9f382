/** A spec's instruction data as examples: rows put in the prompt, tokenised, and those that fit the context. */
import type { Reference } from "../../../language/vocabulary/types.ts";
import { type RuntimeDiagnostic, type StepContext, StepFailure } from "../../execute/step.ts";
import { type Example, exampleOf, fitting } from "./examples.ts";
import type { Translated } from "./likelihood-batches.ts";
import type { LanguageModel } from "./load.ts";
import { type Pair, pairOf } from "./pairs.ts";
import { encodePrompt, type Prompt, placeholders } from "./prompt.ts";
import { writtenOf } from "./refusals.ts";
import { type TextRow, textRows } from "./rows.ts";

/** Reads instruction data for one model, and notes what had to be left out. */
export class Instructions {
  readonly #context: StepContext;
  readonly #model: Pick<LanguageModel, "tokenizer" | "generation" | "architecture">;
  readonly prompt: Prompt;
  readonly diagnostics: RuntimeDiagnostic[] = [];

  constructor(context: StepContext, model: Pick<LanguageModel, "tokenizer" | "generation" | "architecture">) {
    this.#context = context;
    this.#model = model;
    const { ref } = context.props["prompt"] as unknown as Reference; // the checker accepted it as such
    const declared = context.program.declarations.find(({ id }) => id === ref);
    if (declared === undefined) throw new Error(`no declaration ${ref}`);
    const { template, input, output } = declared.props as unknown as Prompt;
    this.prompt = { template, input, output: output ?? [] };
  }

  /** `attribute` is `data` or `validate`; null where the spec names none. */
  async examples(attribute: "data" | "validate", completion: string): Promise<readonly Translated[] | null> {
    const rows = await this.#rows(attribute, [completion]);
    if (rows === null) return null;
    const { tokenizer, generation, architecture } = this.#model;
    const all = rows.map(({ values }): Translated => {
      if (architecture.kind === "decoder")
        return exampleOf(tokenizer, this.prompt, values, values[completion]!, generation.end);
      const source = encodePrompt(tokenizer, this.prompt, values);
      return { ...answerOf(tokenizer, values[completion]!, generation.end), source };
    });
    return this.#fitting(attribute, all, (one) => [one, ...sourceOf(one)]);
  }

  async pairs(
    attribute: "data" | "validate",
    columns: { readonly chosen: string; readonly rejected: string },
  ): Promise<readonly Pair[] | null> {
    const rows = await this.#rows(attribute, [columns.chosen, columns.rejected]);
    if (rows === null) return null;
    const { tokenizer, generation } = this.#model;
    const all = rows.map((row) => pairOf(tokenizer, this.prompt, row, columns, generation.end));
    // A reward model reads a sequence whole, its last token too.
    const whole = ({ ids }: Example): Example => ({ ids: Int32Array.from([...ids, 0]), start: 1 });
    return this.#fitting(attribute, all, ({ chosen, rejected }) => [
      chosen,
      rejected,
      whole(chosen),
      whole(rejected),
    ]);
  }

  /** The prompts alone, with room for an answer of one token. */
  async prompts(attribute: "data"): Promise<readonly Int32Array[]> {
    const rows = (await this.#rows(attribute, []))!;
    const all = rows.map(({ values }) => encodePrompt(this.#model.tokenizer, this.prompt, values));
    return this.#fitting(attribute, all, (ids) => [{ ids: Int32Array.from([...ids, 0]), start: ids.length }]);
  }

  async #rows(
    attribute: "data" | "validate",
    columns: readonly string[],
  ): Promise<readonly TextRow[] | null> {
    const reference = this.#context.props[attribute] as unknown as Reference | undefined;
    if (reference === undefined) return null;
    return textRows(this.#context, reference, [...placeholders(this.prompt.template), ...columns]);
  }

  /** @throws StepFailure ML5272 when nothing fits */
  #fitting<T>(
    attribute: "data" | "validate",
    all: readonly T[],
    examples: (item: T) => readonly Example[],
  ): readonly T[] {
    const { context } = this.#model.architecture;
    const { kept, dropped } = fitting(all, examples, context);
    if (dropped.length === 0) return kept;
    const data = writtenOf(this.#context.props[attribute] as unknown as Reference);
    const finding = {
      values: { data, dropped: String(dropped.length), rows: String(all.length), context: String(context) },
      declaration: this.#context.declaration.id,
      pointer: `/${attribute}`,
    };
    if (kept.length === 0) throw new StepFailure({ code: "ML5272", ...finding });
    this.diagnostics.push({ code: "ML5273", ...finding });
    return kept;
  }
}

const sourceOf = ({ source }: Translated): Example[] =>
  source === undefined ? [] : [{ ids: Int32Array.from([...source, 0]), start: 1 }];

/** What an encoder-decoder writes: it begins with the end of text, which stands before every text. */
export function answerOf(tokenizer: LanguageModel["tokenizer"], text: string, end: number | null): Example {
  if (end === null) throw new Error("an encoder-decoder needs an end of text");
  const ids = tokenizer.encode(text, { literal: true });
  return { ids: Int32Array.from([end, ...ids, end]), start: 1 };
}
