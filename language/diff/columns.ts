/** What differs between two schemas, column by column. */
import type { Json } from "../ir/canonical.ts";
import { type Compared, type Comparison, change } from "./comparison.ts";
import { isObject, type JsonObject, keyOf } from "./json.ts";
import type { Change, Direction } from "./model.ts";
import { combine } from "./strictness.ts";
import { columnText } from "./text.ts";

export function columnChanges(comparison: Comparison, at: Compared): Change[] {
  const [before, after] = [byName(at.before), byName(at.after)];
  const names = new Set([...after.keys(), ...before.keys()]);
  return [...names].flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    const place = now ?? old;
    if (place === undefined) return [];
    const texts = [old, now].map((one) => (one === undefined ? null : columnText(one.column)));
    if (texts[0] === texts[1]) return [];
    const direction = old === undefined || now === undefined ? null : columnDirection(old.column, now.column);
    const pointer = `${at.pointer}/${place.index}`;
    return [{ ...change(comparison, `${at.path}.${name}`, pointer, texts[0]!, texts[1]!), direction }];
  });
}

interface Placed {
  readonly column: JsonObject;
  readonly index: number;
}

function byName(value: Json | undefined): ReadonlyMap<string, Placed> {
  const columns = Array.isArray(value) ? value : [];
  return new Map(
    columns.flatMap((column: Json, index: number) =>
      isObject(column) ? [[String(column["name"]), { column, index }] as const] : [],
    ),
  );
}

/** Constraints alone say more or less of the same values; another type, role or format is another column. */
function columnDirection(before: JsonObject, after: JsonObject): Direction | null {
  const same = ["type", "role", "positive", "pattern", "format"].every(
    (name) => keyOf(before[name] ?? null, String) === keyOf(after[name] ?? null, String),
  );
  if (!same) return null;
  const { nullable, unique, min, max, values } = after;
  return combine([
    flag(before["nullable"], nullable, "looser"),
    flag(before["unique"], unique, "tighter"),
    limit(before["min"], min, "tighter"),
    limit(before["max"], max, "looser"),
    set(before["values"], values),
  ]);
}

type Way = Direction | "same" | null;
const other = (way: Direction): Direction => (way === "looser" ? "tighter" : "looser");

const flag = (before: Json | undefined, after: Json | undefined, on: Direction): Way =>
  before === after ? "same" : after === true ? on : other(on);

/** `rising`: what a larger limit is. A limit that was not there is tighter whatever it says. */
function limit(before: Json | undefined, after: Json | undefined, rising: Direction): Way {
  if (before === after) return "same";
  if (typeof before !== "number") return "tighter";
  if (typeof after !== "number") return "looser";
  return after > before ? rising : other(rising);
}

function set(before: Json | undefined, after: Json | undefined): Way {
  if (!Array.isArray(before)) return Array.isArray(after) ? "tighter" : "same";
  if (!Array.isArray(after)) return "looser";
  const [old, now] = [new Set(before), new Set(after)];
  const [kept, taken] = [[...old].every((one) => now.has(one)), [...now].every((one) => old.has(one))];
  return kept && taken ? "same" : kept ? "looser" : taken ? "tighter" : null;
}
