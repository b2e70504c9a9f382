/** What stands between a model and those who use it: gates, and expectations on data. */
import type { Change, DeclarationDiff, Note, NoteContext, NoteRule } from "../../language/diff/model.ts";
import { and, called, follow, pairsOf } from "./pairs.ts";

export const guardsChange: NoteRule = (context) => [
  ...context.declarations.flatMap((diff) => [
    ...rulesOf(context, diff, "gate", "require", "gate"),
    ...rulesOf(context, diff, "dataset", "expect", "expectation"),
  ]),
  ...otherGates(context),
  ...otherAliases(context),
];

function rulesOf(
  { find }: NoteContext,
  { id, kind, status, changes, reaches }: DeclarationDiff,
  guard: string,
  attribute: string,
  topic: string,
): Note[] {
  if (kind !== guard || status !== "changed") return [];
  const declaration = find("after", id);
  const rules = changes.filter(({ path }) => path === attribute);
  if (declaration === null || rules.length === 0) return [];
  const releases = reaches.filter((one) => one.kind === "release").map(({ name }) => `release ${name}`);
  const behind =
    guard === "gate" && releases.length > 0
      ? `; ${and(releases)} ${releases.length > 1 ? "stand" : "stands"} behind it`
      : "";
  const groups: readonly (readonly [string, string, (one: Change) => boolean])[] = [
    ["looser", "lets more through", (one) => one.direction === "looser"],
    ["tighter", "asks for more", (one) => one.direction === "tighter"],
    ["changed", "asks for something else", (one) => one.direction === null],
  ];
  return groups.flatMap(([way, what, fits]) => {
    const found = rules.filter(fits);
    if (found.length === 0) return [];
    const level = way === "looser" && guard === "gate" ? "breaking" : "caution";
    const message = `${called(declaration)} ${what}: ${found.map(ruleText).join("; ")}${behind}`;
    return [{ level, topic: `${topic}-${way}`, declaration: id, message } as const];
  });
}

function ruleText({ before, after }: Change): string {
  if (before === null) return `${after} is new`;
  return after === null ? `${before} is gone` : `${before} → ${after}`;
}

/** A release that waits for another gate, or for another model. */
function otherGates(context: NoteContext): Note[] {
  return pairsOf(context, "release").flatMap(({ before, after }): Note[] => {
    const notes: Note[] = [];
    for (const [attribute, verb] of [
      ["gate", "waits for"],
      ["model", "registers"],
    ] as const) {
      const now = follow(context, "after", after, attribute);
      const old = follow(context, "before", before, attribute);
      if (now === null || old === null || context.beforeOf(now)?.id === old.id) continue;
      const message = `${called(after)} ${verb} ${now.kind} ${now.name}, and not ${old.name} any more`;
      notes.push({ level: "caution", topic: `release-${attribute}`, declaration: after.id, message });
    }
    return notes;
  });
}

function otherAliases(context: NoteContext): Note[] {
  return pairsOf(context, "release").flatMap(({ before, after }): Note[] => {
    const [was, is] = [before.props["alias"], after.props["alias"]];
    if (was === is) return [];
    const message = `${called(after)} moves the alias ${String(is)}, and ${String(was)} stays where it is: what serves ${String(was)} gets no new version`;
    return [{ level: "breaking", topic: "alias", declaration: after.id, message }];
  });
}
