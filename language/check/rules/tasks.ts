/** Models, targets and metrics fit each other. */
import type { Task } from "../../vocabulary/kind.ts";
import { metricKey } from "../../vocabulary/metric-key.ts";
import { tasksOf } from "../../vocabulary/task.ts";
import type { Draft } from "../draft.ts";
import { related } from "../source.ts";
import { listed } from "../suggest.ts";
import { describeSymbol } from "../symbols.ts";
import { metricsOf, referencesOf } from "../visit.ts";
import type { Rule, RuleContext } from "./rule.ts";

const TASK_WORDS: Readonly<Record<Task, string>> = {
  binary: "one of two classes",
  multiclass: "one of several classes",
  regression: "a number",
  language: "the next token of a text",
  sequence: "a text from another",
  preference: "which of two answers is better",
};
const wordsOf = (tasks: readonly Task[]): string => tasks.map((task) => TASK_WORDS[task]).join(" or ");
const meet = (a: readonly Task[], b: readonly Task[]): boolean => a.some((task) => b.includes(task));

/** What learns has a target that it can learn, and that none of its features is computed from. */
export const targetsCanBeLearnt: Rule = (context) => {
  for (const draft of context.drafts) {
    const offers = draft.symbol.kind.offers;
    if (offers?.target === undefined || offers.through === undefined) continue;
    const data = referencesOf(draft).find((at) => at.pointer === `/${offers.through}`);
    const columns = data === undefined ? null : context.world.offered(data.reference.ref).columns;
    if (data === undefined || columns === null) continue;
    const { target } = draft.offered;
    if (target === null && draft.offered.tasks !== null) continue; // a language model
    if (target === null) {
      context.report("ML3017", { what: describeSymbol(draft.symbol) }, draft, "");
      continue;
    }
    const tasks = tasksOf(target);
    if (tasks.length === 0)
      context.report("ML3018", { target: target.name, type: target.type }, draft, "/target");
    else if (!meet(tasks, draft.symbol.variant.tasks ?? tasks))
      wrongVariant(context, draft, target.name, target.type, tasks);
    const leak =
      target.role === "label" ? undefined : columns.find((column) => column.from?.includes(target.name));
    if (leak !== undefined) reportLeak(context, draft, data.reference.ref, leak.name, target.name);
  }
};

function wrongVariant(
  context: RuleContext,
  draft: Draft,
  target: string,
  type: string,
  tasks: readonly Task[],
): void {
  const { kind, variant } = draft.symbol;
  const fitting = Object.values(kind.variants)
    .filter((other) => meet(tasks, other.tasks ?? tasks))
    .map((other) => other.name);
  const values = {
    variant: `\`${variant.name}\``,
    target,
    type,
    learns: wordsOf(variant.tasks ?? []),
    fitting: listed(fitting, "and"),
  };
  const span = draft.symbol.phrase.variant?.span;
  if (span === undefined) context.report("ML3016", values, draft, "");
  else context.reportAt("ML3016", values, draft.symbol.source, span);
}

function reportLeak(context: RuleContext, draft: Draft, data: string, column: string, target: string): void {
  const from = context.world.draft(data);
  const place = [...(from?.locations ?? [])].find(([pointer]) => pointer.endsWith(`/${column}`))?.[1];
  context.report("ML3003", { column, label: target }, draft, "/target", {
    related:
      from === undefined || place === undefined
        ? []
        : [related(from.symbol.source, place, `\`${column}\` reads \`${target}\` here`)],
  });
}

/** A metric is computed only where it means something. */
export const metricsFitTheTask: Rule = (context) => {
  for (const draft of context.drafts) {
    const judged = referencesOf(draft)
      .map((at) => context.world.draft(at.reference.ref))
      .find((other) => other?.offered.tasks != null);
    const tasks = judged?.offered.tasks;
    if (judged === undefined || tasks == null || tasks.length === 0) continue;
    for (const { metric, pointer } of metricsOf(draft)) {
      const spec = context.vocabulary.metrics[metric.name];
      if (spec === undefined || meet(spec.tasks, tasks)) continue;
      const fitting = Object.values(context.vocabulary.metrics)
        .filter((other) => meet(other.tasks, tasks))
        .map((other) => other.name);
      const values = {
        metric: metricKey(metric),
        what: describeSymbol(judged.symbol),
        target: wordsOf(tasks),
        fitting: listed(fitting, "and", 20),
      };
      context.report("ML3015", values, draft, pointer);
    }
  }
};
