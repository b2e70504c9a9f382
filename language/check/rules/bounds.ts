/** Bounds on metrics can be met and can be missed, ask for better rather than worse, and leave each other room. */
import type { Json } from "../../ir/canonical.ts";
import type { IrExpression } from "../../ir/expression.ts";
import type { Span } from "../../syntax/tree.ts";
import type { MetricSpec } from "../../vocabulary/kind.ts";
import type { Draft } from "../draft.ts";
import { edit, related, replaceWith, type Source } from "../source.ts";
import { expressionsIn } from "../visit.ts";
import type { Rule, RuleContext } from "./rule.ts";
import { expressionsOf, isWithin } from "./written.ts";

type Ordering = "<" | "<=" | ">" | ">=";
const FLIPPED: Readonly<Record<Ordering, Ordering>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };
const isOrdering = (op: string): op is Ordering => Object.hasOwn(FLIPPED, op);

/** A metric on the left, an order, and what it is compared with. */
interface Bound {
  readonly metric: MetricSpec;
  /** Equal for the same metric of the same rows, judged in the same way. */
  readonly key: string;
  readonly op: Ordering;
  /** Null when it is compared with what only a run tells. */
  readonly value: number | null;
  /** Compared with a number, a baseline or the champion: a direction is then asked for. */
  readonly directed: boolean;
  readonly span: Span;
  /** How it is written. */
  readonly text: string;
}

export const boundsMakeSense: Rule = (context) => {
  for (const draft of context.drafts) {
    const bounds = boundsOf(context, draft);
    for (let index = 0; index < bounds.length; index += 1) {
      const bound = bounds[index]!;
      if (bound.value !== null && outOfRange(context, draft, bound, bound.value)) continue;
      if (asksForWorse(bound) && !bounds.some((other) => other.key === bound.key && !asksForWorse(other)))
        reportDirection(context, draft, bound);
      const other = bounds.slice(0, index).find((earlier) => excludes(earlier, bound));
      if (other !== undefined) {
        const values = { rule: bound.text, other: other.text, metric: `\`${bound.metric.name}\`` };
        context.reportAt("ML3053", values, draft.symbol.source, bound.span, {
          related: [related(draft.symbol.source, other.span, "the other one")],
        });
      }
    }
  }
};

function boundsOf(context: RuleContext, draft: Draft): Bound[] {
  const found: Bound[] = [];
  const { text } = draft.symbol.source.lines;
  for (const { meaning, value, pointer } of expressionsIn(draft)) {
    if (meaning.is !== "expression" || meaning.scope !== "metrics" || meaning.result !== "boolean") continue;
    const span = draft.locations.get(pointer);
    if (span === undefined) continue;
    for (const part of conjuncts(value as unknown as IrExpression)) {
      const bound = boundOf(context, part);
      if (bound === null) continue;
      const key = `${bound.key} ${JSON.stringify(siblings(draft.props, pointer))}`;
      found.push({ ...bound, key, span, text: text.slice(span.start, span.end) });
    }
  }
  return found;
}

/** What stands beside a rule's condition: `by`, `with`. */
function siblings(props: Draft["props"], pointer: string): Json {
  const [, rules, index] = pointer.split("/");
  const list = props[rules ?? ""];
  const rule = Array.isArray(list) ? (list as readonly Json[])[Number(index)] : undefined;
  if (typeof rule !== "object" || rule === null || Array.isArray(rule)) return null;
  const { by, with: how } = rule as { readonly [key: string]: Json }; // no list, and not null
  return [by ?? null, how ?? null];
}

function* conjuncts(expression: IrExpression): Generator<IrExpression> {
  if (expression.is === "binary" && expression.op === "and") {
    yield* conjuncts(expression.left);
    yield* conjuncts(expression.right);
  } else yield expression;
}

function boundOf({ vocabulary }: RuleContext, expression: IrExpression): Omit<Bound, "span" | "text"> | null {
  if (expression.is !== "binary" || !isOrdering(expression.op)) return null;
  const [left, right] = [expression.left, expression.right];
  const [side, other, op] =
    left.is === "ref" ? [left, right, expression.op] : [right, left, FLIPPED[expression.op]];
  if (side.is !== "ref" || side.path.length !== 1) return null;
  const metric = vocabulary.metrics[side.path[0]!.split("(")[0]!];
  if (metric === undefined) return null;
  return {
    metric,
    op,
    key: `${side.ref}.${side.path[0]}`,
    value: other.is === "literal" && typeof other.value === "number" ? other.value : null,
    directed: other.is === "literal" || other.is === "name" || (other.is === "call" && other.path.length > 0),
  };
}

