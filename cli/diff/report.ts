/** Everything that the printers of a comparison say, told once. */
import type { DeclarationDiff, ProgramDiff } from "../../language/diff/model.ts";
import { nameOf, spoken } from "../../language/ir/order.ts";
import { duration } from "../table.ts";
import type { Step } from "./cost.ts";
import type { TwoSides } from "./sides.ts";

export interface Report {
  readonly diff: ProgramDiff;
  readonly sides: TwoSides;
  /** The spec as people name it here. */
  readonly spec: string;
  /** One for each of `diff.reruns`. */
  readonly steps: readonly Step[];
  /** The files of both sides are equal, byte by byte. */
  readonly identical: boolean;
}

export const SIGNS: Readonly<Record<DeclarationDiff["status"], string>> = {
  added: "+",
  removed: "-",
  changed: "~",
  renamed: "→",
};

/** `main → the working tree` */
export const between = ({ before, after }: TwoSides): string => `${before.name} → ${after.name}`;

/** "2 changed, 1 added; 3 of 7 steps run again, about 12 s; 1 breaking" or that nothing differs. */
export function summary({ diff, steps, identical }: Report): string {
  const parts = [
    statuses(diff),
    runs(diff, steps),
    counted(diff.notes.filter(({ level }) => level === "breaking").length, "breaking"),
  ].filter((part) => part !== "");
  if (identical) return "The two are the same, byte by byte.";
  if (!diff.same) return parts.join("; ");
  const asides = [
    counted(diff.tests.length, diff.tests.length === 1 ? "test differs" : "tests differ"),
    counted(
      diff.environments.length,
      diff.environments.length === 1 ? "environment differs" : "environments differ",
    ),
  ];
  const told = [statuses(diff), ...asides].filter((part) => part !== "").join(", ");
  const rest = `: ${told === "" ? "what differs is layout, order, comments, documentation or owners" : told}`;
  return `No change in meaning${rest}. Nothing runs again.`;
}

function statuses({ declarations }: ProgramDiff): string {
  return (["changed", "added", "removed", "renamed"] as const)
    .map((status) => counted(declarations.filter((one) => one.status === status).length, status))
    .filter((part) => part !== "")
    .join(", ");
}

const counted = (count: number, what: string): string => (count === 0 ? "" : `${count} ${what}`);

/** Own changes run; what only follows runs where what it reads comes out otherwise, as keys hold results. */
function runs({ reruns }: ProgramDiff, steps: readonly Step[]): string {
  if (steps.length === 0) return "nothing runs again";
  const reused = steps.filter(({ action }) => action === "reuse").length;
  const left = reruns.filter((_, index) => steps[index]!.action !== "reuse");
  const own = left.filter((one) => one.own).length;
  const seconds = steps.reduce((sum, step) => sum + (step.seconds ?? 0), 0);
  const time = seconds > 0 ? ` (about ${duration(seconds)} in all)` : "";
  return [
    counted(own, own === 1 ? "step runs again" : "steps run again"),
    counted(
      left.length - own,
      `more if what ${left.length - own === 1 ? "it reads" : "they read"} comes out otherwise`,
    ),
    counted(reused, "already done in an earlier run"),
  ]
    .filter((part) => part !== "")
    .join(", ")
    .concat(time);
}

/** Declarations that changed in the very same way, as the instances of a template do, told together. */
export function alike(diffs: readonly DeclarationDiff[]): (readonly DeclarationDiff[])[] {
  const groups = new Map<string, DeclarationDiff[]>();
  for (const one of diffs) {
    const { status, kind, id, changes } = one;
    const key = status === "changed" ? JSON.stringify([kind, changes]) : id;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** `model scorer`, `model judge (was scorer)`, `model north.scorer, south.scorer` */
export function title(group: readonly DeclarationDiff[]): string {
  const names = group.map(({ id, was }) =>
    was === null ? nameOf(id) : `${nameOf(id)} (was ${nameOf(was)})`,
  );
  return `${group[0]!.kind} ${names.join(", ")}`;
}

/** Why a step's key is another. */
export function because({ diff }: Report, index: number): string {
  const { id, own, because: above } = diff.reruns[index]!;
  const status = diff.declarations.find((one) => one.id === id && one.status !== "removed")?.status;
  if (status === "added") return "is new";
  return own ? "changed" : `follows ${above.map(spoken).join(", ")}`;
}

/** What becomes of a step: `12 s last time`, `reused: as model scorer in run r3`. */
export function fate({ action, why, seconds }: Step): string {
  if (action === "reuse") return `reused: ${why.join("; ")}`;
  if (action === "blocked") return `blocked: ${why.join("; ")}`;
  if (action === "skip") return "not carried out by this edition";
  return seconds === null ? "never run before" : `${duration(seconds)} last time`;
}
