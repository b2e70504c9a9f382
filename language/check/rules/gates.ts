/** Gates judge what they guard, with evidence that exists. */
import type { Json } from "../../ir/canonical.ts";
import { describeSymbol } from "../symbols.ts";
import { referencesOf, valuesOf } from "../visit.ts";
import { externalName } from "./external-names.ts";
import { type Rule, upstreamOf } from "./rule.ts";

/** Names of functions and words that an IR expression uses. */
function wordsIn(value: Json): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own =
    "is" in value && (value.is === "call" || value.is === "name") && typeof value.name === "string"
      ? [value.name]
      : [];
  return [...own, ...Object.values(value).flatMap((inner: Json) => wordsIn(inner))];
}

/** Ids of the declarations that an IR expression names. */
function refsIn(value: Json): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = "ref" in value && typeof value.ref === "string" ? [value.ref] : [];
  return [...own, ...Object.values(value).flatMap((inner: Json) => refsIn(inner))];
}

/** The gate of a release must require something of the model that is released. */
export const gatesJudgeWhatTheyGuard: Rule = (context) => {
  for (const draft of context.drafts) {
    for (const guard of referencesOf(draft)) {
      const { guards } = guard.meaning;
      const guarded =
        guards === null ? undefined : [...referencesOf(draft)].find((at) => at.pointer === `/${guards}`);
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
  for (const gate of context.drafts) {
    if (!wordsIn(gate.props).some((word) => absent.has(word))) continue;
    const guarded = context.drafts.filter((draft) =>
      [...referencesOf(draft)].some(
        (at) => at.meaning.guards !== null && at.reference.ref === gate.symbol.id,
      ),
    );
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
    for (const { meaning, value, pointer, label } of valuesOf(draft)) {
      // A test's `value champion.auc = …` judges nothing itself.
      if (meaning.is !== "expression" || meaning.scope !== "metrics" || meaning.result !== "boolean")
        continue;
      const word = wordsIn(value).find((name) => floating.has(name));
      const named = new Set(refsIn(value));
      const judged = named.size > 0 ? named : new Set(draft.refs);
      if (word === undefined || judged.size === 1) continue;
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
    for (const { meaning, value, pointer } of valuesOf(draft)) {
      if (meaning.is !== "rules" || !Array.isArray(value) || value.length === 0) continue;
      if (draft.symbol.kind.role === "test") continue;
      const words = value.map((rule) => wordsIn(rule).find((word) => absent.has(word)));
      if (words.some((word) => word === undefined)) continue;
      context.report("ML3020", { gate: describeSymbol(draft.symbol), word: words[0]! }, draft, pointer);
    }
  }
};
