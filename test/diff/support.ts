/** Comparisons of two texts, without Git and without a store. */
import { diffJson } from "../../cli/diff/json.ts";
import { diffMarkdown } from "../../cli/diff/markdown.ts";
import type { Report } from "../../cli/diff/report.ts";
import { diffText } from "../../cli/diff/text.ts";
import { diffPrograms } from "../../language/diff/diff.ts";
import type { Change, ProgramDiff } from "../../language/diff/model.ts";
import { noteRules } from "../../stdlib/changes/notes.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { programOf } from "../check/spec.ts";

export function diffOf(before: string, after: string): ProgramDiff {
  return diffPrograms(programOf(before), programOf(after), vocabulary, noteRules);
}

/** `+ model.judge`, `~ gate.ready`, `→ dataset.rows was dataset.loans` */
export function outline({ declarations }: ProgramDiff): string[] {
  const signs = { added: "+", removed: "-", changed: "~", renamed: "→" };
  return declarations.map(
    ({ status, id, was }) => `${signs[status]} ${id}${was === null ? "" : ` was ${was}`}`,
  );
}

/** `model.scorer depth: 4 → 5` */
export function changeLines({ declarations }: ProgramDiff): string[] {
  const line = (id: string) => (one: Change) => {
    const way = one.direction === null ? "" : ` (${one.direction})`;
    return `${id} ${one.path}: ${one.before ?? "-"} → ${one.after ?? "-"}${way}`;
  };
  return declarations.flatMap(({ id, changes }) => changes.map(line(id)));
}

export const topics = ({ notes }: ProgramDiff): string[] =>
  notes.map(({ level, topic, declaration }) => `${level} ${topic} ${declaration ?? "-"}`);

export function reportOf(before: string, after: string): Report {
  const diff = diffOf(before, after);
  const side = (name: string) => ({ name, commit: null, spec: `/${name}`, repository: null });
  return {
    diff,
    spec: "spec.mlops",
    sides: { before: side("before.mlops"), after: side("after.mlops") },
    steps: diff.reruns.map(({ id }) => ({ id, action: "unknown", why: [], seconds: null })),
    identical: before === after,
  };
}

/** What the three printers say of a pair of fixtures, for the baselines. */
export const printers = {
  text: (before: string, after: string) => `${diffText(reportOf(before, after), false)}\n`,
  md: (before: string, after: string) => `${diffMarkdown(reportOf(before, after))}\n`,
  json: (before: string, after: string) => `${JSON.stringify(diffJson(reportOf(before, after)), null, 2)}\n`,
};
