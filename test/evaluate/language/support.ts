/** Language models that nothing trained, in a project with their data: what is judged is known, and made at once. */
import type { IrExpression } from "../../../language/ir/expression.ts";
import type { Declaration } from "../../../language/ir/program.ts";
import { runEvaluation } from "../../../runtime/evaluate/evaluation.ts";
import { runGate } from "../../../runtime/evaluate/gate/gate.ts";
import type { RegisteredVersion, StepContext, StepResult } from "../../../runtime/execute/step.ts";
import { type Generation, writeLanguageModel } from "../../../runtime/learn/language/artifact.ts";
import type { LanguageModel } from "../../../runtime/learn/language/load.ts";
import { endOfText } from "../../../runtime/learn/language/specials.ts";
import { architectureOf, withSizes } from "../../../runtime/network/artifact.ts";
import { compileArchitecture, initialise } from "../../../runtime/network/network.ts";
import { tokenizerFromJson } from "../../../runtime/text/tokenizer/tokenizer.ts";
import type { Props } from "../../data/support.ts";
import { decoder, LanguageProject } from "../../learn/language/models.ts";

export interface Made {
  readonly seed?: number;
  readonly variant?: string;
  readonly props?: Props;
  readonly generation?: Partial<Generation>;
  readonly context?: number;
  readonly task?: string;
  /** Parameters beside the network's. */
  readonly more?: LanguageModel["weights"];
  /** Multiplies every weight. */
  readonly scale?: number;
}

export class Judging extends LanguageProject {
  champion: RegisteredVersion | null = null;

  /** Leaves a model under `model.NAME`, as a step would. Its tokenizer must have run. */
  async made(name: string, made: Made = {}): Promise<StepResult> {
    const digest = this.inputs.get("tokenizer.pieces")!.outputs["tokenizer.json"]!;
    const tokenizer = tokenizerFromJson(await this.store.readText(digest));
    const architecture = architectureOf(withSizes(decoder(made.context ?? 16, 8, 1), () => tokenizer.size));
    const weights = new Map(initialise(compileArchitecture(architecture), made.seed ?? 1));
    for (const { data } of weights.values()) data.set(data.map((value) => value * (made.scale ?? 1)));
    for (const [extra, tensor] of made.more ?? []) weights.set(extra, tensor);
    const generation: Generation = {
      format: 1,
      prompt: null,
      completion: null,
      stop: [],
      end: endOfText(tokenizer.specials),
      ...made.generation,
    };
    const outputs = await writeLanguageModel(this.store, {
      architecture,
      weights,
      adapter: null,
      tokenizer,
      generation,
      history: null,
    });
    const result = { outputs, summary: { task: made.task ?? "language" } };
    this.declare(`model.${name}`, made.variant ?? "pretrain", made.props ?? {});
    this.inputs.set(`model.${name}`, result);
    return result;
  }

  async evaluation(name: string, model: string, data: Props, metrics: readonly string[], more: Props = {}) {
    const declared = this.declare(`evaluation.${name}`, "evaluation", {
      model: { ref: `model.${model}` },
      data,
      metrics: metrics.map((metric) => ({ name: metric, args: {} })),
      min_rows: 1,
      max_tokens: 8,
      confidence: 0.95,
      resamples: 200,
      seed: 0,
      plots: false,
      ...more,
    });
    const result = await runEvaluation(this.judgingContext(declared));
    this.inputs.set(declared.id, result);
    return result;
  }

  /** A gate with one rule; evaluations that it reads must be run after it is declared when n-grams are asked. */
  gate(condition: IrExpression, refs: readonly string[], confidence?: number): Declaration {
    const level =
      confidence === undefined ? {} : { with: { call: "confidence", args: { level: confidence } } };
    const declared = this.declare("gate.good", "gate", { require: [{ condition, ...level }] });
    const own = { ...declared, refs: [...refs] };
    this.declarations[this.declarations.indexOf(declared)] = own;
    return own;
  }

  judge(gate: Declaration): Promise<StepResult> {
    return runGate(this.judgingContext(gate));
  }

  private judgingContext(declared: Declaration): StepContext {
    return { ...this.context(declared), registry: { champion: () => this.champion } };
  }
}

export const metric = (evaluation: string, name: string): IrExpression => ({
  is: "ref",
  ref: `evaluation.${evaluation}`,
  path: [name],
});
export const ngramMetric = (order: number, name: string): IrExpression => ({
  is: "call",
  name: "baseline",
  args: [{ is: "name", name: `ngram(${order})`, path: [] }],
  named: {},
  path: [name],
});
