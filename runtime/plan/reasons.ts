/** Why a step cannot be reused: the exact differences between what it was made of and what it is made of now. */
import { nameOf, spoken } from "../../language/ir/order.ts";
import type { AttributeText, StepBasis } from "../store/records.ts";

export { spoken };

const LONGEST = 100;

/** Shortens long texts around the first place where they differ. */
function around(text: string, place: number): string {
  if (text.length <= LONGEST) return text;
  const from = Math.max(0, Math.min(place - LONGEST / 2, text.length - LONGEST));
  const to = from + LONGEST;
  return `${from > 0 ? "…" : ""}${text.slice(from, to)}${to < text.length ? "…" : ""}`;
}

function change(path: string, before: string, after: string): string {
  let place = 0;
  while (place < before.length && before[place] === after[place]) place += 1;
  return `${path}: ${around(before, place)} → ${around(after, place)}`;
}

const joined = (value: AttributeText) => (typeof value === "string" ? value : value.join("; "));

/** Members of `one` that `other` lacks, counted with repeats. */
function without(one: readonly string[], other: readonly string[]): string[] {
  const left = [...other];
  return one.filter((item) => {
    const place = left.indexOf(item);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}

/**
 * Differences between two sets of attributes, as lines: `depth: 4 → 5`.
 */
export function attributeChanges(
  before: Readonly<Record<string, AttributeText>>,
  after: Readonly<Record<string, AttributeText>>,
): string[] {
  const lines: string[] = [];
  for (const path of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
    const [old, now] = [before[path], after[path]];
    if (old === undefined || now === undefined) {
      if (now !== undefined) lines.push(`${path}: not set → ${around(joined(now), 0)}`);
      if (old !== undefined) lines.push(`${path}: ${around(joined(old), 0)} → not set`);
    } else if (typeof old === "string" || typeof now === "string") {
      if (joined(old) !== joined(now)) lines.push(change(path, joined(old), joined(now)));
    } else {
      const [removed, added] = [without(old, now), without(now, old)];
      if (removed.length === 1 && added.length === 1) lines.push(change(path, removed[0]!, added[0]!));
      else {
        lines.push(...removed.map((item) => `${path}: ${around(item, 0)} removed`));
        lines.push(...added.map((item) => `${path}: ${around(item, 0)} added`));
      }
    }
  }
  return lines;
}

/** Differences of files outside: which changed, appeared or is missing, by path relative to the project. */
export function fileChanges(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const lines: string[] = [];
  for (const [path, digest] of Object.entries(after)) {
    const old = before[path];
    if (digest === "missing") lines.push(`file ${path} is missing`);
    else if (old === undefined) lines.push(`file ${path} is new`);
    else if (old !== digest) lines.push(`file ${path} changed`);
  }
  for (const path of Object.keys(before)) if (!(path in after)) lines.push(`file ${path} is no longer read`);
  return lines;
}

const brief = (value: string) =>
  /^sha256:[0-9a-f]{64}$/.test(value) ? value.slice(0, "sha256:".length + 8) : value;

function factChanges(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .filter((name) => before[name] !== after[name])
    .map((name) => change(name, brief(before[name] ?? "none"), brief(after[name] ?? "none")));
}

/**
 * Every difference between the last time a step was carried out and now. `renamed` maps the ids that stood in the
 * old attributes to today's ids, so that a renamed declaration is no change. `inputs` of null: not known before the
 * steps above have run, and told by the caller.
 */
export function basisChanges(
  before: StepBasis,
  after: Omit<StepBasis, "inputs"> & { readonly inputs: StepBasis["inputs"] | null },
): string[] {
  const lines: string[] = [];
  const replaced = new Map<string, string>();
  if (after.inputs !== null) {
    // A new name for the very same input is a rename; one for another is told by the attribute's change.
    for (const [id, digest] of Object.entries(after.inputs)) {
      if (id in before.inputs) {
        if (before.inputs[id] !== digest) lines.push(`${spoken(id)} changed its output`);
      } else {
        const old = Object.keys(before.inputs).find(
          (one) => before.inputs[one] === digest && !(one in after.inputs!),
        );
        if (old !== undefined) replaced.set(nameOf(old), nameOf(id));
      }
    }
  }
  lines.unshift(...attributeChanges(renameIn(before.attributes, replaced), after.attributes));
  lines.push(...fileChanges(before.files, after.files), ...factChanges(before.facts, after.facts));
  if (before.executor !== after.executor) {
    lines.push(
      `this mlops carries the step out in a new way (version ${before.executor} → ${after.executor})`,
    );
  }
  return lines;
}

function renameIn(
  attributes: Readonly<Record<string, AttributeText>>,
  names: ReadonlyMap<string, string>,
): Readonly<Record<string, AttributeText>> {
  if (names.size === 0) return attributes;
  const rename = (text: string) =>
    text.replace(/[\p{L}_][\p{L}\p{N}_]*/gu, (word) => names.get(word) ?? word);
  return Object.fromEntries(
    Object.entries(attributes).map(([path, value]) => [
      path,
      typeof value === "string" ? rename(value) : value.map(rename).sort(),
    ]),
  );
}
