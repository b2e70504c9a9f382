/** `model: pretrain`: a language model from nothing. */
import type { Layer } from "../../../language/vocabulary/layer.ts";
import type { Reference } from "../../../language/vocabulary/types.ts";
import type { Pretrain } from "../../../stdlib/kinds/language-models.ts";
import { resolveSource } from "../../data/source.ts";
import {
  type RuntimeDiagnostic,
  type StepContext,
  StepFailure,
  type StepResult,
} from "../../execute/step.ts";
import { type Architecture, architectureOf, withSizes } from "../../network/artifact.ts";
import { ArchitectureError, compileArchitecture, initialise } from "../../network/network.ts";
import { documents } from "../../text/corpus.ts";
import { begun } from "../../text/tokenizer/beginning.ts";
import { type Tokenizer, tokenizerFromJson } from "../../text/tokenizer/tokenizer.ts";
import { countOf, type Generation, writeLanguageModel } from "../language/artifact.ts";
import { bucketsFor } from "../language/buckets.ts";
import { type Example, fitting } from "../language/examples.ts";
import { answerOf } from "../language/instructions.ts";
import { type Material, needed, type Translated } from "../language/likelihood-batches.ts";
import type { LikelihoodData, LikelihoodOptions, LikelihoodResult } from "../language/likelihood-recipe.ts";
import { batchingOf, planOf } from "../language/plan-of.ts";
import { encodePrompt } from "../language/prompt.ts";
import { recipe, refusal, writtenOf } from "../language/refusals.ts";
import { textRows } from "../language/rows.ts";
import { endOfText } from "../language/specials.ts";
import { packed, windowsInOrder } from "../language/windows.ts";
import { runTraining } from "../training/run-training.ts";

export async function run(context: StepContext): Promise<StepResult> {
  const props = context.props as unknown as Pretrain; // the checker accepted it as such
  return recipe(context, () => new Pretraining(context, props).run());
}

class Pretraining {
  readonly #context: StepContext;
  readonly #props: Pretrain;
  readonly #diagnostics: RuntimeDiagnostic[] = [];

  constructor(context: StepContext, props: Pretrain) {
    this.#context = context;
    this.#props = props;
  }

