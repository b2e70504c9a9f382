/** Gates judge what they guard, with evidence that exists. */
import type { Json } from "../../ir/canonical.ts";
import type { Draft } from "../draft.ts";
import { describeSymbol } from "../symbols.ts";
import { expressionsIn, referencesOf, rulesIn } from "../visit.ts";
import { externalName } from "./external-names.ts";
import { type Rule, upstreamOf } from "./rule.ts";

/** Calls `visit` for every object in an IR expression until it says true. */
function some(value: Json, visit: (object: { readonly [key: string]: Json }) => boolean): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some((inner: Json) => some(inner, visit));
  const object = value as { readonly [key: string]: Json }; // Array.isArray does not narrow readonly arrays away
  if (visit(object)) return true;
  for (const key in object) if (some(object[key]!, visit)) return true;
  return false;
}

/** The first of some functions and words that an IR expression uses. */
function wordIn(value: Json, words: ReadonlySet<string>): string | undefined {
  let found: string | undefined;
  some(value, ({ is, name }) => {
    if ((is === "call" || is === "name") && typeof name === "string" && words.has(name)) found = name;
    return found !== undefined;
  });
  return found;
}

/** Ids of the declarations that an IR expression names. */
function refsIn(value: Json): ReadonlySet<string> {
  const found = new Set<string>();
  some(value, ({ ref }) => {
    if (typeof ref === "string") found.add(ref);
    return false;
  });
  return found;
}

/** The gate of a release must require something of the model that is released. */
export const gatesJudgeWhatTheyGuard: Rule = (context) => {
  for (const draft of context.drafts) {
    for (const guard of referencesOf(draft)) {
      const { guards } = guard.meaning;
      const guarded =
        guards === null ? undefined : referencesOf(draft).find((at) => at.pointer === `/${guards}`);
      const gate = context.world.draft(guard.reference.ref);
      const model = guarded === undefined ? undefined : context.world.draft(guarded.reference.ref);
      if (gate === undefined || gate.broken || guarded === undefined || model === undefined) continue;
      if (
        upstreamOf(gate, context.world).some((other) => other.symbol.id === model.symbol.id || other.broken)
      )
        continue;
      const values = { gate: describeSymbol(gate.symbol), model: describeSymbol(model.symbol) };
      context.report("ML3019", values, draft, guard.pointer);
    }
  }
};

/** "The champion" is that of one release: two that share a gate must move the same alias of the same name. */
export const oneChampionIsMeant: Rule = (context) => {
  const absent = new Set(
    Object.values(context.vocabulary.functions)
      .filter((spec) => spec.mayBeAbsent === true)
      .map((spec) => spec.name),
  );
  const guardedBy = new Map<string, Draft[]>();
  for (const draft of context.drafts) {
    for (const { meaning, reference } of referencesOf(draft)) {
      if (meaning.guards === null) continue;
      const known = guardedBy.get(reference.ref);
      if (known === undefined) guardedBy.set(reference.ref, [draft]);
      else if (known.at(-1) !== draft) known.push(draft);
    }
  }
  for (const gate of context.drafts) {
    const guarded = guardedBy.get(gate.symbol.id) ?? [];
    if (guarded.length < 2 || wordIn(gate.props, absent) === undefined) continue;
    const names = new Set(
      guarded.map((draft) => `${externalName(draft)} ${draft.offered.aliases?.join(" ")}`),
    );
    if (names.size < 2) continue;
    context.report(
      "ML6012",
      { gate: gate.symbol.name, found: `${guarded.length} releases use it` },
      gate,
      "/require",
    );
  }
};

/** `champion` and `baseline(…)` are judged on the rows of the rule's evaluation, so there must be one. */
export const comparisonsHaveRows: Rule = (context) => {
  const floating = new Set(
    Object.values(context.vocabulary.functions)
      .filter((spec) => spec.members === "metrics")
      .map((spec) => spec.name),
  );
  for (const draft of context.drafts) {
    for (const { meaning, value, pointer, label } of expressionsIn(draft)) {
      // A test's `value champion.auc = …` judges nothing itself.
      if (meaning.is !== "expression" || meaning.scope !== "metrics" || meaning.result !== "boolean")
        continue;
      const word = wordIn(value, floating);
      if (word === undefined) continue;
      const named = refsIn(value);
      const judged = named.size > 0 ? named : new Set(draft.refs);
      if (judged.size === 1) continue;
      const place = draft.locations.get(pointer);
      const rule = place === undefined ? label : draft.symbol.source.lines.text.slice(place.start, place.end);
      context.report("ML6015", { rule, what: `\`${word}\`` }, draft, pointer);
    }
  }
};

/** At least one rule must hold its ground when what others compare with does not exist yet. */
export const someRuleStandsAlone: Rule = (context) => {
  const absent = new Set(
    Object.values(context.vocabulary.functions)
      .filter((spec) => spec.mayBeAbsent === true)
      .map((spec) => spec.name),
  );
  for (const draft of context.drafts) {
    for (const { value, pointer } of rulesIn(draft)) {
      if (!Array.isArray(value) || value.length === 0) continue;
      if (draft.symbol.kind.role === "test") continue;
      const words = value.map((rule: Json) => wordIn(rule, absent));
      if (words.some((word) => word === undefined)) continue;
      context.report("ML3020", { gate: describeSymbol(draft.symbol), word: words[0]! }, draft, pointer);
    }
  }
};
