/** The champion of a language model, judged again on the rows of an evaluation. */
import type { Reference } from "../../../language/vocabulary/types.ts";
import type { Evaluation } from "../../../stdlib/kinds/evaluation.ts";
import type { RegisteredVersion, StepContext } from "../../execute/step.ts";
import { StepFailure } from "../../execute/step.ts";
import { FILES } from "../../learn/language/artifact.ts";
import { isLanguageModel, loadLanguageModel } from "../../learn/language/load.ts";
import type { Judgement } from "../judgement.ts";
import type { Scored } from "../scored.ts";
import { languageScored } from "./evaluation.ts";
import { judgeLanguage } from "./judge.ts";
import { LANGUAGE_METRICS } from "./measures.ts";
import type { Subject } from "./subject.ts";

/**
 * @param metrics of the champion that the gate's rules read
 * @throws StepFailure ML6107 when it cannot be set beside the candidate: no language model, other tokens for a metric
 * by token, other rows
 */
export async function scoreLanguageChampion(
  context: StepContext,
  version: RegisteredVersion,
  evaluation: { readonly props: Evaluation; readonly judgement: Judgement },
  metrics: readonly string[],
): Promise<Scored> {
  const { props, judgement } = evaluation;
  const refuse = (metric: string, why: string) =>
    new StepFailure({
      code: "ML6107",
      values: { champion: `${version.name}@${version.version}`, metric, why },
      declaration: context.declaration.id,
      pointer: "/require",
    });
  const any = metrics[0] ?? "its metrics";
  if (!isLanguageModel(version.files)) throw refuse(any, "it is no language model");
  const model = await loadLanguageModel(context.store, version.files);
  const subject = await championSubject(context, version, props.model, model);
  if (subject === null) throw refuse(any, "the model that it began with is not known");
  const byToken = metrics.find((name) => LANGUAGE_METRICS[name]?.needs.includes("tokens"));
  const tokenizer = context.inputs.get(props.model.ref)?.outputs[FILES.tokenizer];
  if (byToken !== undefined && tokenizer !== version.files[FILES.tokenizer])
    throw refuse(byToken, "its tokens are others; bits_per_byte does not depend on them");
  const rows = await judgeLanguage(context, { ...props, metrics: [...judgement.metrics] }, subject);
  const same =
    rows.rowIds.length === judgement.rowIds.length &&
    rows.rowIds.every((row, i) => row === judgement.rowIds[i]);
  if (!same) throw refuse(any, "other rows fit into its context");
  return languageScored(judgement.scored.task, rows.rowIds.length, rows.measures);
}

/** The champion with the candidate's declaration, which says what the rows are. */
async function championSubject(
  context: StepContext,
  { files }: RegisteredVersion,
  { ref }: Reference,
  model: Subject["model"],
): Promise<Subject | null> {
  const declaration = context.program.declarations.find((one) => one.id === ref);
  if (declaration === undefined) throw new Error(`no declaration ${ref}`);
  if (declaration.variant !== "dpo") return { model, declaration, reference: null };
  // An adapter stands beside the weights that it was added to.
  if (files[FILES.adapter] === undefined) return null;
  const { [FILES.adapter]: _, ...before } = files;
  return { model, declaration, reference: await loadLanguageModel(context.store, before) };
}
