/** One rule of a gate: judged on all rows or slice by slice, with the numbers that decided. */
import type { IrExpression } from "../../../language/ir/expression.ts";
import { expressionText } from "../../../language/ir/expression-text.ts";
import type { Gate } from "../../../stdlib/kinds/gate.ts";
import { interval } from "../bootstrap.ts";
import { arithmetic, differencesOf, type Evidence, judge, type Truth } from "./condition.ts";
import {
  countOf,
  type Judged,
  type JudgedRows,
  type PlacedTerm,
  pointValues,
  resampledValues,
  slicesOf,
} from "./rows.ts";
import { type Term, termOf, termsOf } from "./terms.ts";

export type Rule = Gate["require"][number];
export type RuleStatus = "passed" | "failed" | "insufficient" | "skipped";

/** What a condition came to on some rows. */
export interface Finding {
  readonly status: RuleStatus;
  /** The comparison's left side; null when unknown or the condition is not one comparison. */
  readonly value: number | null;
  /** The comparison's right side. */
  readonly bound: number | null;
  /** Interval of left − right, for rules with confidence. */
  readonly difference: readonly [number, number] | null;
  readonly rows: number;
  /** Why there is too little evidence, or why it was skipped. */
  readonly why: string | null;
}

export interface RuleResult extends Finding {
  readonly text: string;
  readonly message: string | null;
  readonly optional: boolean;
  /** By value, for rules with `by`. */
  readonly slices: Readonly<Record<string, Finding>> | null;
}

/** `scored.f1 >= 0.75 by Education with confidence(0.95) as optional` */
export function ruleText(rule: Rule): string {
  const parts = [expressionText(rule.condition)];
  if (rule.by !== undefined) parts.push(`by ${rule.by}`);
  if (rule.with !== undefined) parts.push(`with confidence(${String(rule.with.args["level"])})`);
  if (rule.as !== undefined) parts.push(`as ${rule.as}`);
  return parts.join(" ");
}

/** Judges a rule over the evaluations that it reads; the first decides about `champion` and `baseline(…)`. */
export async function judgeRule(
  rule: Rule,
  judged: readonly Judged[],
  signal: AbortSignal,
): Promise<RuleResult> {
  const kept = { text: ruleText(rule), message: rule.message ?? null, optional: rule.as === "optional" };
  if (rule.by === undefined) {
    const everywhere = judged.map((one) => ({ judged: one, rows: null }));
    return { ...kept, ...(await judgeRows(rule, everywhere, signal)), slices: null };
  }
  const columns = judged.map((one) => slicesOf(one, rule.by!)!);
  const findings: Record<string, Finding> = {};
  for (const value of columns[0]!.keys()) {
    const rows = judged.map((one, i) => ({ judged: one, rows: columns[i]!.get(value) ?? new Int32Array(0) }));
    findings[value] = await judgeRows(rule, rows, signal);
  }
  return { ...kept, ...overall(Object.values(findings), kept.optional), slices: findings };
}

export type Verdict = "passed" | "failed" | "insufficient";

/** Nothing passes for lack of evidence: at least one rule must have passed, and none may block. */
export function verdictOf(results: readonly RuleResult[]): Verdict {
  if (results.some((rule) => rule.status === "failed")) return "failed";
  if (results.some((rule) => rule.status === "insufficient" && !rule.optional)) return "insufficient";
  return results.some((rule) => rule.status === "passed") ? "passed" : "insufficient";
}

/** The slice that decides: of the worst status the one furthest below, or least above, its bound. */
export function overall(slices: readonly Finding[], optional: boolean): Finding {
  const decided = slices.filter((one) => one.status !== "insufficient");
  // An optional rule is judged by the slices that can tell, if any can.
  const findings = optional && decided.length > 0 ? decided : slices;
  const rank: Record<RuleStatus, number> = { failed: 0, insufficient: 1, passed: 2, skipped: 3 };
  const distance = ({ value, bound }: Finding) =>
    value === null || bound === null ? Number.POSITIVE_INFINITY : Math.abs(value - bound);
  const ordered = findings.toSorted((a, b) => {
    if (rank[a.status] !== rank[b.status]) return rank[a.status] - rank[b.status];
    return a.status === "failed" ? distance(b) - distance(a) : distance(a) - distance(b);
  });
  return (
    ordered[0] ?? {
      status: "insufficient",
      value: null,
      bound: null,
      difference: null,
      rows: 0,
      why: "no slices",
    }
  );
}

