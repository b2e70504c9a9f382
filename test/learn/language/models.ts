/** Language models made by their steps, small enough to be trained in a test. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Layer } from "../../../language/vocabulary/layer.ts";
import type { StepContext, StepExecutor, StepResult } from "../../../runtime/execute/step.ts";
import { step as modelStep } from "../../../runtime/steps/model.ts";
import { step as tokenizerStep } from "../../../runtime/steps/tokenizer.ts";
import { languageVariants } from "../../../stdlib/kinds/language-models.ts";
import { Project, type Props } from "../../data/support.ts";

const layer = (name: string, args: Layer["args"] = {}, layers?: readonly Layer[]): Layer => ({
  layer: name,
  args,
  ...(layers === undefined ? {} : { layers }),
});
const size = { ref: "tokenizer.pieces", part: "size" } as const;

const block = (width: number, heads: number, causal: boolean, cross = false): Layer[] => [
  layer("residual", {}, [layer("layer_norm"), layer("attention", { heads, causal })]),
  ...(cross ? [layer("residual", {}, [layer("layer_norm"), layer("cross_attention", { heads })])] : []),
  layer("residual", {}, [
    layer("layer_norm"),
    layer("dense", { units: 4 * width, activation: "gelu" }),
    layer("dense", { units: width }),
  ]),
];

/** A pre-norm decoder. */
export const decoder = (context: number, width = 32, blocks = 2, heads = 2): readonly Layer[] => [
  layer("embedding", { vocabulary: size, width }),
  layer("positions", { length: context }),
  layer("repeat", { count: blocks }, block(width, heads, true)),
  layer("layer_norm"),
  layer("logits", { tied: true }),
];

export const encoderDecoder = (context: number, width = 32, heads = 2): readonly Layer[] => [
  layer("encoder", {}, [
    layer("embedding", { vocabulary: size, width }),
    layer("positions", { length: context }),
    layer("repeat", { count: 1 }, block(width, heads, false)),
    layer("layer_norm"),
  ]),
  layer("decoder", {}, [
    layer("embedding", { vocabulary: size, width }),
    layer("positions", { length: context }),
    layer("repeat", { count: 1 }, block(width, heads, true, true)),
    layer("layer_norm"),
    layer("logits", { tied: true }),
  ]),
];

export class LanguageProject extends Project {
  async tokenizer(corpus: string, props: Props = {}, variant = "characters"): Promise<StepResult> {
    const [ref = "", column] = corpus.split(".");
    const declared = this.declare("tokenizer.pieces", variant, {
      corpus: [{ ref: `dataset.${ref}`, ...(column === undefined ? {} : { column }) }],
      specials: ["<|endoftext|>"],
      min_frequency: 1,
      ...props,
    });
    return this.#carried(tokenizerStep, declared.id);
  }

  architecture(layers: readonly Layer[]): void {
    this.declare("architecture.net", "architecture", { layers });
    this.inputs.set("architecture.net", { outputs: {}, summary: {} });
  }

  prompt(name: string, template: string, input: readonly string[], output: readonly string[]): void {
    const columns = (names: readonly string[]) => names.map((one) => ({ name: one, type: "text" }));
    this.declare(`prompt.${name}`, "prompt", { template, input: columns(input), output: columns(output) });
    this.inputs.set(`prompt.${name}`, { outputs: {}, summary: {} });
  }

  /** Runs `model NAME: VARIANT` with the props that the language adds. */
  model(
    name: string,
    variant: Exclude<keyof typeof languageVariants, "huggingface">,
    props: Props,
    how: Partial<Pick<StepContext, "signal" | "track" | "threads">> = {},
  ): Promise<StepResult> {
    const checked = languageVariants[variant].schema.parse(props) as Props;
    return this.#carried(modelStep, this.declare(`model.${name}`, variant, checked).id, how);
  }

  async #carried(step: StepExecutor, id: string, how: Partial<StepContext> = {}): Promise<StepResult> {
    const declared = this.declarations.find((one) => one.id === id)!;
    const resume = join(this.folder, "resume", id);
    const result = await (await step.load())({ ...this.context(declared), resume, ...how });
    rmSync(resume, { recursive: true, force: true });
    this.inputs.set(id, result);
    return result;
  }
}
