/** A comparison for machines; docs/diff.md describes every field, and fields are only ever added. */
import type { DeclarationDiff } from "../../language/diff/model.ts";
import type { Report } from "./report.ts";
import type { Side } from "./sides.ts";

export const DIFF_FORMAT = 1;

export function diffJson({ diff, sides, spec, steps, identical }: Report): object {
  const { same, params, secrets, environment, owners, reached, notes, ask } = diff;
  return {
    diff: DIFF_FORMAT,
    spec,
    before: sideJson(sides.before, diff.before.hash),
    after: sideJson(sides.after, diff.after.hash),
    same,
    identical,
    declarations: diff.declarations.map(declarationJson),
    params,
    secrets,
    environment,
    owners,
    tests: diff.tests.map(declarationJson),
    environments: diff.environments.map(declarationJson),
    tests_to_try: diff.retry,
    runs_again: diff.reruns.map(({ id, own, because }, index) => {
      const { action, why, seconds } = steps[index]!;
      return { id, own, because, action, why, seconds };
    }),
    reaches: reached,
    notes,
    ask,
  };
}

const sideJson = ({ name, commit }: Side, hash: string) => ({ name, commit, hash });

function declarationJson({
  status,
  id,
  was,
  kind,
  variant,
  before,
  after,
  changes,
  reaches,
}: DeclarationDiff) {
  return {
    status,
    id,
    was,
    kind,
    variant,
    hash: { before: before?.hash ?? null, after: after?.hash ?? null },
    source: (after ?? before)?.source ?? null,
    changes,
    reaches: reaches.map((one) => one.id),
  };
}
