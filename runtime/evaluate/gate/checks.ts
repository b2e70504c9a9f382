/** What is wrong with a rule whatever the numbers are. */
import type { Declaration } from "../../../language/ir/program.ts";
import { metricKey } from "../../../language/vocabulary/metric-key.ts";
import { StepFailure } from "../../execute/step.ts";
import type { Judgement } from "../judgement.ts";
import { LANGUAGE_METRICS } from "../language/measures.ts";
import { CONFUSION, COST_METRICS, METRICS } from "../metrics/metric.ts";
import { metricOf, metricOfOthers } from "./rows.ts";
import { type Rule, ruleText } from "./rule.ts";
import { type Term, termsOf } from "./terms.ts";

/** Ids of the evaluations that a rule is judged on; the first decides about `champion` and `baseline(…)`. */
export function evaluationsOf(gate: Declaration, rule: Rule, index: number): string[] {
  const terms = termsOf(rule.condition);
  const refuse = (code: string, values: Readonly<Record<string, string>>) =>
    new StepFailure({
      code,
      values: { rule: ruleText(rule), ...values },
      declaration: gate.id,
      pointer: `/require/${index}/condition`,
    });
  if (terms.length === 0) throw refuse("ML6017", { problem: "it reads no metric" });
  const named = [...new Set(terms.flatMap((term) => term.evaluation ?? []))];
  const floating = terms.find((term) => term.evaluation === null);
  if (floating === undefined) return named;
  const all = named.length > 0 ? named : gate.refs.filter((ref) => ref.startsWith("evaluation."));
  if (all.length === 1) return all;
  throw refuse("ML6015", {
    what: floating.of.is === "baseline" ? `the baseline ${floating.of.name}` : "the champion",
  });
}

/**
 * Refuses a metric that the evaluation does not have, a column that it is not sliced by, a baseline that was not
 * fitted: none of these may pass, or fail, as if it had been measured.
 * @throws StepFailure ML6006, ML6010, ML6011, ML6014 or ML6018
 */
export function checkRule(
  gate: Declaration,
  rule: Rule,
  index: number,
  evaluation: string,
  judgement: Judgement,
): void {
  const name = evaluation.slice(evaluation.indexOf(".") + 1);
  const refuse = (code: string, part: string, values: Readonly<Record<string, string>>) =>
    new StepFailure({
      code,
      values: { gate: gate.name, evaluation: name, ...values },
      declaration: gate.id,
      pointer: `/require/${index}/${part}`,
    });
  for (const term of termsOf(rule.condition)) {
    if (term.evaluation !== null && term.evaluation !== evaluation) continue;
    if (!measurable(term, judgement)) {
      const metrics = judgement.metrics.map(metricKey).join(", ");
      throw refuse("ML6010", "condition", { metric: term.metric === "" ? "a metric" : term.metric, metrics });
    }
    if (term.of.is !== "candidate" && judgement.scored.measures !== undefined) {
      const there =
        term.of.is === "baseline" ? judgement.baselines[term.of.name]?.measures : judgement.scored.measures;
      const needs = LANGUAGE_METRICS[term.metric]?.needs ?? [];
      if (there !== undefined && needs.some((need) => there[need] === undefined))
        throw refuse("ML6108", "condition", {
          metric: term.metric,
          known: Object.keys(LANGUAGE_METRICS)
            .filter((name) => LANGUAGE_METRICS[name]!.needs.every((need) => there[need] !== undefined))
            .join(", "),
        });
    }
    if (COST_METRICS.has(term.metric) && judgement.cost === null)
      throw refuse("ML6006", "condition", { metric: term.metric });
    if (term.of.is === "baseline" && judgement.baselines[term.of.name] === undefined) {
      throw refuse("ML6014", "condition", {
        baseline: term.of.name,
        baselines: Object.keys(judgement.baselines).join(", ") || "none",
      });
    }
  }
  if (rule.by !== undefined && !judgement.slices.some((slice) => slice.column === rule.by)) {
    throw refuse("ML6011", "by", { column: rule.by });
  }
  if (rule.with !== undefined && judgement.resamples === 0) throw refuse("ML6018", "with", {});
}

function measurable(term: Term, judgement: Judgement): boolean {
  const found = (term.of.is === "candidate" ? metricOf : metricOfOthers)(judgement, term.metric);
  if (found === null || found.name === CONFUSION) return false;
  return METRICS[found.name]!.tasks.includes(judgement.scored.task);
}