const rangeOf = (metric: MetricSpec): readonly [number, number] =>
  metric.range ?? (metric.ratio ? [0, 1] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);

/** "between 0 and 1" */
function rangeText([least, most]: readonly [number, number]): string {
  if (least === Number.NEGATIVE_INFINITY) return `at ${most} or below`;
  return most === Number.POSITIVE_INFINITY ? `at ${least} or above` : `between ${least} and ${most}`;
}

/** Reports a bound that always or never holds; false for one that may do either. */
function outOfRange(context: RuleContext, draft: Draft, bound: Bound, value: number): boolean {
  const { metric, op } = bound;
  const [least, most] = rangeOf(metric);
  const never =
    (op === ">=" && value > most) ||
    (op === ">" && value >= most) ||
    (op === "<=" && value < least) ||
    (op === "<" && value <= least);
  const always =
    (op === ">=" && value <= least) ||
    (op === ">" && value < least) ||
    (op === "<=" && value >= most) ||
    (op === "<" && value > most);
  if (!never && !always) return false;
  const { source } = draft.symbol;
  const range = rangeText([least, most]);
  const common = { rule: bound.text, metric: `\`${metric.name}\``, range };
  const literal = literalIn(draft, bound.span, value);
  const percent = metric.ratio && value > 1 && value <= 100;
  if (always) {
    context.reportAt("ML3051", common, source, bound.span);
    return true;
  }
  const near = percent ? `; did you mean \`${value}%\`?` : "";
  context.reportAt("ML3050", { ...common, bound: literal?.text ?? String(value), near }, source, bound.span, {
    fixes: percent && literal !== null ? replaceWith(source, literal.span, `${value}%`) : [],
  });
  return true;
}

function literalIn(draft: Draft, span: Span, value: number): { text: string; span: Span } | null {
  for (const expression of expressionsOf(draft.symbol.phrase)) {
    if (expression.kind === "number" && expression.value === value && isWithin(expression.span, span))
      return { text: expression.text, span: expression.span };
  }
  return null;
}

const asksForWorse = ({ metric, op, directed }: Bound): boolean =>
  directed && (op.startsWith(">") ? metric.better === "lower" : metric.better === "higher");

function reportDirection(context: RuleContext, draft: Draft, bound: Bound): void {
  const { source } = draft.symbol;
  const turned = turnedRound(draft, bound, source);
  const values = {
    right: turned?.text ?? bound.text.replace(/[<>]/, (sign) => (sign === "<" ? ">" : "<")),
    metric: `\`${bound.metric.name}\``,
    better: bound.metric.better,
    rule: bound.text,
  };
  context.reportAt("ML3052", values, source, bound.span, { fixes: turned === null ? [] : [turned.fix] });
}

function turnedRound(draft: Draft, bound: Bound, source: Source) {
  for (const expression of expressionsOf(draft.symbol.phrase)) {
    if (expression.kind !== "binary" || !isOrdering(expression.operator)) continue;
    if (expression.span.start !== bound.span.start || expression.span.end !== bound.span.end) continue;
    const gap = { start: expression.left.span.end, end: expression.right.span.start };
    const sign = ` ${FLIPPED[expression.operator]} `;
    const { text } = source.lines;
    const whole = text.slice(bound.span.start, gap.start) + sign + text.slice(gap.end, bound.span.end);
    return { text: whole, fix: { title: `write \`${whole}\``, edits: [edit(source, gap, sign)] } };
  }
  return null;
}

/** No value lies above the one and below the other. */
function excludes(a: Bound, b: Bound): boolean {
  if (a.key !== b.key || a.value === null || b.value === null) return false;
  if (a.op.startsWith(">") === b.op.startsWith(">")) return false;
  const [low, high] = a.op.startsWith(">") ? [a, b] : [b, a];
  return low.value! > high.value! || (low.value === high.value && (low.op === ">" || high.op === "<"));
}