  async run(): Promise<StepResult> {
    const { store, threads } = this.#context;
    const props = this.#props;
    const tokenizer = await this.#tokenizer();
    const architecture = this.#architecture(tokenizer.size);
    const end = endOfText(tokenizer.specials);
    const generation = this.#generation(architecture, end);
    const { material, validation } = await this.#data(architecture, tokenizer, end);
    const parameters = initialise(compileArchitecture(architecture), props.seed);
    const count = countOf(parameters.values());
    this.#context.log(`${count} parameters, ${tokensOf(material)} tokens`);
    const options: LikelihoodOptions = {
      model: { layers: architecture.layers, lora: null, freeze: null, head: null },
      ...batchingOf(props),
      before: false,
    };
    const data: LikelihoodData = { material, validation };
    const plan = planOf(props, this.#context);
    const trained = await runTraining(
      { recipe: "likelihood", options, parameters, data, plan, engine: props.engine, threads },
      this.#context,
    );
    const result = trained.finished as LikelihoodResult;
    return {
      outputs: await writeLanguageModel(store, {
        architecture,
        weights: trained.parameters,
        adapter: null,
        tokenizer,
        generation,
        history: trained.history,
      }),
      summary: {
        task: architecture.kind === "encoder_decoder" ? "sequence" : "language",
        parameters: count,
        vocabulary: architecture.vocabulary,
        context: architecture.context,
        tokens: tokensOf(material),
        loss: trained.loss,
        validation_loss: result.validation,
        steps: trained.steps,
        kept: trained.kept,
      },
      notes: trained.stopped === null ? [] : [`stopped after step ${trained.steps}: ${trained.stopped}`],
      diagnostics: this.#diagnostics,
    };
  }

  async #tokenizer(): Promise<Tokenizer> {
    const { ref } = this.#props.tokenizer as Reference;
    const digest = this.#context.inputs.get(ref)?.outputs["tokenizer.json"];
    if (digest === undefined) throw new Error(`no tokenizer of ${ref}`);
    return tokenizerFromJson(await this.#context.store.readText(digest));
  }

  /** @throws StepFailure ML5275 for layers that are no language model, or whose table does not hold every id */
  #architecture(size: number): Architecture {
    const { ref } = this.#props.architecture as Reference;
    const declared = this.#context.program.declarations.find(({ id }) => id === ref);
    if (declared === undefined) throw new Error(`no declaration ${ref}`);
    const layers = declared.props["layers"] as unknown as readonly Layer[]; // the checker accepted it as such
    const refuse = (problem: string) => this.#refused("ML5275", { problem }, "/architecture");
    let architecture: Architecture;
    try {
      architecture = architectureOf(
        withSizes(layers, (tokenizer) => Number(this.#context.inputs.get(tokenizer)?.summary["size"])),
      );
    } catch (error) {
      if (error instanceof ArchitectureError) throw refuse(error.message);
      throw error;
    }
    if (architecture.kind === "encoder") throw refuse("it has no `logits`, so it says no next token");
    if (architecture.vocabulary < size)
      throw refuse(`its embedding holds ${architecture.vocabulary} ids, and the tokenizer has ${size}`);
    return architecture;
  }

  /** An encoder-decoder is asked with the column that it reads. */
  #generation({ kind }: Architecture, end: number | null): Generation {
    const { encode, decode } = this.#props;
    const plain = { format: 1, stop: [], end } as const;
    if (kind !== "encoder_decoder") return { ...plain, prompt: null, completion: null };
    if (encode === undefined || decode === undefined)
      throw this.#refused("ML5275", { problem: "it needs `encode` and `decode`" }, "/architecture");
    if (end === null)
      throw this.#refused(
        "ML5274",
        { tokenizer: writtenOf(this.#props.tokenizer as Reference) },
        "/tokenizer",
      );
    const { columns } = resolveSource(this.#context, this.#props.data as Reference);
    const named = (name: string) => columns.filter((column) => column.name === name);
    const prompt = { template: templateOf(encode), input: named(encode), output: named(decode) };
    return { ...plain, prompt, completion: decode };
  }

  async #data(architecture: Architecture, tokenizer: Tokenizer, end: number | null): Promise<LikelihoodData> {
    const { validate } = this.#props;
    if (architecture.kind === "encoder_decoder") {
      const examples = await this.#translated("data", architecture, tokenizer, end!);
      const validation =
        validate === undefined ? null : await this.#translated("validate", architecture, tokenizer, end!);
      const lengths = [...examples, ...(validation ?? [])].map(needed);
      const buckets = bucketsFor(lengths, architecture.context, this.#props.buckets ?? null);
      return { material: { is: "examples", examples, buckets }, validation };
    }
    const stream = await this.#stream("data", tokenizer, end);
    const held = validate === undefined ? null : await this.#stream("validate", tokenizer, end);
    const length = architecture.context;
    for (const [ids, pointer] of [
      [stream, "/data"],
      [held, "/validate"],
    ] as const) {
      if (ids === null || ids.length > (pointer === "/data" ? length : 1)) continue;
      const values = { tokens: String(ids.length), context: String(length) };
      throw this.#refused("ML5276", values, pointer);
    }
    return {
      material: { is: "stream", stream, length },
      validation: held === null ? null : windowsInOrder(held, length),
    };
  }

  async #stream(
    attribute: "data" | "validate",
    tokenizer: Tokenizer,
    end: number | null,
  ): Promise<Int32Array> {
    const { column } = this.#props;
    const corpus = { ...(this.#props[attribute] as Reference), ...(column === undefined ? {} : { column }) };
    const encoded: Int32Array[] = [];
    try {
      for await (const text of documents(this.#context, [corpus]))
        encoded.push(begun(tokenizer, tokenizer.encode(text, { literal: true })));
    } catch (error) {
      // Whose column is in question is this model's to say, not a tokenizer's.
      if (error instanceof StepFailure && error.diagnostic.pointer === "/corpus/0")
        throw new StepFailure({ ...error.diagnostic, pointer: `/${attribute}` });
      throw error;
    }
    return packed(encoded, end);
  }

  async #translated(
    attribute: "data" | "validate",
    { context }: Architecture,
    tokenizer: Tokenizer,
    end: number,
  ): Promise<readonly Translated[]> {
    const { encode = "", decode = "" } = this.#props;
    const reference = this.#props[attribute] as Reference;
    const rows = await textRows(this.#context, reference, [encode, decode]);
    const asked = { template: templateOf(encode) };
    const all = rows.map(
      ({ values }): Translated => ({
        ...answerOf(tokenizer, values[decode]!, end),
        source: encodePrompt(tokenizer, asked, values),
      }),
    );
    const { kept, dropped } = fitting(all, (one) => [one, readWhole(one)], context);
    if (dropped.length === 0) return kept;
    const values = {
      data: writtenOf(reference),
      dropped: String(dropped.length),
      rows: String(all.length),
      context: String(context),
    };
    if (kept.length === 0) throw this.#refused("ML5272", values, `/${attribute}`);
    this.#diagnostics.push(this.#refused("ML5273", values, `/${attribute}`).diagnostic);
    return kept;
  }

  #refused(code: `ML52${number}`, values: Record<string, string>, pointer: string): StepFailure {
    return refusal(this.#context, code, values, pointer);
  }
}

/** An encoder-decoder is given the text as it is. */
const templateOf = (column: string): string => `{${column}}`;

/** An encoder reads a text whole, its last token too. */
const readWhole = ({ source = new Int32Array(0) }: Translated): Example => ({
  ids: Int32Array.from([...source, 0]),
  start: 1,
});

function tokensOf(material: Material): number {
  return material.is === "stream"
    ? material.stream.length
    : material.examples.reduce((sum, { ids, source }) => sum + ids.length + (source?.length ?? 0), 0);
}
