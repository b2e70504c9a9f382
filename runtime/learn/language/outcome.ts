/** What a recipe that began with a base leaves: its artifact, and what its summary says. */
import type { Json, StepContext, StepResult } from "../../execute/step.ts";
import type { TensorData } from "../../graph/graph.ts";
import type { TrainingResult } from "../training/job.ts";
import { countOf, FILES, type Generation, writeLanguageModel } from "./artifact.ts";
import type { Base } from "./base.ts";
import { isLora, type Lora } from "./lora.ts";

export interface Outcome {
  readonly base: Base;
  readonly lora: Lora | null;
  readonly trained: TrainingResult;
  /** What was learnt, by name. */
  readonly parameters: ReadonlyMap<string, TensorData>;
  readonly generation: Generation;
  /** Parameters that are of use in training only. */
  readonly leave?: readonly string[];
}

/** The files. With an adapter the base's weights are the base's very object, unless that has an adapter itself. */
export async function filesOf(context: StepContext, outcome: Outcome): Promise<StepResult["outputs"]> {
  const { base, lora, trained, generation, leave = [] } = outcome;
  const parameters = new Map([...outcome.parameters].filter(([name]) => !leave.includes(name)));
  const own = base.files[FILES.weights]!;
  const additions = new Map([...parameters].filter(([name]) => isLora(name)));
  // A head is no addition to the base: with one the weights are written anew.
  const unchanged = lora !== null && !(FILES.adapter in base.files) && !hasHead(parameters, base);
  return writeLanguageModel(context.store, {
    architecture: base.architecture,
    weights: unchanged ? own : new Map([...parameters].filter(([name]) => !isLora(name))),
    adapter: lora === null ? null : { lora, weights: additions },
    tokenizer: base.tokenizer,
    generation,
    history: trained.history,
  });
}

const hasHead = (parameters: ReadonlyMap<string, TensorData>, base: Base): boolean =>
  [...parameters.keys()].some((name) => !isLora(name) && !base.weights.has(name));

/** What every such model's summary says. */
export function factsOf({ base, trained, parameters, lora, leave = [] }: Outcome): Record<string, Json> {
  const kept = [...parameters].filter(([name]) => !leave.includes(name));
  const own = kept.filter(([name]) => !isLora(name)).map(([, tensor]) => tensor);
  const added = kept.filter(([name]) => isLora(name)).map(([, tensor]) => tensor);
  return {
    parameters: countOf(own),
    ...(lora === null ? {} : { adapter_parameters: countOf(added) }),
    vocabulary: base.architecture.vocabulary,
    context: base.architecture.context,
    loss: trained.loss,
    steps: trained.steps,
    kept: trained.kept,
  };
}

export const stopNote = ({ stopped, steps }: Pick<TrainingResult, "stopped" | "steps">): string[] =>
  stopped === null ? [] : [`stopped after step ${steps}: ${stopped}`];