async function judgeRows(rule: Rule, rows: readonly JudgedRows[], signal: AbortSignal): Promise<Finding> {
  const nothing = { value: null, bound: null, difference: null, rows: Math.min(...rows.map(countOf)) };
  const terms = termsOf(rule.condition).map((term) => ({ term, rows: placeOf(term, rows) }));
  if (terms.some(({ term, rows }) => term.of.is === "champion" && rows.judged.champion === null)) {
    return { ...nothing, status: "skipped", why: "first release" };
  }
  const small = rows.find((one) => one.rows !== null && countOf(one) < one.judged.judgement.minRows);
  if (small !== undefined) {
    return {
      ...nothing,
      status: "insufficient",
      why: `${countOf(small)} rows, min_rows is ${small.judged.judgement.minRows}`,
    };
  }
  const { evidence, unknown } = await gather(rule, terms, signal);
  const truth = judge(rule.condition, evidence);
  const why =
    unknown === null ? "too many resamples could not tell" : `${unknown} cannot be told from these rows`;
  return {
    ...nothing,
    ...comparisonOf(rule.condition, evidence),
    status: statusOf(truth),
    why: truth === null ? why : null,
  };
}

/** An interval that is not wholly on the right side does not hold. */
export function statusOf(truth: Truth): RuleStatus {
  if (truth === null) return "insufficient";
  return truth === true ? "passed" : "failed";
}

function placeOf(term: Term, rows: readonly JudgedRows[]): JudgedRows {
  return rows.find((one) => one.judged.id === term.evaluation) ?? rows[0]!;
}

/** Computes every term once and hands the values out by node. */
async function gather(
  rule: Rule,
  terms: readonly PlacedTerm[],
  signal: AbortSignal,
): Promise<{ readonly evidence: Evidence; readonly unknown: string | null }> {
  const keys = terms.map(({ term }) => keyOf(term));
  const point = pointValues(terms);
  const at = (node: IrExpression) => keys.indexOf(keyOf(termOf(node)!));
  const value = (node: IrExpression) => point[at(node)] ?? null;
  const missing = point.indexOf(null);
  const unknown = missing < 0 ? null : terms[missing]!.term.metric;
  if (rule.with === undefined) return { evidence: { value, confidence: null }, unknown };
  const resamples = Math.min(...terms.map(({ rows }) => rows.judged.judgement.resamples));
  const resampled = await resampledValues(terms, resamples, signal);
  const confidence: Evidence["confidence"] = {
    level: Number(rule.with.args["level"]),
    resamples,
    at: (node, b) => {
      const known = resampled[at(node)]![b]!;
      return Number.isNaN(known) ? null : known;
    },
  };
  return { evidence: { value, confidence }, unknown };
}

const keyOf = (term: Term) => JSON.stringify(term);

/** Both sides of a condition that is one comparison of numbers. */
export function comparisonOf(
  condition: IrExpression,
  evidence: Evidence,
): Pick<Finding, "value" | "bound" | "difference"> {
  const nothing = { value: null, bound: null, difference: null };
  if (condition.is !== "binary" || ["and", "or", "in"].includes(condition.op)) return nothing;
  const side = (node: IrExpression) => {
    const value = arithmetic(node, (term) => evidence.value(term));
    return typeof value === "number" ? value : null;
  };
  const { confidence } = evidence;
  const difference =
    confidence === null
      ? null
      : interval(differencesOf(condition.left, condition.right, confidence), confidence.level);
  return { value: side(condition.left), bound: side(condition.right), difference };
}
