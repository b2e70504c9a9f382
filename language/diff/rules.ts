/** What differs between two blocks of rules (`require …`, `expect …`): joined, left, tightened, loosened. */
import type { Json } from "../ir/canonical.ts";
import { irExpression } from "../ir/expression.ts";
import { type Field, fieldsOf, ruleOf } from "../vocabulary/schema.ts";
import { type Compared, type Comparison, change } from "./comparison.ts";
import { isObject, type JsonObject, keyOf } from "./json.ts";
import type { Change, Direction } from "./model.ts";
import { combine, compareConditions } from "./strictness.ts";

interface Rule {
  readonly value: JsonObject;
  readonly index: number;
}

export function ruleChanges(comparison: Comparison, field: Field, at: Compared): Change[] {
  const fields = fieldsOf(ruleOf(field));
  const { named, writeBefore, writeAfter } = comparison;
  const before = rulesOf(at.before);
  const after = rulesOf(at.after);
  // Equal rules are no change, however they are ordered.
  const keys = before.map(({ value }) => keyOf(value, (id) => id));
  const joined = after.filter(({ value }) => {
    const place = keys.indexOf(keyOf(value, named));
    if (place < 0) return true;
    keys.splice(place, 1);
    before.splice(place, 1);
    return false;
  });
  const found: Change[] = [];
  const text = (old: Rule | null, now: Rule | null): Change => {
    // What it says when it does not hold is told where that is what differs, or where the rule joins or leaves.
    const told = fields.filter((one) => one.position?.at !== "message" || !sameIn(one.name, old, now));
    return change(
      comparison,
      at.path,
      `${at.pointer}/${(now ?? old)!.index}`,
      old === null ? null : writeBefore.rule(told, old.value),
      now === null ? null : writeAfter.rule(told, now.value),
    );
  };
  for (const now of joined) {
    const place = bestOf(before, now, fields, named);
    if (place === null) {
      found.push({ ...text(null, now), direction: optional(now) ? null : "tighter" });
      continue;
    }
    const [old] = before.splice(place, 1);
    found.push({ ...text(old!, now), direction: ruleDirection(old!.value, now.value, fields, named) });
  }
  for (const old of before) found.push({ ...text(old, null), direction: optional(old) ? null : "looser" });
  return found;
}

const rulesOf = (value: Json | undefined): Rule[] =>
  (Array.isArray(value) ? value : []).flatMap((rule: Json, index: number) =>
    isObject(rule) ? [{ value: rule, index }] : [],
  );

const sameIn = (name: string, old: Rule | null, now: Rule | null): boolean =>
  old !== null && now !== null && old.value[name] === now.value[name];

/** A rule that does not block asks nothing. */
const optional = ({ value }: Rule): boolean => value["as"] === "optional";

/** The rule before that a new one replaces: about the same things, in the same clauses where there is a choice. */
function bestOf(
  before: readonly Rule[],
  now: Rule,
  fields: readonly Field[],
  named: (id: string) => string,
): number | null {
  let best: number | null = null;
  let most = 0;
  for (const [place, old] of before.entries()) {
    if (subjectsOf(old.value, (id) => id) !== subjectsOf(now.value, named)) continue;
    const clauses = fields.filter(
      ({ name }) =>
        name !== "condition" &&
        keyOf(old.value[name] ?? null, (id) => id) === keyOf(now.value[name] ?? null, named),
    );
    const score = 1 + clauses.length;
    if (score > most) [best, most] = [place, score];
  }
  return best;
}

/** What a rule speaks of: columns, metrics and words of its condition, without its constants and its operators. */
function subjectsOf(rule: JsonObject, named: (id: string) => string): string {
  const found = new Set<string>();
  const walk = (value: Json | undefined): void => {
    if (Array.isArray(value)) for (const item of value as readonly Json[]) walk(item);
    else if (isObject(value)) {
      const { is } = value;
      if (is === "column" || is === "ref" || is === "name") found.add(keyOf(value, named));
      else {
        if (is === "call") found.add(`${String(value["name"])} ${keyOf(value["path"] ?? null, named)}`);
        for (const member of Object.values(value)) walk(member);
      }
    }
  };
  walk(rule["condition"]);
  return [...found].sort().join("\n");
}

/** Which way a rule moved: its condition, and the clauses that say how sure it must be and how it counts. */
function ruleDirection(
  before: JsonObject,
  after: JsonObject,
  fields: readonly Field[],
  named: (id: string) => string,
): Direction | "same" | null {
  const ways: (Direction | "same" | null)[] = [];
  for (const field of fields) {
    const [old, now] = [before[field.name] ?? null, after[field.name] ?? null];
    // What it says when it does not hold asks nothing.
    if (field.position?.at === "message" || keyOf(old, (id) => id) === keyOf(now, named)) continue;
    if (field.meaning.is === "expression") ways.push(conditionDirection(old, now, named));
    else if (field.meaning.is === "call") ways.push(confidenceDirection(old, now));
    else if (field.meaning.is === "choice") ways.push(now === "optional" ? "looser" : "tighter");
    else ways.push(null);
  }
  return ways.every((way) => way === "same") ? "same" : combine(ways);
}

function conditionDirection(
  before: Json,
  after: Json,
  named: (id: string) => string,
): Direction | "same" | null {
  // Both with the names of before, so that equal keys are equal things.
  const [old, now] = [before, JSON.parse(keyOf(after, named)) as Json].map((one) =>
    irExpression.safeParse(one),
  );
  return old?.success && now?.success ? compareConditions(old.data, now.data) : null;
}

/** The whole interval must hold it: a higher level is a wider interval. */
function confidenceDirection(before: Json, after: Json): Direction | null {
  const [old, now] = [before, after].map((one) => {
    const args = isObject(one) ? one["args"] : undefined;
    return isObject(args) && typeof args["level"] === "number" ? args["level"] : null;
  });
  if (old === null || old === undefined) return "tighter";
  if (now === null || now === undefined) return "looser";
  return now > old ? "tighter" : "looser";
}
