/** A gate with metrics that a test gives it, judged by the rules' own code. */
import type { IrExpression } from "../../language/ir/expression.ts";
import { expressionText } from "../../language/ir/expression-text.ts";
import type { Gate } from "../../stdlib/kinds/gate.ts";
import type { Test } from "../../stdlib/kinds/test.ts";
import { metricsIn, sliceOf } from "../../stdlib/kinds/testing/gate-values.ts";
import { judge } from "../evaluate/gate/condition.ts";
import { ruleLines } from "../evaluate/gate/lines.ts";
import {
  comparisonOf,
  type Finding,
  overall,
  type Rule,
  type RuleResult,
  ruleText,
  statusOf,
  verdictOf,
} from "../evaluate/gate/rule.ts";
import { judgeClaims } from "./claims.ts";
import { declarationOf, type TestContext } from "./context.ts";
import type { ClaimResult } from "./report.ts";

type Values = NonNullable<Test["value"]>;
const WORDS = { passed: "passed", failed: "refused", insufficient: "insufficient" } as const;

export function testGate({ program, props }: TestContext): ClaimResult[] {
  // The checker accepted both as what their kinds' schemas describe.
  const gate = declarationOf(program, props.subject!.ref).props as unknown as Gate;
  const results = gate.require.map((rule) => judgeGiven(rule, props.value ?? []));
  const outcome = WORDS[verdictOf(results)];
  const claims = judgeClaims(props.expect ?? [], (name) => ({ type: "boolean", value: name === outcome }));
  const details = results.flatMap(ruleLines);
  return claims.map((claim) =>
    claim.passed ? claim : { ...claim, found: `the gate ${said(outcome)}`, details },
  );
}

const said = (outcome: string): string =>
  outcome === "passed" ? "passed" : outcome === "refused" ? "refused" : "has insufficient evidence";

function judgeGiven(rule: Rule, values: Values): RuleResult {
  const kept = { text: ruleText(rule), message: rule.message ?? null, optional: rule.as === "optional" };
  const slices = slicesOf(rule, values);
  if (slices.length === 0) return { ...kept, ...judgeSlice(rule, values, null), slices: null };
  const findings = Object.fromEntries(slices.map((slice) => [slice, judgeSlice(rule, values, slice)]));
  return { ...kept, ...overall(Object.values(findings), kept.optional), slices: findings };
}

/** The slices that the test gives values of; with none a rule is judged on all rows. */
function slicesOf(rule: Rule, values: Values): string[] {
  if (rule.by === undefined) return [];
  const read = new Set(metricsIn(rule.condition).map((metric) => expressionText(metric)));
  const found = values.flatMap(({ metric, where }) => {
    const slice = where === undefined ? null : sliceOf(where);
    return slice?.column === rule.by && read.has(expressionText(metric)) ? [slice!.value] : [];
  });
  return [...new Set(found)];
}

/** What a test says of a slice goes before what it says of all rows. */
function judgeSlice(rule: Rule, values: Values, slice: string | null): Finding {
  const given = (node: IrExpression): number | null | undefined => {
    const text = expressionText(node);
    const own = values.filter(({ metric }) => expressionText(metric) === text);
    const ofSlice = own.find(
      ({ where }) => where !== undefined && slice !== null && isSlice(where, rule, slice),
    );
    return (ofSlice ?? own.find(({ where }) => where === undefined))?.value;
  };
  const nothing = { value: null, bound: null, difference: null, rows: 0 };
  const metrics = metricsIn(rule.condition);
  const absent = metrics.find((metric) => isChampion(metric) && given(metric) === undefined);
  if (absent !== undefined) return { ...nothing, status: "skipped", why: "first release" };
  // What is given is taken as known exactly: no resample makes it less sure.
  const evidence = { value: (node: IrExpression) => given(node) ?? null, confidence: null };
  const truth = judge(rule.condition, evidence);
  const unknown = metrics.find((metric) => given(metric) == null);
  const why = unknown === undefined ? null : `${expressionText(unknown)} cannot be told`;
  return {
    ...nothing,
    ...comparisonOf(rule.condition, evidence),
    status: statusOf(truth),
    why: truth === null ? why : null,
  };
}

const isChampion = (metric: IrExpression): boolean => "name" in metric && metric.name === "champion";

function isSlice(where: IrExpression, rule: Rule, value: string): boolean {
  const slice = sliceOf(where);
  return slice !== null && slice.column === rule.by && slice.value === value;
}
