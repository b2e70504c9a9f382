/** What a language model is judged on: which rows, read how. Told from the asked metrics, the model and the data. */
import type { Declaration } from "../../../language/ir/program.ts";
import type { Reference } from "../../../language/vocabulary/types.ts";
import type { Evaluation } from "../../../stdlib/kinds/evaluation.ts";
import { resolveSource } from "../../data/source.ts";
import type { StepContext } from "../../execute/step.ts";
import { StepFailure } from "../../execute/step.ts";
import type { LanguageModel } from "../../learn/language/load.ts";
import { type Prompt, placeholders } from "../../learn/language/prompt.ts";
import { LANGUAGE_METRICS, type MetricGroup } from "./measures.ts";

/** A model, and what its declaration says of the data that it reads. */
export interface Subject {
  readonly model: LanguageModel;
  readonly declaration: Declaration;
  /** The model before it learnt preferences: what a `dpo` model's answers are weighed against. */
  readonly reference: LanguageModel | null;
}

/** How the rows are read. */
export type Reading =
  /** Running text, in blocks. */
  | { readonly is: "text"; readonly column: string | null }
  | {
      readonly is: "answers";
      readonly prompt: Prompt;
      readonly completion: string;
      readonly generates: boolean;
    }
  | {
      readonly is: "pairs";
      readonly prompt: Prompt;
      readonly chosen: string;
      readonly rejected: string;
    };

/** The attributes that the variants of language models may have. */
interface Declared {
  readonly data?: Reference;
  readonly column?: string;
  readonly chosen?: string;
  readonly rejected?: string;
}

export const declaredOf = ({ declaration }: Pick<Subject, "declaration">): Declared =>
  declaration.props as unknown as Declared; // the checker accepted it as one of them

/** @throws StepFailure ML6101 for metrics that read different rows, ML6102 where the model or the data cannot give an answer */
export function readingOf(
  context: StepContext,
  props: Evaluation,
  subject: Subject,
  data: Reference,
): Reading {
  const { declaration } = context;
  const refuse = (code: string, values: Readonly<Record<string, string>>, pointer: string) =>
    new StepFailure({
      code,
      values: { evaluation: declaration.name, model: subject.declaration.name, ...values },
      declaration: declaration.id,
      pointer,
    });
  const groups = new Map(props.metrics.map(({ name }) => [LANGUAGE_METRICS[name]!.group, name]));
  const { prompt, completion } = subject.model.generation;
  const columns = resolveSource(context, data).columns.map(({ name }) => name);
  const lacking = (names: readonly string[]) => names.find((name) => !columns.includes(name));
  const pairs = groups.get("pairs");
  if (pairs !== undefined) {
    const others = props.metrics.filter(({ name }) => LANGUAGE_METRICS[name]!.group !== "pairs");
    if (others.length > 0)
      throw refuse("ML6101", { others: others.map(({ name }) => name).join(", ") }, "/metrics");
    if (prompt === null) throw refuse("ML6102", { metric: pairs, problem: "only continues texts" }, "/model");
    const { chosen = "chosen", rejected = "rejected" } = declaredOf(subject);
    const missing = lacking([...placeholders(prompt.template), chosen, rejected]);
    if (missing !== undefined)
      throw refuse(
        "ML6102",
        { metric: pairs, problem: `reads the column ${missing}, which the data lacks` },
        "/data",
      );
    return { is: "pairs", prompt, chosen, rejected };
  }
  const answered = completion ?? prompt?.output[0]?.name ?? null;
  const missing =
    prompt === null || answered === null ? null : lacking([...placeholders(prompt.template), answered]);
  if (prompt !== null && answered !== null && missing === undefined)
    return { is: "answers", prompt, completion: answered, generates: groups.has("answers") };
  const metric = groups.get("answers");
  const isTranslator = subject.model.architecture.kind === "encoder_decoder";
  if (metric === undefined && !isTranslator)
    return { is: "text", column: declaredOf(subject).column ?? null };
  const problem =
    typeof missing === "string"
      ? `reads the column ${missing}, which the data lacks`
      : "only continues texts";
  throw refuse(
    "ML6102",
    { metric: metric ?? firstOf(groups), problem },
    typeof missing === "string" ? "/data" : "/model",
  );
}

const firstOf = (groups: ReadonlyMap<MetricGroup, string>): string => [...groups.values()][0] ?? "a metric";
