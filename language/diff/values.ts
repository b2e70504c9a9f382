/** What differs outside of declarations: parameters, secrets, the environment. */
import { canonicalJson, type Json } from "../ir/canonical.ts";
import type { Program } from "../ir/program.ts";
import type { ValueDiff } from "./model.ts";

export function paramDiffs(before: Program, after: Program): ValueDiff[] {
  const text = (value: Json | undefined) => (value === undefined ? null : canonicalJson(value));
  return [...new Set([...Object.keys(after.params), ...Object.keys(before.params)])]
    .map((name) => ({
      name,
      before: text(before.params[name] as Json | undefined), // zod's JSON is ours
      after: text(after.params[name] as Json | undefined),
    }))
    .filter((one) => one.before !== one.after);
}

export function secretDiffs(before: Program, after: Program): ValueDiff[] {
  const named = (program: Program, name: string) => (program.secrets.includes(name) ? name : null);
  return [...new Set([...after.secrets, ...before.secrets])]
    .map((name) => ({ name, before: named(before, name), after: named(after, name) }))
    .filter((one) => one.before !== one.after);
}

export function environmentDiff(
  { environment: before }: Program,
  { environment: after }: Program,
): ValueDiff | null {
  return before === after ? null : { name: "environment", before, after };
}
