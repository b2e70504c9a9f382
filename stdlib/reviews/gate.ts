/** What of a gate no evaluation could decide. */
import { expressionText } from "../../language/ir/expression-text.ts";
import type { Neighbour, Objection, Task } from "../../language/vocabulary/kind.ts";
import type { Peers } from "../../language/vocabulary/peers.ts";
import type { Reference } from "../../language/vocabulary/types.ts";
import type { Evaluation } from "../kinds/evaluation.ts";
import type { Gate } from "../kinds/gate.ts";
import { seenThrough } from "../kinds/seen.ts";
import { allMetrics } from "../metrics/metrics.ts";
import { conditionProblem, type Term, termsOf } from "./condition.ts";

const metricsByName = new Map(allMetrics.map((spec) => [spec.name, spec]));

type Of = (reference: Reference) => Neighbour | null;
type Rule = Gate["require"][number];

export function reviewGate(props: Gate, name: string, of: Of, peers: Peers): Objection[] {
  const termsOfAll = props.require.map((rule) => termsOf(rule.condition));
  const all = new Set(termsOfAll.flatMap((terms) => terms.flatMap((term) => term.evaluation ?? [])));
  const rules = props.require.flatMap((rule, index) => {
    const problem = conditionProblem(rule.condition);
    if (problem !== null) {
      const values = { rule: expressionText(rule.condition), problem };
      return [{ code: "ML6017", values, pointer: `/require/${index}/condition` }];
    }
    const terms = termsOfAll[index] ?? [];
    const named = new Set(terms.flatMap((term) => term.evaluation ?? []));
    // `champion` and `baseline(…)` alone are judged where the gate's other rules are.
    return [...(named.size > 0 ? named : all)].flatMap((id) => reviewRule(name, rule, index, terms, id, of));
  });
  const champion = termsOfAll.some((terms) => terms.some((term) => term.of === "champion"));
  return [...rules, ...(champion ? unreleased(name, peers) : [])];
}

/** "The champion" is what a release would replace. */
function unreleased(name: string, peers: Peers): Objection[] {
  const isUsed = peers
    .of("release")
    .some(({ props, broken }) => broken || (props["gate"] as Reference | undefined)?.ref === `gate.${name}`);
  return isUsed
    ? []
    : [{ code: "ML6012", values: { gate: `\`${name}\``, found: "no release uses it" }, pointer: "/require" }];
}

function reviewRule(
  gate: string,
  rule: Rule,
  index: number,
  terms: readonly Term[],
  id: string,
  of: Of,
): Objection[] {
  const evaluation = of({ ref: id });
  if (evaluation === null) return [];
  const props = evaluation.props as unknown as Evaluation; // the checker accepted it as such
  const model = of(props.model);
  const found: Objection[] = [];
  const refuse = (code: string, part: string, values: Readonly<Record<string, string>>) =>
    void found.push({
      code,
      pointer: `/require/${index}/${part}`,
      values: { gate: `\`${gate}\``, evaluation: `\`${evaluation.name}\``, ...values },
    });
  for (const term of terms) {
    if (term.evaluation !== null && term.evaluation !== id) continue;
    const metric = metricsByName.get(term.metric);
    const tasks = model?.tasks ?? null;
    if (metric !== undefined && tasks !== null && !meet(metric.tasks, tasks)) {
      const fitting = allMetrics.filter((spec) => meet(spec.tasks, tasks)).map((spec) => `\`${spec.name}\``);
      const values = {
        metric: metric.name,
        what: `the model \`${model?.name}\``,
        target: said(tasks),
        fitting: fitting.join(", "),
      };
      if (term.of !== "candidate") refuse("ML3015", "condition", values); // the evaluation's own are said there
    } else if (term.of !== "candidate" && isPriced(term.metric) && props.cost === undefined) {
      refuse("ML6006", "condition", { metric: `\`${term.metric}\`` });
    }
    if (term.of === "baseline" && model !== null) {
      const fitted = baselinesOf(model, of);
      if (fitted !== null && !fitted.includes(term.baseline.replace(/\(.*/, "")))
        refuse("ML6014", "condition", {
          baseline: `\`${term.baseline}\``,
          baselines: fitted.map((one) => `\`${one}\``).join(" and "),
        });
    }
  }
  if (rule.by !== undefined && !props.slices?.includes(rule.by))
    refuse("ML6011", "by", { column: `\`${rule.by}\`` });
  if (rule.with !== undefined && props.resamples === 0) refuse("ML6018", "with", {});
  return found;
}

const isPriced = (metric: string): boolean => metric === "cost" || metric === "profit";
const meet = (a: readonly Task[], b: readonly Task[]): boolean => a.some((task) => b.includes(task));
const said = (tasks: readonly Task[]): string =>
  tasks.includes("regression") ? "a number" : tasks.includes("language") ? "text" : "classes";

/** What the evaluation of a model fits beside it; null where the task or the columns are not known. */
function baselinesOf(model: Neighbour, of: Of): readonly string[] | null {
  if (model.tasks === null) return null;
  if (model.tasks.includes("regression")) return ["mean"];
  if (model.target === null) return model.tasks.includes("language") ? ["ngram"] : null;
  const reads = seenThrough(model.props["data"] as Reference, model.target, of)?.reads;
  const ruled = reads === undefined || reads.some(({ type }) => type !== "text" && type !== "string");
  return ruled ? ["majority", "one_rule"] : ["majority"];
}
