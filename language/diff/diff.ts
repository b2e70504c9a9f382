/** What differs in meaning between two programs, what runs again for it, and whom it reaches. */
import { inOrder } from "../ir/order.ts";
import type { Declaration, Program } from "../ir/program.ts";
import type { Vocabulary } from "../vocabulary/kind.ts";
import { changesOf, contentsOf } from "./changes.ts";
import { matchDeclarations } from "./match.ts";
import {
  type DeclarationDiff,
  type NoteContext,
  type NoteRule,
  type OwnersDiff,
  ownersOf,
  type ProgramDiff,
  type Rerun,
  type Sides,
} from "./model.ts";
import { Reach } from "./reach.ts";
import { environmentDiff, paramDiffs, secretDiffs } from "./values.ts";

/** `rules` say what a reviewer must know beyond what differs; stdlib has them. */
export function diffPrograms(
  before: Program,
  after: Program,
  vocabulary: Vocabulary,
  rules: readonly NoteRule[],
): ProgramDiff {
  const [old, now] = [withAsides(before), withAsides(after)];
  const matched = matchDeclarations(old, now, vocabulary.kinds);
  const sides: Sides = { before: old, after: now, vocabulary, matched };
  const reach = new Reach(sides);
  const roleOf = (kind: string) => vocabulary.kinds[kind]?.role;
  const differ = declarationDiffs(sides, reach);
  const declarations = differ.filter(({ kind }) => roleOf(kind) === undefined);
  const reached = reach.of(declarations.filter(({ status }) => status !== "renamed"));
  const context = noteContext(sides, declarations);
  const steps = new Set(after.declarations.map(({ id }) => id));
  const tests = new Set(after.tests?.map(({ id }) => id));
  const reruns = rerunsOf(sides, differ);
  return {
    before,
    after,
    same: before.hash === after.hash,
    declarations,
    params: paramDiffs(before, after),
    secrets: secretDiffs(before, after),
    environment: environmentDiff(before, after),
    owners: ownerDiffs(sides),
    tests: differ.filter(({ kind }) => roleOf(kind) === "test"),
    environments: differ.filter(({ kind }) => roleOf(kind) === "environment"),
    retry: reruns.filter(({ id }) => tests.has(id)).map(({ id }) => id),
    reruns: reruns.filter(({ id }) => steps.has(id)),
    reached,
    notes: rules
      .flatMap((rule) => rule(context))
      .sort((a, b) => Number(a.level === "caution") - Number(b.level === "caution")),
    ask: askOf(context, declarations, reached),
  };
}

/** Tests and environments are compared like all else; only what comes of it is told apart. */
const withAsides = (program: Program): Program => ({
  ...program,
  declarations: [...program.declarations, ...(program.tests ?? []), ...(program.environments ?? [])],
});

function noteContext(sides: Sides, declarations: readonly DeclarationDiff[]): NoteContext {
  const byId = {
    before: new Map(sides.before.declarations.map((one) => [one.id, one])),
    after: new Map(sides.after.declarations.map((one) => [one.id, one])),
  };
  return {
    ...sides,
    declarations,
    find: (side, id) => byId[side].get(id) ?? null,
    beforeOf: ({ id }) => byId.before.get(sides.matched.get(id) ?? "") ?? null,
  };
}

function declarationDiffs(sides: Sides, reach: Reach): DeclarationDiff[] {
  const { before, after, vocabulary, matched } = sides;
  const old = new Map(before.declarations.map((one) => [one.id, one]));
  const named = (id: string) => matched.get(id) ?? `+${id}`;
  const found: DeclarationDiff[] = [];
  for (const now of inOrder(after)) {
    const was = old.get(matched.get(now.id) ?? "") ?? null;
    const { id, kind, variant } = now;
    const one = { id, kind, variant, before: was, after: now };
    if (was === null) {
      found.push({
        ...one,
        status: "added",
        was: null,
        changes: contentsOf(now, "after", vocabulary),
        reaches: reach.after(id),
      });
      continue;
    }
    const renamed = was.id === id ? null : was.id;
    const changes = changesOf(was, now, vocabulary, named);
    if (changes.length > 0)
      found.push({ ...one, status: "changed", was: renamed, changes, reaches: reach.after(id) });
    else if (renamed !== null) found.push({ ...one, status: "renamed", was: renamed, changes, reaches: [] });
  }
  const kept = new Set(matched.values());
  for (const gone of inOrder(before).filter(({ id }) => !kept.has(id))) {
    const { id, kind, variant } = gone;
    const changes = contentsOf(gone, "before", vocabulary);
    const reaches = reach.before(id);
    found.push({
      status: "removed",
      id,
      was: null,
      kind,
      variant,
      before: gone,
      after: null,
      changes,
      reaches,
    });
  }
  return found;
}

/** Declarations whose meaning, with that of all above them, is another than that of what they were. */
function rerunsOf({ before, after, matched }: Sides, declarations: readonly DeclarationDiff[]): Rerun[] {
  const hashes = new Map(before.declarations.map(({ id, hash }) => [id, hash]));
  const own = new Set(declarations.filter(({ status }) => status !== "renamed").map(({ id }) => id));
  const differs = (one: Declaration) => hashes.get(matched.get(one.id) ?? "") !== one.hash;
  const changed = new Set(after.declarations.filter(differs).map(({ id }) => id));
  return inOrder(after)
    .filter(({ id }) => changed.has(id))
    .map(({ id, refs }) => ({ id, own: own.has(id), because: refs.filter((ref) => changed.has(ref)) }));
}

function ownerDiffs({ before, after, matched }: Sides): OwnersDiff[] {
  const old = new Map(before.declarations.map((one) => [one.id, one]));
  return after.declarations.flatMap((now) => {
    const was = old.get(matched.get(now.id) ?? "");
    if (was === undefined) return [];
    const [owned, owns] = [ownersOf(was), ownersOf(now)];
    return [...owned].sort().join("\n") === [...owns].sort().join("\n")
      ? []
      : [{ id: now.id, before: owned, after: owns }];
  });
}

function askOf(
  { find }: NoteContext,
  declarations: readonly DeclarationDiff[],
  reached: ProgramDiff["reached"],
): string[] {
  const asked = new Set<string>();
  for (const { before, after, status } of declarations) {
    if (status === "renamed") continue;
    for (const owner of [...ownersOf(before), ...ownersOf(after)]) asked.add(owner);
  }
  for (const { id, gone } of reached)
    for (const owner of ownersOf(find(gone ? "before" : "after", id))) asked.add(owner);
  return [...asked].sort();
}
